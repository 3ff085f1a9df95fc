"""Exports as rows: columns found by their usual names, and what cannot be read is named.

Where another program writes the format it made the file: LibreOffice the CSV and TSV, pandas and pyarrow the
Parquet.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import tracemalloc
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nlp.errors import InputError
from readers import Given
from readers.tables import (
    TARGETS,
    Part,
    TableOptions,
    guess_columns,
    read_billed_beside,
    read_table,
    render_guess,
    source_files,
)
from readers.tables.columns import guess

FILES = Path(__file__).parent / "files"
HEADER = "note_id,encounter_id,text,codes\n"


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def texts(rows: list[Given]) -> list[str | None]:
    return [row.values.get("text") if row.values else None for row in rows]


def read(path: Path, part: Part = "note", **options: object) -> list[Given]:
    return list(read_table(path, TableOptions(**options), part))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["export.csv", "export.tsv", "export-utf16.csv", "export-semicolon.csv"])
def test_a_table_of_libreoffice_is_read_whatever_its_sign_and_encoding(name: str):
    rows = read(FILES / name)
    assert [row.problem for row in rows] == [None, None, None]
    assert [row.values["note_id"] for row in rows if row.values] == ["N1", "N2", "N3"]
    assert texts(rows)[0] == 'A/P: B12 deficiency, "severe"; start IM B12.\nSjögren’s – stable'
    assert [row.values["codes"] for row in rows if row.values] == ["E53.8;D51.3", "D50.9", ""]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Note Txt;Visit #;Final Dx Codes;Svc Dt", {"text": "Note Txt", "encounter_id": "Visit #",
         "codes": "Final Dx Codes", "encounter_date": "Svc Dt"}),
        ("Clinical Note;Enc No;Pt MRN;Sig Status", {"text": "Clinical Note", "encounter_id": "Enc No",
         "patient_id": "Pt MRN", "signed": "Sig Status"}),
        ("text;dx;dx2;dx10;dx3", {"text": "text", "codes": "dx dx2 dx3 dx10"}),
        ("text;Other Dx;Principal Dx", {"text": "text", "codes": "Principal Dx Other Dx"}),
        ("text;Primary Diagnosis;Secondary Dx 2;Secondary Dx 1", {"text": "text",
         "codes": "Primary Diagnosis Secondary Dx 1 Secondary Dx 2"}),
        ("text;codes;dx1;dx2", {"text": "text", "codes": "codes"}),
        ("text;Note Text", {"text": "text"}),
    ],
)  # fmt: skip
def test_shortened_names_and_lists_in_parts_are_found(header: str, found: dict[str, str]):
    guessed = guess(header.split(";"), "note", TableOptions())
    assert {target: " ".join(columns) for target, columns in guessed.found.items()} == found


def test_columns_are_found_by_their_usual_names_and_numbered_codes_are_put_together(tmp_path: Path):
    path = write(
        tmp_path / "a.csv",
        "PAT_ENC_CSN_ID,NoteText,Date of Service,DX1,dx 2,dx_10,Favourite\n"
        "1,anemia,06/02/2026,D64.9,,E53.8,tea\n",
    )
    (row,) = read(path)
    assert row.values == {
        "encounter_id": "1",
        "text": "anemia",
        "codes": "D64.9;E53.8",
        "encounter_date": "06/02/2026",
    }
    shown = render_guess(guess_columns(path, TableOptions()))
    assert "text                NoteText" in shown
    assert "codes               DX1, dx 2, dx_10" in shown
    assert "not used: Favourite" in shown
    assert "anemia" not in shown


def test_an_option_overrides_the_guess(tmp_path: Path):
    path = write(tmp_path / "a.csv", "text,impression\nlong,short\n")
    assert texts(read(path, columns={"text": "impression"})) == ["short"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"columns": {"text": "nowhere"}}, "no column nowhere"),
        ({"columns": {"colour": "text"}}, "no column colour; use"),
        ({"where": (("ward", "7"),)}, "--where names ward"),
        ({"encoding": "klingon"}, "--encoding names no encoding"),
    ],
)
def test_a_wrong_option_is_refused_before_anything_is_read(
    options: dict[str, object], sentence: str, tmp_path: Path
):
    path = write(tmp_path / "a.csv", HEADER + "1,2,anemia,D64.9\n")
    with pytest.raises(InputError, match=sentence):
        read(path, **options)


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


def test_json_lines_of_pandas_are_read(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    frame = pd.DataFrame({"note_id": ["a", "b"], "text": ["anémie", None], "dx": [["D64.9"], None]})
    frame.to_json(path, orient="records", lines=True)
    assert [row.values for row in read(path)] == [
        {"note_id": "a", "text": "anémie", "codes": ["D64.9"]},
        {"note_id": "b", "text": None, "codes": None},
    ]


def test_a_header_with_a_name_twice_and_excel_s_line_of_its_own_do_no_harm(tmp_path: Path):
    assert texts(read(write(tmp_path / "a.csv", "text,text\nfirst,second\n"))) == ["first"]
    assert texts(read(write(tmp_path / "b.csv", "sep=;\ntext;dx\na, b;D64.9\n"))) == ["a, b"]


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


def test_where_keeps_the_rows_that_it_names(tmp_path: Path):
    path = write(tmp_path / "a.csv", "text,Ward\na,East\nb,west\nc,EAST\n")
    assert texts(read(path, where=(("ward", "east"),))) == ["a", "c"]


def test_each_line_may_have_its_own_encoding(tmp_path: Path):
    lines = [HEADER.encode(), "1,1,Sjögren’s,\n".encode(), "2,2,Sjögren’s,\n".encode("cp1252")]
    path = write(tmp_path / "a.csv", b"".join(lines))
    assert texts(read(path)) == ["Sjögren’s", "Sjögren’s"]
    assert texts(read(path, encoding="latin-1"))[0] != "Sjögren’s"


def test_a_lone_quote_spoils_its_own_row_and_no_other(tmp_path: Path):
    rows = [f'{n},{n},"note {n}\nsecond line",D64.9\n' for n in range(1, 6)]
    rows[2] = '3,3,"note 3 opens and does not close,D64.9\n'
    found = read(write(tmp_path / "a.csv", HEADER + "".join(rows)))
    assert [row.values["note_id"] for row in found if row.values] == ["1", "2", "4", "5"]
    (bad,) = [row for row in found if row.problem]
    assert "quotes do not pair" in str(bad.problem)
    assert bad.where == "a.csv, line 6"


def test_a_lone_quote_on_the_last_row_and_quotes_within_a_line_do_no_harm(tmp_path: Path):
    path = write(tmp_path / "a.csv", HEADER + '1,1,5" tall,\n2,2,"he said "tired" today",\n3,3,"open,\n')
    found = read(path)
    assert texts(found)[0] == '5" tall'
    assert [row.problem is None for row in found] == [True, True, False]


def test_rows_of_another_width_are_named_and_not_guessed_at(tmp_path: Path):
    found = read(write(tmp_path / "a.csv", HEADER + "1,1,anemia\n2,2,anemia,D64.9\n3,3,a,b,c\n"))
    assert [row.problem for row in found] == [
        "has 3 cells where the header has 4",
        None,
        "has 5 cells where the header has 4",
    ]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"PK\x03\x04 not a table", "no table of text"),
        ("a.csv", b"one,two\n1,2\n", "no column is known to hold the notes"),
        ("a.jsonl", b"not json\n", "no JSON object"),
        ("a.parquet", b"PAR1 cut short", "no whole Parquet file"),
        ("a.xlsx", b"PK", "is no export"),
    ],
)
def test_a_file_that_is_no_export_gets_one_clear_sentence(
    name: str, content: bytes, sentence: str, tmp_path: Path
):
    with pytest.raises(InputError, match=sentence) as caught:
        read(write(tmp_path / name, content))
    assert "\n" not in str(caught.value)


def test_parquet_of_pandas_is_read_with_its_lists_and_missing_values(tmp_path: Path):
    path = tmp_path / "a.parquet"
    pd.DataFrame(
        {"note_id": [1, 2], "note_text": ["anemia", None], "dx": [["D64.9", "E53.8"], []]}
    ).to_parquet(path)
    rows = read(path)
    assert [row.values for row in rows] == [
        {"note_id": 1, "text": "anemia", "codes": ["D64.9", "E53.8"]},
        {"note_id": 2, "text": None, "codes": []},
    ]


def test_a_parquet_column_of_numbers_is_no_text(tmp_path: Path):
    path = tmp_path / "a.parquet"
    pd.DataFrame({"note_id": ["a"], "text": [17]}).to_parquet(path)
    with pytest.raises(InputError, match="of type int64, and the notes must be text"):
        read(path)


def test_text_that_parquet_holds_as_bytes_is_decoded_and_binary_data_is_named(tmp_path: Path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": [b"an\xc3\xa9mie", b"\x00\x01\x02\x03" * 9]}), path)
    good, bad = read(path)
    assert texts([good]) == ["anémie"]
    assert "binary data" in str(bad.problem)


def test_a_broken_row_group_is_named_and_the_others_are_read(tmp_path: Path):
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table({"text": [f"note {n} " * 50 for n in range(30)]}),
        path,
        row_group_size=10,
        compression="zstd",
    )
    data = bytearray(path.read_bytes())
    chunk = pq.ParquetFile(path).metadata.row_group(1).column(0)
    start = chunk.dictionary_page_offset or chunk.data_page_offset
    data[start : start + 60] = b"\xff" * 60
    path.write_bytes(bytes(data))
    rows = read(path)
    assert len([row for row in rows if row.values]) == 20
    assert [(row.where, row.problem) for row in rows if row.problem] == [
        ("a.parquet, row 11-20", "cannot be read; the file is broken there")
    ]


def test_a_broken_line_of_json_is_named_and_the_rest_read(tmp_path: Path):
    path = write(
        tmp_path / "a.jsonl",
        '{"note_id": 1, "text": "a"}\n{"note_id": 2, "te\n\n[]\n{"note_id": 3, "text": "b"}\n',
    )
    rows = read(path)
    assert texts([row for row in rows if row.values]) == ["a", "b"]
    assert [row.where for row in rows if row.problem] == ["a.jsonl, line 2", "a.jsonl, line 4"]


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


def test_a_table_of_billed_codes_needs_codes_and_an_id(tmp_path: Path):
    with pytest.raises(InputError, match="needs a column of codes"):
        read(write(tmp_path / "a.csv", "encounter_id,amount\n1,2\n"), "billed")
    (row,) = read(write(tmp_path / "b.csv", "CSN,ICD10 Codes\n1,E53.8\n"), "billed")
    assert row.values == {"encounter_id": "1", "codes": "E53.8", "text": None}


def test_claim_lines_are_found_by_their_names(tmp_path: Path):
    path = write(
        tmp_path / "a.csv",
        "encounter_id,line_no,CPT,Qty,Mod1,Mod2,DX Pointers,POS\n1,1,96372,1,59,25,AB,11\n",
    )
    (row,) = read(path, "line")
    assert {name: value for name, value in (row.values or {}).items() if name != "text"} == {
        "encounter_id": "1",
        "line": "1",
        "procedure": "96372",
        "units": "1",
        "modifiers": "59;25",
        "diagnosis_pointers": "AB",
        "place_of_service": "11",
    }


def test_every_column_of_the_contract_has_usual_names_and_no_name_stands_for_two():
    import yaml

    import readers.tables

    names = yaml.safe_load((Path(readers.tables.__file__).parent / "columns.yaml").read_text())
    for part in ("note", "line"):
        listed = [name for usual in names[part].values() for name in usual]
        assert len(listed) == len(set(listed)), part
        assert all(usual[0] == target for target, usual in names[part].items())
    assert {
        "note_id",
        "encounter_id",
        "text",
        "codes",
        "encounter_date",
        "setting",
        "provider",
        "coder",
    } <= set(TARGETS["note"])


def test_a_long_table_is_read_in_little_memory(tmp_path: Path):
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write(HEADER)
        for number in range(20000):
            file.write(f"{number},{number},{'anemia ' * 150},D64.9\n")
    tracemalloc.start()
    count = sum(1 for _ in read_table(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20000
    assert path.stat().st_size > 20_000_000
    assert peak < 2_000_000
