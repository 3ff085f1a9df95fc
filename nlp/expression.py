"""A regular expression of the data: refused at once where it is wrong, compiled when it is first tried.

Most expressions of the lexicon ask for letters that a note does not hold, so that a call that reads one note
compiles few of them. What letters they ask for is read off their nodes, which are parsed once.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from nlp.literals import Choice, bared, letters_of, may_hold
from nlp.lowered import lowered
from nlp.pattern_nodes import loosened, parse

BEGINS = "(?<![A-Za-z0-9])"
"""A word begins here."""


class Expression:
    """A pattern as it is written, and what is made of it when it is first asked for."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        """Take a pattern in.

        Raises:
            re.error: it is no regular expression.
        """
        self.pattern = pattern
        self.flags = flags
        self._nodes: Any = parse(pattern, flags)
        if "(?<" in pattern.replace(BEGINS, ""):
            _ = self.compiled  # nothing else tells whether what it looks back at has one length

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, to be tried."""
        return re.compile(self.pattern, self.flags)

    @cached_property
    def lowered(self) -> re.Pattern[str] | None:
        """The pattern for text in lower case, see `nlp.lowered`; None where there is none."""
        return lowered(self.pattern, self.flags)

    @cached_property
    def loose(self) -> re.Pattern[str]:
        """The pattern without what it asks of the text around it."""
        return loosened(self.pattern, self.flags)

    @cached_property
    def asked(self) -> tuple[tuple[Choice, ...], int]:
        """The letters that each match holds, in folded text, and the most code points that it can take."""
        nodes, self._nodes = self._nodes, None
        # a unit may end in the middle of a word; what then ends with it, and in a letter, is no match
        return letters_of(nodes, folds=True, whole=True), int(nodes.getwidth()[1])

    @cached_property
    def _rows(self) -> tuple[tuple[str, ...], ...]:
        return bared(self.asked[0])

    def stands_in(self, text: str) -> bool:
        """Return whether the pattern is found in a short text."""
        if not text.isascii():
            return self.compiled.search(text) is not None
        words = text.lower()
        if not may_hold(words, self._rows):
            return False
        made = self.lowered
        return (self.compiled.search(text) if made is None else made.search(words)) is not None

    def prepare(self) -> None:
        """Have ready what is made when it is first searched for, so that no note has to wait for it."""
        _ = self.compiled, self._rows, self.lowered

    def search(self, text: str) -> re.Match[str] | None:
        """Return what the pattern finds first in a short text; it is tried where its letters stand."""
        if text.isascii() and not may_hold(text.lower(), self._rows):
            return None
        return self.compiled.search(text)
