"""Rules see at once that there is nothing for them: where they look all the same, the answer is the same."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.facts import NoteFacts
from nlp.pipeline import read_note
from suggest import suggest_codes
from suggest.api import suggest_encounter
from suggest.engine.chart import Chart, _item_span
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


def _walked(note: NoteFacts, item: int) -> tuple[int, int] | None:
    own = [unit for unit in note.units if unit.item == item]
    return (own[0].start, own[-1].end) if own else None


@given(
    st.lists(st.sampled_from([*NOTES, "- anemia\n", "2. Iron deficiency\n", "\n", "x " * 900]), max_size=9)
)
def test_an_item_is_found_as_by_a_walk_over_all_units(pieces: list[str]) -> None:
    note = read_note("".join(pieces), to_the_end=True)
    assert [unit.item for unit in note.units] == sorted(unit.item for unit in note.units)
    for item in range(-1, 2 + max((unit.item for unit in note.units), default=0)):
        assert _item_span(note.units, item) == _walked(note, item)
