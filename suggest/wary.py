"""The words near a mention that make a reader look twice (features.yaml), and a quick way to hear them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from nlp.knowledge import check_entry, check_unique, load_yaml

_FILE = "features.yaml"
_ONE_WORD = re.compile("[A-Za-z0-9]+")
_WORD_SIGN = re.compile(r"\w", re.ASCII)
# each byte of ASCII as a word has it: in lower case, or a blank where it parts words
_AS_WORD = bytes(ord(chr(code).lower()) if _WORD_SIGN.match(chr(code)) else 0x20 for code in range(256))
_LETTERS = re.compile(r"[^\W\d_]+")
_AS_LETTERS = bytes(code if code < 0x80 and chr(code).isalpha() else 0x20 for code in range(256))
_WORD_SIGN_BEYOND = re.compile(r"[^\W\x00-\x7f]")
# what ignore-case takes for letters of ASCII though `lower` does not make them so
_LOOSE = (("\u0130", "i"), ("\u0131", "i"), ("\u017f", "s"))


class Heard:
    """A text told apart once, so that many lists of words can be asked about it."""

    __slots__ = ("lowered", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        if text.isascii():
            self.lowered = text.lower()
            plain = text.encode("ascii")
        else:
            for letter, taken_for in _LOOSE:
                text = text.replace(letter, taken_for)
            self.lowered = text.lower()
            # no word of a list holds "_": what belongs to a word goes on doing so, the rest parts words
            plain = _WORD_SIGN_BEYOND.sub("_", self.lowered).encode("ascii", "replace")
        self.words = frozenset(plain.translate(_AS_WORD).split())


def count_words(text: str) -> int:
    """Return how many runs of letters a text holds."""
    if not text.isascii():
        return len(_LETTERS.findall(text))
    return len(text.encode("ascii").translate(_AS_LETTERS).split())


class WaryWords:
    """A list of words and of signs; a word counts where it stands whole, whatever its case."""

    __slots__ = ("pattern", "single", "spelled")

    def __init__(self, words: Iterable[str]) -> None:
        listed = sorted(words)
        self.pattern = re.compile(
            "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in listed), re.IGNORECASE
        )
        self.single = frozenset(w.lower().encode("ascii") for w in listed if _ONE_WORD.fullmatch(w))
        others = [word for word in listed if not _ONE_WORD.fullmatch(word)]
        # what stands wherever an entry of several words or of signs does; "" stands everywhere
        self.spelled = tuple(word.lower() if word.isascii() else "" for word in others)

    def stand_in(self, heard: Heard) -> bool:
        """Return whether the pattern finds one of them in the text."""
        if not heard.words.isdisjoint(self.single):
            return True
        for letters in self.spelled:
            if letters in heard.lowered:
                return self.pattern.search(heard.text) is not None
        return False


class WaryLists:
    """Several lists, asked at once which of them stand in a text."""

    __slots__ = ("_lists_of", "_others", "_size", "_words")

    def __init__(self, lists: Iterable[WaryWords]) -> None:
        held = tuple(lists)
        self._size = len(held)
        self._lists_of: dict[bytes, list[int]] = {}
        for place, listed in enumerate(held):
            for word in listed.single:
                self._lists_of.setdefault(word, []).append(place)
        self._words = frozenset(self._lists_of)
        self._others = [(place, listed) for place, listed in enumerate(held) if listed.spelled]

    def standing_in(self, heard: Heard) -> list[bool]:
        """Return of each list whether one of its words stands in a text."""
        found = [False] * self._size
        for word in heard.words & self._words:
            for place in self._lists_of[word]:
                found[place] = True
        for place, listed in self._others:
            if not found[place]:
                found[place] = listed.stand_in(heard)
        return found


@cache
def wary_words() -> Mapping[str, WaryWords]:
    """Return the words near a mention that make a reader look twice, by the name of their entry.

    Raises:
        KnowledgeError: an entry is not of its form.
    """
    entries = load_yaml("suggest", _FILE)
    check_unique(_FILE, entries)
    for entry in entries:
        check_entry(_FILE, entry, required=("id", "words", "why", "example"))
    return {entry["id"]: WaryWords(entry["words"]) for entry in entries}
