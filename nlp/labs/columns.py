"""Read a table whose heads are tests: rows of numbers, each row perhaps led by its date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.labs import tokens as t
from nlp.labs.dates import DATE, Calendar
from nlp.labs.load import Analyte
from nlp.labs.reading import Hit, Reading
from nlp.labs.tables import CELL_VALUE, ROW_LABEL, line_end, read_cell

_MAX_ROWS = 30
_MAX_OFF = 6  # how far the middle of a number may stand from the middle of its head
_PHRASE = re.compile(r"[^\s|]+(?: [^\s|]+)*")
_WORD = re.compile(r"[^\s|,/]+")
_TIME_HEAD = re.compile(
    r"(?i)(?:date(?:/time)?|time|day|collected|drawn|visit|month|year|when|lab|labs|pod|hd)"
)
_ROW_LEAD = re.compile(r"[\s|*\-\u2022]*")
_LETTERS = re.compile(r"[A-Za-z]{3,}")
_RULE = re.compile(r"[\s|:\-=+]+")
_PASSED = re.compile(r"(?i)[\s|*]*(?:ref(?:erence)?|range|normal|units?|flags?)\b")
_CLOCK = re.compile(
    r"[ \t]{1,4}(?:[0-2]?\d:[0-5]\d|[0-2]\d[0-5]\d(?=[ \t]{2}))(?:[ \t]?[ap]m)?", re.IGNORECASE
)
_EMPTY = re.compile(r"(?i)(?<!\S)(?:-{1,3}|n/?a|nd|n/d|pend(?:ing)?|x|\.{1,3}|\*)(?!\S)")


@dataclass(frozen=True, slots=True)
class _Head:
    start: int
    end: int
    analyte: Analyte | None


def read_rows_below(view: str, line: int, hits: Sequence[Hit], calendar: Calendar) -> list[Reading]:
    """Return the values of the rows under a line of heads, [] where the lines below are no such rows.

    Cells between bars or tabs count by their order, others by their place under a head, so that a row may
    lack some. A row of units or of reference intervals is passed over.

    Args:
        view: the text.
        line: where the line of heads starts.
        hits: the names on that line.
        calendar: resolves the dates of the rows.
    """
    end = line_end(view, line)
    head = view[line:end]
    bar = "|" if "|" in head else "\t" if "\t" in head.strip() else None
    columns = _heads(head, line, hits, bar)
    readings: list[Reading] = []
    at = end
    for _ in range(_MAX_ROWS):
        if at >= len(view):
            break
        start, at = at + 1, line_end(view, at + 1)
        row = view[start:at]
        if _RULE.fullmatch(row) or _PASSED.match(row):
            continue
        body, date = _row_label(view, start, row, calendar)
        cells = _barred(row, columns, bar) if bar else _placed(row, body, columns)
        if cells is None:
            if not readings and t.UNIT.search(row) and not CELL_VALUE.search(row):
                continue  # units under the heads
            break
        for column, cell in cells:
            if column.analyte is not None:
                readings.append(
                    read_cell(column.analyte, cell, start + cell.start(), start + cell.end(), date)
                )
    return readings


def _heads(head: str, line: int, hits: Sequence[Hit], bar: str | None) -> list[_Head]:
    """Return the columns of a line of heads; where no bars count, one over dates or days is left out."""
    if bar is not None:
        found = list(_between_bars(head, bar))
    else:
        found = [m.span() for m in _PHRASE.finditer(head)]
        if any(sum(a <= hit.start - line < b for hit in hits) > 1 for a, b in found):
            found = [m.span() for m in _WORD.finditer(head)]
    columns: list[_Head] = []
    for start, stop in found:
        inside = [hit for hit in hits if start <= hit.start - line < stop]
        if not inside and any(hit.start - line < start < hit.end - line for hit in hits):
            continue  # the second word of a name
        if bar is None and not columns and not inside and _TIME_HEAD.fullmatch(head[start:stop]):
            continue
        analytes = inside[0].analytes if inside else ()
        columns.append(_Head(start, stop, analytes[0] if analytes else None))
    return columns


def _row_label(view: str, start: int, row: str, calendar: Calendar) -> tuple[int, str | None]:
    """Return where the numbers of a row begin, behind its date, and the date."""
    lead = _ROW_LEAD.match(row)
    body = lead.end() if lead else 0
    dated = DATE.match(view, start + body)
    if dated is None:
        label = ROW_LABEL.match(row)
        return (label.end() if label else body), None
    body = dated.end() - start
    clock = _CLOCK.match(row, body)
    return (clock.end() if clock else body), calendar.iso(dated)


def _between_bars(text: str, bar: str) -> Iterator[tuple[int, int]]:
    at = 0
    if bar == "|" and text.lstrip().startswith("|"):
        at = text.index("|") + 1
    while at <= len(text):
        stop = text.find(bar, at)
        stop = len(text) if stop < 0 else stop
        if not (stop == len(text) and bar == "|" and not text[at:stop].strip()):
            yield at, stop
        at = stop + 1


def _barred(row: str, columns: Sequence[_Head], bar: str) -> list[tuple[_Head, re.Match[str]]] | None:
    spans = list(_between_bars(row, bar))
    if len(spans) < 2 or len(spans) > len(columns):
        return None
    found: list[tuple[_Head, re.Match[str]]] = []
    for column, (start, stop) in zip(columns, spans, strict=False):
        cell = CELL_VALUE.search(row, start, stop) if column.analyte is not None else None
        if cell is not None and not row[start : cell.start()].strip():
            found.append((column, cell))
    return found or None


def _placed(row: str, body: int, columns: Sequence[_Head]) -> list[tuple[_Head, re.Match[str]]] | None:
    numbers = list(CELL_VALUE.finditer(row, body))
    empty = list(_EMPTY.finditer(row, body))
    rest = _EMPTY.sub(" ", CELL_VALUE.sub(" ", row[body:]))
    if not numbers or _LETTERS.search(rest) or len(numbers) > len(columns):
        return None
    if len(numbers) + len(empty) == len(columns):
        cells = sorted([*numbers, *empty], key=lambda m: m.start())
        return [(c, m) for c, m in zip(columns, cells, strict=True) if m.re is CELL_VALUE]
    found: list[tuple[_Head, re.Match[str]]] = []
    for number in numbers:
        middle = number.start("number") + number.end("number")
        column = min(columns, key=lambda c: abs(c.start + c.end - middle))
        if abs(column.start + column.end - middle) > 2 * _MAX_OFF or (found and found[-1][0] is column):
            return None
        found.append((column, number))
    return found
