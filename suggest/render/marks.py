"""A note cut into pieces so that overlapping evidence can be marked one piece at a time."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to mark. `label` says what for, `role` how, `anchor` is its id on the page."""

    start: int
    end: int
    label: str
    role: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the note under one set of marks; `opens` are the anchors that begin here."""

    text: str = field(repr=False)
    marks: tuple[Mark, ...] = ()
    opens: tuple[str, ...] = ()


def cut_pieces(text: str, marks: Iterable[Mark]) -> Iterator[Piece]:
    """Yield the note from start to end; joined, the pieces are the text. Marks may overlap."""
    wanted = sorted({mark for mark in marks if 0 <= mark.start < mark.end <= len(text)}, key=_order)
    borders = sorted({0, len(text), *(m.start for m in wanted), *(m.end for m in wanted)})
    active: list[Mark] = []
    place = 0
    for start, end in itertools.pairwise(borders):
        active = [mark for mark in active if mark.end > start]
        opens: list[str] = []
        while place < len(wanted) and wanted[place].start == start:
            active.append(wanted[place])
            opens.append(wanted[place].anchor)
            place += 1
        yield Piece(text[start:end], tuple(active), tuple(opens))


def _order(mark: Mark) -> tuple[int, int, str, str]:
    return mark.start, mark.end, mark.label, mark.anchor
