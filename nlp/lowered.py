"""An expression that ignores case, made over for text in lower case: it finds the same in half the time.

Where case is ignored each letter of a text is lowered anew for each alternative that is tried. Most notes
are ASCII, and such a text is lowered once for all (`nlp.literals.fold`) without a place being moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser")
_compiler: Any = import_module("re._compiler")

_CAPITALS = (ord("A"), ord("Z"))
_DOWN = ord("a") - ord("A")
_LOOSE = (0x130, 0x131, 0x17F, 0x212A)  # what beyond ASCII ignore-case takes for one of its letters
_PLAIN = frozenset({"ANY", "ANY_ALL", "AT", "GROUPREF"})  # they ask for no letter of their own


class _OtherwiseError(Exception):
    """The expression says something of which it is not certain what it says of text in lower case."""


@lru_cache(maxsize=4096)  # made when it is first asked for
def lowered(pattern: str, flags: int) -> re.Pattern[str] | None:
    """Return the expression for ASCII text in lower case; it matches where `pattern` does in the text itself.

    None where `pattern` minds case, or says something that cannot be made over.
    """
    parsed = _parser.parse(pattern, flags)
    if not parsed.state.flags & re.IGNORECASE:
        return None
    try:
        _lower(parsed)
    except _OtherwiseError:
        return None
    parsed.state.flags &= ~re.IGNORECASE
    made: re.Pattern[str] = _compiler.compile(parsed, flags & ~re.IGNORECASE)
    return made


def _lower(nodes: Any) -> None:
    """Make over a parsed pattern, in place."""
    nodes.data[:] = [(op, _value(op.name, value)) for op, value in nodes.data]


def _value(name: str, value: Any) -> Any:
    """Return the value of a node, made over."""
    if name in ("LITERAL", "NOT_LITERAL"):
        return _letter(value)
    if name == "IN":
        return [made for kind, member in value for made in _members(kind, member)]
    if name == "SUBPATTERN":
        group, added, taken, inner = value
        if taken & re.IGNORECASE:
            raise _OtherwiseError
        _lower(inner)
        return group, added & ~re.IGNORECASE, taken, inner
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        _lower(value[2])
    elif name == "BRANCH":
        for row in value[1]:
            _lower(row)
    elif name in ("ASSERT", "ASSERT_NOT"):
        _lower(value[1])
    elif name == "ATOMIC_GROUP":
        _lower(value)
    elif name not in _PLAIN:
        raise _OtherwiseError
    return value


def _letter(code: int) -> int:
    if code in _LOOSE:
        raise _OtherwiseError
    return code + _DOWN if _CAPITALS[0] <= code <= _CAPITALS[1] else code


def _members(kind: Any, member: Any) -> Iterable[tuple[Any, Any]]:
    """Yield what stands for a member of a class: of a range its capitals come as small letters too."""
    if kind.name == "LITERAL":
        yield kind, _letter(member)
        return
    yield kind, member
    if kind.name == "RANGE":
        low, high = member
        if any(low <= code <= high for code in _LOOSE):
            raise _OtherwiseError
        low, high = max(low, _CAPITALS[0]), min(high, _CAPITALS[1])
        if low <= high:
            yield kind, (low + _DOWN, high + _DOWN)
    elif kind.name not in ("NEGATE", "CATEGORY"):
        raise _OtherwiseError
