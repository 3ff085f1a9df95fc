"""Decide whether a number may be a value; read the unit, interval or date at one place."""

from __future__ import annotations

import re

from nlp.labs import tokens as t
from nlp.labs.dates import DATE, LED_ONLY, Calendar
from nlp.labs.judge import canonical_unit
from nlp.labs.load import Analyte
from nlp.labs.reading import to_float

_LIST_NUMBER = re.compile(r"[.)][ \t]{1,3}[A-Za-z]")
_PAIR = re.compile(r"[6-9]\d(?:\.\d)?/(?:[4-9]\d|1[0-3]\d)(?:\.\d)?(?![\d/])")  # no date: "MCV 97/96"
_LIST_PLACE = re.compile(r"[\r\n][ \t]{0,3}\Z|[.:;],[ \t]?\Z|[.?!][ \t]{1,3}\Z")
_TIME = re.compile(r"0\d+")  # "0455"
_MINUTES = re.compile(r":[0-5]\d")  # of "6:30"
_SPAN = re.compile(r"\s{0,2}-\s{0,2}\d")
_SLASH, _SLASH_LONG = re.compile(r"/\d"), re.compile(r"/(?=\d{3})\d")
STRENGTHS = frozenset({"ug/ml", "mg/ml", "g/ml"})  # of an ampoule: "1,000 mcg/mL"


def accepts(view: str, number: re.Match[str], analyte: Analyte) -> bool:
    """Return whether the words after a number leave it a lab value: no dose, no duration, no count."""
    end = number.end()
    if _LIST_NUMBER.match(view, end) and _LIST_PLACE.search(view, max(0, number.start() - 4), number.start()):
        return False
    if _TIME.fullmatch(number.group()) or _MINUTES.match(view, end):
        return False
    unit = unit_at(view, end, analyte)
    if unit is not None and analyte.drug and canonical_unit(unit.group()) in STRENGTHS:
        return False
    if unit is not None:
        return t.REFUSE.match(view, unit.end()) is None or unit.group() == "%"
    if t.PLURAL.match(view, end):  # "in the 90s"
        return True
    if t.SMALL_MARK.match(view, end) or t.SMALL_MARK_LAST.match(view, end):
        return True
    if view[end : end + 1].isalpha() and t.MARK.match(view, end) is None:
        return False
    if (_SLASH if len(number.group()) < 3 else _SLASH_LONG).match(view, end):
        return analyte.analyte == "mcv" and _PAIR.match(view, number.start()) is not None
    if _SPAN.match(view, end) or t.REFUSE.match(view, end) is not None:
        return False
    return not (analyte.drug and t.REFUSE_DRUG.match(view, end))


def unit_at(view: str, pos: int, analyte: Analyte) -> re.Match[str] | None:
    """Return the unit directly behind a number, None for none; a dose is no unit."""
    at = pos
    while at < pos + 4 and view[at : at + 1] in (" ", "\t"):
        at += 1
    found = t.UNIT.match(view, at)
    if found is None and analyte.analyte in ("platelets", "wbc", "rbc"):
        found = t.COUNT_UNIT.match(view, at)
    if found is None and analyte.analyte == "hemoglobin":
        found = t.GRAMS.match(view, at)
    if found is None and analyte.is_qualitative:
        found = t.ANTIBODY_UNIT.match(view, at)
    return found


def find_range(text: str) -> tuple[float | None, float | None] | None:
    """Return the interval or the one bound that a short text holds."""
    found = t.RANGE.search(text)
    if found is not None:
        low, high = to_float(found["low"]), to_float(found["high"])
        return (low, high) if low < high else None
    bound = t.BOUND.search(text)
    if bound is None:
        return None
    value = to_float(bound["bound"])
    return (None, value) if t.comparator(bound["sign"])[0] == "<" else (value, None)


def date_at(
    view: str, pos: int, limit: int, calendar: Calendar, *, led: bool
) -> tuple[str | None, int] | None:
    """Return the date at `pos` and its end; years, month names and days before one count only if `led`."""
    found = DATE.match(view, pos, limit)
    if found is None or (found.lastgroup in LED_ONLY and not led):
        return None
    return calendar.iso(found), found.end()
