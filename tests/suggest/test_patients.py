"""Two patients in one paste are seen, and one patient written in two ways is not taken for two."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suggest import suggest_codes
from suggest.engine.patients import _NAME, _OPENING, _labels_a_name, _signs, part_start, second_patient

TWO = {
    "two names": "Patient: Jane Doe\nA/P: anemia\n\nPatient: Carl Brown\nA/P: gout",
    "one family name": "Patient: Doe, Jane\nA/P: anemia\nPatient: Doe, John\nA/P: gout",
    "two numbers": "MRN: 1234567\nA/P: anemia\nMRN: 7654321\nA/P: gout",
    "two birthdays": "DOB: 01/02/1950\nA/P: anemia\nDate of birth: March 4, 1961\nA/P: gout",
    "a table of names": "Name: Doe, Jane | MRN: 123456\nA/P: anemia\nName: Roe, Ann | MRN: 123457\nA/P: gout",
    "openings of a woman and a man": "HPI: 67 y/o woman with anemia.\n\nHPI: 54-year-old man with gout.",
}
ONE = {
    "a name turned round": "Patient: Doe, Jane\nMRN: 123456\n...\nPatient: Jane A. Doe\nMRN: 123456",
    "a maiden name": "Patient: Jane Doe\n...\nPatient Name: Jane Doe-Roe",
    "a typing error under one number": "Patient: Jane Doe MRN 123456\n...\nPatient: Jnae Doe MRN 123456",
    "numbers of two hospitals": "Patient: Jane Doe\nDOB: 1/2/50\nMRN 111111\n"
    "Patient: Jane Doe\nDOB: 01/02/1950\nMRN 222222",
    "a birthday in two forms": "DOB: January 5, 1950\n...\nDOB: 01/05/1950",
    "what a patient says and does": "Patient: Reports fatigue\nPatient: Denies Chest pain",
    "a table of drugs": "Name: Ferrous Sulfate\nName: Folic Acid Tablet",
    "a relative's birthday": "DOB: 02/02/1960\nMother's DOB: 01/01/1930",
    "a relative's age": "HPI: 67 y/o woman with anemia.\nLives with her husband, a 70-year-old man.",
    "an older note carried forward": "HPI: 67 y/o woman with anemia.\nCopied:\nHPI: 64 y/o female, tired.",
}

SIGNS = (
    *("Patient", "patient's name", "PT.", "Pt", "name", "re", "ſRE", "paTıent", ":", "=", " : ", " ", "\t"),
    *(
        "\n",
        "\r\n",
        "\r",
        "\u2028",
        "\x0b",
        "Jane Doe",
        "Carl Brown",
        "67 y/o woman",
        "HPI: a 54-year-old man",
        "İ",
    ),
)


@pytest.mark.parametrize("text", TWO.values(), ids=TWO)
def test_two_patients_are_seen(text: str):
    pair = second_patient([text])
    assert pair is not None
    assert pair[0].start < pair[1].start
    assert "two_patients" in [w.kind for w in suggest_codes(text).warnings]


@pytest.mark.parametrize("text", ONE.values(), ids=ONE)
def test_one_patient_is_one(text: str):
    assert second_patient([text]) is None
    assert "two_patients" not in [w.kind for w in suggest_codes(text).warnings]


def test_two_notes_of_an_encounter_may_be_of_two_patients():
    pair = second_patient(["Patient: Jane Doe\nA/P: anemia", "Patient: Carl Brown\nA/P: gout"])
    assert pair is not None
    assert (pair[0].note, pair[1].note) == (0, 1)


def test_the_second_part_begins_with_the_block_of_its_sign():
    text = "Patient: Jane Doe\nA/P: anemia\n\nCLINIC NOTE\nDate: 1/2/2026\nPatient: Carl Brown\n"
    pair = second_patient([text])
    assert pair is not None
    assert text[part_start(text, pair[1].start) :].startswith("CLINIC NOTE")


@pytest.mark.parametrize("text", [" " * 300_000, "Patient: " * 40_000, "\n" * 300_000, "DOB " * 50_000])
def test_long_monotonous_text_is_read_to_its_end(text: str):
    assert second_patient([text]) is None


@given(st.lists(st.sampled_from(SIGNS), max_size=12).map("".join))
def test_a_sign_is_found_wherever_its_pattern_stands(text: str):
    """The quick looks before the patterns (labels before a colon, ends of lines) lose nothing."""
    opening = re.compile(_OPENING.pattern.replace(r"(?i)\n", "(?im)^", 1))
    signs = list(_signs(0, text))
    ages = [(m.start("age"), m.end()) for m in opening.finditer(text)]
    assert [(s.start, s.end) for s in signs if s.kind == "opening"] == ages
    assert {s.start for s in signs if s.kind == "name"} <= {
        m.start("label") for m in _NAME.pattern.finditer(text)
    }
    if not _labels_a_name(text):
        assert _NAME.pattern.search(text) is None
