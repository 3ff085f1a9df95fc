"""Read the laboratory values of a note: names, then numbers, then what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nlp.facts import Flag, LabValue, SectionCategory
from nlp.labs import tokens as t
from nlp.labs.dates import Calendar, make_calendar
from nlp.labs.headings import Headings
from nlp.labs.judge import is_plausible, judge
from nlp.labs.load import Analyte, Knowledge, Name, knowledge, spelling
from nlp.labs.tables import DateColumns, line_end, read_list_below, read_row, read_rows_below
from nlp.labs.values import (
    REACH,
    Head,
    Reading,
    accepts,
    is_year,
    read_head,
    read_tail,
    read_trend,
    share_unit,
    to_float,
)
from nlp.view import normalise

if TYPE_CHECKING:
    from nlp.layout import Layout

_TOGETHER = re.compile(r"(?i)\s*(?:/|&|\+|and|,\s?and)\s*(?:an?\s|the\s)?")
_LEVEL = re.compile(
    r"(?i)\b(?:last|latest|(?:most )?recent|repeat|prior|previous|initial|current|today's|her|his|their|the|a|with|trough|serum)\s+(?:serum\s+)?(?P<level>levels?)\b"
    r"(?!\s+of\s+(?:consciousness|care|function|activity|pain))"
)
_DEFICIENCY = re.compile(
    r"(?i)\s+(?:deficien(?:cy|t)|def\.?)\b(?:\s+(?:was|is|noted|found|confirmed|diagnosed|seen|anemia|on labs?|by labs?|on recent labs?)){0,3}\s*"
    r"(?:[(\[,:-]\s*|with\s+(?:an?\s+)?|at\s+)(?:(?:serum|last|recent|her|his|the|a)\s+){0,2}(?:(?:levels?|value|lvl|b-?12)\s*(?:was|is|of|at|:|=)?\s*)?(?P<sign>[<>]\s?)?(?=\d)"
)
_LIST_RESULT = re.compile(
    r"(?i)(?:,\s*|\s+|\s-\s|:\s*)(?:(?:all|both|each)\s+)?(?:of\s+(?:which|these|them)\s+)?(?:which\s+)?(?:(?:are|were|was|is|have been|came back|returned|all|both|also)\s+){0,3}"
    r"(?P<word>normal|negative|unremarkable|within normal limits|wnl|neg|nl|low|positive|elevated)\b(?![\s-](?:dose|saline|range|limits?))"
)
_LIST_ITEM = re.compile(r"(?i)\s*(?:(?:serum|vitamin|free|total|iron|a|the|levels?|and|or|as well as|with)\s+){0,2}[a-z0-9.%'-]{1,16}(?:\s+[a-z0-9.%'-]{1,16}){0,2}\s*")
_LIST_VERBS = re.compile(r"(?i)\b(?:was|were|is|are|has|had|have|show\w*|check\w*|order\w*|sent|pending|will|recheck|if|for|due|who|no|not|on|in|to|deficien\w*|injections?|therapy|anemia|given|take\w*)\b")
_LEFT_RESULT = re.compile(rf"{t.RESULT.pattern}\s+(?:serum\s+|plasma\s+|total\s+|a\s+)?$")
_NOT_A_LEVEL = re.compile(
    r"(?i)\s*-?\s*(?:stores?|diet|intake|foods?|rich|deficien\w*|anemia|content|dose|supplement\w*|pills?|infusions?|tablets?|panel|studies|absorption|metabolism|injections?|shots?|therapy|replacement|trait|disease)\b"
)
_HISTORY = re.compile(r"(?i)\b(?:h/o|hx of|history of|r/o|rule out|risk (?:of|for)|screen\w* for|no|without|denies|any|prevent\w*)\s+(?:[a-z]+\s+){0,2}$")
_FOLLOWS = re.compile(r"(?i)[^\n]{0,60}(?:as follows|trend(?:ed)?|below|serial\w*|post-?op)\s*:?\s*$|\s*:?\s*$")


@dataclass(frozen=True, slots=True)
class Hit:
    """A name in the text. `analytes` is empty for what is not ours but ends the reach of what is."""

    start: int
    end: int
    analytes: tuple[Analyte, ...]
    stands_for: Analyte | None
    is_level: bool = False


@dataclass(frozen=True, slots=True)
class _Member:
    analyte: Analyte | None
    start: int


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
    reader = _Reader(view, knowledge(), layout, make_calendar(view, visit_date))
    readings = _without_overlap(reader.read())
    return tuple(_record(text, layout, reading, f"l{n}", note_id) for n, reading in enumerate(readings, start=1))


def find_hits(view: str, known: Knowledge) -> list[Hit]:
    """Return the names in the text, ours and those that look like ours, in text order."""
    lowered = view.lower() if view.isascii() else "".join(c.lower() if c.isascii() else c for c in view)
    hits: list[Hit] = []
    for match in known.pattern.finditer(lowered):
        start, end = match.span()
        if view[end - 1].isdigit() and view[end : end + 1].isdigit():
            continue
        if view[start] == "%" and re.search(r"\d\s?$", view[max(0, start - 2) : start]):
            continue
        name = _choose(known.names[spelling(match.group())], view[start:end])
        if name is not None and name.is_behind:
            close = hits and start - hits[-1].end <= 30 and "\n" not in view[hits[-1].end : start]
            if not (close and {a.analyte for a in hits[-1].analytes} & {"iron", "tibc", "ferritin", "transferrin"}):
                continue
        if name is not None:
            hits.append(Hit(start, end, name.analytes, name.stands_for))
    if not hits:
        return hits
    levels = [Hit(m.start("level"), m.end("level"), (), None, True) for m in _LEVEL.finditer(view, hits[0].start)]
    if levels:
        taken = [(h.start, h.end) for h in hits]
        starts = {s for s, _ in taken}
        hits = sorted([*hits, *(lv for lv in levels if lv.start not in starts)], key=lambda h: h.start)
        hits = [h for i, h in enumerate(hits) if i == 0 or h.start >= hits[i - 1].end]
    return hits


def _choose(uses: Iterable[Name], written: str) -> Name | None:
    loose = None
    for use in uses:
        if written in use.exact:
            return use
        if not use.exact:
            loose = use
    return loose


class _Reader:
    """Walks the names of one note from left to right."""

    def __init__(self, view: str, known: Knowledge, layout: Layout, calendar: Calendar) -> None:
        self._view = view
        self._layout = layout
        self._calendar = calendar
        self._hits = find_hits(view, known)
        self._headings = Headings(view, calendar)
        self._date_columns = DateColumns(view, calendar)
        self._named: tuple[Analyte | None, int] = (None, 0)  # what "the level" would be of
        self._floor = 0  # where the last value ended
        self._heading: str | None = None
        self._following: Hit | None = None
        self._was_hypothetical = -1  # end of a threshold: "ferritin <30 or Hgb <10"

    def read(self) -> list[Reading]:
        found: list[Reading] = []
        index = 0
        while index < len(self._hits):
            taken, readings = self._read_at(index)
            index += taken
            readings = self._dated(readings)
            if readings:
                self._floor = max(self._floor, readings[-1].end)
            found.extend(readings)
        return _share_dates(self._view, found)

    def _read_at(self, index: int) -> tuple[int, list[Reading]]:
        hit, view = self._hits[index], self._view
        self._following = self._hits[index + 1] if index + 1 < len(self._hits) else None
        if hit.is_level:
            analyte, at = self._named
            if analyte is None or hit.start - at > 300 or "\n\n" in view[at : hit.start]:
                return 1, []
            return 1, self._read_single(index, analyte, needs_evidence=True)
        members, count = self._group(index)
        last = self._hits[index + count - 1]
        named = last.analytes[0] if last.analytes else last.stands_for
        self._named = (named, last.end)
        if not any(member.analyte for member in members):
            return count, []
        section = self._category(hit.start)
        if section is SectionCategory.FAMILY or t.LEFT_RELATIVE.search(view[max(0, hit.start - 40) : hit.start]):
            return count, []
        columns = self._test_columns(index)
        if columns is not None:
            return columns
        if count == 1 and len(members) == 1 and members[0].analyte is not None:
            return 1, self._read_single(index, members[0].analyte, needs_evidence=False)
        return count, self._read_group(index, count, members)

    # -- names -------------------------------------------------------------------------------------------

    def _group(self, index: int) -> tuple[list[_Member], int]:
        """Return the analytes named together ("Hgb/Hct", "B12 and folate") and how many hits they take."""
        hits = self._hits
        members = self._members(hits[index])
        count = 1
        while index + count < len(hits) and count < 6:
            following = hits[index + count]
            between = self._view[hits[index + count - 1].end : following.start]
            if following.is_level or len(between) > 12 or _TOGETHER.fullmatch(between) is None:
                break
            members.extend(self._members(following))
            count += 1
        return members, count

    @staticmethod
    def _members(hit: Hit) -> list[_Member]:
        if not hit.analytes:
            return [_Member(None, hit.start)]
        return [_Member(analyte, hit.start) for analyte in hit.analytes]

    def _limit(self, index: int) -> int:
        """Return where the name after hit `index` starts: no value reaches beyond it."""
        hit = self._hits[index]
        for following in self._hits[index + 1 : index + 4]:
            if not following.is_level:
                return following.start
        return min(len(self._view), hit.end + 2 * REACH)

    def _category(self, offset: int) -> SectionCategory:
        section = self._layout.section_at(offset)
        return section.category if section is not None else SectionCategory.UNKNOWN

    def _left(self, start: int) -> str:
        left = self._view[max(self._floor, start - 70) : start]
        cut = max((m.end() for m in re.finditer(r"[.;|\n!?](?=\s|$)|\n", left)), default=0)
        return left[cut:]

    def _is_hypothetical(self, start: int, head: Head) -> bool:
        left = self._left(start)
        joined = self._was_hypothetical >= 0 and re.fullmatch(
            r"(?i)[\s,]*(?:or|and|and/or|,)?\s*(?:the\s|her\s|his\s)?", self._view[self._was_hypothetical : start]
        )
        if joined or t.LEFT_HYPOTHETICAL.search(left):
            return True
        return head.comparator is not None and head.date is None and re.search(r"(?i)\b(?:when|for|should)\s+(?:[a-z]+\s+){0,2}$", left) is not None

    # -- one name ----------------------------------------------------------------------------------------

    def _read_single(self, index: int, analyte: Analyte, *, needs_evidence: bool) -> list[Reading]:
        view, hit, limit = self._view, self._hits[index], self._limit(index)
        start = self._hits[index].start
        line = view.rfind("\n", max(0, start - 400), start) + 1
        if line and re.fullmatch(r"[\s|*\-\u2022>]*", view[line:start]):
            columns = self._date_columns.above(line)
            row = read_row(view, line, hit.end, analyte, start, columns) if columns else []
            if row:
                return row
        special = _DEFICIENCY.match(view, hit.end, limit) if analyte.analyte == "b12" else None
        head = read_head(view, hit.end, min(limit, hit.end + REACH), analyte, self._calendar)
        if special is not None and head.at < 0:
            head = Head(at=special.end(), comparator=t.comparator(special["sign"].strip()) if special["sign"] else None)
            needs_evidence = True
        number = t.NUMBER.match(view, head.at) if head.at >= 0 else None
        if number is None or not accepts(view, number, analyte):
            listed = [] if number else self._list_below(index, analyte)
            return listed or self._in_words(index, [_Member(analyte, start)], head)
        tail = read_tail(view, number.end(), limit, analyte, self._calendar)
        reading = self._reading(analyte, start, number, head, tail.end)
        reading = replace(
            reading, unit=tail.unit or head.unit, mark=tail.mark or head.mark or self._left_mark(start), date=tail.date or head.date,
            low=tail.low if tail.low is not None else head.low, high=tail.high if tail.high is not None else head.high,
            is_evident=head.evident or tail.end > number.end(),
        )  # fmt: skip
        if self._is_hypothetical(start, head) or (head.comparator and t.ONLY_IF.match(view, tail.end)):
            self._was_hypothetical = tail.end
            return []
        if not self._is_result(reading, number, needs_evidence, is_level=hit.is_level or special is not None):
            return []
        readings = share_unit([reading, *read_trend(view, reading, limit, self._calendar, changed=head.changed, series=head.is_series)])
        return readings + self._list_after(readings[-1], analyte)

    def _reading(self, analyte: Analyte, start: int, number: re.Match[str], head: Head, end: int) -> Reading:
        return Reading(
            analyte, start, end, to_float(number.group()), head.comparator,
            "undetectable" if head.result == "undetectable" else None,
        )  # fmt: skip

    def _left_mark(self, start: int) -> Flag | None:
        found = _LEFT_RESULT.search(self._left(start)[-30:])
        return t.FLAG_OF.get(found.lastgroup or "") if found else None

    def _is_result(self, reading: Reading, number: re.Match[str], needs_evidence: bool, *, is_level: bool) -> bool:
        """Return whether a number is a result, not a dose, a year, a count or a number of something else."""
        analyte, view, bare = reading.analyte, self._view, number.group()
        if analyte.is_qualitative and reading.unit is None and reading.low is None and reading.high is None:
            return False
        has_support = reading.unit is not None or reading.mark is not None or reading.low is not None or reading.high is not None
        if is_year(bare) and not has_support and reading.comparator is None and (not reading.is_evident or is_level):
            return False
        plausible = is_plausible(analyte, reading.value, reading.unit)
        if needs_evidence and plausible is not True:
            return False
        if plausible is False and analyte.plausible and reading.value is not None and not has_support:
            if analyte.drug and reading.value < analyte.plausible[0] and reading.comparator is None:
                return False
            if reading.value > 100 * analyte.plausible[1] or (reading.value > analyte.plausible[1] and is_year(bare)):
                return False
        if analyte.analyte in ("wbc", "rbc", "hemoglobin", "creatinine", "platelets") and t.LEFT_ELSEWHERE.search(self._left(reading.start)):
            return False
        if has_support or not (analyte.drug or analyte.analyte in ("hematocrit", "creatinine")):
            return True
        if self._category(reading.start) in (SectionCategory.MEDICATIONS, SectionCategory.ALLERGIES):
            return False
        if not analyte.drug or reading.is_evident:
            return True
        left = self._left(reading.start)
        if t.LEFT_DRUG.search(left):
            return False
        return reading.value not in analyte.doses or self._is_listed(reading, left)

    def _is_listed(self, reading: Reading, left: str) -> bool:
        """Return whether a bare number stands among other results, where it is no dose."""
        before = self._view[self._floor : reading.start]
        if 0 < self._floor and len(before) < 60 and ":" not in before and "\n\n" not in before:
            return True
        following = self._following
        if following is not None and following.analytes and following.start - reading.end <= 4:
            return True
        return re.search(r"(?i)\b(?:labs?|results?)\b", left) is not None

    def _list_below(self, index: int, analyte: Analyte) -> list[Reading]:
        view, hit = self._view, self._hits[index]
        end = line_end(view, hit.end)
        if re.fullmatch(r"(?i)\s*(?:levels?|values?|trend|history|results?|count)?\s*(?:trend|history)?\s*:?\s*", view[hit.end : end]):
            listed = read_list_below(view, hit.end, analyte, self._calendar)
            if len(listed) > 1:
                return listed
        return []

    def _list_after(self, last: Reading, analyte: Analyte) -> list[Reading]:
        end = line_end(self._view, last.end)
        if re.fullmatch(r"(?i)[^\n]{0,60}(?:as follows|trend|trended|serially|thereafter|below|post-?op)\s*:\s*", self._view[last.end : end]):
            return read_list_below(self._view, last.end, analyte, self._calendar)
        return []

    # -- several names -----------------------------------------------------------------------------------

    def _read_group(self, index: int, count: int, members: list[_Member]) -> list[Reading]:
        view = self._view
        last = self._hits[index + count - 1]
        limit = self._limit(index + count - 1)
        lead = next(m.analyte for m in reversed(members) if m.analyte is not None)
        head = read_head(view, last.end, min(limit, last.end + REACH), lead, self._calendar, pair=True)
        if self._is_hypothetical(self._hits[index].start, head):
            return []
        if head.at < 0:
            return self._in_words(index, members, head, count)
        numbers = self._number_row(head.at, limit, len(members))
        if len(numbers) < len(members):
            if members[-1].analyte is not None and count > 1:
                return self._read_single(index + count - 1, members[-1].analyte, needs_evidence=False)
            if count == 1 and members[0].analyte is not None:  # "H&H 14": the hemoglobin
                members = members[:1]
            else:
                return []
        found: list[Reading] = []
        first_start = self._hits[index].start
        for place, (member, number) in enumerate(zip(members, numbers, strict=False)):
            if member.analyte is None or not accepts_in_row(view, number, member.analyte):
                continue
            tail = read_tail(view, number.end(), limit, member.analyte, self._calendar)
            start = first_start if place == 0 else number.start()
            found.append(
                Reading(
                    member.analyte, start, tail.end, to_float(number.group()), head.comparator if place == 0 else None,
                    None, tail.unit, tail.low, tail.high, tail.mark, tail.date or head.date, True,
                )
            )  # fmt: skip
        return [r for r in found if is_plausible(r.analyte, r.value, r.unit) is not False]

    def _number_row(self, at: int, limit: int, count: int) -> list[re.Match[str]]:
        """Return up to `count` numbers separated by "/", "and", "&", "," or "over"."""
        numbers: list[re.Match[str]] = []
        for _ in range(count):
            number = t.NUMBER.match(self._view, at, limit)
            if number is None:
                break
            numbers.append(number)
            between = re.compile(
                r"(?i)\s?(?:%|g/dl|gms?|g|l|h|\([lh]\))?\s?(?:/|and|&|,|over|-|;)\s?(?:and\s|a\s|hct\s)?"
            ).match(self._view, number.end(), limit)
            if between is None:
                break
            at = between.end()
        return numbers

    def _test_columns(self, index: int) -> tuple[int, list[Reading]] | None:
        """Read a table whose line of heads starts with this hit, None where there is none."""
        view, first = self._view, self._hits[index]
        line = view.rfind("\n", max(0, first.start - 400), first.start) + 1
        if not re.fullmatch(r"(?i)[\s|*]*(?:date(?:/time)?|time|day|lab|drawn)?[\s|:]*", view[line : first.start]):
            return None
        end = line_end(view, first.end)
        on_line = []
        for hit in self._hits[index : index + 30]:
            if hit.start >= end:
                break
            on_line.append(hit)
        if len(on_line) < 2 or any(len(h.analytes) > 1 or h.is_level for h in on_line):
            return None
        rest, at = [], first.start
        for hit in on_line:
            rest.append(view[at : hit.start])
            at = hit.end
        rest.append(view[at:end])
        if any(char.isdigit() for char in "".join(rest)):
            return None
        heads = [(h.start, h.end, h.analytes[0] if h.analytes else None) for h in on_line]
        readings = read_rows_below(view, line, heads, self._calendar)
        return (len(on_line), readings) if readings else None

    # -- results in words --------------------------------------------------------------------------------

    def _in_words(self, index: int, members: list[_Member], head: Head, count: int = 1) -> list[Reading]:
        view = self._view
        first, last = self._hits[index], self._hits[index + count - 1]
        if first.is_level or self._is_hypothetical(first.start, head) or _NOT_A_LEVEL.match(view, last.end):
            return []
        result, end = head.result, head.result_end
        start = first.start
        if result is None:
            result, end = self._list_result(last.end)
        if result is None:
            found = _LEFT_RESULT.search(view[max(self._floor, start - 30) : start])
            if found is None or _HISTORY.search(view[max(0, start - 80) : start - len(found.group())]):
                return []
            result, end = found.lastgroup, last.end
            start -= len(found.group())
        ours = [member for member in members if member.analyte is not None]
        found_readings: list[Reading] = []
        for place, member in enumerate(ours):
            analyte = member.analyte
            if analyte is None or (result in ("negative", "positive") and not analyte.is_qualitative):
                continue
            is_last = place == len(ours) - 1
            alone = min(start, first.start) if place == 0 else member.start
            stop = end if is_last and (count == 1 or end > last.end) else self._name_end(member.start)
            found_readings.append(
                Reading(analyte, alone, max(stop, self._name_end(member.start)) if stop > alone else self._name_end(member.start),
                        result=result, mark=t.FLAG_OF.get(result or ""), date=head.date, is_evident=True)
            )  # fmt: skip
        return found_readings

    def _name_end(self, start: int) -> int:
        return next((h.end for h in self._hits if h.start == start), start)

    def _list_result(self, pos: int) -> tuple[str | None, int]:
        """Return the result that a list of tests shares: "B12 level, RPR, T4 and TSH, all of which were normal"."""
        view = self._view
        window = view[pos : pos + 160]
        window = re.split(r"[.;\n(]", window, maxsplit=1)[0]
        found = _LIST_RESULT.search(window)
        if found is None:
            return None, -1
        between = window[: found.start()]
        if any(char.isdigit() for char in re.sub(r"\b[A-Za-z]-?\d{1,2}\b", "", between)) or _LIST_VERBS.search(between):
            return None, -1
        shared = re.search(r"(?i)\b(?:all|both|each|were|are|of which)\b", found.group()) is not None or re.fullmatch(r"\s*(?:levels?)?\s*", between)
        items = [item for item in re.split(r",|/|&|\band\b", between) if item.strip()]
        if not shared and not re.search(r"\band\b|/|&", between):
            return None, -1
        if not between.strip() and found.group().lstrip().startswith(","):  # "hematocrit, and normal iron labs"
            return None, -1
        if not all(_LIST_ITEM.fullmatch(item) for item in items) or len(items) > 8:
            return None, -1
        if t.LEFT_ORDER.search(self._left(pos)):
            return None, -1
        word = found["word"].lower()
        result = {"neg": "negative", "nl": "normal", "wnl": "normal", "unremarkable": "normal", "elevated": "high",
                  "within normal limits": "normal"}.get(word, word)  # fmt: skip
        return result, pos if between.strip() and len(items) > 1 else pos + found.end()

    # -- dates -------------------------------------------------------------------------------------------

    def _dated(self, readings: list[Reading]) -> list[Reading]:
        if not readings:
            return readings
        first = readings[0]
        heading = self._headings.date_of(first.start, self._floor, self._heading)
        self._heading = heading
        if first.date is None and heading is not None:
            readings = [replace(first, date=heading), *readings[1:]]
        return readings


def accepts_in_row(view: str, number: re.Match[str], analyte: Analyte) -> bool:
    """Return whether a number of "9.7/29.8" is a value: as `accepts`, without minding the slash."""
    return t.REFUSE.match(view, number.end()) is None


def _share_dates(view: str, readings: list[Reading]) -> list[Reading]:
    """Carry a date in parentheses at the end of an undated run of values back over the run."""
    shared = list(readings)
    carried = False
    for place in range(len(shared) - 1, 0, -1):
        later, earlier = shared[place], shared[place - 1]
        carried = later.date is not None and (carried or view[later.end - 1 : later.end] == ")")
        adjacent = re.fullmatch(r"[ \t,/;|]{1,4}(?:and\s)?", view[earlier.end : later.start])
        carried = carried and earlier.date is None and adjacent is not None
        if carried:
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
    flag = judge(analyte, reading.value, reading.comparator, reading.unit, reading.low, reading.high, reading.mark)
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
