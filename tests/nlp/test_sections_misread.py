"""Titles as a scanner or a fax left them."""

from __future__ import annotations

import pytest

from nlp.layout import read_layout
from nlp.layout.misread import mend


def seen(text):
    return [(section.category.value, section.title) for section in read_layout(text).sections]


@pytest.mark.parametrize(
    ("line", "category", "title"),
    [
        ("lMPRESSlON", "impression", "lMPRESSlON"),
        ("lmpression :", "impression", "lmpression :"),
        ("ASSESSMENT ANO PLAN", "assessment_plan", "ASSESSMENT ANO PLAN"),
        ("ASSESSMENT ANO PLAN: 1. Anemia", "assessment_plan", "ASSESSMENT ANO PLAN:"),
        ("PAST MEDlCAL HlSTORY", "pmh", "PAST MEDlCAL HlSTORY"),
        ("0RDERS", "orders", "0RDERS"),
        ("0RDERS: iron", "orders", "0RDERS:"),
        ("Exarn: pale", "exam", "Exarn:"),
        ("PIan : iron", "plan", "PIan :"),
        ("MEDlCATl0NS: iron", "medications", "MEDlCATl0NS:"),
        ("FAMlLY HlSTORY 3/2/25:", "family", "FAMlLY HlSTORY 3/2/25:"),
        ("A11ergies: none", "allergies", "A11ergies:"),
        ("AS5ESSMENT  iron deficiency", "assessment", "AS5ESSMENT"),
    ],
)
def test_a_misread_title_opens_its_section_and_is_told_as_written(line, category, title):
    assert [(c, t.rstrip()) for c, t in seen("CC: tired\n" + line + "\nmore words")][1] == (category, title)


@pytest.mark.parametrize(
    "line",
    [
        "He learned: a lot",
        "Pian0 lessons: weekly",
        "Plain: yes",
        "She takes 0RDERS from nobody: ever",
        "the p1an is iron and a visit",
        "Iron 325",
        "1. Anernia: iron",
        "Ptan: iron",
    ],
)
def test_words_that_are_no_title_stay_text(line):
    assert len(seen("CC: tired\n" + line)) == 1


def test_only_what_no_title_holds_is_mended():
    assert mend("ASSESSMENT ANO PLAN") == "ASSESSMENT AND PLAN"
    assert mend("Exarn today") == "exam today"
    assert mend("ASSESSMENT AND PLAN") is None
    assert mend("quite different words") is None
