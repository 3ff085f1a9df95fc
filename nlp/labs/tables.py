"""Values in pasted tables with one row a test and one column a date, and in lists of one test."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.labs import tokens as t
from nlp.labs.accept import accepts
from nlp.labs.dates import DATE, Calendar
from nlp.labs.load import Analyte
from nlp.labs.reading import Reading, to_float
from nlp.labs.tail import read_tail

_MAX_ROWS = 30
_SHORT_WORD, _WORD = re.compile(r"[A-Za-z]{2,}"), re.compile(r"[A-Za-z]{4,}")
_DECIMAL = re.compile(r"\d+\.\d")
_LINE_LEAD = re.compile(r"[\s*\-\u2022|]*")
_VALUE_GAP = re.compile(r"[\s:|=\-]{0,20}(?:[<>]\s?)?")
_MAY_REST = re.compile(r"(?i)\(|-+>?\s|(?:final|corrected|preliminary)\b")  # behind the value of a list
_MAX_LINE = 400
_SPLIT = re.compile(r"\||\t|\s{2,}")
CELL_VALUE = re.compile(
    rf"(?<![\w.,/\-])(?P<sign>[<>]=?\s?)?(?P<number>{t.NUMBER_TEXT})(?P<mark>\s{{0,2}}(?:LL|HH|L|H|Low|High|LOW|HIGH|\*"
    rf"|\([LH]\))(?![\w/]))?(?![\w/]|\s?-\s?\d|\.\d)"
)
ROW_LABEL = re.compile(
    r"(?i)[\s|*\-\u2022]*(?:(?:pod|hd|day|pp|post[- ]?op(?: day)?|wk|week)\s?#?\s?\d{1,3}|admission"
    r"|admit|discharge|preop|pre-op|postop|post-op|am|pm|today|now|current|yesterday|results?|values?|baseline"
    r"|initial|repeat|prior|previous|last)\b[\s:|=\-]*"
)


# A column head that was broken over lines: "Recent Labs   05/30/26", "0530 05/31/26".
_STACKED = re.compile(
    r"(?i)\s*(?:recent labs?|lab results?|labs?)?[\s:|]*(?:[0-2]\d:?[0-5]\d[ \t]+)?\d{1,2}/\d{1,2}/\d{2,4}\s*"
    r"|\s*[0-2]\d:?[0-5]\d\s*"
)
_LIST_HEAD = re.compile(r"(?i)\s*\|?\s*(?:date|collected|drawn)\b[^\d\n]{0,80}(?=\n|\Z)")
_CLOCK = re.compile(r"(?i)\s{1,3}\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]m\b)?")
_COLUMN_WORDS = re.compile(
    r"(?i)\b(?:component|test|name|results?|values?|ref(?:erence)?|range|units?|flags?|latest|collected|ago|wks?|mos?|yrs?"
    r"|weeks?|months?|years?|days?|date|time)\b"
)
# What heads a column in place of a date; nothing else but the title of the rows may stand on its line.
_MOMENT_HEAD = re.compile(
    r"""(?xi)(?<![\w./-])(?:(?P<month>(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?(?:\s(?:20)\d\d
    |\s?'\d\d)?)|(?:19|20)\d\d|admit|admission|discharge|day\s?\d{1,2}|pod\s?\#?\d{1,2}|today|now|baseline|prior|previous
    |current|yesterday|\d{1,2}\s?(?:mos?|months?|wks?|weeks?|yrs?|years?))(?![\w./])"""
)
_DRAWN = re.compile(r"(?i)\((?:(?:drawn|collected|done|on|of)\s)?\d{1,2}/\d{1,2}(?:/\d{2,4})?\)")
_TITLE_OF_ROWS = re.compile(r"(?i)(?:labs?|tests?|components?|analytes?|name|results?|date|month|year)?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: where its head stands on its line and what date or test it names."""

    start: int
    end: int
    date: str | None = None
    analyte: Analyte | None = None


def line_end(view: str, pos: int) -> int:
    """Return where the line of `pos` ends; at most `_MAX_LINE` further, for notes on one line."""
    at = view.find("\n", pos, pos + _MAX_LINE)
    return min(len(view), pos + _MAX_LINE) if at < 0 else at


class DateColumns:
    """Finds the line of dates above a row; each line is looked at once."""

    def __init__(self, view: str, calendar: Calendar) -> None:
        self._view = view
        self._calendar = calendar
        self._heads: dict[int, tuple[Column, ...] | None] = {}

    def above(self, line: int) -> tuple[Column, ...]:
        """Return the columns of the nearest line of dates within a table's height above `line`."""
        view, at = self._view, line
        stacked: list[Column] = []
        for _ in range(_MAX_ROWS):
            if at == 0:
                return tuple(stacked) if len(stacked) > 1 else ()
            end = at - 1
            start = view.rfind("\n", max(0, end - _MAX_LINE), end) + 1
            if end - start >= _MAX_LINE:
                return ()
            if _STACKED.fullmatch(view, start, end) is not None:
                dates = DATE.finditer(view, start, end)
                stacked[:0] = [Column(m.start(), m.end(), self._calendar.iso(m)) for m in dates]
                at = start
                continue
            if len(stacked) > 1:
                return tuple(stacked)
            stacked = []
            if start not in self._heads:
                self._heads[start] = self._columns(start, end)
            head = self._heads[start]
            if head is None:
                return ()
            if head:
                return head
            at = start
        return ()

    def _moments(self, text: str) -> tuple[Column, ...]:
        """Return the columns of a line of months or moments ("LAB Jan Feb Mar", "Admit  Day 1  Today")."""
        found = [m for m in _MOMENT_HEAD.finditer(text) if m.start() or m["month"]]
        rest = _MOMENT_HEAD.sub(" ", _DRAWN.sub(" ", text)).strip(" |\t:")
        if len(found) < 2 or _TITLE_OF_ROWS.fullmatch(rest) is None:
            return ()
        visit = self._calendar.visit
        columns: list[Column] = []
        for moment in found:
            named = DATE.match(moment.group())
            date = self._calendar.iso(named) if named is not None else None
            if moment.group().lower() in ("today", "now") and visit is not None:
                date = visit.isoformat()
            columns.append(Column(moment.start(), moment.end(), date))
        return tuple(columns)

    def _columns(self, start: int, end: int) -> tuple[Column, ...] | None:
        """Return the date columns of a line: () for what may be a row, None where a table cannot go on."""
        text = self._view[start:end]
        moments = self._moments(text)
        if moments:
            return moments
        dates = [m for m in DATE.finditer(text) if m.lastgroup != "bare"]
        rest = DATE.sub(" ", text)
        if (
            len(dates) >= 2
            and len(_SHORT_WORD.findall(_COLUMN_WORDS.sub(" ", rest))) <= 5
            and not _DECIMAL.search(rest)
        ):
            return tuple(
                Column(m.start(), m.end(), self._calendar.iso(DATE.match(self._view, start + m.start()) or m))
                for m in dates
            )
        return () if _SPLIT.search(text.strip()) or not text.strip() or len(text) < 60 else None


def read_row(
    view: str, line: int, pos: int, analyte: Analyte, name_start: int, columns: Sequence[Column]
) -> list[Reading]:
    """Return one value for each dated column of a row, [] where the row does not fit the columns."""
    end = line_end(view, pos)
    row = t.RANGE.sub(lambda m: " " * len(m.group()), view[pos:end])
    cells = list(CELL_VALUE.finditer(row))
    if not cells or len(columns) < 2:
        return []
    if analyte.drug and any(t.REFUSE.match(row, cell.end()) for cell in cells):
        return []
    if _WORD.search(_SPLIT.split(row[: cells[0].start()].strip(" |:\t"))[-1] or "") and len(cells) < 2:
        return []
    if len(cells) > len(columns):  # the reference interval stands in further columns
        cells = cells[: len(columns)]
    in_order = len(cells) == len(columns)
    readings: list[Reading] = []
    for index, cell in enumerate(cells):
        column = (
            columns[index]
            if in_order
            else _nearest(columns, pos - line + cell.start("number"), pos - line + cell.end())
        )
        if column is None:
            return []
        start, stop = pos + cell.start(), pos + cell.end()
        readings.append(read_cell(analyte, cell, start if index else name_start, stop, column.date))
    return readings


def read_cell(analyte: Analyte, cell: re.Match[str], start: int, end: int, date: str | None) -> Reading:
    """Return the value of a cell that `CELL_VALUE` matched."""
    mark = (cell["mark"] or "").strip(" ()")
    return Reading(
        analyte=analyte,
        start=start,
        end=end,
        value=to_float(cell["number"]),
        comparator=t.comparator(cell["sign"].strip()) if cell["sign"] else None,
        mark=t.mark_flag(mark[0].upper()) if mark else None,
        date=date,
        is_evident=True,
    )


def _nearest(columns: Sequence[Column], start: int, end: int) -> Column | None:
    best = min(columns, key=lambda c: abs((c.start + c.end) - (start + end)))
    return best if abs((best.start + best.end) - (start + end)) <= 24 else None


def read_list_below(view: str, pos: int, analyte: Analyte, calendar: Calendar) -> list[Reading]:
    """Read lines of one test that are each a date or a day and a value: "POD1  9.2", "10/02/25  498"."""
    readings: list[Reading] = []
    at = line_end(view, pos)
    for _ in range(_MAX_ROWS):
        if at >= len(view):
            break
        start, at = at + 1, line_end(view, at + 1)
        if not readings and _LIST_HEAD.match(view, start, at):
            continue
        if not view[start:at].strip():
            if readings:
                break
            continue
        lead = _LINE_LEAD.match(view, start, at)
        body = lead.end() if lead else start
        dated = DATE.match(view, body, at)
        label = ROW_LABEL.match(view, body, at) if dated is None else None
        if dated is None and label is None:
            break
        date = calendar.iso(dated) if dated is not None else None
        body = dated.end() if dated is not None else label.end() if label else body
        clock = _CLOCK.match(view, body, at) if dated is not None else None
        body = clock.end() if clock is not None else body
        gap = _VALUE_GAP.match(view, body, at)
        body = gap.end() if gap else body
        number = t.NUMBER.match(view, body, at)
        if number is None or not accepts(view, number, analyte):
            break
        tail = read_tail(view, number.end(), at, analyte, calendar)
        rest = view[tail.end : at].strip(" \t\r,;.|")
        if rest and _MAY_REST.match(rest) is None:
            break
        sign = view[number.start() - 1] if view[number.start() - 1] in "<>" else None
        readings.append(
            Reading(
                analyte=analyte,
                start=number.start() - bool(sign),
                end=tail.end,
                value=to_float(number.group()),
                comparator=sign,
                unit=tail.unit,
                low=tail.low,
                high=tail.high,
                mark=tail.mark,
                date=date,
                is_evident=True,
            )
        )
    return readings
