"""A note as lines of pieces, each under the marks that cover it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from suggest.render.marks import Mark, Piece, cut_pieces

PLAIN = "plain"  # a place that something points to and that proves nothing by itself
_ORDER = ("diagnosis", "linkage", "history", "negation", "treatment", "lab", "context", PLAIN)
_SHOWN_ROLES = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one line under one set of marks.

    `roles` are those to show, the weightiest first; `owners` the cards that it belongs to; `opens` the
    places that begin here and `places` all that it is part of.
    """

    text: str = field(repr=False)
    roles: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    title: str = ""


def place_id(note: int, start: int, end: int) -> str:
    """Return the name of a place of a note, as marks and cards share it."""
    return f"{note}-{start}-{end}"


def lines(text: str, marks: Iterable[Mark], names: Mapping[str, str]) -> Iterator[list[Part]]:
    """Yield the lines of a note, their line ends included; joined, the parts are the text.

    Args:
        text: the note.
        marks: what to mark; `label` is the key of a card, `anchor` the name of the place.
        names: what a card is called, by its key.
    """
    line: list[Part] = []
    for piece in cut_pieces(text, marks):
        first = True
        for stretch in _stretches(piece.text):
            line.append(_part(stretch, piece, names, first))
            first = False
            if stretch.endswith("\n"):
                yield line
                line = []
    if line:
        yield line


def _stretches(text: str) -> Iterator[str]:
    """Cut a text behind its line feeds; no other sign ends a line, as line numbers count."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _part(text: str, piece: Piece, names: Mapping[str, str], first: bool) -> Part:
    if not piece.marks:
        return Part(text)
    roles = sorted({mark.role for mark in piece.marks}, key=_ORDER.index)
    proving = [role for role in roles if role != PLAIN] or roles
    owners = tuple(dict.fromkeys(mark.label for mark in piece.marks))
    told = dict.fromkeys(f"{names[mark.label]}: {mark.role}" for mark in piece.marks if mark.role != PLAIN)
    return Part(
        text,
        tuple(proving[:_SHOWN_ROLES]),
        owners,
        tuple(dict.fromkeys(mark.anchor for mark in piece.marks)),
        tuple(dict.fromkeys(piece.opens)) if first else (),
        "; ".join(told),
    )
