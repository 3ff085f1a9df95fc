"""What the classification itself forbids on one claim: Excludes1, order, manifestations alone (R35-R39)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from audit.judge.billed import is_in_scope
from audit.judge.case import FOR, proofs
from audit.judge.ruling import Ruling
from suggest.release import family
from suggest.result import Kind, SequenceAfter

if TYPE_CHECKING:
    from audit.judge.billed import BilledCode
    from audit.judge.case import Case
    from suggest.release import Release

_CONDITIONAL = ("any associated", "if applicable", "any follow-up", "if known", "any causal")
_EFFECT_FIRST = ("T36", "T37", "T38", "T39", "T4", "T50")  # adverse effects of drugs (R28)


def excludes_conflict(case: Case, billed: BilledCode) -> Ruling | None:
    """Another billed code and this one bar each other; the one that the words bear out stays (R39)."""
    code = billed.code
    if code is None:
        return None
    for other in case.other_billed(code):
        note = case.release.excludes_note("excludes1", code, other)
        if note is None or not _yields(case, code):
            continue
        kept = case.suggestion(other) if case.result is not None else None
        return Ruling(
            "excludes-conflict.other",
            other if kept is not None else None,
            proofs(kept.evidence[:2], FOR) if kept is not None else (),
            fills=(("other", other), ("at", note.at)),
        )
    return None


def _yields(case: Case, code: str) -> bool:
    """Say whether of two codes that exclude each other it is this one that must go."""
    if case.result is None:
        return True
    # where both are borne out they are two unrelated conditions, which a person confirms
    return case.suggestion(code) is None


def sequencing_error(case: Case, billed: BilledCode) -> Ruling | None:
    """The code stands before one that it must follow, or leads a claim that it may not lead (R36)."""
    code = billed.code
    if code is None:
        return None
    suggestion = case.suggestion(code) if case.result is not None else None
    wanted = [
        other
        for other in case.other_billed(code)
        if case.place(other) > billed.place and _must_follow(case, code, other)
    ] or _behind_a_leading_manifestation(case, billed)
    if not wanted:
        return None
    if any(_may_lead(case, code, o) and case.place(o) < billed.place for o in case.other_billed(code)):
        return None  # one that it may follow stands before it already
    return Ruling(
        "sequencing-error.after",
        code,
        proofs(suggestion.evidence[:2], FOR) if suggestion is not None else (),
        fills=(("other", wanted[0]),),
    )


def _behind_a_leading_manifestation(case: Case, billed: BilledCode) -> list[str]:
    """Return what may be the etiology behind a manifestation that leads the claim, which none may (R35).

    Where of what was billed all lies in our scope, the etiology may have been cut from the export.
    """
    code = billed.code
    if code is None or billed.place or not etiologies(case.release, code) or _cut_to_scope(case, code):
        return []
    return [other for other in case.other_billed(code) if _is_etiology(case.release, code, other)]


def _must_follow(case: Case, code: str, other: str) -> bool:
    if etiologies(case.release, code) and case.release.names("codeFirst", code, other):
        return True
    if _is_adverse_effect(code):
        return family(other) in ("b12", "iron", "folate", "other-anemia") and _is_effect(case, other)
    if code[:3] in ("G63", "G32") and other.startswith("D51"):
        return True  # the list says "such as"
    suggestion = case.suggestion(code) if case.result is not None else None
    if suggestion is None or suggestion.kind in (Kind.STATUS, Kind.HISTORY):
        return False
    return suggestion.sequence_after == other


def _may_lead(case: Case, code: str, other: str) -> bool:
    if _is_adverse_effect(code) and other[0] not in "TZ":
        return True  # whichever the effect is, one stands there
    return _must_follow(case, code, other)


def _is_effect(case: Case, other: str) -> bool:
    return case.result is None or case.suggestion(other) is not None


def _is_adverse_effect(code: str) -> bool:
    return code.startswith(_EFFECT_FIRST) and len(code) >= 7 and code[6] == "5"


@lru_cache(maxsize=512)
def etiologies(release: Release, code: str) -> tuple[str, ...]:
    """Return the "code first" lines that hold always (a manifestation's), none where they hold "if" only."""
    lines = release.code_first(code) if release.exists(code) else ()
    if not lines or lines[0].strip(", ").lower().startswith(_CONDITIONAL) or _is_adverse_effect(code):
        return ()
    return lines


def partner_missing(case: Case, billed: BilledCode) -> Ruling | None:
    """A manifestation without its etiology, or an adverse effect without the effect (R28, R35)."""
    code = billed.code
    if code is None:
        return None
    others = tuple(case.other_billed(code))
    if etiologies(case.release, code):
        if any(_is_etiology(case.release, code, other) for other in others) or _cut_to_scope(case, code):
            return None
        return _missing(case, code, "partner-missing.etiology")
    if _is_adverse_effect(code) and not any(o[0] not in "TZ" for o in others):
        return _missing(case, code, "partner-missing.effect")
    return None


def _cut_to_scope(case: Case, code: str) -> bool:
    """Say whether the partner may only have been left out of the export.

    It lies outside our scope, the words state it, and of what was billed nothing lies outside our
    scope: such a list may hold our codes alone. `supported` then says what must stand before.
    """
    suggestion = case.suggestion(code) if case.result is not None else None
    outside = suggestion is not None and isinstance(suggestion.sequence_after, SequenceAfter)
    return outside and all(b.code is not None and is_in_scope(b.code) for b in case.billed)


def _missing(case: Case, code: str, ground: str) -> Ruling:
    suggestion = case.suggestion(code) if case.result is not None else None
    partner = suggestion.sequence_after if suggestion is not None else None
    found = proofs(suggestion.evidence[:3], FOR) if suggestion is not None else ()
    words = "what the record states as its cause" if not isinstance(partner, str) else partner
    return Ruling(ground, None, found, fills=(("partner", words),))


def _is_etiology(release: Release, code: str, other: str) -> bool:
    """Say whether another code may be what a manifestation belongs to: the lists say "such as"."""
    if not release.exists(other):
        return False
    if release.names("codeFirst", code, other):
        return True
    if code in ("D63.0", "D63.1"):
        return False  # their lists are whole: a neoplasm, a kidney disease
    if other[0] in "RTZ" or family(other) in (
        "manifestation",
        "symptom-finding",
        "history-status",
        "screening",
    ):
        return False
    if code[:3] in ("G63", "G32", "F02", "F06"):
        return other.startswith(("D51", "D52", "D53")) or not _is_ours(other)
    return not other.startswith(("D50", "D62", "D63", "D64"))


def _is_ours(code: str) -> bool:
    return family(code) is not None
