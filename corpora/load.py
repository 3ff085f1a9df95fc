"""Read gold encounters: the corpus that comes with Corrin, or files of the same schema."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora.gold import GoldEncounter, read_encounter, read_gold
from corpora.splits import split_of
from nlp.errors import InputError, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corpora.gold import Gold

HOME = Path(__file__).parent
FOLDERS = ("notes", "encounters")


def corpus_files(home: Path = HOME) -> tuple[Path, ...]:
    """Return the files of the corpus, notes first, by name."""
    return tuple(path for folder in FOLDERS for path in sorted((home / folder).glob("*.jsonl")))


def load_corpus(split: str | None = None, home: Path = HOME) -> tuple[GoldEncounter, ...]:
    """Return the encounters of our corpus in file order, of one split or of all.

    Raises:
        InputError: a file cannot be read, or an id stands twice.
        KnowledgeError: an encounter belongs to no split.
    """
    whole = load_files(corpus_files(home))
    placed = (replace(encounter, split=split_of(encounter)) for encounter in whole)
    return tuple(encounter for encounter in placed if split in (None, encounter.split))


def load_files(paths: Iterable[Path]) -> tuple[GoldEncounter, ...]:
    """Return the encounters of JSONL files, one a line, in the order given.

    Raises:
        InputError: names file and line of what cannot be read, and quotes nothing of it.
    """
    found: dict[str, GoldEncounter] = {}
    for where, row in _rows(paths):
        try:
            encounter = read_encounter(row)
        except InputError as error:
            raise InputError(f"{where}: {error}") from None
        if encounter.id in found:
            raise InputError(f"{where}: the id stands twice; give each encounter its own")
        found[encounter.id] = encounter
    return tuple(found.values())


def load_codings(folder: str, home: Path = HOME) -> dict[str, Gold]:
    """Return codings beside the gold by encounter id: `second` is blind, `first` is before settling."""
    return {
        row["id"]: read_gold(row["gold"], row["id"])
        for _, row in _rows(sorted((home / folder).glob("*.jsonl")))
    }


def fingerprint(path: Path) -> str:
    """Return the hash of a file, so that a run says what it was made of."""
    return sha256(path.read_bytes()).hexdigest()


def _rows(paths: Iterable[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8-sig").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else "not UTF-8 text"
            raise InputError(f"{path}: cannot be read: {reason}") from None
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            where = f"{path}, line {number}"
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                raise InputError(f"{where}: not JSON; an encounter a line is wanted") from None
            if not isinstance(row, dict):
                raise InputError(f"{where}: not a JSON object")
            yield where, row
