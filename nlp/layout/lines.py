"""Cut a text into lines, also where dictation software turned line breaks into commas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# "HISTORY:, 1.  Anemia.,2.  Gout.,MEDICATIONS:" was once four lines. A comma was a line break where
# something closed before it and the next line comes right after it.
_COMMA = re.compile(r"(?<=[.:;?!)]),(?=[^\s,\d.)\]]|\d{1,2}[.)])|(?<=:),(?=[ \t])|(?<=: ),")
_GAP = re.compile(r"(?<=[.:;?!)])[ \t]{1,3},(?=[^\s,\d]|\d{1,2}[.)])")
_BARE = re.compile(r"(?<=[A-Za-z0-9\"']),(?=[A-Z]|\d{1,2}[.)][ \t])")  # in a dictated text
_NEWLINE = re.compile(r"[\r\n]")
_NEWLINE_OR_COMMA = re.compile(r"[\r\n,]")
# Without any of these no comma was a line break, save in a dictated text.
_MAY_BE_BREAK = re.compile(r"[.:;?!)][ \t]{0,3},")
_BEFORE_BREAK = tuple(mark + "," for mark in ".:;?!) \t")
_DICTATED = re.compile(r"[.:],(?=[A-Z]|\d{1,2}[.)] )|: ?,(?= )")
_DICTATED_ENOUGH = 3
_IN_DICTATED = (".,", ":,", ": ,")  # one of them stands in each match


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the note without the blanks around it.

    `first` is where the line begins, indentation included; `blank_before` tells that at least one
    blank line parts it from the line above, `broken` that a real line break does (not a comma).
    """

    first: int
    start: int
    end: int
    blank_before: bool
    broken: bool

    @property
    def indent(self) -> int:
        """The number of blanks before the line."""
        return self.start - self.first


def is_dictated(view: str) -> bool:
    """Whether line breaks of the text became commas, seen three times in its first 20,000 characters."""
    if sum(map(view.count, _IN_DICTATED)) < _DICTATED_ENOUGH:
        return False
    return sum(1 for _ in _DICTATED.finditer(view, 0, 20_000)) >= _DICTATED_ENOUGH


def read_lines(view: str, begin: int = 0, end: int | None = None) -> tuple[Line, ...]:
    """Return the lines of `view[begin:end]` that hold something visible, in order."""
    stop = len(view) if end is None else end
    lines: list[Line] = []
    blank = False
    for first, last, broken in _spans(view, begin, stop):
        start, finish = trim(view, first, last)
        if start < finish:
            lines.append(Line(first, start, finish, blank and bool(lines), broken))
            blank = False
        elif broken:
            blank = True
    return tuple(lines)


def _spans(view: str, begin: int, stop: int) -> Iterator[tuple[int, int, bool]]:
    """Yield where each line begins and ends, and whether a real line break parts it from the one above."""
    dictated = is_dictated(view)
    commas = dictated or (
        any(mark in view for mark in _BEFORE_BREAK) and _MAY_BE_BREAK.search(view, begin, stop) is not None
    )
    first, broken = begin, True
    for sign in (_NEWLINE_OR_COMMA if commas else _NEWLINE).finditer(view, begin, stop):
        at = sign.start()
        newline = view[at] != ","
        last = at if newline else _break_at(view, max(begin, at - 3), at, stop, dictated=dictated)
        if last is None or (view[at] == "\r" and view.startswith("\n", at + 1, stop)):
            continue
        yield first, last, broken
        first, broken = at + 1, newline
    yield first, stop, broken


def _break_at(view: str, low: int, at: int, stop: int, *, dictated: bool) -> int | None:
    """Return where the comma at `at`, or the gap before it, ends a line; None where it is a comma."""
    start = at
    while start > low and view[start - 1] in " \t":
        start -= 1
    if start < at and _GAP.match(view, start, stop):
        return start
    if _COMMA.match(view, at, stop) or (dictated and _BARE.match(view, at, stop)):
        return at
    return None


def trim(view: str, start: int, end: int) -> tuple[int, int]:
    """Return `start` and `end` drawn in to leave out blanks at either side."""
    if start >= end:
        return start, end
    if not view[start].isspace() and not view[end - 1].isspace():
        return start, end  # as nearly all are
    part = view[start:end]
    start = end - len(part.lstrip())
    return start, start + len(part.strip())
