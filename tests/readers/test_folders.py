"""Exports that are folders: Bulk Data of FHIR with its billed side, and files of every kind side by side."""

from __future__ import annotations

import base64
import json
import os
import shutil
from pathlib import Path

import pytest

from nlp.errors import InputError
from readers.tables import read_billed_beside, source_files
from tests.readers.exports import FILES, HEADER, read, write


def test_notes_and_claims_that_fhir_resources_wrote_are_read():
    rows = read(FILES / "bulk")
    assert [row.problem for row in rows] == [None, None, None]
    first, page, pdf = (row.values for row in rows if row.values)
    assert first["text"] == "A/P: Vitamin B12 deficiency."
    assert page["text"] == "Assessment:\n- Vitamin B12 deficiency\n- Fatigue & pallor\n"
    assert "metformin" in pdf["text"]
    assert (first["encounter_id"], first["encounter_date"], first["signed"]) == ("e1", "2026-06-02", True)
    assert [row.values for row in read_billed_beside(FILES / "bulk")] == [
        {"encounter_id": "e1", "codes": ["E53.8"], "patient_id": "p1", "provider": "d1", "payer": None}
    ]


def test_a_page_of_html_reads_as_it_looks():
    from readers.documents.html import read_html

    page = (
        b"<html><head><title>Visit</title><style>p {}</style><script>alert('no')</script></head><body>"
        b"<p>Seen for <b>fatigue</b>,\n  numb feet.<br>No bleeding.</p>"
        b"<table><tr><th>Test</th><th>Result</th></tr>"
        b"<tr><td><p>Vitamin B12</p></td><td>142&nbsp;pg/mL</td></tr></table>"
        b"<ol><li>B12 deficiency<ul><li>recheck</li></ul></li><li>Anemia</li></ol>"
        b"<pre>one\n  two</pre></body></html>"
    )
    assert [line.strip() for line in read_html(page).text.splitlines() if line] == [
        "Visit",
        "Seen for fatigue, numb feet.",
        "No bleeding.",
        "Test | Result",
        "Vitamin B12 | 142 pg/mL",
        "1. B12 deficiency",
        "- recheck",
        "2. Anemia",
        "one",
        "two",
    ]


def document(note_id: str, data: str | None, kind: str = "text/plain", **more: object) -> str:
    attachment = {"contentType": kind, **({"url": "Binary/1"} if data is None else {"data": data})}
    return json.dumps(
        {
            "resourceType": "DocumentReference",
            "id": note_id,
            "status": "current",
            "docStatus": "final",
            "type": {"coding": [{"display": "Progress note"}]},
            "subject": {"reference": "Patient/p1"},
            "date": "2026-06-03T10:00:00Z",
            "author": [{"reference": "Practitioner/d1", "display": "Ana Rowe, MD"}],
            "content": [{"attachment": attachment}],
            "context": {
                "encounter": [{"reference": f"Encounter/{note_id.replace('n', 'e')}"}],
                "period": {"start": "2026-06-02T09:00:00Z"},
            },
            **more,
        }
    )


def coded(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def icd(code: str) -> dict[str, object]:
    return {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]}


@pytest.fixture
def bulk(tmp_path: Path) -> Path:
    """A Bulk Data export: three notes that can be read, others that cannot, and the billed side."""
    folder = tmp_path / "bulk"
    folder.mkdir()
    rtf = (FILES / "visit.rtf").read_bytes()
    notes = [
        document("n1", coded("A/P: B12 deficiency")),
        document("n2", coded(rtf), "application/rtf", docStatus="preliminary"),
        document(
            "n3",
            coded("Addendum: pernicious anemia"),
            relatesTo=[{"code": "appends", "target": {"reference": "DocumentReference/n1"}}],
        ),
        document("n4", None),
        document("n5", "!!! not base64"),
        document("n6", coded("x"), "image/png"),
        '{"resourceType": "DocumentReference", "id": "n7", "cont',
        document("n8", coded("withdrawn"), status="entered-in-error"),
    ]
    write(folder / "DocumentReference.ndjson", "\n".join(notes))
    claim = {
        "resourceType": "Claim",
        "id": "c1",
        "status": "active",
        "patient": {"reference": "Patient/p1"},
        "insurer": {"display": "Payer A"},
        "diagnosis": [
            {"sequence": 2, "diagnosisCodeableConcept": icd("D50.9")},
            {"sequence": 1, "diagnosisCodeableConcept": icd("E53.8")},
        ],
        "item": [{"sequence": 1, "encounter": [{"reference": "Encounter/e1"}]}],
    }
    loose = {**claim, "id": "c2", "item": [{"sequence": 1}]}
    void = {**claim, "id": "c3", "status": "cancelled"}
    write(folder / "Claim.ndjson", "\n".join(json.dumps(c) for c in (claim, loose, void)))
    condition = {
        "resourceType": "Condition",
        "code": icd("D64.9"),
        "encounter": {"reference": "Encounter/e1"},
        "category": [{"coding": [{"code": "encounter-diagnosis"}]}],
    }
    listed = {**condition, "category": [{"coding": [{"code": "problem-list-item"}]}]}
    write(folder / "Condition.ndjson", json.dumps(condition) + "\n" + json.dumps(listed))
    return folder


@pytest.mark.parametrize("whole", [True, False], ids=["the folder", "the file of notes"])
def test_notes_of_a_bulk_export_are_read_and_the_others_named(bulk: Path, whole: bool):
    rows = read(bulk if whole else bulk / "DocumentReference.ndjson")
    good = {row.values["note_id"]: row.values for row in rows if row.values and not row.problem}
    assert list(good) == ["n1", "n2", "n3"]
    assert good["n1"] == {
        "note_id": "n1",
        "encounter_id": "e1",
        "text": "A/P: B12 deficiency",
        "note_type": "Progress note",
        "encounter_date": "2026-06-02",
        "note_date": "2026-06-03",
        "author": "Ana Rowe, MD",
        "signed": True,
        "provider": "d1",
        "patient_id": "p1",
    }
    assert good["n2"]["signed"] is False
    assert "Vitamin B12 deficiency" in good["n2"]["text"]
    assert (good["n3"]["role"], good["n3"]["amends"]) == ("addendum", "n1")
    problems = {(row.values or {}).get("note_id"): row.problem for row in rows if row.problem}
    assert set(problems) == {"n4", "n5", "n6", None, "n8"}
    assert "link" in str(problems["n4"])
    assert "base64" in str(problems["n5"])
    assert "image/png" in str(problems["n6"])
    assert "entered-in-error" in str(problems["n8"])


def test_billed_codes_come_from_claims_in_billed_order_and_what_joins_nothing_is_named(bulk: Path):
    rows = list(read_billed_beside(bulk / "DocumentReference.ndjson"))
    assert [row.values for row in rows if row.values] == [
        {
            "encounter_id": "e1",
            "codes": ["E53.8", "D50.9"],
            "patient_id": "p1",
            "provider": None,
            "payer": "Payer A",
        }
    ]
    assert [row.where for row in rows if row.problem] == ["Claim.ndjson, line 2"]


def test_conditions_are_the_billed_side_only_where_there_is_no_claim(bulk: Path):
    (bulk / "Claim.ndjson").unlink()
    assert [row.values for row in read_billed_beside(bulk)] == [
        {"encounter_id": "e1", "codes": ["D64.9"], "patient_id": None}
    ]


def test_an_export_of_another_kind_has_nothing_beside_it(tmp_path: Path):
    assert list(read_billed_beside(write(tmp_path / "a.csv", HEADER))) == []


def test_a_folder_of_files_is_read_and_links_devices_and_strange_files_are_named(tmp_path: Path):
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    for name in ("visit.rtf", "visit.pdf"):
        shutil.copy(FILES / name, folder / name)
    write(folder / "b.txt", "A/P: anemia")
    write(folder / "sub" / "b.txt", "A/P: iron deficiency")
    write(folder / "broken.docx", "PK\x03\x04")
    write(folder / "table.csv", HEADER + "7,7,from a table,\n")
    write(folder / "photo.jpg", "x")
    write(folder / ".hidden.txt", "x")
    (folder / "link.txt").symlink_to("/etc/hostname")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    rows = read(folder)
    good = {row.where: row.values for row in rows if row.values and not row.problem}
    assert list(good) == ["b.txt", "sub/b.txt", "table.csv, line 2", "visit.pdf", "visit.rtf"]
    assert good["b.txt"]["note_id"] == "b"  # two files of one name: each by its path
    assert good["sub/b.txt"]["note_id"] == "sub/b"
    assert good["visit.pdf"]["note_id"] == "visit.pdf"  # and two of two kinds by their whole names
    assert good["visit.rtf"]["note_id"] == "visit.rtf"
    problems = {row.where: str(row.problem) for row in rows if row.problem}
    assert set(problems) == {"broken.docx", "link.txt", "loop", "photo.jpg", "pipe.txt"}
    assert "link" in problems["link.txt"]
    assert "pipe" in problems["pipe.txt"]
    assert ".jpg" in problems["photo.jpg"]
    assert [path.name for path in source_files(folder)] == [
        "b.txt",
        "broken.docx",
        "b.txt",
        "table.csv",
        "visit.pdf",
        "visit.rtf",
    ]


def test_a_pipe_as_the_input_is_refused(tmp_path: Path):
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(InputError, match="pipe or a device"):
        read(tmp_path / "a.csv")
