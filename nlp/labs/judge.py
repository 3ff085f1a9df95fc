"""Units and bounds: where a value lies, and whether it can be true."""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.facts import Flag
from nlp.labs.load import Analyte

_SPELLINGS = (
    (re.compile(r"µ|\bmc(?=g|mol|l)"), "u"),
    (re.compile(r"\bgms?\b|\bgrams?\b"), "g"),
    (re.compile(r"\bdeciliters?\b"), "dl"),
    (re.compile(r"\s+"), ""),
    (re.compile(r"^(?:percent|pct)$"), "%"),
    (re.compile(r"per"), "/"),
    (re.compile(r"/cu\.?mm|/mm3|/cumm|/mm\^3|/mcl"), "/ul"),
    (re.compile(r"x?10[e^*]*(\d+)/"), r"10^\1/"),
    (re.compile(r"^(?:k|thou|thousands?|th|10\^3)(?:/ul)?$"), "10^3/ul"),
    (re.compile(r"^(?:m|mill|millions?|mil|10\^6)(?:/ul)?$"), "10^6/ul"),
    (re.compile(r"^f(?:emto)?l(?:iters?)?$"), "fl"),
    (re.compile(r"ml/min.*"), "ml/min"),
    (re.compile(r"^cu\.?(?:um|microns?)$|^um\^?3$"), "um3"),
)


@lru_cache(maxsize=1024)  # units are short, and few
def canonical_unit(written: str) -> str:
    """Return one spelling for the spellings of a unit: `mcg/dL` and `µg/dl` are both `ug/dl`."""
    text = written.lower()
    for pattern, plain in _SPELLINGS:
        text = pattern.sub(plain, text)
    return text


def factor(analyte: Analyte, written: str) -> float | None:
    """Return what a value in the written unit is multiplied by to compare it, None for an unknown unit."""
    unit = canonical_unit(written)
    for known, times in analyte.units.items():
        if canonical_unit(known) == unit:
            return times
    return None


def _reading(analyte: Analyte, value: float, unit: str | None) -> float | None:
    """Return the value in the analyte's own unit; without a unit, by the first unit that makes sense."""
    if unit is not None:
        times = factor(analyte, unit)
        return None if times is None else value * times
    if analyte.plausible is None:
        return value
    low, high = analyte.plausible
    # "Hb 120" is g/L and "WBC 6200" a count per uL (D-3); a B12 without a unit is read as pg/mL only (D-1).
    for times in analyte.units.values():
        if low <= value * times <= high and (times == 1.0 or not analyte.drug):
            return value * times
    return value


def is_plausible(analyte: Analyte, value: float | None, unit: str | None) -> bool | None:
    """Return whether the value lies within the bounds of section D; None where that cannot be told."""
    if value is None or analyte.plausible is None:
        return None
    reading = _reading(analyte, value, unit)
    return None if reading is None else analyte.plausible[0] <= reading <= analyte.plausible[1]


def _place(value: float, comparator: str | None, low: float | None, high: float | None) -> Flag | None:
    if low is None and high is None:
        return None
    below, above = comparator in ("<", "<="), comparator in (">", ">=")
    if below:
        if low is not None and value <= low:
            return Flag.LOW
        return Flag.NORMAL if not low and high is not None and value <= high else None
    if above:
        if high is not None and value >= high:
            return Flag.HIGH
        return Flag.NORMAL if high is None and low is not None and value >= low else None
    if low is not None and value < low:
        return Flag.LOW
    if high is not None and value > high:
        return Flag.HIGH
    return Flag.NORMAL


def judge(
    analyte: Analyte,
    value: float | None,
    comparator: str | None,
    unit: str | None,
    low: float | None,
    high: float | None,
    mark: Flag | None,
) -> Flag | None:
    """Return where a value lies: by the printed mark, else the printed range, else the reference interval.

    A printed range is taken in the unit of the value. None where no mark and no range is printed and the
    unit cannot be reconciled or the value makes no sense in it.
    """
    if mark is not None:
        return mark
    if value is None:
        return None
    if low is not None or high is not None:
        return _place(value, comparator, low, high)
    reading = _reading(analyte, value, unit)
    if reading is None:
        return None
    if unit is None and analyte.plausible and not analyte.plausible[0] <= reading <= analyte.plausible[1]:
        return None
    return _place(reading, comparator, analyte.low, analyte.high)
