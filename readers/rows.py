"""Notes as JSON, one object a line. A line that cannot be used is told, and the rest is read."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nlp.errors import InputError
from readers.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its number from 1, and the object that it holds or what is wrong with it."""

    line: int
    value: dict[str, Any] | None = field(default=None, repr=False)
    problem: str | None = None


def read_rows(data: bytes) -> Iterator[Row]:
    """Yield the rows of a JSON lines file in order; blank lines are skipped.

    Lines end at a line feed alone, so that other line ends within a note stay in it. Each line is
    decoded by itself: one in Windows-1252 does not spoil the UTF-8 of the others.
    """
    lines: list[str | bytes]
    if data.startswith(_WIDE):
        try:
            lines = [*decode(data).removeprefix("\ufeff").split("\n")]
        except InputError as error:
            yield Row(1, problem=str(error))
            return
    else:
        lines = [*data.removeprefix(codecs.BOM_UTF8).split(b"\n")]
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield row_of(number, line)


def row_of(number: int, line: str | bytes) -> Row:
    """Return the row that a line holds, or what is wrong with it."""
    try:
        value = json.loads(line if isinstance(line, str) else decode(line))
    except InputError as error:
        return Row(number, problem=str(error))
    except (ValueError, RecursionError):
        return Row(number, problem="is not JSON; each line must hold one object")
    if not isinstance(value, dict):
        return Row(number, problem="is JSON but no object; each line must hold one object")
    return Row(number, value)
