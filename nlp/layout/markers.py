"""Bullets and numbers of list items: `1.`, `(1)`, `#1`, `#`, `a)`, `-`, and the spoken `One,`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nlp.literals import fold

_NAMES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_VALUES = {name: value for names in (_NAMES, _ORDINALS) for value, name in enumerate(names, start=1)}
_SPOKEN = (
    rf"(?:(?i:number|problem|item) (?:(?i:{'|'.join(_NAMES)})\b|\d{{1,2}})[,.:]?"
    rf"|(?:{'|'.join(map(str.capitalize, _NAMES))})[,.:])"
)
_TEXT = r"(?=[\"'*(]?[A-Za-z?])"

MARKER = re.compile(
    r"(?P<hash>#{1,3}[ \t]*(?=[A-Za-z*(])"
    rf"|(?:[-*\u2022][ \t]?)?#[ \t]?\d{{1,2}}(?:[.):]+[ \t]*|[ \t]+(?:-+[ \t]+)?){_TEXT}"
    r"|(?i:problem|dx) ?#? ?\d{1,2}[.:)-]+[ \t]*)"
    r"|(?P<number>(?:(?:[-\u2022][ \t]?|\*{1,2}[ \t]?|__)?\(?\d{1,2}(?:[.)]|\.\))|\d{1,2}[ \t]?[.)](?=[ \t]))"
    r"(?:[ \t]+|(?=[A-Za-z*(]))|\d{1,2} -{1,2} (?=[A-Z]))"
    rf"|(?P<spoken>{_SPOKEN}[ \t]+{_TEXT})"
    r"|(?P<letter>\([a-zA-Z]\)[ \t]*|(?:[a-zA-Z]\)|[a-z]\.)[ \t]+)"
    r"|(?P<roman>\(?(?:[ivx]{1,4}|[IVX]{2,4})[.)][ \t]+)"
    r"|(?P<bullet>(?:[\u2022\u25cf\u25e6\u25aa\u2023\u00b7\u25cb\u2027>*]|-{1,2}(?![-\d])|\[[ xX]?\])"
    r"[ \t]*(?=\S)|o[ \t]+(?=[A-Z]))"
)
# Enumerations inside a line: "1) anemia; 2) gout", "#1 anemia. #2 gout", "#a #b", "One, a. Two, b"
_INNER = re.compile(
    rf"(?<![^\s;,.:])(?:(?P<number>\(?(?P<value>\d{{1,2}})[.)])(?:[ \t]+|(?=[A-Za-z])){_TEXT}"
    rf"|(?P<counted>#[ \t]?\d{{1,2}}(?:[.):]+[ \t]*|[ \t]+)|{_SPOKEN}[ \t]+"
    rf"|(?:{'|'.join(map(str.capitalize, _ORDINALS))}),[ \t]+){_TEXT})"
    r"|(?<=\s)(?P<sign>#{1,2}[ \t]?(?=[A-Za-z][A-Za-z0-9])|[\u2022\u25cf\u25aa]+[ \t]*)"
)
# What a match of `_INNER` holds, save where the note speaks its numbers: found fast, and seldom there.
_INNER_NUMBER = re.compile(r"[.)](?<=\d[.)])(?<!\d\d\d[.)])(?=[ \tA-Za-z])")
_INNER_SIGNS = "#\u2022\u25cf\u25aa"
_SPOKEN_NAMES = tuple(name.capitalize() + mark for name in _NAMES for mark in ",.:") + tuple(
    name.capitalize() + "," for name in _ORDINALS
)
_SPOKEN_SORTS = ("number ", "problem ", "item ")
_DIGITS = re.compile(r"\d{1,2}")
_WORDS = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker: `text` as written, `value` its number (0 where it has none), `end` where its item begins."""

    start: int
    end: int
    text: str
    kind: str
    value: int


def read_marker(view: str, start: int, stop: int) -> Marker | None:
    """Return the marker that opens `view[start:stop]`, None where none does or nothing follows."""
    match = MARKER.match(view, start, stop)
    if match is None or match.end() >= stop or not match.lastgroup:
        return None
    kind = "number" if match.lastgroup == "spoken" else match.lastgroup
    text = match.group().strip()
    return Marker(start, match.end(), text, kind, marker_value(text) if kind in ("number", "hash") else 0)


def marker_value(text: str) -> int:
    """Return the number of a marker: 2 for `2.`, `(2)`, `#2`, `Two,` and `Second,`; 0 where it has none."""
    digits = _DIGITS.search(text)
    if digits is not None:
        return int(digits.group())
    return next((_VALUES[word] for word in _WORDS.findall(text.lower()) if word in _VALUES), 0)


@lru_cache(maxsize=1)  # asked for each piece of a note
def _inner_hints(view: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a note may speak its numbers, and which signs of list items it holds."""
    folded = fold(view)
    speaks = any(name in view for name in _SPOKEN_NAMES) or any(sort in folded for sort in _SPOKEN_SORTS)
    return speaks, tuple(sign for sign in _INNER_SIGNS if sign in view)


def inner_markers(view: str, start: int, stop: int) -> Iterator[tuple[Marker, bool]]:
    """Yield the markers inside running text, each with whether it needs the end of a sentence before it."""
    speaks, signs = _inner_hints(view)
    if not (
        speaks
        or any(view.find(sign, start, stop) >= 0 for sign in signs)
        or _INNER_NUMBER.search(view, start, stop)
    ):
        return
    for match in _INNER.finditer(view, start, stop):
        text = match.group().strip()
        if match["sign"] is not None:
            kind = "hash" if "#" in text else "bullet"
            yield Marker(match.start(), match.end(), text, kind, 0), False
        else:
            yield Marker(match.start(), match.end(), text, "number", marker_value(text)), not match["number"]
