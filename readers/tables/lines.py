"""JSON lines, streamed; a line that is no object is told and the rest read."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from readers.rows import Row, read_rows, row_of

_MOST = 128 * 1024 * 1024


def read_lines(path: Path) -> Iterator[Row]:
    """Yield the objects of a file of JSON lines; blank lines are skipped."""
    with path.open("rb") as file:
        head = file.read(2)
        file.seek(0)
        if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            yield from read_rows(file.read())
            return
        number = 0
        while line := file.readline(_MOST):
            number += 1
            if len(line) == _MOST and not line.endswith(b"\n"):
                while (rest := file.readline(_MOST)) and not rest.endswith(b"\n"):
                    pass
                yield Row(number, problem="is longer than 128 MiB; a note is not")
                continue
            if number == 1:
                line = line.removeprefix(codecs.BOM_UTF8)
            if line.strip():
                yield row_of(number, line)
