"""From the paths of a call to what each of them holds: the keys of a note, or what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlp.errors import InputError, shown
from readers.documents import read_document, sense
from readers.kinds import FileKind, kind_of, looks_like_rows
from readers.rows import read_rows
from readers.text import decode, read_bytes

STANDARD_INPUT = "-"
_MAX_FILE = 64 * 1024 * 1024  # 16 MiB of text take no more, in any encoding that is read


@dataclass(frozen=True, slots=True)
class Given:
    """What a caller gave in one place: the keys of a note, or the problem with it.

    `where` names file, line and note id as a message may show them; it holds no text of a note.
    `warnings` say what of a document is not in its text.
    """

    where: str
    values: dict[str, Any] | None = field(default=None, repr=False)
    problem: str | None = None
    warnings: tuple[str, ...] = ()


def check_paths(paths: Sequence[str]) -> None:
    """Refuse a call that names what cannot be read, before anything is read.

    Raises:
        InputError: a path is missing, is a folder, or is of a kind without a reader; or standard
            input is named twice.
    """
    if paths.count(STANDARD_INPUT) > 1:
        raise InputError("- (standard input) can be read only once")
    for name in paths:
        if name == STANDARD_INPUT:
            continue
        path = Path(name)
        if not path.exists():
            raise InputError(f"{shown(name)}: there is no such file")
        if path.is_dir():
            raise InputError(f"{shown(name)}: is a folder; name the files in it")
        if path.is_char_device() or path.is_block_device():  # a pipe is the caller's own: <(command)
            raise InputError(f"{shown(name)}: is a device and no file; use - for standard input")
        try:
            kind_of(path)
        except InputError as error:
            raise InputError(f"{shown(name)}: {error}") from error


def read_sources(paths: Sequence[str]) -> Iterator[Given]:
    """Yield what the paths hold, in order. A plain text is one note, named after its file."""
    for name in paths:
        where = "standard input" if name == STANDARD_INPUT else shown(name)
        try:
            yield from _read(name, where)
        except InputError as error:
            yield Given(where, problem=str(error))


def _read(name: str, where: str) -> Iterator[Given]:
    if name == STANDARD_INPUT:
        data = sys.stdin.buffer.read()
        if (kind := sense(data)) is not None:
            yield _document(kind, data, where, None)
            return
        text = decode(data)
        if looks_like_rows(text):
            yield from _rows(data, where)
        else:
            yield Given(where, {"text": text})
        return
    path = Path(name)
    kind_by_name = kind_of(path)
    if kind_by_name is FileKind.ROWS:
        yield from _rows(read_bytes(path), where)
        return
    if path.stat().st_size > _MAX_FILE:
        raise InputError("the note is larger than 16 MiB; split it")
    data = read_bytes(path)
    # What a file is, its first bytes say better than its name: records are saved as .txt that are RTF.
    kind = sense(data) or (None if kind_by_name is FileKind.TEXT else kind_by_name.value)
    if kind is not None:
        yield _document(kind, data, where, path.stem)
    else:
        yield Given(where, {"note_id": path.stem, "text": decode(data)})


def _document(kind: str, data: bytes, where: str, note_id: str | None) -> Given:
    document = read_document(kind, data)
    values = {"note_id": note_id, **document.values, "text": document.text}
    return Given(where, values, warnings=document.warnings)


def _rows(data: bytes, where: str) -> Iterator[Given]:
    found = False
    for row in read_rows(data):
        found = True
        place = f"{where}, line {row.line}"
        note_id = (row.value or {}).get("note_id")
        if isinstance(note_id, str | int):
            place += f" (note {shown(str(note_id))})"
        yield Given(place, row.value, row.problem)
    if not found:
        raise InputError("holds no note")
