"""A note that holds nothing of ours may still speak against a code that was billed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.audit.samples import findings, note, notes, run


def _verdict(out: Path, text: str, code: str) -> str:
    """What the audit says of one billed code."""
    run(out, [note("n1", text, code)])
    return str(next(f["verdict"] for f in findings(out) if f["billed_code"] == code))


def test_a_symptom_that_the_note_denies_speaks_against_its_code(tmp_path: Path) -> None:
    text = "HPI: Hip pain. She denies numbness or tingling in the leg."
    assert _verdict(tmp_path / "run", text, "R20.0") == "conflicting"


def test_a_symptom_that_the_note_does_not_name_is_unsupported(tmp_path: Path) -> None:
    assert _verdict(tmp_path / "run", "HPI: Hip pain. She denies a fall.", "R20.0") == "unsupported"


def test_a_symptom_outside_an_assessment_is_no_code_for_being_read(tmp_path: Path) -> None:
    assert _verdict(tmp_path / "run", "ROS: Positive for weakness.", "R53.1") != "supported"


def test_the_answer_that_is_kept_of_such_a_note_holds_nothing_still(tmp_path: Path) -> None:
    run(tmp_path / "run", [note("n1", "HPI: Hip pain. She denies numbness.", "R20.0")])
    kept = json.loads(notes(tmp_path / "run")[0]["result"])
    assert (kept["suggestions"], kept["withheld"], kept["facts"]["conditions"]) == ([], [], [])
