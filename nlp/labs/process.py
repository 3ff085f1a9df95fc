"""Read the laboratory values of a note: names, then numbers, then what they mean."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nlp.facts import Flag, LabValue, SectionCategory
from nlp.labs import tokens as t
from nlp.labs.dates import Calendar, make_calendar
from nlp.labs.head import REACH, accepts, read_head
from nlp.labs.headings import Headings
from nlp.labs.judge import is_plausible, judge
from nlp.labs.load import Analyte, knowledge
from nlp.labs.names import find_hits
from nlp.labs.reading import Head, Hit, Reading, is_year, to_float
from nlp.labs.tables import DateColumns, line_end, read_list_below, read_row, read_rows_below
from nlp.labs.tail import read_tail
from nlp.labs.trend import read_trend, share_unit
from nlp.labs.words import left_result, names_no_level, shared_result
from nlp.view import normalise

if TYPE_CHECKING:
    from nlp.layout import Layout

_TOGETHER = re.compile(r"(?i)\s*(?:/|&|\+|and|,\s?and)\s*(?:an?\s|the\s)?")
_BETWEEN_NUMBERS = re.compile(
    r"(?i)\s?(?:%|g/dl|gms?|g|l|h|\([lh]\))?\s?(?:/|and|&|,|over|-|;)\s?(?:and\s|a\s|hct\s)?"
)
_DEFICIENCY = re.compile(
    r"""(?xi)\s{1,3}(?:deficien(?:cy|t)|def\.?)\b
    (?:\s{1,3}(?:was|is|noted|found|confirmed|diagnosed|seen|anemia|on\slabs?|by\slabs?
    |on\srecent\slabs?)){0,3}\s{0,3}
    (?:[(\[,:-]\s{0,3}|with\s{1,3}(?:an?\s{1,3})?|at\s{1,3})(?:(?:serum|last|recent|her|his|the
    |a)\s{1,3}){0,2}
    (?:(?:levels?|value|lvl|b-?12)\s{0,3}(?:was|is|of|at|:|=)?\s{0,3})?(?P<sign>[<>]\s?)?(?=\d)"""
)
_LIST_TITLE = re.compile(r"(?i)\s{0,3}(?:(?:levels?|values?|trend|history|results?|count)\s{0,2}){0,2}:?\s*")
_LIST_FOLLOWS = re.compile(
    r"(?i)[^\n]{0,60}(?:as follows|trend|trended|serially|thereafter|below|post-?op)\s*:\s*"
)
_ROW_START = re.compile(r"[\s|*\-\u2022>]*")
_HEAD_ROW_START = re.compile(r"(?i)[\s|*]*(?:date(?:/time)?|time|day|lab|drawn)?[\s|:]*")
_PROCEDURE_CODE = re.compile(r"8\d{4}")  # "B12 82607": the code of the test
_IN_BLOOD = frozenset({"wbc", "rbc", "hemoglobin", "creatinine", "platelets"})
_LEVEL_REACH = 300
_MAX_GROUP = 6


def read_labs(
    text: str, layout: Layout, note_id: str | None = None, visit_date: str | None = None
) -> tuple[LabValue, ...]:
    """Find the laboratory values of a note, with range, flag and date.

    Values keep number and unit as written; `flag` and `plausible` compare in the units of section D and
    are None where units cannot be reconciled. Values come in text order and never overlap. A value starts
    at its name; a later one of the same trend or row is the number with what belongs to it. Thresholds,
    goals, doses and orders are no values. A list that shares one result in words ("B12, TSH and folate
    normal") gives each of ours its name as text.

    Args:
        text: the note as given.
        layout: its sections and units; values in family history are left out.
        note_id: copied into the records.
        visit_date: ISO date that fills in missing years, and "today".
    """
    view = normalise(text)
    hits = find_hits(view, knowledge())
    if not any(hit.analytes or hit.is_level for hit in hits):
        return ()
    readings = _without_overlap(_Reader(view, hits, layout, make_calendar(view, visit_date)).read())
    return tuple(_record(text, layout, r, f"l{n}", note_id) for n, r in enumerate(readings, start=1))


class _Reader:
    """Walks the names of one note from left to right."""

    def __init__(self, view: str, hits: list[Hit], layout: Layout, calendar: Calendar) -> None:
        self._view, self._hits, self._layout, self._calendar = view, hits, layout, calendar
        self._headings = Headings(view, calendar)
        self._date_columns = DateColumns(view, calendar)
        self._named: tuple[Analyte | None, int] = (None, 0)  # what "the level" would be of
        self._floor = 0  # where the last value ended
        self._heading: str | None = None
        self._threshold_start = self._threshold_end = -1  # the last threshold: "ferritin <30 or Hgb <10"

    def read(self) -> list[Reading]:
        """Return all readings of the note."""
        found: list[Reading] = []
        index = 0
        while index < len(self._hits):
            taken, readings = self._read_at(index)
            index += taken
            if self._joins_back(found):  # "TSAT <20 and ferritin <100 define iron deficiency"
                found.pop()
            if readings:
                found.extend(self._dated(readings))
                self._floor = max(self._floor, readings[-1].end)
        return _share_dates(self._view, found)

    def _joins_back(self, found: list[Reading]) -> bool:
        """Return whether the last value turns out to be half of the threshold just read."""
        if not found or found[-1].comparator is None or not found[-1].end < self._threshold_start:
            return False
        end = min(self._threshold_start, found[-1].end + 20)
        between = self._view[found[-1].end : end]
        return (
            end == self._threshold_start
            and bool(between.strip(" ,"))
            and (t.JOINS_THRESHOLD.fullmatch(between) is not None)
        )

    def _read_at(self, index: int) -> tuple[int, list[Reading]]:
        """Return how many hits were taken and what they gave."""
        hit, view = self._hits[index], self._view
        if hit.is_level:
            analyte, at = self._named
            if analyte is None or hit.start - at > _LEVEL_REACH or "\n\n" in view[at : hit.start]:
                return 1, []
            return 1, self._read_single(index, analyte)
        group = self._group(index)
        last = group[-1]
        self._named = (last.analytes[0] if last.analytes else last.stands_for, last.end)
        if not any(member.analytes for member in group) or self._is_of_family(hit.start):
            return len(group), []
        table = self._test_columns(index)
        if table is not None:
            return table
        if len(group) == 1 and len(hit.analytes) == 1:
            return 1, self._read_single(index, hit.analytes[0])
        return len(group), self._read_group(index, group)

    # -- around a name -----------------------------------------------------------------------------------

    def _group(self, index: int) -> list[Hit]:
        """Return the hits named together: "Hgb/Hct", "B12 and folate", "BUN and creatinine"."""
        group = [self._hits[index]]
        for following in self._hits[index + 1 : index + _MAX_GROUP]:
            between = self._view[group[-1].end : following.start]
            if following.is_level or len(between) > 12 or _TOGETHER.fullmatch(between) is None:
                break
            group.append(following)
        return group

    def _limit(self, index: int) -> int:
        """Return where the name after hit `index` starts: no value reaches beyond it."""
        for following in self._hits[index + 1 : index + 4]:
            if not following.is_level:
                return following.start
        return min(len(self._view), self._hits[index].end + 2 * REACH)

    def _category(self, offset: int) -> SectionCategory:
        section = self._layout.section_at(offset)
        return section.category if section is not None else SectionCategory.UNKNOWN

    def _is_of_family(self, start: int) -> bool:
        left = self._view[max(0, start - 40) : start]
        return self._category(start) is SectionCategory.FAMILY or t.LEFT_RELATIVE.search(left) is not None

    def _left(self, start: int) -> str:
        """Return the words of the same sentence and line before a name, behind the value before it."""
        left = self._view[max(self._floor, start - 70) : start]
        cut = max((m.end() for m in re.finditer(r"[.;|!?](?=\s|$)|\n", left)), default=0)
        return left[cut:]

    def _is_hypothetical(self, start: int, head: Head) -> bool:
        left = self._left(start)
        if t.LEFT_HYPOTHETICAL.search(left):
            return True
        joins = 0 <= self._threshold_end <= start <= self._threshold_end + 20
        if joins and t.JOINS_THRESHOLD.fullmatch(self._view, self._threshold_end, start):
            return True
        return head.comparator is not None and head.date is None and t.LEFT_WHEN.search(left) is not None

    # -- one name ----------------------------------------------------------------------------------------

    def _read_single(self, index: int, analyte: Analyte) -> list[Reading]:
        view, hit, limit = self._view, self._hits[index], self._limit(index)
        row = self._dated_row(hit, analyte)
        if row:
            return row
        head = read_head(view, hit.end, min(limit, hit.end + REACH), analyte, self._calendar)
        special = (
            _DEFICIENCY.match(view, hit.end, limit) if analyte.analyte == "b12" and head.at < 0 else None
        )
        if special is not None:  # "B12 deficiency noted (142)"
            sign = t.comparator(special["sign"].strip()) if special["sign"] else None
            head = Head(at=special.end(), comparator=sign)
        number = t.NUMBER.match(view, head.at) if head.at >= 0 else None
        if number is None or not accepts(view, number, analyte):
            if number is not None and head.result is None:
                return []
            return self._list_below(hit, analyte) or self._in_words([hit], head)
        left, _ = left_result(self._left(hit.start))
        if left == "normal" and re.match(r"\s{0,2}(?:to|-)\s{0,2}\d", view[number.end() : number.end() + 8]):
            return []  # "a normal ferritin is 30 to 300"
        reading = self._reading(hit, analyte, number, head, limit)
        if self._is_hypothetical(hit.start, head) or (head.comparator and t.ONLY_IF.match(view, reading.end)):
            self._threshold_start, self._threshold_end = hit.start, reading.end
            return []
        is_guess = hit.is_level or special is not None
        if not self._is_result(reading, number.group(), index, is_guess=is_guess):
            return []
        later = read_trend(view, reading, limit, self._calendar, changed=head.changed, series=head.is_series)
        readings = share_unit([reading, *later])
        return readings + self._list_after(readings[-1], analyte)

    def _reading(self, hit: Hit, analyte: Analyte, number: re.Match[str], head: Head, limit: int) -> Reading:
        tail = read_tail(self._view, number.end(), limit, analyte, self._calendar)
        left, _ = left_result(self._left(hit.start))
        has_tail_range = tail.low is not None or tail.high is not None
        return Reading(
            analyte=analyte,
            start=hit.start,
            end=tail.end,
            value=to_float(number.group()),
            comparator=head.comparator,
            result="undetectable" if head.result == "undetectable" else None,
            unit=tail.unit or head.unit,
            low=tail.low if has_tail_range else head.low,
            high=tail.high if has_tail_range else head.high,
            mark=tail.mark or head.mark or t.FLAG_OF.get(left or ""),
            date=tail.date or head.date,
            is_evident=head.evident or tail.end > number.end(),
            opens_row=head.date is not None and tail.date is None,
        )

    def _is_result(self, reading: Reading, bare: str, index: int, *, is_guess: bool) -> bool:
        """Return whether a number is a result, not a dose, a year, a count or a number of something else.

        Args:
            reading: the candidate.
            bare: its number as written.
            index: the hit that names it.
            is_guess: the name does not stand right before the number, so the number itself must convince.
        """
        analyte, support = reading.analyte, reading.has_support
        if analyte.is_qualitative and not support:
            return False
        if (
            is_year(bare)
            and not support
            and reading.comparator is None
            and (is_guess or not reading.is_evident)
        ):
            return False
        if _PROCEDURE_CODE.fullmatch(bare) and not support:
            return False
        plausible = is_plausible(analyte, reading.value, reading.unit)
        if (is_guess and plausible is not True) or (
            plausible is False and not support and _is_absurd(reading)
        ):
            return False
        left = self._left(reading.start)
        if analyte.analyte in _IN_BLOOD and t.LEFT_ELSEWHERE.search(left):
            return False
        if support or not (analyte.drug or analyte.analyte in ("hematocrit", "creatinine")):
            return True
        if self._category(reading.start) in (SectionCategory.MEDICATIONS, SectionCategory.ALLERGIES):
            return False
        if not analyte.drug or reading.is_evident:
            return True
        if t.LEFT_DRUG.search(left):
            return False
        return reading.value not in analyte.doses or self._is_listed(reading, left, index)

    def _is_listed(self, reading: Reading, left: str, index: int) -> bool:
        """Return whether a bare number stands among other results, where it is no dose."""
        before = self._view[self._floor : min(reading.start, self._floor + 61)]
        if self._floor > 0 and len(before) <= 60 and ":" not in before and "\n\n" not in before:
            return True
        following = self._hits[index + 1] if index + 1 < len(self._hits) else None
        if following is not None and following.analytes and following.start - reading.end <= 4:
            return True
        return re.search(r"(?i)\b(?:labs?|results?)\b", left) is not None

    # -- tables and lists --------------------------------------------------------------------------------

    def _line_of(self, offset: int) -> int:
        """Return where the line of `offset` starts, -1 where that is too far for a table."""
        floor = max(0, offset - 400)
        found = self._view.rfind("\n", floor, offset)
        return found + 1 if found >= 0 or floor == 0 else -1

    def _dated_row(self, hit: Hit, analyte: Analyte) -> list[Reading]:
        line = self._line_of(hit.start)
        if line <= 0 or _ROW_START.fullmatch(self._view, line, hit.start) is None:
            return []
        columns = self._date_columns.above(line)
        return read_row(self._view, line, hit.end, analyte, hit.start, columns) if columns else []

    def _test_columns(self, index: int) -> tuple[int, list[Reading]] | None:
        """Read a table whose line of heads starts with this hit, None where there is none."""
        view, first = self._view, self._hits[index]
        line, end = self._line_of(first.start), line_end(view, first.end)
        if line < 0 or _HEAD_ROW_START.fullmatch(view, line, first.start) is None:
            return None
        on_line = [hit for hit in self._hits[index : index + 30] if hit.start < end]
        if len(on_line) < 2 or any(len(h.analytes) > 1 or h.is_level for h in on_line):
            return None
        starts = [hit.start for hit in on_line[1:]] + [end]
        if any(c.isdigit() for hit, stop in zip(on_line, starts, strict=True) for c in view[hit.end : stop]):
            return None
        heads = [h.analytes[0] if h.analytes else None for h in on_line]
        readings = read_rows_below(view, line, heads, self._calendar)
        return (len(on_line), readings) if readings else None

    def _list_below(self, hit: Hit, analyte: Analyte) -> list[Reading]:
        if _LIST_TITLE.fullmatch(self._view, hit.end, line_end(self._view, hit.end)) is None:
            return []
        listed = read_list_below(self._view, hit.end, analyte, self._calendar)
        return listed if len(listed) > 1 else []

    def _list_after(self, last: Reading, analyte: Analyte) -> list[Reading]:
        if _LIST_FOLLOWS.fullmatch(self._view, last.end, line_end(self._view, last.end)) is None:
            return []
        return read_list_below(self._view, last.end, analyte, self._calendar)

    # -- several names -----------------------------------------------------------------------------------

    def _read_group(self, index: int, group: list[Hit]) -> list[Reading]:
        view, last, place = self._view, group[-1], index + len(group) - 1
        members: list[Analyte | None] = [a for hit in group for a in (hit.analytes or (None,))]
        limit = self._limit(place)
        lead = next(a for a in reversed(members) if a is not None)
        head = read_head(view, last.end, min(limit, last.end + REACH), lead, self._calendar, pair=True)
        if self._is_hypothetical(group[0].start, head):
            return []
        if head.at < 0:
            return self._in_words(group, head)
        numbers = self._number_row(head.at, limit, len(members))
        if len(numbers) < len(members):
            if len(group) > 1:
                return self._read_single(place, members[-1]) if members[-1] is not None else []
            members = members[:1]  # "H&H 14": the hemoglobin
        found: list[Reading] = []
        for position, (analyte, number) in enumerate(zip(members, numbers, strict=False)):
            if analyte is None or t.REFUSE.match(view, number.end()) is not None:
                continue
            tail = read_tail(view, number.end(), limit, analyte, self._calendar)
            if is_plausible(analyte, to_float(number.group()), tail.unit) is False:
                continue
            found.append(
                Reading(
                    analyte=analyte,
                    start=number.start() if position else group[0].start,
                    end=tail.end,
                    value=to_float(number.group()),
                    comparator=None if position else head.comparator,
                    unit=tail.unit,
                    low=tail.low,
                    high=tail.high,
                    mark=tail.mark,
                    date=tail.date or head.date,
                    is_evident=True,
                )
            )
        return found

    def _number_row(self, at: int, limit: int, count: int) -> list[re.Match[str]]:
        """Return up to `count` numbers separated by "/", "and", "&", "," or "over"."""
        numbers: list[re.Match[str]] = []
        for _ in range(count):
            number = t.NUMBER.match(self._view, at, limit)
            if number is None:
                break
            numbers.append(number)
            between = _BETWEEN_NUMBERS.match(self._view, number.end(), limit)
            if between is None:
                break
            at = between.end()
        return numbers

    # -- results in words --------------------------------------------------------------------------------

    def _in_words(self, group: list[Hit], head: Head) -> list[Reading]:
        view, first, last = self._view, group[0], group[-1]
        if first.is_level or self._is_hypothetical(first.start, head) or names_no_level(view, last.end):
            return []
        start, result, end = first.start, head.result, head.result_end
        if result is None and not t.LEFT_ORDER.search(self._left(first.start)):
            result, end = shared_result(view, last.end)
        if result is None:
            result, length = left_result(view[max(self._floor, start - 80) : start])
            start, end = start - length, last.end
        if result is None:
            return []
        readings: list[Reading] = []
        for position, hit in enumerate(group):
            for analyte in hit.analytes[:1]:
                if result in ("negative", "positive") and not analyte.is_qualitative:
                    continue
                readings.append(
                    Reading(
                        analyte=analyte,
                        start=hit.start if position else start,
                        end=max(end, hit.end) if hit is last else hit.end,
                        result=result,
                        mark=t.FLAG_OF.get(result),
                        date=head.date,
                        is_evident=True,
                    )
                )
        return readings

    # -- dates -------------------------------------------------------------------------------------------

    def _dated(self, readings: list[Reading]) -> list[Reading]:
        """Give the heading's date to what has none of its own: the first of a trend, all of a pair."""
        first = readings[0]
        heading = self._headings.date_of(first.start, self._floor, self._heading)
        self._heading = heading or (first.date if first.opens_row else None)
        if heading is None:
            return readings
        return [
            replace(r, date=heading) if r.date is None and (n == 0 or r.analyte is not first.analyte) else r
            for n, r in enumerate(readings)
        ]


def _is_absurd(reading: Reading) -> bool:
    """Return whether a bare implausible number is more likely no value at all than a typing error."""
    bounds, value = reading.analyte.plausible, reading.value
    if bounds is None or value is None:
        return False
    if reading.analyte.drug and value < bounds[0] and reading.comparator is None:
        return True
    return value > 100 * bounds[1] or (value > bounds[1] and 1950 <= value <= 2049 and value.is_integer())


def _share_dates(view: str, readings: list[Reading]) -> list[Reading]:
    """Carry a date in parentheses at the end of an undated run of values back over the run."""
    shared = list(readings)
    is_carried = False
    for place in range(len(shared) - 1, 0, -1):
        later, earlier = shared[place], shared[place - 1]
        is_carried = later.date is not None and (is_carried or view[later.end - 1 : later.end] == ")")
        between = re.fullmatch(r"[ \t,/;|]{1,4}(?:and\s)?", view[earlier.end : later.start])
        is_carried = is_carried and earlier.date is None and between is not None
        if is_carried:
            shared[place - 1] = replace(earlier, date=later.date)
    return shared


def _without_overlap(readings: list[Reading]) -> list[Reading]:
    kept: list[Reading] = []
    for reading in sorted(readings, key=lambda r: (r.start, r.end)):
        if not kept or reading.start >= kept[-1].end:
            kept.append(reading)
    return kept


def _record(text: str, layout: Layout, reading: Reading, identity: str, note_id: str | None) -> LabValue:
    unit = layout.unit_at(reading.start)
    section = layout.section_at(reading.start)
    analyte = reading.analyte
    end = reading.start + len(text[reading.start : reading.end].rstrip())
    flag: Flag | None = judge(
        analyte, reading.value, reading.comparator, reading.unit, reading.low, reading.high, reading.mark
    )
    return LabValue(
        id=identity,
        note_id=note_id,
        analyte=analyte.analyte,
        value=reading.value,
        comparator=reading.comparator,
        result=reading.result,
        unit=reading.unit,
        reference_low=reading.low,
        reference_high=reading.high,
        flag=flag,
        plausible=is_plausible(analyte, reading.value, reading.unit),
        date=reading.date,
        start=reading.start,
        end=end,
        text=text[reading.start : end],
        section=section.category if section is not None else SectionCategory.UNKNOWN,
        unit_index=unit,
        item=layout.units[unit].item if unit >= 0 else -1,
    )
