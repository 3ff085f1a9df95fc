"""From files to text and rows. Readers know nothing of codes and import nothing of Corrin but its errors."""

from __future__ import annotations

from nlp.errors import shown
from readers.kinds import FileKind, kind_of, looks_like_rows
from readers.rows import Row, read_rows
from readers.sources import Given, check_paths, read_sources
from readers.text import decode, read_bytes
from readers.upload import read_upload

__all__ = [
    "FileKind",
    "Given",
    "Row",
    "check_paths",
    "decode",
    "kind_of",
    "looks_like_rows",
    "read_bytes",
    "read_rows",
    "read_sources",
    "read_upload",
    "shown",
]
