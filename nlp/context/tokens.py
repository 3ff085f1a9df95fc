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

    __slots__ = ("_places", "_start", "_text", "_view", "_written", "words")

    def __init__(self, view: str, start: int, end: int) -> None:
        self._view = view
        self._start = start
        self._places: tuple[list[int], list[int]] | None = None
        self._text = text = view[start:end]
        self._written: list[str]
        self.words: list[str]
        if text.isascii():  # cut the same way whether lowered before or after
            self._text = text.lower()
            self._written = self.words = _PLAIN_TOKEN.findall(self._text)
        else:  # a letter may become two when lowered
            self._written = _TOKEN.findall(text)
            self.words = [word.lower() for word in self._written]

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.words)

    def places(self) -> tuple[list[int], list[int]]:
        """Return where each token starts and where it ends, exclusive, in code points of the whole text."""
        if self._places is None:
            begin, at, find = self._start, 0, self._text.find
            starts, ends = [], []
            for word in self._written:  # only white space lies between two tokens
                at = find(word, at)
                starts.append(begin + at)
                at += len(word)
                ends.append(begin + at)
            self._places = starts, ends
        return self._places

    def surface(self, first: int, last: int) -> list[str]:
        """Return the tokens from `first` to `last`, exclusive, as written."""
        starts, ends = self.places()
        return [
            self._view[start:end] for start, end in zip(starts[first:last], ends[first:last], strict=True)
        ]

    def cover(self, start: int, end: int) -> tuple[int, int]:
        """Return the token range that touches the code points from `start` to `end`."""
        starts, ends = self.places()
        first = bisect_right(ends, start)
        last = bisect_left(starts, end)
        return first, max(first, last)

    def glued(self, index: int) -> bool:
        """Tell whether token `index` follows the one before it without a blank."""
        if index == 0:
            return False
        starts, ends = self.places()
        return starts[index] == ends[index - 1]


def read_tokens(view: str, start: int = 0, end: int | None = None) -> Tokens:
    """Return the tokens of `view[start:end]`; `view` comes from `nlp.view.normalise`."""
    return Tokens(view, start, len(view) if end is None else end)
