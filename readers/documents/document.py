"""What a document becomes, and the bounds that every reader keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nlp.errors import InputError

MAX_TEXT = 16 * 1024 * 1024
MAX_BYTES = 64 * 1024 * 1024
CELL = " | "  # between the cells of a table row

_TOO_LONG = "the note is larger than 16 MiB; split it"
_BLANK_LINES = re.compile(r"\n{3,}")
_LINE_ENDS = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one note, and what of the file is not in it (`warnings`, one sentence each).

    `values` holds keys of a note that the file states beside its text, such as the encounter's date.
    """

    text: str = field(repr=False)
    warnings: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict, repr=False)


def tidy(text: str) -> str:
    """Return text with line feeds alone as line ends, no blanks at the ends of lines, one blank line at most.

    Raises:
        InputError: it is empty, or longer than a note may be.
    """
    plain = "\n".join(line.rstrip() for line in _LINE_ENDS.sub("\n", text).split("\n"))
    plain = _BLANK_LINES.sub("\n\n", plain).strip("\n")
    if not plain.strip():
        raise InputError("holds no text; if it shows a note, that is a picture of one")
    check_length(len(plain.encode("utf-8", errors="surrogatepass")))
    return plain + "\n"


def check_length(size: int) -> None:
    """Refuse a text that is longer than a note may be.

    Raises:
        InputError: it is longer than 16 MiB.
    """
    if size > MAX_TEXT:
        raise InputError(_TOO_LONG)
