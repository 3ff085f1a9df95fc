"""Write the example exports that lie beside this module: `python -m corpora.exports.files`.

One and the same planted export as CSV, Parquet and FHIR Bulk Data, and its key. Made of our corpus by
seed; made anew, the bytes are the same.
"""

from __future__ import annotations

import base64
import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora.exports.make import SEED, make_export

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpora.exports.make import Export

HOME = Path(__file__).parent / "files"
_EACH = 2  # of each kind of error, so that the files stay small
_COLUMNS = (
    *("encounter_id", "note_id", "text", "codes", "encounter_date", "setting", "note_type", "author"),
    *("credential", "signed", "role", "amends", "note_date", "provider", "coder", "payer", "patient_id"),
)


def write(home: Path = HOME, *, seed: int = SEED, each: int = _EACH) -> Export:
    """Write the export in each form and return it."""
    export = make_export(seed=seed, each=each)
    home.mkdir(exist_ok=True, parents=True)
    rows = [*export.notes]
    _csv(home / "clinic.csv", _COLUMNS, rows)
    _csv(home / "billed.csv", ("encounter_id", "codes"), export.billed)
    key = [
        {"encounter_id": e, "code": c, "verdict": v, "better": export.better.get((e, c))}
        for (e, c), v in sorted(export.key.items())
    ]
    _csv(home / "key.csv", ("encounter_id", "code", "verdict", "better"), key)
    _parquet(home / "clinic.parquet", rows)
    _fhir(home / "fhir", export)
    return export


def _csv(path: Path, columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, list(columns), extrasaction="ignore", lineterminator="\n")
        sheet.writeheader()
        sheet.writerows(rows)


def _parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([pa.field(name, pa.bool_() if name == "signed" else pa.string()) for name in _COLUMNS])
    plain = [{name: row.get(name) for name in _COLUMNS} for row in rows]
    pq.write_table(pa.Table.from_pylist(plain, schema), path, compression="zstd")


def _fhir(folder: Path, export: Export) -> None:
    """Write the encounters of one note as `DocumentReference` with `Claim`; FHIR has no place for others."""
    folder.mkdir(exist_ok=True)
    by_encounter: dict[str, list[dict[str, Any]]] = {}
    for row in export.notes:
        by_encounter.setdefault(row["encounter_id"], []).append(row)
    single = [
        rows[0] for rows in by_encounter.values() if len(rows) == 1 and rows[0].get("role") != "context"
    ]
    with (folder / "DocumentReference.ndjson").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(_document(row)) + "\n" for row in single)
    with (folder / "Claim.ndjson").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(_claim(row)) + "\n" for row in single if row["codes"])


def _document(row: dict[str, Any]) -> dict[str, Any]:
    data = base64.b64encode(row["text"].encode("utf-8")).decode("ascii")
    return {
        "resourceType": "DocumentReference",
        "id": row["note_id"].replace(":", "-"),
        "status": "current",
        "subject": {"reference": f"Patient/{row.get('patient_id') or 'P0'}"},
        "context": {
            "encounter": [{"reference": f"Encounter/{row['encounter_id']}"}],
            **({"period": {"end": row["encounter_date"]}} if row["encounter_date"] else {}),
        },
        "content": [{"attachment": {"contentType": "text/plain", "data": data}}],
    }


def _claim(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "Claim",
        "status": "active",
        "use": "claim",
        "item": [{"sequence": 1, "encounter": [{"reference": f"Encounter/{row['encounter_id']}"}]}],
        "diagnosis": [
            {
                "sequence": number,
                "diagnosisCodeableConcept": {
                    "coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]
                },
            }
            for number, code in enumerate(row["codes"].split(";"), start=1)
        ],
    }


if __name__ == "__main__":
    write()
