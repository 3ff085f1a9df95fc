"""With what sign a match of a regular expression can begin, read off the expression itself.

Where many patterns are tried at one place, the sign that stands there tells which of them can match at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from nlp.literals import fold
from nlp.pattern_nodes import nodes_of

T = TypeVar("T")
_MOST = 128  # signs of a class that are spelled out
_WHITE = frozenset(sign for sign in map(chr, range(0x3001)) if sign.isspace())


def first_signs(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Return the signs, folded, with which a match of `pattern` can begin; None where any may be one."""
    signs, passed = _of_row(nodes_of(pattern))
    return None if signs is None or passed else frozenset(map(fold, signs))


def second_signs(pattern: re.Pattern[str], first: str) -> frozenset[str] | None:
    """Return the signs, folded, that can stand second in a match that begins with `first`; None for any.

    A match that may be over by then can be followed by any.
    """
    found: set[str] = set()
    for row in _behind(list(nodes_of(pattern)), first):
        signs, passed = _of_row(row)
        if signs is None or passed:
            return None
        found |= signs
    return frozenset(map(fold, found))


class Openings(Generic[T]):
    """What belongs to patterns, in their order, by the signs with which a match of them can begin."""

    def __init__(self, patterns: Sequence[tuple[re.Pattern[str], T]]) -> None:
        rows: list[tuple[T, frozenset[str] | None, dict[str, frozenset[str] | None]]] = []
        for pattern, thing in patterns:
            signs = first_signs(pattern)
            inked = signs - _WHITE if signs else ()  # lines begin with no blank
            rows.append((thing, signs, {first: second_signs(pattern, first) for first in inked}))
        self._others = tuple(thing for thing, signs, _ in rows if signs is None)
        self._by_sign: dict[str, tuple[T, ...]] = {}
        self._by_signs: dict[str, tuple[T, ...]] = {}
        for first in set().union(*(signs for _, signs, _ in rows if signs is not None)):
            here = [(t, seconds.get(first)) for t, signs, seconds in rows if signs is None or first in signs]
            self._by_signs[first] = tuple(thing for thing, _ in here)
            self._by_sign[first] = tuple(thing for thing, known in here if known is None)
            for second in set().union(*(known for _, known in here if known is not None)):
                row = tuple(thing for thing, known in here if known is None or second in known)
                self._by_signs[first + second] = row

    def of(self, signs: str) -> tuple[T, ...]:
        """Return what can begin a text by its first two signs, folded, or by the only one it has."""
        found = self._by_signs.get(signs)
        return self._by_sign.get(signs[0], self._others) if found is None else found


_Signs = tuple[set[str] | None, bool]  # with what it can begin, and whether it may take nothing at all


def _of_row(nodes: Iterable[Any]) -> _Signs:
    found: set[str] = set()
    for node in nodes:
        signs, passed = _of(node)
        if signs is None:
            return None, passed
        found |= signs
        if not passed:
            return found, False
    return found, True


def _behind(nodes: list[Any], first: str) -> Iterator[list[Any]]:
    """Yield rows of nodes, each of which may go on with a match that begins with a sign."""
    for index, node in enumerate(nodes):
        name, value = str(node[0]), node[1]
        rest = nodes[index + 1 :]
        if name in ("AT", "ASSERT", "ASSERT_NOT"):
            continue
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inner = value
            again = [(node[0], (min(least - 1, 1) if least else 0, 1, inner))] if most > 1 else []
            yield from _behind([*inner, *again, *rest], first)
            if least:
                return
            continue
        if name in ("SUBPATTERN", "ATOMIC_GROUP", "BRANCH"):
            inners = value[1] if name == "BRANCH" else [value[3] if name == "SUBPATTERN" else value]
            for inner in inners:
                yield from _behind([*inner, *rest], first)
        else:
            signs, _ = _of(node)
            if signs is None or first in map(fold, signs):
                yield rest
        return


def _of(node: Any) -> _Signs:
    name, value = node[0].name, node[1]
    if name in ("AT", "ASSERT", "ASSERT_NOT"):
        return set(), True
    if name == "LITERAL":
        return {chr(value)}, False
    if name == "IN":
        return _members(value), False
    if name == "SUBPATTERN":
        return _of_row(value[3])
    if name == "ATOMIC_GROUP":
        return _of_row(value)
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        signs, passed = _of_row(value[2])
        return signs, passed or value[0] == 0
    if name == "BRANCH":
        rows = [_of_row(branch) for branch in value[1]]
        if any(signs is None for signs, _ in rows):
            return None, False
        return set().union(*(signs for signs, _ in rows if signs)), any(passed for _, passed in rows)
    return None, False


def _members(members: Iterable[Any]) -> set[str] | None:
    found: set[str] = set()
    for kind, value in members:
        name = kind.name
        if name == "LITERAL":
            found.add(chr(value))
        elif name == "RANGE" and value[1] - value[0] < _MOST:
            found |= set(map(chr, range(value[0], value[1] + 1)))
        elif name == "CATEGORY" and value.name == "CATEGORY_SPACE":
            found |= _WHITE
        else:
            return None
    return found
