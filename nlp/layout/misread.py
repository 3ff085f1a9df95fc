"""Titles that a scanner misread: `lMPRESSlON`, `ASSESSMENT ANO PLAN`, `0RDERS`, `Exarn`."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from nlp.layout.load import load_headers, load_words, title_key

# What a scanner takes for one another comes to one letter on either side.
_FOLD = str.maketrans(
    {"l": "i", "1": "i", "|": "i", "!": "i", "0": "o", "d": "o", "q": "o", "5": "s", "8": "b"}
)
_WORD = re.compile(r"[A-Za-z0-9|!]{3,}")
_SHORTEST = 3
_LONGEST = 60


def mend(text: str) -> str | None:
    """Return `text` with the words of titles spelled as they were, None where nothing was misread.

    Only words that no title holds are mended, and only where one word of titles looks like them.
    """
    if len(text) > _LONGEST:
        return None
    parts: list[str] = []
    last = 0
    for match in _WORD.finditer(text):
        word = match.group()
        title_word = meant(word)
        if title_word is not None:
            capitals = sum(map(str.isupper, word)) * 2 >= len(word)
            parts += [text[last : match.start()], title_word.upper() if capitals else title_word]
            last = match.end()
    return "".join(parts) + text[last:] if parts else None


@lru_cache(maxsize=4096)
def meant(word: str) -> str | None:
    """Return the word of titles that was misread as `word`, None where it is one itself or none was."""
    known, folded = _vocabulary()
    return None if len(word) < _SHORTEST or word.lower() in known else folded.get(fold(word))


def fold(word: str) -> str:
    """Return what is left of a word when letters that look alike are one."""
    return word.lower().replace("rn", "m").replace("vv", "w").translate(_FOLD)


@cache
def _vocabulary() -> tuple[frozenset[str], dict[str, str]]:
    """The words of titles, and each by its folded form where no other word folds to it."""
    lists = load_words()
    phrases = [*load_headers().by_title, *map(title_key, lists["title_before"] | lists["title_after"])]
    known = frozenset(" ".join(phrases).replace("/", " ").split(" "))
    folded: dict[str, str] = {}
    twice: set[str] = set()
    for word in sorted(known):
        if len(word) >= _SHORTEST:
            form = fold(word)
            if form in folded:
                twice.add(form)
            folded[form] = word
    return known, {form: word for form, word in folded.items() if form not in twice}
