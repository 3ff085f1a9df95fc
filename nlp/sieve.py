"""Search long texts for rare patterns: first for the letters that a match must hold, then around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nlp.literals import LetterScan, bare, fold, ignores_case, leads, look_width, required, width

_FEW = 16  # so many letters are looked for one by one, which is faster than in one pass


class Sieve:
    """A pattern with the letters that it needs; finds just what the pattern finds.

    The first choice of letters is looked for, and the pattern is tried on the stretches around them that
    hold any match and all that it looks at. A pattern without letters of its own, or whose matches have
    no longest, is tried on the whole text.
    """

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self._folds = ignores_case(pattern)
        choices = required(pattern, folds=self._folds, whole=True)
        reach = width(pattern) + look_width(pattern) + 1
        self._reach = reach if choices and reach < _LONGEST else 0
        self._leads = bool(choices) and leads(pattern, choices[0])
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
        if not self._reach:
            yield from self.pattern.finditer(view, begin)
            return
        low, high = -1, -1
        for place in places:
            if high >= 0 and place - self._reach > high:
                yield from self.pattern.finditer(view, low, high)
                low = -1
            low = max(begin, place - self._reach) if low < 0 else low
            high = min(len(view), place + self._reach)
        yield from self.pattern.finditer(view, low, high)

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
            return [start for start, _, _ in self._scan.find(text)]
        places: list[int] = []
        for letters in self._letters:
            at = text.find(letters)
            while at >= 0:
                places.append(at)
                at = text.find(letters, at + 1)
        places.sort()
        return places


_LONGEST = 4000
