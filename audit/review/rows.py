"""The findings of a run as rows for review, each with an id that depends on what it says alone."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nlp.errors import InputError, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_IDENTITY = ("encounter_id", "note_id", "kind", "line", "billed_code", "supported_code", "verdict")
_SAYS = ("direction", "severity", "reason", "denial_risk", "rules", "evidence", "action", "hold")
_KNOWN = ("encounter_date", "provider", "coder", "payer", "setting", "note_type")
_NEEDED = (*_IDENTITY, *_SAYS, *_KNOWN)
NOT_ASSESSED = "not-assessed"
RIGHT = frozenset({"supported", NOT_ASSESSED, "arguable", "query-needed", "not-in-this-note", "ok", "info"})
"""Verdicts that say of nothing that it is wrong: those of `audit.finding.NO_ERRORS`, and a line's."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The rows of a run that were assessed, with ids, in file order, and the file's hash."""

    rows: tuple[Mapping[str, Any], ...] = field(repr=False)
    sha256: str
    units: int  # encounters that were read
    read: int  # notes that were read

    def frame(self) -> list[str]:
        """Return the encounters with a code that was assessed, in order: what a sample is drawn from."""
        return list(dict.fromkeys(unit_of(row) for row in self.rows if is_code(row)))


def load_findings(folder: Path) -> Findings:
    """Return the findings of a run.

    Raises:
        InputError: the folder holds no finished run, or its files are of another program.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    path, notes_path = folder / "findings.parquet", folder / "notes.parquet"
    if not path.is_file():
        raise InputError(
            f"{shown(str(folder))}: holds no finished audit (no findings.parquet); run corrin audit first"
        )
    try:
        have = set(pq.read_schema(path).names)
        if not have.issuperset(_NEEDED):
            raise InputError(f"{shown(str(path))}: lacks columns of an audit; run the audit again")
        table = pq.read_table(
            path, columns=list(_NEEDED), filters=[("verdict", "!=", NOT_ASSESSED)]
        ).to_pylist()
        notes = (
            pq.read_table(notes_path, columns=["encounter_id", "note_id", "status"])
            if notes_path.is_file()
            else None
        )
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{shown(str(folder))}: its findings cannot be read; run the audit again") from error
    read = units = 0
    if notes is not None:
        done = notes.filter(pc.equal(notes["status"], "read"))
        read = done.num_rows
        units = len({unit_of(row) for row in done.select(["encounter_id", "note_id"]).to_pylist()})
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Findings(tuple(with_ids(table)), digest, units, read)


def with_ids(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give each row an id: a hash of what it says, and of its number among rows that say the same."""
    seen: dict[str, int] = {}
    found = []
    for row in rows:
        key = json.dumps([row.get(name) for name in _IDENTITY], ensure_ascii=True)
        seen[key] = seen.get(key, 0) + 1
        digest = hashlib.sha256(f"{key}#{seen[key]}".encode()).hexdigest()[:12]
        found.append({**row, "finding": digest})
    return found


def unit_of(row: Mapping[str, Any]) -> str:
    """Return the encounter of a row; a note without one is its own."""
    return str(row.get("encounter_id") or row.get("note_id") or "?")


def is_code(row: Mapping[str, Any]) -> bool:
    """Say whether a row judges a code: no line of a claim, and nothing to hold before billing."""
    return row.get("kind") != "claim-line" and not row.get("hold")


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
