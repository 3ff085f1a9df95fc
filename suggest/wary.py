"""The words near a mention that make a reader look twice (features.yaml), and a quick way to hear them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from nlp.knowledge import check_entry, check_unique, load_yaml

_FILE = "features.yaml"
_ONE_WORD = re.compile("[A-Za-z0-9_]+")
# each byte of ASCII as a word has it: in lower case, or a blank where it parts words
_AS_WORD = bytes(ord(chr(code).lower()) if _ONE_WORD.match(chr(code)) else 0x20 for code in range(256))
_LETTERS = re.compile(r"[^\W\d_]+")
_AS_LETTERS = bytes(code if chr(code).isalpha() and code < 128 else 0x20 for code in range(256))

Heard = frozenset[bytes] | None
"""The words of a text as `heard` tells them apart, None for a text that is to be searched."""


def heard(text: str) -> Heard:
    """Return the words of a text in lower case; None where it holds more than ASCII.

    Beyond ASCII ignore-case takes more for a letter than its lower case.
    """
    if not text.isascii():
        return None
    return frozenset(text.encode("ascii").translate(_AS_WORD).split())


def count_words(text: str) -> int:
    """Return how many runs of letters a text holds."""
    if not text.isascii():
        return len(_LETTERS.findall(text))
    return len(text.encode("ascii").translate(_AS_LETTERS).split())


class WaryWords:
    """A list of words and of signs; a word counts where it stands whole, whatever its case."""

    __slots__ = ("_single", "_spelled", "pattern")

    def __init__(self, words: Iterable[str]) -> None:
        listed = sorted(words)
        self.pattern = re.compile(
            "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in listed), re.IGNORECASE
        )
        self._single = frozenset(w.lower().encode("ascii") for w in listed if _ONE_WORD.fullmatch(w))
        others = [word for word in listed if not _ONE_WORD.fullmatch(word)]
        # letters of which one stands wherever an entry of several words does; "" stands everywhere
        self._spelled = tuple(word.lower() if word.isascii() else "" for word in others)

    def stand_in(self, text: str, words: Heard) -> bool:
        """Return whether the pattern finds one of them.

        Args:
            text: where they are looked for.
            words: what `heard` says of the text.
        """
        if words is not None:
            if not words.isdisjoint(self._single):
                return True
            lowered = text.lower()
            for letters in self._spelled:
                if letters in lowered:
                    break
            else:
                return False
        return self.pattern.search(text) is not None


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
