"""What kind of sign stands where in a text, by the byte: it shows at once where a date or a code may be."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from nlp.memory import of_note

_JOINTS, _CLOSES = "./-", ")]"
_OTHER = "_"
BEYOND = "corrin.kinds"
"""How what is not ASCII is encoded: each sign by its kind."""


def _kind(sign: str) -> str:
    if sign.isdecimal():
        return "0"
    if sign.isspace():
        return " "
    if not sign.isascii():
        return _OTHER
    return "A" if sign.isupper() else "/" if sign in _JOINTS else ")" if sign in _CLOSES else _OTHER


def _of_kind(beyond: UnicodeError) -> tuple[str, int]:
    assert isinstance(beyond, UnicodeEncodeError)
    return "".join(map(_kind, beyond.object[beyond.start : beyond.end])), beyond.end


codecs.register_error(BEYOND, _of_kind)
_KINDS = bytes(ord(_kind(chr(code))) if code < 128 else 0 for code in range(256))


@of_note  # several stages ask for the same view
def kinds(view: str) -> bytes:
    """Return the kind of each code point of a view, in its place.

    `0` is a digit, `A` a capital of ASCII, `/` a slash, a point or a hyphen, `)` a closing bracket, a blank
    any white space, `_` all else.
    """
    return view.encode("ascii", BEYOND).translate(_KINDS)


def stretches(places: Iterable[int], before: int, behind: int) -> Iterator[tuple[int, int]]:
    """Yield what stands so far before and behind places in text order; stretches that touch are one."""
    low, high = 0, -1
    for place in places:
        if place - before > high >= 0:
            yield low, high
            low = place - before
        elif high < 0:
            low = max(place - before, 0)
        high = place + behind
    if high >= 0:
        yield low, high
