"""Our figures are those of the project's scoring program, wherever it has them.

The program lies outside the repository. Where it is at hand it is run; the figures that it gave for the
spoilt sample below are recorded, so that the agreement is tested everywhere.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from corpora.evaluate.figures import measure
from corpora.evaluate.outcome import Outcome, judge
from corpora.evaluate.run import counts
from corpora.gold import GoldEncounter
from corpora.load import HOME, load_files
from tests.corpora.samples import answer, encounter, gold_row, lab, spoilt, suggestion

SCORE = Path(__file__).resolve().parents[3] / "shared" / "tools" / "score.py"
SAME_NAME = (
    *("exact", "precision", "recall", "f1", "trap_rate", "query_recall", "queries_unasked_for_per_note"),
    *("evidence_hit", "first_listed", "lab_recall", "lab_precision", "brier", "ece", "brier_skill"),
    "wrong_per_note",
)

SAMPLE: list[tuple[dict[str, Any], dict[str, Any] | None]] = [
    (
        gold_row("n1"),
        answer(
            suggestion("E53.8", "Vitamin B12 deficiency", score=0.97),
            suggestion("D51.0", "pernicious anemia", score=0.61),
            suggestion("Z83.2", "Mother had pernicious anemia", score=0.5),
            queries=[{"codes": ["G63"], "evidence": []}, {"codes": ["D50.9"], "evidence": []}],
            facts={"labs": [lab("b12", 140.0), lab("mcv", 140.0), lab("ferritin", 9.0), lab("b12", None)]},
        ),
    ),
    (
        gold_row("n2", gold={"first": ["R20.2"], "optional": []}),
        answer(
            suggestion("R20.2", "tired", score=0.8, band="care"),
            suggestion("E53.8", "B12 140", score=0.95),
            suggestion("D64.9", necessity="optional", score=0.3),
            suggestion("Z83.2", score=0.4),
            queries=[
                {"codes": ["G63", "D50.9", "D51.0", "D51.9", "D52.9", "E61.1", "E53.8"], "evidence": []}
            ],
        ),
    ),
    (gold_row("n3"), None),
    (
        gold_row("n4", gold={"code": [], "query": [], "trap": [], "labs": []}),
        answer(facts={"labs": [lab("mcv", 3)]}),
    ),
    (
        gold_row("n5", gold={"query": [{"topic": "t", "codes": ["D51.0"], "optional": True}]}),
        answer(
            suggestion("E53.8", "Vitamin B12 deficiency", score=1.0),
            suggestion("R20.2", "Paresthesia of the feet", score=0.88),
            suggestion("N18.4", score=0.9),
            suggestion("J45.909", score=0.9),
            queries=[{"codes": ["D51.0"], "evidence": []}],
        ),
    ),
]
# score.py --json on SAMPLE, 2026-11-20
RECORDED: dict[str, float] = {
    "exact": 0.4,
    "precision": 0.714285714,
    "recall": 0.625,
    "f1": 0.666666667,
    "trap_rate": 0.25,
    "query_recall": 0.333333333,
    "queries_unasked_for_per_note": 0.4,
    "evidence_hit": 0.6,
    "first_listed": 0.75,
    "lab_recall": 0.125,
    "lab_precision": 0.5,
    "brier": 0.084271429,
    "ece": 0.201428571,
    "brier_skill": 0.58707,
    "wrong_per_note": 1.0,
    "notes": 5,
    "answered": 4,
    "traps": 8,
    "history_notes": 4,
    "offsets": 12,
    "offsets_wrong": 0,
    "labs": 8,
}


def outcomes() -> list[Outcome]:
    return [judge(encounter(row["id"], **row), given) for row, given in SAMPLE]


def ours(found: list[Outcome]) -> dict[str, float | None]:
    figures = {name: figure.value for name, figure in measure(found).items()}
    totals = counts(found)
    same = {name: figures[name] for name in SAME_NAME}
    renamed = ("notes", "answered", "traps", "history_notes", "offsets", "offsets_wrong", "labs")
    return {**same, **{name: totals[name] for name in renamed}}


def theirs(
    folder: Path, rows: list[dict[str, Any]], given: dict[str, dict[str, Any] | None]
) -> dict[str, Any]:
    notes, predictions = folder / "notes.jsonl", folder / "predictions.jsonl"
    notes.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    predictions.write_text(
        "".join(
            json.dumps({"note_id": name, **one}) + "\n" for name, one in given.items() if one is not None
        ),
        encoding="utf-8",
    )
    call = [sys.executable, str(SCORE), str(notes), "--predictions", str(predictions), "--json"]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_the_sample_scores_as_the_scoring_program_recorded_it():
    assert ours(outcomes()) == pytest.approx(RECORDED, abs=1e-6)


if SCORE.exists():

    def test_the_record_is_what_the_scoring_program_says(tmp_path: Path):
        found = theirs(tmp_path, [row for row, _ in SAMPLE], {row["id"]: given for row, given in SAMPLE})
        assert {name: found[name] for name in RECORDED} == pytest.approx(RECORDED, abs=1e-6)

    @pytest.mark.parametrize("seed", [1, 2])
    def test_the_corpus_with_spoilt_answers_scores_the_same(tmp_path: Path, seed: int):
        files = sorted((HOME / "notes").glob("*.jsonl"))
        rows = [json.loads(line) for file in files for line in file.read_text("utf-8").split("\n") if line]
        gold: tuple[GoldEncounter, ...] = load_files(files)
        given = {one.id: spoilt(one, seed) for one in gold}
        found = theirs(tmp_path, rows, given)
        mine = ours([judge(one, given[one.id]) for one in gold])
        assert mine == pytest.approx({name: found[name] for name in mine}, abs=1e-6)
        assert 0.5 < found["f1"] < 0.98
