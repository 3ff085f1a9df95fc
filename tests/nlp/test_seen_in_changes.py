"""Sentences of our own for what the metamorphic trial found: the form of a note decides nothing."""

from __future__ import annotations

import pytest

from suggest import suggest_codes

SAMPLE = (
    "SUBJECTIVE:,  This is a 50-year-old man who comes for his yearly visit and feels well in every way, "
    "with no complaint of any kind, no new drugs and no change in his diet.,PHYSICAL EXAMINATION:,  Normal "
    "in every part, with no pallor.,LABORATORY DATA:,  Hemoglobin 15, LDL 100.,ASSESSMENT:,1.  Lipids at "
    "goal.,2.  No evidence of iron deficiency.,PLAN:,  Return in one year, sooner if there is anything that "
    "he would like to talk about.wellness, anemia, diet"
)


def codes(text: str) -> list[str]:
    return [s.code for s in suggest_codes(text).suggestions]


@pytest.mark.parametrize(
    "tail", ["", "\n\nROS: No fever, chills, or cough.\n", "\n\nHe called back later.\n"]
)
def test_the_keywords_of_a_sample_are_no_diagnosis_whatever_follows_them(tail: str) -> None:
    assert codes(SAMPLE + tail) == []


def test_a_plan_that_names_a_condition_still_counts_where_a_line_follows() -> None:
    stated = SAMPLE.replace("No evidence of iron deficiency", "Iron deficiency anemia, start iron")
    assert codes(stated + "\n\nROS: No fever, chills, or cough.\n") == ["D50.9"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_became_of_a_problem_may_stand_on_its_next_line(end: str) -> None:
    lines = [
        "A/P:",
        "1. Diabetes",
        "   Continue metformin.",
        "2. Vitamin B12 deficiency",
        "   {}, no further monitoring.",
    ]
    note = end.join(lines)
    assert "E53.8" not in codes(note.format("Resolved"))
    assert "E53.8" in codes(note.format("Stable"))


@pytest.mark.parametrize(
    "head", ["", "Name: ___      Unit No: ___\n\n", "Patient: [**Known lastname 12**]\n"]
)
def test_a_nurse_who_writes_in_the_title_line_is_the_author_below_a_head_too(head: str) -> None:
    note = "TELEPHONE TRIAGE   3/14/26  09:12   B. Quill RN\nPt states that she has pernicious anemia.\n"
    assert codes(head + note) == []
    assert [a.role.value for a in suggest_codes(head + note).facts.authors][-1] == "nurse"
