"""Units and items, and what must hold of the layout of any text at all."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.layout import Layout, read_layout, split_units
from nlp.layout.lines import read_lines
from nlp.layout.sentences import split_sentences
from nlp.layout.spoken import hear


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


# --- properties ---

PARTS = [
    *(
        "A/P:",
        "PMH:",
        "FAMILY HISTORY:",
        "Assessment",
        "Plan:",
        "S",
        "O:",
        "Labs 3/2/25:",
        "Today:",
        "CODE STATUS:",
    ),
    *(
        "Previous note 1/2/25:",
        "Dx is anemia.",
        "1. Gout",
        "- iron",
        "# B12 deficiency",
        "a) x",
        "Dr. X. He",
        "---",
    ),
    *(
        "Hgb  9.8  L",
        "ferritin\n6",
        "\n",
        "\n\n",
        ",",
        ".,2.  ",
        ":, ",
        "; ",
        ". ",
        "  ",
        "\t",
        "|",
        "SLEEP PATTERNS:",
    ),
    *(
        "Electronically signed by X",
        "no anemia",
        "mother",
        "\u2022 gout",
        "\u00a0",
        "\ufeff",
        "\u2019s",
        "4 mg",
        "?",
    ),
    *("(", ")", "end.alpha, beta"),
    *("Assessment, colon.", "next paragraph", ", period.", "Plan colon", "One, gout.", "#1 anemia", "1.) x"),
    *("From: A. Roe\nSent: 3/2/25\n", "Reply from: B. Poe, MD", "Pt wrote: anemia", "Question:", "Answer: x"),
    *("[Copied from 3/2/25 note]", "--- end of import ---", "Wt 186, BP 120/80", "lMPRESSlON", "0RDERS: x"),
    *(
        "S. tired",
        "A  1. anemia",
        "P) iron",
        "Meds: iron, aspirin",
        "4/2: Cr 1.7, Hgb 9",
        "Attestation: ____",
    ),
]
NOTES = st.lists(st.one_of(st.sampled_from(PARTS), st.text(string.printable, max_size=6)), max_size=40).map(
    " ".join
)
ANY = st.one_of(NOTES, st.text(max_size=200), st.lists(st.sampled_from(PARTS), max_size=30).map("\n".join))


def well_formed(text: str, layout: Layout) -> bool:
    first = len(text) - len(text.lstrip())
    at = min((s.start for s in layout.sections), default=len(text))
    assert not layout.sections or at >= first
    for section in layout.sections:
        assert section.start == at
        assert section.start <= section.body_start <= section.end
        assert text.startswith(section.title, section.start)
        at = section.end
    assert not layout.sections or at == len(text)
    last = 0
    item = 0
    for unit in layout.units:
        section = layout.sections[unit.section]
        assert last <= unit.start < unit.end
        assert section.body_start <= unit.start
        assert unit.end <= section.end
        assert not text[unit.start].isspace()
        assert not text[unit.end - 1].isspace()
        assert unit.item >= item
        last, item = unit.end, unit.item
    return True


@settings(max_examples=300, deadline=None)
@given(ANY)
def test_sections_tile_and_units_are_sorted_disjoint_and_inside(text):
    assert well_formed(text, read_layout(text))


@settings(max_examples=150, deadline=None)
@given(NOTES)
def test_every_visible_word_of_a_body_is_in_a_unit(text):
    layout = read_layout(text)
    inside = {i for unit in layout.units for i in range(unit.start, unit.end)}
    markers = sum(len(unit.marker) for unit in layout.units if unit.marker)
    missed = sum(
        text[i].isalpha() for s in layout.sections for i in range(s.body_start, s.end) if i not in inside
    )
    assert missed <= markers


@settings(max_examples=150, deadline=None)
@given(ANY, st.sampled_from(["\n", "\n\n\n", "\r\n \r\n"]))
def test_blank_lines_before_a_note_shift_offsets_and_nothing_else(text, blank):
    plain, shifted = read_layout(text), read_layout(blank + text)
    by = len(blank)
    assert [(s.category, s.title, s.start + by, s.end + by) for s in plain.sections] == [
        (s.category, s.title, s.start, s.end) for s in shifted.sections
    ]
    assert [(u.start + by, u.end + by, u.section, u.item, u.paragraph, u.marker) for u in plain.units] == [
        (u.start, u.end, u.section, u.item, u.paragraph, u.marker) for u in shifted.units
    ]


@settings(max_examples=150, deadline=None)
@given(NOTES.map(lambda text: text.replace("\r", " ").replace("\x0b", " ").replace("\x0c", " ")))
def test_carriage_returns_change_no_section_and_no_item(text):
    unix, dos = read_layout(text), read_layout(text.replace("\n", "\r\n"))
    assert [(s.category, s.title, s.subtype) for s in unix.sections] == [
        (s.category, s.title, s.subtype) for s in dos.sections
    ]
    assert [(u.section, u.item, u.paragraph) for u in unix.units] == [
        (u.section, u.item, u.paragraph) for u in dos.units
    ]


@settings(max_examples=100, deadline=None)
@given(NOTES)
def test_curly_quotes_and_odd_blanks_change_no_category(text):
    odd = text.replace("'", "\u2019").replace("-", "\u2013").replace('"', "\u201d")
    assert [s.category for s in read_layout(text).sections] == [s.category for s in read_layout(odd).sections]


# --- work ---


class Counted(str):
    """A text that counts the characters cut from it."""

    __slots__ = ()

    cut = 0

    def __getitem__(self, key):  # type: ignore[no-untyped-def]
        piece = str.__getitem__(self, key)
        Counted.cut += len(piece)
        return piece


@pytest.mark.parametrize(
    "piece",
    [
        "no anemia, ",
        "Labs: ferritin 6. ",
        "aaaa ",
        "a: ",
        "A: ",
        "PLAN: iron ",
        "1. x 2) y ",
        ".,",
        ",1.  X",
        "(" * 7,
        "- ",
        "# a ",
        "\nMeds: iron\n\n1. Gout, stable.\n",
        "\nFrom: A\nSent: b\n",
        "\n[Copied from 3/2/25 note]\nA/P: x\n",
        "\nA. x\nP. y",
        "\nlMPRESSlON\n",
    ],
)
def test_the_characters_looked_at_grow_with_the_text_and_not_faster(piece):
    def work(size: int) -> int:
        text = Counted(piece * (size // len(piece)))
        Counted.cut = 0
        hear(text)
        lines = read_lines(text)
        from nlp.layout.refine import refine
        from nlp.layout.sections import read_sections
        from nlp.layout.units import read_units
        from nlp.layout.wording import open_by_wording

        sections, _ = refine(text, lines, read_sections(text, lines, None))
        open_by_wording(text, sections, read_units(text, lines, sections))
        return Counted.cut

    small, large = work(4_000), work(16_000)
    assert large <= 4 * small + 40_000


def test_a_megabyte_on_one_line_is_cut_into_its_sentences():
    sentence = "She has no anemia and takes 325 mg of iron. "
    text = sentence * (1_000_000 // len(sentence))
    assert len(read_layout(text).units) == len(text) // len(sentence)
    spans = split_sentences(text, 0, len(text))
    assert len(spans) == len(text) // len(sentence)
