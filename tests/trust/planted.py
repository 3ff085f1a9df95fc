"""Files with rare words in them, each in one kind of place, so that one that turns up tells where from."""

from __future__ import annotations

import csv
import io
import json
from base64 import b64encode
from pathlib import Path

import docx
import pyarrow as pa
import pyarrow.parquet as pq

# What stands in notes, tables and metadata: it may stand in a result, and nowhere else.
SECRETS = {
    "text of a note": "Quorvexland",
    "title of a section": "Zarnothwick",
    "name of a signer": "Wexlithorn",
    "note type": "Pribdalmor",
    "author": "Hurbesquill",
    "provider": "Ombrakesh",
    "coder": "Tulvendrax",
    "payer": "Gwistolane",
    "patient id": "Yorkelbin",
    "cell of an unknown column": "Julnevask",
    "cell of a claim line": "Orbwynthal",
    "reason of a reviewer": "Clymbexor",
    "key of JSON": "Sothquindle",
    "name of an upload": "Fexwardin",
    "header of a request": "Snivrathol",
    "query of an address": "Lumprakind",
    "token": "Ghaldrimvexquorpindle",
}
# What tells a person which note, file or option is meant: it may stand in an error sentence as well.
NAMES = {
    "file name": "Kelmorthax",
    "folder name": "Brastuvine",
    "column name": "Dwoxenfirth",
    "note id": "Vandruqish",
    "encounter id": "Hesprindol",
    "word of the caller": "Dranwickel",
}
SPILL = "Xylmorphane"  # stands in the messages of the errors that are raised on purpose
S, N = SECRETS, NAMES

NOTE = f"""\
{S["title of a section"]} Clinic
{S["title of a section"]} HISTORY:
Seen with {S["text of a note"]} for fatigue and {S["text of a note"]}. Mother had pernicious anemia.
MEDICATIONS: cyanocobalamin 1000 mcg IM monthly {S["text of a note"]}
LABS 05/07/2026: Vitamin B12 142 pg/mL (200-900) L {S["text of a note"]}, Ferritin {S["text of a note"]}
A/P: 1. Vitamin B12 deficiency ({S["text of a note"]}) due to metformin. E53.8 {S["text of a note"]}
2. Iron deficiency anemia due to {S["text of a note"]} bleeding.
{S["title of a section"]}: no {S["text of a note"]} anemia
Electronically signed by {S["name of a signer"]} Rowe, MD 05/08/2026
"""
COLUMNS = (
    *("note_id", "encounter_id", "encounter_date", "text", "codes", "note_type", "author", "provider"),
    *("coder", "payer", "patient_id", N["column name"]),
)


def row(number: int, text: str = NOTE, codes: str = "E53.8;D51.9") -> dict[str, str]:
    """One row of an export."""
    return {
        "note_id": f"{N['note id']}-{number}",
        "encounter_id": f"{N['encounter id']}-{number}",
        "encounter_date": "2026-05-07",
        "text": text,
        "codes": codes,
        "note_type": S["note type"],
        "author": S["author"],
        "provider": S["provider"],
        "coder": S["coder"],
        "payer": S["payer"],
        "patient_id": S["patient id"],
        N["column name"]: S["cell of an unknown column"],
    }


def rows() -> list[dict[str, str]]:
    """An export: two notes that are answered, one that is empty, one of binary data, one with a bad date."""
    broken = {**row(5), "encounter_date": f"soon {S['cell of an unknown column']}"}
    return [row(1), row(2, codes=""), row(3, " "), row(4, "\x01\x02\x03" * 40), broken]


def table(found: list[dict[str, str]]) -> str:
    text = io.StringIO()
    sheet = csv.DictWriter(text, list(found[0]), lineterminator="\n")
    sheet.writeheader()
    sheet.writerows(found)
    return text.getvalue()


def fhir(number: int) -> str:
    """One note as a FHIR resource."""
    known = row(number)
    return json.dumps(
        {
            "resourceType": "DocumentReference",
            "id": known["note_id"],
            "docStatus": "final",
            "type": {"text": S["note type"]},
            "subject": {"reference": f"Patient/{S['patient id']}"},
            "author": [{"reference": f"Practitioner/{S['provider']}", "display": S["author"]}],
            "content": [
                {"attachment": {"contentType": "text/plain", "data": b64encode(NOTE.encode()).decode()}}
            ],
            "context": {"encounter": [{"reference": f"Encounter/{known['encounter_id']}"}]},
        }
    )


def gold(number: int) -> str:
    """One gold encounter."""
    known = row(number)
    note = {key: known[key] for key in ("note_id", "text", "note_type", "author")}
    return json.dumps(
        {
            "id": known["encounter_id"],
            "setting": "outpatient",
            "encounter_date": known["encounter_date"],
            "notes": [note],
            "gold": {"code": [{"code": "D50.9", "evidence": []}], "first": ["D50.9"]},
        }
    )


def plant(folder: Path) -> dict[str, Path]:
    """Write every file that a command may be given, below a folder; return them by what they are."""
    home = folder / N["folder name"]
    home.mkdir(parents=True)
    name = N["file name"]
    made = {
        "note": home / f"{name}.txt",
        "rows": home / f"{name}.jsonl",
        "torn": home / f"{name}-torn.jsonl",
        "docx": home / f"{name}.docx",
        "rtf": home / f"{name}.rtf",
        "ccda": home / f"{name}.xml",
        "pdf": home / f"{name}.pdf",
        "csv": home / f"{name}.csv",
        "bare": home / f"{name}-bare.csv",
        "quote": home / f"{name}-quote.csv",
        "parquet": home / f"{name}.parquet",
        "fhir": home / f"{name}.ndjson",
        "billed": home / f"{name}-billed.csv",
        "lines": home / f"{name}-lines.csv",
        "nolines": home / f"{name}-nolines.csv",
        "policy": home / f"{name}.yaml",
        "nopolicy": home / f"{name}-none.yaml",
        "gold": home / f"{name}-gold.jsonl",
        "nogold": home / f"{name}-nogold.jsonl",
        "release": home / f"{name}-release.xml",
        "token": home / f"{name}-token.txt",
        "folder": home / f"{N['folder name']}-notes",
        "tables": home / f"{N['folder name']}-tables",
    }
    made["note"].write_text(NOTE)
    made["rows"].write_text("".join(json.dumps({**known, S["key of JSON"]: 1}) + "\n" for known in rows()))
    made["torn"].write_text(
        f'{{"note_id": "{N["note id"]}", "text": "{S["text of a note"]} anemia\n' + json.dumps(row(1))
    )
    file = docx.Document()
    for line in NOTE.splitlines():
        file.add_paragraph(line)
    file.core_properties.author = S["author"]
    file.core_properties.title = S["title of a section"]
    file.save(str(made["docx"]))
    made["rtf"].write_text(
        "{\\rtf1\\ansi{\\info{\\author " + S["author"] + "}}" + NOTE.replace("\n", "\\par\n") + "}"
    )
    section = f"<title>{S['title of a section']}</title><text><paragraph>{NOTE}</paragraph></text>"
    made["ccda"].write_text(
        f'<ClinicalDocument xmlns="urn:hl7-org:v3"><title>{S["note type"]}</title><component>'
        f"<structuredBody><component><section>{section}</section></component></structuredBody>"
        "</component></ClinicalDocument>"
    )
    made["pdf"].write_bytes(b"%PDF-1.4\n" + NOTE.encode())  # broken
    made["csv"].write_text(table(rows()))
    made["bare"].write_text(table([{N["column name"]: NOTE}]))
    made["quote"].write_text(table(rows()[:2]) + f'9,9,,"{S["text of a note"]}\n')
    found = rows()[:3]
    pq.write_table(
        pa.table({column: [known[column] for known in found] for column in COLUMNS}), made["parquet"]
    )
    made["fhir"].write_text("\n".join(fhir(number) for number in (1, 2)) + "\n" + fhir(3)[:200])
    known = row(1)
    made["billed"].write_text(
        table([{"encounter_id": known["encounter_id"], "codes": "E53.8", "payer": S["payer"]}])
    )
    line = {
        "encounter_id": known["encounter_id"],
        "procedure": "96372",
        "units": "1",
        "payer": S["payer"],
        "patient_id": S["patient id"],
    }
    made["lines"].write_text(table([{**line, N["column name"]: S["cell of a claim line"]}]))
    made["nolines"].write_text(table([{N["column name"]: S["cell of a claim line"]}]))
    made["policy"].write_text("name: ours\noptions:\n- {id: option.s05, choice: always}\n")
    made["nopolicy"].write_text(
        f"name: ours\noptions:\n- {{id: option.s05, choice: {N['word of the caller']}}}\n"
    )
    made["gold"].write_text(gold(1) + "\n")
    made["nogold"].write_text(gold(1)[:-40] + "\n")
    made["release"].write_text(f"<ICD10CM.tabular><chapter>{S['text of a note']}")
    made["token"].write_text(S["token"])
    made["folder"].mkdir()
    (made["folder"] / f"{name}.txt").write_text(NOTE)
    (made["folder"] / f"{name}-empty.txt").write_text("")
    (made["folder"] / f"{name}.docx").write_bytes(b"PK\x03\x04" + NOTE.encode())
    (made["folder"] / f"{name}.pdf").write_bytes(made["pdf"].read_bytes())
    (made["folder"] / f"{name}-link.txt").symlink_to(made["note"])
    made["tables"].mkdir()
    (made["tables"] / "payers.csv").write_text(f"{N['column name']}\n{S['cell of a claim line']}\n")
    return made
