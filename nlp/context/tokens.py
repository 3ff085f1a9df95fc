"""Cut a stretch of text into the small tokens on which cues are matched."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

# A run of letters, a run of digits, or one other sign: "h/o" is three tokens, in a note as in a cue.
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_+")
# The same of ASCII text in lower case, letter by letter: in two thirds of the time.
_PLAIN_TOKEN = re.compile(r"[a-z]+|[0-9]+|[\x00-\x08\x0e-\x1b!-/:-@\[-^`{-\x7f]|_+")


class Tokens:
    """The tokens of one stretch: `words` in lower case, and, told when it is asked for, where they stand."""

    __slots__ = ("_ends", "_rest", "_start", "_starts", "_text", "_view", "words")

    def __init__(self, view: str, start: int, end: int) -> None:
        self._view = view
        self._start = start
        self._starts: list[int] = []  # of the first tokens, as far as somebody asked
        self._ends: list[int] = []
        self._text = text = view[start:end]
        self.words: list[str]
        if text.isascii():  # cut the same way whether lowered before or after
            self._text = text.lower()
            written = self.words = _PLAIN_TOKEN.findall(self._text)
        else:  # a letter may become two when lowered
            written = _TOKEN.findall(text)
            self.words = [word.lower() for word in written]
        self._rest = iter(written)  # of which nobody asked yet where they stand

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.words)

    def _place(self, offset: int | None = None) -> None:
        """Find where tokens stand, up to one that starts at `offset` or behind it; by default all of them."""
        begin, find = self._start, self._text.find
        starts, ends = self._starts, self._ends
        at = ends[-1] - begin if ends else 0
        last = len(self._text) if offset is None else offset - begin
        for word in self._rest:  # only white space lies between two tokens
            start = find(word, at)
            at = start + len(word)
            starts.append(begin + start)
            ends.append(begin + at)
            if start >= last:
                return

    def span(self, index: int) -> tuple[int, int]:
        """Return where a token starts and where it ends, exclusive, in code points of the whole text."""
        if index >= len(self._starts):
            self._place()
        return self._starts[index], self._ends[index]

    def surface(self, first: int, last: int) -> list[str]:
        """Return the tokens from `first` to `last`, exclusive, as written."""
        return [self._view[start:end] for start, end in map(self.span, range(first, last))]

    def cover(self, start: int, end: int) -> tuple[int, int]:
        """Return the token range that touches the code points from `start` to `end`."""
        if not self._starts or self._starts[-1] < end:
            self._place(end)
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end)
        return first, max(first, last)

    def glued(self, index: int) -> bool:
        """Tell whether token `index` follows the one before it without a blank."""
        return index > 0 and self.span(index)[0] == self._ends[index - 1]


def read_tokens(view: str, start: int = 0, end: int | None = None) -> Tokens:
    """Return the tokens of `view[start:end]`; `view` comes from `nlp.view.normalise`."""
    return Tokens(view, start, len(view) if end is None else end)
