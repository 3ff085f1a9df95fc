"""Cut a text into lines, also where dictation software turned line breaks into commas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

# "HISTORY:, 1.  Anemia.,2.  Gout.,MEDICATIONS:" was once four lines. A comma was a line break where
# something closed before it and the next line comes right after it.
_CLOSED = r"(?<=[.:;?!)],)(?=[^\s,\d.)\]]|\d{1,2}[.)])"
_BEHIND_BLANKS = "|".join(rf"(?<=[.:;?!)][ \t]{{{count}}},)" for count in (1, 2, 3))
_COMMA = rf"{_CLOSED}|(?:{_BEHIND_BLANKS})(?=[^\s,\d]|\d{{1,2}}[.)])"
_BARE = r"(?<=[A-Za-z0-9\"'],)(?=[A-Z]|\d{1,2}[.)][ \t])"  # in a dictated text
_COLON = r"(?<=:,)(?=[ \t])|(?<=: ,)"
_COMMAS = re.compile(rf",(?:(?=[^\s,])(?:{_COMMA}|(?P<bare>{_BARE}))|{_COLON})")
_LINES = re.compile(r"[\r\n](?:(?<=\n)|(?<=\r)(?!\n))")
_DICTATED = re.compile(
    r",(?:(?<=[.:],)(?=[A-Z]|\d{1,2}[.)] )|(?:(?<=:,)|(?<=: ,))(?= ))"
)  # `_COMMAS` finds each
_DICTATED_ENOUGH = 3


@dataclass(slots=True)  # not frozen, which would cost more than all else that is done for a line
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
    seen = islice(_DICTATED.finditer(view, 0, 20_000), _DICTATED_ENOUGH)
    return len(list(seen)) == _DICTATED_ENOUGH


def read_lines(view: str) -> tuple[Line, ...]:
    """Return the lines of `view` that hold something visible, in order."""
    lines: list[Line] = []
    blank = False
    first, broken = 0, True
    for after in (*_ends(view), len(view) + 1):
        last = after - 1
        start, end = first, last
        if first < last and (view[first].isspace() or view[last - 1].isspace()):
            start, end = trim(view, first, last)
        if start < end:
            lines.append(Line(first, start, end, blank and bool(lines), broken))
            blank = False
        elif broken:
            blank = True
        first, broken = after, view[last:after] != ","
    return tuple(lines)


def _ends(view: str) -> list[int]:
    """Return what comes right behind each line end, be it a real line break or a comma that was one."""
    ends = []
    if "\r" in view:
        ends = [sign.end() for sign in _LINES.finditer(view)]
    else:
        after = view.find("\n") + 1
        while after:
            ends.append(after)
            after = view.find("\n", after) + 1
    commas = [(comma.end(), comma.lastgroup is None) for comma in _COMMAS.finditer(view)]
    closed = [end for end, is_closed in commas if is_closed]
    if closed:
        is_bare_too = len(closed) >= _DICTATED_ENOUGH and len(closed) < len(commas) and is_dictated(view)
        ends += [end for end, _ in commas] if is_bare_too else closed
        ends.sort()
    return ends


def trim(view: str, start: int, end: int) -> tuple[int, int]:
    """Return `start` and `end` drawn in to leave out blanks at either side."""
    if start >= end:
        return start, end
    if not view[start].isspace() and not view[end - 1].isspace():
        return start, end  # as nearly all are
    part = view[start:end]
    start = end - len(part.lstrip())
    return start, start + len(part.strip())
