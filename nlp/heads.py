"""Where names may begin: the letters that they begin with, and those of another of their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from nlp.literals import bare
from nlp.scan import ALNUM, look_for, places


@dataclass(frozen=True, slots=True)
class Head:
    """How a name begins.

    Attributes:
        letters: those that it begins with, as `nlp.scan` knows them.
        other: letters of another of its words, which stand behind those.
        reach: how far behind the start of the name that word may start.
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

    def starts(self, text: str, told: frozenset[str]) -> set[int]:
        """Return where names may start in a text, of which `nlp.scan.held` told what letters it may hold."""
        found: set[int] = set()
        for head in told & self.letters:
            beside = self.beside[head]
            if told.isdisjoint(beside):
                continue
            if head in self.reach:
                found.update(self._near(text, head, told & beside))
            else:
                found.update([start for start, _, _ in places(text, head)])
        return found

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
    look_for({*beside, *(letters for others in beside.values() for letters in others)})
    return Heads(frozenset(beside), beside, near)
