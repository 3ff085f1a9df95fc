"""Bullets and numbers of list items: `1.`, `(1)`, `#1`, `#`, `a)`, `-`, and the spoken `One,`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from nlp.literals import CLOSES, OPENS, fold
from nlp.scan import held, look_for

_NAMES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_VALUES = {name: value for names in (_NAMES, _ORDINALS) for value, name in enumerate(names, start=1)}
_SPOKEN = (
    rf"(?:(?i:number|problem|item) (?:(?i:{'|'.join(_NAMES)})\b|\d{{1,2}})[,.:]?"
    rf"|(?:{'|'.join(map(str.capitalize, _NAMES))})[,.:])"
)
_TEXT = r"(?=[\"'*(]?[A-Za-z?])"

# Most lines begin with a word that is no marker: told by its first two letters.
_TWO_LETTERS = "|".join(sorted({word[:2] for word in (*_NAMES, "number", "problem", "item", "dx")}))
_BEGINS = rf"(?=[^A-Za-z]|[A-Za-z](?![A-Za-z])|(?i:{_TWO_LETTERS}|[ivx][ivx]))"
_MAY_BEGIN = re.compile(_BEGINS)
MARKER = re.compile(
    rf"{_BEGINS}"
    r"(?:(?P<hash>#{1,3}[ \t]*(?=[A-Za-z*(])"
    rf"|(?:[-*\u2022][ \t]?)?#[ \t]?\d{{1,2}}(?:[.):]+[ \t]*|[ \t]+(?:-+[ \t]+)?){_TEXT}"
    r"|(?i:problem|dx) ?#? ?\d{1,2}[.:)-]+[ \t]*)"
    r"|(?P<number>(?:(?:[-\u2022][ \t]?|\*{1,2}[ \t]?|__)?\(?\d{1,2}(?:[.)]|\.\))|\d{1,2}[ \t]?[.)](?=[ \t]))"
    r"(?:[ \t]+|(?=[A-Za-z*(]))|\d{1,2} -{1,2} (?=[A-Z]))"
    rf"|(?P<spoken>{_SPOKEN}[ \t]+{_TEXT})"
    r"|(?P<letter>\([a-zA-Z]\)[ \t]*|(?:[a-zA-Z]\)|[a-z]\.)[ \t]+)"
    r"|(?P<roman>\(?(?:[ivx]{1,4}|[IVX]{2,4})[.)][ \t]+)"
    r"|(?P<bullet>(?:[\u2022\u25cf\u25e6\u25aa\u2023\u00b7\u25cb\u2027>*]|-{1,2}(?![-\d])|\[[ xX]?\])"
    r"[ \t]*(?=\S)|o[ \t]+(?=[A-Z])))"
)
# Enumerations inside a line: "1) anemia; 2) gout", "#1 anemia. #2 gout", "#a #b", "One, a. Two, b"
_INNER = re.compile(
    rf"(?<![^\s;,.:])(?:(?P<number>\(?(?P<value>\d{{1,2}})[.)])(?:[ \t]+|(?=[A-Za-z])){_TEXT}"
    rf"|(?P<counted>#[ \t]?\d{{1,2}}(?:[.):]+[ \t]*|[ \t]+)|{_SPOKEN}[ \t]+"
    rf"|(?:{'|'.join(map(str.capitalize, _ORDINALS))}),[ \t]+){_TEXT})"
    r"|(?<=\s)(?P<sign>#{1,2}[ \t]?(?=[A-Za-z][A-Za-z0-9])|[\u2022\u25cf\u25aa]+[ \t]*)"
)
# What a match of `_INNER` begins with: a number, a sign, a spoken number, or a sort of item.
_INNER_NUMBERS = [  # each begins with its mark alone, which a search leaps to
    re.compile(rf"\{mark}(?<=\d\{mark})(?<!\d\d\d\{mark})(?=[ \tA-Za-z])") for mark in ".)"
]
_INNER_SIGNS = "#\u2022\u25cf\u25aa"
_SPOKEN_NAMES = {  # by the letters that tell of it: as it is written, and what may stand behind it
    **{OPENS + name + CLOSES: (name.capitalize(), (",", ".", ":")) for name in _NAMES},
    **{OPENS + name + CLOSES: (name.capitalize(), (",",)) for name in _ORDINALS},
}
_SPOKEN_SORTS = ("number ", "problem ", "item ")
_ALL_NAMES, _ALL_SORTS = look_for(_SPOKEN_NAMES), look_for(_SPOKEN_SORTS)
_DIGITS = re.compile(r"\d{1,2}")
_WORDS = re.compile(r"[a-z]+")


@dataclass(slots=True)
class Marker:
    """A marker: `text` as written, `value` its number (0 where it has none), `end` where its item begins."""

    start: int
    end: int
    text: str
    kind: str
    value: int


@lru_cache(maxsize=1 << 12)
def may_mark(signs: str) -> bool:
    """Whether a marker can begin with these two signs; most lines begin with others."""
    return _MAY_BEGIN.match(signs) is not None


def read_marker(view: str, start: int, stop: int) -> Marker | None:
    """Return the marker that opens `view[start:stop]`, None where none does or nothing follows."""
    if not may_mark(view[start : start + 2]):
        return None
    match = MARKER.match(view, start, stop)
    if match is None or match.end() >= stop or not match.lastgroup:
        return None
    kind = "number" if match.lastgroup == "spoken" else match.lastgroup
    text = match.group().strip()
    return Marker(start, match.end(), text, kind, marker_value(text) if kind in ("number", "hash") else 0)


@lru_cache(maxsize=1 << 10)
def marker_value(text: str) -> int:
    """Return the number of a marker: 2 for `2.`, `(2)`, `#2`, `Two,` and `Second,`; 0 where it has none."""
    digits = _DIGITS.search(text)
    if digits is not None:
        return int(digits.group())
    return next((_VALUES[word] for word in _WORDS.findall(text.lower()) if word in _VALUES), 0)


def inner_places(view: str) -> list[int]:
    """Return in order where in a note inner markers may begin; few do."""
    found = [at for sign in _INNER_SIGNS if sign in view for at in _places(view, sign)]
    for numbers in _INNER_NUMBERS:
        for number in numbers.finditer(view):
            at = number.start()
            start = at - 2 if view[at - 2 : at - 1].isdigit() else at - 1
            found.append(start - 1 if view[start - 1 : start] == "(" else start)
    return sorted(found + _spoken_places(view))


def _spoken_places(view: str) -> list[int]:
    """Return where a marker may be spoken; which words stand in a note is known already."""
    folded = fold(view)
    names, sorts = _ALL_NAMES, _ALL_SORTS
    if view.isascii():  # outside ASCII letters may be folded apart from their word
        here = held(folded)
        names, sorts = names & here, sorts & here
    found: list[int] = []
    for name in names:
        written, marks = _SPOKEN_NAMES[name]
        found += (at for at in _places(view, written) if view.startswith(marks, at + len(written)))
    for sort in sorts:
        # "item" may begin with a letter that is only one ignoring case
        lost = int(sort == "item ")
        found += (at - lost for at in _places(folded, sort[lost:]) if at >= lost)
    return found


def _places(text: str, letters: str) -> Iterator[int]:
    at = text.find(letters)
    while at >= 0:
        yield at
        at = text.find(letters, at + 1)


def inner_markers(view: str, places: Iterable[int], stop: int) -> Iterator[tuple[Marker, bool]]:
    """Yield the markers inside running text, each with whether it needs the end of a sentence before it.

    Args:
        view: the note.
        places: where they may begin, as `inner_places` tells.
        stop: the end of the text.
    """
    end = -1
    for place in places:
        match = _INNER.match(view, place, stop) if place >= end else None
        if match is None:
            continue
        end = match.end()
        text = match.group().strip()
        if match["sign"] is not None:
            yield Marker(place, end, text, "hash" if "#" in text else "bullet", 0), False
        else:
            yield Marker(place, end, text, "number", marker_value(text)), not match["number"]
