"""Search long texts for rare patterns: first for the letters that a match must hold, then around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nlp.literals import (
    CLOSES,
    OPENS,
    bare,
    fold,
    keeps_words,
    leads,
    required,
)
from nlp.pattern_nodes import ignores_case, look_width, stays_in_line, width
from nlp.scan import OF_ALL, Teller, places, told_by


class Sieve:
    """A pattern with the letters that it needs; finds just what the pattern finds.

    The first choice of letters is looked for, and the pattern is tried on the stretches around them that
    hold any match and all that it looks at. Where matches have no longest but keep to a line, the stretches
    are lines. A pattern without letters of its own, or without either bound, is tried on the whole text.
    """

    def __init__(
        self,
        pattern: re.Pattern[str],
        names: Iterable[str] | None = None,
        *,
        whole: bool = False,
        scan: Teller = OF_ALL,
    ) -> None:
        """Read the letters off the pattern.

        Args:
            pattern: the expression.
            names: where it is made of names, whose blanks and hyphens may be written in several ways: all of
                them, in lower case. Each match then begins as one of them does.
            whole: no letter or digit may stand behind a name.
            scan: who tells which letters a text may hold.
        """
        self._scan = scan
        self.pattern = pattern
        self._folds = ignores_case(pattern)
        if names is not None:
            letters = frozenset(head for name in names for head in heads(name, whole=whole))
            self._leads, self._reach, self._look = True, 0, 0
            self._take(letters)
            return
        choices = required(pattern, folds=self._folds, whole=True)
        look = look_width(pattern) + 1
        reach = width(pattern) + look
        self._reach = reach if choices and reach < _LONGEST else 0
        self._look = look if choices and look < _LONGEST and stays_in_line(pattern) else 0
        self._leads = bool(choices) and leads(pattern, choices[0], folds=self._folds)
        letters = choices[0] if choices else frozenset()
        self._take(letters if self._leads else map(_core, letters))

    def _take(self, letters: Iterable[str]) -> None:
        """Keep letters, as they stand in the text, under those by which a text may be known to hold them."""
        self._letters: dict[str, set[str]] = {}
        for written in letters:
            for told in (written, fold(written)):
                self._letters.setdefault(told_by(told), set()).add(written)
        self._told = frozenset(self._letters)
        self._scan.add(self._told)

    def finditer(self, view: str, begin: int = 0) -> Iterator[re.Match[str]]:
        """Yield what `pattern.finditer(view, begin)` yields."""
        if not self._letters:
            return self.pattern.finditer(view, begin)
        starts = self._starts(view)
        if not starts:
            return iter(())
        if self._leads:
            return self._at(view, starts, begin)
        if self._reach:
            return self._within(view, self._around(view, starts), begin)
        if self._look:
            return self._within(view, self._lines(view, starts), begin)
        return self.pattern.finditer(view, begin)

    def _within(self, view: str, stretches: Iterator[tuple[int, int]], begin: int) -> Iterator[re.Match[str]]:
        """Matches in stretches, those that touch taken together."""
        low, high = next(stretches)
        for start, end in stretches:
            if start > high:
                yield from self.pattern.finditer(view, max(begin, low), min(high, len(view)))
                low = start
            high = end
        yield from self.pattern.finditer(view, max(begin, low), min(high, len(view)))

    def _around(self, view: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
        """What a match at places can hold; of their lines where it keeps to them."""
        for place in places:
            low, high = max(place - self._reach, 0), place + self._reach
            if self._look:
                low = max(low, view.rfind("\n", low, place) + 1)
                end = view.find("\n", place, high)
                high = high if end < 0 else end + self._look
            yield low, high

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

    def leading(self, view: str) -> list[int] | None:
        """Return places, at one of which each match starts; None where letters do not tell where."""
        return self._starts(view) if self._leads else None

    def _starts(self, view: str) -> list[int]:
        """Where letters stand: all sieves ask what the same folded text holds."""
        folded = fold(view)
        told = self._told & self._scan.held(folded if self._folds or keeps_words(view) else view)
        if not told:
            return []
        # outside ASCII folding may make a letter, and with it the border of a word, of what was none
        text = folded if self._folds else view
        found = {
            start
            for known in told
            for letters in self._letters[known]
            for start, _, _ in places(text, letters)
        }
        return sorted(found)


def _core(letters: str) -> str:
    """Letters without the signs around them, which border a word: of " MD" and "(MD" one is looked for."""
    bared = bare(letters)
    inner = _OUTER_SIGNS.sub("", bared)
    if not inner:
        return letters
    opens = letters[0] == OPENS or bared[0] != inner[0]
    closes = letters[-1] == CLOSES or bared[-1] != inner[-1]
    return OPENS * opens + inner + CLOSES * closes


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
_OUTER_SIGNS = re.compile("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$")
_LONGEST = 4000
