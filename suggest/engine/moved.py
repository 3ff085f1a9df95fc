"""Codes that a policy puts in place of others, and how the way that was not taken is named."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from suggest.engine.candidates import Draft
from suggest.engine.chart import Chart
from suggest.engine.combine import Picture
from suggest.result import Alternative


def alternative(draft: Draft, code: str, codes: tuple[str, ...], text: str, option: str) -> None:
    """Name the option that gives other codes in place of a code; no codes: it is left out."""
    if code in draft.candidates:
        known = draft.candidates[code].alternatives
        draft.change(code, alternatives=(*known, Alternative(codes, text, option)))


@dataclass(frozen=True, slots=True)
class Move:
    """An option that puts `new` (None: nothing) in place of `old` where a concept gave it."""

    old: str
    new: str | None
    option: str
    moved: str  # the choice that does so
    text: str = field(repr=False)


MOVES: dict[str, tuple[Move, ...]] = {
    "macrocytic_anemia": (
        Move("D53.9", "D53.1", "p23", "megaloblastic", "Sources differ on its code (P23)."),
    ),
    "microcytic_anemia": (Move("D50.9", "D64.9", "p96", "unspecified", "Sources differ on its code (P96)."),),
    "sideropenia": (
        Move("D50.9", "E61.1", "p97", "deficiency_and_query", "Read as the anemia or the deficiency (P97)."),
        Move("D50.9", None, "p97", "query_only", "No code until it is answered (P97)."),
    ),
    "low_hemoglobin": (Move("D64.9", None, "p128", "query_only", "No code until it is answered (P128)."),),
}


def moved(chart: Chart, picture: Picture, draft: Draft) -> None:
    """Serve option.p23, option.p96, option.p97 and option.p128; the code that does not stand is named."""
    if picture.nodes.keys().isdisjoint(MOVES):
        return
    for concept, moves in MOVES.items():
        for move in moves if concept in picture.nodes else ():
            candidate = draft.candidates.get(move.old)
            if candidate is None or candidate.concept != concept:
                continue
            name = f"option.{move.option}"
            if chart.choice(move.option) != move.moved:
                alternative(draft, move.old, () if move.new is None else (move.new,), move.text, name)
                continue
            draft.drop(move.old)
            if move.new is not None:
                draft.add(replace(candidate, code=move.new))
                alternative(draft, move.new, (move.old,), move.text, name)
