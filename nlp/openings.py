"""With what sign a match of a regular expression can begin, read off the expression itself.

Where many patterns are tried at one place, the sign that stands there tells which of them can match at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from nlp.literals import fold
from nlp.pattern_nodes import items, nodes_of

T = TypeVar("T")
Row = list[Any]  # nodes of a parsed expression, one behind the other
Step = tuple[
    frozenset[str] | None, Row
]  # one of the signs that can be taken, None for any; what is behind it

OPENING = 4  # letters that a text is told by
_SIGNS = 2  # where it begins with another sign
_MOST = 128  # signs of a class that are spelled out
_WHITE = frozenset(sign for sign in map(chr, range(0x3001)) if sign.isspace())


def first_signs(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Return the signs, folded, with which a match of `pattern` can begin; None where any may be one."""
    return _signs(list(_steps(items(nodes_of(pattern)))))


@dataclass(frozen=True, slots=True)
class _Node(Generic[T]):
    """What matches may begin with the signs that lead here.

    `rest` is what else may do so where the next sign is none of `known`.
    """

    here: tuple[T, ...]
    rest: tuple[T, ...]
    known: Mapping[str, _Node[T]]


class Openings(Generic[T]):
    """What belongs to patterns, in their order, by the signs with which a match of them can begin."""

    def __init__(self, patterns: Sequence[tuple[re.Pattern[str], T]]) -> None:
        self._root = _grow([(thing, [items(nodes_of(pattern))]) for pattern, thing in patterns], "")
        self.of = lru_cache(maxsize=1 << 12)(self._of)

    def _of(self, signs: str) -> tuple[T, ...]:
        """Return what can begin a text by its first `OPENING` signs, folded, or by the fewer it has."""
        node = self._root
        for sign in signs.replace("\u0130", "i"):  # ignore-case takes it for an i and `fold` leaves it
            known = node.known.get(sign)
            if known is None:
                return node.rest
            node = known
        return node.here


def _grow(held: Iterable[tuple[T, Sequence[Row]]], signs: str) -> _Node[T]:
    """Return the node that signs lead to; `held` is what may go on there, each with all that may follow."""
    told = [(thing, [step for row in rows for step in _steps(row)]) for thing, rows in held]
    here = tuple(thing for thing, _ in told)
    if len(signs) == (OPENING if signs[:1].isalpha() else _SIGNS):
        return _Node(here, here, {})
    may = [_signs(steps) for _, steps in told]
    known: dict[str, _Node[T]] = {}
    made: dict[tuple[Any, ...], _Node[T]] = {}  # signs of one class lead to the same
    for sign in sorted(set().union(*(some for some in may if some is not None))):
        if signs or sign not in _WHITE:  # lines begin with no blank
            on = [(thing, rows) for thing, steps in told if (rows := _behind(steps, sign))]
            alike = ((signs or sign)[0].isalpha(), *(id(row) for _, rows in on for row in rows))
            if alike not in made:
                made[alike] = _grow(on, signs + sign)
            known[sign] = made[alike]
    rest = (thing for (thing, _), some in zip(told, may, strict=True) if some is None)
    return _Node(here, tuple(rest), known)


def _signs(steps: Iterable[Step]) -> frozenset[str] | None:
    """Return the signs that the steps can take; None for any."""
    found: set[str] = set()
    for signs, _ in steps:
        if signs is None:
            return None
        found |= signs
    return frozenset(found)


def _behind(steps: Iterable[Step], sign: str) -> list[Row]:
    """Return what can stand behind a sign that the steps can take."""
    return [rest for signs, rest in steps if signs is None or sign in signs]


def _steps(row: Row) -> Iterator[Step]:
    """Yield how a row of nodes can go on by one sign; one that may be over goes on with any."""
    for index, (kind, value) in enumerate(row):
        name, rest = kind.name, row[index + 1 :]
        if name in ("AT", "ASSERT", "ASSERT_NOT"):
            continue
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inner = value
            if most > 1 and not inner.getwidth()[0]:
                break  # what is repeated may be nothing at all: let it be over
            again = [(kind, (max(least - 1, 0), most - 1, inner))] if most > 1 else []
            yield from _steps([*items(inner), *again, *rest])
            if least:
                return
        elif name in ("SUBPATTERN", "ATOMIC_GROUP", "BRANCH"):
            for inner in value[1] if name == "BRANCH" else [value[3] if name == "SUBPATTERN" else value]:
                yield from _steps([*items(inner), *rest])
            return
        else:
            signs = {chr(value)} if name == "LITERAL" else _members(value) if name == "IN" else None
            yield None if signs is None else frozenset(map(_folded, signs)), rest
            return
    yield None, []


@lru_cache(maxsize=1 << 10)
def _folded(sign: str) -> str:
    return fold(sign)


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
