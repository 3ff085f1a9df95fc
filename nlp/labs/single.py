"""Read the value, and the later values, behind one name."""

from __future__ import annotations

import re

from nlp.labs import tokens as t
from nlp.labs.around import Around
from nlp.labs.evidence import is_result
from nlp.labs.grids import dated_row, list_after, list_below
from nlp.labs.head import REACH, accepts, read_head
from nlp.labs.load import Analyte
from nlp.labs.reading import Head, Hit, Reading, to_float
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


def read_single(around: Around, index: int, analyte: Analyte) -> list[Reading]:
    """Return the value behind hit `index` with the later ones of the same trend or list."""
    view, hit, limit = around.view, around.hits[index], around.limit(index)
    row = dated_row(around, hit, analyte)
    if row:
        return row
    head = read_head(view, hit.end, min(limit, hit.end + REACH), analyte, around.calendar)
    special = _DEFICIENCY.match(view, hit.end, limit) if analyte.analyte == "b12" and head.at < 0 else None
    if special is not None:  # "B12 deficiency noted (142)"
        sign = t.comparator(special["sign"].strip()) if special["sign"] else None
        head = Head(at=special.end(), comparator=sign)
    number = t.NUMBER.match(view, head.at) if head.at >= 0 else None
    if number is None or not accepts(view, number, analyte):
        if number is not None and head.result is None:
            return []
        return list_below(around, hit, analyte) or read_words(around, [hit], head)
    left, _ = left_result(around.left(hit.start))
    if left == "normal" and re.match(r"\s{0,2}(?:to|-)\s{0,2}\d", view[number.end() : number.end() + 8]):
        return []  # "a normal ferritin is 30 to 300"
    reading = _reading(around, hit, analyte, number, head, limit)
    if around.is_hypothetical(hit.start, head) or (head.comparator and t.ONLY_IF.match(view, reading.end)):
        around.threshold = (hit.start, reading.end)
        return []
    is_guess = hit.is_level or special is not None
    if not is_result(around, reading, number.group(), index, is_guess=is_guess):
        return []
    later = read_trend(view, reading, limit, around.calendar, changed=head.changed, series=head.is_series)
    readings = share_unit([reading, *later])
    return readings + list_after(around, readings[-1], analyte)


def _reading(
    around: Around, hit: Hit, analyte: Analyte, number: re.Match[str], head: Head, limit: int
) -> Reading:
    tail = read_tail(around.view, number.end(), limit, analyte, around.calendar)
    left, _ = left_result(around.left(hit.start))
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
