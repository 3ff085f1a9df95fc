"""Claim lines in the audit: gathered beside their encounter, judged by `audit.claims` in the worker."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.claims import Tables, judge_visit, lines_of, read_tables, series
from audit.claims.rows import finding_rows
from audit.spill import Days

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from audit.encounter import Rows
    from audit.judge import Case
    from readers import Given

DAYS = "injection_days"  # carried with each line: when its patient was injected, over the whole file
_CHUNK = 4096


def find_injection_days(lines: Callable[[], Iterable[Given]], path: Path) -> Days:
    """Return the days of B12 injections by patient, of the whole file of claim lines."""
    days = Days(path)
    rows = (given.values for given in lines() if given.values is not None)
    while chunk := list(islice(rows, _CHUNK)):
        for patient, found in series(lines_of(chunk), _tables(None)).items():
            days.add(patient, found)
    return days


@lru_cache(maxsize=2)
def _tables(folder: str | None) -> Tables:
    return Tables(read_tables(Path(folder) if folder is not None else None))


def judge_lines(
    rows: Rows, case: Case, texts: Mapping[str | None, str], tables: str | None
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Return the findings on an encounter's claim lines as rows, and what was refused of the tables."""
    given = [row["values"] for row in rows.lines if row["values"]]
    if not given:
        return [], ()
    lines = lines_of({k: v for k, v in row.items() if k != DAYS} for row in given)
    dates = {str(row["patient_id"]): tuple(row.get(DAYS) or ()) for row in given if row.get("patient_id")}
    codes = [billed.shown for billed in case.billed] or None
    result = judge_visit(lines, case.result, texts, _tables(tables), codes=codes, b12_dates=dates)
    return [_flat(row) for row in finding_rows(result)], result.refused


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row in the form of the findings: rules as text, evidence with its stance."""
    stance = "against" if row["verdict"] in ("error", "warning") else "for"
    evidence: Sequence[Mapping[str, Any]] = row["evidence"]
    return {
        **row,
        "direction": row["direction"] or "neutral",
        "severity": row["severity"] or "none",
        "rules": " ".join(row["rules"]) or None,
        "evidence": [{**proof, "stance": stance} for proof in evidence],
        "hold": None,
    }
