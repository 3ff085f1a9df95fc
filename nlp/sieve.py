"""Search long texts for rare patterns: first for the letters that a match must hold, then around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nlp.literals import (
    CLOSES,
    OPENS,
    LetterScan,
    bare,
    fold,
    ignores_case,
    leads,
    look_width,
    required,
    stays_in_line,
    width,
)

_FEW = 16  # so many letters are looked for one by one, which is faster than in one pass


class Sieve:
    """A pattern with the letters that it needs; finds just what the pattern finds.

    The first choice of letters is looked for, and the pattern is tried on the stretches around them that
    hold any match and all that it looks at. Where matches have no longest but keep to a line, the stretches
    are lines. A pattern without letters of its own, or without either bound, is tried on the whole text.
    """

    def __init__(
        self, pattern: re.Pattern[str], names: Iterable[str] | None = None, *, whole: bool = False
    ) -> None:
        """Read the letters off the pattern.

        Args:
            pattern: the expression.
            names: where it is made of names, whose blanks and hyphens may be written in several ways: all of
                them, in lower case. Each match then begins as one of them does.
            whole: no letter or digit may stand behind a name.
        """
        self.pattern = pattern
        self._folds = ignores_case(pattern)
        if names is not None:
            letters = frozenset(head for name in names for head in heads(name, whole=whole))
            self._leads, self._reach, self._look = True, 0, 0
            self._letters = tuple(sorted(letters))
            self._scan: LetterScan | None = LetterScan(letters)
            return
        choices = required(pattern, folds=self._folds, whole=True)
        look = look_width(pattern) + 1
        reach = width(pattern) + look
        self._reach = reach if choices and reach < _LONGEST else 0
        self._look = look if choices and look < _LONGEST and stays_in_line(pattern) else 0
        self._leads = bool(choices) and leads(pattern, choices[0], folds=self._folds)
        letters = choices[0] if choices else frozenset[str]()
        self._letters = tuple(sorted(map(bare, letters)))
        self._scan = LetterScan(letters) if len(letters) > _FEW else None

    def finditer(self, view: str, begin: int = 0) -> Iterator[re.Match[str]]:
        """Yield what `pattern.finditer(view, begin)` yields."""
        if not self._letters:
            yield from self.pattern.finditer(view, begin)
            return
        places = self._places(fold(view) if self._folds else view)
        if not places:
            return
        if self._leads:
            yield from self._at(view, places, begin)
            return
        if self._reach:
            stretches: Iterator[tuple[int, int]] = (
                (place - self._reach, place + self._reach) for place in places
            )
        elif self._look:
            stretches = self._lines(view, places)
        else:
            yield from self.pattern.finditer(view, begin)
            return
        low, high = next(stretches)
        for start, end in stretches:
            if start > high:
                yield from self.pattern.finditer(view, max(begin, low), min(high, len(view)))
                low = start
            high = end
        yield from self.pattern.finditer(view, max(begin, low), min(high, len(view)))

    def _lines(self, view: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
        """The lines of places, each with as much behind it as the pattern looks at."""
        end = -1
        for place in places:
            if place > end:
                start, end = view.rfind("\n", 0, place) + 1, view.find("\n", place)
                end = end if end >= 0 else len(view)
                yield start, end + self._look

    def _at(self, view: str, places: Iterable[int], begin: int) -> Iterator[re.Match[str]]:
        """Matches that start where their letters do."""
        for place in places:
            if place >= begin and (found := self.pattern.match(view, place)):
                yield found
                begin = found.end()

    def search(self, view: str) -> re.Match[str] | None:
        """Return what `pattern.search(view)` returns."""
        return next(self.finditer(view), None)

    def _places(self, text: str) -> list[int]:
        if self._scan is not None:
            return sorted({start for start, _, _ in self._scan.find(text)})
        places: list[int] = []
        for letters in self._letters:
            at = text.find(letters)
            while at >= 0:
                places.append(at)
                at = text.find(letters, at + 1)
        places.sort()
        return places


def heads(name: str, *, whole: bool) -> Iterator[str]:
    """Letters that a name begins with, up to where a blank or a hyphen may part its words or not."""
    plain, joint, rest = name.partition("-")
    first = _PLAIN.match(plain)
    if first is None:
        yield name[0]
        return
    if joint and first.end() == len(plain):  # "b-12" may be written "b12"
        yield OPENS + plain + CLOSES
        yield from heads(plain + rest, whole=whole)
    else:
        yield OPENS + first.group() + CLOSES * (whole or first.end() < len(plain))


_PLAIN = re.compile("[A-Za-z0-9]+")
_LONGEST = 4000
