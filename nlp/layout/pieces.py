"""Put the lines of a section back together into list items, headings, rows and pieces of running text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nlp.facts import SectionCategory
from nlp.layout.lines import Line
from nlp.layout.load import load_words
from nlp.layout.markers import Marker, inner_markers, read_marker
from nlp.layout.sentences import ends_open

C = SectionCategory

LABEL = re.compile(r"[A-Z][A-Za-z0-9/&()%'. -]{0,40}:(?=\s|$)")
# Columns; two blanks behind a full stop are a typist's habit.
ROW = re.compile(r"[^\s.:;,!?](?: {2,}|\t[ \t]*|[ \t]*\|[ \t]*)\S")
_VALUE_LINE = re.compile(
    r"[<>]?=?\s?\d+(?:[.,]\d+)*\s*(?:%|\(?[HLhl]\)?(?=\s|$)|[a-zA-Z\u00b5]{1,6}/[a-zA-Z]{1,4}|fl\b|pg\b|[\[(]|$)",
    re.IGNORECASE,
)
_LISTED = frozenset(
    {C.PMH, C.PSH, C.PROBLEM_LIST, C.PROCEDURES, C.MEDICATIONS, C.DIAGNOSES, C.ASSESSMENT, C.ASSESSMENT_PLAN,
     C.IMPRESSION, C.PLAN, C.ORDERS, C.INSTRUCTIONS, C.ALLERGIES, C.INDICATION}
)  # fmt: skip
_ONE_A_LINE = frozenset({C.MEDICATIONS, C.ALLERGIES, C.LABS, C.PROBLEM_LIST})


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that belong together. `start` stands behind the marker; `kind` is the marker's kind or ``""``."""

    start: int
    end: int
    marker: str | None
    kind: str
    indent: int
    paragraph: int
    new_paragraph: bool
    row: bool
    label: bool
    value: int = 0


def has_columns(view: str, start: int, end: int) -> bool:
    """Whether `view[start:end]` is parted into columns."""
    return (
        view.find("  ", start, end) >= 0
        or view.find("\t", start, end) >= 0
        or view.find("|", start, end) >= 0
    ) and ROW.search(view, start, end) is not None


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


def read_pieces(
    view: str, lines: Sequence[Line], paragraphs: Sequence[int], category: SectionCategory, width: int
) -> Iterator[Piece]:
    """Yield the pieces of a section's lines in order; `paragraphs` holds the block of each line."""
    open_piece: Piece | None = None
    last: Line | None = None
    for line, paragraph in zip(lines, paragraphs, strict=True):
        fresh = _piece(view, line, paragraph, last is None or line.blank_before)
        if (
            open_piece is not None
            and last is not None
            and _continues(view, open_piece, last, line, fresh, category, width)
        ):
            open_piece = replace(open_piece, end=line.end, row=False)
        else:
            if open_piece is not None:
                yield from _enumerated(view, open_piece, category)
            open_piece = fresh
        last = line
    if open_piece is not None:
        yield from _enumerated(view, open_piece, category)


def _piece(view: str, line: Line, paragraph: int, fresh: bool) -> Piece:
    found = read_marker(view, line.start, line.end)
    start = found.end if found else line.start
    return Piece(
        start=start,
        end=line.end,
        marker=found.text if found else None,
        kind=found.kind if found else "",
        indent=line.indent,
        paragraph=paragraph,
        new_paragraph=fresh,
        row=has_columns(view, start, line.end),
        label=LABEL.match(view, start, line.end) is not None,
        value=found.value if found else 0,
    )


def _continues(
    view: str, piece: Piece, last: Line, line: Line, fresh: Piece, category: SectionCategory, width: int
) -> bool:
    """Whether `line` goes on with the text of `piece`, whose last line is `last`."""
    if line.blank_before or not line.broken or not ends_open(view, last.start, last.end):
        return False
    words = load_words()
    if fresh.marker is not None:
        # A wrapped line may start with a number: "ferritin of\n8. She ..."
        wrapped = width and fresh.kind == "number" and fresh.value not in (1, piece.value + 1)
        return bool(wrapped) and _is_full(view, last, line, width)
    if fresh.row or fresh.label:
        return False
    final = view[max(last.start, last.end - 14) : last.end].rsplit(maxsplit=1)[-1].lower()
    first = view[line.start : line.start + 14].split(maxsplit=1)[0].lower().rstrip(",.;")
    if _VALUE_LINE.match(view, line.start, line.end) and not piece.row:
        short = last.end - last.start <= 40 and not final[0].isdigit()
        return short or _is_full(view, last, line, width)
    if piece.row and last.end - last.start < 50:
        return False
    if final in words["joins_before"] or final[-1] in ",(/&+" or final == "-":
        return True
    if not view[line.start].isupper() and first in words["joins_after"]:
        return True
    if category in _ONE_A_LINE and line.indent <= last.indent:
        return False
    if _is_full(view, last, line, width):
        return True
    return view[line.start].islower() and last.end - last.start >= 40


def _is_full(view: str, last: Line, line: Line, width: int) -> bool:
    """Whether the first word of `line` would not have fitted onto `last`."""
    if not width:
        return False
    word = view[line.start : line.start + 20].split(maxsplit=1)[0]
    return last.end - last.first + 1 + len(word) > width


def _enumerated(view: str, piece: Piece, category: SectionCategory) -> Iterator[Piece]:
    """Split a piece at the numbers of an enumeration that it runs through."""
    if piece.row and piece.end - piece.start < 60:
        yield piece
        return
    cuts = _cuts(view, piece, category)
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


def _cuts(view: str, piece: Piece, category: SectionCategory) -> list[Marker]:
    numbered: list[Marker] = []
    signed: list[Marker] = []
    expected = piece.value + 1 if piece.kind in ("number", "hash") and piece.value else 1
    for found, needs_stop in inner_markers(view, piece.start, piece.end):
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
