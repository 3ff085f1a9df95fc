"""Recognise that a name stands in a table or over a list, and have it read there."""

from __future__ import annotations

import re

from nlp.labs.around import Around
from nlp.labs.columns import read_rows_below
from nlp.labs.load import Analyte
from nlp.labs.reading import Hit, Reading
from nlp.labs.tables import line_end, read_list_below, read_row

_LIST_TITLE = re.compile(r"(?i)\s{0,3}(?:(?:levels?|values?|trend|history|results?|count)\s{0,2}){0,2}:?\s*")
_LIST_FOLLOWS = re.compile(
    r"(?i)[^\n]{0,60}(?:as follows|trend|trended|serially|thereafter|below|post-?op)\s*:\s*"
)
_ROW_START = re.compile(r"[\s|*\-\u2022>]*")
_HEAD_ROW_START = re.compile(
    r"(?i)[\s|*]*(?:date(?:/time)?|time|day|labs?|drawn|collected|visit|month|year|when|pod|hd)?[\s|:]*"
)


def dated_row(around: Around, hit: Hit, analyte: Analyte) -> list[Reading]:
    """Return the values of a row that starts with this name under a line of dates, [] for no such row."""
    line = _line_of(around, hit.start)
    if line <= 0 or _ROW_START.fullmatch(around.view, line, hit.start) is None:
        return []
    columns = around.date_columns.above(line)
    return read_row(around.view, line, hit.end, analyte, hit.start, columns) if columns else []


def columns_below(around: Around, index: int) -> tuple[int, list[Reading]] | None:
    """Read a table whose line of heads starts with this hit, None where there is none."""
    view, first = around.view, around.hits[index]
    line, end = _line_of(around, first.start), line_end(view, first.end)
    if line < 0 or _HEAD_ROW_START.fullmatch(view, line, first.start) is None:
        return None
    on_line = [hit for hit in around.hits[index : index + 30] if hit.start < end]
    if len(on_line) < 2 or any(len(h.analytes) > 1 or h.is_level for h in on_line):
        return None
    starts = [hit.start for hit in on_line[1:]] + [end]
    if any(c.isdigit() for hit, stop in zip(on_line, starts, strict=True) for c in view[hit.end : stop]):
        return None
    readings = read_rows_below(view, line, on_line, around.calendar)
    return (len(on_line), readings) if readings else None


def list_below(around: Around, hit: Hit, analyte: Analyte) -> list[Reading]:
    """Return the values listed under a name that stands as a title of its own, [] for no list."""
    if _LIST_TITLE.fullmatch(around.view, hit.end, line_end(around.view, hit.end)) is None:
        return []
    listed = read_list_below(around.view, hit.end, analyte, around.calendar)
    return listed if len(listed) > 1 else []


def list_after(around: Around, last: Reading, analyte: Analyte) -> list[Reading]:
    """Return the values listed under a line that announces them ("as follows:"), [] for no list."""
    if _LIST_FOLLOWS.fullmatch(around.view, last.end, line_end(around.view, last.end)) is None:
        return []
    return read_list_below(around.view, last.end, analyte, around.calendar)


def _line_of(around: Around, offset: int) -> int:
    """Return where the line of `offset` starts, -1 where that is too far for a table."""
    floor = max(0, offset - 400)
    found = around.view.rfind("\n", floor, offset)
    return found + 1 if found >= 0 or floor == 0 else -1
