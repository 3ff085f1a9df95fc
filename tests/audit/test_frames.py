"""The audit from Python: a frame in, frames out, nothing left on disk unless asked."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from audit import run
from nlp.errors import InputError


def _frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "encounter_id": [17, 18],
            "note_id": ["a", None],
            "text": ["A/P: Vitamin B12 deficiency.", "A/P: Iron deficiency anemia."],
            "codes": [["E53.8"], ["E61.1", "I10"]],
            "encounter_date": pd.to_datetime(["2026-06-02", None]),
            "payer": ["Acme", float("nan")],
        }
    )


def test_a_frame_goes_in_and_frames_come_out() -> None:
    result = run(_frame())
    rows = result.findings[["encounter_id", "billed_code", "supported_code", "verdict", "payer"]]
    assert rows.astype(object).where(rows.notna(), None).values.tolist() == [
        ["17", "E53.8", "E53.8", "supported", "Acme"],
        ["18", "E61.1", "D50.9", "unsupported", None],
        ["18", "I10", None, "not-assessed", None],
    ]
    assert result.notes["status"].tolist() == ["read", "read"]
    assert result.errors == ()


def test_columns_of_other_names_are_named() -> None:
    frame = _frame().rename(columns={"text": "note_text"})
    with pytest.raises(InputError, match="columns="):
        run(frame)
    assert len(run(frame, columns={"note_text": "text"}).findings) == 3


def test_what_is_billed_may_stand_in_a_frame_of_its_own() -> None:
    frame = _frame().drop(columns="codes")
    billed = pd.DataFrame({"encounter_id": [17], "codes": ["E53.8"]})
    found = run(frame, billed=billed).findings
    assert found["verdict"].tolist() == ["supported", "missed-code"]


def test_the_files_stay_where_a_folder_is_named(tmp_path: Path) -> None:
    run(_frame(), out=tmp_path / "run")
    assert (tmp_path / "run" / "findings.csv").exists()
    assert (tmp_path / "run" / "cases").is_dir()


def test_pre_bill_needs_no_codes_and_puts_the_worst_first() -> None:
    shot = "Cyanocobalamin 1000 mcg IM given left deltoid, lot A1234."
    frame = pd.DataFrame(
        {
            "encounter_id": ["E1", "E2", "E3", "E4"],
            "text": [
                f"{shot}\nA/P: Vitamin B12 deficiency. Continue.\nElectronically signed by J. Roe, MD",
                f"{shot}\nA/P: Fatigue.\nElectronically signed by J. Roe, MD",
                f"{shot}\nA/P: Hypertension, stable.\nElectronically signed by J. Roe, MD",
                f"{shot} As ordered by me.\nA/P: Vitamin B12 deficiency.",
            ],
            "signed": [True, True, True, False],
        }
    )
    found = run(frame, pre_bill=True).findings
    first = found[found["hold"].notna()].drop_duplicates("encounter_id")
    assert first[["encounter_id", "hold"]].values.tolist() == [
        ["E3", "injection-without-indication"],
        ["E2", "symptom-only"],
        ["E4", "unsigned"],
    ]
    assert "E1" not in set(found["encounter_id"])


def test_pre_bill_lists_what_is_held_and_nothing_else() -> None:
    shot = "Cyanocobalamin 1000 mcg IM given left deltoid, lot A1234, as ordered."
    signed = "\nElectronically signed by J. Roe, MD"
    frame = pd.DataFrame(
        {
            "encounter_id": ["E1", "E2", "E3"],
            "text": [
                f"{shot}\nA/P: Fatigue. No pernicious anemia.{signed}",
                f"A/P: Vitamin B12 deficiency, continue tablets.{signed}",
                f"A/P: Iron deficiency anemia, start iron.{signed}",
            ],
            "codes": ["E53.8;D51.0;I10", "E53.8;I10", "E61.1"],
            "signed": [True, True, True],
        }
    )
    found = run(frame, pre_bill=True).findings
    assert found["hold"].notna().all()
    told = found[["encounter_id", "billed_code", "supported_code", "hold"]].astype(object)
    assert told.where(told.notna(), None).values.tolist() == [
        ["E1", None, None, "symptom-only"],
        ["E1", None, None, "query-needed"],
        ["E1", "D51.0", None, "code-in-question"],
        ["E3", "E61.1", "D50.9", "code-in-question"],
    ]
    assert "(R53.83)" in found["reason"][0]
