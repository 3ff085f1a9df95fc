"""Find letters in texts: many short texts at once, told by the words of a text and then by their places."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import filterfalse

from nlp.literals import CLOSES, OPENS, bare

_ALNUM = frozenset(string.ascii_letters + string.digits)
_APART = bytes(code if chr(code) in _ALNUM else 0x20 for code in range(256))
_PLAIN_WORD = re.compile("[A-Za-z0-9]+")
_AT_ONCE = 1 << 18  # code points whose words are held at a time
_MOST_KNOWN = 1 << 16  # words of notes of which a scan remembers what they lead to
_LONGEST_KNOWN = 100  # code points of such a word
_OPENING = 3  # letters by which longer ones are found in a word


def _words(text: str) -> Iterator[list[str]]:
    """Yield the words of a text, its runs of ASCII letters and digits, in lists that are not too long."""
    if len(text) <= _AT_ONCE:
        yield _split(text)
        return
    start = 0
    while start < len(text):
        end = len(text)
        if end - start > _AT_ONCE:  # to the end of a word
            rest = _PLAIN_WORD.match(text, start + _AT_ONCE)
            end = rest.end() if rest is not None else start + _AT_ONCE
        yield _split.__wrapped__(text[start:end])
        start = end


@lru_cache(maxsize=2)  # several scans ask for the same text
def _split(text: str) -> list[str]:
    return text.encode("ascii", "replace").translate(_APART).decode("ascii").split()  # by the byte: fast


class LetterScan:
    """Finds many short texts at once, those that overlap or lie in one another too.

    A word that starts with OPENS is found only where no ASCII letter or digit stands before it, one that
    finishes with CLOSES only where none stands behind it. Each is looked for only in a text that holds a
    word of the kind that it needs. The scan remembers what each word of a text leads to.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._signs: list[str] = []  # no word tells of them
        self._whole: dict[str, list[str]] = {}  # by a whole word of the text
        heads: dict[str, list[str]] = {}  # by how a word begins
        self._inside: dict[str, list[str]] = {}  # by letters anywhere in a word
        for word in sorted(set(words)):
            key, opens, closes = _key(word)
            if not key:
                self._signs.append(word)
                continue
            table = self._whole if opens and closes else heads if opens else self._inside
            table.setdefault(key, []).append(word)
        self._heads = _by_opening(heads)
        self._short = [(key, row) for key, row in self._inside.items() if len(key) < _OPENING]
        self._parts = _by_opening({key: row for key, row in self._inside.items() if len(key) >= _OPENING})
        self._known: dict[str, tuple[str, ...]] = {}  # words that lead to something
        self._idle: set[str] = set()  # words that lead to nothing

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield each place of each word: where its letters start and end, and the word; word by word."""
        for word in self.held(text):
            yield from places(text, word)

    def held(self, text: str) -> frozenset[str]:
        """Return the words that may stand in a text, told by its own words without a look at places."""
        known, is_idle = self._known, self._idle.__contains__
        telling: set[str] = set()
        for words in _words(text):
            telling.update(filterfalse(is_idle, words))
        return frozenset(self._signs).union(
            *[known[word] if word in known else self._learn(word) for word in telling]
        )

    def _learn(self, word: str) -> tuple[str, ...]:
        found = self._led_to(word)
        if len(word) <= _LONGEST_KNOWN and len(self._known) + len(self._idle) < _MOST_KNOWN:
            if found:
                self._known[word] = found
            else:
                self._idle.add(word)
        return found

    def _led_to(self, word: str) -> tuple[str, ...]:
        found = list(self._whole.get(word, ()))
        heads = self._heads
        for length in (1, 2, _OPENING):  # of a shorter word twice the same, which does no harm
            for letters, held in heads.get(word[:length], ()):
                if word.startswith(letters):
                    found += held
        for letters, held in self._short if len(word) <= _LONGEST_KNOWN else self._inside.items():
            if letters in word:
                found += held
        if len(word) <= _LONGEST_KNOWN:
            parts = self._parts
            for start in range(len(word) - _OPENING + 1):
                opening = word[start : start + _OPENING]
                if opening in parts:
                    for letters, held in parts[opening]:
                        if word.startswith(letters, start):
                            found += held
        return tuple(found)


_Openings = dict[str, list[tuple[str, list[str]]]]


def _by_opening(table: dict[str, list[str]]) -> _Openings:
    """Put letters under the first three of them, or the one or two that they are."""
    found: _Openings = {}
    for letters, words in table.items():
        found.setdefault(letters[:_OPENING], []).append((letters, words))
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


def _key(word: str) -> tuple[str, bool, bool]:
    """Return the run of letters and digits in `word` that tells the most: itself, and its borders.

    It is empty where `word` holds no letter and no digit.
    """
    runs = [
        (run.start() > 0, len(run.group()), run.end() < len(word), run.group())
        for run in _PLAIN_WORD.finditer(word)
    ]
    opens, _, closes, key = max(runs, default=(False, 0, False, ""))
    return key, opens, closes


def places(text: str, word: str, begin: int = 0) -> Iterator[tuple[int, int, str]]:
    """Yield each place of a word from `begin` on, as a scan would."""
    plain, last = bare(word), len(text)
    opens, closes = word[0] == OPENS, word[-1] == CLOSES
    start = text.find(plain, begin)
    while start >= 0:
        end = start + len(plain)
        if not (
            (opens and start and text[start - 1] in _ALNUM) or (closes and end < last and text[end] in _ALNUM)
        ):
            yield start, end, word
        start = text.find(plain, start + 1)
