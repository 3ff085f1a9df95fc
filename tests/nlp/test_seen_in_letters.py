"""What letters, portal threads and discharge lists do that visit notes do not."""

from __future__ import annotations

import pytest

from nlp.pipeline import read_note


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A/P:\n3. Vitamin B12 deficiency\n   Resolved, injections stopped 2025.\n", ("present", "resolved")),
        ("A/P:\n# Iron deficiency anemia\n- Ruled out by a normal ferritin\n", ("absent", "current")),
        ("A/P:\n# Iron deficiency anemia\nNow resolved.\n", ("present", "resolved")),
        ("A/P:\n1. Iron deficiency anemia\nResolved last spring on tablets\n", ("present", "resolved")),
        ("A/P:\n1. Iron deficiency anemia\nResolved cough, no fever\n", ("present", "current")),
        ("A/P:\n1. Iron deficiency anemia\nRuled out celiac disease\n", ("present", "current")),
        ("A/P:\n1. Iron deficiency anemia\nResolved Problems:\n2. Gout\n", ("present", "current")),
    ],
)
def test_the_line_below_a_problem_says_what_became_of_it(text: str, expected: tuple[str, str]):
    found = read_note(text).conditions[0]
    assert (found.assertion.value, found.temporality.value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The B12 on 21 October was 149 ng/L.", (149, "2026-10-21")),
        ("Bloods 3 November: B12 149", (149, "2026-11-03")),
        ("B12 from 2nd of October was 149 ng/L.", (149, "2026-10-02")),
        ("The B12 on October 21 was 149 ng/L.", (149, "2026-10-21")),
    ],
)
def test_a_day_before_its_month_dates_a_result_where_a_word_leads_it(text: str, expected: tuple[int, str]):
    (lab,) = read_note(text, encounter_date="2026-11-05").labs
    assert (lab.value, lab.date) == expected


def test_a_number_before_a_month_is_no_date_where_nothing_leads_it():
    (lab,) = read_note("B12 149 October, repeat in spring. B12 deficiency.", encounter_date="2026-11-05").labs
    assert lab.value == 149


def test_a_dated_message_is_the_patients_and_its_dated_reply_the_providers():
    note = read_note(
        "FROM PATIENT 11/13 21:04: I have B12 deficiency\nREPLY 11/14 08:10 T. Abernathy DO: You are anemic."
    )
    assert [(s.category.value, s.subtype) for s in note.sections] == [
        ("unknown", "patient_message"),
        ("assessment", None),
    ]


def test_the_first_line_names_the_author_behind_day_and_hour():
    note = read_note(
        "TELEPHONE TRIAGE   9/17/26  14:22   K. Dray RN\nSays she has pernicious anemia.\nHome.\n"
    )
    assert [(a.credential, a.role.value) for a in note.authors] == [("RN", "nurse")]


@pytest.mark.parametrize(
    "line", ["Referred 9/17/26 P. Low MD", "Ordered 9/17/26 P. Low MD", "cc 9/17/26 P. Low MD"]
)
def test_who_refers_or_orders_in_the_first_line_is_no_author(line: str):
    story = (
        "Says she has pernicious anemia and feels well. " * 12
    )  # so long that the line is no signature at the end
    assert read_note(f"{line}\n{story}\n").authors == ()


def test_a_story_of_the_first_line_names_no_author():
    note = read_note("Seen with K. Dray RN for anemia\nSays she has pernicious anemia.\nHome.\n")
    assert note.authors == ()


@pytest.mark.parametrize("title", ["Discharge medications", "Current medications", "Home meds"])
def test_a_paragraph_of_medications_ends_the_list_of_diagnoses(title: str):
    note = read_note(f"Discharge diagnoses:\n- Anemia\n\n{title}: ferrous sulfate 325 mg\n")
    assert [m.section.value for m in note.medications] == ["medications"]


def test_the_drugs_of_a_problem_stay_with_it():
    note = read_note("Assessment:\nIron deficiency anemia\nMeds: ferrous sulfate 325 mg\n")
    assert [m.section.value for m in note.medications] == ["assessment"]


def test_a_working_diagnosis_is_one_of_several():
    note = read_note("Working diagnosis: vitamin B12 deficiency, levels sent.")
    assert [c.subtype for c in note.conditions] == ["differential"]
