"""From bytes to text and rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.errors import InputError
from readers import FileKind, decode, kind_of, looks_like_rows, read_bytes, read_rows

TEXT = "Sjögren’s, B12 142 µg\r\n\tA/P: – anemia\x0c"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_comes_as_it_was_given(encoding: str) -> None:
    assert decode((TEXT * 3).encode(encoding)) == TEXT * 3


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8-sig", "\ufeff"), ("utf-16", "\ufeff"), ("utf-32", "\ufeff")]
)
def test_a_byte_order_mark_stays_in_the_text(encoding: str, mark: str) -> None:
    assert decode(TEXT.encode(encoding)) == mark + TEXT


def test_bytes_that_windows_1252_does_not_know_are_kept_one_for_one() -> None:
    assert decode(b"caf\xe9 \x81 \x93quoted\x94 " * 20) == "café \x81 “quoted” " * 20


@pytest.mark.parametrize("text", ["no anemia", "a\x1a", "x\x1b[1m", "nul \x00 once " + "word " * 200])
def test_an_untidy_note_is_still_a_note(text: str) -> None:
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    "data",
    [b"\x00\x01\x02\x03" * 50, b"PK\x03\x04 rest", b"{\\rtf1 x}", b"\x89PNG\r\n", b"\xff\xfea"],
    ids=["binary", "archive", "rtf", "picture", "half_utf16"],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        decode(data)


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_an_input_error(data: bytes) -> None:
    try:
        found = decode(data)
    except InputError:
        return
    assert isinstance(found, str)
    assert len(found) <= len(data)


@given(st.binary(max_size=200))
def test_any_bytes_give_rows_that_are_objects_or_problems(data: bytes) -> None:
    for row in read_rows(data):
        assert (row.value is None) != (row.problem is None)


def test_rows_end_at_a_line_feed_alone() -> None:
    rows = list(read_rows('{"text": "a\u2028b\x85c"}\r\n\n{"text": "d"}'.encode()))
    assert [(row.line, row.value) for row in rows] == [(1, {"text": "a\u2028b\x85c"}), (3, {"text": "d"})]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_rows_may_open_with_a_byte_order_mark(encoding: str) -> None:
    assert [row.value for row in read_rows('{"text": "é"}\n{"text": "b"}\n'.encode(encoding))] == [
        {"text": "é"},
        {"text": "b"},
    ]


def test_one_row_in_windows_1252_does_not_spoil_the_others() -> None:
    data = json.dumps({"text": "é"}, ensure_ascii=False)
    rows = list(read_rows(data.encode() + b"\n" + data.encode("cp1252") + b"\n"))
    assert [row.value for row in rows] == [{"text": "é"}, {"text": "é"}]


@pytest.mark.parametrize(
    "line", ["[" * 100000, '{"a": ' * 50000, "5", '"x"', "null", "{", '{"a": NaN', "1" * 5000]
)
def test_a_line_that_is_no_object_is_a_problem(line: str) -> None:
    (row,) = read_rows(line.encode())
    assert row.problem


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.txt", FileKind.TEXT), ("a.TXT", FileKind.TEXT), ("note", FileKind.TEXT), ("a.jsonl", FileKind.ROWS)],
)
def test_the_kind_of_a_file_is_told_by_its_name(name: str, kind: FileKind) -> None:
    assert kind_of(Path(name)) is kind


@pytest.mark.parametrize("name", ["a.doc", "a.csv", "a.parquet", "a.json"])
def test_a_file_without_a_reader_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"use|save|audit"):
        kind_of(Path(name))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('{"text": "x"}\n{"text": "y"}', True),
        ('\ufeff {"note_id": 1, "text": ""}', True),
        ('{"code": "D51.0"}', False),
        ("{A/P}: anemia", False),
        ("A/P: anemia", False),
        ("", False),
    ],
)
def test_rows_in_a_pipe_are_told_from_a_note(text: str, rows: bool) -> None:
    assert looks_like_rows(text) is rows


def test_a_file_that_cannot_be_read_gives_the_systems_reason(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_bytes(tmp_path)
