"""Look up the next or the last of some tokens of a unit, seen from any token, brackets respected."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property


class Stops:
    """Tokens at which scopes end, to be looked up from any token, on its own level of brackets."""

    def __init__(self, count: int, places: Iterable[int], partner: list[int] | None) -> None:
        self._count = count
        self._partner = partner
        self._places = sorted(places)

    def ahead(self, index: int) -> int:
        """Return the first stop at or after a token; the number of tokens where none is."""
        if self._partner is not None:
            return self._all_ahead[index]
        at = bisect_left(self._places, index)
        return self._places[at] if at < len(self._places) else self._count

    def back(self, index: int) -> int:
        """Return the last stop at or before a token, else 0."""
        if self._partner is not None:
            return self._all_back[index]
        at = bisect_right(self._places, index)
        return self._places[at - 1] if at else 0

    @cached_property
    def _all_ahead(self) -> list[int]:
        return _next_at(self._count, self._places, self._partner or [])

    @cached_property
    def _all_back(self) -> list[int]:
        return _previous_at(self._count, self._places, self._partner or [])


def brackets(words: list[str]) -> list[int] | None:
    """Return for each round bracket the index of its partner, and -1 elsewhere; None where no two pair."""
    if "(" not in words or ")" not in words:
        return None
    partner = [-1] * len(words)
    open_: list[int] = []
    for index, word in enumerate(words):
        if word == "(":
            open_.append(index)
        elif word == ")" and open_:
            other = open_.pop()
            partner[index], partner[other] = other, index
    return partner


def _next_at(count: int, stops: Iterable[int], partner: list[int]) -> list[int]:
    """Return for each token the first stop at or after it, on its own level of brackets."""
    found, wanted = [count] * count, set(stops)
    current, outer = count, list[int]()
    for index in range(count - 1, -1, -1):
        if 0 <= partner[index] < index:  # a closing bracket
            found[index] = index
            outer.append(current)
            current = index
            continue
        if partner[index] > index:
            current = outer.pop()
        if index in wanted:
            current = index
        found[index] = current
    return found


def _previous_at(count: int, stops: Iterable[int], partner: list[int]) -> list[int]:
    """Return for each token the last stop at or before it, on its own level of brackets, else 0."""
    found, wanted = [0] * count, set(stops)
    current, outer = 0, list[int]()
    for index in range(count):
        if 0 <= partner[index] < index:
            current = outer.pop()
        if index in wanted:
            current = index
        found[index] = current
        if partner[index] > index:
            outer.append(current)
            current = index + 1
    return found
