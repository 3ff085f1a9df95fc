"""Names are tried only where their first letters stand, and if another of their words may stand too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from nlp.literals import OPENS, bare, fold
from nlp.memory import of_note
from nlp.scan import ALNUM, held, look_for, places
from nlp.sieve import heads

_WORD = re.compile("[a-z0-9]+")
_asked: set[str] = set()  # the letters of all names
_DOTTED_I = "\u0130"  # ignore-case takes it for an i, of which `fold` knows nothing


@dataclass(frozen=True, slots=True)
class Head:
    """How a name begins.

    Attributes:
        letters: those that it begins with, as `nlp.scan` knows them.
        other: letters of another of its words, which stand behind those.
        reach: how far behind the start of the name those may start.
    """

    letters: str
    other: str | None = None
    reach: int = 0


@dataclass(frozen=True, slots=True)
class Heads:
    """The beginnings of many names.

    The first word of a name of several ("blood urea", "t sat") stands in many texts that lack the others: it
    counts where one of those may stand too. One of a single sign is looked for near those alone.
    """

    letters: frozenset[str]
    beside: Mapping[str, frozenset[str]] = field(repr=False)
    reach: Mapping[str, int] = field(repr=False)  # of those of a single sign

    def starts(self, text: str, told: frozenset[str]) -> Iterator[int]:
        """Yield where names may start in a text that may hold `told` (see `letters_in`), head by head."""
        is_certain = _DOTTED_I not in text
        for head in told & self.letters:
            others = self.beside[head]
            if is_certain and told.isdisjoint(others):
                continue
            if is_certain and head in self.reach:
                yield from self._near(text, head, told & others)
            else:
                for start, _, _ in places(text, head):
                    yield start

    def _near(self, text: str, head: str, others: Iterable[str]) -> Iterator[int]:
        """Where the sign of a head stands by itself before another word of its names."""
        sign, reach = bare(head), self.reach[head]
        for other in others:
            for end, _, _ in places(text, other):
                start = text.find(sign, max(0, end - reach), end)
                while start >= 0:
                    if sign not in ALNUM or not (
                        text[start - 1 : start] in ALNUM or text[start + 1] in ALNUM
                    ):
                        yield start
                    start = text.find(sign, start + 1, end)


class Named:
    """A pattern made of names that ignores case; finds just what the pattern finds."""

    def __init__(self, pattern: re.Pattern[str], rows: Iterable[Head]) -> None:
        """Take in how its matches may begin."""
        self.pattern = pattern
        self._heads = read_heads(rows)

    def finditer(self, view: str) -> Iterator[re.Match[str]]:
        """Yield what `pattern.finditer(view)` yields."""
        folded = fold(view)
        done = 0
        for start in sorted(set(self._heads.starts(folded, letters_in(folded)))):
            if start >= done and (found := self.pattern.match(view, start)):
                yield found
                done = found.end()

    def search(self, view: str) -> re.Match[str] | None:
        """Return what `pattern.search(view)` returns."""
        return next(self.finditer(view), None)


@of_note  # all who look for names ask of the same note
def letters_in(folded: str) -> frozenset[str]:
    """Return which letters of names a folded text may hold: few of all that `nlp.scan.held` tells of."""
    return held(folded) & _asked


class _OfNames:
    """Tells of the letters of names alone, which it shares with `nlp.scan.OF_ALL`."""

    def held(self, text: str) -> frozenset[str]:
        """Return which letters of names may stand in a folded text."""
        return letters_in(text)

    def add(self, letters: Iterable[str]) -> None:
        """Take in letters."""
        _asked.update(look_for(letters))
        letters_in.cache_clear()


OF_NAMES = _OfNames()


def read_heads(rows: Iterable[Head]) -> Heads:
    """Take the beginnings of names in, and have their letters told of each text."""
    beside: dict[str, frozenset[str]] = {}
    reach: dict[str, int] = {}
    for row in rows:
        head = row.letters
        beside[head] = beside.get(head, frozenset()) | {row.other or head}
        if len(bare(head)) == 1:
            reach[head] = max(reach.get(head, 0), row.reach)
    near = {head: far for head, far in reach.items() if head not in beside[head]}
    OF_NAMES.add({*beside, *(letters for others in beside.values() for letters in others)})
    return Heads(frozenset(beside), beside, near)


def heads_of(names: Iterable[str], most: int) -> Iterator[Head]:
    """Yield how names begin, behind which no letter or digit stands.

    Args:
        names: in lower case; for a blank or a hyphen may stand several of both, for a hyphen none too.
        most: as many at the most.
    """
    for name in names:
        for letters in heads(name, whole=True):
            yield head_of(name, letters, most)


def head_of(name: str, letters: str, most: int) -> Head:
    """Return how a name begins that begins with letters; for the other arguments see `heads_of`."""
    begun = 0
    for sign in bare(letters):  # "b12" of "b-12"; a number that follows a name is none of its signs
        begun = (name.find(sign, begun) + 1) or begun
    other, where = "", 0
    for word in _WORD.finditer(name, begun):
        start = word.start()
        joined = name[start - 1] == "-" and start - 1 != begun  # to the word before it
        if len(word.group()) > max(len(other), joined):
            other, where = word.group(), start
            mark = "" if joined else OPENS
    if not other:
        return Head(letters)
    before = name[:where]
    return Head(letters, mark + other, where + (before.count(" ") + before.count("-")) * (most - 1))
