"""The files of a run: findings and notes as Parquet and CSV, errors, case files. Same records, same bytes."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from audit.fhir import FhirFiles
from audit.finding import CLAIM_LINE, COLUMNS, IDENTIFYING
from audit.spill import private_open
from suggest.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NOTE_COLUMNS = (
    "encounter_id",
    "note_id",
    "status",
    "characters",
    "suggestions",
    "queries",
    "withheld",
    "findings",
    "result",
    "fingerprint",
    *IDENTIFYING,
)
_NUMBERS = frozenset({"characters", "suggestions", "queries", "withheld", "findings"})
_MOST_NAMED = 100  # rows that could not be joined, by name in run.json; all are in errors.jsonl
_GROUP = 4096  # rows of a Parquet row group
_GROUP_NOTES = 512  # a note's row carries its whole result
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

FINDINGS, FINDINGS_CSV, NOTES, ERRORS = "findings.parquet", "findings.csv", "notes.parquet", "errors.jsonl"


@dataclass(slots=True)
class Tally:
    """What was written, for run.json."""

    encounters: int = 0
    notes: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    holds: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)
    unjoined: Counter[str] = field(default_factory=Counter)
    unjoined_named: dict[str, list[str]] = field(default_factory=dict)
    cases: int = 0
    refused: set[str] = field(default_factory=set)

    def add(self, row: dict[str, Any]) -> None:
        """Count a finding."""
        (self.lines if row["kind"] == CLAIM_LINE else self.verdicts)[row["verdict"]] += 1
        if row.get("hold"):
            self.holds[row["hold"]] += 1

    def add_unjoined(self, kind: str, names: list[str]) -> None:
        """Count rows of a second table that belong to no note, and keep the first names."""
        self.unjoined[kind] += len(names)
        kept = self.unjoined_named.setdefault(kind, [])
        kept += names[: _MOST_NAMED - len(kept)]

    @property
    def failed(self) -> int:
        """How many notes could not be processed."""
        return sum(count for kind, count in self.errors.items() if kind != "unjoined")

    def to_mapping(self) -> dict[str, Any]:
        """Return the counts by name."""
        return {
            "encounters": self.encounters,
            "notes": dict(sorted(self.notes.items())),
            "verdicts": dict(sorted(self.verdicts.items())),
            "holds": dict(sorted(self.holds.items())),
            "lines": dict(sorted(self.lines.items())),
            "unjoined": {
                part: value
                for kind in ("billed", "lines")
                for part, value in (
                    (kind, self.unjoined[kind]),
                    (f"{kind}_named", self.unjoined_named.get(kind, [])),
                )
            },
            "errors": dict(sorted(self.errors.items())),
            "cases": self.cases,
            "tables_refused": sorted(self.refused),
        }


def guarded(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula: what begins like one gets a quote before it."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_RISKY):
        return "'" + value
    return value


def finding_schema() -> Any:
    """Return the schema of findings.parquet; Spark writes the same."""
    import pyarrow as pa

    return pa.schema([pa.field(name, pa.float64() if name == "score" else pa.string()) for name in COLUMNS])


def note_schema() -> Any:
    """Return the schema of notes.parquet."""
    import pyarrow as pa

    return pa.schema(
        [pa.field(name, pa.int64() if name in _NUMBERS else pa.string()) for name in NOTE_COLUMNS]
    )


def write_outputs(records: Iterable[dict[str, Any]], out: Path, work: Path, *, fhir: bool = False) -> Tally:
    """Write the files of a run and return what stands in them.

    Each is written in the work folder and put in its place when it is whole; a run that is killed
    meanwhile leaves none that is half.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    tally = Tally()
    final = work / "final"
    final.mkdir(mode=0o700, exist_ok=True)
    cases = out / "cases"
    cases.mkdir(mode=0o700, exist_ok=True)
    paths = {name: final / name for name in (FINDINGS, FINDINGS_CSV, NOTES, ERRORS)}
    for path in paths.values():
        os.close(private_open(path))
    with (
        pq.ParquetWriter(paths[FINDINGS], finding_schema(), compression="zstd") as findings,
        pq.ParquetWriter(paths[NOTES], note_schema(), compression="zstd") as notes,
        paths[FINDINGS_CSV].open("w", encoding="utf-8", newline="", errors="backslashreplace") as table,
        paths[ERRORS].open("w", encoding="utf-8", errors="backslashreplace") as errors,
        FhirFiles(final, wanted=fhir) as resources,
    ):
        sheet = csv.writer(table, lineterminator="\r\n")
        sheet.writerow(COLUMNS)
        held: list[dict[str, Any]] = []
        held_notes: list[dict[str, Any]] = []
        for record in records:
            tally.encounters += 1
            tally.refused.update(record.get("refused", ()))
            for kind, names in record.get("unjoined", {}).items():
                tally.add_unjoined(kind, names)
            for row in record["findings"]:
                flat = flat_finding(row)
                held.append(flat)
                sheet.writerow([guarded(flat[name]) for name in COLUMNS])
                tally.add(row)
            for row in record["notes"]:
                held_notes.append({name: _clean(row.get(name)) for name in NOTE_COLUMNS})
                tally.notes[row["status"]] += 1
            for row in record["errors"]:
                errors.write(json.dumps(row, ensure_ascii=False) + "\n")
                tally.errors[row["kind"]] += 1
            resources.add(record)
            if "case" in record:
                write_whole(cases / record["case"]["name"], record["case"]["page"])
                tally.cases += 1
            if len(held) >= _GROUP:
                findings.write_table(pa.Table.from_pylist(held[:_GROUP], finding_schema()))
                del held[:_GROUP]
            if len(held_notes) >= _GROUP_NOTES:
                notes.write_table(pa.Table.from_pylist(held_notes[:_GROUP_NOTES], note_schema()))
                del held_notes[:_GROUP_NOTES]
        for start in range(0, len(held), _GROUP):
            findings.write_table(pa.Table.from_pylist(held[start : start + _GROUP], finding_schema()))
        for start in range(0, len(held_notes), _GROUP_NOTES):
            notes.write_table(pa.Table.from_pylist(held_notes[start : start + _GROUP_NOTES], note_schema()))
    for name, path in paths.items():
        path.replace(out / name)
    resources.place(out)
    return tally


def flat_finding(row: dict[str, Any]) -> dict[str, Any]:
    """Return a finding as its table row: the evidence as JSON text."""
    flat = {name: _clean(row.get(name)) for name in COLUMNS}
    flat["evidence"] = _clean(json.dumps(row.get("evidence") or [], ensure_ascii=False))
    return flat


def _clean(value: object) -> object:
    """Return text that UTF-8 can hold: a lone surrogate becomes its escape."""
    if isinstance(value, str):
        return value.encode("utf-8", errors="backslashreplace").decode("utf-8")
    return value
