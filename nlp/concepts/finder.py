"""Find where patterns of the lexicon are worth trying: one scan of the text for the letters they need."""

from __future__ import annotations

import string
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from nlp.concepts.load import ConceptRule, lexicon
from nlp.expression import Expression
from nlp.facts import Unit
from nlp.literals import CLOSES, OPENS, Choice, bare
from nlp.scan import ALNUM, bordered, held, look_for, told_by

_SIGNS = string.punctuation + string.whitespace


class Probe(NamedTuple):
    """One pattern of one entry, and what letters it needs."""

    rule: ConceptRule
    expression: Expression
    first: Choice  # the letters that it is tried for; empty: tried everywhere
    asks: tuple[int, ...]  # the numbers of other choices, of which a match or its unit holds letters too
    sided: bool  # the entry minds what stands around a match


_Tried = tuple[int, list[frozenset[str]]]  # the number of a probe, and what tells of its other choices


class Finder:
    """Probes under the letters that each is tried for."""

    def __init__(self, rules: Iterable[ConceptRule]) -> None:
        self._choices: list[Choice] = []
        known: dict[Choice, int] = {}
        probes = [self._probe(rule, written, known) for rule in rules for written in rule.patterns]
        self.everywhere = tuple(n for n, probe in enumerate(probes) if not probe.first)
        self.probes: Sequence[Probe] = probes
        trying: dict[str, list[int]] = {}
        for number, probe in enumerate(probes):
            for letters in probe.first:
                trying.setdefault(letters, []).append(number)
        for letters in sorted(trying):
            if letters[-1] == CLOSES and letters[:-1] in trying:  # one look for both
                trying[letters[:-1]] += trying.pop(letters)
        self._asked = [  # of each choice, its letters without the marks of their borders
            {told: sorted(set(map(bare, row))) for told, row in _by_told(choice).items()}
            for choice in self._choices
        ]
        asked = [frozenset(by_told) for by_told in self._asked]
        self._trying: dict[str, list[tuple[str, list[_Tried]]]] = {  # by what tells of letters, those
            told: [(w, [(n, [asked[c] for c in probes[n].asks]) for n in trying[w]]) for w in row]
            for told, row in _by_told(trying).items()
        }
        self._first = look_for(self._trying)
        look_for(frozenset[str]().union(*asked))

    def _probe(self, rule: ConceptRule, expression: Expression, known: dict[Choice, int]) -> Probe:
        choices, _ = expression.asked
        first, *others = choices or (frozenset[str](),)
        if (shared := _shared(first)) is not None:
            first, others = frozenset({shared}), [first, *others]
        else:
            first = frozenset(map(_core, first))
        asked = [
            choice for choice in (*others, frozenset(rule.needs)) if choice and not _implied(choice, first)
        ]
        for choice in asked:
            if choice not in known:
                known[choice] = len(self._choices)
                self._choices.append(choice)
        sides = (rule.unless_before, rule.unless_after, rule.near, rule.not_near)
        return Probe(
            rule, expression, first, tuple(known[c] for c in asked), any(s is not None for s in sides)
        )

    def to_try(self, folded: str, units: Sequence[Unit]) -> list[tuple[int, int]]:
        """Return the numbers of each probe and each unit of a folded text that holds all its letters."""
        known = held(folded)
        left: dict[int, list[str]] = {}  # of a choice, the letters that the text may hold
        found: list[tuple[int, int]] = []
        probes, find = self.probes, folded.find
        for index, numbers in self._in_units(folded, units, known).items():
            low, high = units[index].start, units[index].end
            seen: dict[int, bool] = {}  # of a choice, whether the unit holds any of it
            for number in numbers:  # in line: some hundreds are asked about in a note
                for choice in probes[number].asks:
                    holds = seen.get(choice)
                    if holds is None:
                        row = left.get(choice)
                        if row is None:
                            asked = self._asked[choice].items()
                            row = left[choice] = [w for told, plain in asked if told in known for w in plain]
                        holds = False
                        for letters in row:
                            if find(letters, low, high) >= 0:
                                holds = True
                                break
                        seen[choice] = holds
                    if not holds:
                        break
                else:
                    found.append((number, index))
        return found

    def _in_units(self, folded: str, units: Sequence[Unit], known: frozenset[str]) -> dict[int, set[int]]:
        """Return the numbers of the probes whose first letters stand in a unit, by its index."""
        starts = [unit.start for unit in units]
        found: dict[int, set[int]] = {}
        for told in known & self._first:
            for letters, rows in self._trying[told]:
                numbers = _possible(rows, known)
                for index in _units_with(folded, letters, starts, units) if numbers else ():
                    if index in found:
                        found[index].update(numbers)
                    else:
                        found[index] = set(numbers)
        if self.everywhere:
            for index in range(len(units)):
                found.setdefault(index, set()).update(self.everywhere)
        return found


def _possible(rows: Iterable[_Tried], known: frozenset[str]) -> list[int]:
    """Return the numbers of the probes of which a text may hold the other letters too."""
    numbers: list[int] = []
    for number, choices in rows:
        for choice in choices:
            if choice.isdisjoint(known):
                break
        else:
            numbers.append(number)
    return numbers


def _by_told(many: Iterable[str]) -> dict[str, list[str]]:
    """Return letters under what tells of them, see `nlp.scan.told_by`."""
    found: dict[str, list[str]] = {}
    for letters in sorted(many):
        found.setdefault(told_by(letters), []).append(letters)
    return found


def _shared(choice: Choice) -> str | None:
    """Return the longest part that all letters of a choice share, where they are digits and signs.

    Such letters stand in most notes ("+0", "+1", ...): they are looked for at once, not one by one.
    """
    if len(choice) < 2 or any(sign.isalpha() for letters in choice for sign in letters):
        return None
    shortest = min(map(bare, choice), key=len)
    parts = (shortest[a:b] for a in range(len(shortest)) for b in range(a + 1, len(shortest) + 1))
    shared = [part for part in parts if all(part in bare(letters) for letters in choice)]
    return max(shared, key=len, default=None)


def _core(letters: str) -> str:
    """Return letters without the signs around them, which border a word: " weeks" and "-weeks" are one."""
    plain = bare(letters)
    inner = plain.strip(_SIGNS)
    if len(inner) < 2 or not inner.isalpha():
        return letters
    opens = letters[0] == OPENS or plain[0] != inner[0]
    closes = letters[-1] == CLOSES or plain[-1] != inner[-1]
    return OPENS * opens + inner + CLOSES * closes


def _implied(choice: Choice, first: Choice) -> bool:
    """Return whether text that holds any of the first letters holds some of a choice in them."""
    plain = [bare(letters) for letters in choice]
    return bool(first) and all(any(part in bare(letters) for part in plain) for letters in first)


def _units_with(text: str, letters: str, starts: Sequence[int], units: Sequence[Unit]) -> Iterator[int]:
    """Yield the indexes of the units that hold letters; what `nlp.scan.places` does, once a unit."""
    plain, opens, closes = bordered(letters)
    last, length, find = len(text), len(plain), text.find
    start = find(plain)
    while start >= 0:
        end = start + length
        begin = start + 1
        if not (
            (opens and start and text[start - 1] in ALNUM) or (closes and end < last and text[end] in ALNUM)
        ):
            index = bisect_right(starts, start) - 1
            if index >= 0 and end <= units[index].end:
                yield index
                begin = units[index].end
        start = find(plain, begin)


@cache
def all_terms() -> Finder:
    """Return the finder of every entry of the lexicon."""
    return Finder(lexicon())
