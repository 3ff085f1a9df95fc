"""The command line: what it prints, what it says on standard error, and how it exits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

import cli
from suggest.note import Note
from suggest.result import Setting
from tests.suggest.result_samples import EMPTY, FULL, NOTE

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
SECRET = "Zebrafishlake"


def _fake_encounter(notes: Sequence[Note], *, policy: Any = None) -> Any:
    """Answer as the engine would, for the notes that these tests write."""
    from dataclasses import replace

    from nlp.errors import InputError

    first = notes[0]
    if "explode" in first.text:
        raise RuntimeError(f"failed on {first.text}")
    if "refuse" in first.text:
        raise InputError("the notes cannot be answered together")
    base = FULL if first.text == NOTE else EMPTY
    ids = tuple(note.note_id for note in notes)
    return replace(
        base,
        encounter_id=first.encounter_id,
        note_id=ids[0] if len(ids) == 1 else None,
        note_ids=ids,
        setting=Setting(first.setting),
        encounter_date=first.encounter_date,
    )


@pytest.fixture(autouse=True)
def _engine(monkeypatch: pytest.MonkeyPatch) -> None:
    import suggest

    monkeypatch.setattr(suggest, "suggest_encounter", _fake_encounter, raising=False)


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "n1.txt"
    path.write_text(NOTE, encoding="utf-8")
    return path


def rows(tmp_path: Path, *objects: object, name: str = "notes.jsonl") -> Path:
    path = tmp_path / name
    lines = [item if isinstance(item, str) else json.dumps(item) for item in objects]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_note_is_answered_on_the_terminal_by_bands(note: Path) -> None:
    result = run("suggest", note)
    assert result.exit_code == 0
    bands = ["Code it", "Code it, with care", "Ask", "Leave"]
    assert [line for line in result.stdout.splitlines() if line in bands] == bands
    assert result.stderr == ""
    assert "\x1b" not in result.stdout


def test_encounters_with_nothing_of_ours_take_a_line_each(tmp_path: Path, note: Path) -> None:
    path = rows(tmp_path, {"note_id": "a", "text": "x"}, {"note_id": "b", "text": "y"})
    lines = run("suggest", path, note, path).stdout.splitlines()
    nothing = [f"{name}: Nothing in Corrin's scope (hematinic deficiencies)." for name in "ab"]
    assert lines[:3] == [*nothing, ""]
    assert lines[-3:] == ["", *nothing]


def test_color_is_written_when_asked_for(note: Path) -> None:
    assert "\x1b[" in run("suggest", note, "--color").stdout


def test_why_shows_the_rule_and_its_citation(note: Path) -> None:
    assert "rule:R21" not in run("suggest", note).stdout
    assert "OCG FY2026 I.A.19" in run("suggest", note, "--why").stdout


def test_json_of_one_note_is_one_object(note: Path) -> None:
    data = json.loads(run("suggest", note, "--format", "json").stdout)
    assert data["note_ids"] == ["n1"]
    assert [item["code"] for item in data["suggestions"]] == ["D51.0", "G63", "Z86.39"]


def test_json_of_several_encounters_is_a_list(tmp_path: Path, note: Path) -> None:
    other = rows(tmp_path, {"note_id": "a", "text": "x"})
    data = json.loads(run("suggest", note, other, "--format", "json").stdout)
    assert [item["note_id"] for item in data] == ["n1", "a"]


def test_jsonl_is_one_object_an_encounter_in_input_order(tmp_path: Path) -> None:
    path = rows(
        tmp_path,
        {"note_id": "a", "text": "x", "encounter_id": "e1"},
        {"note_id": "b", "text": "y"},
        {"note_id": "c", "text": "z", "encounter_id": "e1", "extra": 1},
    )
    result = run("suggest", path, "--format", "jsonl")
    data = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(item["encounter_id"], item["note_id"], item["note_ids"]) for item in data] == [
        ("e1", None, ["a", "c"]),
        (None, "b", ["b"]),
    ]
    assert result.exit_code == 0


def test_options_fill_in_what_a_note_does_not_say(tmp_path: Path) -> None:
    path = rows(
        tmp_path,
        {"note_id": "a", "text": "x"},
        {"note_id": "b", "text": "x", "setting": "outpatient", "encounter_date": "2026-01-02"},
    )
    result = run("suggest", path, "--format", "jsonl", "--setting", "inpatient", "--date", "2026-06-02")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(item["setting"], item["encounter_date"]) for item in found] == [
        ("inpatient", "2026-06-02"),
        ("outpatient", "2026-01-02"),
    ]


def test_html_and_fhir_come_whole(note: Path) -> None:
    assert run("suggest", note, "--format", "html").stdout.startswith("<!DOCTYPE html>")
    assert json.loads(run("suggest", note, "--format", "fhir").stdout)["resourceType"] == "Bundle"


def test_standard_input_is_one_note_or_rows(tmp_path: Path) -> None:
    text = json.loads(run("suggest", "-", "--format", "json", stdin=NOTE.encode()).stdout)
    assert text["note_id"] is None
    line = json.dumps({"note_id": "r", "text": NOTE}).encode()
    assert json.loads(run("suggest", "-", "--format", "json", stdin=line).stdout)["note_id"] == "r"


def test_out_writes_a_file_that_is_the_owners_alone(note: Path, tmp_path: Path) -> None:
    target = tmp_path / "answer.json"
    result = run("suggest", note, "--format", "json", "--out", target)
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads(target.read_text(encoding="utf-8"))["note_id"] == "n1"
    assert target.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_an_encoding_is_sensed(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "n.txt"
    path.write_bytes("Sjögren’s. B12 deficiency\r\nnext line of the note".encode(encoding))
    assert run("suggest", path, "--format", "json").exit_code == 0


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
        return _fake_encounter(notes)

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


def test_explain_of_a_code_shows_the_tabular_list() -> None:
    result = run("explain", "e538")
    assert result.exit_code == 0
    assert result.stdout.startswith("E53.8  Deficiency of other specified B group vitamins\n")
    for words in ("Vitamin B12 deficiency", "Excludes1:", "D52.-", "in scope (b12)", "ICD-10-CM April 2026"):
        assert words in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_explain_of_a_code_outside_the_scope_says_so() -> None:
    assert "outside the scope" in run("explain", "A00.0").stdout


def test_explain_of_an_entry_prints_all_that_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"id": "rule:R10", "title": "History", "text": "A treated disease is current.",
             "citation": "I.C.21", "examples": ["one", "two"], "source": None,
             "effective": {"from": None}}  # fmt: skip
    fake = types.ModuleType("suggest.knowledge")
    fake.find = lambda name: entry if name == "rule:R10" else None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "suggest.knowledge", fake)
    monkeypatch.setattr("suggest.knowledge", fake, raising=False)
    result = run("explain", "rule:r10")
    assert result.stdout.splitlines()[0] == "rule:R10  History"
    for words in ("A treated disease is current.", "Citation:", "I.C.21", "  one", "  two"):
        assert words in result.stdout
    assert "Source" not in result.stdout
    assert "Effective" not in result.stdout
    missing = run("explain", "rule:R99")
    assert missing.exit_code == 2
    assert "rule:R99" in missing.stderr


def test_doctor_tells_versions_release_cache_and_data() -> None:
    result = run("doctor")
    assert result.exit_code == 0, result.stdout
    for words in ("spacy", "ICD-10-CM April 2026", "release cache", "data files"):
        assert words in result.stdout


def test_version_is_one_line() -> None:
    assert run("--version").stdout.startswith("corrin ")


def _python(*arguments: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, cwd=ROOT, env=environment, check=False, **more
    )


@pytest.mark.parametrize(
    "code", ["import cli", "import suggest", "import suggest.release", "import nlp.quiet"]
)
def test_an_import_brings_in_neither_spacy_nor_rich(code: str) -> None:
    heavy = ("spacy", "medspacy", "rich", "simple_icd_10_cm")
    probe = f"{code}; import sys; print([m for m in {heavy} if m in sys.modules])"
    assert _python("-c", probe).stdout.strip() == b"[]"


def test_help_starts_without_the_heavy_libraries() -> None:
    done = _python("-X", "importtime", "cli.py", "--help")
    assert done.returncode == 0
    assert b"suggest" in done.stdout
    heavy = ("spacy", "medspacy", "rich", "yaml", "jinja2", "pandas", "simple_icd_10_cm")
    loaded = {line.rpartition(b"|")[2].strip().decode() for line in done.stderr.splitlines()}
    assert [name for name in heavy if name in loaded] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_in_one_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "cli.py", "explain", "D51.0"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == b"corrin: the answer cannot be written: no space left on device\n"


def test_a_broken_pipe_is_quiet(tmp_path: Path) -> None:
    code = (
        "import sys, suggest, cli; from tests.cli.test_cli import _fake_encounter as f;"
        "suggest.suggest_encounter = f;"
        "sys.argv = ['corrin', 'suggest', sys.argv[1], '--format', 'jsonl']; cli.main()"
    )
    path = rows(tmp_path, *({"note_id": str(n), "text": NOTE} for n in range(300)))
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), errors) == (0, b"")
