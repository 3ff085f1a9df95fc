"""Cut a stretch of text into the small tokens on which cues are matched."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

# A run of letters, a run of digits, or one other sign: "h/o" is three tokens, in a note as in a cue.
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_+")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one stretch; `starts` and `ends` are code points of the whole text."""

    words: tuple[str, ...] = field(repr=False)
    surface: tuple[str, ...] = field(repr=False)
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.words)

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
    found = list(_TOKEN.finditer(view, start, len(view) if end is None else end))
    surface = tuple(map(re.Match.group, found))
    return Tokens(
        tuple(map(str.lower, surface)),
        surface,
        tuple(map(re.Match.start, found)),
        tuple(map(re.Match.end, found)),
    )
