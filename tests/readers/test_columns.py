"""Columns of an export: found by their usual names, named by an option, demanded where they are needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.errors import InputError
from readers.tables import TARGETS, TableOptions, guess_columns, render_guess
from readers.tables.columns import guess
from tests.readers.exports import HEADER, read, texts, write


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


def test_where_keeps_the_rows_that_it_names(tmp_path: Path):
    path = write(tmp_path / "a.csv", "text,Ward\na,East\nb,west\nc,EAST\n")
    assert texts(read(path, where=(("ward", "east"),))) == ["a", "c"]


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
