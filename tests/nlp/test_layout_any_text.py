"""What must hold of the layout of any text at all, and of the work that it takes."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.layout import Layout, read_layout
from nlp.layout.lines import read_lines
from nlp.layout.sentences import split_sentences
from nlp.layout.spoken import hear

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
