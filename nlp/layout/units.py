"""Cut sections into units and gather the units of one list item or problem."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from nlp.facts import Section, SectionCategory, Unit
from nlp.layout.lines import Line, trim
from nlp.layout.load import load_headers, load_words, title_key
from nlp.layout.looks import has_word
from nlp.layout.pieces import Cutter, Piece
from nlp.layout.sections import JUDGEMENT
from nlp.layout.sentences import split_sentences

C = SectionCategory

_LINE_IS_ITEM = frozenset(
    {C.MEDICATIONS, C.ALLERGIES, C.PMH, C.PSH, C.PROBLEM_LIST, C.LABS, C.FAMILY, C.ORDERS}
)  # fmt: skip
_PROBLEM = ("problem_words", "people_and_values")
_STRENGTH = {"hash": 4, "number": 3, "letter": 2, "roman": 2, "bullet": 1, "": 0}
_PROBLEM_LABEL = re.compile(r"[A-Z][A-Za-z0-9/&()',. -]{2,70}?(?::(?=\s|$)| -+ )")


def read_units(view: str, lines: Sequence[Line], sections: Sequence[Section]) -> tuple[Unit, ...]:
    """Return the units of all sections in text order."""
    cutter = Cutter(view, lines)
    blocks = list(accumulate(int(line.blank_before) for line in lines))
    starts = [line.start for line in lines]
    units: list[Unit] = []
    item = 0
    for index, section in enumerate(sections):
        first = max(bisect_left(starts, section.body_start) - 1, 0)
        last = bisect_left(starts, section.end, first)
        own, first = _cut(view, lines[first:last], first, section)
        pieces = cutter.pieces(own, blocks[first : first + len(own)], section.category)
        opening = _opening(cutter, section, pieces) if len(pieces) > 1 else (True,) * len(pieces)
        for piece, opens in zip(pieces, opening, strict=True):
            item += opens
            paragraph, marker = piece.paragraph, piece.marker
            for start, end in split_sentences(view, piece.start, piece.end):
                if view[start].isalnum() or any(map(str.isalnum, view[start:end])):
                    units.append(Unit(start, end, index, item, paragraph, marker))
                    marker = None
    return tuple(units)


def _cut(view: str, lines: Sequence[Line], first: int, section: Section) -> tuple[Sequence[Line], int]:
    """Return the lines that reach into the section's body, cut to it, and the index of the first of them.

    Only the first may begin before the body and only the last may end behind it.
    """
    low, high = section.body_start, section.end
    if lines and (lines[0].start < low or lines[0].end > high):
        head = _within(view, lines[0], low, high)
        first += not head
        lines = [*head, *lines[1:]]
    if lines and lines[-1].end > high:
        lines = [*lines[:-1], *_within(view, lines[-1], low, high)]
    return lines, first


def _within(view: str, line: Line, low: int, high: int) -> list[Line]:
    """Return the line cut to `view[low:high]`, nothing where none of it is left."""
    start, end = trim(view, max(line.start, low), min(line.end, high))
    if start >= end:
        return []
    return [Line(line.first if start == line.start else start, start, end, line.blank_before, line.broken)]


def _opening(cutter: Cutter, section: Section, pieces: Sequence[Piece]) -> list[bool]:
    """Return of each piece whether it opens an item."""
    if section.category in JUDGEMENT:
        return _problems(cutter, pieces)
    opening: list[bool] = []
    listed = section.category in _LINE_IS_ITEM
    top: Piece | None = None
    last: Piece | None = None
    for piece in pieces:
        if piece.marker is not None:
            opens = top is None or not _is_below(piece, top, last)
            top = piece if opens else top
            last = piece if piece.kind == "number" else last
        elif (
            top is not None
            and not piece.new_paragraph
            and (piece.indent > top.indent or not cutter.is_row(piece))
        ):
            opens = listed and piece.indent <= top.indent
        else:
            top = None
            opens = listed or piece.new_paragraph
        opening.append(opens or not opening)
    return opening


def _is_below(piece: Piece, top: Piece, last: Piece | None) -> bool:
    """Whether a marked piece belongs to the item of `top`; `last` is the numbered piece before it."""
    if last is top and piece.kind == top.kind == "number" and piece.value == top.value + 1:
        return False  # "A  1. Anemia" and then "   2. Gout"
    strong, weak = _STRENGTH[top.kind], _STRENGTH[piece.kind]
    if piece.indent > top.indent + 1:
        return True
    return weak < strong and piece.indent >= top.indent


def _problems(cutter: Cutter, pieces: Sequence[Piece]) -> list[bool]:
    """Return of each piece of an assessment or plan whether it opens an item: each problem does.

    Problems are numbered, or bulleted, or named by a heading, or stand one a paragraph.
    """
    view = cutter.view
    opening: list[bool] = []
    top: Piece | None = None
    last: Piece | None = None
    kind = ""
    tops = tails = 0
    for index, piece in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        if piece.marker is not None:
            if kind in ("heading", "named") and not piece.new_paragraph and _STRENGTH[piece.kind] < 3:
                opens = False
            elif top is None or kind in ("heading", "named"):
                opens = True
            else:
                opens = not _is_below(piece, top, last)
            if opens:
                top, kind, tops = piece, piece.kind, tops + 1
            last = piece if piece.kind == "number" else last
        elif top is not None and top.marker is not None:
            attached = piece.indent > top.indent or (not piece.new_paragraph and not (tops > 1 and not tails))
            opens = not attached and not _is_label(view, piece)
            if opens:
                top, kind = None, ""
            elif not piece.new_paragraph and piece.indent <= top.indent:
                tails += 1
        else:
            opens = piece.new_paragraph and not _is_label(view, piece)
            if _is_heading(cutter, piece, following):
                opens, top, kind = True, piece, "heading"
            elif _names_problem(view, piece):
                opens, top, kind = True, piece, "named"
            elif (
                kind == "heading"
                and piece.new_paragraph
                and top is not None
                and top.end == _before(pieces, index)
            ):
                opens = False  # a heading set apart by a blank line from its own text
        opening.append(opens or index == 0)
    return opening


def _before(pieces: Sequence[Piece], index: int) -> int:
    return pieces[index - 1].end if index else -1


def _is_label(view: str, piece: Piece) -> bool:
    """Whether the piece starts with a label that belongs below a problem, such as `Plan:`."""
    colon = view.find(":", piece.start, min(piece.end, piece.start + 50))
    if colon < 0:
        return False
    rule = load_headers().by_title.get(title_key(view[piece.start : colon]))
    return rule is not None and (rule.role == "label" or rule.category in (C.PLAN, C.ASSESSMENT, C.LABS))


def _is_heading(cutter: Cutter, piece: Piece, following: Piece | None) -> bool:
    """Whether the piece is the name of a problem on a line of its own."""
    view = cutter.view
    first = view[piece.start]
    if piece.end - piece.start > 80 or not (first.isupper() or first.isdigit()) or cutter.is_row(piece):
        return False
    text = view[piece.start : piece.end]
    if "\n" in text:
        return False
    words = text.rstrip(".:").split()
    if (
        len(words) > 9
        or words[0].lower().rstrip(",:") in load_words()["problem_line_not"]
        or ". " in text.rstrip(".")
    ):
        return False
    if _is_label(view, piece):
        return False
    if has_word(text, *_PROBLEM):
        return ":" not in text.rstrip(":")
    if following is None or following.new_paragraph:
        return False
    return (
        len(words) <= 6
        and "," not in text
        and ":" not in text.rstrip(":")
        and not any(map(str.isdigit, text))
        and (following.kind == "bullet" or following.end - following.start > 60)
    )


def _names_problem(view: str, piece: Piece) -> bool:
    """Whether the piece runs `Problem: what is done` or `Problem - what is done`."""
    match = _PROBLEM_LABEL.match(view, piece.start, min(piece.end, piece.start + 80))
    if match is None or _is_label(view, piece):
        return False
    words = match.group().rstrip(":- ").split()
    first = words[0].lower()
    return (
        len(words) <= 9
        and first not in load_words()["problem_line_not"]
        and (has_word(match.group(), *_PROBLEM) or len(words) <= 4)
    )
