"""The limit of a note counts steps, so that the same note is set aside on every machine."""

from __future__ import annotations

import pandas as pd
import pytest

import audit.encounter
from audit import run


def test_a_note_that_takes_too_many_steps_is_set_aside_and_the_rest_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(audit.encounter, "NOTE_STEPS", 20_000)
    notes = pd.DataFrame(
        {
            "note_id": ["long", "short"],
            "encounter_id": ["e1", "e2"],
            "text": ["A/P: B12 deficiency. " * 5000, "A/P: Vitamin B12 deficiency, injections."],
            "codes": ["E53.8", "E53.8"],
        }
    )
    found = run(notes).findings.set_index("encounter_id")["verdict"].to_dict()
    assert found == {"e1": "not-assessed", "e2": "supported"}
