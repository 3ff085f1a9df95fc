"""Walk from a name to its number."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from string import ascii_letters, digits

from nlp.labs import between as b
from nlp.labs import tokens as t
from nlp.labs.accept import STRENGTHS, date_at, find_range, unit_at
from nlp.labs.dates import DATE, MONTH, TODAY, Calendar
from nlp.labs.judge import canonical_unit
from nlp.labs.load import Analyte
from nlp.labs.reading import Head, is_year, to_float
from nlp.openings import first_signs

REACH = 240  # how far from its name a value may begin
_MAX_STEPS = 24
_MAX_LOOSE = 9


def read_head(
    view: str, pos: int, limit: int, analyte: Analyte, calendar: Calendar, *, pair: bool = False
) -> Head:
    """Walk from the end of a name to its number.

    Few kinds of words may stand between; after any other word a number counts only behind "was", "of",
    "at" and the like, or across a gap of columns.

    Args:
        view: the text.
        pos: where the name ends.
        limit: where the next name starts, or where reach ends.
        analyte: what is named.
        calendar: resolves dates on the way.
        pair: two names share the numbers, so that "9/27" is a pair and not a date.
    """
    return _Walk(view, pos, limit, analyte, calendar, pair).run()


class _Walk:
    """One walk; each step takes what it knows and moves `pos`, or leaves it to the next."""

    def __init__(
        self, view: str, pos: int, limit: int, analyte: Analyte, calendar: Calendar, pair: bool
    ) -> None:
        self.view, self.start, self.pos, self.limit = view, pos, pos, limit
        self.analyte, self.calendar, self.pair = analyte, calendar, pair
        self.head = Head()
        self.loose = 0  # words that say nothing about a value
        self.last = ""  # the last word or sign that mattered
        self.gap = True  # a gap of columns, or nothing, stands before `pos`
        self.crossed = False
        self.ended = False

    def run(self) -> Head:
        steps_at = self._steps_at()
        for _ in range(_MAX_STEPS):
            if self.pos >= self.limit:
                break
            char = self.view[self.pos]
            for step in steps_at.get(char, self._STEPS):
                if step(self, char):
                    break
            else:
                break
            if self.ended:
                break
        return self.head

    def _end(self) -> bool:
        self.ended = True
        return True

    def _line_break(self, char: str) -> bool:
        if char not in "\r\n":
            return False
        following = b.LINE_BREAK.match(self.view, self.pos)
        if following is None or self.crossed or self.head.result is not None:
            return self._end()
        view, text = self.view, following.group()
        floor = max(0, self.start - 200)
        line = max(view.rfind("\n", floor, self.start) + 1, floor)
        rest = view[following.end() : following.end() + 60].split("\n", 1)[0].strip()
        breaks = text.count("\n") + text.count("\r") - text.count("\r\n")
        wraps = breaks == 1 and (self.last in t.COPULA or self.pos - line >= 55)
        stands_alone = (
            self.last in ("", ":", "level", "lvl") and self.loose == 0 and b.ALONE.fullmatch(rest) is not None
        )
        if not stands_alone and (not wraps or b.NUMBERED.match(rest)):
            return self._end()
        self.crossed, self.gap, self.pos = True, True, following.end()
        return True

    def _blanks(self, _: str) -> bool:
        blank = b.BLANK.match(self.view, self.pos, self.limit)
        if blank is None:
            return False
        text = blank.group()
        self.gap = (self.gap and self.loose == 0) or "  " in text or "\t" in text or "|" in text
        if ":" in text or "=" in text:
            self.last = ":"
        self.pos = blank.end()
        return True

    def _mark(self, char: str) -> bool:
        if char not in "LH*[(\u2193\u2191" or (self.pos == self.start and char not in "*\u2193\u2191"):
            return False
        mark = t.MARK.match(self.view, self.pos, self.limit)
        if mark is None:
            return False
        self.head.mark, self.head.evident, self.pos = t.mark_flag(mark["mark"]), True, mark.end()
        return True

    def _paren(self, char: str) -> bool:
        """Take a parenthesis between name and number, unless it may hold the number itself."""
        paren = b.PAREN.match(self.view, self.pos, self.limit) if char in "([" else None
        if paren is None:
            return False
        inner, head = paren[1].strip(), self.head
        if not any(c.isdigit() for c in inner):
            if t.UNIT.fullmatch(inner):
                head.unit, head.evident = inner, True
            result = t.RESULT.fullmatch(inner)
            kind = result.lastgroup if result else None
            if kind is not None and (self.analyte.is_qualitative or kind in t.FLAG_OF):
                head.result, head.result_end, head.mark = kind, paren.end(), t.FLAG_OF.get(kind)
            self.pos = paren.end()
            return len(inner) <= 40
        if b.CODE.fullmatch(inner) and t.UNIT.search(inner) is None:  # "(XaIw9)"
            self.pos = paren.end()
            return True
        lead = b.LED_BY.match(self.view, paren.start(1))
        found = DATE.match(self.view, lead.end() if lead else paren.start(1))
        bounds = find_range(inner)
        if found is not None and found.end() >= paren.end(1) - 1:
            head.date = self.calendar.iso(found)
        elif bounds is not None and b.GOAL.search(inner):
            pass  # "(goal 50-100)": neither a value nor an interval
        elif bounds is not None and b.NUMBER_FOLLOWS.match(self.view, paren.end()):
            (head.low, head.high), head.evident = bounds, True
        else:
            return False
        self.pos = paren.end()
        return True

    def _opener(self, char: str) -> bool:
        if char not in "([":
            return False
        self.pos += 1
        if self.last in ("", "since") or (self.head.told and b.ONLY_NUMBER.match(self.view, self.pos)):
            self.last = "("  # "B12 was fine (511)"
        return True

    def _is_pair(self) -> bool:
        """Return whether "10/30" is hemoglobin and hematocrit, not a date."""
        found = b.PAIR.match(self.view, self.pos, self.pos + 24)
        if found is None or self.pair or self.analyte.analyte != "hemoglobin":
            return found is not None and self.pair
        if b.NUMBER_FOLLOWS.match(self.view, found.end()):
            return False
        return 2.5 <= to_float(found[2]) / max(to_float(found[1]), 0.1) <= 3.5

    def _date(self, _: str) -> bool:
        dated = None
        if not self._is_pair():
            dated = date_at(self.view, self.pos, self.limit, self.calendar, led=self.last in b.DATE_WORDS)
        if dated is None and self.head.comparator is None:
            column = b.YEAR_COLUMN.match(self.view, self.pos, self.pos + 30)
            dated = (column[1], column.end(1)) if column is not None and is_year(column[1]) else None
        if dated is None:
            return False
        self.head.date, self.pos = dated
        self.last = self.last if self.last == ":" else "date"
        return True

    def _clock(self, char: str) -> bool:
        """Step over a time of day."""
        clock = b.CLOCK.match(self.view, self.pos, self.limit) if char.isdigit() else None
        if clock is None and char == "0":
            clock = b.FOOTNOTE.match(self.view, self.pos)
        if clock is None and char.isdigit() and self.head.date is not None:
            clock = b.CLOCK_COLUMN.match(self.view, self.pos, self.pos + 20)
        if clock is None:
            return False
        self.pos = clock.end()
        return True

    def _moment(self, _: str) -> bool:
        """Step over "at referral", "on admission"."""
        moment = b.MOMENT.match(self.view, self.pos, self.limit)
        if moment is None:
            return False
        self.pos, self.last, self.gap = moment.end(), "at", False
        return True

    def _decade(self, _: str) -> bool:
        """Take "in the low 200s" as the number it names; a decade of years has an apostrophe before it."""
        decade = b.DECADE.match(self.view, self.pos, self.limit)
        if decade is None or self.loose or self.view[max(0, self.pos - 1)] == "'":
            return False
        self.head.at, self.head.evident = decade.start("number"), self.head.evident or self.head.told
        return self._end()

    def _comparator(self, _: str) -> bool:
        sign = t.COMPARATOR.match(self.view, self.pos, self.limit)
        if sign is None:
            return False
        self.head.comparator, self.head.evident, self.pos = t.comparator(sign.group()), True, sign.end()
        return True

    def _number(self, char: str) -> bool:
        if not (char.isdigit() or char == "."):
            return False
        number = t.NUMBER.match(self.view, self.pos, self.limit + 40)
        if number is None:
            return self._end()
        if self._range_first() or self._passing_time(number):
            return True
        is_bound = (
            self.last in t.COPULA
            or self.last in (":", "date", "(", "level", "levels", "value")
            or self.head.comparator is not None
        )
        value, bounds = to_float(number.group()), self.analyte.plausible
        if self.last in t.CHANGE and bounds is not None and value < bounds[0]:  # "up 1.2 to 10.4"
            self.pos = number.end()
            return True
        if self.head.comparator is not None and self.last in b.OF_REFERENCE:
            return self._end()
        if (self.loose and not self.gap and not is_bound) or not self._fits_last(number):
            return self._end()
        self.head.at = number.start()
        self.head.evident = self.head.evident or self.last in t.COPULA or self.last == ":"
        return self._end()

    def _range_first(self) -> bool:
        """Take "232 - 1245 pg/mL" where the value stands behind it."""
        ranged = t.RANGE.match(self.view, self.pos)
        if ranged is None or self.loose:
            return False
        at = ranged.end()
        gap = self.view[at : at + 8]
        unit = t.UNIT.match(self.view, at + len(gap) - len(gap.lstrip(" \t")))
        at = unit.end() if unit is not None else at
        if not b.VALUE_FOLLOWS.match(self.view[at : at + 14]):
            return False
        self.head.low, self.head.high = to_float(ranged["low"]), to_float(ranged["high"])
        self.head.unit = unit.group() if unit is not None else self.head.unit
        self.pos, self.gap = at, True
        return True

    def _passing_time(self, number: re.Match[str]) -> bool:
        """Step over "at 9 wk" and "3 days ago"."""
        time = t.DURATION.match(self.view, number.end())
        if time is None:
            return False
        ago = b.AGO.match(self.view[time.end() : time.end() + 10])
        if ago is None and self.last not in ("at", "after", "for", "in"):
            return False
        if self.last == "in" and ago is None and not b.TOLD_AFTER.match(self.view, time.end()):
            return self._end()  # "ferritin in 3 months": an order
        self.loose = 0 if self.last == "at" or ago else self.loose + 1
        self.pos = time.end() + (ago.end() if ago else 0)
        return True

    def _fits_last(self, number: re.Match[str]) -> bool:
        behind = self.view[number.end() : number.end() + 12]
        if self.last in t.CHANGE:  # "dropped 2 points" is no value, "improved 4 to 54" is two
            return b.TO_NUMBER.match(behind) is not None
        if self.last in ("in", "the"):  # "down in the 6 level"
            return b.LEVEL_OR_RANGE.match(behind) is not None
        return True

    def _result(self, _: str) -> bool:
        found = t.RESULT.match(self.view, self.pos, self.limit)
        if found is None or t.NOT_A_RESULT.match(self.view, found.end()):
            return False
        if self.loose and self.last not in t.COPULA:
            return False
        kind = found.lastgroup or ""
        if self.last in ("not", "no", "never") or (
            kind in ("negative", "positive") and not self.analyte.is_qualitative
        ):
            return self._end()
        if self.head.result is None:
            self.head.result, self.head.result_end = kind, found.end()
            self.head.mark, self.head.evident = t.FLAG_OF.get(kind), True
        self.pos, self.last = found.end(), "result"
        return True

    def _unit(self, _: str) -> bool:
        unit = t.UNIT.match(self.view, self.pos, self.limit)
        if unit is None:
            return False
        self.head.unit, self.head.evident, self.pos = unit.group(), True, unit.end()
        return True

    def _word(self, _: str) -> bool:
        word = t.WORD.match(self.view, self.pos, self.limit)
        if word is None:
            return False
        text = word.group().lower()
        if text.endswith(".") and text not in ("approx.", "lvl."):
            return self._end()
        text = text.rstrip(".")
        if text in t.STOP:
            return self._end()
        head = self.head
        head.evident = head.evident or text in ("level", "levels", "lvl", "count")
        head.is_series = head.is_series or text in ("trend", "trending", "trended", "levels", "values")
        head.runs = head.runs or text in t.RUNS
        head.told = head.told or text in t.COPULA or text in t.CHANGE or text in b.TELLING
        head.changed = head.changed or text in t.CHANGE or text == "from"
        if self.calendar.visit is not None and TODAY.fullmatch(text):
            head.date = self.calendar.visit.isoformat()
        is_title = text in ("hx", "history") and self.view[word.end() : word.end() + 1] == ":"
        if not is_title and text not in t.TIGHT and text not in t.CHANGE:
            self.loose += 1
        self.pos, self.last, self.gap = word.end(), text, False
        return self.loose <= _MAX_LOOSE or self._end()

    def _comma(self, char: str) -> bool:
        if char != "," or (self.head.result is not None and self.last != "result"):
            return False
        if self.last == "date" and b.ENDS_STATEMENT.match(self.view, self.pos):
            pass  # "B12 checked 3/26, 188."
        elif b.SPECIMEN.match(self.view, self.pos) is None and not self._measures():
            self.loose += 1
        self.pos, self.gap = self.pos + 1, False
        self.last = self.last if self.last in (":", "date") else ","
        return True

    def _measures(self) -> bool:
        """Return whether a number with a unit of its own follows the comma: "Vit B12, 121 pg/mL"."""
        number = b.COMMA_NUMBER.match(self.view, self.pos, self.limit) if self.pos == self.start else None
        if number is None:
            return False
        unit = unit_at(self.view, number.end(), self.analyte)
        return unit is not None and canonical_unit(unit.group()) not in STRENGTHS

    def _noise(self, char: str) -> bool:
        if char == "@":
            self.pos, self.last = self.pos + 1, "at"
            return True
        if char in ")]" and self.pos == self.start:  # the name itself stands in parentheses: "(MCV) 69"
            self.pos += 1
            return True
        if char not in "*&/":
            return False
        self.loose, self.pos = self.loose + 1, self.pos + 1
        return True

    # Signs go before numbers, dates before numbers, results before plain words.
    _STEPS = (
        _line_break, _blanks, _mark, _paren, _opener, _clock, _date, _moment, _decade, _comparator, _number,
        _result, _unit, _word, _comma, _noise,
    )  # fmt: skip
    _AT_DIGIT = (_clock, _date, _decade, _number, _unit)

    @classmethod
    @cache
    def _steps_at(cls) -> dict[str, tuple[Callable[[_Walk, str], bool], ...]]:
        """Return the steps that an ASCII letter or digit can open: most signs on the way are one."""
        by_letter = (
            (cls._mark, frozenset("lh")),
            (cls._date, first_signs(re.compile(MONTH, re.IGNORECASE))),
            (cls._moment, first_signs(b.MOMENT)),
            (cls._decade, first_signs(re.compile(f"{b.DECADE_LEAD}0", re.IGNORECASE))),
            (cls._comparator, first_signs(t.COMPARATOR)),
            (cls._result, first_signs(t.RESULT)),
            (cls._unit, first_signs(t.UNIT)),
            (cls._word, None),
        )
        found = {
            letter: tuple(step for step, signs in by_letter if signs is None or letter.lower() in signs)
            for letter in ascii_letters
        }
        return {**found, **dict.fromkeys(digits, cls._AT_DIGIT)}
