"""Planted errors against the record: what it denies, contradicts, leaves to a query or reads another way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpora.exports.planted import CHAINED, Planted, added, codes_of, is_free, replaced
from suggest.release import load_release

if TYPE_CHECKING:
    import random

    from corpora.gold import GoldEncounter

_DENIED = re.compile(
    r"\b(?:denied|denies|negated|absent|not anemic|not iron deficient|no evidence|negative|\(-\)|excluded)\b"
)
_CONFLICT = re.compile(r"^Q18\b(?!.*(?:await|printed|without words))")
_OPEN = re.compile(r"^Q(?:0[1-9]|1[0-7]|19|2[01])\b")


def denied(encounter: GoldEncounter, chance: random.Random) -> Planted | None:
    """The record says that the patient does not have it."""
    found = [
        t.code
        for t in encounter.gold.traps
        if _DENIED.search(t.why)
        and _is_denied_in_words(encounter, t.code)
        and is_free(encounter, t.code)
        and not t.code.startswith((*CHAINED, "D50.0"))
        and load_release(None).is_billable(t.code)
    ]
    return added("denied", encounter, chance.choice(found), "conflicting") if found else None


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
        plain = free and not free[0].startswith(("Z", *CHAINED))
        if plain and _CONFLICT.match(query.topic) and not query.optional:
            return added("differing", encounter, free[0], "conflicting")
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
            if code.startswith(CHAINED) or re.search(r"den|doubt", traps.get(code, "")):
                continue
            if not any(release.excludes1(code, other) for other in codes_of(encounter)):
                return added("asked", encounter, code, "query-needed")
    return None


def other_reading(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """Macrocytic anemia by the other source (P23)."""
    for gold in encounter.gold.codes:
        words = " ".join(quote.text for quote in gold.evidence).lower()
        if gold.code == "D53.9" and "macrocytic" in words and is_free(encounter, "D53.1"):
            planted = replaced("other-reading", encounter, "D53.9", "D53.1", "arguable")
            return Planted(planted.kind, planted.billed, planted.expect)
    return None
