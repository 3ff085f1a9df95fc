"""A file that was dropped on the page, as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nlp.errors import InputError
from readers import FileKind, decode, kind_of, read_rows
from suggest.note import Note

_KEYS = (
    *("note_id", "encounter_id", "encounter_date", "setting", "note_type", "author", "credential"),
    *("signed", "role", "amends", "note_date"),
)


def read_file(name: str, data: bytes) -> dict[str, Any]:
    """Return `text`, `kind` and `warnings` of a file, and its `notes`, of which rows of JSON hold several.

    Args:
        name: the file's name; only its ending counts.
        data: its bytes.

    Raises:
        InputError: it is of a kind without a reader, or holds no note.
    """
    path = Path(name or "note.txt")
    if kind_of(path) is FileKind.ROWS:
        return _rows(data)
    text = decode(data)
    Note(note_id=None, text=text)  # refuse an empty one here, where the file is named
    return {"text": text, "kind": "text", "warnings": [], "notes": [{"text": text}]}


def _rows(data: bytes) -> dict[str, Any]:
    notes, warnings = [], []
    for row in read_rows(data):
        if row.value is None:
            warnings.append(f"Line {row.line} {row.problem}.")
            continue
        try:
            Note.from_mapping(row.value)
        except InputError as error:
            warnings.append(f"Line {row.line}: {error}.")
            continue
        known = {key: row.value[key] for key in _KEYS if row.value.get(key) is not None}
        notes.append({"text": row.value["text"], **known})
    if not notes:
        raise InputError("the file holds no note that can be read")
    return {"text": notes[0]["text"], "kind": "jsonl", "warnings": warnings, "notes": notes}
