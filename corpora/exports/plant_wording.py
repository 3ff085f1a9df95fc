"""Planted errors against the wording: more than it says, another disease, or nothing that it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpora.exports.planted import Planted, added, codes_of, is_free, is_plain, open_codes, replaced
from suggest.release import load_release

if TYPE_CHECKING:
    import random

    from corpora.gold import GoldEncounter

_CLOSER = {
    "D51.9": ("D51.0", "D51.3"),
    "D50.9": ("D50.1", "D50.8"),
    "D52.9": ("D52.0", "D52.8"),
    "N18.30": ("N18.31", "N18.32"),
    "D64.9": ("D53.8", "D52.9"),
    "K50.90": ("K50.00",),
}
_STRANGE = ("B70.0", "K90.1", "H46.2", "K86.81", "K90.2", "K63.8219")


def too_specific(encounter: GoldEncounter, chance: random.Random) -> Planted | None:
    """Billed says more than the words."""
    for code in codes_of(encounter):
        closer = [c for c in _CLOSER.get(code, ()) if is_free(encounter, c)]
        if closer and not any(code != o and o[:3] == "D51" for o in codes_of(encounter)):
            return replaced("too-specific", encounter, code, chance.choice(closer), "supported-less-specific")
    return None


def upcoded(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """A deficiency was billed as an anemia."""
    codes = codes_of(encounter)
    if any(c.startswith(("D50", "D51", "D52", "D53", "D6", "O")) for c in codes):
        return None
    for code, new in (("E53.8", "D51.9"), ("E61.1", "D50.9")):
        open_ = is_free(encounter, new) and not _is_folate(encounter) and not _denies(encounter, "an[a]?emi")
        if code in codes and open_:
            return replaced("upcoded", encounter, code, new, "unsupported")
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
    if not is_plain(encounter):
        return None
    for code in codes:
        new = "E61.1" if code.startswith("D50") else "E53.8" if code.startswith("D51") else None
        rest = [c for c in codes if c != code]
        if (
            new is None
            or new in codes
            or new in open_codes(encounter)
            or any(c[:3] == code[:3] for c in rest)
        ):
            continue
        if not any(load_release(None).excludes1(new, other) for other in rest):
            return replaced("downcoded", encounter, code, new, "unsupported")
    return None


def crossed(encounter: GoldEncounter, _: random.Random) -> Planted | None:
    """Blood loss billed where the words say B12 (R44)."""
    codes = codes_of(encounter)
    for code in codes:
        free = is_free(encounter, "D50.0") and not any(c.startswith(("D50", "D62", "D64")) for c in codes)
        denied = _denies(encounter, "iron def|IDA\\b|blood loss|bleed")
        if code.startswith("D51") and free and is_plain(encounter) and not denied:
            return replaced("crossed", encounter, code, "D50.0", "unsupported")
    return None


def strange(encounter: GoldEncounter, chance: random.Random) -> Planted | None:
    """A code that nothing in the record states."""
    named = {code[:3] for code in (*codes_of(encounter), *open_codes(encounter))}
    named |= {trap.code[:3] for trap in encounter.gold.traps}
    free = [c for c in _STRANGE if is_free(encounter, c) and c[:3] not in named]
    if not free or not is_plain(encounter):
        return None
    return added("strange", encounter, chance.choice(free), "unsupported")
