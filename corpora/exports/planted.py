"""What was billed in an encounter with a planted error, and what every planter asks of the gold coding."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from suggest.release import load_release

if TYPE_CHECKING:
    from corpora.gold import GoldEncounter

SUPPORTED = "supported"
# codes that need another on the claim, or that another needs: errors of other kinds leave them alone
CHAINED = ("G63", "G32", "F02", "F06", "D63", "T3", "T4", "O99", "O90")


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


def codes_of(encounter: GoldEncounter) -> list[str]:
    """Return the gold codes in order."""
    return [gold.code for gold in encounter.gold.codes]


def open_codes(encounter: GoldEncounter) -> set[str]:
    """Codes that are neither right nor wrong: optional ones, and those of a query."""
    asked = {code for query in encounter.gold.queries for code in query.codes}
    return {*encounter.gold.optional, *asked}


def is_plain(encounter: GoldEncounter) -> bool:
    """Say whether no code of the encounter needs another on the claim, nor is needed by another."""
    return not any(code.startswith(CHAINED) for code in codes_of(encounter))


def replaced(kind: str, encounter: GoldEncounter, old: str, new: str, verdict: str) -> Planted:
    """Return the gold codes with `new` in the place of `old`, which is the better one."""
    codes = codes_of(encounter)
    billed = tuple(new if code == old else code for code in codes)
    expect = {code: SUPPORTED for code in codes if code != old} | {new: verdict}
    return Planted(kind, billed, expect, better={new: old})


def added(kind: str, encounter: GoldEncounter, new: str, verdict: str) -> Planted:
    """Return the gold codes and `new` behind them."""
    codes = codes_of(encounter)
    return Planted(kind, (*codes, new), dict.fromkeys(codes, SUPPORTED) | {new: verdict})


def is_free(encounter: GoldEncounter, code: str) -> bool:
    """Say whether a code is plainly wrong for the encounter, and bars none of its right ones."""
    release = load_release(None)
    right = codes_of(encounter)
    return (
        code not in right
        and code not in open_codes(encounter)
        and not any(release.excludes1(code, other) for other in right)
    )
