"""`corrin compare`: what changed between two runs stands under its cause."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.compare import Comparison, _cause, _changes, _Encounter, compare
from cli import app
from tests.audit.samples import note, run

B12 = note("b", "A/P: Vitamin B12 deficiency, continue injections.", "E53.8", encounter_id="E2")
IDA = note("a", "A/P: Iron deficiency anemia.", "D50.9", encounter_id="E1")
POLICY = "name: ours\noptions:\n- {id: option.s05, choice: always}\n"
HISTORY = "PMH: history of iron deficiency anemia.\nA/P: Ankle sprain. Vitamin B12 deficiency."
OTHER = {**IDA, "text": "A/P: Ankle sprain. Rest."}


def _runs(folder: Path, after: list[dict[str, object]], *, policy: bool = False) -> Comparison:
    run(folder / "one", [IDA, B12])
    run(folder / "two", after)
    if policy:
        path = folder / "two" / "run.json"
        told = json.loads(path.read_text())
        told["policy"]["sha256"] = "another"
        path.write_text(json.dumps(told))
    return compare(folder / "one", folder / "two")


def _told(found: Comparison) -> set[tuple[str, str, str, str, str]]:
    return {(c.encounter, c.code, c.what, c.after, c.cause) for c in found.changes}


def test_a_note_that_changed_is_the_cause(tmp_path: Path) -> None:
    found = _runs(tmp_path, [OTHER, B12])
    assert _told(found) == {
        ("E1", "D50.9", "finding", "unsupported", "notes"),
        ("E1", "D50.9", "lost", "", "notes"),
    }
    assert (found.differs, found.notes_changed) == ((), 1)
    assert found.counts() == {"notes": {"verdicts": 1, "codes_gained": 0, "codes_lost": 1}}


def test_a_policy_that_changed_no_answer_is_named_and_no_cause(tmp_path: Path) -> None:
    found = _runs(tmp_path, [IDA, B12], policy=True)
    assert (found.differs, found.changes) == (("policy",), ())


def test_the_policy_is_the_cause_where_the_notes_are_the_same(tmp_path: Path) -> None:
    policy = tmp_path / "ours.yaml"
    policy.write_text(POLICY)
    rows = [{**IDA, "text": HISTORY, "codes": ""}]
    run(tmp_path / "one", rows)
    run(tmp_path / "two", rows, policy=str(policy))
    path = tmp_path / "two" / "run.json"
    told = json.loads(path.read_text())
    told["policy"]["sha256"] = "another"
    path.write_text(json.dumps(told))
    found = compare(tmp_path / "one", tmp_path / "two")
    assert found.changes
    assert {c.cause for c in found.changes} == {"policy"}


def test_what_changed_together_stands_together(tmp_path: Path) -> None:
    found = _runs(tmp_path, [OTHER, B12], policy=True)
    assert {c.cause for c in found.changes} == {"notes or policy"}


def test_nothing_changed_and_an_encounter_of_one_run_alone_is_counted(tmp_path: Path) -> None:
    found = _runs(tmp_path, [B12])
    assert (found.changes, found.both, found.only_first) == ((), 1, 1)


def test_both_formats_name_ids_and_no_words_of_a_note(tmp_path: Path) -> None:
    _runs(tmp_path, [OTHER, B12])
    for form in ("terminal", "json"):
        done = CliRunner().invoke(
            app, ["compare", str(tmp_path / "one"), str(tmp_path / "two"), "--format", form]
        )
        assert done.exit_code == 0
        assert "E1" in done.stdout
        assert "D50.9" in done.stdout
        assert "nkle" not in done.stdout


def test_tables_are_the_cause_on_claim_lines_alone(tmp_path: Path) -> None:
    def encounter(verdict: str) -> _Encounter:
        found = _Encounter(notes=[("a", "1")], statuses=["read"], billed=["D50.9"])
        found.verdicts[("96372", "claim-line", "1", "")] = Counter([verdict])
        found.verdicts[("D50.9", "diagnosis", "", "")] = Counter([verdict])
        return found

    differs = ("policy", "tables")
    before, after = encounter("ok"), encounter("error")
    causes = (_cause(before, after, ("policy",)), _cause(before, after, differs))
    found = {change.code: change.cause for change in _changes("E1", before, after, *causes)}
    assert found == {"96372": "policy or tables", "D50.9": "policy"}


def test_runs_with_other_tables_or_claim_lines_say_so(tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(tmp_path / name, [IDA])
        path = tmp_path / name / "run.json"
        told = json.loads(path.read_text())
        told["claims"] = {"lines": [name], "tables": ["same"]}
        path.write_text(json.dumps(told))
    assert compare(tmp_path / "one", tmp_path / "two").differs == ("claim lines",)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda _: None, "there is no such folder"),
        (lambda f: f.mkdir(), "holds no run of corrin audit"),
        (lambda f: (f / ".corrin-work").mkdir(parents=True), "the run is not finished"),
        (
            lambda f: (f.mkdir(), (f / "run.json").write_text('{"version": "1"}')),
            "notes.parquet: cannot be read",
        ),
    ],
)
def test_a_folder_that_holds_no_finished_run_is_refused(make, sentence: str, tmp_path: Path) -> None:
    make(tmp_path / "x")
    done = CliRunner().invoke(app, ["compare", str(tmp_path / "x"), str(tmp_path / "x")])
    assert done.exit_code == 2
    assert sentence in done.stderr
