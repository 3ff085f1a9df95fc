"""Numbers of problems in every form, and punctuation that was spoken."""

from __future__ import annotations

import pytest

from nlp.layout import marker_value, read_layout


def marked(text):
    """The marker and the text of each unit that opens an item."""
    return [(u.marker, text[u.start : u.end]) for u in read_layout(text).units if u.marker]


def seen(text):
    return [(section.category.value, section.title) for section in read_layout(text).sections]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("#1", "#2"),
        ("#1.", "#2."),
        ("#1:", "#2:"),
        ("# 1", "# 2"),
        ("1)", "2)"),
        ("(1)", "(2)"),
        ("1.", "2."),
        ("1.)", "2.)"),
        ("1 .", "2 ."),
        ("1 -", "2 -"),
        ("- 1.", "- 2."),
        ("- #1", "- #2"),
        ("Problem 1:", "Problem 2:"),
        ("Problem #1:", "Problem #2:"),
        ("One,", "Two,"),
        ("Number one,", "Number two,"),
        ("Number 1.", "Number 2."),
    ],
)
@pytest.mark.parametrize("title", ["A/P:\n", "Assessment: "])
def test_the_marker_holds_the_number_as_written(title, first, second):
    text = f"{title}{first} Pancytopenia due to #2.\n{second} B12 deficiency.\nShots."
    found = marked(text)
    assert [words for _, words in found] == ["Pancytopenia due to #2.", "B12 deficiency."]
    assert [marker for marker, _ in found] == [first, second]
    assert [marker_value(marker or "") for marker, _ in found] == [1, 2]


@pytest.mark.parametrize(
    "line",
    [
        "1) anemia due to #2; 2) B12 deficiency",
        "(1) Anemia due to #2. (2) B12 deficiency.",
        "#1 Anemia due to #2, stable. #2 B12 deficiency.",
        "One, anemia because of number two. Two, B12 deficiency.",
        "Number one anemia because of number two. Number two B12 deficiency.",
        "First, treat the anemia. Second, find its cause.",
    ],
)
def test_numbers_on_one_line_of_an_assessment_part_its_problems(line):
    assert [marker_value(marker or "") for marker, _ in marked("Assessment: " + line)] == [1, 2]


@pytest.mark.parametrize(
    "line",
    [
        "Anemia due to #1 and #2, stable.",
        "He is the one, she the two of them.",
        "At first, iron. Then second thoughts.",
        "One of her sons is anemic, two are well.",
    ],
)
def test_a_number_inside_a_sentence_marks_nothing(line):
    assert marked("Assessment: " + line) == []


@pytest.mark.parametrize(("marker", "value"), [("-", 0), ("#", 0), ("a)", 0), ("•", 0), ("Ten.", 10)])
def test_a_marker_without_a_number_has_none(marker, value):
    assert marker_value(marker) == value


SPOKEN = [
    "Seen for pain, period.  Assessment, colon.  One, gout.  Two, iron deficiency.  Plan, colon.  Iron.",
    "Pain period next paragraph Assessment colon One, gout period Two, anemia period Plan colon Iron daily",
    "Pain. New paragraph. Assessment, colon, new line. One, gout. New line. Two, anemia. Plan, colon, iron.",
]


@pytest.mark.parametrize("text", SPOKEN)
def test_a_spoken_header_opens_its_section_and_number_words_its_problems(text):
    layout = read_layout(text)
    assert [section.category.value for section in layout.sections] == ["unknown", "assessment", "plan"]
    assert [section.title[:4] for section in layout.sections[1:]] == ["Asse", "Plan"]
    assert all(text.startswith(section.title, section.start) for section in layout.sections)
    assert [marker for marker, _ in marked(text)] == ["One,", "Two,"]
    assert "paragraph" not in " ".join(text[u.start : u.end] for u in layout.units)


def test_a_spoken_full_stop_ends_a_sentence():
    text = "New paragraph. No anemia period She takes iron period"
    assert [text[u.start : u.end] for u in read_layout(text).units] == [
        "No anemia period",
        "She takes iron period",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Polyps were found in the colon. She has a heavy period. No other.",
        "PMH colon, breast and gout.",
        "Assessment colon cancer, no anemia.",
        "Stomach, colon, and rectum were normal. She starts a new line of therapy.",
        "History of colon. She is well.",
    ],
)
def test_a_bowel_a_cycle_and_a_line_of_therapy_are_not_punctuation(text):
    assert len(seen(text)) == 1
    assert len(read_layout(text).units) == text.count(". ") + 1
