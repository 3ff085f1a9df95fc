"""The command line: what it prints of an answer, a code, a rule and itself."""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path

import pytest

from tests.cli.conftest import rows, run
from tests.suggest.result_samples import NOTE

pytestmark = pytest.mark.usefixtures("fake_engine")


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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_an_encoding_is_sensed(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "n.txt"
    path.write_bytes("Sjögren’s. B12 deficiency\r\nnext line of the note".encode(encoding))
    assert run("suggest", path, "--format", "json").exit_code == 0


def test_out_writes_a_file_that_is_the_owners_alone(note: Path, tmp_path: Path) -> None:
    target = tmp_path / "answer.json"
    result = run("suggest", note, "--format", "json", "--out", target)
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads(target.read_text(encoding="utf-8"))["note_id"] == "n1"
    assert target.stat().st_mode & 0o077 == 0


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
