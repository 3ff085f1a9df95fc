"""The findings of a run as rows for review, each with an id that depends on what it says alone."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nlp.errors import InputError, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_IDENTITY = ("encounter_id", "note_id", "kind", "line", "billed_code", "supported_code", "verdict")
_SAYS = ("direction", "severity", "reason", "denial_risk", "rules", "evidence", "action", "hold")
_KNOWN = ("encounter_date", "provider", "coder", "payer", "setting", "note_type")
_NEEDED = (*_IDENTITY, *_SAYS, *_KNOWN)
_BATCH = 2048  # rows that are records at one time
NOT_ASSESSED = "not-assessed"
RIGHT = frozenset({"supported", NOT_ASSESSED, "arguable", "query-needed", "not-in-this-note", "ok", "info"})
"""Verdicts that say of nothing that it is wrong: those of `audit.finding.NO_ERRORS`, and a line's."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The rows of a run that were assessed, in file order, each with an id, and the file's hash.

    They stand in columns as the file holds them, and become records a few at a time.
    """

    table: Any = field(repr=False)  # a pyarrow table of `_NEEDED`
    ids: tuple[str, ...] = field(repr=False)
    sha256: str
    units: int  # encounters that were read

    def __len__(self) -> int:
        return len(self.ids)

    def records(self, *columns: str) -> Iterator[dict[str, Any]]:
        """Yield the rows with their id under `finding`; of the columns named, else of all."""
        place = 0
        for batch in (self.table.select(list(columns)) if columns else self.table).to_batches(_BATCH):
            for row in batch.to_pylist():
                row["finding"] = self.ids[place]
                place += 1
                yield row

    def at(self, places: Sequence[int]) -> list[dict[str, Any]]:
        """Return the rows at the places given, in that order."""
        if not places:
            return []
        rows: list[dict[str, Any]] = self.table.take(places).to_pylist()
        for row, place in zip(rows, places, strict=True):
            row["finding"] = self.ids[place]
        return rows

    def of(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        """Return the rows of these ids in file order; an id that there is none of is passed over."""
        wanted = set(ids)
        return self.at([place for place, one in enumerate(self.ids) if one in wanted])

    def frame(self) -> list[str]:
        """Return the encounters with a code that was assessed, in order: what a sample is drawn from."""
        rows = self.records("encounter_id", "note_id", "kind", "hold")
        return list(dict.fromkeys(unit_of(row) for row in rows if is_code(row)))


def load_findings(folder: Path) -> Findings:
    """Return the findings of a run.

    Raises:
        InputError: the folder holds no finished run, or its files are of another program.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / "findings.parquet"
    if not path.is_file():
        raise InputError(
            f"{shown(str(folder))}: holds no finished audit (no findings.parquet); run corrin audit first"
        )
    try:
        if not set(pq.read_schema(path).names).issuperset(_NEEDED):
            raise InputError(f"{shown(str(path))}: lacks columns of an audit; run the audit again")
        table = pq.read_table(path, columns=list(_NEEDED), filters=[("verdict", "!=", NOT_ASSESSED)])
        units = _units_read(folder / "notes.parquet")
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{shown(str(folder))}: its findings cannot be read; run the audit again") from error
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Findings(table, tuple(_ids(table)), digest, units)


def _units_read(path: Path) -> int:
    """Count the encounters of which a note was read."""
    import pyarrow.parquet as pq

    units: set[str] = set()
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH, columns=["encounter_id", "note_id", "status"]):
            units.update(unit_of(row) for row in batch.to_pylist() if row["status"] == "read")
    return len(units)


def _ids(table: Any) -> Iterator[str]:
    """Yield the id of each row: a hash of what it says, and of its number among rows that say the same."""
    seen: dict[bytes, int] = {}
    for batch in table.select(list(_IDENTITY)).to_batches(_BATCH):
        for row in batch.to_pylist():
            key = json.dumps([row[name] for name in _IDENTITY], ensure_ascii=True)
            digest = hashlib.sha256(key.encode()).digest()[:16]
            seen[digest] = seen.get(digest, 0) + 1
            yield hashlib.sha256(f"{key}#{seen[digest]}".encode()).hexdigest()[:12]


def unit_of(row: Mapping[str, Any]) -> str:
    """Return the encounter of a row; a note without one is its own."""
    return str(row.get("encounter_id") or row.get("note_id") or "?")


def is_code(row: Mapping[str, Any]) -> bool:
    """Say whether a row judges a code: no line of a claim, and nothing to hold before billing."""
    return row.get("kind") != "claim-line" and not row.get("hold")


def verdict_of(row: Mapping[str, Any]) -> str:
    """Return what a row says in a word: its verdict, or before billing what its encounter is held for."""
    return f"hold: {row['hold']}" if row.get("hold") else str(row.get("verdict") or "")


def evidence_words(row: Mapping[str, Any], most: int = 3, longest: int = 160) -> str:
    """Return the evidence as a person reads it: where it stands, and the words, shortened."""
    try:
        proofs = json.loads(row.get("evidence") or "[]")
    except ValueError:
        return ""
    lines = []
    for proof in proofs[:most]:
        words = " ".join(str(proof.get("text", "")).split())
        words = words if len(words) <= longest else f"{words[: longest - 1]}…"
        against = "against: " if proof.get("stance") == "against" else ""
        section = str(proof.get("section") or "").replace("_", " ")
        place = f" ({section})" if section and section != "unknown" else ""
        lines.append(f"{against}“{words}”{place}")
    if len(proofs) > most:
        lines.append(f"and {len(proofs) - most} more in the case file")
    return "\n".join(lines)
