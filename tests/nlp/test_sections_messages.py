"""Messages, summaries for the patient and letters between colleagues; reports; lines to be filled in."""

from __future__ import annotations

import pytest

from nlp.layout import read_layout


def categories(text):
    return [section.category.value for section in read_layout(text).sections]


def section_of(text, words):
    section = read_layout(text).section_at(text.index(words))
    assert section is not None
    return section.category.value, section.subtype


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Corinne May", ("unknown", "patient_message")),
        ("Patient", ("unknown", "patient_message")),
        ("Ma, Lucy", ("unknown", "patient_message")),
        ("Jane Roe (daughter)", ("unknown", "patient_message")),
        ("Ann Roe, MD", ("assessment", None)),
        ("Dr. X", ("assessment", None)),
        ("A. Roe PA-C", ("assessment", None)),
        ("Ann Roe, RN", ("unknown", None)),
        ("Front desk", ("unknown", None)),
    ],
)
@pytest.mark.parametrize(
    "head",
    [
        "From: {}\nSent: 3/2/25 8:14 PM\nSubject: labs\n",
        "From: {}      Sent: 3/2/25 9:12 PM\nSubject: labs\n",
        "From: {}\nTo: clinic\nDate: 3/2/25\nSubject: labs\n",
    ],
)
def test_the_name_tells_who_wrote_a_message(head, name, expected):
    text = "Thread\n" + head.format(name) + "It is B12 deficiency, I am sure of it and need the shots.\n"
    assert section_of(text, "B12 deficiency") == expected


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        ("- Ann Roe, NP", ("assessment", None)),
        ("Take care, Dr. R", ("assessment", None)),
        ("A. Poe RN", ("unknown", None)),
        ("Corinne", ("unknown", "patient_message")),
        ("Thank you Dr. Roe", ("unknown", "patient_message")),
    ],
)
def test_where_the_name_tells_nothing_the_closing_does(closing, expected):
    text = f"From: A. Roe\nSent: 3/2/25\nSubject: labs\nHi, this is B12 deficiency.\n{closing}\n"
    assert section_of(text, "B12 deficiency") == expected


def test_each_message_of_a_thread_is_a_section():
    text = (
        "From: Corinne May\nSent: 3/2/25\nSubject: labs\nI must have B12 deficiency.\n\n"
        "Reply from: Ann Roe, MD   3/3/25\nYou are not anemic.\n\n"
        "Reply from: Jo Poe, RN\nShe was told of the B12 deficiency.\n"
    )
    sections = read_layout(text).sections
    assert [(s.category.value, s.subtype, s.title) for s in sections] == [
        ("unknown", "patient_message", "From:"),
        ("assessment", None, "Reply from:"),
        ("unknown", None, "Reply from:"),
    ]


@pytest.mark.parametrize("label", ["Patient message:", "Pt wrote:", "Message from patient:", "Pt msg:"])
def test_the_words_of_a_patient_end_at_the_blank_line(label):
    text = f"{label} I think I have B12 deficiency.\n\nShe was called and will come in for blood tests.\n"
    assert section_of(text, "B12 deficiency") == ("unknown", "patient_message")
    assert section_of(text, "She was called") == ("unknown", None)


@pytest.mark.parametrize(
    "text",
    [
        "From: Dr. Roe\nTo: Dr. Poe\nRe: Jane\n\nDear Dr. Poe, she has B12 deficiency.",
        "From: the nursing home, with B12 deficiency.",
        "She is from: Ohio. Subject: B12 deficiency",
        "Response: good, B12 deficiency gone",
    ],
)
def test_a_fax_or_a_word_is_no_message(text):
    assert section_of(text, "B12 deficiency") == ("unknown", None)


SUMMARY = [
    ("What we talked about today", "diagnoses"),
    ("Your diagnoses", "diagnoses"),
    ("Diagnoses discussed", "diagnoses"),
    ("Reason for your visit", "hpi"),
    ("Why you were seen today", "hpi"),
    ("What to do", "plan"),
    ("Next steps", "plan"),
    ("Your plan", "plan"),
    ("Your medicines", "medications"),
    ("Your numbers", "labs"),
    ("Your results", "labs"),
    ("Your vital signs", "exam"),
    ("When to call us", "instructions"),
    ("Provider note", "assessment"),
    ("Clinician comment", "assessment"),
]


@pytest.mark.parametrize(("title", "category"), SUMMARY, ids=[title for title, _ in SUMMARY])
@pytest.mark.parametrize("shape", ["{}\n* words here", "{}: words here", "{}:\nwords here"])
def test_the_parts_of_a_summary_for_the_patient(title, category, shape):
    text = "What to do\n* iron\n" if category != "plan" else "Your numbers\n* Hgb 12\n"
    assert categories(text + shape.format(title))[-1] == category


def test_prose_about_what_we_discussed_opens_nothing():
    text = "HPI: tired. What we talked about today will help. Your plan is good, and your numbers are."
    assert categories(text) == ["hpi"]


def test_question_and_answer_of_a_consult_between_colleagues():
    text = (
        "E-consult\n\nQuestion: is it iron?\n\nChart reviewed, she has arthritis and a high CRP.\n\n"
        "Answer: Anemia of chronic disease.\nRecommendation: treat the arthritis.\n"
    )
    assert categories(text) == ["unknown", "indication", "unknown", "assessment", "plan"]
    assert categories("Consult question: iron?\nSpecialist response: yes, iron deficiency.") == [
        "indication",
        "assessment",
    ]
    assert categories("HPI: tired.\nAnswer: yes\nResponse: good") == ["hpi"]


@pytest.mark.parametrize("part", ["DESCRIPTION", "DESCRIPTION OF PROCEDURE", "TECHNIQUE", "FINDINGS"])
@pytest.mark.parametrize("gap", ["\n", " ", "\n\n"])
def test_the_parts_of_a_report_end_its_drugs(part, gap):
    text = gap.join(
        [
            "PREOPERATIVE DIAGNOSIS: anemia.",
            "MEDICATIONS: sedation.",
            f"{part}: The scope was passed.",
            "END.",
        ]
    )
    assert section_of(text, "sedation") == ("medications", None)
    assert section_of(text, "The scope")[0] in ("procedures", "imaging")


def test_a_line_to_be_filled_in_is_for_a_signature():
    assert section_of("A/P: anemia\nAttestation: ______", "____") == ("signature", None)
    assert categories("A/P: anemia\nAttending attestation: ______ MD\n") == ["assessment_plan", "assessment"]
    assert section_of("A/P: anemia\nAttestation: I saw her, iron deficiency.", "I saw") == (
        "assessment",
        "attestation",
    )
