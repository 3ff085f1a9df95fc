"""Claim lines as exports spell them, and what notes say beside diagnoses."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from audit.claims import lines_of, read_lines
from audit.claims.signals import find_signal, signals
from audit.claims.values import (
    read_date,
    read_modifiers,
    read_ndc,
    read_number,
    read_place,
    read_pointers,
    split_procedure,
)
from nlp.errors import InputError


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2026-06-02",
            "06/02/2026",
            "6/2/26",
            "20260602",
            "2-Jun-2026",
            "June 2, 2026",
            "2026-06-02T08:30:00",
        ),
        *("06/02/2026 8:30 AM", "20260602-20260602", "06/02/2026 - 06/02/2026", "46175", "06022026"),
    ],
)
def test_dates_in_many_forms(text: str):
    assert read_date(text) == "2026-06-02"


@pytest.mark.parametrize("text", ["", "soon", "13/45/2026", "nan", None, "0000-00-00"])
def test_what_is_no_date_is_none(text: str | None):
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("25", ("25",)),
        ("-25", ("25",)),
        ("25,59", ("25", "59")),
        ("JZ|JB", ("JZ", "JB")),
        ("25.0", ("25",)),
        ("2559", ("25", "59")),
        ("jw; jz", ("JW", "JZ")),
        ("25-59", ("25", "59")),
        ("", ()),
        ("nan", ()),
        ("['25', '59']", ("25", "59")),
    ],
)
def test_modifiers_in_many_forms(text: str, found: tuple[str, ...]):
    assert read_modifiers(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A", ("A",)),
        ("A,B", ("A", "B")),
        ("AB", ("A", "B")),
        ("1|2", ("1", "2")),
        ("1 2", ("1", "2")),
        ("21", ("2", "1")),
        ("1.0", ("1",)),
        ("12", ("12",)),
        ("L", ("L",)),
        ("E53.8", ("E53.8",)),
        ("e538;D51.0", ("E538", "D51.0")),
        ("", ()),
        ("M", ("?M",)),
        ("0", ("?",)),
    ],
)
def test_pointers_in_many_forms(text: str, found: tuple[str, ...]):
    assert read_pointers(text) == found


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("1.0", 1), ("1,000", 1000), ("UN1", 1), ("2 units", 2), ("0.5", Fraction(1, 2))],
)
def test_units_in_many_forms(text: str, value: int):
    assert read_number(text) == value


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("0517-0031-25", "00517003125"),
        ("00517-0031-25", "00517003125"),
        ("00517003125", "00517003125"),
        ("N400517003125 ML1", "00517003125"),
        ("0517-0031", "005170031"),
        ("517003125", "517003125"),
        ("label", None),
    ],
)
def test_label_numbers_in_many_forms(text: str, digits: str | None):
    assert read_ndc(text) == digits


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("11", "11"),
        ("11.0", "11"),
        ("POS 11", "11"),
        ("Office", "office"),
        ("11 - Office", "11"),
        ("2", "02"),
    ],
)
def test_places_in_many_forms(text: str, place: str):
    assert read_place(text) == place


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("99213-25", ("99213", ("25",))),
        ("HC:J3420:JZ", ("J3420", ("JZ",))),
        ("96372 59", ("96372", ("59",))),
        ("96372.0", ("96372", ())),
        ("j3420", ("J3420", ())),
    ],
)
def test_procedures_with_modifiers_glued_to_them(text: str, found: tuple[str, tuple[str, ...]]):
    assert split_procedure(text) == found


def test_columns_are_found_by_usual_names_and_numbered_modifiers_are_joined():
    [line] = lines_of(
        [
            {
                "Enc ID": "x",
                "CPT": "96372",
                "Mod 1": "25",
                "Mod 2": "59",
                "DOS": "6/2/2026",
                "Dx Pointer": "AB",
                "Qty": "1",
            }
        ]
    )
    assert (line.procedure, line.modifiers, line.service_date, line.pointers, line.units) == (
        "96372",
        ("25", "59"),
        "2026-06-02",
        ("A", "B"),
        1,
    )


def test_a_blank_pointer_in_a_column_that_is_there_differs_from_no_column():
    [blank] = lines_of([{"procedure": "96372", "diagnosis_pointers": ""}])
    [absent] = lines_of([{"procedure": "96372"}])
    assert blank.pointers == ()
    assert absent.pointers is None
    assert absent.modifiers is None


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "json", "parquet", "xlsx"])
def test_lines_are_read_from_every_kind_of_table(tmp_path: Path, suffix: str):
    import pandas as pd

    rows = [
        {"line": "1", "procedure": "96372", "units": "1"},
        {"line": "2", "procedure": "J3420", "units": "2"},
    ]
    path = tmp_path / f"lines.{suffix}"
    frame = pd.DataFrame(rows)
    if suffix in ("csv", "tsv"):
        frame.to_csv(path, index=False, sep="," if suffix == "csv" else "\t")
    elif suffix == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    elif suffix == "json":
        path.write_text(json.dumps(rows), encoding="utf-8")
    elif suffix == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_excel(path, index=False)
    assert [(line.line, line.procedure, line.units) for line in read_lines(path)] == [
        ("1", "96372", 1),
        ("2", "J3420", 2),
    ]


def test_a_file_without_a_procedure_column_is_refused_by_name(tmp_path: Path):
    (tmp_path / "lines.csv").write_text("line,units\n1,1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"lines\.csv: no column holds the procedure"):
        read_lines(tmp_path / "lines.csv")


@pytest.mark.parametrize("name", list(signals()))
def test_a_signal_is_found_in_its_example_and_not_in_the_one_that_nearly_holds_it(name: str):
    signal = signals()[name]
    found = find_signal(name, {"n1": signal.example})
    assert found is not None
    assert signal.example[found.start : found.end] == found.text
    assert find_signal(name, {"n1": signal.nearly}) is None
