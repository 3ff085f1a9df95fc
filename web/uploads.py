"""A file that was dropped on the page, as text."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from nlp.errors import InputError
from readers import read_rows, read_upload
from suggest.note import Note

ROWS = (".jsonl", ".ndjson")
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
        InputError: it is of a kind without a reader, or holds no note; the message begins with a verb or is a
            sentence of its own, and quotes nothing.
    """
    if PurePath(name).suffix.lower() in ROWS:
        return _rows(data)
    text, kind, warnings = read_upload(name, data)
    Note(note_id=None, text=text)  # refuse an empty one here, where the file is named
    return {"text": text, "kind": kind, "warnings": warnings, "notes": [{"text": text}]}


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
