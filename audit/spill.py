"""Rows of an export put apart on disk by encounter, so that notes of one encounter meet wherever they stand.

An export may be larger than memory: rows go into shards by a hash of their encounter, through a
buffer of fixed size; a worker then reads one shard at a time. The files hold health information:
they lie in the run's own work folder, are the owner's alone, and are gone when the run is done.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from typing import TYPE_CHECKING, Any

from audit.encounter import Rows
from audit.rows import natural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NOTE, BILLED, LINE = "N", "B", "L"
_BUFFER = 32 * 1024 * 1024
_SHARD = 1024 * 1024  # bytes of input a shard is to hold
_MOST_SHARDS = 2048


def shards_for(size: int) -> int:
    """Return how many shards an export of so many bytes is put into."""
    return max(1, min(_MOST_SHARDS, -(-size // _SHARD)))


def shard_of(key: str, shards: int) -> int:
    """Return the shard of an encounter."""
    return zlib.crc32(key.encode("utf-8", errors="surrogatepass")) % shards


def private_open(path: Path, *, append: bool = False) -> int:
    """Open a file for writing that its owner alone can read."""
    flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if append else os.O_TRUNC)
    return os.open(path, flags, 0o600)


class Spill:
    """The shards of a run, while rows come in."""

    def __init__(self, folder: Path, shards: int) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        self._folder = folder
        self._shards = shards
        self._held: dict[int, list[bytes]] = {}
        self._size = 0

    def add(
        self, kind: str, key: str, where: str, values: dict[str, Any], problem: str | None = None
    ) -> None:
        """Put a row into the shard of its encounter."""
        line = json.dumps([kind, key, where, values, problem]).encode("ascii") + b"\n"
        self._held.setdefault(shard_of(key, self._shards), []).append(line)
        self._size += len(line)
        if self._size > _BUFFER:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        for shard, lines in self._held.items():
            with os.fdopen(private_open(shard_path(self._folder, shard), append=True), "ab") as file:
                file.writelines(lines)
        self._held.clear()
        self._size = 0


def shard_path(folder: Path, shard: int) -> Path:
    """Return the file of a shard."""
    return folder / f"{shard:05d}.jsonl"


def read_shard(folder: Path, shard: int) -> list[Rows]:
    """Return the encounters of a shard in the order of the output, their rows in that of the export."""
    found: dict[str, Rows] = {}
    for kind, key, where, values, problem in _lines(shard_path(folder, shard)):
        rows = found.setdefault(key, Rows(key))
        row = {"where": where, "values": values, "problem": problem}
        {NOTE: rows.notes, BILLED: rows.billed, LINE: rows.lines}[kind].append(row)
    return sorted(found.values(), key=lambda rows: natural(rows.key))


def _lines(path: Path) -> Iterator[list[Any]]:
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)


class Days:
    """The days of injections of each patient, on disk."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        os.close(private_open(path))
        self._path = path
        self._base = sqlite3.connect(path)
        self._base.execute(
            "create table day (patient text, day text, primary key (patient, day)) without rowid"
        )

    def add(self, patient: str, days: Iterable[str]) -> None:
        """Remember days of a patient."""
        self._base.executemany("insert or ignore into day values (?, ?)", ((patient, day) for day in days))

    def find(self, patient: str) -> list[str]:
        """Return the days of a patient in order."""
        rows = self._base.execute("select day from day where patient = ? order by day", (patient,))
        return [str(day) for (day,) in rows]

    def close(self) -> None:
        """Forget all."""
        self._base.close()
        self._path.unlink(missing_ok=True)


class NoteIndex:
    """Which encounter a note belongs to, on disk, for tables that name notes and no encounters."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        os.close(private_open(path))
        self._path = path
        self._base = sqlite3.connect(path)
        self._base.execute("create table note (id text primary key, key text) without rowid")

    def add(self, note_id: str, key: str) -> None:
        """Remember a note; of two of one id the first counts."""
        self._base.execute("insert or ignore into note values (?, ?)", (note_id, key))

    def find(self, note_id: str) -> str | None:
        """Return the key of the encounter of a note."""
        row = self._base.execute("select key from note where id = ?", (note_id,)).fetchone()
        return None if row is None else str(row[0])

    def close(self) -> None:
        """Forget all."""
        self._base.close()
        self._path.unlink(missing_ok=True)
