"""What a run says when it is done."""

from __future__ import annotations

from pathlib import Path

from audit.summary import summary_lines
from tests.audit.samples import note, run

B12 = "A/P: Vitamin B12 deficiency, continue injections."
IDA = "A/P: Iron deficiency anemia, xylocopa."


def _told(out: Path, *rows: dict[str, object], **more: object) -> str:
    outcome = run(out, rows, **more)  # type: ignore[arg-type]
    return "\n".join(summary_lines(out, outcome.summary))


def test_what_was_done_and_where_it_lies_is_told_without_words_of_a_note(tmp_path: Path) -> None:
    told = _told(tmp_path / "out", note("a", B12, "E53.8;I10"), note("b", IDA, "E61.1"))
    assert "2 encounters, 2 notes read" in told
    assert "3 billed codes: 1 supported, 0 open, 1 not assessed" in told
    assert "to look at (screening, not reviewed): 1 unsupported" in told
    assert str(tmp_path / "out") in told
    assert "xylocopa" not in told


def test_rows_that_belong_to_no_note_are_counted_and_named(tmp_path: Path) -> None:
    billed = [{"encounter_id": f"E{n}", "codes": "D51.9"} for n in range(7, 15)]
    told = _told(tmp_path / "out", note("a", B12, "E53.8"), billed=billed)
    assert "8 rows of billed codes without a note in the export: encounter E7 (row 1), " in told
    assert "encounter E12" not in told  # the rest is in errors.jsonl


def test_before_billing_it_is_told_what_is_held(tmp_path: Path) -> None:
    told = _told(tmp_path / "out", note("a", "Cyanocobalamin 1000 mcg IM given. A/P: Sprain."), pre_bill=True)
    assert "to hold: 1 injection-without-indication" in told
