"""The notes that the proofs are tried on: our corpus, and the shared data where it is there."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from corpora.load import load_corpus
from suggest.note import Note

SHARED = Path(os.environ.get("CORRIN_SHARED_DATA", "../shared/data"))


@dataclass(frozen=True, slots=True)
class Tried:
    """An encounter under a name that may be printed; `hidden` ones are counted and never described."""

    name: str
    notes: tuple[Note, ...] = field(repr=False)
    hidden: bool = False


def corpus() -> list[Tried]:
    """Our corpus. What differs in its test part is counted and not told, so that it stays unread."""
    return [Tried(f"corpus {e.id}", e.notes, e.split == "test") for e in load_corpus()]


def shared() -> list[Tried]:
    """The development notes beside the project, where they are; those of the half that is left are hidden."""
    found = []
    for name in ("notes-dev.jsonl", "real-dev.jsonl"):
        path = SHARED / name
        if not path.is_file():
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            known = {"note_id": row["id"], "text": row["text"], "setting": row.get("setting")}
            note = Note.from_mapping({**known, "encounter_date": row.get("encounter_date")})
            found.append(Tried(f"shared {row['id']}", (note,), crc32(row["id"].encode()) % 2 == 1))
    return found


def sample(found: list[Tried], share: int) -> list[Tried]:
    """One in `share` of them, the same ones every time."""
    return [t for t in found if crc32(t.name.encode()) % share == 0]
