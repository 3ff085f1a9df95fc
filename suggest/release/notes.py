"""Which codes an instructional note names: `(D50-D64)`, `(K29.-)`, `(E08-E13 with .42)`.

A note is a sentence for people. The codes in it follow a few habits, which are read here; what a
note says beyond its codes ("gastritis with hemorrhage") stays with the note, for the reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_CODE = r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{0,4})?(?![0-9A-Za-z])"
_TARGET = re.compile(rf"\b({_CODE})(?:-?\s?-\s?({_CODE})-?|\s+to\s+({_CODE})-?|-)?")
_POSITION = {"third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
_POSITION |= {f"{number}th": number for number in range(4, 8)}
_LIMIT = re.compile(
    r",?\s*with\s+(?:"
    r"(?P<suffix>\.[0-9A-Z]+)"
    r"|(?P<first>[a-z0-9]+)(?:\s+or\s+(?P<second>[a-z0-9]+))?\s+characters?\s+(?P<chars>[0-9A-Z](?:-[0-9A-Z])?)"
    r"|final\s+characters?\s+-?(?P<final>[0-9A-Z]+)"
    r")"
)


@dataclass(frozen=True, slots=True)
class CodeRange:
    """Codes without their dots from `low` to `high`, each with all that lies below it.

    `suffix` must follow the category, `final` must end the code, and one of `positions` (counted
    from 1, dot not counted) must hold one of `characters`; empty means no such limit.
    """

    low: str
    high: str
    suffix: str = ""
    final: str = ""
    positions: tuple[int, ...] = ()
    characters: str = ""

    def matches(self, key: str) -> bool:
        """Say whether the code `key` (no dot) lies in the range."""
        if key[: len(self.low)] < self.low or key[: len(self.high)] > self.high:
            return False
        if self.suffix and not key[3:].startswith(self.suffix):
            return False
        if self.final and not key.endswith(self.final):
            return False
        return not self.positions or any(key[place - 1 : place] in self._allowed for place in self.positions)

    @property
    def _allowed(self) -> frozenset[str]:
        first, last = self.characters[0], self.characters[-1]
        return frozenset(chr(code) for code in range(ord(first), ord(last) + 1))


@lru_cache(maxsize=4096)
def named_codes(note: str) -> tuple[CodeRange, ...]:
    """Return the codes and ranges of codes that a note names, in its order."""
    found = []
    for match in _TARGET.finditer(note):
        low = match[1].replace(".", "")
        high = (match[2] or match[3] or match[1]).replace(".", "")
        limit = _LIMIT.match(note, match.end())
        found.append(_range(low, high, limit))
    return tuple(found)


def _range(low: str, high: str, limit: re.Match[str] | None) -> CodeRange:
    if limit is None:
        return CodeRange(low, high)
    if limit["suffix"]:
        return CodeRange(low, high, suffix=limit["suffix"].lstrip("."))
    if limit["final"]:
        return CodeRange(low, high, final=limit["final"])
    names = (limit["first"], limit["second"] or "")
    positions = tuple(_POSITION[name] for name in names if name in _POSITION)
    return CodeRange(low, high, positions=positions, characters=limit["chars"] if positions else "")
