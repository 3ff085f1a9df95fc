"""Read the value, and the later values, behind one name."""

from __future__ import annotations

import re

from nlp.labs import tokens as t
from nlp.labs.accept import accepts
from nlp.labs.around import Around
from nlp.labs.evidence import is_result
from nlp.labs.grids import dated_row, list_after, list_below
from nlp.labs.head import REACH, read_head
from nlp.labs.judge import is_plausible
from nlp.labs.load import Analyte
from nlp.labs.reading import Head, Hit, Reading, to_float
from nlp.labs.span import read_span
from nlp.labs.tail import read_tail
from nlp.labs.trend import read_trend, share_unit
from nlp.labs.words import left_result, read_words

_DEFICIENCY = re.compile(
    r"""(?xi)\s{1,3}(?:deficien(?:cy|t)|def\.?)\b
    (?:\s{1,3}(?:was|is|noted|found|confirmed|diagnosed|seen|anemia|on\slabs?|by\slabs?
    |on\srecent\slabs?)){0,3}\s{0,3}
    (?:[(\[,:-]\s{0,3}|with\s{1,3}(?:an?\s{1,3})?|at\s{1,3})(?:(?:serum|last|recent|her|his|the
    |a)\s{1,3}){0,2}
    (?:(?:levels?|value|lvl|b-?12)\s{0,3}(?:was|is|of|at|:|=)?\s{0,3})?(?P<sign>[<>]\s?)?(?=\d)"""
)
# A goal behind the name, with its number, and what leads to the value of today behind that.
_GOAL = re.compile(
    r"(?i)[\s:]{1,3}(?:goal|target|threshold|aim)s?(?:\s(?:is|of|above|below|over|under|at least))?[\s:]{0,3}"
    rf"(?:[<>]=?\s?)?{t.NUMBER_TEXT}(?:\s?-\s?{t.NUMBER_TEXT})?"
)
_NOW = re.compile(
    r"""(?xi)[\s,;.()-]{1,4}(?:(?:but|and|she|he|it|is|level|value)\s){0,3}
    (?:currently|current|now|today's|today|presently|at\spresent|(?:most\s)?recent|last|latest)
    (?:\s(?:value|level|one|check|hgb|hb|is|was|at|of|it|about)){0,3}[\s:=]{1,3}"""
)
# A result on a line of its own under the line of the order, with one line of the laboratory's between.
_ORDER_RESULT = re.compile(
    r"(?i)[^\n]{0,60}\n(?:[ \t]*(?:status|collected|specimen|ordered|units?)\b[^\n]{0,60}\n)?"
    r"[ \t]*results?:[ \t]*(?P<sign>[<>]\s?)?(?=\d)"
)
_BEHIND = re.compile(rf"(?<![\w.,/<>-])(?P<number>{t.NUMBER_TEXT})\s?\($")  # "101 (MCV)"
_TO_UPPER = re.compile(r"\s{0,2}(?:to|-)\s{0,2}\d")
_OWN_NUMBER = re.compile(r"\s{0,3}[:=]?\s{0,3}\d")
_DEFINES = re.compile(
    r"(?i)\b(?:deficien\w+|anemia|anaemia|ID|IDA|stores|criteri\w+|defin\w+(?:\s(?:as|by))?|cut-?offs?|thresholds?|i\.e\.)"
    r",?\s{0,2}[(\[:,]?\s?(?:i\.?e\.?,?\s|serum\s|defined\s(?:as|by)\s(?:an?\s)?|a\s|an\s|of\s|is\s|if\s)?$"
)


def read_single(around: Around, index: int, analyte: Analyte) -> list[Reading]:
    """Return the value behind hit `index` with the later ones of the same trend or list."""
    view, hit, limit = around.view, around.hits[index], around.limit(index)
    row = dated_row(around, hit, analyte)
    if row:
        return row
    behind = _named_behind(around, hit, analyte)
    if behind is not None:
        return [behind]
    head = read_head(view, hit.end, min(limit, hit.end + REACH), analyte, around.calendar)
    special = _DEFICIENCY.match(view, hit.end, limit) if analyte.analyte == "b12" and head.at < 0 else None
    if special is None and head.at < 0:
        special = _ORDER_RESULT.match(view, hit.end, limit)
    if special is not None:  # "B12 deficiency noted (142)"
        sign = t.comparator(special["sign"].strip()) if special["sign"] else None
        head = Head(at=special.end(), comparator=sign)
    number = t.NUMBER.match(view, head.at) if head.at >= 0 else None
    upper = None
    is_told = head.told and not head.changed
    if number is not None and (head.runs or is_told or not accepts(view, number, analyte)):
        upper = read_span(view, number, limit, analyte, told=head.told, runs=head.runs)
    if number is None or (upper is None and not accepts(view, number, analyte)):
        if number is not None and around.is_hypothetical(hit.start, head):  # "target Hgb 10-11, today 9.2"
            ranged = t.RANGE.match(view, number.start(), limit)
            return _now(around, ranged.end() if ranged else number.end(), analyte, limit)
        if number is not None and head.result is None:
            return _after_goal(around, hit, analyte, limit)
        listed = list_below(around, hit, analyte) or _after_goal(around, hit, analyte, limit)
        return listed or read_words(around, [hit], head)
    left, _ = left_result(around.left(hit.start))
    if left == "normal" and _TO_UPPER.match(view[number.end() : number.end() + 8]):
        return []  # "a normal ferritin is 30 to 300"
    reading = _reading(around, hit, analyte, number, head, limit)
    if around.is_hypothetical(hit.start, head) or _is_definition(around, reading):
        around.threshold = (hit.start, reading.end)
        return _now(around, reading.end if upper is None else upper.end(), analyte, limit)
    is_guess = hit.is_level or special is not None
    if not is_result(around, reading, number.group(), index, is_guess=is_guess):
        return []
    readings = [reading]
    if upper is not None:
        readings.append(_later(around, reading, upper, limit))
    later = read_trend(
        view, readings[-1], limit, around.calendar, changed=head.changed, series=head.is_series
    )
    readings = share_unit([*readings, *later])
    return readings + list_after(around, readings[-1], analyte)


def _named_behind(around: Around, hit: Hit, analyte: Analyte) -> Reading | None:
    """Return the value whose name stands in parentheses behind it: "2.1 / 8.4 / 101 (MCV) / 98"."""
    view = around.view
    if view[hit.start - 1 : hit.start] != "(" or view[hit.end : hit.end + 1] != ")":
        return None
    if _OWN_NUMBER.match(view[hit.end + 1 : hit.end + 9]):
        return None
    floor = max(around.floor, hit.start - 16)
    found = _BEHIND.search(view[floor : hit.start])
    value = to_float(found["number"]) if found is not None else 0.0
    if found is None or value in analyte.doses or is_plausible(analyte, value, None) is not True:
        return None
    start = floor + found.start()
    if analyte.drug and t.LEFT_DRUG.search(around.left(start)):
        return None
    return Reading(analyte, start, hit.end + 1, value=value, is_evident=True)


def _later(around: Around, first: Reading, number: re.Match[str], limit: int) -> Reading:
    """Return a further value of the same analyte, which starts at its own number."""
    tail = read_tail(around.view, number.end(), limit, first.analyte, around.calendar)
    return Reading(
        analyte=first.analyte,
        start=number.start(),
        end=tail.end,
        value=to_float(number.group()),
        unit=tail.unit,
        low=tail.low,
        high=tail.high,
        mark=tail.mark,
        date=tail.date,
        is_evident=True,
    )


def _now(around: Around, at: int, analyte: Analyte, limit: int) -> list[Reading]:
    """Return the present value that stands behind a goal: "goal ferritin >100, now 45"."""
    lead = _NOW.match(around.view, at, limit)
    number = t.NUMBER.match(around.view, lead.end(), limit) if lead is not None else None
    if number is None or not accepts(around.view, number, analyte):
        return []
    value = to_float(number.group())
    if is_plausible(analyte, value, None) is False:
        return []
    return [_later(around, Reading(analyte, at, at), number, limit)]


def _after_goal(around: Around, hit: Hit, analyte: Analyte, limit: int) -> list[Reading]:
    goal = _GOAL.match(around.view, hit.end, limit)
    return _now(around, goal.end(), analyte, limit) if goal is not None else []


def _is_definition(around: Around, reading: Reading) -> bool:
    """Return whether a bound tells what a word means: "iron deficiency (ferritin <30)"."""
    if t.IS_BOUND.match(around.view, reading.end):
        return True
    if reading.comparator is None:
        return False
    if t.ONLY_IF.match(around.view, reading.end) or t.LEFT_RULE.search(around.left(reading.start)):
        return True
    is_bound = reading.value in reading.analyte.thresholds and reading.date is None
    left = around.view[max(0, reading.start - 60) : reading.start]
    return is_bound and _DEFINES.search(left) is not None


def _reading(
    around: Around, hit: Hit, analyte: Analyte, number: re.Match[str], head: Head, limit: int
) -> Reading:
    tail = read_tail(around.view, number.end(), limit, analyte, around.calendar)
    left, _ = left_result(around.left(hit.start))
    plural = t.PLURAL.match(around.view, number.end())
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
        is_evident=head.evident or tail.end > (plural.end() if plural else number.end()),
        opens_row=head.date is not None and tail.date is None,
    )
