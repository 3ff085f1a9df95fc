"""Read a span of values as the two values it ends in: "MCV 84-87", "Hgb ran between 8 and 9"."""

from __future__ import annotations

import re

from nlp.labs import tokens as t
from nlp.labs.accept import accepts
from nlp.labs.judge import is_plausible
from nlp.labs.load import Analyte
from nlp.labs.reading import to_float

_DASH = re.compile(r"\s{0,2}-\s{0,2}")
_TO = re.compile(r"\s{1,2}to\s{1,2}")
_WORD = re.compile(r"\s{1,2}(?:to|and)\s{1,2}")
_TIME_FOLLOWS = re.compile(
    r"(?i)[\s,(]{1,2}(?:for|over|since|during|through|throughout|x|all|in (?:20|the))\b"
)
_NARROW, _WIDE = (
    1.25,
    3.0,
)  # the most that the upper end is of the lower: alone, and where words tell of values


def read_span(
    view: str, number: re.Match[str], limit: int, analyte: Analyte, *, told: bool, runs: bool
) -> re.Match[str] | None:
    """Return the upper end of a span that starts with `number`, None where it is an interval or a dose.

    Args:
        view: the text.
        number: the first number.
        limit: where the next name starts.
        analyte: what is measured.
        told: a verb says that this is what was found, so that a wide span counts as well.
        runs: the verb is one of spans ("ran between"), so that "and" and "to" lead on.
    """
    joined = _DASH.match(view, number.end(), limit) or (
        _WORD.match(view, number.end(), limit) if runs else None
    )
    if joined is None and told:
        joined = _TO.match(view, number.end(), limit)
        told = False  # "was 101 to 104" is a span, "went 9 to 54" a change
    upper = t.NUMBER.match(view, joined.end(), limit) if joined is not None else None
    if upper is None or not accepts(view, upper, analyte):
        return None
    low, high = to_float(number.group()), to_float(upper.group())
    widest = _WIDE if told or runs or _TIME_FOLLOWS.match(view, upper.end()) else _NARROW
    if not low < high <= widest * low or {low, high} & analyte.doses:
        return None
    if _is_interval(analyte, low, high) or not (
        is_plausible(analyte, low, None) and is_plausible(analyte, high, None)
    ):
        return None
    return upper


def _is_interval(analyte: Analyte, low: float, high: float) -> bool:
    """Return whether two numbers are about the bounds of the reference, or two thresholds."""
    if low in analyte.thresholds and high in analyte.thresholds:
        return True
    if analyte.low is None or analyte.high is None:
        return False
    return abs(low - analyte.low) <= 0.1 * analyte.low and abs(high - analyte.high) <= 0.1 * analyte.high
