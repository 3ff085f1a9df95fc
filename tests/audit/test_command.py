"""`corrin audit` as it is typed: files in, exit codes, messages that say what to do."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from tests.audit.samples import errors, findings

RUNNER = CliRunner()
HEADER = ["Note Text", "Enc ID", "Dx1", "Dx2", "DOS", "payer"]
ROWS = [
    ["A/P: Vitamin B12 deficiency.", "E1", "E53.8", "", "06/02/2026", "Acme"],
    ["A/P: Iron deficiency anemia.", "E2", "D509", "E61.1", "2026-06-03", "Other"],
]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([HEADER, *ROWS])
    return path


def _audit(*arguments: object) -> tuple[int, str, str]:
    done = RUNNER.invoke(app, ["audit", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.slow
def test_an_export_gives_findings(export: Path, tmp_path: Path) -> None:
    code, printed, told = _audit(export, "--out", tmp_path / "out", "--workers", 1)
    assert (code, printed) == (0, "")
    assert "3 billed codes: 2 supported" in told
    assert f"{tmp_path / 'out'}: findings.xlsx to review" in told
    assert [(f["billed_code"], f["verdict"]) for f in findings(tmp_path / "out")] == [
        ("E53.8", "supported"),
        ("D50.9", "supported"),
        ("E61.1", "excludes-conflict"),
    ]


@pytest.mark.slow
def test_claim_lines_are_judged_beside_the_codes(export: Path, tmp_path: Path) -> None:
    lines = tmp_path / "lines.csv"
    lines.write_text("encounter_id,procedure,units\nE1,96372,1\nE9,96372,1\n")
    code, _, told = _audit(export, "--claims", lines, "--out", tmp_path / "out", "--workers", 1)
    assert code == 0
    assert "1 claim line without a note in the export: encounter E9 (lines.csv, line 3)" in told
    found = [f for f in findings(tmp_path / "out") if f["kind"] == "claim-line"]
    assert {(f["encounter_id"], f["billed_code"]) for f in found} == {("E1", "96372"), ("E9", "96372")}
    assert [e["encounter_id"] for e in errors(tmp_path / "out")] == ["E9"]


@pytest.mark.slow
def test_only_the_rows_asked_for_are_read(export: Path, tmp_path: Path) -> None:
    _audit(export, "--where", "payer=acme", "--out", tmp_path / "out", "--workers", 1)
    assert {f["encounter_id"] for f in findings(tmp_path / "out")} == {"E1"}


def test_columns_are_shown_and_nothing_is_written(export: Path, tmp_path: Path) -> None:
    code, printed, _ = _audit(export, "--columns")
    assert code == 0
    assert "text                Note Text" in printed
    assert sorted(p.name for p in tmp_path.iterdir()) == ["export.csv"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere.csv", "--out", "x"], "nowhere.csv: there is no such file"),
        (["EXPORT"], "--out DIR is missing"),
        (["EXPORT", "--out", "x", "--where", "payer"], "--where wants NAME=VALUE"),
        (["EXPORT", "--out", "x", "--column", "text=Body"], "the export has no column Body"),
        (["EXPORT", "--out", "x", "--billed", "none.csv"], "none.csv: there is no such file"),
        (["EXPORT", "--out", "x", "--policy", "none.yaml"], "none.yaml"),
    ],
)
def test_a_wrong_call_says_so_and_touches_nothing(
    arguments: list[str], sentence: str, export: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, told = _audit(*(str(export) if a == "EXPORT" else a for a in arguments))
    assert code == 2
    assert sentence in told
    assert not (tmp_path / "x").exists()
