"""Exports that the tests write, and what is read of them."""

from __future__ import annotations

from pathlib import Path

from readers import Given
from readers.tables import Part, TableOptions, read_table

FILES = Path(__file__).parent / "files"
HEADER = "note_id,encounter_id,text,codes\n"


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def texts(rows: list[Given]) -> list[str | None]:
    return [row.values.get("text") if row.values else None for row in rows]


def read(path: Path, part: Part = "note", **options: object) -> list[Given]:
    return list(read_table(path, TableOptions(**options), part))  # type: ignore[arg-type]
