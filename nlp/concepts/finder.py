"""Find where patterns of the lexicon are worth trying: one scan of the text for the letters they need."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from nlp.concepts.load import ConceptRule, lexicon
from nlp.expression import Expression
from nlp.facts import Unit
from nlp.literals import Choice, bare
from nlp.scan import ALNUM, bordered, held, look_for


@dataclass(slots=True)
class Probe:
    """One pattern of one entry, and what letters it needs."""

    rule: ConceptRule
    expression: Expression
    first: Choice  # the letters that it is tried for; empty: tried everywhere
    rest: tuple[Choice, ...]  # the other choices, of which a match or its unit holds letters too
    others: tuple[int, ...]  # the numbers of those that a match holds
    needs: int  # the number of what the entry asks of its unit


class Finder:
    """Probes under the letters that each is tried for."""

    def __init__(self, rules: Iterable[ConceptRule]) -> None:
        self.choices: list[tuple[tuple[str, str], ...]] = []  # letters with and without their borders
        known: dict[Choice, int] = {}
        probes = [self._probe(rule, written, known) for rule in rules for written in rule.patterns]
        self.everywhere = tuple(n for n, probe in enumerate(probes) if not probe.first)
        self.probes: Sequence[Probe] = probes
        trying: dict[str, list[int]] = {}
        for number, probe in enumerate(probes):
            for letters in probe.first:
                trying.setdefault(letters, []).append(number)
        self.trying = {letters: tuple(numbers) for letters, numbers in trying.items()}
        self.first = frozenset(trying)
        look_for({*trying, *(word for probe in probes for choice in probe.rest for word in choice)})

    def _probe(self, rule: ConceptRule, expression: Expression, known: dict[Choice, int]) -> Probe:
        choices, _ = expression.asked
        first, *rest = choices or (frozenset[str](),)
        for choice in (frozenset(rule.needs), *rest):
            if choice not in known:
                known[choice] = len(self.choices)
                plain = sorted((bare(letters), letters) for letters in choice)
                self.choices.append(tuple(sorted(plain, key=lambda pair: len(pair[0]))))
        others = tuple(known[choice] for choice in rest)
        needs = frozenset(rule.needs)
        return Probe(rule, expression, first, (*rest, *((needs,) if needs else ())), others, known[needs])

    def search(self, folded: str) -> Search:
        """Return what of the probes may be found in a folded text."""
        return Search(self, folded)


class Search:
    """The probes that may match in one text, where their letters stand, and what stands around them."""

    def __init__(self, finder: Finder, folded: str) -> None:
        self._probes = finder.probes
        self._first = finder.first
        self._trying = finder.trying
        self._choices = finder.choices
        self._folded = folded
        self._held = held(folded)
        self._left: dict[int, tuple[str, ...]] = {}  # of a choice, the letters that the text may hold

    def possible(self) -> Iterator[tuple[str, list[int]]]:
        """Yield letters that are worth a look, with the numbers of the probes that are tried for them."""
        for word in self._held & self._first:
            numbers = [
                number
                for number in self._trying[word]
                if not any(choice.isdisjoint(self._held) for choice in self._probes[number].rest)
            ]
            if numbers:
                yield word, numbers

    def in_units(self, units: Sequence[Unit]) -> dict[int, set[int]]:
        """Return the numbers of the probes whose first letters stand in a unit, by its index."""
        starts, ends = [unit.start for unit in units], [unit.end for unit in units]
        found: dict[int, set[int]] = {}
        for word, numbers in self.possible():
            for index in self._units_with(word, starts, ends):
                found.setdefault(index, set()).update(numbers)
        return found

    def _units_with(self, word: str, starts: Sequence[int], ends: Sequence[int]) -> list[int]:
        """Return the indexes of the units that hold a word; what `places` does, once a unit."""
        text, last = self._folded, len(self._folded)
        plain, opens, closes = bordered(word)
        found: list[int] = []
        start = text.find(plain)
        while start >= 0:
            end = start + len(plain)
            begin = start + 1
            if not (
                (opens and start and text[start - 1] in ALNUM)
                or (closes and end < last and text[end] in ALNUM)
            ):
                index = bisect_right(starts, start) - 1
                if index >= 0 and end <= ends[index]:
                    found.append(index)
                    begin = ends[index]
            start = text.find(plain, begin)
        return found

    def fits(self, number: int, low: int, high: int, seen: dict[int, bool]) -> bool:
        """Return whether a unit of the text holds all the letters that a probe and its entry need.

        `seen` keeps what was found out about the unit from one probe to the next.
        """
        probe = self._probes[number]
        return self._holds((probe.needs, *probe.others), low, high, seen)

    def _holds(self, choices: tuple[int, ...], low: int, high: int, seen: dict[int, bool]) -> bool:
        find = self._folded.find
        for choice in choices:
            holds = seen.get(choice)
            if holds is None:
                holds = False
                for letters in self._left.get(choice) or self._remember(choice):
                    if find(letters, low, high) >= 0:
                        holds = True
                        break
                seen[choice] = holds
            if not holds:
                return False
        return True

    def _remember(self, choice: int) -> tuple[str, ...]:
        left = tuple(plain for plain, letters in self._choices[choice] if letters in self._held)
        self._left[choice] = left
        return left


@cache
def all_terms() -> Finder:
    """Return the finder of every entry of the lexicon."""
    return Finder(lexicon())
