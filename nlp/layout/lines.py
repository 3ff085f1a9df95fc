"""Cut a text into lines, also where dictation software turned line breaks into commas."""

from __future__ import annotations

import re
from dataclasses import dataclass

# "HISTORY:, 1.  Anemia.,2.  Gout.,MEDICATIONS:" was once four lines. A comma was a line break where
# something closed before it and the next line comes right after it.
_BREAK = re.compile(
    r"(?P<newline>\r\n|\n|\r)"
    r"|(?<=[.:;?!)]),(?=[^\s,\d.)\]]|\d{1,2}[.)])"
    r"|(?<=:),(?=[ \t])"
    r"|(?<=: ),(?=[ \t]?)"
    r"|(?P<bare>(?<=[A-Za-z0-9\"']),(?=[A-Z]|\d{1,2}[.)][ \t]))"
    r"|(?<=[.:;?!)])(?P<gap>[ \t]{1,3}),(?=[^\s,\d]|\d{1,2}[.)])"
)
_NEWLINE = re.compile(r"(?P<newline>\r\n|\n|\r)")
# Without any of these no comma of `_BREAK` was a line break, save in a dictated text.
_MAY_BE_BREAK = re.compile(r"[.:;?!)][ \t]{0,3},")
_DICTATED = re.compile(r"[.:],(?=[A-Z]|\d{1,2}[.)] )|: ?,(?= )")
_DICTATED_ENOUGH = 3


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
    return sum(1 for _ in _DICTATED.finditer(view, 0, 20_000)) >= _DICTATED_ENOUGH


def read_lines(view: str, begin: int = 0, end: int | None = None) -> tuple[Line, ...]:
    """Return the lines of `view[begin:end]` that hold something visible, in order."""
    stop = len(view) if end is None else end
    dictated = is_dictated(view)
    lines: list[Line] = []
    first, blank, broken = begin, False, True

    def close(last: int) -> None:
        nonlocal blank
        start, finish = trim(view, first, last)
        if start < finish:
            lines.append(Line(first, start, finish, blank and bool(lines), broken))
            blank = False
        elif broken:
            blank = True

    breaks = _BREAK if dictated or _MAY_BE_BREAK.search(view, begin, stop) else _NEWLINE
    for match in breaks.finditer(view, begin, stop):
        if not dictated and match.lastgroup == "bare":
            continue
        close(match.start())
        first = match.end()
        broken = match.lastgroup == "newline"
    close(stop)
    return tuple(lines)


def trim(view: str, start: int, end: int) -> tuple[int, int]:
    """Return `start` and `end` drawn in to leave out blanks at either side."""
    while start < end and view[start].isspace():
        start += 1
    while end > start and view[end - 1].isspace():
        end -= 1
    return start, end
