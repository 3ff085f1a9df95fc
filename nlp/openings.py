"""With what sign a match of a regular expression can begin, read off the expression itself.

Where many patterns are tried at one place, the sign that stands there tells which of them can match at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from nlp.literals import fold, nodes_of

T = TypeVar("T")
_MOST = 128  # signs of a class that are spelled out
_WHITE = frozenset(sign for sign in map(chr, range(0x3001)) if sign.isspace())


def first_signs(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Return the signs, folded, with which a match of `pattern` can begin; None where any may be one."""
    signs, passed = _of_row(nodes_of(pattern))
    return None if signs is None or passed else frozenset(map(fold, signs))


def by_first_sign(
    patterns: Sequence[tuple[re.Pattern[str], T]],
) -> tuple[Mapping[str, tuple[T, ...]], tuple[T, ...]]:
    """Return what belongs to the patterns that can begin with each sign, in order, and with any other."""
    known = [(first_signs(pattern), thing) for pattern, thing in patterns]
    every = set().union(*(signs for signs, _ in known if signs is not None))
    table = {sign: tuple(thing for signs, thing in known if signs is None or sign in signs) for sign in every}
    return table, tuple(thing for signs, thing in known if signs is None)


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
