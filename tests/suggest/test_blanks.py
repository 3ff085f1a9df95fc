"""The spacing between words says nothing: doubled blanks change no answer; places are told as given."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.patterns import flexible_white, spaced
from suggest import suggest_codes
from suggest.blanks import _FEWEST, _SINGLE, _may_be_doubled, narrowed

NOTE = """\
HPI: Seen for follow up of tiredness, on metformin 500 mg by mouth twice a day since 2019.
Labs today: Vitamin B12 142 pg/mL (200-900) L, Ferritin 44.
A/P: 1. Acute on chronic blood loss anemia due to heavy periods, two units of packed cells given.
2. Vitamin B12 deficiency due to metformin, start cyanocobalamin 1000 mcg IM every other day.
Electronically signed by J. Rowe, MD
"""


def doubled(text: str) -> str:
    return re.sub(r"(?<=\S) (?=\S)", "  ", text)


def test_a_note_with_every_blank_doubled_gets_the_same_codes_queries_and_refusals() -> None:
    plain, wide = suggest_codes(NOTE), suggest_codes(doubled(NOTE))
    assert plain.suggestions
    assert [s.code for s in wide.suggestions] == [s.code for s in plain.suggestions]
    assert [q.query for q in wide.queries] == [q.query for q in plain.queries]
    assert [w.code for w in wide.withheld] == [w.code for w in plain.withheld]


def test_the_places_are_those_of_the_note_as_given() -> None:
    text = doubled(NOTE)
    result = suggest_codes(text)
    evidence = [
        e for part in (result.suggestions, result.queries, result.withheld) for s in part for e in s.evidence
    ]
    facts = [*result.facts.conditions, *result.facts.labs, *result.facts.medications, *result.facts.links]
    assert "Vitamin  B12  deficiency" in {record.text for record in evidence}
    for record in [*evidence, *facts, *result.facts.authors, *result.facts.dates]:
        assert text[record.start : record.end] == record.text
    for section in result.facts.sections:
        assert text[section.start : section.end].startswith(section.title)


@pytest.mark.parametrize(
    "note", ["A/P:  Acute  on chronic blood loss  anemia", "IMPRESSION: Acute on  chronic blood  loss anemia"]
)
def test_a_blank_too_many_here_and_there_changes_no_code(note: str) -> None:
    assert [s.code for s in suggest_codes(note).suggestions] == ["D62"]


SLIPS = """\
Treatment  room - practice nurse appointment
Attended  for three monthly hydroxocobalamin, 1  mg IM in the  left arm, taken well.
Seen  by the nurse, who gave the  injection and asked for  the next in twelve weeks.
Indication in the  notes: pernicious anemia, known  since the year of  her wedding.
"""


def test_two_blanks_inside_phrases_part_nothing_in_a_note_that_is_full_of_them() -> None:
    read = narrowed(SLIPS)
    assert read is not None
    assert "  " not in read.text
    wide, plain = suggest_codes(SLIPS), suggest_codes(read.text)
    assert [s.category for s in wide.facts.sections] == [s.category for s in plain.facts.sections]
    assert [s.code for s in wide.suggestions] == [s.code for s in plain.suggestions] != []
    for condition in wide.facts.conditions:
        assert SLIPS[condition.start : condition.end] == condition.text


@pytest.mark.parametrize(
    "rows",
    [
        "serum ferritin  low  today\nserum iron  low  today\nserum folate  normal  today\n",
        "Impression  iron deficiency anemia due to heavy periods\nPlan  oral iron for three months\n",
        "Seen today.  Feels well.  Takes her iron.  Has no complaint.  Will return.  Labs next time.\n",
    ],
)
def test_rows_of_columns_titles_and_sentence_ends_keep_their_two_blanks(rows: str) -> None:
    assert narrowed(rows) is None


def test_columns_that_stand_apart_are_left_as_they_are() -> None:
    table = "Vitamin B12    142    L\nFerritin       44\nMCV            101    H\nFolate, serum  7.9\n"
    assert narrowed(table) is None
    assert narrowed(NOTE) is None
    assert narrowed(doubled(NOTE)).text == NOTE  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "pattern, text, held",
    [
        ("by mouth", "by  mouth", True),
        ("by mouth", "by\nmouth", False),
        ("x ?4", "x  4", True),
        ("x ?4", "x4", True),
        ("[ -]chronic", "  chronic", True),
        ("(?<=on )iron", "on iron", True),
        (r"a\ b", "a  b", False),
        ("a {2,}b", "a b", False),
        ("(?<=on )iron", "on  iron", False),
    ],
)
def test_a_blank_of_a_pattern_stands_for_up_to_three(pattern: str, text: str, held: bool) -> None:
    assert bool(spaced(pattern).search(text)) is held


def test_a_class_that_parts_two_words_may_be_met_more_than_once() -> None:
    assert re.fullmatch(flexible_white("acute[ -]on[ -]chronic"), "acute  on - chronic")
    assert not re.fullmatch(flexible_white("acute[ -]on[a-z ]chronic"), "acute on  chronic")


@given(
    st.lists(st.sampled_from(["a", "Bc.", "  ", "   ", " ", "  ", "\n", "\t", "\u00a0", ""]), max_size=120)
)
def test_no_doubled_note_is_passed_over_by_the_look_at_its_first_blanks(pieces: list[str]) -> None:
    text = "".join(pieces)
    gaps = [gap.group() for gap in re.finditer(r"(?<=\S) +(?=\S)", text)]
    single = gaps.count(" ")
    if len(gaps) - single >= _FEWEST and single * _SINGLE <= len(gaps):
        assert _may_be_doubled(text, text.count("  "))
