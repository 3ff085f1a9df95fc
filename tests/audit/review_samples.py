"""Folders as a finished audit leaves them, for the tests of the review and the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

COLUMNS = (
    "encounter_id note_id billed_code supported_code verdict direction severity reason denial_risk rules "
    "band score evidence action kind line hold encounter_date setting note_type provider coder patient_id "
    "payer author credential"
).split()
OVER = {"unsupported", "status-error", "supported-less-specific"}


def finding(encounter: str, code: str | None, verdict: str = "supported", **more: Any) -> dict[str, Any]:
    words = more.pop("words", "B12 deficiency")
    proof = {
        "note_id": f"n-{encounter}",
        "start": 5,
        "end": 19,
        "text": words,
        "section": "assessment_plan",
        "role": "diagnosis",
        "stance": "for",
    }
    row = dict.fromkeys(COLUMNS)
    row |= {
        "encounter_id": encounter,
        "note_id": f"n-{encounter}",
        "billed_code": code,
        "verdict": verdict,
        "direction": "over" if verdict in OVER else "under" if verdict == "missed-code" else "neutral",
        "severity": "high" if verdict in OVER else "none",
        "reason": "The note states a deficiency and no anemia.",
        "rules": "rule:R21",
        "evidence": json.dumps([proof], ensure_ascii=False),
        "kind": "diagnosis",
        "encounter_date": "2026-06-02",
        "provider": "Dr. Rowe",
        "coder": "C1",
        "patient_id": f"p-{encounter}",
    }
    return row | more


def write_run(folder: Path, rows: list[dict[str, Any]], read: int | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    schema = pa.schema([pa.field(name, pa.float64() if name == "score" else pa.string()) for name in COLUMNS])
    pq.write_table(pa.Table.from_pylist(rows, schema), folder / "findings.parquet")
    units = list(dict.fromkeys(row["encounter_id"] for row in rows))
    units += [f"empty{n}" for n in range((read or len(units)) - len(units))]
    notes = [{"encounter_id": u, "note_id": f"n-{u}", "status": "read"} for u in units]
    pq.write_table(pa.Table.from_pylist(notes), folder / "notes.parquet")
    return folder


def a_run(folder: Path, count: int = 40) -> Path:
    """Encounters E1…: every fourth billed wrongly, every fifth with a code out of scope; four providers."""
    rows = []
    for number in range(1, count + 1):
        known = {"provider": f"Dr. {'ABCD'[number % 4]}", "coder": f"C{number % 2}"}
        verdict = "unsupported" if number % 4 == 0 else "supported"
        rows.append(
            finding(
                f"E{number}",
                "D51.0",
                verdict,
                supported_code="E53.8" if verdict != "supported" else None,
                **known,
            )
        )
        if number % 5 == 0:
            rows.append(finding(f"E{number}", "I10", "not-assessed", **known))
    return write_run(folder, rows, read=count + 10)
