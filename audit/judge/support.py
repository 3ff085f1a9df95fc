"""Whether the words bear the code out, as billed, less specifically, otherwise or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.judge.case import AGAINST, FOR, is_present, nutrient_of, proofs, quotes
from audit.judge.pathway import mismatch
from audit.judge.ruling import Ruling
from audit.judge.specificity import is_more_specific
from suggest.release import family
from suggest.result import Kind, Necessity, SequenceAfter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.finding import Proof
    from audit.judge.billed import BilledCode
    from audit.judge.case import Case
    from suggest.result import Suggestion

_ANEMIA = ("D50", "D51", "D52", "D53", "D62", "D63", "D64")
_DEFICIENCY = ("E53", "E61")
_SURGERY, _COMPLICATION = ("Z90", "Z98"), ("K91.2", "K95.")
# why a code is withheld, in the order in which a reader wants to know it
_GROUNDS = {
    "rule:R16": "unsupported.family",
    "rule:R03": "unsupported.uncertain",
    "rule:R17": "unsupported.hypothetical",
    "rule:R53": "unsupported.author",
    "ruling:S07": "unsupported.copied",
    "ruling:S42": "unsupported.earlier_note",
    "ruling:S43": "unsupported.earlier_note",
    "rule:R34": "unsupported.no_link",
    "rule:R42": "unsupported.no_link",
    "ruling:S32": "unsupported.no_link",
    "ruling:S08": "unsupported.no_link",
    "rule:R29": "unsupported.no_link",
    "rule:R49": "unsupported.no_link",
    "rule:R23": "unsupported.result_only",
    "rule:R08": "unsupported.result_only",
    "rule:R22": "unsupported.treatment_only",
    "rule:R18": "unsupported.not_addressed",
    "rule:R12": "unsupported.history",
    "rule:R13": "unsupported.history",
    "rule:R10": "unsupported.history",
    "rule:R14": "unsupported.history",
    "ruling:S44": "unsupported.unsigned",
}


def less_specific(case: Case, billed: BilledCode) -> Ruling | None:
    """Billed is more specific than the words; the supported code stands beside it (R21)."""
    code = billed.code
    if code is None or case.suggestion(code) is not None:
        return None
    for suggestion in case.answer.suggestions:
        if is_more_specific(code, suggestion.code) and not _is_beside_the_point(case, code, suggestion):
            against = _refusal(case, code)
            return Ruling(
                "supported-less-specific.words",
                suggestion.code,
                (*proofs(suggestion.evidence[:3], FOR), *against),
                tuple(r.rule for r in suggestion.reasons[:2]),
                fills=(("title", suggestion.title),),
                band=suggestion.band.value,
                score=suggestion.score,
            )
    return None


def _is_beside_the_point(case: Case, code: str, suggestion: Suggestion) -> bool:
    """Say whether a code that may be left out (a low hemoglobin) stands beside that of the nutrient."""
    nutrient = nutrient_of(code)
    return suggestion.necessity is not Necessity.REQUIRED and any(
        s.necessity is Necessity.REQUIRED and nutrient is not None and nutrient_of(s.code) == nutrient
        for s in case.answer.suggestions
    )


def _refusal(case: Case, code: str) -> tuple[Proof, ...]:
    refusal = case.withheld(code)
    return proofs(refusal.evidence, AGAINST) if refusal is not None else ()


def unsupported(case: Case, billed: BilledCode) -> Ruling | None:
    """Nothing states the condition, or the words support another code, which stands beside it."""
    code = billed.code
    if code is None or case.suggestion(code) is not None or case.elsewhere:
        return None
    crossed = mismatch(case, code)
    if crossed is not None:
        return crossed
    better = next(_better(case, code), None)
    refusal = case.withheld(code)
    against = _refusal(case, code)
    rules = tuple(r.rule for r in refusal.reasons) if refusal is not None else ()
    if better is not None:
        return Ruling(
            _ground_beside(code, better.code),
            better.code,
            (*proofs(better.evidence[:3], FOR), *against),
            tuple(dict.fromkeys((*(r.rule for r in better.reasons[:2]), *rules))),
            fills=(("title", better.title),),
        )
    for rule, ground in _GROUNDS.items():
        if rule in rules:
            return Ruling(ground, None, against, rules)
    stated = [c for c in case.mentions(code) if is_present(c)]
    if (
        stated
        and family(code) == "symptom-finding"
        and any(s.kind is Kind.CONDITION for s in case.answer.suggestions)
    ):
        return Ruling("unsupported.integral", None, quotes(stated, "context", AGAINST), rules)
    if stated:
        return Ruling("unsupported.not_addressed", None, quotes(stated, "context", AGAINST), rules)
    return Ruling("unsupported.nothing", None, against, rules)


def _ground_beside(code: str, better: str) -> str:
    if is_more_specific(better, code):
        return "unsupported.more_specific"
    if code.startswith(_ANEMIA) and better.startswith(_DEFICIENCY):
        return "unsupported.deficiency_as_anemia"
    if code.startswith(_DEFICIENCY) and better.startswith(_ANEMIA):
        return "unsupported.anemia_as_deficiency"
    return "unsupported.other"


def _better(case: Case, code: str) -> Iterator[Suggestion]:
    """Yield the suggestions that the words give in place of a billed code, the nearest first."""
    billed = {b.code for b in case.billed}
    found = [s for s in case.answer.suggestions if s.necessity is Necessity.REQUIRED]
    yield from (s for s in found if is_more_specific(s.code, code) and s.code not in billed)
    nutrient = nutrient_of(code)
    if nutrient is not None:
        yield from (s for s in found if s.kind is Kind.CONDITION and nutrient_of(s.code) == nutrient)
    yield from (s for s in found if s.code[:3] == code[:3] and s.code not in billed)
    if code.startswith(_ANEMIA):
        yield from (s for s in found if s.code.startswith(_ANEMIA) and s.code not in billed)
    group = family(code)
    if group in ("manifestation", "history-status"):
        yield from (
            s for s in found if family(s.code) == group and s.code[0] == code[0] and s.code not in billed
        )


def supported(case: Case, billed: BilledCode) -> Ruling | None:
    """The words bear the code out. An optional code that was billed is supported too."""
    code = billed.code
    suggestion = case.suggestion(code) if code is not None else None
    if suggestion is None:
        return None
    ground = "supported.code" if suggestion.band.value == "code" else "supported.care"
    rules = {r.rule for r in suggestion.reasons}
    if "ruling:S44" in rules:
        ground = "supported.unsigned"
    after = suggestion.sequence_after
    partner = after.what if isinstance(after, SequenceAfter) else ""
    if partner and ground == "supported.code":
        ground = "supported.partner_outside"
    against = tuple(p for c in suggestion.conflicts for p in proofs(c.evidence, AGAINST))
    return Ruling(
        ground,
        suggestion.code,
        (*proofs(suggestion.evidence, FOR), *against),
        tuple(r.rule for r in suggestion.reasons),
        fills=(("partner", partner),),
        band=suggestion.band.value,
        score=suggestion.score,
    )


def missed(case: Case, taken: frozenset[str]) -> Iterator[Ruling]:
    """Yield the required codes that the words support and the claim lacks.

    `taken` are codes that stand beside a billed one already, as the better one or another
            reading of its words.
    """
    if case.result is None:
        return
    billed = {b.code for b in case.billed}
    for s in case.answer.suggestions:
        if s.necessity is not Necessity.REQUIRED or s.code in billed or s.code in taken:
            continue
        if s.code.startswith(_SURGERY) and any(code and code.startswith(_COMPLICATION) for code in billed):
            continue  # the complication code says it already (R50)
        yield Ruling(
            "missed-code.required",
            s.code,
            proofs(s.evidence, FOR),
            tuple(r.rule for r in s.reasons),
            fills=(("title", s.title),),
            band=s.band.value,
            score=s.score,
        )
