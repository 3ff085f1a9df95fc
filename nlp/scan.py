"""Find letters in texts: many short texts at once, told by the words of a text and then by their places."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from threading import RLock
from typing import Any, Protocol

from nlp.literals import CLOSES, OPENS, bare
from nlp.memory import of_note

ALNUM = frozenset(string.ascii_letters + string.digits)
_APART = bytes(code if chr(code) in ALNUM else 0x20 for code in range(256))
_PLAIN_WORD = re.compile("[A-Za-z0-9]+")
_AT_ONCE = 1 << 18  # code points whose words are held at a time
_MOST_KNOWN = 1 << 16  # words of notes of which a scan remembers what they lead to
_LONGEST_KNOWN = 100  # code points of such a word
_AND = "\x04"  # between runs that tell of letters; no pattern of ours holds it
_OPENING = 3  # letters by which longer ones are found in a word
_OPENINGS = (2, _OPENING)  # none has one letter, see `_tells`


@of_note  # several scans ask for the same text
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

    Attributes:
        runs: the runs of letters and digits that it asks for, with the borders that each must have.
        reader: tells which of them stand in a word.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._asked = frozenset(words)
        always: list[str] = []  # signs, of which no word tells, and what stands in every other word
        self._joined: dict[str, list[tuple[str, list[str]]]] = {}  # by the longest of their runs, with others
        self._by_run: dict[str, list[str]] = {}  # what a run leads to: words that have no other, or itself
        for word in sorted(self._asked):
            telling = _telling(word)
            if not telling:
                always.append(word)
            elif len(telling) > 1:
                self._joined.setdefault(telling[0], []).append((word, telling[1:]))
            else:
                self._by_run.setdefault(telling[0], []).append(word)
        self._always = frozenset(always)
        self._first_runs = frozenset(self._joined)
        for run in self._first_runs.union(*(others for row in self._joined.values() for _, others in row)):
            self._by_run.setdefault(run, []).append(run)
        self.runs = frozenset(self._by_run)
        self.reader = Reader((self,))
        self._known = _Known(self._learn)

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield each place of each word: where its letters start and end, and the word; word by word."""
        for word in self.held(text):
            if word in self._asked:
                yield from places(text, word)

    def held(self, text: str) -> frozenset[str]:
        """Return the words that may stand in a text, told by its own words without a look at places."""
        found = self._always.union(*filter(None, map(self._known.__getitem__, _words(text))))
        joined = [
            word
            for run in found & self._first_runs
            for word, others in self._joined[run]
            if found.issuperset(others)
        ]
        return found.union(joined) if joined else found

    def _learn(self, word: str) -> tuple[str, ...]:
        reader = self.reader  # another thread may put a new one in its place
        runs = reader.runs_in(word)
        for scan in reader.scans:  # a word is read once for all that ask
            if scan is not self:
                scan.remember(word, runs)
        return self.remember(word, runs)

    def remember(self, word: str, runs: Iterable[str]) -> tuple[str, ...]:
        """Return what the runs that stand in a word lead to, and keep it for the next text."""
        found: list[str] = []
        for run in runs:
            found += self._by_run.get(run, ())
        led_to = tuple(found)
        if len(word) <= _LONGEST_KNOWN and len(self._known) < _MOST_KNOWN:
            self._known[word] = led_to
        return led_to


class _Known(dict[str, tuple[str, ...]]):
    """What words lead to; those that are not known yet are learned."""

    def __init__(self, learn: Callable[[str], tuple[str, ...]]) -> None:
        super().__init__()
        self._learn = learn

    def __missing__(self, word: str) -> tuple[str, ...]:
        return self._learn(word)


class Reader:
    """Tells which runs of letters and digits stand in a word, for all scans that ask for some of them.

    Attributes:
        scans: those that ask.
    """

    def __init__(self, scans: tuple[LetterScan, ...]) -> None:
        self.scans = scans
        runs = frozenset[str]().union(*(scan.runs for scan in scans))
        whole = frozenset(run for run in runs if run[0] == OPENS and run[-1] == CLOSES)
        self._whole = {bare(run): run for run in whole}
        self._heads = _by_opening(run for run in runs - whole if run[0] == OPENS)
        self._tails = _by_ending(run for run in runs - whole if run[-1] == CLOSES)
        self._inside = sorted(run for run in runs if run == bare(run))
        self._parts = _by_opening(self._inside)
        self._search = _any_of(self._inside).search

    def runs_in(self, word: str) -> list[str]:
        """Return the runs that stand in a word, their borders at its own."""
        found = [self._whole[word]] if word in self._whole else []
        heads, tails = self._heads, self._tails
        for length in _OPENINGS:  # of a shorter word twice the same, which does no harm
            if (opening := word[:length]) in heads:
                found += [run for letters, run in heads[opening] if word.startswith(letters)]
            if (ending := word[-length:]) in tails:
                found += [run for letters, run in tails[ending] if word.endswith(letters)]
        if len(word) > _LONGEST_KNOWN:
            return found + [run for run in self._inside if run in word]
        part = self._search(word)
        while part is not None:
            start = part.start()
            for length in _OPENINGS:
                if row := self._parts.get(word[start : start + length]):
                    found += [run for letters, run in row if word.startswith(letters, start)]
            part = self._search(word, start + 1)
        return found


_Openings = dict[str, list[tuple[str, str]]]


def _by_opening(runs: Iterable[str]) -> _Openings:
    """Put runs under the first three of their letters, or the two that they have."""
    found: _Openings = {}
    for run in sorted(runs):
        letters = bare(run)
        found.setdefault(letters[:_OPENING], []).append((letters, run))
    return found


def _by_ending(runs: Iterable[str]) -> _Openings:
    """Put runs under the last three of their letters, or the two that they have."""
    found: _Openings = {}
    for run in sorted(runs):
        letters = bare(run)
        found.setdefault(letters[-_OPENING:], []).append((letters, run))
    return found


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return an expression for the places where one of these words of letters and digits stands."""
    tree: dict[str, Any] = {}
    for letters in words:
        branch = tree
        for letter in letters:
            branch = branch.setdefault(letter, {})
        branch[""] = {}
    return re.compile(_branches(tree) if tree else "(?!)")


def _branches(tree: dict[str, Any]) -> str:
    """Return alternatives letter by letter, so that few are tried; a word that begins others is enough."""
    if "" in tree:
        return ""
    return "(?:" + "|".join(letter + _branches(tree[letter]) for letter in sorted(tree)) + ")"


class Teller(Protocol):
    """Who tells which letters a text may hold, of those that were given to `add`."""

    def held(self, text: str, /) -> frozenset[str]:
        """Return which of the letters may stand in a folded text."""

    def add(self, letters: Iterable[str], /) -> None:
        """Take in letters."""


class SharedScan:
    """One scan for the letters of several who ask: which of them a text may hold is told once for all.

    Attributes:
        scan: made when a text is first asked about.
    """

    def __init__(self) -> None:
        self._letters: set[str] = set()
        self.scan: LetterScan | None = None
        self.held = of_note(self._held)
        _SHARED.append(self)

    def add(self, letters: Iterable[str]) -> None:
        """Take in letters; what is known of texts is forgotten where some are new."""
        if not self._letters.issuperset(letters):
            with _MAKING:
                self._letters.update(letters)
                self.scan = None
                self.held.cache_clear()

    def _held(self, text: str) -> frozenset[str]:
        """Return the letters, of whoever asked, that may stand in a folded text."""
        return (self.scan or self._made()).held(text)

    def _made(self) -> LetterScan:
        """Return the scan of all letters, made now and joined to those of others."""
        with _MAKING:
            made = self.scan = LetterScan(self._letters)
            scans = tuple(shared.scan for shared in _SHARED if shared.scan is not None)
            reader = Reader(scans)
            for scan in scans:
                scan.reader = reader
            return made


_MAKING = RLock()  # knowledge that is read by one thread adds letters while another asks
_SHARED: list[SharedScan] = []  # a word that one of them meets is read for all of them
OF_ALL = SharedScan()  # letters that are asked for in notes that are read
OF_EACH = SharedScan()  # letters that are asked for in each note, most of which hold few of them


def look_for(letters: Iterable[str]) -> frozenset[str]:
    """Take in letters that are to be told of by `held`; return them."""
    wanted = frozenset(letters)
    OF_ALL.add(wanted)
    return wanted


@lru_cache(maxsize=1 << 14)  # of letters that are looked for
def told_by(letters: str) -> str:
    """Return the letters that tell of others: a scan that asks for them alone knows as much of a text.

    Many differ in the signs around their words only: "anemia:" is told by "anemia" as a word.
    """
    return _AND.join(_telling(letters)) or " "


def held(text: str) -> frozenset[str]:
    """Return which letters, of all that were given to `look_for`, may stand in a folded text.

    It holds those of other askers too; the words of a text are gone through once for all of them.
    """
    return OF_ALL.held(text)


def meet(text: str) -> None:
    """Read the words of a text that notes hold too, so that they are known when a note brings them."""
    OF_ALL.held(text)


@lru_cache(maxsize=1 << 14)  # a scan is made anew where letters are added
def _telling(word: str) -> list[str]:
    """Return the runs of a word that tell of it, the longest first; they are not to be changed."""
    return sorted(filter(_tells, _runs(word)), key=lambda run: (-len(run), run))


def _runs(word: str) -> Iterator[str]:
    """Yield the runs of letters and digits in `word`, each with the borders that it must have."""
    for part in word.split(_AND):
        for run in _PLAIN_WORD.finditer(part):
            yield OPENS * (run.start() > 0) + run.group() + CLOSES * (run.end() < len(part))


def _tells(run: str) -> bool:
    """Return whether a run may tell texts apart: one letter, or two inside a word, stand in each."""
    plain = bare(run)
    if len(plain) == 1:
        return run[0] == OPENS and run[-1] == CLOSES
    return len(plain) > 2 or plain != run or not plain.isalpha()


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
