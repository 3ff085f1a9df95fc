"""Billing errors planted in coded encounters, each with the verdict that its codes must get.

The key is made of the gold coding and of the contract's definitions alone; Corrin's answer is not asked.
A planter returns None where an encounter does not lend itself to its error. Here stand those that look at the
claim as a whole: right, left out, or out of what can be assessed; and the order in which all are planted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpora.exports.plant_conventions import (
    alone,
    barred,
    current_as_history,
    history_as_current,
    misordered,
)
from corpora.exports.plant_record import asked, denied, differing, other_reading
from corpora.exports.plant_wording import crossed, downcoded, strange, too_specific, upcoded
from corpora.exports.planted import CHAINED, SUPPORTED, Planted, added, codes_of, is_plain, replaced
from suggest.release import load_release

if TYPE_CHECKING:
    import random

    from corpora.gold import GoldEncounter

_OUTSIDE = ("I10", "E11.9", "J06.9", "M54.50", "Z23", "E78.5")


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
        and not c.startswith(CHAINED)
        and not any(release.excludes1(c, other) for other in codes_of(encounter))
    ]
    return added("optional", encounter, chance.choice(free), SUPPORTED) if free else None


def outside(encounter: GoldEncounter, chance: random.Random) -> Planted | None:
    """A code outside the scope stands beside the right ones."""
    return (
        added("outside", encounter, chance.choice(_OUTSIDE), "not-assessed") if is_plain(encounter) else None
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
    if not codes or not is_plain(encounter):
        return None
    old = chance.choice(codes)
    new = old[:3] if chance.random() < 0.6 else f"{old[:4]}7X"
    if load_release(None).is_billable(new) or (load_release(None).exists(new) and len(new) > 3):
        return None
    return replaced("invalid", encounter, old, new, "invalid-code")


def left_out(encounter: GoldEncounter, chance: random.Random) -> Planted | None:
    """A required code was not billed."""
    codes = codes_of(encounter)
    if not codes or not is_plain(encounter):
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
