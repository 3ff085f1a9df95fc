"""The letters of SOAP as people write them, and titles with a gap for a colon."""

from __future__ import annotations

import pytest

from nlp.layout import read_layout

SOAP = ["hpi", "exam", "assessment", "plan"]


def categories(text):
    return [section.category.value for section in read_layout(text).sections]


def bodies(text):
    return [text[section.body_start : section.end].strip() for section in read_layout(text).sections]


@pytest.mark.parametrize(
    "text",
    [
        "S  Tired since May\nO  126/74  P 82\nA  1. Iron deficiency anemia\nP  Scopes, iron\n",
        "S. Here for results.\nO. 8/3/25: MCV 101\nA. 1. Macrocytosis\n   2. Gout\nP. 3 wk of folate\n",
        "S) tired\nO) pale\nA) B12 deficiency\nP) shots\n",
        "S\ttired\nO\tpale\nA\tB12 deficiency\nP\tshots weekly\n",
        "S: tired\nO: pale\nA: 1. B12 deficiency\n2. Gout\nP: 1. Continue monthly cyanocobalamin\n2. Rest\n",
        "S/ tired\nO/ pale\nA/ anemia\nP/ iron\n",
        "Subj  69M who is tired\nObj  118/62, pale\nAssess  1. Iron deficiency\nPlan  see GI soon\n",
        "SUBJ: tired\nOBJ: pale\nASSESS: iron deficiency\nPLAN: iron\n",
        "Subj: tired\nObj: pale\nAsmt: iron deficiency\nPlan: iron\n",
    ],
)
def test_every_way_of_writing_soap_has_its_four_sections(text):
    assert categories(text) == SOAP


def test_the_body_stands_behind_the_letter_and_its_mark():
    assert bodies("S. tired\nO. 3/2/25: pale\nA. 1. Anemia\nP. iron") == [
        "tired",
        "3/2/25: pale",
        "1. Anemia",
        "iron",
    ]


def test_a_number_behind_a_letter_opens_an_item_beside_the_next_and_not_above_it():
    layout = read_layout("S  tired\nO  pale\nA  1. Iron deficiency\n   2. Gout\nP  iron")
    items = [(unit.marker, unit.item) for unit in layout.units if unit.section == 2]
    assert [marker for marker, _ in items] == ["1.", "2."]
    assert items[0][1] != items[1][1]


@pytest.mark.parametrize(
    "text",
    [
        "A. Labs were drawn.\nB. Iron was given.\nC. She went home.\nP. Nobody knows.",
        "S. aureus grew.\nIt was treated.",
        "P  76\nA  fast beat",
        "O  well\nS  murmur",
        "S1  normal\nS2  split",
    ],
)
def test_letters_that_are_not_soap_open_no_section(text):
    assert categories(text) == ["unknown"]


@pytest.mark.parametrize(
    ("line", "category"),
    [
        ("P: 76", "exam"),
        ("P: 88 regular", "exam"),
        ("P: 1. Iron", "plan"),
        ("P: 2 wk of iron", "plan"),
        ("P: 60 mg of iron", "plan"),
    ],
)
def test_a_number_behind_p_is_a_pulse_or_a_plan(line, category):
    assert categories("O: looks well\n" + line)[-1] == category


@pytest.mark.parametrize(
    ("line", "category"),
    [
        ("PLAN  thiamine, folic acid", "plan"),
        ("EXAM  pale", "exam"),
        ("IMPRESSION  iron deficiency from menses", "impression"),
        ("Plan  iron and a visit in May", "plan"),
        ("A/P  1. Iron deficiency anemia", "assessment_plan"),
    ],
)
def test_two_blanks_stand_for_a_colon_before_running_text(line, category):
    assert categories("CC: tired\n" + line) == ["hpi", category]


@pytest.mark.parametrize(
    "line", ["Plan  Group  Member", "EXAM  DATE  RESULT", "Results  Flag", "EXAM      A       B"]
)
def test_the_head_of_a_table_is_no_title(line):
    assert categories("CC: tired\n" + line) == ["hpi"]
