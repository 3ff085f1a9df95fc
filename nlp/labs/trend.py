"""Read the further values of one analyte behind its first: "11 -> 13", "(was 310 in '23)"."""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.labs import tokens as t
from nlp.labs.accept import accepts, date_at
from nlp.labs.dates import Calendar
from nlp.labs.judge import is_plausible
from nlp.labs.reading import Reading, Tail, is_year, to_float
from nlp.labs.tail import read_tail

_MAX_VALUES = 30
_STEADY = frozenset({"hemoglobin", "hematocrit", "mcv", "mch", "mchc", "rdw", "rbc"})

_ARROW = re.compile(
    r"(?:\s(?:s/p|after|post-?|pre-?|at|on|in)[ \w.-]{1,20})?(?:\s?\(\d[\d/-]{2,9}\))?\s{0,3}"
    r"(?:-{1,3}>|=>|\u2192|\u2794|\u27a1|\u27f6|\u00bb|>(?=\d))\s{0,3}"
)
_CUE = re.compile(
    r"""(?xi)[\s,;(\[-]{0,4}
    (?:(?:and|which|it|but|is|was|were|has|had|been|a|the|with|his|her)\s+){0,4}
    (?:(?:now|down|up|decreased|increased|improved|dropped|fell|rose|risen|fallen|trending|trended
    |coming|slightly)\s+){0,3}
    (?:was|from|prior|previous(?:ly)?|prev|last|before|earlier|baseline|against|vs\.?|versus
    |compared\s(?:to|with)|(?:year|month|week|day|visit|check|one|value|result)s?\s(?:before|prior|earlier|ago)
      |(?:a|one|two|three|four|five|six|\d{1,2})\s(?:years?|months?|weeks?|days?|yrs?|mos?|wks?)
       \s(?:ago|before|prior|earlier|later)
      |last\s(?:year|yr|month|mo|week|wk|visit|time|spring|summer|fall|autumn|winter)
      |had\sbeen|initially|then|now|currently|today|repeat|yesterday|followed\sby|subsequently|improved
      |improving
      |rising|increased|dropped|fell|falling|rose|(?:post|pre)-?(?:op|treatment|infusion|transfusion|therapy)|nadir|peak|discharge)\b
    (?:\.?[ \t:,]{0,3}|\s{0,3})
    (?:(?:value|level|reading|one|result|check|time|visit|year|yr|month|mo|week|wk|today|of|was|is|at|to|in|on
    |from|with|about
      |around|baseline|prior|it|were|that|a|the)[\s:]{1,2}){0,5}"""
)
# A time behind a value, over which the trend goes on: "144 a year ago and now is 612".
_AGO = re.compile(
    r"(?i)\s\(?(?:(?:a|an|one|two|three|four|five|six|\d{1,2})\s(?:years?|months?|weeks?|days?|yrs?|mos?|wks?)\s(?:ago|before"
    r"|earlier)|last\s(?:year|month|week|visit|spring|summer|fall|autumn|winter))\b\)?"
)
_SERIAL = re.compile(
    rf"(?i)(?:,\s?(?:and\s)?{t.NUMBER_TEXT}){{1,8}}(?:\s(?:and\s){t.NUMBER_TEXT})?\s(?:over|across|on\sserial|in\sserial)\b"
)
_SLASH = re.compile(r"/(?=\d{1,3}(?:\.\d)?[.;,)]?(?:\s|\Z))")  # two values of one index: "MCV 97/96"
_BARE_PAREN = re.compile(r"\s?\((?=<?\s?\d[\d.,]{0,6}\))")  # "MCV 101 (108)"
# Dates of one series, each with its value, over full stops: "9/22/26: 52. 12/25: 29."
_DATED = re.compile(r"[.;,]?\s{1,2}(?=\d{1,2}/\d{1,2}(?:/\d{2,4})?\s?[:=]\s?[<>]?\d)")
_YEARS = re.compile(r"[;,.]?\s{1,2}(?:in\s)?(?P<year>(?:19|20)\d\d|'\d\d)\s?[:=]?\s{0,2}(?=[<>]?\d)")
_RUN = re.compile(
    rf"(?i)(?:,\s?(?:and\s)?{t.NUMBER_TEXT}){{1,8}}"
    rf"(?=\s?(?:[.;)](?:\s|\Z)|\r?\n|\Z|,?\s\d{{1,2}}\s(?:days?|weeks?|wks?|months?|mos?|years?|yrs?)\s(?:apart|later)\b))"
)
# What was done between two values: "14, given Venofer x5, repeat 88", "92 last year before sleeve, 310 now".
_MEANWHILE = re.compile(
    r"(?i)(?:[,;]\s)?[ ]?(?:given|got|received|after|before|following|prior to|since|s/p|post|on|w/|with|when"
    r"|started)\s[^.;,:\n()]{2,40}"
    r"(?=[,;]\s)"
)
_DAY = re.compile(r"(?i)\s?\(?(?:on|in|from|of)?\s?(?:\d{1,2}/\d{1,2}(?:/\d{2,4})?)\b(?!/)\)?")
_TO = re.compile(r"(?i)\s{1,2}(?:(?:down|up|back|now)\s)?to\s(?:(?:about|around|now)\s)?")
_LISTED = re.compile(
    r"(?i)(?:\s(?:(?:on|at)\s)?(?:admission|baseline|pre-?op|diagnosis))?[\s,;&]{1,4}(?:(?:and|then)\s(?:(?:is|was|are|now)\s)?)?"
)
_NUMERAL = re.compile(r"\d+(?:\.\d+)?")
_BEHIND_DATE = re.compile(r"(?i)[)\]]?[\s:=,(-]{0,3}(?:(?:was|is|of|it was|level|at|to)\s){0,2}")
_ON = re.compile(r"(?i)(?:again\s)?(?:on|in)\s")
_LEADS_DATE = re.compile(r"(?i)\b(?:in|on|from|of|last)\s*$")
# Words that place a listed number in time as a date does: "12 on admission, 10.1 at discharge".
_PLACED = re.compile(
    r"(?i)\s{1,2}(?:now|today|currently|yesterday|this (?:am|morning|week|month|visit)|last (?:week"
    r"|month|year|visit)"
    r"|post-?op|pre-?op|(?:(?:on|at|upon|the day of)\s)?(?:discharge|admission|d/c|baseline|follow-?up))\b"
)
_ENDS_WELL = re.compile(
    r"""(?xi)\s*(?:$|[^\w\s]|s/p\b|(?:in|on|at|this|last|today|and|but|with|after|before|when|by|from|to|which
    |yesterday|months?|respectively|so|now|then|prior|previously|ago|since|while|however|for|is|per|or
    |over|off|despite
    |(?:post|pre)(?:-?(?:op|infusion|transfusion|treatment|therapy|tx|partum))?)\b|[\r\n])"""
)


def read_trend(
    view: str, first: Reading, limit: int, calendar: Calendar, *, changed: bool, series: bool
) -> list[Reading]:
    """Return the values behind `first` that are of the same analyte, in text order.

    Args:
        view: the text.
        first: the value behind the name.
        limit: where the next name starts.
        calendar: resolves their dates.
        changed: a word of change stood before the first ("from 12 to 8"), so that "to" leads on.
        series: the name announced a series ("Hgb trend"), so that commas lead on.
    """
    found: list[Reading] = []
    last = first
    for _ in range(_MAX_VALUES):
        following = _next_value(view, last, limit, calendar, changed=changed or bool(found), series=series)
        if following is None:
            break
        found.append(following)
        last = following
    return found


def share_unit(readings: list[Reading]) -> list[Reading]:
    """Give the unit and the range that a trend writes once to all of its values."""
    unit = next((r.unit for r in readings if r.unit), None)
    ranged = next((r for r in readings if r.low is not None or r.high is not None), None)
    shared = [r if r.unit is not None else replace(r, unit=unit) for r in readings]
    if ranged is None:
        return shared
    return [
        r if r.low is not None or r.high is not None else replace(r, low=ranged.low, high=ranged.high)
        for r in shared
    ]


def _next_value(
    view: str, last: Reading, limit: int, calendar: Calendar, *, changed: bool, series: bool
) -> Reading | None:
    at = last.end + (view[last.end : last.end + 1] in (")", "]"))
    ago = _AGO.match(view, at, limit)
    at = ago.end() if ago is not None else at
    if last.unit is None and not last.has_support:
        series = series or (_RUN.match(view, at) is not None and _are_repeats(view, at, last))
    series = series or _SERIAL.match(view, at, limit) is not None
    found = _first_behind(view, at, last, limit, calendar, changed=changed, series=series)
    if found is None and (meanwhile := _MEANWHILE.match(view, at, limit)) is not None:
        found = _first_behind(view, meanwhile.end(), last, limit, calendar, changed=changed, series=False)
    return found


def _first_behind(
    view: str, at: int, last: Reading, limit: int, calendar: Calendar, *, changed: bool, series: bool
) -> Reading | None:
    for pattern in (_ARROW, _SLASH, _YEARS, _DATED, _CUE, _TO, _BARE_PAREN, _LISTED):
        lead = pattern.match(view, at, limit)
        if lead is None or (pattern is _TO and not changed):
            continue
        if pattern is _SLASH and last.analyte.analyte not in _STEADY:
            continue
        found = _value_behind(view, lead, last, limit, calendar, needs_time=pattern is _LISTED and not series)
        if found is not None and not (pattern in (_BARE_PAREN, _SLASH) and _is_far(last, found)):
            return found
    return None


def _is_far(last: Reading, found: Reading) -> bool:
    """Return whether a bare number in parentheses is too far from the value to be the one before it."""
    widest = 2.0 if last.analyte.analyte in _STEADY else 20.0
    ratio = (found.value or 0.0) / (last.value or 1.0)
    return not 1 / widest <= ratio <= widest or is_plausible(last.analyte, found.value, last.unit) is False


def _value_behind(
    view: str, lead: re.Match[str], last: Reading, limit: int, calendar: Calendar, *, needs_time: bool
) -> Reading | None:
    at, date = lead.end(), None
    while at < limit and view[at] in "([":
        at += 1
    on = _ON.match(view, at, limit)
    at = on.end() if on is not None else at
    is_led = on is not None or _LEADS_DATE.search(lead.group()) is not None
    dated = date_at(view, at, limit, calendar, led=is_led)
    if lead.re is _YEARS:
        dated = date_at(view, lead.start("year"), limit, calendar, led=True)
        dated = (dated[0], at) if dated is not None else None
    if on is not None and dated is None:
        return None
    if dated is not None:
        behind = _BEHIND_DATE.match(view, dated[1], limit)
        date, at = dated[0], behind.end() if behind is not None else dated[1]
    sign = t.COMPARATOR.match(view, at, limit)
    if sign is not None:
        at = sign.end() + (view[sign.end() : sign.end() + 1] == " ")
    number = t.NUMBER.match(view, at, limit)
    if number is None or not accepts(view, number, last.analyte):
        return None
    tail = read_tail(view, number.end(), limit, last.analyte, calendar)
    if needs_time and not (
        date
        or tail.date
        or _PLACED.match(view, tail.end, limit)
        or _AGO.match(view, tail.end, limit)
        or _DAY.match(view, tail.end, limit)
        or _DAY.search(view, number.end(), tail.end)
    ):
        return None
    if not _ends_well(view, number, tail, limit):
        return None
    return Reading(
        analyte=last.analyte,
        start=number.start(),
        end=tail.end,
        value=to_float(number.group()),
        comparator=t.comparator(sign.group()) if sign is not None else None,
        unit=tail.unit,
        low=tail.low,
        high=tail.high,
        mark=tail.mark,
        date=tail.date or date,
        is_evident=True,
    )


def _are_repeats(view: str, at: int, last: Reading) -> bool:
    """Return whether numbers listed behind a value are all as near to it as repeats are."""
    run = _RUN.match(view, at)
    numbers = [to_float(n) for n in _NUMERAL.findall(run.group())] if run is not None else []
    return all(1 / 3 <= n / (last.value or 1.0) <= 3 for n in numbers)


def _ends_well(view: str, number: re.Match[str], tail: Tail, limit: int) -> bool:
    """Return whether a bare number is followed by what may follow a value, not by a noun that it counts."""
    if tail.end > number.end():
        return True
    behind = view[number.end() : min(limit, number.end() + 40)]
    return not is_year(number.group()) and _ENDS_WELL.match(behind) is not None
