"""Where values hide, and other numbers pose as values: three that show it, one that nearly does."""

from __future__ import annotations

from itertools import pairwise

import pytest

from nlp.facts import LabValue, Section, SectionCategory, Unit
from nlp.labs import read_labs
from nlp.layout.model import Layout

Found = list[tuple[str, float | None]]


def read(text: str, category: SectionCategory = SectionCategory.UNKNOWN) -> Found:
    """All values; a section runs from the first line, which is its header where one is given."""
    layout = Layout((Section(None, category, "", 0, len(text), 0),), (Unit(0, len(text), 0, 0, 0),))
    labs = read_labs(text, layout, None, "2026-06-02")
    for lab in labs:
        assert text[lab.start : lab.end] == lab.text
    for before, after in pairwise(labs):
        assert before.end <= after.start
    return [(lab.analyte, lab.value) for lab in labs]


def one(analyte: str, *values: float) -> Found:
    return [(analyte, value) for value in values]


SPANS: list[tuple[str, Found]] = [
    ("Over the past year MCV 84–87.", one("mcv", 84, 87)),
    ("Hgb 10.1-10.6 for two years", one("hemoglobin", 10.1, 10.6)),
    ("her ferritin ran between 18 and 25", one("ferritin", 18, 25)),
    ("B12 has ranged from 310 to 420 pg/mL", one("b12", 310, 420)),
    ("MCV 80-100", []),
    ("B12 200-900", []),
    ("ferritin 15 - 150 ng/mL", []),
    ("target ferritin 50-60", []),
    ("MCV has been 101 to 104 since 2022", one("mcv", 101, 104)),
    ("iron 65-70 mg daily", []),
]

DECADES: list[tuple[str, Found]] = [
    ("MCV in the 80s", one("mcv", 80)),
    ("B12 was down in the 90s, ferritin 71", [("b12", 90), ("ferritin", 71)]),
    ("her hemoglobin has been in the low 8s", one("hemoglobin", 8)),
    ("ferritin in the mid-40's", one("ferritin", 40)),
    ("B12 shots in the '90s", []),
    ("took B12 in the 90s", []),
]

RATIOS: list[tuple[str, Found]] = [
    ("sTfR/log ferritin 0.7", []),
    ("Mentzer index (MCV/RBC) 17", []),
    ("ferritin index 1.1", []),
    ("sTfR 3.1, ferritin 11", one("ferritin", 11)),
]

PLACES: list[tuple[str, Found]] = [
    ("home from B12 at 0455", []),
    ("moved to bed B12, 2 L oxygen", []),
    ("Seen in room B-12 at 1430.", []),
    ("B12 drawn 0630", []),
    ("B12 drawn 0630: 188", one("b12", 188)),
    ("B12 came back at 188", one("b12", 188)),
]

GOALS: list[tuple[str, Found]] = [
    ("recheck ferritin in 3 months, aim for >75", []),
    ("ferritin, hoping for 100", []),
    ("B12 in 8 weeks, target 400", []),
    ("Hgb goal >7, currently 8.1", one("hemoglobin", 8.1)),
    ("goal ferritin >100, now 45", one("ferritin", 45)),
    ("target Hgb 10-11, today 9.2 g/dL", one("hemoglobin", 9.2)),
    ("Hgb in 2 weeks was 11.4", one("hemoglobin", 11.4)),
    ("B12: goal >400. Last 388.", one("b12", 388)),
    ("A B12 of 400 would be reassuring.", []),
    ("Ferritin 100 ng/mL is the threshold for EPO", []),
    ("Guidelines recommend ferritin >75 for restless legs", []),
    ("ferritin under 30 usually means iron deficiency", []),
    ("Ferritin 100 ng/mL is the best she has had", one("ferritin", 100)),
]

DEFINITIONS: list[tuple[str, Found]] = [
    ("consistent with iron deficiency (ferritin <30)", []),
    ("iron deficiency, defined as ferritin < 45 ng/mL", []),
    ("macrocytic anemia criteria: B12 <200", []),
    ("iron deficiency (ferritin <4)", one("ferritin", 4)),
    ("iron deficiency (ferritin 30)", one("ferritin", 30)),
]

LIST_NUMBERS: list[tuple[str, Found]] = [
    ("3. B12 deficiency. On SL methylcobalamin, level 402 now.\n4. Mucositis.", one("b12", 402)),
    ("ferritin 12, previously\n2. Gout", one("ferritin", 12)),
    ("1. Follow up B12.,2.  Gout.,3.  Ferritin.", []),
    ("MCV 91, was 88.\n", one("mcv", 91, 88)),
]

SCANS: list[tuple[str, Found]] = [
    ("Hgb 11 .2   MCV 1O9.8", [("hemoglobin", 11.2), ("mcv", 109.8)]),
    ("vitamin Bl2 l42 pg/mL", one("b12", 142)),
    ("ferritin 1O ng/mL", one("ferritin", 10)),
    ("O2 97, Hgb 9.1", one("hemoglobin", 9.1)),
]

STORIES: list[tuple[str, Found]] = [
    ("B12 on 7/29 was 488 pg/mL and the year before 505", one("b12", 488, 505)),
    ("Ferritin was 640 and is 410 now", one("ferritin", 640, 410)),
    ("MCV 101 (108)", one("mcv", 101, 108)),
    ("B12 at referral 97 (ref >200)", one("b12", 97)),
    ("ferritin 12, a year ago 31", one("ferritin", 12, 31)),
    ("on admission B12 was 121", one("b12", 121)),
    ("crit down to 27", one("hematocrit", 27)),
    ("Hgb 9.2 (28)", one("hemoglobin", 9.2)),
    ("B12 level on 3/4/24 - 211, 9/5/24 - 488", one("b12", 211, 488)),
    ("Last B12 612 (5/20/26), prior to that 488.", one("b12", 612, 488)),
    ("Her B12 was 144 a year ago and now is 612", one("b12", 144, 612)),
    ("Ferritin on 3/1/26 was 12; on 5/1/26, 34; and on 5/30/26, 61", one("ferritin", 12, 34, 61)),
    ("B12 checked in March (188) and again in May (455).", one("b12", 188, 455)),
    ("ferritin 22 (2 months ago), 9 (1 yr ago)", one("ferritin", 22, 9)),
    ("ferritin 5, 6, 9 over the last three checks", one("ferritin", 5, 6, 9)),
    ("ferritin 5, 6 tablets left", one("ferritin", 5)),
    ("Hgb nadir 6.8, discharge 8.4", one("hemoglobin", 6.8, 8.4)),
    ("Hgb up 1.2 to 10.4", one("hemoglobin", 10.4)),
    (
        "Ferritin, B12, and folate were 9, 410 and 12 respectively",
        [("ferritin", 9), ("b12", 410), ("folate", 12)],
    ),
]

TABLES: list[tuple[str, Found]] = [
    (
        ("Date       Hgb    MCV   Cr    INR\n"
        "5/09       5.9    88    1.6   1.5\n"
        "5/10       7.4    89    1.5\n"
        "5/11              90    1.4   1.4\n"),
        [("hemoglobin", 5.9), ("mcv", 88), ("creatinine", 1.6), ("hemoglobin", 7.4), ("mcv", 89),
         ("creatinine", 1.5), ("mcv", 90), ("creatinine", 1.4)],
    ),
    (
        "| Date | Hgb | MCV | B12 |\n|---|---|---|---|\n| 5/9/26 | 9.1 | | 142 |\n| 5/30/26 | 10 | 99 | |",
        [("hemoglobin", 9.1), ("b12", 142), ("hemoglobin", 10), ("mcv", 99)],
    ),
    (
        "Date\tHgb\tFerritin\n5/9/26\t9.1\t\n5/30/26\t10\t41",
        [("hemoglobin", 9.1), ("hemoglobin", 10), ("ferritin", 41)],
    ),
    (
        "Date    Hgb    MCV   Ferritin\n        g/dL   fL    ng/mL\n5/9     9.1    --    4\n",
        [("hemoglobin", 9.1), ("ferritin", 4)],
    ),
    ("Hgb   MCV   Ferritin\nsent to the outside lab today\n5  9  3", []),
]  # fmt: skip

REPORTS: list[tuple[str, Found]] = [
    ("Vitamin B12 01      189    Low   pg/mL   232-1245", one("b12", 189)),
    ("Serum vitamin B12 level (XaJ1A) 142 ng/L [197 - 771]", one("b12", 142)),
    ("Mean corpuscular volume (MCV) 69.4 fL", one("mcv", 69.4)),
    ("OBX|5|NM|2132-9^Vitamin B12^LN||142|pg/mL|232-1245|L|||F", one("b12", 142)),
    ('"Vitamin B12","142","pg/mL","232-1245","L"', one("b12", 142)),
    ("VIT B12 LVL\n142  pg/mL\nLOW", one("b12", 142)),
    ("Vitamin B12:\n  Value: 142\n  Units: pg/mL", one("b12", 142)),
    ("Test Name: FERRITIN   Result: 4   Units: ng/mL", one("ferritin", 4)),
    ("b12 low @ 144, mcv up @ 108", [("b12", 144), ("mcv", 108)]),
    ("Ordered: Vitamin B12 (LAB67), Ferritin (LAB68)", []),
    (
        "Recent Labs     05/30/26\n0530 05/31/26\n0612 06/01/26\n0548\nMCV 71.2* 71.9* 72.0*",
        one("mcv", 71.2, 71.9, 72.0),
    ),
    (
        ("Component Ref Range & Units 2 wk ago (5/20/26) 6 mo ago (11/20/25)\n"
         "Ferritin 15 - 150 ng/mL 9 Low  14 Low"),
        one("ferritin", 9, 14),
    ),
    (
        ("Ferritin\nDate Value Ref Range Status\n06/01/2026 4 (L) 15 - 150 ng/mL Final\n"
         "03/01/2026 10:14 AM 9 (L) 15 - 150 ng/mL Final"),
        one("ferritin", 4, 9),
    ),
]  # fmt: skip

FISHBONES: list[tuple[str, Found]] = [
    ("8.1 > 9.2 / 28.4 < 310", [("wbc", 8.1), ("hemoglobin", 9.2), ("hematocrit", 28.4), ("platelets", 310)]),
    ("CBC 5>10.1/31<188", [("wbc", 5), ("hemoglobin", 10.1), ("hematocrit", 31), ("platelets", 188)]),
    (
        "6.2 \\ 11.0 / 33.1 / 240, MCV 99",
        [("wbc", 6.2), ("hemoglobin", 11), ("hematocrit", 33.1), ("platelets", 240), ("mcv", 99)],
    ),
    ("CBC: 5.1>9.8<188", [("wbc", 5.1), ("hemoglobin", 9.8), ("platelets", 188)]),
    ("pain 8 > 5 / 10 < 3", []),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        row
        for rows in (
            SPANS, DECADES, RATIOS, PLACES, GOALS, DEFINITIONS, LIST_NUMBERS, SCANS, STORIES, TABLES, REPORTS,
            FISHBONES,
        )
        for row in rows
    ],
)  # fmt: skip
def test_a_number_is_a_value_only_where_the_words_make_it_one(text: str, expected: Found) -> None:
    assert read(text) == expected


def test_results_on_a_later_line_of_a_family_section_are_the_patients() -> None:
    text = "FHx: anesthesia trouble, none.\nLungs clear.\nHgb 10.7  MCV 85"
    assert read(text, SectionCategory.FAMILY) == [("hemoglobin", 10.7), ("mcv", 85)]
    assert read("FHx:\nMother with ferritin 6", SectionCategory.FAMILY) == []


def test_a_bare_number_in_a_row_of_results_is_one_whatever_the_header() -> None:
    text = "MEDS\nnone\nMCV 92, ferritin 156, B12 701."
    assert read(text, SectionCategory.MEDICATIONS) == [("mcv", 92), ("ferritin", 156), ("b12", 701)]
    assert read("MEDS\nMetformin 500, B12 500", SectionCategory.MEDICATIONS) == []


def labs_of(text: str) -> tuple[LabValue, ...]:
    return read_labs(text, Layout((), (Unit(0, len(text), 0, 0, 0),)), None, "2026-06-02")


@pytest.mark.parametrize(
    ("text", "flag", "date"),
    [
        ("ferritin 22 ng/mL (deficient <30)", "low", None),
        ("ferritin 22 (goal >50 for RLS)", "normal", None),
        ("Ferritin (goal 50-100): 22", "normal", None),
        ("Vitamin B12 Level  242 pg/mL  LOW  05/20/2026 06:40", "low", "2026-05-20"),
        ("Ferritin Lvl: 29 ng/mL Low (05/20/26 07:15:00)", "low", "2026-05-20"),
        ("Ferritin       29 ng/mL         05/20/2026  10:14 AM", "normal", "2026-05-20"),
    ],
)
def test_a_goal_is_no_interval_and_a_time_hides_no_date(text: str, flag: str, date: str | None) -> None:
    assert [(lab.flag.value if lab.flag else None, lab.date) for lab in labs_of(text)] == [(flag, date)]


@pytest.mark.parametrize(
    ("text", "span"),
    [("low B12 (144), tired", "B12 (144)"), ("Hgb(8.8) today", "Hgb(8.8)"), ("now (Hgb 8.8) and", "Hgb 8.8")],
)
def test_a_span_closes_the_parenthesis_it_opens_and_no_other(text: str, span: str) -> None:
    assert [lab.text for lab in labs_of(text)] == [span]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Found to have low B12 last year.", "low B12"),
        ("She has low serum B12, tired.", "low serum B12"),
        ("Vitamin B12 low, will treat", "Vitamin B12 low"),
        ("B12 is borderline low today", "B12 is borderline low"),
    ],
)
def test_a_result_in_words_spans_its_word_and_its_name(text: str, span: str) -> None:
    assert [lab.text for lab in labs_of(text)] == [span]
