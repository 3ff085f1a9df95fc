"""What an expression is made of: its nodes, what a match can take or look at, and the same one loosened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser")
_compiler: Any = import_module("re._compiler")


@lru_cache(maxsize=1)  # what is asked of a pattern is asked at once
def nodes_of(pattern: re.Pattern[str]) -> Any:
    """Return the nodes of a pattern; they are shared and not to be changed."""
    return parse(pattern.pattern, pattern.flags)


def parse(pattern: str, flags: int = 0) -> Any:
    """Return the nodes of a pattern as it is written.

    Raises:
        re.error: it is none.
    """
    return _parser.parse(pattern, flags)


def items(nodes: Any) -> Any:
    """The nodes of a row as a list: a parsed row hands them out one call each."""
    return getattr(nodes, "data", nodes)


def width(pattern: re.Pattern[str]) -> int:
    """Return the most code points that a match of `pattern` can take."""
    return int(nodes_of(pattern).getwidth()[1])


def look_width(pattern: re.Pattern[str]) -> int:
    """Return how far `pattern` may look beyond its match."""
    return max(
        (
            int(node[1][1].getwidth()[1])
            for node in all_nodes(nodes_of(pattern))
            if node[0].name in ("ASSERT", "ASSERT_NOT")
        ),
        default=0,
    )


def stays_in_line(pattern: re.Pattern[str]) -> bool:
    """Return whether no match of `pattern` can hold a line feed; what it looks at beside it may."""
    return not any(_holds_line_end(node) for node in _consumed(nodes_of(pattern)))


def _consumed(nodes: Iterable[Any]) -> Iterator[Any]:
    """Every node that takes text, those of groups, branches and repeats included."""
    for node in items(nodes):
        name, value = node[0].name, node[1]
        if name == "SUBPATTERN":
            yield from _consumed(value[3])
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield from _consumed(value[2])
        elif name == "BRANCH":
            for branch in value[1]:
                yield from _consumed(branch)
        elif name == "ATOMIC_GROUP":
            yield from _consumed(value)
        elif name not in ("AT", "ASSERT", "ASSERT_NOT"):
            yield node


def _holds_line_end(node: Any) -> bool:
    """Whether a node that takes one code point may take a line feed; True where that is not certain."""
    name, value = node[0].name, node[1]
    if name in ("LITERAL", "NOT_LITERAL"):
        return (value == _LINE_END) is (name == "LITERAL")
    if name != "IN":
        return True
    negated, held = False, False
    for kind, member in value:
        kind_ = kind.name
        if kind_ == "NEGATE":
            negated = True
        elif kind_ == "LITERAL":
            held = held or member == _LINE_END
        elif kind_ == "RANGE":
            held = held or member[0] <= _LINE_END <= member[1]
        elif kind_ == "CATEGORY":
            held = held or member.name in _WITH_LINE_END
        else:
            return True
    return held is not negated


_LINE_END = ord("\n")
_WITH_LINE_END = ("CATEGORY_SPACE", "CATEGORY_NOT_WORD", "CATEGORY_NOT_DIGIT")


def ignores_case(pattern: re.Pattern[str]) -> bool:
    """Return whether `pattern`, or a group in it, ignores case."""
    if pattern.flags & re.IGNORECASE:
        return True
    if not _MAY_SET_CASE.search(pattern.pattern):
        return False
    return any(
        node[0].name == "SUBPATTERN" and node[1][1] & re.IGNORECASE for node in all_nodes(nodes_of(pattern))
    )


_MAY_SET_CASE = re.compile(r"\(\?[a-z]*i")


def all_nodes(nodes: Iterable[Any]) -> Iterator[Any]:
    """Every node of a parsed pattern, those in groups, branches, repeats and looks included."""
    for node in items(nodes):
        yield node
        name, value = node[0].name, node[1]
        if name == "SUBPATTERN":
            yield from all_nodes(value[3])
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield from all_nodes(value[2])
        elif name == "BRANCH":
            for branch in value[1]:
                yield from all_nodes(branch)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from all_nodes(value[1])
        elif name == "ATOMIC_GROUP":
            yield from all_nodes(value)


def loosened(pattern: str, flags: int) -> re.Pattern[str]:
    """Return a pattern that matches wherever `pattern` does in any part of a text, if not only there.

    What `pattern` asks of the text around a match is dropped, since the end of a part hides it; only at
    the left border, which a part does not hide, and for a word cut in two at the right is it kept.
    """
    parsed = parse(pattern, flags)  # its own: it is changed
    rows = list(parsed)
    first = rows[:1] if rows and rows[0][0].name == "ASSERT_NOT" and rows[0][1][0] < 0 else []
    _drop_looks(parsed)
    parsed.data[:0] = first
    parsed.data += _parser.parse(_WHOLE_WORD).data
    loose: re.Pattern[str] = _compiler.compile(parsed, flags)
    return loose


_WHOLE_WORD = r"(?!(?<=[A-Za-z0-9])[A-Za-z0-9])"


def _drop_looks(nodes: Any) -> None:
    """Take the looks around out of a parsed pattern, in place."""
    kept = []
    for node in nodes.data:
        name, value = node[0].name, node[1]
        if name in ("ASSERT", "ASSERT_NOT", "AT"):
            continue
        if name == "SUBPATTERN":
            _drop_looks(value[3])
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            _drop_looks(value[2])
        elif name == "BRANCH":
            for branch in value[1]:
                _drop_looks(branch)
        elif name in ("ATOMIC_GROUP", "POSSESSIVE_REPEAT"):
            raise ValueError("an atomic group or a possessive repeat cannot be loosened; write it without")
        kept.append(node)
    nodes.data[:] = kept
