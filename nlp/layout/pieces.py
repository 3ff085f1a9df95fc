"""Put the lines of a section back together into list items, headings, rows and pieces of running text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from nlp.facts import SectionCategory
from nlp.layout.lines import Line
from nlp.layout.load import load_words
from nlp.layout.markers import Marker, inner_markers, inner_places, may_mark, read_marker
from nlp.layout.sentences import ends_open

C = SectionCategory

LABEL = re.compile(r"[A-Z][A-Za-z0-9/&()%'. -]{0,40}:(?=\s|$)")
# Columns; two blanks behind a full stop are a typist's habit.
ROW = re.compile(r"[^\s.:;,!?](?: {2,}|\t[ \t]*|[ \t]*\|[ \t]*)\S")
_PARTING = ("  ", "\t", "|")  # each row holds one
_VALUE_LINE = re.compile(
    r"[<>]?=?\s?\d+(?:[.,]\d+)*\s*(?:%|\(?[HLhl]\)?(?=\s|$)|[a-zA-Z\u00b5]{1,6}/[a-zA-Z]{1,4}|fl\b|pg\b|[\[(]|$)",
    re.IGNORECASE,
)
_LISTED = frozenset(
    {C.PMH, C.PSH, C.PROBLEM_LIST, C.PROCEDURES, C.MEDICATIONS, C.DIAGNOSES, C.ASSESSMENT, C.ASSESSMENT_PLAN,
     C.IMPRESSION, C.PLAN, C.ORDERS, C.INSTRUCTIONS, C.ALLERGIES, C.INDICATION}
)  # fmt: skip
_ONE_A_LINE = frozenset({C.MEDICATIONS, C.ALLERGIES, C.LABS, C.PROBLEM_LIST})


@dataclass(slots=True)
class Piece:
    """Lines that belong together. `start` stands behind the marker; `kind` is the marker's kind or ``""``."""

    start: int
    end: int
    marker: str | None
    kind: str
    indent: int
    paragraph: int
    new_paragraph: bool
    row: bool | None = None  # whether it has columns, None before anybody asked
    value: int = 0


def wrap_width(lines: Sequence[Line]) -> int:
    """Return the width at which the lines of the note were wrapped, 0 where they were not.

    Text is taken for wrapped where at least four lines, and a fifth of all, end within twelve
    columns of the longest.
    """
    widths = [line.end - line.first for line in lines if line.broken]
    longest = max(widths, default=0)
    if not 50 <= longest <= 160:
        return 0
    near = sum(1 for width in widths if width >= longest - 12)
    return longest if near >= 4 and near * 5 >= len(widths) else 0


class Cutter:
    """Cuts the lines of a section into pieces, knowing what the note holds at all."""

    def __init__(self, view: str, lines: Sequence[Line]) -> None:
        self.view = view
        self._lines = lines
        self._inner = inner_places(view)

    def pieces(
        self, lines: Sequence[Line], paragraphs: Sequence[int], category: SectionCategory
    ) -> list[Piece]:
        """Return the pieces of a section's lines in order; `paragraphs` holds the block of each line."""
        view = self.view
        done: list[Piece] = []
        piece: Piece | None = None
        last: Line | None = None
        for line, paragraph in zip(lines, paragraphs, strict=True):
            start, end, indent = line.start, line.end, line.start - line.first
            fresh = last is None or line.blank_before
            found = read_marker(view, start, end) if may_mark(view[start : start + 2]) else None
            if found is None:
                here = Piece(start, end, None, "", indent, paragraph, fresh)
            else:
                here = Piece(
                    found.end, end, found.text, found.kind, indent, paragraph, fresh, None, found.value
                )
            if (
                piece is not None
                and last is not None
                and not fresh
                and line.broken
                and ends_open(view, last.start, last.end)
                and self._continues(piece, last, line, here, category)
            ):
                piece.end, piece.row = end, False
            else:
                piece = here
                done.append(piece)
            last = line
        if done and self._inner:
            first = bisect_left(self._inner, done[0].start)
            if first < len(self._inner) and self._inner[first] < done[-1].end:
                return self._parted(done, category, first)
        return done

    def is_row(self, piece: Piece) -> bool:
        """Whether the piece is a line that is parted into columns."""
        if piece.row is None:
            view, start, end = self.view, piece.start, piece.end
            piece.row = any(
                view.find(sign, start, end) >= 0 and _has_column(view, sign, start, end) for sign in _PARTING
            )
        return piece.row

    def _parted(self, pieces: Iterable[Piece], category: SectionCategory, index: int) -> list[Piece]:
        """Return the pieces, each split at the numbers of an enumeration that it runs through.

        `index` is that of the first place in them where one may begin.
        """
        inner = self._inner
        done: list[Piece] = []
        for piece in pieces:
            while index < len(inner) and inner[index] < piece.start:
                index += 1
            if (
                index == len(inner)
                or inner[index] >= piece.end
                or (self.is_row(piece) and piece.end - piece.start < 60)
            ):
                done.append(piece)
            else:
                done += _enumerated(self.view, piece, category, inner[index : bisect_left(inner, piece.end)])
        return done

    def _continues(
        self, piece: Piece, last: Line, line: Line, fresh: Piece, category: SectionCategory
    ) -> bool:
        """Whether `line` goes on with the text of `piece`, whose last line is `last` and ends open."""
        view, words = self.view, load_words()
        if fresh.marker is not None:
            # A wrapped line may start with a number: "ferritin of\n8. She ..."
            wrapped = self._width and fresh.kind == "number" and fresh.value not in (1, piece.value + 1)
            return bool(wrapped) and self._is_full(last, line)
        if self.is_row(fresh) or LABEL.match(view, fresh.start, line.end):
            return False
        final = view[max(last.start, last.end - 14) : last.end].rsplit(maxsplit=1)[-1].lower()
        first = view[line.start : line.start + 14].split(maxsplit=1)[0].lower().rstrip(",.;")
        if _VALUE_LINE.match(view, line.start, line.end) and not self.is_row(piece):
            short = last.end - last.start <= 40 and not final[0].isdigit()
            return short or self._is_full(last, line)
        if self.is_row(piece) and last.end - last.start < 50:
            return False
        if final in words["joins_before"] or final[-1] in ",(/&+" or final == "-":
            return True
        if not view[line.start].isupper() and first in words["joins_after"]:
            return True
        if category in _ONE_A_LINE and line.indent <= last.indent:
            return False
        if self._is_full(last, line):
            return True
        return view[line.start].islower() and last.end - last.start >= 40

    def _is_full(self, last: Line, line: Line) -> bool:
        """Whether the first word of `line` would not have fitted onto `last`."""
        if not self._width:
            return False
        word = self.view[line.start : line.start + 20].split(maxsplit=1)[0]
        return last.end - last.first + 1 + len(word) > self._width

    @cached_property
    def _width(self) -> int:
        return wrap_width(self._lines)


def _has_column(view: str, sign: str, start: int, end: int) -> bool:
    """Whether a sign that `view[start:end]` holds parts it into columns: each match of `ROW` holds one."""
    if sign == "|":  # with blanks before it
        return ROW.search(view, start, end) is not None
    at = view.find(sign, start, end)
    while at >= 0:
        if at > start and ROW.match(view, at - 1, end):
            return True
        at = view.find(sign, at + 1, end)
    return False


def _enumerated(view: str, piece: Piece, category: SectionCategory, places: Sequence[int]) -> Iterator[Piece]:
    """Yield the parts of a piece between the numbers of an enumeration that it runs through."""
    cuts = _cuts(view, piece, category, places)
    if not cuts:
        yield piece
        return
    begin, marker, kind, value = piece.start, piece.marker, piece.kind, piece.value
    for cut in cuts:
        if view[begin : cut.start].strip(" ;,"):
            end = _without_comma(view, begin, cut.start)
            yield replace(piece, start=begin, end=end, marker=marker, kind=kind, value=value)
        begin, marker, kind, value = cut.end, cut.text, cut.kind, cut.value
        piece = replace(piece, new_paragraph=False)
    yield replace(piece, start=begin, marker=marker, kind=kind, value=value)


def _cuts(view: str, piece: Piece, category: SectionCategory, places: Sequence[int]) -> list[Marker]:
    numbered: list[Marker] = []
    signed: list[Marker] = []
    expected = piece.value + 1 if piece.kind in ("number", "hash") and piece.value else 1
    for found, needs_stop in inner_markers(view, places, piece.end):
        if found.kind != "number":
            if found.kind == "bullet" or category in _LISTED:
                signed.append(found)
        elif found.value == expected and (
            (category in _LISTED and not needs_stop) or _after_stop(view, piece.start, found.start, category)
        ):
            numbered.append(found)
            expected += 1
    if numbered and expected < 3:
        numbered = []  # one number alone enumerates nothing
    return sorted(numbered + signed, key=lambda found: found.start) if signed else numbered


def _after_stop(view: str, begin: int, at: int, category: SectionCategory) -> bool:
    before = view[max(begin, at - 4) : at].rstrip()
    return not before or before[-1] in (".:;" if category in _LISTED else ".:")


def _without_comma(view: str, begin: int, end: int) -> int:
    while end > begin and (view[end - 1].isspace() or view[end - 1] in ",;"):
        end -= 1
    return end
