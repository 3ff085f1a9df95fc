"""How far a section reaches: what belongs to it, what ends it, and what a text without headers is."""

from __future__ import annotations

import pytest

from nlp.layout import read_layout
from tests.nlp.sections_seen import categories, category_of


def test_an_unknown_header_in_capitals_ends_the_section_before():
    text = "FAMILY HISTORY:\nmother anemic\n\nVISION SCREENING:\nnormal\n\nSLEEP PATTERNS\ngood"
    assert categories(text) == ["family", "unknown", "unknown"]


@pytest.mark.parametrize(
    "line",
    [
        "Plan: iron",
        "- Plan: iron",
        "  Labs: ferritin",
        "- Medical Reasoning: ferritin low",
        "Follow-up: 3 months",
        "Health maintenance: mammogram",
        "GI: no bleeding",
        "Heme: stable",
        "- Medications: iron",
        "* Allergies: none",
    ],
)
def test_what_stands_below_a_problem_stays_in_the_assessment(line):
    text = f"ASSESSMENT AND PLAN\n1. Iron deficiency anemia\n{line}\n2. Gout\n"
    assert categories(text) == ["assessment_plan"]


def test_a_plan_below_each_problem_stays_in_the_assessment():
    text = "Assessment:\n1. Iron deficiency\nPlan: iron\n2. B12 deficiency\nPlan: shots\n\nAllergies:\nnone"
    assert categories(text) == ["assessment", "allergies"]


def test_one_plan_after_the_assessment_is_a_plan():
    assert categories("Assessment:\n1. Iron deficiency\n2. Gout\nPlan:\niron\nFollow-up: 3 mo") == [
        "assessment",
        "plan",
    ]


def test_problem_names_as_lines_of_a_plan_stay_plan():
    text = (
        "PLAN\n\nPreop examination.\nShe will have a new knee.\n\n"
        "Colonoscopy.\nShe is due for it.\n\nINSTRUCTIONS\n\nCall us."
    )
    assert categories(text) == ["plan", "instructions"]


@pytest.mark.parametrize(
    ("start", "back"),
    [
        ("--- Copied from note of 03/02/2024 by Dr. X ---", "---"),
        ("Previous note 1/2/25:", "Today: feels well."),
        ("From last visit (1/2/25):", "Today she feels well."),
        ("Last A/P (1/2/25):", "Exam: well"),
        ("HPI (copied from 1/2/25):", "Exam: well"),
        ("A/P from last visit:", "Subjective: feels well"),
        ("[Copied from prior note 1/2/25]", "[end of copied text]"),
        ("Prior visit 1/2/25:", "Assessment:"),
    ],
)
def test_an_earlier_note_is_copied_until_the_text_comes_back(start, back):
    text = f"CC: tired\n{start}\nB12 deficiency, on shots.\n\n{back}\nNow all is fine.\n"
    assert category_of(text, "B12 deficiency") == "copied"
    assert category_of(text, "Now all") != "copied"


def test_headers_of_a_pasted_note_belong_to_it():
    text = (
        "Previous note 1/2/25:\nHPI: tired.\nLabs: ferritin 6.\nA/P: iron deficiency.\n\n"
        "HPI: feels well now.\nA/P: gout.\n"
    )
    assert categories(text) == ["copied", "hpi", "assessment_plan"]


@pytest.mark.parametrize(
    "line", ["Last visit: 3/2/25", "Interval labs: ferritin 6", "Previous labs 3/2/25: ferritin 6"]
)
def test_a_date_or_a_table_of_labs_is_not_copied(line):
    assert "copied" not in categories(f"CC: tired\n{line}\nHPI: tired")


def test_signatures_end_the_plan():
    text = "A/P: anemia\nElectronically signed by Ann Roe, MD\n"
    assert categories(text) == ["assessment_plan", "signature"]
    assert categories("Provider: Ann Roe, NP\nCC: tired\nPlan: rest\nProvider: Ann Roe, NP") == [
        "unknown",
        "hpi",
        "plan",
        "signature",
    ]
    assert categories("A/P: anemia\n______________ MD")[-1] == "signature"
    assert categories("A/P: anemia. Time 20 min.  e-signed A. Roe MD 3/2/25")[-1] == "signature"
    assert categories("A/P: anemia\nDictated A. Roe MD   Electronically signed 3/2/25")[-1] == "signature"
    assert categories("A/P: anemia. The form was electronically signed by her.") == ["assessment_plan"]
    assert categories("A/P: anemia\n\nAddendum 6/3/25: ferritin is 6.")[-1] == "unknown"


def test_cc_after_the_plan_is_a_copy_and_not_a_complaint():
    assert categories("CC: tired\nPlan: rest\ncc: Dr. Roe") == ["hpi", "plan", "signature"]


def test_a_header_less_note_shows_its_assessment_by_wording():
    text = "Woman, vegan. Her B12 is 149.\n\nDx is vitamin B12 deficiency. I think the tongue fits."
    assert category_of(text, "vitamin B12 deficiency") == "assessment"
    assert category_of(text, "Her B12") == "unknown"


def test_a_narrative_without_judgement_stays_unknown():
    assert categories("She came with her daughter. B12 deficiency was noted last year. They went home.") == [
        "unknown"
    ]


def test_a_numbered_list_at_the_end_is_the_assessment_where_there_is_no_other():
    text = (
        "Seen in clinic.\n\nEx: pale, no rash.\n\n1. Celiac disease, stable.\n2. Iron deficiency. Iron iv.\n"
    )
    assert categories(text) == ["unknown", "exam", "assessment_plan"]
    assert categories("Meds:\n1. iron\n2. folate\n") == ["medications"]


def test_prose_after_a_one_line_family_history_is_nobody_elses():
    text = "FH: mother pernicious anemia.\n\nShe herself has had B12 deficiency for ten years. On shots.\n"
    assert category_of(text, "B12 deficiency") == "unknown"
    assert (
        category_of("FH: mother anemic.\n\nFather has B12 deficiency, and he takes shots for it.", "B12")
        == "family"
    )


def test_glued_keywords_at_the_end_are_set_apart():
    text = "PLAN: Return in six weeks.hematology, b12 deficiency, anemia\n"
    section = read_layout(text).sections[-1]
    assert (section.category.value, section.subtype) == ("unknown", "keywords")
    assert text[section.start :].startswith("hematology")
    assert categories("PLAN: Return in six weeks. hematology, b12 deficiency") == ["plan"]


def test_text_before_the_first_header_is_unknown_without_title():
    layout = read_layout("\n\n  GI clinic 9/8/25\nCC: tired")
    assert (layout.sections[0].category.value, layout.sections[0].title, layout.sections[0].start) == (
        "unknown",
        "",
        4,
    )


@pytest.mark.parametrize("text", ["", " \n\r\n\t", "\ufeff"])
def test_nothing_visible_has_no_layout(text):
    assert read_layout(text).sections == ()
    assert read_layout(text).units == ()


def test_one_unknown_word_in_capitals_ends_a_family_history_and_no_other():
    assert categories("FAMILY HISTORY: mother anemic\nRECREATION: chess") == ["family", "unknown"]
    assert categories("HPI: tired\nRECREATION: chess") == ["hpi"]
