"""Find letters in texts: many short texts at once, told by the words of a text and then by their places."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from nlp.literals import CLOSES, OPENS, bare

ALNUM = frozenset(string.ascii_letters + string.digits)
_APART = bytes(code if chr(code) in ALNUM else 0x20 for code in range(256))
_PLAIN_WORD = re.compile("[A-Za-z0-9]+")
_AT_ONCE = 1 << 18  # code points whose words are held at a time
_MOST_KNOWN = 1 << 16  # words of notes of which a scan remembers what they lead to
_LONGEST_KNOWN = 100  # code points of such a word
_OPENING = 3  # letters by which longer ones are found in a word


@lru_cache(maxsize=2)  # several scans ask for the same text
def _words(text: str) -> frozenset[str]:
    """Return the words of a text: its runs of ASCII letters and digits."""
    if len(text) <= _AT_ONCE:
        return frozenset(_split(text))
    found: set[str] = set()
    start = 0
    while start < len(text):
        end = len(text)
        if end - start > _AT_ONCE:  # to the end of a word
            rest = _PLAIN_WORD.match(text, start + _AT_ONCE)
            end = rest.end() if rest is not None else start + _AT_ONCE
        found.update(_split(text[start:end]))
        start = end
    return frozenset(found)


def _split(text: str) -> list[str]:
    return text.encode("ascii", "replace").translate(_APART).decode("ascii").split()  # by the byte: fast


class LetterScan:
    """Finds many short texts at once, those that overlap or lie in one another too.

    A word that starts with OPENS is found only where no ASCII letter or digit stands before it, one that
    finishes with CLOSES only where none stands behind it. Each is looked for only in a text that holds
    words of the kind that its runs of letters and digits need. The scan remembers what each word of a text
    leads to.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._asked = frozenset(words)
        always: list[str] = []  # signs, of which no word tells, and what stands in every other word
        self._single: dict[str, list[str]] = {}  # by the only run that they have
        self._joined: dict[str, list[tuple[str, list[str]]]] = {}  # by the longest of several, with others
        runs: set[str] = set()
        for word in sorted(self._asked):
            telling = _telling(word)
            runs.update(telling)
            if not telling:
                always.append(word)
            elif len(telling) > 1:
                self._joined.setdefault(telling[0], []).append((word, telling[1:]))
            else:
                self._single.setdefault(telling[0], []).append(word)
        self._always = frozenset(always)
        self._first_runs = frozenset(self._joined)
        self._needed = self._first_runs.union(*(others for row in self._joined.values() for _, others in row))
        self._whole = frozenset(run for run in runs if run[0] == OPENS and run[-1] == CLOSES)
        self._heads = _by_opening(run for run in runs - self._whole if run[0] == OPENS)
        self._tails = _by_ending(run for run in runs - self._whole if run[-1] == CLOSES)
        self._inside = sorted(run for run in runs if run == bare(run))
        self._pairs = frozenset(run for run in self._inside if len(run) < _OPENING)  # none has one letter
        self._parts = _by_opening(run for run in self._inside if len(run) >= _OPENING)
        self._known: dict[str, tuple[str, ...]] = {}  # words that lead to something
        self._idle: set[str] = set()  # words that lead to nothing

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield each place of each word: where its letters start and end, and the word; word by word."""
        for word in self.held(text):
            if word in self._asked:
                yield from places(text, word)

    def held(self, text: str) -> frozenset[str]:
        """Return the words that may stand in a text, told by its own words without a look at places."""
        return self.led_to(self.telling(text))

    def telling(self, text: str) -> frozenset[str]:
        """Return the words of a text that may lead to something."""
        return _words(text) - self._idle

    def led_to(self, telling: Iterable[str]) -> frozenset[str]:
        """Return what a text may hold that has these words, and some runs of it."""
        known = self._known
        found = self._always.union(*[known[word] if word in known else self._learn(word) for word in telling])
        joined = [
            word
            for run in found & self._first_runs
            for word, others in self._joined[run]
            if found.issuperset(others)
        ]
        return found.union(joined) if joined else found

    def _learn(self, word: str) -> tuple[str, ...]:
        found: list[str] = []
        for run in self._runs_in(word):
            if run in self._needed:
                found.append(run)
            if run in self._single:
                found += self._single[run]
        if len(word) <= _LONGEST_KNOWN and len(self._known) + len(self._idle) < _MOST_KNOWN:
            if found:
                self._known[word] = tuple(found)
            else:
                self._idle.add(word)
        return tuple(found)

    def _runs_in(self, word: str) -> list[str]:
        """Return the runs that stand in a word, their borders at its own."""
        found = [OPENS + word + CLOSES] if OPENS + word + CLOSES in self._whole else []
        heads, tails, parts = self._heads, self._tails, self._parts
        for length in (1, 2, _OPENING):  # of a shorter word twice the same, which does no harm
            if row := heads.get(word[:length]):
                found += [run for letters, run in row if word.startswith(letters)]
            if row := tails.get(word[-length:]):
                found += [run for letters, run in row if word.endswith(letters)]
        if len(word) > _LONGEST_KNOWN:
            return found + [run for run in self._inside if run in word]
        for start in range(len(word) - 1):
            if (pair := word[start : start + 2]) in self._pairs:
                found.append(pair)
            if row := parts.get(word[start : start + _OPENING]):
                found += [run for letters, run in row if word.startswith(letters, start)]
        return found


_Openings = dict[str, list[tuple[str, str]]]


def _by_opening(runs: Iterable[str]) -> _Openings:
    """Put runs under the first three of their letters, or the one or two that they have."""
    found: _Openings = {}
    for run in sorted(runs):
        letters = bare(run)
        found.setdefault(letters[:_OPENING], []).append((letters, run))
    return found


def _by_ending(runs: Iterable[str]) -> _Openings:
    """Put runs under the last three of their letters, or the one or two that they have."""
    found: _Openings = {}
    for run in sorted(runs):
        letters = bare(run)
        found.setdefault(letters[-_OPENING:], []).append((letters, run))
    return found


class SharedScan:
    """One scan for the letters of several who ask: which of them a text may hold is told once for all."""

    def __init__(self) -> None:
        self._letters: set[str] = set()
        self._scan: LetterScan | None = None
        self.held = lru_cache(maxsize=4)(self._held)

    def add(self, letters: Iterable[str]) -> None:
        """Take in letters; what is known of texts is forgotten where some are new."""
        if not self._letters.issuperset(letters):
            self._letters.update(letters)
            self._scan = None
            self.held.cache_clear()

    def _held(self, text: str) -> frozenset[str]:
        """Return the letters, of whoever asked, that may stand in a folded text."""
        if self._scan is None:
            self._scan = LetterScan(self._letters)
        return self._scan.held(text)


OF_ALL = SharedScan()  # letters that are asked for in notes that are read
OF_EACH = SharedScan()  # letters that are asked for in each note, most of which hold few of them


def look_for(letters: Iterable[str]) -> frozenset[str]:
    """Take in letters that are to be told of by `held`; return them."""
    wanted = frozenset(letters)
    OF_ALL.add(wanted)
    return wanted


def held(text: str) -> frozenset[str]:
    """Return which letters, of all that were given to `look_for`, may stand in a folded text.

    It holds those of other askers too; the words of a text are gone through once for all of them.
    """
    return OF_ALL.held(text)


@lru_cache(maxsize=1 << 14)  # a scan is made anew where letters are added
def _telling(word: str) -> list[str]:
    """Return the runs of a word that tell of it, the longest first; they are not to be changed."""
    return sorted(filter(_tells, _runs(word)), key=lambda run: (-len(run), run))


def _runs(word: str) -> Iterator[str]:
    """Yield the runs of letters and digits in `word`, each with the borders that it must have."""
    for run in _PLAIN_WORD.finditer(word):
        yield OPENS * (run.start() > 0) + run.group() + CLOSES * (run.end() < len(word))


def _tells(run: str) -> bool:
    """Return whether a run may tell texts apart: one letter in or at the end of a word stands in each."""
    return len(bare(run)) > 1 or (run[0] == OPENS and run[-1] == CLOSES)


def places(text: str, word: str, begin: int = 0) -> Iterator[tuple[int, int, str]]:
    """Yield each place of a word from `begin` on, as a scan would."""
    plain, opens, closes = bordered(word)
    last, length = len(text), len(plain)
    start = text.find(plain, begin)
    while start >= 0:
        end = start + length
        if not (
            (opens and start and text[start - 1] in ALNUM) or (closes and end < last and text[end] in ALNUM)
        ):
            yield start, end, word
        start = text.find(plain, start + 1)


@cache  # of letters that are looked for, never of a text
def bordered(word: str) -> tuple[str, bool, bool]:
    """Return the letters of a word, and whether they must begin and end a word of the text."""
    return bare(word), word[0] == OPENS, word[-1] == CLOSES
