"""Cut a stretch of text into the small tokens on which cues are matched."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

# A run of letters, a run of digits, or one other sign: "h/o" is three tokens, in a note as in a cue.
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_+")


class Tokens:
    """The tokens of one stretch: `words` in lower case, and, told when it is asked for, where they stand."""

    __slots__ = ("_ends", "_piece", "_start", "_starts", "_surface", "words")

    def __init__(self, view: str, start: int, end: int) -> None:
        self._start = start
        self._piece = piece = view[start:end]
        self._surface: list[str] | None = None
        self._starts: list[int] | None = None
        self._ends: list[int] = []
        self.words: list[str]
        if piece.isascii():
            self.words = _TOKEN.findall(piece.lower())
        else:  # a letter may become two when lowered
            self.words = [word.lower() for word in self.surface]

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.words)

    @property
    def surface(self) -> list[str]:
        """The tokens as written."""
        if self._surface is None:
            self._surface = _TOKEN.findall(self._piece)
        return self._surface

    @property
    def starts(self) -> list[int]:
        """Where each token starts, in code points of the whole text."""
        return self._starts if self._starts is not None else self._place()

    @property
    def ends(self) -> list[int]:
        """Where each token ends, exclusive."""
        if self._starts is None:
            self._place()
        return self._ends

    def _place(self) -> list[int]:
        """Find where the tokens stand; only white space lies between two of them."""
        begin, at, find = self._start, 0, self._piece.find
        starts, ends = [], []
        for word in self.surface:
            at = find(word, at)
            starts.append(begin + at)
            at += len(word)
            ends.append(begin + at)
        self._starts, self._ends = starts, ends
        return starts

    def cover(self, start: int, end: int) -> tuple[int, int]:
        """Return the token range that touches the code points from `start` to `end`."""
        first = bisect_right(self.ends, start)
        last = bisect_left(self.starts, end)
        return first, max(first, last)

    def glued(self, index: int) -> bool:
        """Tell whether token `index` follows the one before it without a blank."""
        return index > 0 and self.starts[index] == self.ends[index - 1]


def read_tokens(view: str, start: int = 0, end: int | None = None) -> Tokens:
    """Return the tokens of `view[start:end]`; `view` comes from `nlp.view.normalise`."""
    return Tokens(view, start, len(view) if end is None else end)
