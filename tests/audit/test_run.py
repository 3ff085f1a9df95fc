"""A run from rows to files: grouping, versions, what is set aside, killing and going on, same bytes."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from nlp.errors import InputError
from readers.tables import read_table
from tests.audit import kills
from tests.audit.samples import errors, findings, note, notes, outputs, run

B12 = "A/P: Vitamin B12 deficiency, continue injections."
IDA = "A/P: Iron deficiency anemia."


def rows_of(folder: Path) -> list[dict[str, object]]:
    return [dict(given.values or {}) for given in read_table(folder)]


def _by_code(out: Path) -> dict[tuple[str | None, str | None], str]:
    return {(f["encounter_id"] or f["note_id"], f["billed_code"]): f["verdict"] for f in findings(out)}


def test_notes_of_an_encounter_meet_wherever_they_stand(tmp_path: Path) -> None:
    rows = [
        note("a", "HPI: tired.", "E53.8;D50.9", encounter_id="E1"),
        note("b", IDA, "D50.9", encounter_id="E2"),
        note("c", "Plan: as above. " + B12, encounter_id="E1"),
        note("d", IDA, encounter_id="E1"),
    ]
    run(tmp_path / "out", rows)
    assert _by_code(tmp_path / "out") == {
        ("E1", "E53.8"): "supported",
        ("E1", "D50.9"): "supported",
        ("E2", "D50.9"): "supported",
    }
    assert [n["note_id"] for n in notes(tmp_path / "out")] == ["a", "c", "d", "b"]


def test_the_order_of_the_findings_is_that_of_the_ids(tmp_path: Path) -> None:
    rows = [note(f"n{i}", IDA, "D50.9", encounter_id=f"E{i}") for i in (10, 9, 100, 1)]
    run(tmp_path / "out", rows, shards=3)
    assert [f["encounter_id"] for f in findings(tmp_path / "out")] == ["E1", "E9", "E10", "E100"]


def test_ids_may_hold_brackets_and_quotes(tmp_path: Path) -> None:
    ids = ('["a", "b"]', "[2]", "a]", 'he said "x"]')
    run(tmp_path / "out", [note(f"n-{name}", IDA, "D50.9", encounter_id=name) for name in ids])
    assert {f["encounter_id"] for f in findings(tmp_path / "out")} == set(ids)


def test_the_last_signed_version_of_a_note_counts(tmp_path: Path) -> None:
    rows = [
        note("a", IDA, "E53.8", encounter_id="E1", signed=False),
        note("a", B12, encounter_id="E1", signed=True),
        note("a", IDA, encounter_id="E1", signed=False),
    ]
    run(tmp_path / "out", rows)
    assert _by_code(tmp_path / "out") == {("E1", "E53.8"): "supported"}
    assert [n["status"] for n in notes(tmp_path / "out")] == ["superseded", "read", "superseded"]


def test_versions_that_are_numbered_are_taken_by_their_number(tmp_path: Path) -> None:
    rows = [
        note("a", B12, "E53.8", encounter_id="E1", version="10"),
        note("a", IDA, encounter_id="E1", version="9"),
    ]
    run(tmp_path / "out", rows)
    assert _by_code(tmp_path / "out") == {("E1", "E53.8"): "supported"}


def test_a_second_table_is_joined_by_encounter_or_note_and_what_is_left_is_listed(tmp_path: Path) -> None:
    rows = [note("a", B12, encounter_id="E1"), note("b", IDA, encounter_id="E2")]
    billed = [
        {"encounter_id": "E1", "codes": "E53.8"},
        {"note_id": "b", "codes": "E61.1"},
        {"encounter_id": "E9", "codes": "D51.9"},
    ]
    outcome = run(tmp_path / "out", rows, billed=billed)
    assert _by_code(tmp_path / "out") == {
        ("E1", "E53.8"): "supported",
        ("E2", "E61.1"): "unsupported",
        ("E9", "D51.9"): "not-in-this-note",
    }
    assert [(e["kind"], e["encounter_id"]) for e in errors(tmp_path / "out")] == [("unjoined", "E9")]
    assert outcome.failed == 0


def test_codes_are_joined_to_the_notes_of_a_folder_by_any_name_of_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    (folder / "p1").mkdir(parents=True)
    (folder / "p2").mkdir()
    for name in ("p1/visit.txt", "p2/visit.txt", "p2/call.txt"):
        (folder / name).write_text(IDA)
    billed = [
        {"note_id": "p1/visit", "codes": "D50.9"},
        {"note_id": "p2/visit.txt", "codes": "E61.1"},
        {"note_id": "call.txt", "codes": "D51.9"},
        {"note_id": "visit.txt", "codes": "D64.9"},
    ]
    run(tmp_path / "out", rows_of(folder), billed=billed)
    assert {(f["note_id"], f["billed_code"]): f["verdict"] for f in findings(tmp_path / "out")} == {
        ("call", "D51.9"): "unsupported",
        ("p1/visit", "D50.9"): "supported",
        ("p2/visit", "E61.1"): "unsupported",
        (None, "D64.9"): "not-in-this-note",  # of two files of this name none is meant
    }


def test_a_note_that_cannot_be_read_is_set_aside_by_name_and_the_rest_is_done(tmp_path: Path) -> None:
    rows = [
        note("empty", " \n", "E53.8"),
        note("binary", "\x00\x01\x02\x03" * 40, "E53.8"),
        note("huge", "B12 deficiency. " * 1_400_000, "E53.8"),
        note("dated", B12, "E53.8", encounter_date="soon"),
        note("good", B12, "E53.8"),
    ]
    outcome = run(tmp_path / "out", rows)
    assert outcome.failed == 4
    assert {e["note_id"]: e["problem"] for e in errors(tmp_path / "out")} == {
        "empty": "the note is empty",
        "binary": "is not a note but binary data",
        "huge": "the note is larger than 16 MiB; split it",
        "dated": '"encounter_date" is not a date of the form YYYY-MM-DD',
    }
    verdicts = {f["note_id"]: f["verdict"] for f in findings(tmp_path / "out")}
    assert verdicts == {
        "empty": "not-assessed",
        "binary": "not-assessed",
        "huge": "not-assessed",
        "dated": "not-assessed",
        "good": "supported",
    }


@pytest.mark.slow
def test_crashing_hanging_and_dying_notes_are_set_aside_and_quoted_nowhere(tmp_path: Path) -> None:
    rows = [note("a", B12, "E53.8")]
    rows += [note(w.lower(), f"{w} xylocopa " + B12, "E53.8") for w in ("CRASHING", "HANGING", "DYING")]
    rows += [note("z", IDA, "D50.9")]
    outcome = run(tmp_path / "out", rows, workers=2, seconds=4.0, processor="tests.audit.troubles:troubled")
    assert outcome.failed == 3
    told = {e["note_id"]: (e["kind"], e["problem"]) for e in errors(tmp_path / "out")}
    assert told["crashing"] == ("failed", "could not be processed (ValueError); please report it")
    assert told["hanging"] == ("hung", "was stopped: it took more than 4 seconds (--watch)")
    assert told["dying"] == ("failed", "ended the process that read it; please report it")
    assert (tmp_path / "out" / "errors.jsonl").read_text().count("xylocopa") == 0
    verdicts = {f["note_id"]: f["verdict"] for f in findings(tmp_path / "out")}
    assert (verdicts["a"], verdicts["z"], verdicts["hanging"]) == ("supported", "supported", "not-assessed")


@pytest.mark.slow
def test_one_worker_and_two_give_the_same_bytes(tmp_path: Path) -> None:
    rows = [note(f"n{i}", (B12, IDA, "A/P: Sprain.")[i % 3], "E53.8;D51") for i in range(30)]
    run(tmp_path / "here", rows, shards=4)
    run(tmp_path / "two", rows, shards=4, workers=2)
    run(tmp_path / "other", rows, shards=1)
    assert outputs(tmp_path / "here") == outputs(tmp_path / "two") == outputs(tmp_path / "other")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_run_killed_anywhere_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    rows = [note(f"n{i}", (B12, IDA, "A/P: Sprain.")[i % 3], "E53.8;D51") for i in range(300)]
    export = tmp_path / "export.jsonl"
    export.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert kills.audit(export, "--out", tmp_path / "whole", "--workers", 1) == 0
    chance = random.Random(11)
    for workers in (1, 2):
        out = tmp_path / str(workers)
        moments = [chance.uniform(1.5, 5.0) for _ in range(2)]
        assert kills.killed_and_gone_on_with(moments, export, "--out", out, "--workers", workers) > 0
        assert kills.files(out) == kills.files(tmp_path / "whole")
        assert not (out / ".corrin-work").exists()


def test_another_run_is_not_touched_unless_asked(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(out, [note("a", B12, "E53.8")])
    before = outputs(out)
    assert run(out, [note("a", B12, "E53.8")]).again
    with pytest.raises(InputError, match="--fresh"):
        run(out, [note("a", IDA, "E53.8")])
    with pytest.raises(InputError, match="--fresh"):
        run(out, [note("a", B12, "E53.8")], pre_bill=True)
    assert outputs(out) == before
    run(out, [note("a", IDA, "E53.8")], fresh=True)
    assert _by_code(out)["a", "E53.8"] == "unsupported"


def test_a_folder_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "theirs.txt").write_text("keep")
    with pytest.raises(InputError, match="is not empty"):
        run(tmp_path, [note("a", B12)], fresh=True)
    assert [p.name for p in tmp_path.iterdir()] == ["theirs.txt"]


def test_files_are_the_owners_alone_and_formulas_are_guarded(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(out, [note("=cmd()", IDA, "E53.8", provider="@SUM(A1)", coder="-2+3")])
    for path in out.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    table = (out / "findings.csv").read_text(encoding="utf-8")
    assert "'=cmd()" in table
    assert "'@SUM(A1)" in table
    assert "'-2+3" in table
    assert {f["note_id"] for f in findings(out)} == {"=cmd()"}
    page = next((out / "cases").iterdir()).read_text(encoding="utf-8")
    assert "Health information" in page
    assert "<script" not in page


def test_an_export_without_rows_gives_files_without_rows(tmp_path: Path) -> None:
    run(tmp_path / "out", [])
    assert findings(tmp_path / "out") == []
    assert notes(tmp_path / "out") == []
