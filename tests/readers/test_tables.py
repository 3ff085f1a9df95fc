"""Exports as rows, whatever program wrote them, and what cannot be read is named.

Where another program writes the format it made the file: LibreOffice the CSV and TSV, pandas and pyarrow the
Parquet.
"""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nlp.errors import InputError
from readers.tables import read_table
from tests.readers.exports import FILES, HEADER, read, texts, write


@pytest.mark.parametrize("name", ["export.csv", "export.tsv", "export-utf16.csv", "export-semicolon.csv"])
def test_a_table_of_libreoffice_is_read_whatever_its_sign_and_encoding(name: str):
    rows = read(FILES / name)
    assert [row.problem for row in rows] == [None, None, None]
    assert [row.values["note_id"] for row in rows if row.values] == ["N1", "N2", "N3"]
    assert texts(rows)[0] == 'A/P: B12 deficiency, "severe"; start IM B12.\nSjögren’s – stable'
    assert [row.values["codes"] for row in rows if row.values] == ["E53.8;D51.3", "D50.9", ""]


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
