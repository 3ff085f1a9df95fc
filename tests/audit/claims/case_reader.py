"""Claim cases in YAML: a visit in a few words, its lines, and which rules fire on each.

`gives` and `assessment` replace the sentences of an ordinary injection visit; `note: none` takes it away.
`lines` are mappings of the contract's columns over ordinary values (`LINE`); `without` takes columns off
all lines. `expect` names the rules that fire on each line, all of them; a line that is not named has none.
`lacks` names for a line rules that cannot be assessed, with what they lack; there may be more. `tables` are
rows that stand in place of a shipped table. `earlier` are dates of B12 injections of the same patient.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from audit.claims import ClaimResult, Tables, judge_visit, lines_of, read_tables, series
from suggest import suggest_codes
from suggest.result import Result

CASES = Path(__file__).parent / "cases"
KEYS = {
    *(
        "name",
        "covers",
        "gives",
        "assessment",
        "signed",
        "note",
        "setting",
        "date",
        "codes",
        "lines",
        "without",
    ),
    *("expect", "lacks", "earlier", "tables", "verdicts"),
}
GIVES = (
    "Cyanocobalamin 1000 mcg IM given in the left deltoid, lot A1234, by J. Smith RN, per Dr. Lee's order. "
    "Drawn from a single-dose vial, no waste."
)
ASSESSMENT = "1. Vitamin B12 deficiency, injection today.\n2. Hypertension, continue lisinopril."
SIGNED = "Electronically signed by Ann Lee, MD"
LINE = {
    "encounter_id": "e1",
    "patient_id": "p1",
    "service_date": "06/02/2026",
    "units": "1",
    "modifiers": "",
    "diagnosis_pointers": "A",
    "place_of_service": "11",
    "payer": "Medicare Part B",
    "provider": "Lee",
    "ndc": "99999-0001-01",
}


@dataclass(frozen=True)
class Case:
    """A case as it stands, with the file it comes from."""

    file: str
    values: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.values["name"])

    @property
    def covers(self) -> list[str]:
        return list(self.values["covers"])


def read_cases() -> Iterator[Case]:
    """Yield every case; an unknown key or a case that asserts nothing is an error."""
    for path in sorted(CASES.glob("*.yaml")):
        for values in yaml.safe_load(path.read_text(encoding="utf-8")):
            unknown = set(values) - KEYS
            assert not unknown, f"{path.name}: unknown key {min(unknown)} in {values.get('name')}"
            assert {"name", "covers", "lines"} <= set(values), f"{path.name}: name, covers, lines"
            assert "expect" in values or "lacks" in values, f"{path.name}: {values['name']} asserts nothing"
            yield Case(path.name, values)


def note_of(values: dict[str, Any]) -> str | None:
    if values.get("note") == "none":
        return None
    if "note" in values:
        return str(values["note"])
    return (
        f"PROCEDURE: {values.get('gives', GIVES)}\n\n"
        f"ASSESSMENT AND PLAN:\n{values.get('assessment', ASSESSMENT)}\n\n"
        f"{values.get('signed', SIGNED)}\n"
    )


@lru_cache(maxsize=512)
def answer(note: str, date: str | None, setting: str) -> Result:
    return suggest_codes(note, note_id="n1", encounter_date=date, setting=setting)


def judge(values: dict[str, Any], folder: Path) -> ClaimResult:
    """Judge the lines of a case."""
    rows = [{**LINE, "line": str(number), **given} for number, given in enumerate(values["lines"], start=1)]
    for name in values.get("without", []):
        for row in rows:
            row.pop(name, None)
    for name, text in values.get("tables", {}).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    tables = Tables(read_tables(folder if values.get("tables") else None))
    note = note_of(values)
    date = values.get("date", "2026-06-02")
    result = answer(note, date, values.get("setting", "professional")) if note is not None else None
    lines = lines_of(rows)
    before = [
        {**LINE, "procedure": "J3420", "service_date": day, "encounter_id": f"before-{day}"}
        for day in values.get("earlier", [])
    ]
    dates = series([*lines, *(lines_of(before) if before else ())], tables)
    texts = {"n1": note} if note is not None else {}
    return judge_visit(
        lines, result, texts, tables, codes=values.get("codes", ["E53.8", "I10"]), b12_dates=dates
    )
