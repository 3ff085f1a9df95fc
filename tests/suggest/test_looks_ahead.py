"""Rules see at once that there is nothing for them: where they look all the same, the answer is the same."""

from __future__ import annotations

from itertools import pairwise

import pytest

from suggest import suggest_codes
from suggest.api import suggest_encounter
from suggest.engine.chart import Chart
from suggest.note import Note

NOTES = (
    "Assessment:\n1. Vitamin B12 deficiency, without anemia. Continue cyanocobalamin 1000 mcg IM monthly.\n",
    "Assessment:\n1. Anemia.\n2. Vitamin B12 deficiency without anemia.\n3. Anemia resolved.\n",
    "Labs: B12 142 pg/mL (200-900), ferritin 8 ng/mL, hemoglobin 7.9 g/dL\n\nPlan: transfuse 2 units PRBC.\n",
    "PMH: iron deficiency anemia\nFamily history: pernicious anemia (mother)\nA/P: fatigue, oral iron.\n",
    "Assessment:\nNo anemia. History of B12 deficiency on injections. s/p Roux-en-Y gastric bypass 2019.\n",
    "HPI: numbness and weakness. Crohn's disease.\nAssessment: neuropathy, B12 deficiency from metformin\n",
    "Impression: anemia, likely due to CKD stage 3b. IV iron given today, left arm, lot AB123.\n",
    "Assessment: B12 deficiency (D51.0). Addendum: B12 deficiency ruled out.\n",
    "She reports weakness and paresthesia. Diabetes, hypertension.\n",
)


class _Everything(frozenset[str]):
    """A set that claims to hold whatever it is asked for."""

    def __contains__(self, _: object) -> bool:
        return True

    def isdisjoint(self, _: object) -> bool:
        return False


@pytest.fixture
def _looking(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Chart.__post_init__

    def claim(chart: Chart) -> None:
        known(chart)
        for name in ("standings", "analytes", "drug_classes"):
            object.__setattr__(chart, name, _Everything({"anything"}))

    monkeypatch.setattr(Chart, "__post_init__", claim)


@pytest.mark.parametrize("setting", ["professional", "inpatient"])
def test_what_the_chart_says_it_lacks_changes_no_answer(setting: str, request: pytest.FixtureRequest) -> None:
    told = [suggest_codes(note, setting=setting) for note in NOTES]
    pairs = [
        [Note(note_id="a", text=one), Note(note_id="b", text=other, role="context", note_date="2026-07-01")]
        for one, other in pairwise(NOTES)
    ]
    together = [suggest_encounter(pair) for pair in pairs]
    assert any(result.suggestions for result in told)
    request.getfixturevalue("_looking")
    assert [suggest_codes(note, setting=setting) for note in NOTES] == told
    assert [suggest_encounter(pair) for pair in pairs] == together
