"""Notes that were imported or copied into a note, with the mark of their end and without one."""

from __future__ import annotations

import pytest

from nlp.layout import read_layout


def categories(text):
    return [section.category.value for section in read_layout(text).sections]


def category_of(text, words):
    section = read_layout(text).section_at(text.index(words))
    assert section is not None
    return section.category.value


MARKS = [
    (
        "----- Prior visit data (auto-import, Rheumatology 05/06/2024, Dr. Roe) -----",
        "----- End of import -----",
    ),
    (
        ">>> imported from Outside Records: Clinic note 07/19/2024, Dr. A. Roe",
        "<<< end import",
    ),
    ("[Copied from 3/2/25 note]", "[end of copied text]"),
    ("=== BEGIN OUTSIDE RECORD ===", "=== END OUTSIDE RECORD ==="),
    ("*** Imported note, 3/2/25 ***", "*** end of imported note ***"),
    ("[[ carried forward from 3/2/25 ]]", "[[ end carried forward ]]"),
]


@pytest.mark.parametrize(("start", "end"), MARKS, ids=[start[:24] for start, _ in MARKS])
@pytest.mark.parametrize(
    "inside",
    [
        "Assessment: B12 deficiency.\nPlan: shots.",
        "HPI: tired.\nA/P: B12 deficiency.\n\nHPI: tired again.\nA/P: the same.",
        "Seen for fatigue.\n-----\nMeds: iron\nImpression:\n1. B12 deficiency",
    ],
    ids=["plan", "two notes", "drawn line"],
)
def test_everything_between_the_marks_is_copied(start, end, inside):
    text = f"CC: tired\n{start}\n{inside}\n{end}\nShe is well now.\nExam: pink\nA/P: gout\n"
    assert category_of(text, "B12 deficiency") == "copied"
    assert category_of(text, "She is well") == "unknown"
    assert categories(text) == ["hpi", "copied", "unknown", "exam", "assessment_plan"]


@pytest.mark.parametrize(("start", "end"), MARKS, ids=[start[:24] for start, _ in MARKS])
def test_without_an_end_it_ends_where_the_headers_start_over(start, end):
    assert end not in start
    text = (
        f"CC: tired\n{start}\n62F.\nAssessment: B12 deficiency.\nPlan: shots\nPMH: gout\nO: pink\nA/P: rest"
    )
    assert category_of(text, "B12 deficiency") == "copied"
    assert categories(text) == ["hpi", "copied", "pmh", "exam", "assessment_plan"]


@pytest.mark.parametrize("start", [start for start, _ in MARKS])
def test_an_indented_block_ends_at_a_header_that_is_not(start):
    text = (
        f"CC: tired\n{start}\n   Seen for numb feet.\n   Assessment: B12 deficiency.\n   Plan: shots\n\n"
        "Assessment: gout\nPlan: rest"
    )
    assert categories(text) == ["hpi", "copied", "assessment", "plan"]
    assert category_of(text, "B12 deficiency") == "copied"


@pytest.mark.parametrize(
    "line",
    [
        "- imported ants bit him",
        "[ ] copy of records sent",
        "** outside records reviewed **",
        "(copied to Dr. Roe)",
        "The end of the note is near",
        "Problem list (imported, 3/2/25)",
        "--- Meds ---",
    ],
)
def test_words_about_records_paste_nothing(line):
    assert "copied" not in categories(f"CC: tired\n{line}\nShe has B12 deficiency.")


def test_an_end_without_a_start_changes_nothing():
    assert categories("A/P: gout\n--- end of import ---\nrest") == ["assessment_plan"]
