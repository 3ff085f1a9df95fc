"""What the packaged release says of the codes in scope, against the facts of the coding reference."""

from __future__ import annotations

import pytest

from nlp.errors import InputError, KnowledgeError, ReleaseError
from suggest.release import Release, dotted, family, load_release, scope, scope_codes, scope_families


@pytest.fixture(scope="module")
def release() -> Release:
    return load_release("2026-06-02")


HEADERS = {"D50", "D51", "E53", "D52", "D53"}

TITLES = [
    ("D51.0", "Vitamin B12 deficiency anemia due to intrinsic factor deficiency"),
    ("D51.8", "Other vitamin B12 deficiency anemias"),
    ("E53.8", "Deficiency of other specified B group vitamins"),
    ("D50.0", "Iron deficiency anemia secondary to blood loss (chronic)"),
    ("G63", "Polyneuropathy in diseases classified elsewhere"),
    ("K63.8219", "Small intestinal bacterial overgrowth, unspecified"),
    (
        "T38.3X5A",
        "Adverse effect of insulin and oral hypoglycemic [antidiabetic] drugs, initial encounter",
    ),
    (
        "T47.1X5D",
        "Adverse effect of other antacids and anti-gastric-secretion drugs, subsequent encounter",
    ),
    ("T47.1X5S", "Adverse effect of other antacids and anti-gastric-secretion drugs, sequela"),
]


@pytest.mark.parametrize(("code", "title"), TITLES)
def test_a_title_is_the_official_one(release: Release, code: str, title: str) -> None:
    assert release.title(code) == title


def test_every_code_in_scope_stands_in_the_release(release: Release) -> None:
    assert [code for code in scope_codes() if not release.exists(code)] == []


def test_all_codes_in_scope_are_billable_save_the_headers(release: Release) -> None:
    assert {code for code in scope_codes() if not release.is_billable(code)} == HEADERS


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ["# families: iron, b12", "code,family", "D50,irn"],
            'entry D50: unknown family "irn"; use iron, b12',
        ),
        (["code,family", "D50,iron"], 'needs a line "# families: …"'),
        (["# families: iron", "code,kind", "D50,iron"], "needs the columns code and family"),
        (["# families: iron", "code,family", "D50,iron", "D50,iron"], "the id D50 stands twice"),
    ],
)
def test_a_wrong_line_of_the_scope_is_refused(
    monkeypatch: pytest.MonkeyPatch, lines: list[str], said: str
) -> None:
    monkeypatch.setattr(scope, "_lines", lambda: lines)
    monkeypatch.setattr(scope, "families", scope.families.__wrapped__)
    with pytest.raises(KnowledgeError, match=f"^scope.csv(?:, |: ){said}"):
        scope.scope_families.__wrapped__()


def test_a_family_is_added_by_the_line_at_the_head_of_the_scope(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scope, "_lines", lambda: ["# families: iron, zinc", "code,family", "E60,zinc"])
    monkeypatch.setattr(scope, "families", scope.families.__wrapped__)
    assert scope.scope_families.__wrapped__() == {"E60": "zinc"}


def test_the_scope_gives_each_code_one_family() -> None:
    assert family("D51.0") == "b12"
    assert family("T38.3X5A") == "cause"
    assert family("A00.0") is None
    assert len(scope_families()) == len(set(scope_codes())) >= 120


@pytest.mark.parametrize("code", ["R76.8", "F02.8", "T38.3X5", "D51", "E53", "O99.01", "K90.82"])
def test_a_code_that_needs_more_characters_exists_and_is_not_billable(release: Release, code: str) -> None:
    assert release.exists(code)
    assert not release.is_billable(code)


@pytest.mark.parametrize(
    "code",
    ["D51.7", "B12", "T38.3X5Z", "D51.0A", "D51.00XA", "", "D5", "D5.10", "@D50-D53", "hello", "E53.8.8"],
)
def test_what_is_no_code_neither_exists_nor_can_be_billed(release: Release, code: str) -> None:
    assert not release.exists(code)
    assert not release.is_billable(code)


@pytest.mark.parametrize("code", ["e53.8", "E538", " E53.8 "])
def test_a_code_may_be_written_without_its_dot_or_in_small_letters(release: Release, code: str) -> None:
    assert release.title(code) == release.title("E53.8")


def test_placeholders_are_filled_for_short_stems(release: Release) -> None:
    assert release.is_billable("T07.XXXA")
    assert not release.is_billable("T07")
    assert not release.is_billable("T07.A")


def test_the_order_file_rules_out_characters_that_definitions_alone_allow(release: Release) -> None:
    # O40.1 takes a fetus number as 7th character after two placeholders, and no letter.
    assert release.is_billable("O40.1XX0")
    assert not release.exists("O40.1XXA")


def test_an_unknown_code_has_no_title_and_the_message_names_it(release: Release) -> None:
    with pytest.raises(ReleaseError, match=r"D51\.7"):
        release.title("D51.7")


# Section A.2 of the coding reference: pairs that an Excludes1 note sets against each other.
EXCLUDES1 = """
D50.0 D62 / D50.0 E61.1 / D50.9 E61.1 / D50.8 E83.10 / D50.0 P61.3 / D52.0 E53.8 / D52.9 E53.8
D53.0 E79.1
D53.1 C94.00 / D53.9 D64.9 / D63.0 D61.1 / D64.9 D46.9 / D64.81 D46.4
D51.9 R71.8 / D64.9 R71.0 / D50.9 R71.0
D62 R71.0 / D53.1 R71.8 / E53.8 E64.8 / E61.1 E64.9 / E61.1 R79.0 / E72.11 R79.83 / K90.0 K91.2 / K90.9 K91.2
K90.821 K91.2 / K90.2 K91.2 / K95.89 K95.09 / K92.1 R19.5 / K92.2 K25.4 / K92.2 K28.0 / K92.2 K29.01
K92.2 K31.811 / K92.2 K57.31 / K92.2 K62.5 / O99.03 O90.81 / O99.011 O90.81 / G63 E11.42 / G32.0 A52.11
F02.80 F06.70 / F06.70 G31.84
G31.84 F03.90 / G31.84 F02.80 / K14.0 K14.4 / R41.3 F04 / R41.3 F06.8 / R41.0 F05
R26.81 R27.0 / D61.818 D61.82 / D61.818 D61.01 / D61.818 D61.9 / D61.818 C91.40 / D61.818 B20
Z98.84 O99.841 / Z72.4 E53.8 / D50.9 E83.19 / G63 M05.50
"""
EXCLUDES2 = """
D51.0 E53.8 / D51.9 E53.8 / D63.0 D64.81 / D64.81 D61.1 / K91.2 K95.89 / Z98.84 Z98.0 / Z79.84 Z79.4
Z79.84 Z79.85 / D61.818 D46.9
"""
NEITHER = """
E53.8 G63 / D51.0 G32.0 / D50.0 N92.0 / E53.8 Z79.84 / D50.9 N18.9 / G63 E11.40 / D64.9 E53.8 / D62 D63.1
"""


def _pairs(table: str) -> list[tuple[str, str]]:
    pairs = [pair.split() for line in table.strip().splitlines() for pair in line.split(" / ")]
    return [(a, b) for a, b in pairs]


@pytest.mark.parametrize(("a", "b"), _pairs(EXCLUDES1))
def test_an_excludes1_pair_is_barred_in_both_orders(release: Release, a: str, b: str) -> None:
    assert release.excludes1(a, b)
    assert release.excludes1(b, a)


@pytest.mark.parametrize(("a", "b"), _pairs(EXCLUDES2))
def test_an_excludes2_pair_may_stand_together(release: Release, a: str, b: str) -> None:
    assert release.excludes2(a, b)
    assert release.excludes2(b, a)
    assert not release.excludes1(a, b)


@pytest.mark.parametrize(("a", "b"), _pairs(NEITHER))
def test_codes_that_no_note_parts_are_not_barred(release: Release, a: str, b: str) -> None:
    assert not release.excludes1(a, b)


def test_no_code_is_set_against_itself_or_its_category(release: Release) -> None:
    for code in scope_codes():
        assert not release.excludes1(code, code)
        assert not release.excludes1(code, code[:3])


def test_an_excludes_note_says_where_it_stands(release: Release) -> None:
    note = release.excludes_note("excludes1", "D50.9", "E61.1")
    assert note is not None
    assert (note.at, note.text) == ("E61.1", "iron deficiency anemia (D50.-)")


# Section A.1: what a manifestation must follow.
@pytest.mark.parametrize(
    ("code", "etiology"),
    [
        ("G32.0", "D51.0"),
        ("G32.0", "D51.8"),
        ("G32.0", "E53.8"),
        ("G63", "E53.8"),
        ("F02.80", "E53.8"),
        ("F06.70", "E53.8"),
        ("D63.8", "B70.0"),
        ("D63.1", "N18.6"),
        ("D63.0", "C18.9"),
        ("G32.89", "E53.8"),
        ("Z86.2", "Z09"),
        ("Z86.39", "Z09"),
    ],
)
def test_code_first_notes_name_the_etiology(release: Release, code: str, etiology: str) -> None:
    assert release.names("codeFirst", code, etiology)


@pytest.mark.parametrize(("code", "other"), [("G63", "D51.0"), ("G32.0", "D51.9"), ("G62.9", "E53.8")])
def test_code_first_lists_do_not_name_what_is_not_printed(release: Release, code: str, other: str) -> None:
    assert not release.names("codeFirst", code, other)


def test_g32_calls_d51_8_unspecified_as_printed(release: Release) -> None:
    assert any("unspecified" in line and "D51.8" in line for line in release.code_first("G32.0"))


def test_inherited_notes_are_told_with_the_own_first(release: Release) -> None:
    assert "any follow-up examination after treatment (Z09)" in " ".join(release.code_first("Z86.39"))
    assert release.names("useAdditionalCode", "D52.1", "T42.0X5A")
    assert not release.names("useAdditionalCode", "D52.1", "T42.0X6A")
    assert release.names("useAdditionalCode", "E61.1", "T38.3X5A")
    assert release.names("useAdditionalCode", "K90.0", "G32.81")
    assert release.names("codeAlso", "K90.0", "K86.81")


@pytest.mark.parametrize(
    ("code", "term"),
    [
        ("E53.8", "Vitamin B12 deficiency"),
        ("E53.8", "Folic acid deficiency"),
        ("D53.9", "Simple chronic anemia"),
        ("D52.0", "Nutritional megaloblastic anemia"),
        ("D50", "hypochromic anemia"),
        ("R79.83", "Homocysteinemia"),
        ("D51.3", "Vegan anemia"),
    ],
)
def test_inclusion_terms_are_those_printed_at_the_code(release: Release, code: str, term: str) -> None:
    assert term in release.inclusion_terms(code)


def test_plain_chronic_anemia_is_no_inclusion_term(release: Release) -> None:
    assert "Chronic anemia" not in release.inclusion_terms("D53.9") + release.inclusion_terms("D64.9")


def test_hyperhomocysteinemia_is_sent_to_e72_11(release: Release) -> None:
    notes = release.notes("excludes1", "D68.61")
    assert any("hyperhomocysteinemia (E72.11)" in note.text for note in notes)


def test_a_code_lies_in_its_category_block_and_chapter(release: Release) -> None:
    assert release.parents("D51.0") == ("D51", "D50-D53", "3")
    assert release.parents("T38.3X5A")[:4] == ("T38.3X5", "T38.3X", "T38.3", "T38")


def test_a_header_named_like_its_block_lies_in_it(release: Release) -> None:
    assert release.parents("T07") == ("T07", "19")


@pytest.mark.parametrize("day", ["2026-04-01", "2026-06-02", "2026-09-30", None])
def test_the_release_covers_its_window_and_an_unknown_date(release: Release, day: str | None) -> None:
    assert load_release(day) is release
    assert release.covers(day)


@pytest.mark.parametrize("day", ["2026-03-31", "2026-10-01", "1999-01-01", "2031-01-01"])
def test_the_nearest_release_speaks_where_none_covers_the_date(release: Release, day: str) -> None:
    assert load_release(day) is release
    assert not release.covers(day)


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        load_release("02/06/2026")


def test_the_release_tells_its_name_window_and_source(release: Release) -> None:
    assert release.name == "ICD-10-CM April 2026"
    assert (release.valid_from, release.valid_to) == ("2026-04-01", "2026-09-30")
    assert len(release.sha256) == 64
    assert release.has_order_file
    assert "Vitamin" not in repr(release)


def test_a_key_is_printed_with_its_dot() -> None:
    assert [dotted(key) for key in ("D62", "D510", "T383X5A")] == ["D62", "D51.0", "T38.3X5A"]
