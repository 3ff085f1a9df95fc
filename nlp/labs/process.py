"""Read the laboratory values of a note: names, then numbers, then what they mean."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nlp.facts import Flag, LabValue, SectionCategory
from nlp.labs import tokens as t
from nlp.labs.around import Around
from nlp.labs.dates import make_calendar
from nlp.labs.fishbone import may_be_drawn, read_fishbones
from nlp.labs.grids import columns_below
from nlp.labs.group import find_group, read_group
from nlp.labs.headings import Headings
from nlp.labs.judge import is_plausible, judge
from nlp.labs.load import Analyte, knowledge
from nlp.labs.names import find_hits, may_name_ours
from nlp.labs.reading import Reading
from nlp.labs.repair import mend_digits
from nlp.labs.single import read_single
from nlp.labs.words import LEFT_RESULT
from nlp.steps import spend
from nlp.view import normalise

if TYPE_CHECKING:
    from nlp.layout import Layout

_LEVEL_REACH = 300
_IN_RUN = re.compile(r"[ \t,/;|]{1,4}(?:and\s)?")


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
    known, view = knowledge(), normalise(text)
    spend(len(view))
    if not (may_name_ours(view, known) or may_be_drawn(view)):
        return ()  # nearly as many as not
    view = mend_digits(view)
    hits = find_hits(view, known)
    spend(200 * len(hits))
    drawn = read_fishbones(view, known)
    if not (drawn or hits):
        return ()
    around = Around(view, hits, layout, make_calendar(view, visit_date))
    readings = _without_overlap([*drawn, *_Reader(around).read()])
    return tuple(_record(text, layout, r, f"l{n}", note_id) for n, r in enumerate(readings, start=1))


def compile_results() -> None:
    """Compile what is asked of the words before a name, so that no note has to wait for it."""
    for told in (LEFT_RESULT, t.LEFT_HYPOTHETICAL, t.LEFT_ORDER, t.LEFT_ELSEWHERE, t.LEFT_RELATIVE):
        told.prepare()


class _Reader:
    """Walks the names of one note from left to right."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self._headings = Headings(around.view, around.calendar)
        self._named: tuple[Analyte | None, int] = (None, 0)  # what "the level" would be of
        self._heading: str | None = None

    def read(self) -> list[Reading]:
        """Return all readings of the note."""
        around = self._around
        found: list[Reading] = []
        index = 0
        while index < len(around.hits):
            taken, readings = self._read_at(index)
            index += taken
            if self._joins_back(found):  # "TSAT <20 and ferritin <100 define iron deficiency"
                found.pop()
            if readings:
                found.extend(self._dated(readings))
                around.floor = max(around.floor, readings[-1].end)
        return _share_dates(around.view, found)

    def _joins_back(self, found: list[Reading]) -> bool:
        """Return whether the last value turns out to be half of the threshold just read."""
        start = self._around.threshold[0]
        if not found or found[-1].comparator is None or not found[-1].end < start <= found[-1].end + 20:
            return False
        between = self._around.view[found[-1].end : start]
        return bool(between.strip(" ,")) and t.JOINS_THRESHOLD.fullmatch(between) is not None

    def _read_at(self, index: int) -> tuple[int, list[Reading]]:
        """Return how many hits were taken and what they gave."""
        around = self._around
        hit = around.hits[index]
        if hit.is_level:
            analyte, at = self._named
            if analyte is None or hit.start - at > _LEVEL_REACH or "\n\n" in around.view[at : hit.start]:
                return 1, []
            return 1, read_single(around, index, analyte)
        group = find_group(around, index)
        last = group[-1]
        self._named = (last.analytes[0] if last.analytes else last.stands_for, last.end)
        if not any(member.analytes for member in group) or around.is_of_family(hit.start):
            return len(group), []
        table = columns_below(around, index)
        if table is not None:
            return table
        if len(group) == 1 and len(hit.analytes) == 1:
            return 1, read_single(around, index, hit.analytes[0])
        return len(group), read_group(around, index, group)

    def _dated(self, readings: list[Reading]) -> list[Reading]:
        """Give the heading's date to what has none of its own: the first of a trend, all of a pair."""
        first = readings[0]
        heading = self._headings.date_of(first.start, self._around.floor, self._heading)
        self._heading = heading or (first.date if first.opens_row else None)
        if heading is None:
            return readings
        return [
            replace(r, date=heading) if r.date is None and (n == 0 or r.analyte is not first.analyte) else r
            for n, r in enumerate(readings)
        ]


def _share_dates(view: str, readings: list[Reading]) -> list[Reading]:
    """Carry a date in parentheses at the end of an undated run of values back over the run."""
    shared = list(readings)
    is_carried = False
    for place in range(len(shared) - 1, 0, -1):
        later, earlier = shared[place], shared[place - 1]
        is_carried = later.date is not None and (is_carried or view[later.end - 1 : later.end] == ")")
        between = _IN_RUN.fullmatch(view[earlier.end : later.start])
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
    place = layout.unit_at(reading.start)
    section = layout.section_at(reading.start)
    analyte = reading.analyte
    written = text[reading.start : reading.end].rstrip()
    end = reading.start + len(written)
    for opened, closed in ("()", "[]"):
        if text[end : end + 1] == closed and written.count(opened) > written.count(closed):
            end += 1
    value, comparator, unit = reading.value, reading.comparator, reading.unit
    flag: Flag | None = judge(analyte, value, comparator, unit, reading.low, reading.high, reading.mark)
    return LabValue(  # by position: there may be many
        identity,
        note_id,
        analyte.analyte,
        value,
        comparator,
        reading.result,
        unit,
        reading.low,
        reading.high,
        flag,
        is_plausible(analyte, value, unit),
        reading.date,
        reading.start,
        end,
        text[reading.start : end],
        section.category if section is not None else SectionCategory.UNKNOWN,
        place,
        layout.units[place].item if place >= 0 else -1,
    )
