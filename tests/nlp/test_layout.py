"""Units and items: where sentences, lines and problems begin and end."""

from __future__ import annotations

import pytest

from nlp.layout import read_layout, split_units


def units(text):
    return [text[unit.start : unit.end] for unit in read_layout(text).units]


def items(text):
    """The units gathered by item, in order."""
    found: dict[int, list[str]] = {}
    for unit in read_layout(text).units:
        found.setdefault(unit.item, []).append(text[unit.start : unit.end])
    return list(found.values())


# --- sentences ---


@pytest.mark.parametrize(
    "sentence",
    [
        "Seen by Dr. Roe and Mrs. Poe at St. Mary yesterday.",
        "Takes iron q.d. with juice, b.i.d. before, 325 mg p.o. daily.",
        "Iron def. anemia vs. thalassemia, e.g. by trait, approx. 3 years.",
        "Lot No. 5 was given, level 3.5 against 1,200 before.",
        "B12 142 pg/mL (ref. 200-900) L and ferritin 6.2 ng/mL.",
        "? B12 deficiency as the cause.",
        "She met J. Smith of the clinic.",
        "Anemia; gout; no bleeding; B12 low.",
    ],
)
def test_a_sentence_is_not_cut(sentence):
    assert [sentence[a:b] for a, b in split_units(sentence)] == [sentence]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("No anemia. B12 low.", ["No anemia.", "B12 low."]),
        ("Conj. pale. denies melena.", ["Conj. pale.", "denies melena."]),
        ("She saw Dr. X. She is well.", ["She saw Dr. X.", "She is well."]),
        ("Treated for iron def. Start iron.", ["Treated for iron def.", "Start iron."]),
        ('He said "fine". No pallor.', ['He said "fine".', "No pallor."]),
        ("Is it iron? Yes! Treat.", ["Is it iron?", "Yes!", "Treat."]),
        ("Lungs are clear.Neck is supple.", ["Lungs are clear.", "Neck is supple."]),
        ("Hgb was 8. He was given iron.", ["Hgb was 8.", "He was given iron."]),
        ("Anemia.,2.  Gout.,Seen today.", ["Anemia.", "2.  Gout.", "Seen today."]),
        ("one\r\ntwo\rthree", ["one", "two", "three"]),
    ],
)
def test_sentences_end_where_they_end(text, parts):
    assert [text[a:b] for a, b in split_units(text)] == parts


# --- lines ---


def test_a_wrapped_line_goes_on_in_the_next():
    text = (
        "HPI:\nShe has had iron deficiency anemia due to\nmenorrhagia since she was a girl, and takes\niron."
    )
    assert len(units(text)) == 1


def test_text_wrapped_at_a_width_is_joined_even_before_a_capital_or_a_number():
    text = (
        "HPI:\n"
        "She is a woman of seventy who was found to be tired by the nurses of\n"
        "Hillcrest and was sent to us for a low level of vitamin B12, which was\n"
        "142 on the first of the month, and for a hemoglobin that had come down\n"
        "to 9.8 in the same week although nobody had seen her bleed anywhere at\n"
        "all. She eats well.\n"
    )
    assert len(units(text)) == 2


def test_telegraphic_lines_are_units_of_their_own():
    text = "O:\nno pallor\nlungs clear\nspleen not felt"
    assert units(text) == ["no pallor", "lungs clear", "spleen not felt"]


def test_rows_and_labels_are_units_of_their_own():
    text = "Labs:\nHgb      9.8     12.0-15.5   L\nFerritin   6    15-150  L\nTSH: 2.1\nB12: 142"
    assert units(text) == [
        "Hgb      9.8     12.0-15.5   L",
        "Ferritin   6    15-150  L",
        "TSH: 2.1",
        "B12: 142",
    ]


def test_a_lab_is_not_cut_from_a_value_on_the_next_line():
    assert units("Labs:\nFerritin\n6 ng/mL\nVitamin B12\n142 (L)") == [
        "Ferritin\n6 ng/mL",
        "Vitamin B12\n142 (L)",
    ]


def test_drugs_one_a_line_are_never_joined():
    text = (
        "Meds:\napixaban 2.5 mg by mouth two times daily with food or without it\nlevothyroxine 50 mcg\niron"
    )
    assert len(units(text)) == 3
    assert len(items(text)) == 3


# --- items ---


def test_lines_below_a_problem_belong_to_it():
    text = "A/P:\n# B12 deficiency\nIM B12 weekly\nrecheck in 8 wk\n# Gout\nallopurinol"
    assert items(text) == [["B12 deficiency", "IM B12 weekly", "recheck in 8 wk"], ["Gout", "allopurinol"]]


@pytest.mark.parametrize("bullet", ["-", "•", "*", "a.", "(a)"])
def test_bullets_below_a_number_belong_to_it(bullet):
    text = (
        f"A/P:\n1. Iron deficiency anemia:\n   {bullet} start iron\n   {bullet} labs\n2. Gout\n{bullet} rest"
    )
    assert items(text) == [["Iron deficiency anemia:", "start iron", "labs"], ["Gout", "rest"]]


def test_markers_are_told_as_written():
    layout = read_layout("A/P:\n1) anemia. Iron.\n• gout\n")
    assert [unit.marker for unit in layout.units] == ["1)", None, "•"]


@pytest.mark.parametrize(
    "line",
    [
        "1) anemia; 2) gout; 3) B12 deficiency",
        "1. Anemia. 2. Gout. 3. B12 deficiency.",
        "#Anemia. #Gout #B12 deficiency",
    ],
)
def test_an_enumeration_on_one_line_of_an_assessment_is_split(line):
    assert len(items(f"A/P: {line}")) == 3


def test_a_list_with_semicolons_is_one_unit():
    assert len(units("Assessment: anemia; gout; B12 deficiency")) == 1


def test_one_denial_over_an_enumeration_in_prose_is_not_cut():
    assert len(units("HPI: She denies 1) bleeding, 2) weight loss, 3) diarrhea.")) == 1


def test_paragraphs_are_the_items_of_an_assessment_without_numbers():
    text = "A/P\nNew anemia of iron loss. Start iron.\n\nHistory of gout: quiet. No drugs.\n\nFollow up soon."
    assert [len(item) for item in items(text)] == [2, 2, 1]


def test_a_line_that_names_a_problem_opens_an_item():
    text = (
        "ASSESSMENT AND PLAN\n\nJane is well.\n\n"
        "Iron deficiency anemia.\n• Medical Reasoning: ferritin low.\n"
        "• Medical Treatment: iron.\n\nLumbar strain.\n• Additional Testing: none.\n"
    )
    assert [item[0] for item in items(text)] == ["Jane is well.", "Iron deficiency anemia.", "Lumbar strain."]


def test_a_problem_before_a_colon_opens_an_item():
    text = "A/P\nIron deficiency anemia: start iron.\nAllergic rhinitis: spray.\nPlan: see me in May."
    assert [item[0] for item in items(text)] == [
        "Iron deficiency anemia: start iron.",
        "Allergic rhinitis: spray.",
    ]


def test_bare_diagnoses_one_a_line_are_items():
    assert len(items("ASSESSMENT\n\nDiabetic foot ulcer.\nIron deficiency.\nGout.\n")) == 3


def test_a_closing_line_after_one_line_problems_is_not_part_of_the_last():
    text = "A/P:\n1. Gout, quiet.\n2. Dementia, stable.\nCaregiver support: iron for the daughter."
    assert items(text)[-1] == ["Caregiver support: iron for the daughter."]


def test_list_items_are_never_joined():
    text = "PMH:\n- history of anemia and\n- gout\n- no bleeding or\n- stones"
    assert len(units(text)) == 4


# --- look-up ---


def test_look_up_by_offset():
    text = "\nA/P: anemia. Gout."
    layout = read_layout(text, "n1")
    assert layout.unit_at(text.index("Gout")) == 1
    assert layout.unit_at(0) == layout.unit_at(len(text)) == -1
    assert layout.unit_at(text.index("A/P")) == -1
    assert layout.section_of(1).category.value == "assessment_plan"
    section = layout.section_at(text.index("A/P"))
    assert section is not None
    assert section.note_id == "n1"
    assert layout.section_at(0) is None
