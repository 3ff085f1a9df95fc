"""What the command line cannot read or answer: said on standard error, and how it exits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from suggest.note import Note
from tests.cli.conftest import fake_encounter, rows, run

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.usefixtures("fake_engine")

SECRET = "Zebrafishlake"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (bytes(range(256)) * 4, "binary"),
        (b"%PDF-1.7 " + SECRET.encode(), "PDF"),
        (b"a" * (16 * 1024 * 1024 + 1), "16 MiB"),
    ],
    ids=["nothing", "blanks", "mark", "binary", "pdf", "large"],
)
def test_what_is_no_note_gets_one_sentence_that_names_the_file(
    tmp_path: Path, data: bytes, words: str
) -> None:
    path = tmp_path / "scan.txt"
    path.write_bytes(data)
    result = run("suggest", path)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "scan.txt" in result.stderr
    assert words in result.stderr
    assert SECRET not in result.stderr


def test_a_bad_file_among_good_ones_is_named_and_the_rest_is_done(tmp_path: Path, note: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"")
    result = run("suggest", bad, note, "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["note_id"] == "n1"
    assert "bad.txt" in result.stderr


def test_bad_rows_are_named_by_line_and_note(tmp_path: Path) -> None:
    path = rows(
        tmp_path,
        {"note_id": "a", "text": "x"},
        "{not json",
        [1, 2],
        {"note_id": "d"},
        {"note_id": "e", "text": "x", "setting": "moon"},
        "",
        {"note_id": "g", "text": ""},
        {"note_id": "h", "text": 5},
        {"note_id": "i", "text": "x", "encounter_date": "06/02/2026"},
    )
    result = run("suggest", path, "--format", "jsonl")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    lines = result.stderr.splitlines()
    assert [line.split(": ")[1].rpartition("notes.jsonl, ")[2] for line in lines] == [
        "line 2", "line 3", "line 4 (note d)", "line 5 (note e)", "line 7 (note g)", "line 8 (note h)",
        "line 9 (note i)",
    ]  # fmt: skip


def test_a_failure_inside_a_note_is_named_by_id_and_class_only(tmp_path: Path) -> None:
    path = rows(
        tmp_path, {"note_id": "bad", "text": f"explode {SECRET}"}, {"note_id": "good", "text": "fine"}
    )
    result = run("suggest", path, "--format", "jsonl")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["note_id"] == "good"
    assert "(note bad)" in result.stderr
    assert "RuntimeError" in result.stderr
    assert SECRET not in result.stderr + result.stdout


def test_a_failure_of_the_only_note_exits_with_1(tmp_path: Path) -> None:
    assert run("suggest", rows(tmp_path, {"text": "explode"})).exit_code == 1


def test_two_notes_of_one_encounter_with_one_id_are_refused(tmp_path: Path) -> None:
    row = {"note_id": "a", "text": "x", "encounter_id": "e"}
    result = run("suggest", rows(tmp_path, row, row, {"note_id": "b", "text": "y"}), "--format", "jsonl")
    assert result.exit_code == 1
    assert "share" in result.stderr
    assert json.loads(result.stdout)["note_id"] == "b"


@pytest.mark.parametrize("name", ["a.rtf", "a.docx", "a.pdf", "a.XML"])
def test_a_file_that_is_not_what_its_name_says_is_told_and_the_rest_is_read(
    tmp_path: Path, note: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"x")
    result = run("suggest", note, tmp_path / name)
    assert result.exit_code == 1
    assert result.stdout
    assert "save it again from its program" in result.stderr
    assert name in result.stderr


def test_a_file_of_a_kind_without_a_reader_stops_the_call(tmp_path: Path, note: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    result = run("suggest", note, tmp_path / "a.png")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "does not read .png files" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["suggest"],
        ["suggest", "missing.txt"],
        ["suggest", "."],
        ["suggest", "-", "-"],
        ["suggest", "-", "--format", "yaml"],
        ["suggest", "-", "--setting", "moon"],
        ["suggest", "-", "--date", "2026-6-2"],
        ["suggest", "-", "--date", "2026-02-30"],
        ["suggest", "-", "--out", "/no/such/folder/x"],
        ["explain", "D51.7"],
        ["explain", "zebra:R1"],
        ["nonsense"],
    ],
)
def test_a_wrong_call_exits_with_2_and_says_why_in_few_lines(arguments: list[str]) -> None:
    result = run(*arguments, stdin=b"x")
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert result.stderr.strip()


def test_an_empty_jsonl_file_holds_no_note(tmp_path: Path) -> None:
    result = run("suggest", rows(tmp_path, ""))
    assert result.exit_code == 2
    assert "holds no note" in result.stderr


def test_an_interrupt_exits_with_130_and_keeps_what_was_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import suggest

    def interrupted(notes: Sequence[Note], **_: Any) -> Any:
        if notes[0].note_id == "b":
            raise KeyboardInterrupt
        return fake_encounter(notes)

    monkeypatch.setattr(suggest, "suggest_encounter", interrupted)
    path = rows(tmp_path, {"note_id": "a", "text": "x"}, {"note_id": "b", "text": "y"})
    result = run("suggest", path, "--format", "jsonl")
    assert result.exit_code == 130
    assert json.loads(result.stdout)["note_id"] == "a"


def test_a_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    result = run(
        "suggest", rows(tmp_path, {"note_id": "\x1b[2Jx\ny", "text": ""}, {"note_id": 1, "text": "x"})
    )
    assert "\x1b" not in result.stderr
    assert result.stderr.count("\n") == 1
