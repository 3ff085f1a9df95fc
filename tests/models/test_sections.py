"""Assessment by wording: where it may speak, what it leaves alone, and what the engine makes of it."""

from __future__ import annotations

from itertools import pairwise

from models.sections import from_mapping
from nlp.layout import read_layout
from suggest import suggest_codes

BARE = (
    "She comes back for her knees and feels tired. She walks a mile a day and sleeps well.\n\n"
    "On exam she is pale. Lungs are clear and the heart is regular. B12 was 142 pg/mL.\n\n"
    "The tiredness is from vitamin B12 deficiency. We will start cyanocobalamin 1000 mcg IM monthly and "
    "recheck in three months. Follow up with me in six weeks, continue lisinopril.\n"
)


def test_the_path_enters_for_a_strong_run_and_not_for_one_weak_sentence() -> None:
    model = from_mapping(
        {"intercept": -1.0, "weights": {"plan": 4.0}, "path": {"enter": 4.0, "leave": 4.0, "shift": 0.0}}
    )
    plan, story = model.log_odds({"plan": 1.0}), model.log_odds({"plan": 0.0})
    assert model.path([story, story, plan, plan, plan]) == [False, False, True, True, True]
    assert model.path([story, plan, story, story, story]) == [False] * 5
    assert model.path([]) == []


def test_the_plan_at_the_end_of_a_text_without_headers_is_found_by_its_wording() -> None:
    worded = [s for s in read_layout(BARE).sections if s.subtype == "worded"]
    assert [s.category.value for s in worded] == ["assessment_plan"]
    assert BARE[worded[0].start :].startswith(("The tiredness", "We will start"))


def test_the_sections_still_tile_the_note() -> None:
    sections = read_layout(BARE).sections
    assert all(one.end == other.start for one, other in pairwise(sections))
    assert sections[-1].end == len(BARE)


def test_where_a_header_tells_the_assessment_wording_does_not_speak() -> None:
    note = (
        "HPI: tired. We will see.\n\nAssessment: anemia.\n\nWe will start iron and follow up in six weeks.\n"
    )
    assert all(s.subtype != "worded" for s in read_layout(note).sections)


def test_what_is_told_outside_a_worded_assessment_keeps_its_code() -> None:
    told = "Vitamin B12 deficiency, on injections. " + BARE
    assert "E53.8" in [s.code for s in suggest_codes(told).suggestions]


def test_without_wordwise_the_layout_is_that_of_headers_and_places() -> None:
    assert all(s.subtype != "worded" for s in read_layout(BARE, wordwise=False).sections)


def test_what_is_told_first_and_denied_in_the_worded_assessment_is_not_coded() -> None:
    told = "She was told by a neighbor that it is vitamin B12 deficiency and bought patches. "
    denial = "The tiredness is not explained by her blood. B12 deficiency is not present. "
    note = told + BARE.replace("The tiredness is from vitamin B12 deficiency. ", denial).replace("142", "488")
    worded = next(s for s in read_layout(note).sections if s.subtype == "worded")
    assert "B12 deficiency is not present" in note[worded.start : worded.end]
    assert "E53.8" not in [s.code for s in suggest_codes(note).suggestions]
