"""Planted errors of status and convention: past for present, Excludes1, sequence, a missing partner."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpora.exports.planted import (
    SUPPORTED,
    Planted,
    added,
    codes_of,
    is_free,
    is_plain,
    open_codes,
    replaced,
)

if TYPE_CHECKING:
    import random

    from corpora.gold import GoldEncounter

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
        if new is not None and is_free(encounter, new):
            return replaced("history-as-current", encounter, gold.code, new, "status-error")
    return None


def current_as_history(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """A present condition was billed as history."""
    if not is_plain(encounter):
        return None
    for code in codes_of(encounter):
        past = _PAST.get(code)
        if past is not None and past not in open_codes(encounter) and past not in codes_of(encounter):
            return replaced("current-as-history", encounter, code, past, "status-error")
    return None


def barred(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """A code was added that may not stand beside a right one (Excludes1)."""
    wrong = {trap.code: trap.why for trap in encounter.gold.traps}
    for code in codes_of(encounter):
        other = _BARRED.get(code)
        if other is None or other in codes_of(encounter) or other in open_codes(encounter):
            continue
        if not re.search(r"history|resolved|past", wrong.get(other, "")):
            return added("barred", encounter, other, "excludes-conflict")
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
