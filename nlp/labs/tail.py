"""Read what belongs to a number: unit, mark, range, date, in whatever order they stand behind it."""

from __future__ import annotations

import re

from nlp.labs import tokens as t
from nlp.labs.accept import date_at, find_range, unit_at
from nlp.labs.dates import DATE, Calendar
from nlp.labs.load import Analyte
from nlp.labs.reading import Tail, to_float

_GAP = re.compile(r"[ \t|]{0,40}")
_TO_RANGE = re.compile(r"(?i)[ \t|,;]{0,40}(?:\r?\n[ \t]{0,8}(?=(?:normal|ref|reference|standard)\b))?")
_PAREN = re.compile(r"[(\[]([^()\[\]\n]{1,100})[)\]]")
_LED_BY = re.compile(
    r"""(?xi)[\s,]{0,3}(?:(?:on|in|from|of|as\sof|dated|drawn|collected|checked|done|back|this|last|during|late|early
    |mid|obtained|since|noted)\s+){0,3}"""
)
_NUMBER_FOLLOWS = re.compile(rf"\)?[\s:=|-]{{0,12}}[<>]?\s?{t.NUMBER_TEXT}")
_CLOCK = re.compile(
    r"(?i)[\s,@]{1,3}(?:at\s)?\d{1,2}:?\d\d(?::\d\d)?(?:\s?[ap]m\b)?(?:\s?(?-i:[A-Z]{3,4})\b)?"
)
_DATE_OR_RANGE = re.compile(rf"[ \t]{{1,20}}(?:\d{{1,4}}[/-]\d{{1,2}}[/-]\d|{t.NUMBER_TEXT}\s?-\s?\d)")
# A date, with its time, in the last column of a line.
_DATE_COLUMN = re.compile(
    r"(?i)[ \t|]{2,40}(?P<date>\d{1,4}[/-]\d{1,2}[/-]\d{2,4})"
    r"(?:[ \t]{1,4}\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]m)?)?(?=[ \t]{0,40}(?:[\r\n]|\Z))"
)
_UNDER = re.compile(rf"\s?<\s?{t.NUMBER_TEXT}\s?")
# A prior value behind the interval in its bracket: "(nl 211-911; 2023: 290)".
_PRIOR = re.compile(r"[;,]\s{0,2}(?=(?:(?:19|20)\d\d|was|prior|prev\w*|last|before|in)\b[^()\[\]]{0,30}\d)")
_PARTS = re.compile(r"[\s,;]+")
_GOAL = re.compile(r"(?i)\b(?:goal|target|aim\w*|want\w*|keep)\b")
_BELOW_IS_LOW = re.compile(r"(?i)\b(?:deficien\w+|low|insufficien\w+|abnormal|depleted|IDA?)\b")
OTHER_VALUE = re.compile(
    r"""(?xi)\b(?:was|prior|previously|previous|prev|last|before|earlier|baseline|against|vs|versus|compared|initially
    |then|now|currently|yesterday|repeat|from|down|up)\b"""
)


def read_tail(view: str, pos: int, limit: int, analyte: Analyte, calendar: Calendar) -> Tail:
    """Read unit, mark, range and date behind a number, in whatever order they stand."""
    plural = t.PLURAL.match(view, pos)
    pos = plural.end() if plural is not None else pos
    tail = Tail(pos)
    unit = unit_at(view, pos, analyte)
    if unit is not None and unit.end() <= limit + 1:
        tail.unit, tail.end = unit.group(), unit.end()
    for _ in range(6):
        end = tail.end
        if tail.unit is None and _take_later_unit(view, tail, limit):
            continue
        if not (
            _take_mark(view, tail, limit)
            or _take_range(view, tail, limit, analyte)
            or _take_date(view, tail, limit, calendar)
        ):
            break
        if tail.unit is None:
            _take_later_unit(view, tail, limit)
        if tail.end == end:
            break
    return tail


def _take_later_unit(view: str, tail: Tail, limit: int) -> bool:
    """Take a unit that stands in a column of its own or behind the mark."""
    gap = _GAP.match(view, tail.end)
    found = t.UNIT.match(view, gap.end() if gap else tail.end)
    if found is None or found.end() > limit:
        return False
    tail.unit, tail.end = found.group(), found.end()
    return True


def _take_mark(view: str, tail: Tail, limit: int) -> bool:
    if tail.marked:
        return False
    found = t.MARK.match(view, tail.end, limit)
    if found is not None:
        tail.mark, tail.end, tail.marked = t.mark_flag(found["mark"]), found.end(), True
        return True
    found = t.SMALL_MARK.match(view, tail.end) or t.SMALL_MARK_LAST.match(view, tail.end)
    if found is not None:
        tail.mark, tail.end, tail.marked = t.mark_flag(found["mark"]), found.end("mark"), True
        return True
    found = t.WORD_MARK.match(view, tail.end, limit)
    if found is None or found.lastgroup not in t.FLAG_OF:
        return False
    is_column = found.lastgroup != "normal" and _DATE_OR_RANGE.match(view, found.end()) is not None
    if t.NOT_A_RESULT.match(view, found.end()) and not is_column:
        return False
    is_closed = limit == len(view) or found.group().endswith((")", "]")) or "\n" in view[found.end() : limit]
    if not is_closed and not view[found.end() : limit].strip():
        return False  # "Hgb 9.1, low ferritin": the word belongs to the next name
    tail.mark, tail.end, tail.marked = t.FLAG_OF[found.lastgroup], found.end(), True
    return True


def _is_prior(inner: str, analyte: Analyte) -> bool:
    """Return whether a bracket holds a value, as "(<100)" does where the reference has a lower bound."""
    return bool(analyte.drug and analyte.low) and _UNDER.fullmatch(inner) is not None


def _take_range(view: str, tail: Tail, limit: int, analyte: Analyte) -> bool:
    if tail.low is not None or tail.high is not None:
        return False
    blanks = _TO_RANGE.match(view, tail.end)
    at = blanks.end() if blanks else tail.end
    paren = _PAREN.match(view, at, min(limit, at + 110))
    if paren is not None:
        return not _is_prior(paren[1], analyte) and _take_paren(paren, tail)
    words = t.REF_WORDS.match(view, at, limit)
    is_cued = words is not None and t.REF_CUE.search(words.group()) is not None
    gap = view[tail.end : at]
    if words is not None and is_cued:
        at = words.end()
    if (is_cued or gap) and _take_interval(view, at, tail, limit):
        return True
    return (is_cued or len(gap) >= 2 or gap in ("\t", "|")) and _take_bound(view, at, tail, limit)


def _take_interval(view: str, at: int, tail: Tail, limit: int) -> bool:
    found = t.RANGE.match(view, at, limit)
    if found is None or DATE.match(view, at) is not None:
        return False
    low, high = to_float(found["low"]), to_float(found["high"])
    if low >= high or t.DURATION.match(view, found.end()) or t.REFUSE.match(view, found.end()):
        return False
    tail.low, tail.high, tail.end = low, high, found.end()
    return _take_range_unit(view, tail, limit)


def _take_bound(view: str, at: int, tail: Tail, limit: int) -> bool:
    bound = t.BOUND.match(view, at, limit)
    if bound is None:
        return False
    value = to_float(bound["bound"])
    if t.comparator(bound["sign"])[0] == "<":
        tail.high = value
    else:
        tail.low = value
    tail.end = bound.end()
    return _take_range_unit(view, tail, limit)


def _take_range_unit(view: str, tail: Tail, limit: int) -> bool:
    gap = _GAP.match(view, tail.end, tail.end + 3)
    found = t.UNIT.match(view, gap.end() if gap else tail.end, limit)
    if found is not None:
        tail.end = found.end()
        tail.unit = tail.unit or found.group()
    return True


def _take_paren(paren: re.Match[str], tail: Tail) -> bool:
    """Take a parenthesis that holds a range, a mark in words or both; leave one that holds another value."""
    inner, end = paren[1], paren.end()
    prior = _PRIOR.search(inner)
    if prior is not None:  # the trend reads on from there
        inner, end = inner[: prior.start()], paren.start(1) + prior.start()
    if OTHER_VALUE.search(inner) and not t.REF_CUE.search(inner):
        return False
    bounds = find_range(inner)
    if bounds is None or _GOAL.search(inner):
        return False
    if _BELOW_IS_LOW.search(inner) and bounds[0] is None:  # "(deficient <30)"
        bounds = (bounds[1], None)
    if DATE.search(inner) is not None and t.REF_CUE.search(inner) is None and "-" in inner and "/" in inner:
        return False
    tail.low, tail.high = bounds
    tail.end = end
    unit = t.UNIT.search(inner)
    if unit is not None and tail.unit is None:
        tail.unit = unit.group()
    if not tail.marked:
        for word in _PARTS.split(inner):
            if word in ("L", "H", "LL", "HH") or word.lower() in ("low", "high"):
                tail.marked, tail.mark = True, t.mark_flag(word[0].upper())
    return True


def _take_date(view: str, tail: Tail, limit: int, calendar: Calendar) -> bool:
    if tail.date is not None:
        return False
    paren = _PAREN.match(view, tail.end + (view[tail.end : tail.end + 1] == " "), limit)
    if paren is not None:
        lead = _LED_BY.match(view, paren.start(1))
        at = lead.end() if lead else paren.start(1)
        found = DATE.match(view, at)
        if found is None or (
            found.end() < paren.end(1) and not _CLOCK.fullmatch(view, found.end(), paren.end(1))
        ):
            return False
        tail.date, tail.end = calendar.iso(found), paren.end()
        return True
    column = _DATE_COLUMN.match(view, tail.end, limit)
    if column is not None:
        dated = date_at(view, column.start("date"), limit, calendar, led=False)
        if dated is not None:
            tail.date, tail.end = dated[0], column.end()
            return True
    lead = _LED_BY.match(view, tail.end, limit)
    at = lead.end() if lead else tail.end
    words = lead.group().strip(" ,\t\r\n") if lead else ""
    if at == tail.end or ("\n" in (lead.group() if lead else "") and not words):
        return False
    dated = date_at(view, at, limit, calendar, led=bool(words))
    if dated is None:
        return False
    clock = _CLOCK.match(view, dated[1], limit)
    end = clock.end() if clock is not None and ":" in clock.group() else dated[1]
    if not words and ("," in view[tail.end : at] or _NUMBER_FOLLOWS.match(view, end)):
        return False
    tail.date, tail.end = dated[0], end
    return True
