"""Dates as notes write them, resolved to ISO as far as the words go."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from nlp.kinds import kinds, stretches
from nlp.pattern_nodes import width

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1)
    for name in names.split()
}  # fmt: skip
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)

# A month name without day or year (`bare`), a day before a month ("12 March": it may be the value) and a year
# alone count only where the caller finds them led.
DATE = re.compile(
    rf"""(?ix)(?<![\w./-])(?:
      (?P<iso>(?:19|20)\d\d-\d\d?(?:-\d\d?)?) (?![\d/-])
    | (?P<mdy>\d{{1,2}}[/-]\d{{1,2}}[/-](?:\d{{4}}|\d{{2}})) (?![\d/])
    | (?P<my>\d{{1,2}}/(?:19|20)\d\d) (?![\d/])
    | (?P<md>\d{{1,2}}/\d{{1,2}}) (?![\d/.%]|\s*%)
    | (?P<dmon>\d{{1,2}}[\s-]{MONTH}\.?[\s,-]{{1,2}}(?:(?:19|20)\d\d|'?\d\d(?!\d))) (?!\w)
    | (?P<mond>{MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s(?:19|20)\d\d)?) (?![\w.%/]\d|\w)
    | (?P<mony>{MONTH}\.?,?(?:\sof)?[\s-]?(?:(?:19|20)\d\d|'\d\d)) (?!\w)
    | (?P<daymon>\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{MONTH}) (?![\w'])
    | (?P<bare>{MONTH}) (?![\w'])
    | (?P<year>(?:19[5-9]|20[0-4])\d) (?![\w,/.]*\d|\w)
    | (?P<short>'\d\d) (?!\w)
    )"""
)
_NUMERAL, _WORD = re.compile(r"\d+"), re.compile(r"[a-z]{3,}")
# A part of each date, in lower case, each way by its first sign, so that the search leaps to it.
_PART = re.compile(r"/(?<=\d/)\d|-(?<=\d-)\d|'\d|19\d|20\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")
LED_ONLY = frozenset({"year", "bare", "daymon"})
_FULL = re.compile(r"(?<![\w./-])\d{1,4}[/-]\d{1,2}[/-]\d{2,4}(?![\w/-])")
# In each of those, by kinds: the last part behind the one before it.
_LAST_PART = re.compile(rb"/00(?:(?<=0/0/00)|(?<=0/00/00))")
_BEHIND = 6  # code points of that with the sign before it and what is looked at behind it
_BEFORE = width(_FULL) - _BEHIND + 1
TODAY = re.compile(r"(?i)\btoday\b")


def dates_in(text: str) -> Iterator[re.Match[str]]:
    """Yield what `DATE.finditer(text)` yields; most lines hold no part of a date."""
    if text.isascii() and _PART.search(text.lower()) is None:
        return iter(())
    return DATE.finditer(text)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Fills in what dates leave out, from the visit date or the full dates of the same note."""

    visit: date | None
    places: tuple[int, ...] = ()
    full: tuple[date, ...] = field(default=(), repr=False)

    def nearest(self, offset: int) -> date | None:
        """Return the visit date, else the full date written last before `offset`, else the first after."""
        if self.visit is not None or not self.full:
            return self.visit
        return self.full[max(0, bisect_right(self.places, offset) - 1)]

    def iso(self, match: re.Match[str]) -> str | None:
        """Return what a match of `DATE` means as `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, None without a year."""
        kind, text = match.lastgroup or "", match.group().lower()
        numbers = [int(n) for n in _NUMERAL.findall(text)]
        word = _WORD.search(text)
        month = _MONTHS.get(word.group(), 0) if word else 0
        if kind == "iso":
            return _format(*numbers)
        if kind == "mdy":
            first, second, year = numbers
            return _format(_century(year), first, second) or _format(_century(year), second, first)
        if kind == "my":
            return _format(numbers[1], numbers[0])
        if kind == "md":
            return self._month_day(numbers[0], numbers[1], match.start())
        if kind == "dmon":
            return _format(_century(numbers[1]), month, numbers[0])
        if kind == "mond":
            if len(numbers) == 2:
                return _format(numbers[1], month, numbers[0])
            return self._recent(month, numbers[0], match.start())
        if kind == "daymon":
            return self._recent(month, numbers[0], match.start())
        if kind == "mony":
            return _format(_century(numbers[0]), month)
        if kind == "bare":
            found = self._recent(month, 1, match.start())
            return found[:7] if found else None
        return str(_century(numbers[0]))

    def _month_day(self, first: int, second: int, offset: int) -> str | None:
        if not 1 <= first <= 12:
            return None
        around = self.nearest(offset)
        if second > 31 or second == 0:
            return _format(2000 + second, first) if 0 < second <= 49 else None
        day = self._recent(first, second, offset)
        # "2/26" in a note of 2026 is 26 February or February 2026: what both readings share is the month.
        if (
            around is not None
            and day is not None
            and second == around.year % 100
            and int(day[:4]) == around.year
        ):
            return day[:7]
        return day

    def _recent(self, month: int, day: int, offset: int) -> str | None:
        around = self.nearest(offset)
        if around is None:
            return None
        options = [
            d for d in (_date(around.year + shift, month, day) for shift in (-1, 0, 1)) if d is not None
        ]
        if self.visit is not None:  # a result is of the visit's day or before; a week of grace for late notes
            options = [d for d in options if d <= self.visit + timedelta(days=7)]
            return max(options).isoformat() if options else None
        return min(options, key=lambda d: abs(d - around)).isoformat() if options else None


def make_calendar(view: str, visit_date: str | None) -> Calendar:
    """Return the calendar of a note; full dates are collected only where no visit date is given."""
    visit = _parse(visit_date)
    if visit is not None:
        return Calendar(visit)
    places: list[int] = []
    full: list[date] = []
    blank = Calendar(None)
    for match in _full_dates(view):
        found = DATE.match(view, match.start())
        day = _parse(blank.iso(found)) if found is not None else None
        if day is not None:
            places.append(match.start())
            full.append(day)
    return Calendar(None, tuple(places), tuple(full))


def _full_dates(view: str) -> Iterator[re.Match[str]]:
    """Yield what `_FULL.finditer(view)` yields, tried only around what may be its last part."""
    parts = (part.start() for part in _LAST_PART.finditer(kinds(view)))
    for low, high in stretches(parts, _BEFORE, _BEHIND):
        yield from _FULL.finditer(view, low, high)


def _century(year: int) -> int:
    if year >= 100:
        return year
    return 2000 + year if year < 50 else 1900 + year


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _format(year: int, month: int = 0, day: int = 0) -> str | None:
    if day:
        found = _date(year, month, day)
        return found.isoformat() if found else None
    if month:
        return f"{year:04d}-{month:02d}" if 1 <= month <= 12 else None
    return f"{year:04d}"


def _parse(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
