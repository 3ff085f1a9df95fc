"""Read what stands behind a name: the number, and what belongs to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from nlp.facts import Flag
from nlp.labs import tokens as t
from nlp.labs.dates import DATE, TODAY, Calendar
from nlp.labs.load import Analyte

REACH = 240  # how far from its name a value may begin
_BLANK = re.compile(r"[ \t|:=~_\"']+|\.{3,}|-{1,3}(?=[\s\d<>.])")
_PAREN = re.compile(r"[(\[]([^()\[\]\n]{1,100})[)\]]")
_GAP = re.compile(r"[ \t|]{0,40}")
_TO_RANGE = re.compile(r"(?i)[ \t|,;]{0,40}(?:\r?\n[ \t]{0,8}(?=(?:normal|ref|reference|standard)\b))?")
_SENTENCE_END = re.compile(r"\.(?:[\s,]|$)|[;?!]")
_PREPOSITION = re.compile(
    r"(?i)[\s,]{0,3}(?:(?:on|in|from|of|as of|dated|drawn|collected|checked|done|back|this|last|during|late|early|mid|obtained|since)\s+){0,3}"
)
_DATED_WORDS = frozenset("in from of on since last this during late early mid by dated drawn".split())
_NEXT_NUMBER = re.compile(rf"\)?[\s:=|-]{{0,12}}[<>]?\s?{t.NUMBER_TEXT}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A value (or a result in words) as the text gives it, before it is judged."""

    analyte: Analyte
    start: int
    end: int
    value: float | None = None
    comparator: str | None = None
    result: str | None = None
    unit: str | None = field(default=None, repr=False)
    low: float | None = None
    high: float | None = None
    mark: Flag | None = None
    date: str | None = None
    is_evident: bool = False  # a unit, mark, range, comparator or copula shows that it is a result, not a dose


@dataclass(slots=True)
class Head:
    """What stood between a name and its number."""

    at: int = -1  # where the number starts, -1 where there is none
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    mark: Flag | None = None
    comparator: str | None = None
    result: str | None = None
    result_end: int = -1
    date: str | None = None
    changed: bool = False
    is_series: bool = False
    evident: bool = False
    crossed_line: bool = False


@dataclass(slots=True)
class Tail:
    """What stood behind a number."""

    end: int
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    mark: Flag | None = None
    marked: bool = False
    date: str | None = None


def to_float(text: str) -> float:
    """Return the number that a note writes with or without thousands commas."""
    return float(text.replace(",", ""))


def is_year(text: str) -> bool:
    """Return whether a bare number looks like a year."""
    return len(text) == 4 and text.isdigit() and 1950 <= int(text) <= 2049


def accepts(view: str, number: re.Match[str], analyte: Analyte) -> bool:
    """Return whether the words after a number leave it a lab value: no dose, no duration, no count."""
    end = number.end()
    following = view[end : end + 1]
    unit = _unit(view, end, analyte)
    if unit is not None:
        return t.REFUSE.match(view, unit.end()) is None or unit.group().lower() in ("%",)
    if following.isalpha() and t.MARK.match(view, end) is None:
        return False
    if following == "/" and view[end + 1 : end + 2].isdigit():
        return False
    if re.match(r"\s{0,2}-\s{0,2}\d", view[end : end + 5]):
        return False
    if t.REFUSE.match(view, end) is not None:
        return False
    return not (analyte.drug and t.REFUSE_DRUG.match(view, end))


def _unit(view: str, pos: int, analyte: Analyte) -> re.Match[str] | None:
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


def _find_range(text: str, loose: bool) -> tuple[float | None, float | None] | None:
    found = t.RANGE.search(text)
    if found is not None:
        low, high = to_float(found["low"]), to_float(found["high"])
        return (low, high) if low < high else None
    bound = t.BOUND.search(text) if loose else None
    if bound is None:
        return None
    value = to_float(bound["bound"])
    return (None, value) if t.comparator(bound["sign"])[0] == "<" else (value, None)


def _date_at(view: str, pos: int, limit: int, calendar: Calendar, *, led: bool) -> tuple[str | None, int] | None:
    """Return the date at `pos` and its end; years and month names count only after a preposition (`led`)."""
    found = DATE.match(view, pos, limit)
    if found is None or (found.lastgroup in ("year", "bare") and not led):
        return None
    return calendar.iso(found), found.end()


def read_head(view: str, pos: int, limit: int, analyte: Analyte, calendar: Calendar, *, pair: bool = False) -> Head:
    """Walk from the end of a name to its number.

    Few kinds of words may stand between; after any other word a number counts only behind "was", "of",
    "at" and the like, or across a gap of columns.
    """
    head, loose, last, gap = Head(), 0, "", True
    start = pos
    for _ in range(24):
        if pos >= limit:
            break
        char = view[pos]
        if char in "\r\n":
            crossed = _cross_line(view, start, pos, last, head)
            if crossed < 0:
                break
            pos, gap = crossed, True
            continue
        blank = _BLANK.match(view, pos, limit)
        if blank is not None:
            text = blank.group()
            gap = gap and loose == 0 or len(text) > 1 and ("  " in text or "\t" in text or "|" in text)
            if ":" in text or "=" in text:
                last = ":"
            pos = blank.end()
            continue
        mark = t.MARK.match(view, pos, limit) if char in "LH*[(\u2193\u2191" else None
        if mark is not None and (pos > start or char in "*\u2193\u2191"):
            head.mark, head.evident, pos = t.mark_flag(mark["mark"]), True, mark.end()
            continue
        paren = _PAREN.match(view, pos, limit)
        if paren is not None and _take_paren(paren, head, analyte, calendar, view):
            pos = paren.end()
            continue
        if char in "([":
            pos += 1
            last = last or "("
            continue
        dated = None
        if not (pair and _pair_at(view, pos)) and not _is_own_pair(view, pos, analyte):
            dated = _date_at(view, pos, limit, calendar, led=last in _DATED_WORDS)
        if dated is None and is_year(view[pos : pos + 4]) and re.match(rf"[:\s]{{1,9}}{t.NUMBER_TEXT}", view[pos + 4 : pos + 24]):
            dated = (view[pos : pos + 4], pos + 4)
        if dated is not None:
            head.date, pos = dated
            last = last if last == ":" else "date"
            continue
        sign = t.COMPARATOR.match(view, pos, limit)
        if sign is not None:
            head.comparator, head.evident, pos = t.comparator(sign.group()), True, sign.end()
            loose = max(loose, 0)
            continue
        if char.isdigit() or char == ".":
            number = t.NUMBER.match(view, pos, limit + 40)
            if number is None or number.start() >= limit:
                break
            ranged = t.RANGE.match(view, pos)
            if ranged is not None and re.match(r"\s+[<>]?\d", view[ranged.end() : ranged.end() + 8]) and loose == 0:
                head.low, head.high = to_float(ranged["low"]), to_float(ranged["high"])
                pos, gap = ranged.end(), True
                continue
            passing = t.DURATION.match(view, number.end())
            if passing is not None and last in ("at", "after", "for", "in", "x"):
                pos, loose = passing.end(), 0 if last == "at" else loose + 1
                continue
            if loose and not gap and last not in t.COPULA and last not in (":", "date", "(") and head.comparator is None:
                break
            if last in t.CHANGE:
                break
            if last == "in" or last == "the":  # "down in the 6 level"
                if not re.match(r"\s(?:level|range)\b", view[number.end() : number.end() + 8]):
                    break
            head.at = number.start()
            head.evident = head.evident or last in t.COPULA or last == ":"
            break
        result = t.RESULT.match(view, pos, limit)
        if result is not None and t.NOT_A_RESULT.match(view, result.end()) is None and (loose == 0 or last in t.COPULA):
            kind = result.lastgroup or ""
            if last in ("not", "no", "never") or (kind in ("negative", "positive") and not analyte.is_qualitative):
                break
            if head.result is None:
                head.result, head.result_end, head.mark = kind, result.end(), t.FLAG_OF.get(kind)
                head.evident = True
            pos, last = result.end(), "result"
            continue
        unit = t.UNIT.match(view, pos, limit)
        if unit is not None:
            head.unit, pos = unit.group(), unit.end()
            head.evident = True
            continue
        word = t.WORD.match(view, pos, limit)
        if word is not None:
            text = word.group().lower()
            if text.endswith(".") and text[:-1] not in ("approx", "lvl"):
                break
            text = text.rstrip(".")
            if text in t.STOP:
                break
            if text in ("level", "levels", "lvl", "count"):
                head.evident = True
            head.is_series = head.is_series or text in ("trend", "trending", "trended", "levels", "values")
            if TODAY.fullmatch(text) and calendar.visit is not None:
                head.date = calendar.visit.isoformat()
            if text in t.CHANGE:
                head.changed = True
            elif text == "from":
                head.changed = True
            elif text not in t.TIGHT:
                loose += 1
                if loose > 9:
                    break
            pos, last, gap = word.end(), text, False
            continue
        if char == "," and (head.result is None or last == "result"):
            loose, pos, gap = loose + 1, pos + 1, False
            last = last if last == ":" else ","
            continue
        if char in "*'#&/" and pos + 1 < limit and char != "#":
            loose, pos = loose + 1, pos + 1
            continue
        break
    return head


def _cross_line(view: str, start: int, pos: int, last: str, head: Head) -> int:
    """Return where reading goes on after a line end, or -1 where the value cannot be on the next line."""
    following = re.compile(r"[ \t]*(?:\r\n?|\n)[ \t]*(?:(?:\r\n?|\n)[ \t]*)?").match(view, pos)
    if following is None or head.crossed_line or head.result is not None:
        return -1
    line_start = max(view.rfind("\n", max(0, start - 200), start), view.rfind("\r", max(0, start - 200), start)) + 1
    is_one_line = following.group().count("\n") + following.group().count("\r") - following.group().count("\r\n") == 1
    wraps = is_one_line and (last in t.COPULA or pos - line_start >= 55)
    rest = view[following.end() : following.end() + 60].split("\n")[0].strip()
    stands_alone = not last.strip(":") and re.fullmatch(
        rf"(?:value:?\s*)?[<>]?\s?{t.NUMBER_TEXT}\s?(?:[a-zA-Z%/\u00b5]{{1,8}}(?:/[a-zA-Z]{{1,3}})?)?\s?[(\[]?(?:LL?|HH?|\*|low|high|normal)?[)\]]?(?:\s+[\[(]?[\d.,]+\s?-\s?[\d.,]+.{{0,12}})?",
        rest, re.IGNORECASE,
    ) is not None  # fmt: skip
    if not stands_alone and (not wraps or re.match(r"\d+[.)]\s", rest)):
        return -1
    head.crossed_line = True
    return following.end()


def _pair_at(view: str, pos: int) -> bool:
    return re.match(rf"{t.NUMBER_TEXT}\s?[%a-zA-Z]{{0,2}}\s?/\s?{t.NUMBER_TEXT}", view[pos : pos + 24]) is not None


def _is_own_pair(view: str, pos: int, analyte: Analyte) -> bool:
    """Return whether "10/30" after a hemoglobin is hemoglobin and hematocrit, not a date."""
    if analyte.analyte != "hemoglobin":
        return False
    found = re.match(rf"({t.NUMBER_TEXT})\s?/\s?({t.NUMBER_TEXT})(?![\d/])", view[pos : pos + 16])
    if found is None or _NEXT_NUMBER.match(view, pos + found.end()):
        return False
    return 2.5 <= to_float(found[2]) / max(to_float(found[1]), 0.1) <= 3.5


def _take_paren(paren: re.Match[str], head: Head, analyte: Analyte, calendar: Calendar, view: str) -> bool:
    """Take what stands in parentheses between name and number; refuse what may hold the number itself."""
    inner = paren[1].strip()
    if not any(char.isdigit() for char in inner):
        unit = t.UNIT.fullmatch(inner)
        if unit is not None:
            head.unit, head.evident = inner, True
        result = t.RESULT.fullmatch(inner)
        if result is not None and (analyte.is_qualitative or result.lastgroup in t.FLAG_OF):
            head.result, head.result_end = result.lastgroup, paren.end()
            head.mark = t.FLAG_OF.get(result.lastgroup or "")
        return len(inner) <= 40
    lead = _PREPOSITION.match(view, paren.start(1))
    found = DATE.match(view, lead.end() if lead else paren.start(1))
    if found is not None and found.end() >= paren.end(1) - 1:
        head.date = calendar.iso(found)
        return True
    bounds = _find_range(inner, loose=True)
    if bounds is not None and _NEXT_NUMBER.match(view, paren.end()):
        head.low, head.high = bounds
        head.evident = True
        return True
    return False


def read_tail(view: str, pos: int, limit: int, analyte: Analyte, calendar: Calendar) -> Tail:
    """Read unit, mark, range and date behind a number, in whatever order they stand."""
    tail = Tail(pos)
    unit = _unit(view, pos, analyte)
    if unit is not None and unit.end() <= limit + 1:
        tail.unit, tail.end = unit.group(), unit.end()
    for _ in range(6):
        end = tail.end
        if tail.unit is None and _take_later_unit(view, tail, limit):
            continue
        if not (_take_mark(view, tail, limit) or _take_range(view, tail, limit) or _take_date(view, tail, limit, calendar)):
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
    found = t.WORD_MARK.match(view, tail.end, limit)
    if found is None or (found.lastgroup not in t.FLAG_OF) or t.NOT_A_RESULT.match(view, found.end()):
        return False
    if limit < len(view) and not found.group().endswith((")", "]")) and not view[found.end() : limit].strip():
        return False  # "Hgb 9.1, low ferritin": the word belongs to the next name
    tail.mark, tail.end, tail.marked = t.FLAG_OF[found.lastgroup], found.end(), True
    return True


def _take_range(view: str, tail: Tail, limit: int) -> bool:
    if tail.low is not None or tail.high is not None:
        return False
    blanks = _TO_RANGE.match(view, tail.end)
    at = blanks.end() if blanks else tail.end
    paren = _PAREN.match(view, at, min(limit, at + 110))
    if paren is not None:
        return _take_tail_paren(paren, tail)
    words = t.REF_WORDS.match(view, at, limit)
    cued = words is not None and t.REF_CUE.search(words.group()) is not None
    if words is not None and cued:
        at = words.end()
    is_column = at - tail.end >= 2 or "\t" in view[tail.end : at] or "|" in view[tail.end : at]
    found = t.RANGE.match(view, at, limit)
    if found is not None and (cued or at > tail.end) and DATE.match(view, at) is None:
        low, high = to_float(found["low"]), to_float(found["high"])
        if low >= high or t.DURATION.match(view, found.end()) or t.REFUSE.match(view, found.end()):
            return False
        tail.low, tail.high, tail.end = low, high, found.end()
        return _take_range_unit(view, tail, limit)
    bound = t.BOUND.match(view, at, limit)
    if bound is not None and (cued or is_column):
        value = to_float(bound["bound"])
        if t.comparator(bound["sign"])[0] == "<":
            tail.high = value
        else:
            tail.low = value
        tail.end = bound.end()
        return _take_range_unit(view, tail, limit)
    return False


def _take_range_unit(view: str, tail: Tail, limit: int) -> bool:
    unit = re.compile(r"\s{0,3}").match(view, tail.end)
    found = t.UNIT.match(view, unit.end() if unit else tail.end, limit)
    if found is not None:
        tail.end = found.end()
        tail.unit = tail.unit or found.group()
    return True


def _take_tail_paren(paren: re.Match[str], tail: Tail) -> bool:
    """Take a parenthesis that holds a range, a mark in words or both; leave one that holds another value."""
    inner = paren[1]
    if TREND_CUE.search(inner) and not t.REF_CUE.search(inner):
        return False
    bounds = _find_range(inner, loose=True)
    if bounds is None:
        return False
    if DATE.search(inner) is not None and t.REF_CUE.search(inner) is None and "-" in inner and "/" in inner:
        return False
    tail.low, tail.high = bounds
    tail.end = paren.end()
    unit = t.UNIT.search(inner)
    if unit is not None and tail.unit is None:
        tail.unit = unit.group()
    if not tail.marked:
        for word in re.split(r"[\s,;]+", inner):
            if word in ("L", "H", "LL", "HH") or word.lower() in ("low", "high"):
                tail.marked, tail.mark = True, t.mark_flag(word[0].upper())
    return True


def _take_date(view: str, tail: Tail, limit: int, calendar: Calendar) -> bool:
    if tail.date is not None:
        return False
    paren = _PAREN.match(view, tail.end + (view[tail.end : tail.end + 1] == " "), limit)
    if paren is not None:
        lead = _PREPOSITION.match(view, paren.start(1))
        at = lead.end() if lead else paren.start(1)
        found = DATE.match(view, at)
        if found is None or found.end() < paren.end(1):
            return False
        tail.date, tail.end = calendar.iso(found), paren.end()
        return True
    lead = _PREPOSITION.match(view, tail.end, limit)
    at = lead.end() if lead else tail.end
    words = lead.group().strip(" ,\t\r\n") if lead else ""
    if at == tail.end or ("\n" in (lead.group() if lead else "") and not words):
        return False
    dated = _date_at(view, at, limit, calendar, led=bool(words))
    if dated is None or (not words and ("," in view[tail.end : at] or _NEXT_NUMBER.match(view, dated[1]))):
        return False
    tail.date, tail.end = dated
    return True


TREND_CUE = re.compile(
    r"(?i)\b(?:was|prior|previously|previous|prev|last|before|earlier|baseline|against|vs|versus|compared|initially|then|now|currently"
    r"|yesterday|repeat|from|down|up)\b"
)
_ARROW = re.compile(r"\s{0,3}(?:-{1,3}>|=>|\u2192|\u2794|\u27a1|\u27f6|\u00bb|>(?=\d))\s{0,3}")
_CHAIN = re.compile(
    r"(?i)[\s,;(\[-]{0,4}(?:(?:and|which|it|but|is|was|were|has|had|been|a|the|with|his|her)\s+){0,4}"
    r"(?:(?:now|down|up|decreased|increased|improved|dropped|fell|rose|risen|fallen|trending|trended|coming|slightly)\s+){0,3}"
    r"(?:was|from|prior|previous(?:ly)?|prev|last|before|earlier|baseline|against|vs\.?|versus|compared\s(?:to|with)|had been|initially|then"
    r"|now|currently|today|repeat|yesterday|followed\sby|subsequently|improved|improving|rising|increased|dropped|fell|falling|rose)\b[\s:,.]{0,3}"
    r"(?:(?:value|level|reading|one|result|check|time|visit|year|month|week|today|of|was|is|at|to|in|on|from|with|about|around|baseline|prior|it|were|a|the)[\s:]{1,2}){0,5}"
)
_TO = re.compile(r"(?i)\s{1,2}(?:(?:down|up|back|now)\s)?to\s(?:(?:about|around|now)\s)?")
_LISTED = re.compile(r"(?i)[\s,;&]{1,4}(?:and\s+|then\s+)?")
_ENDS_WELL = re.compile(
    r"(?i)\s*(?:$|[^\w\s]|(?:in|on|at|this|last|today|and|but|with|after|before|when|by|from|to|which|yesterday|months?|respectively|so|now|then|prior|previously"
    r"|ago|since|while|however|for|is|per|or|over|off|despite)\b|[\r\n])"
)


def read_trend(view: str, first: Reading, limit: int, calendar: Calendar, *, changed: bool, series: bool) -> list[Reading]:
    """Read the further values of the same analyte that stand behind its first: "11 -> 13", "(was 310 in '23)"."""
    found: list[Reading] = []
    last = first
    for _ in range(30):
        following = _next_value(view, last, limit, calendar, changed=changed or bool(found), series=series)
        if following is None:
            break
        found.append(following)
        last = following
    return found


def _next_value(
    view: str, last: Reading, limit: int, calendar: Calendar, *, changed: bool, series: bool
) -> Reading | None:
    for pattern, needs_date in ((_ARROW, False), (_CHAIN, False), (_TO, False), (_LISTED, True)):
        lead = pattern.match(view, last.end, limit)
        if lead is None or (pattern is _TO and not changed):
            continue
        at, date, led = lead.end(), None, bool(re.search(r"(?i)\b(?:in|on|from|of|last)\s*$", lead.group()))
        while view[at : at + 1] in "([" and at < limit:
            at += 1
        dated = _date_at(view, at, limit, calendar, led=led)
        if dated is not None:
            between = re.compile(r"(?i)[)\]]?[\s:=,]{0,3}(?:(?:was|is|of|it was|level|at|to)\s){0,2}").match(view, dated[1])
            date, at = dated[0], between.end() if between else dated[1]
        sign = t.COMPARATOR.match(view, at, limit)
        if sign is not None:
            at = sign.end()
            while view[at : at + 1] == " ":
                at += 1
        number = t.NUMBER.match(view, at, limit)
        if number is None or not accepts(view, number, last.analyte):
            continue
        tail = read_tail(view, number.end(), limit, last.analyte, calendar)
        if needs_date and not (date or tail.date or series):
            continue
        if tail.end == number.end():
            if is_year(number.group()) or not _ENDS_WELL.match(view[number.end() : min(limit, number.end() + 40)]):
                continue
        end = tail.end
        if view[end : end + 1] in (")", "]") and "(" in view[last.end : number.start()]:
            end += 1
        return Reading(
            analyte=last.analyte, start=number.start(), end=end, value=to_float(number.group()),
            comparator=t.comparator(sign.group()) if sign else None, unit=tail.unit, low=tail.low, high=tail.high,
            mark=tail.mark, date=tail.date or date, is_evident=True,
        )  # fmt: skip
    return None


def share_unit(readings: list[Reading]) -> list[Reading]:
    """Give the unit and range written once in a trend to its other values."""
    unit = next((r.unit for r in readings if r.unit), None)
    ranged = next((r for r in readings if r.low is not None or r.high is not None), None)
    shared = []
    for reading in readings:
        if reading.unit is None:
            reading = replace(reading, unit=unit)
        if ranged is not None and reading.low is None and reading.high is None:
            reading = replace(reading, low=ranged.low, high=ranged.high)
        shared.append(reading)
    return shared
