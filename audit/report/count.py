"""Counts of a run for its report, read batch by batch; no id and no text of a note leaves this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from audit.report.suppress import Cell

WRONG, OPEN, RIGHT = "wrong", "open", "right"
GROUPS: Mapping[str, tuple[str, ...]] = {
    WRONG: (
        "unsupported",
        "supported-less-specific",
        "status-error",
        "conflicting",
        "invalid-code",
        "excludes-conflict",
        "sequencing-error",
        "partner-missing",
        "missed-code",
    ),
    OPEN: ("query-needed", "arguable", "not-in-this-note"),
    RIGHT: ("supported",),
}
GROUP_OF = {verdict: group for group, verdicts in GROUPS.items() for verdict in verdicts}
_COLUMNS = (
    "encounter_id",
    "note_id",
    "billed_code",
    "supported_code",
    "verdict",
    "rules",
    "kind",
    "hold",
    "encounter_date",
    "patient_id",
)
_MOST_MONTHS = 24
_BATCH = 2048


@dataclass(slots=True)
class Counts:
    """What a run found. Every cell knows how many persons stand behind it."""

    read: int = 0  # encounters with a note that was read
    in_scope: int = 0  # of these, with a code of ours, billed or supported
    assessed: int = 0  # of these, with a code on which Corrin has a view
    notes: dict[str, Cell] = field(default_factory=dict)  # by status
    verdicts: dict[str, Cell] = field(default_factory=dict)
    families: dict[str, dict[str, Cell]] = field(default_factory=dict)  # family → group
    months: dict[str, dict[str, Cell]] = field(default_factory=dict)
    rules: dict[str, Cell] = field(default_factory=dict)  # of findings that are wrong
    lines: dict[str, Cell] = field(default_factory=dict)  # claim lines by verdict
    holds: dict[str, Cell] = field(default_factory=dict)


def count(folder: Path) -> Counts:
    """Return the counts of a folder with findings.parquet and notes.parquet."""
    import pyarrow.parquet as pq

    counts = Counts()
    read: set[int] = set()
    with pq.ParquetFile(folder / "notes.parquet") as file:
        names = [
            name
            for name in ("encounter_id", "note_id", "status", "patient_id")
            if name in file.schema_arrow.names
        ]
        for batch in file.iter_batches(_BATCH, columns=names):
            for row in batch.to_pylist():
                counts.notes.setdefault(str(row["status"]), Cell()).add(_person(row))
                if row["status"] == "read":
                    read.add(_unit(row))
    in_scope: set[int] = set()
    assessed: set[int] = set()
    with pq.ParquetFile(folder / "findings.parquet") as file:
        for batch in file.iter_batches(_BATCH, columns=list(_COLUMNS)):
            for row in batch.to_pylist():
                _add(counts, row, in_scope, assessed)
    counts.read = len(read)
    counts.in_scope, counts.assessed = len((in_scope | assessed) & read), len(assessed & read)
    counts.months = _by_year(counts.months) if len(counts.months) > _MOST_MONTHS else counts.months
    return counts


def _add(counts: Counts, row: Mapping[str, Any], in_scope: set[int], assessed: set[int]) -> None:
    person = _person(row)
    if row.get("hold"):
        counts.holds.setdefault(str(row["hold"]), Cell()).add(person)
    if row["kind"] == "claim-line":
        counts.lines.setdefault(str(row["verdict"]), Cell()).add(person)
        return
    family = _family(row)
    if family is not None:
        in_scope.add(_unit(row))
    verdict = str(row["verdict"])
    group = GROUP_OF.get(verdict)
    if group is None or row.get("hold"):
        return  # not assessed, or a hold before anything is billed
    assessed.add(_unit(row))
    counts.verdicts.setdefault(verdict, Cell()).add(person)
    counts.families.setdefault(family or "other", {}).setdefault(group, Cell()).add(person)
    month = str(row.get("encounter_date") or "")[:7]
    is_month = len(month) == 7 and month[4] == "-" and (month[:4] + month[5:]).isdecimal()
    counts.months.setdefault(month if is_month else "no date", {}).setdefault(group, Cell()).add(person)
    if group == WRONG:
        for rule in str(row.get("rules") or "").split():
            counts.rules.setdefault(rule, Cell()).add(person)


def _family(row: Mapping[str, Any]) -> str | None:
    from suggest.release import family

    for name in ("billed_code", "supported_code"):
        code = row.get(name)
        if code and (found := family(str(code).split(";")[0].strip())):
            return found
    return None


def _by_year(months: Mapping[str, Mapping[str, Cell]]) -> dict[str, dict[str, Cell]]:
    from audit.report.suppress import joined

    years: dict[str, dict[str, list[Cell]]] = {}
    for month, groups in months.items():
        year = years.setdefault(month if month == "no date" else month[:4], {})
        for group, cell in groups.items():
            year.setdefault(group, []).append(cell)
    return {
        year: {
            group: joined({str(n): cell for n, cell in enumerate(cells)}) for group, cells in groups.items()
        }
        for year, groups in years.items()
    }


def _unit(row: Mapping[str, Any]) -> int:
    return _number(row.get("encounter_id") or row.get("note_id"))


def _person(row: Mapping[str, Any]) -> int:
    """Return a number for the patient, or where that is unknown for the encounter."""
    return _number(row.get("patient_id") or row.get("encounter_id") or row.get("note_id"))


def _number(name: object) -> int:
    """Return a number for a name; of a hundred million names no two have the same, as good as surely."""
    return int.from_bytes(blake2b(str(name).encode("utf-8", "replace"), digest_size=8).digest(), "big")
