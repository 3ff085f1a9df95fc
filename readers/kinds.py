"""What sort of file it is, by its name and its first bytes."""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING

from nlp.errors import InputError
from readers.documents.read import DOCUMENTS

if TYPE_CHECKING:
    from pathlib import Path


class FileKind(Enum):
    """How a file is read: one note as plain text or in a document, or one note a line."""

    TEXT = "text"
    ROWS = "rows"
    RTF = "rtf"
    DOCX = "docx"
    PDF = "pdf"
    CCDA = "ccda"


TEXT_ENDINGS = frozenset({"", ".txt", ".text", ".note", ".md"})
_ROWS = frozenset({".jsonl", ".ndjson"})
_INSTEAD = {
    ".doc": "an old Word file; save it as .docx",
    ".csv": "a table; corrin audit reads those",
    ".tsv": "a table; corrin audit reads those",
    ".parquet": "a table; corrin audit reads those",
}


def kind_of(path: Path) -> FileKind:
    """Return how a file is read.

    Raises:
        InputError: Corrin has no reader for files of this name.
    """
    suffix = path.suffix.lower()
    if suffix in _ROWS:
        return FileKind.ROWS
    if suffix in TEXT_ENDINGS:
        return FileKind.TEXT
    if suffix in DOCUMENTS:
        return FileKind(DOCUMENTS[suffix])
    if suffix in _INSTEAD:
        raise InputError(f"is {_INSTEAD[suffix]}")
    raise InputError(f"Corrin does not read {suffix} files; use .txt, {', '.join(DOCUMENTS)} or .jsonl")


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
