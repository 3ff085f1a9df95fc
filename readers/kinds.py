"""What sort of file it is, by its name and its first bytes."""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING

from nlp.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


class FileKind(Enum):
    """How a file is read: one note as plain text, or one note a line."""

    TEXT = "text"
    ROWS = "rows"


_TEXT = frozenset({"", ".txt", ".text", ".note", ".md"})
_ROWS = frozenset({".jsonl", ".ndjson"})
_NOT_YET = {".rtf": "RTF", ".docx": "Word", ".pdf": "PDF", ".xml": "C-CDA"}


def kind_of(path: Path) -> FileKind:
    """Return how a file is read.

    Raises:
        InputError: Corrin has no reader for files of this name.
    """
    suffix = path.suffix.lower()
    if suffix in _ROWS:
        return FileKind.ROWS
    if suffix in _TEXT:
        return FileKind.TEXT
    if suffix in _NOT_YET:
        raise InputError(f"the reader for {_NOT_YET[suffix]} files is not there yet; save the note as .txt")
    raise InputError(f"Corrin does not read {suffix} files; use .txt or .jsonl")


def looks_like_rows(text: str) -> bool:
    """Say whether text from a pipe is rows of JSON: its first line is an object that holds a text."""
    head = text.lstrip("\ufeff \t\r\n")
    if not head.startswith("{"):
        return False
    try:
        first = json.loads(head.split("\n", 1)[0])
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and "text" in first
