"""Example exports: planted by seed, the key from the gold alone, the committed files made by the script."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.finding import Verdict
from cli import app
from corpora.exports.files import HOME, write
from corpora.exports.make import make_export
from corpora.exports.score import audit_rows, compared, score


def test_the_same_seed_plants_the_same_and_another_does_not() -> None:
    one, two, other = (make_export(seed=seed, each=1) for seed in (5, 5, 6))
    assert (one.notes, one.key) == (two.notes, two.key)
    assert one.key != other.key


def test_every_verdict_is_planted() -> None:
    assert set(make_export(each=2).key.values()) == {v.value for v in Verdict}


def test_nothing_of_the_test_split_is_in_an_export() -> None:
    from corpora.load import load_corpus

    names = {e.id for e in load_corpus("test")}
    assert not {n["encounter_id"].split("-", 1)[1] for n in make_export(each=40).notes} & names


@pytest.mark.slow
def test_the_committed_files_are_what_the_script_writes(tmp_path: Path) -> None:
    write(tmp_path)
    for path in sorted(p for p in tmp_path.rglob("*") if p.is_file() and p.suffix != ".parquet"):
        assert path.read_bytes() == (HOME / path.relative_to(tmp_path)).read_bytes(), path.name


@pytest.mark.slow
@pytest.mark.parametrize("source", ["clinic.csv", "clinic.parquet", "fhir"])
def test_the_committed_exports_get_their_key_by_the_command(source: str, tmp_path: Path) -> None:
    call = ["audit", str(HOME / source), "--out", str(tmp_path / "out"), "--workers", "2", "--no-cases"]
    if source != "fhir":
        call += ["--billed", str(HOME / "billed.csv")]
    assert CliRunner().invoke(app, call).exit_code == 1  # two empty notes are planted
    with (tmp_path / "out" / "findings.csv").open(newline="") as file:
        found = {
            (r["encounter_id"], r["billed_code"] or r["supported_code"]): r["verdict"]
            for r in csv.DictReader(file)
        }
    with (HOME / "key.csv").open(newline="") as file:
        key = {(r["encounter_id"], r["code"]): r["verdict"] for r in csv.DictReader(file)}
    if source == "fhir":
        key = {place: verdict for place, verdict in key.items() if place in found}
    right = sum(found.get(place) == verdict for place, verdict in key.items())
    assert right >= 0.95 * len(key)


@pytest.mark.slow
def test_precision_and_recall_of_the_common_verdicts_stay_above_ninety_six_of_a_hundred() -> None:
    export = make_export()
    answers = audit_rows(export.notes, export.billed)
    scores = {s.verdict: s for s in score(export.key, compared(export, answers)[0])}
    told = [answers.tells(place, right) for place, right in export.better.items()]
    assert sum(told) >= 0.95 * len(told)
    wanted = {v: s for v, s in scores.items() if s.due >= 40}
    low = {
        v: (s.precision, s.recall) for v, s in wanted.items() if min(s.precision or 0, s.recall or 0) < 0.96
    }
    assert not low
