"""`corrin evaluate`: gold in, figures out, and no words of a note on standard error."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import cli
import suggest
from tests.corpora.samples import gold_row

RARE = "Quorvexland"
TEXT = f"Seen at {RARE}.\nA/P: Vitamin B12 deficiency, start cyanocobalamin 1000 mcg IM monthly."
GOLD = {
    "code": [{"code": "E53.8", "evidence": ["Vitamin B12 deficiency"]}],
    "optional": [],
    "query": [],
    "trap": [{"code": "D51.0", "why": "not stated"}],
    "labs": [],
}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, ["evaluate", "--samples", "20", *(str(a) for a in arguments)])


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    missed = {**GOLD, "code": [*GOLD["code"], {"code": "D50.9", "evidence": [RARE]}]}
    rows = [gold_row("g1", text=TEXT, gold=GOLD), gold_row("g2", text=TEXT, gold=missed)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_the_figures_of_a_file_are_printed_and_written(gold: Path, tmp_path: Path):
    done = run(gold, "--out", tmp_path / "report")
    assert done.exit_code == 0, done.stderr
    assert "2 encounters, 2 answered" in done.stdout
    assert "g2                   D50.9 / - / -" in done.stdout
    assert RARE not in done.stdout + done.stderr
    report = json.loads((tmp_path / "report/run.json").read_text(encoding="utf-8"))
    assert report["figures"]["recall"]["value"] == pytest.approx(2 / 3, abs=1e-6)
    assert report["corpus"][0]["file"] == "gold.jsonl"
    page = tmp_path / "report/evaluation.html"
    assert RARE in page.read_text(encoding="utf-8")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_against_a_former_run_prints_what_changed(gold: Path, tmp_path: Path, monkeypatch: Any):
    assert run(gold, "--out", tmp_path).exit_code == 0
    monkeypatch.setattr(suggest, "suggest_encounter", _without_codes)
    done = run(gold, "--against", tmp_path / "run.json")
    assert done.exit_code == 0, done.stderr
    assert "  g1\n    no longer found: E53.8\n" in done.stdout


def _without_codes(notes: Any) -> Any:
    from dataclasses import replace

    from suggest.api import suggest_encounter

    return replace(suggest_encounter(notes), suggestions=())


def test_a_note_that_fails_is_named_and_counts_as_unanswered(gold: Path, monkeypatch: Any):
    def fail(notes: Any) -> None:
        raise ValueError(notes[0].text)

    monkeypatch.setattr(suggest, "suggest_encounter", fail)
    done = run(gold)
    assert done.exit_code == 1
    assert "2 encounters, 0 answered" in done.stdout
    assert done.stderr.splitlines() == [
        f"corrin: {name}: could not be processed (ValueError); please report it" for name in ("g1", "g2")
    ]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("none.jsonl",), "none.jsonl: cannot be read"),
        (("--split", "half"), "unknown split; use train, tune, test"),
        (("--against", "none.json"), "none.json: cannot be read"),
    ],
)
def test_a_wrong_call_is_refused(arguments: tuple[str, ...], problem: str):
    done = run(*arguments)
    assert done.exit_code == 2
    assert problem in done.stderr


def test_a_split_is_of_our_own_corpus(gold: Path):
    done = run(gold, "--split", "test")
    assert done.exit_code == 2
    assert "leave it out where files are named" in done.stderr


def test_the_agreement_of_the_two_codings_is_printed():
    done = run("--agreement")
    assert done.exit_code == 0, done.stderr
    assert "Agreement of two blind codings of " in done.stdout
    assert "Cohen's kappa over all decisions: 0.9" in done.stdout
