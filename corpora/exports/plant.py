"""Billing errors planted in coded encounters, each with the verdict that its codes must get.

The key is made of the gold coding and of the contract's definitions alone; Corrin's answer is not asked.
A planter returns None where an encounter does not lend itself to its error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from suggest.release import load_release

if TYPE_CHECKING:
    import random

    from corpora.gold import GoldEncounter

SUPPORTED, MISSED = "supported", "missed-code"
_OUTSIDE = ("I10", "E11.9", "J06.9", "M54.50", "Z23", "E78.5")
# codes that need another on the claim, or that another needs: errors of other kinds leave them alone
_CHAINED = ("G63", "G32", "F02", "F06", "D63", "T3", "T4", "O99", "O90")
_EFFECT = ("E53", "D50", "D51", "D52", "D64")
_PAST = {"E53.8": "Z86.39", "E61.1": "Z86.39"} | dict.fromkeys(
    ("D50.0", "D50.8", "D50.9", "D51.9", "D52.9", "D53.9", "D64.9"), "Z86.2"
)
_BARRED = {
    "D50.9": "E61.1",
    "D50.8": "E61.1",
    "D50.0": "D62",
    "D62": "D50.0",
    "K92.1": "R19.5",
    "D64.9": "R71.8",
}
_CLOSER = {
    "D51.9": ("D51.0", "D51.3"),
    "D50.9": ("D50.1", "D50.8"),
    "D52.9": ("D52.0", "D52.8"),
    "N18.30": ("N18.31", "N18.32"),
    "D64.9": ("D53.8", "D52.9"),
    "K50.90": ("K50.00",),
}
_STRANGE = ("B70.0", "K90.1", "H46.2", "K86.81", "K90.2", "K63.8219")
_DENIED = re.compile(
    r"\b(?:denied|denies|negated|absent|not anemic|not iron deficient|no evidence|negative|\(-\)|excluded)\b"
)
_CONFLICT = re.compile(r"^Q18\b(?!.*(?:await|printed|without words))")
_OPEN = re.compile(r"^Q(?:0[1-9]|1[0-7]|19|2[01])\b")


@dataclass(frozen=True, slots=True)
class Planted:
    """What was billed for an encounter, and what each code gets; `missed` are codes that were left out.

    `better` names the right code beside the wrong one that was billed in its place.
    `date` and `text` stand in place of the encounter's own where the error lies in them.
    """

    kind: str
    billed: tuple[str, ...]
    expect: dict[str, str]
    missed: tuple[str, ...] = ()
    better: dict[str, str] = field(default_factory=dict)
    date: str | None = None
    text: str | None = None
    without_notes: bool = False


Planter = "Callable[[GoldEncounter, random.Random], Planted | None]"


def codes_of(encounter: GoldEncounter) -> list[str]:
    """Return the gold codes in order."""
    return [gold.code for gold in encounter.gold.codes]


def _open(encounter: GoldEncounter) -> set[str]:
    """Codes that are neither right nor wrong: optional ones, and those of a query."""
    asked = {code for query in encounter.gold.queries for code in query.codes}
    return {*encounter.gold.optional, *asked}


def _plain(encounter: GoldEncounter) -> bool:
    return not any(code.startswith(_CHAINED) for code in codes_of(encounter))


def _replaced(kind: str, encounter: GoldEncounter, old: str, new: str, verdict: str) -> Planted:
    codes = codes_of(encounter)
    billed = tuple(new if code == old else code for code in codes)
    expect = {code: SUPPORTED for code in codes if code != old} | {new: verdict}
    return Planted(kind, billed, expect, better={new: old})


def _added(kind: str, encounter: GoldEncounter, new: str, verdict: str) -> Planted:
    codes = codes_of(encounter)
    return Planted(kind, (*codes, new), dict.fromkeys(codes, SUPPORTED) | {new: verdict})


def _is_free(encounter: GoldEncounter, code: str) -> bool:
    """Say whether a code is plainly wrong for the encounter, and bars none of its right ones."""
    release = load_release(None)
    right = codes_of(encounter)
    return (
        code not in right
        and code not in _open(encounter)
        and not any(release.excludes1(code, other) for other in right)
    )


def right(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """Billed as coded."""
    codes = codes_of(encounter)
    return Planted("right", tuple(codes), dict.fromkeys(codes, SUPPORTED)) if codes else None


def optional(encounter: GoldEncounter, chance: random.Random) -> Planted | None:
    """A code that may be left out was billed."""
    asked = {code for query in encounter.gold.queries for code in query.codes}
    release = load_release(None)
    free = [
        c
        for c in encounter.gold.optional
        if c not in asked
        and not c.startswith(_CHAINED)
        and not any(release.excludes1(c, other) for other in codes_of(encounter))
    ]
    return _added("optional", encounter, chance.choice(free), SUPPORTED) if free else None


def outside(encounter: GoldEncounter, chance: random.Random) -> Planted | None:
    """A code outside the scope stands beside the right ones."""
    return (
        _added("outside", encounter, chance.choice(_OUTSIDE), "not-assessed") if _plain(encounter) else None
    )


def no_release(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """No release covers the date of service."""
    codes = codes_of(encounter)
    if not codes or len(encounter.notes) > 1:
        return None
    return Planted("no-release", tuple(codes), dict.fromkeys(codes, "not-assessed"), date="2019-05-14")


def unreadable(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """The encounter's only note is empty."""
    codes = codes_of(encounter)
    if not codes or len(encounter.notes) > 1:
        return None
    return Planted("unreadable", tuple(codes), dict.fromkeys(codes, "not-assessed"), text=" ")


def no_note(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """Codes were billed for an encounter that the export holds no note of."""
    codes = codes_of(encounter)
    if not codes:
        return None
    return Planted("no-note", tuple(codes), dict.fromkeys(codes, "not-in-this-note"), without_notes=True)


def invalid(encounter: GoldEncounter, chance: random.Random) -> Planted | None:
    """A header, or a code that no release holds."""
    codes = [c for c in codes_of(encounter) if len(c) == 5]
    if not codes or not _plain(encounter):
        return None
    old = chance.choice(codes)
    new = old[:3] if chance.random() < 0.6 else f"{old[:4]}7X"
    if load_release(None).is_billable(new) or (load_release(None).exists(new) and len(new) > 3):
        return None
    return _replaced("invalid", encounter, old, new, "invalid-code")


def history_as_current(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """The record knows history only, and the condition was billed as present."""
    for gold in encounter.gold.codes:
        if gold.code not in ("Z86.39", "Z86.2"):
            continue
        words = " ".join(quote.text for quote in gold.evidence).lower()
        new = None
        if gold.code == "Z86.39" and re.search(r"b-?12|cobalamin|folate", words):
            new = "E53.8"
        elif gold.code == "Z86.39" and "iron" in words:
            new = "E61.1"
        elif gold.code == "Z86.2" and re.search(r"iron.deficiency anemia|\bida\b", words):
            new = "D50.9"
        elif (
            gold.code == "Z86.2"
            and words.endswith("anemia")
            and "deficiency" not in words
            and len(codes_of(encounter)) == 1
        ):
            new = "D64.9"
        if new is not None and _is_free(encounter, new):
            return _replaced("history-as-current", encounter, gold.code, new, "status-error")
    return None


def current_as_history(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """A present condition was billed as history."""
    if not _plain(encounter):
        return None
    for code in codes_of(encounter):
        past = _PAST.get(code)
        if past is not None and past not in _open(encounter) and past not in codes_of(encounter):
            return _replaced("current-as-history", encounter, code, past, "status-error")
    return None


def barred(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """A code was added that may not stand beside a right one (Excludes1)."""
    wrong = {trap.code: trap.why for trap in encounter.gold.traps}
    for code in codes_of(encounter):
        other = _BARRED.get(code)
        if other is None or other in codes_of(encounter) or other in _open(encounter):
            continue
        if not re.search(r"history|resolved|past", wrong.get(other, "")):
            return _added("barred", encounter, other, "excludes-conflict")
    return None


def misordered(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """A code stands before the one that it must follow."""
    codes = codes_of(encounter)
    for place, code in enumerate(codes):
        before = [o for o in codes[:place] if _leads(o, code)]
        if not before:
            continue
        moved = [c for c in codes if c != code]
        moved.insert(min(moved.index(o) for o in before), code)
        expect = dict.fromkeys(codes, SUPPORTED) | {code: "sequencing-error"}
        return Planted("misordered", tuple(moved), expect)
    return None


def _leads(first: str, second: str) -> bool:
    """Say whether `second` must follow `first` by the tabular list (R28, R35)."""
    if second == "D63.1":
        return first.startswith("N18")
    if second.startswith(("G63", "G32.0", "F02.8", "F06.7")):
        return first.startswith(("E53.8", "D51"))
    return second.startswith(("T38.3X5", "T47.1X5", "T47.0X5", "T42.0X5")) and first.startswith(_EFFECT)


def alone(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """A manifestation was billed without its etiology."""
    codes = codes_of(encounter)
    for code in codes:
        etiologies = [o for o in codes if _leads(o, code) and not code.startswith("T")]
        if not etiologies or any(
            c.startswith(("D50", "D51", "D52", "D53", "E")) and c not in etiologies for c in codes
        ):
            continue
        left = tuple(c for c in codes if c not in etiologies and not c.startswith("T"))
        gone = tuple(c for c in codes if c not in left)
        return Planted("alone", left, dict.fromkeys(left, SUPPORTED) | {code: "partner-missing"}, gone)
    if "D63.0" in codes or "D63.8" in codes:
        if "B70.0" in codes:
            return None
        code = "D63.0" if "D63.0" in codes else "D63.8"
        expect = dict.fromkeys(codes, SUPPORTED) | {code: "partner-missing", "I10": "not-assessed"}
        return Planted("alone", (*codes, "I10"), expect) if code == "D63.0" else None
    return None


def denied(encounter: GoldEncounter, chance: random.Random) -> Planted | None:
    """The record says that the patient does not have it."""
    found = [
        t.code
        for t in encounter.gold.traps
        if _DENIED.search(t.why)
        and _is_denied_in_words(encounter, t.code)
        and _is_free(encounter, t.code)
        and not t.code.startswith((*_CHAINED, "D50.0"))
        and load_release(None).is_billable(t.code)
    ]
    return _added("denied", encounter, chance.choice(found), "conflicting") if found else None


_TERMS = {
    "K92.1": "melena",
    "D64.9": "an[a]?emi",
    "E61.1": "iron deficien",
    "E53.8": "(?:b-?12|folate) deficien",
    "G62.9": "(?:poly)?neuropathy",
    "D51.0": "pernicious",
    "K90.0": "celiac",
    "R53.83": "fatigue",
    "R20.2": "tingling|paresthesia",
    "R20.0": "numb",
    "D50.9": "iron.deficiency an",
}


def _is_denied_in_words(encounter: GoldEncounter, code: str) -> bool:
    """Say whether every sentence that names it denies it right before; how else it is denied is left open."""
    term = _TERMS.get(code)
    if term is None or any(c.startswith("D") for c in codes_of(encounter) if code == "D64.9"):
        return False
    text = " ".join(note.text for note in encounter.notes)
    named = len(re.findall(term, text, re.IGNORECASE))
    before = rf"\b(?:no|denies|denied|not have|negative for)\b[^.;:\n]{{0,40}}(?:{term})"
    return 0 < named == len(re.findall(before, text, re.IGNORECASE))


def differing(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """Parts of the record contradict each other about the code."""
    for query in encounter.gold.queries:
        right = codes_of(encounter)
        free = [c for c in query.codes if c not in right and c not in encounter.gold.optional]
        plain = free and not free[0].startswith(("Z", *_CHAINED))
        if plain and _CONFLICT.match(query.topic) and not query.optional:
            return _added("differing", encounter, free[0], "conflicting")
    return None


def asked(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """Only the provider's answer could support it."""
    release = load_release(None)
    traps = {t.code: t.why for t in encounter.gold.traps}
    for query in encounter.gold.queries:
        if query.optional or not _OPEN.match(query.topic):
            continue
        for code in query.codes:
            if code in codes_of(encounter) or code in encounter.gold.optional or code[0] in "ZRT":
                continue
            if code.startswith(_CHAINED) or re.search(r"den|doubt", traps.get(code, "")):
                continue
            if not any(release.excludes1(code, other) for other in codes_of(encounter)):
                return _added("asked", encounter, code, "query-needed")
    return None


def other_reading(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """Macrocytic anemia by the other source (P23)."""
    for gold in encounter.gold.codes:
        words = " ".join(quote.text for quote in gold.evidence).lower()
        if gold.code == "D53.9" and "macrocytic" in words and _is_free(encounter, "D53.1"):
            planted = _replaced("other-reading", encounter, "D53.9", "D53.1", "arguable")
            return Planted(planted.kind, planted.billed, planted.expect)
    return None


def too_specific(encounter: GoldEncounter, chance: random.Random) -> Planted | None:
    """Billed says more than the words."""
    for code in codes_of(encounter):
        closer = [c for c in _CLOSER.get(code, ()) if _is_free(encounter, c)]
        if closer and not any(code != o and o[:3] == "D51" for o in codes_of(encounter)):
            return _replaced(
                "too-specific", encounter, code, chance.choice(closer), "supported-less-specific"
            )
    return None


def upcoded(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """A deficiency was billed as an anemia."""
    codes = codes_of(encounter)
    if any(c.startswith(("D50", "D51", "D52", "D53", "D6", "O")) for c in codes):
        return None
    for code, new in (("E53.8", "D51.9"), ("E61.1", "D50.9")):
        open_ = _is_free(encounter, new) and not _is_folate(encounter) and not _denies(encounter, "an[a]?emi")
        if code in codes and open_:
            return _replaced("upcoded", encounter, code, new, "unsupported")
    return None


def _denies(encounter: GoldEncounter, term: str) -> bool:
    """Say whether the notes deny the term: what they deny, when billed, conflicts with them."""
    denial = rf"\b(?:no|not|without|w/o|denies|denied)\b[^.\n]{{0,40}}(?:{term})"
    return any(re.search(denial, note.text, re.I) for note in encounter.notes)


def _is_folate(encounter: GoldEncounter) -> bool:
    """E53.8 stands for folate too; whose anemia was billed would then be open."""
    words = " ".join(q.text for g in encounter.gold.codes if g.code == "E53.8" for q in g.evidence).lower()
    return "fol" in words


def downcoded(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """An anemia was billed as a deficiency."""
    codes = codes_of(encounter)
    if not _plain(encounter):
        return None
    for code in codes:
        new = "E61.1" if code.startswith("D50") else "E53.8" if code.startswith("D51") else None
        rest = [c for c in codes if c != code]
        if new is None or new in codes or new in _open(encounter) or any(c[:3] == code[:3] for c in rest):
            continue
        if not any(load_release(None).excludes1(new, other) for other in rest):
            return _replaced("downcoded", encounter, code, new, "unsupported")
    return None


def crossed(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """Blood loss billed where the words say B12 (R44)."""
    codes = codes_of(encounter)
    for code in codes:
        free = _is_free(encounter, "D50.0") and not any(c.startswith(("D50", "D62", "D64")) for c in codes)
        denied = _denies(encounter, "iron def|IDA\\b|blood loss|bleed")
        if code.startswith("D51") and free and _plain(encounter) and not denied:
            return _replaced("crossed", encounter, code, "D50.0", "unsupported")
    return None


def strange(encounter: GoldEncounter, chance: random.Random) -> Planted | None:
    """A code that nothing in the record states."""
    named = {code[:3] for code in (*codes_of(encounter), *_open(encounter))}
    named |= {trap.code[:3] for trap in encounter.gold.traps}
    free = [c for c in _STRANGE if _is_free(encounter, c) and c[:3] not in named]
    if not free or not _plain(encounter):
        return None
    return _added("strange", encounter, chance.choice(free), "unsupported")


def left_out(encounter: GoldEncounter, chance: random.Random) -> Planted | None:
    """A required code was not billed."""
    codes = codes_of(encounter)
    if not codes or not _plain(encounter):
        return None
    gone = chance.choice(codes)
    left = tuple(c for c in codes if c != gone)
    return Planted("left-out", left, dict.fromkeys(left, SUPPORTED), (gone,))


PLANTERS = (
    right,
    optional,
    outside,
    no_release,
    unreadable,
    no_note,
    invalid,
    history_as_current,
    current_as_history,
    barred,
    misordered,
    alone,
    denied,
    differing,
    asked,
    other_reading,
    too_specific,
    upcoded,
    downcoded,
    crossed,
    strange,
    left_out,
)
