"""What the laboratory reader takes from the many ways in which one value is written."""

from __future__ import annotations

import pytest

from tests.nlp.lab_lines import VISIT, Row, read, rows

SINGLE: list[tuple[str, Row]] = [
    # plain
    ("B12 142", ("b12", 142.0, None, "low", None)),
    ("Vitamin B-12: 512 pg/mL", ("b12", 512.0, "pg/mL", "normal", None)),
    ("vit. B12 = 611", ("b12", 611.0, None, "normal", None)),
    ("Vitamin B₁₂ 150 ng/L", ("b12", 150.0, "ng/L", "low", None)),
    ("serum B12 level 233", ("b12", 233.0, None, "normal", None)),
    ("Vit B12 level: 177 L", ("b12", 177.0, None, "low", None)),
    ("Cobalamin 201 pg/mL", ("b12", 201.0, "pg/mL", "normal", None)),
    ("B12 - 188", ("b12", 188.0, None, "low", None)),
    ("B12-188", ("b12", 188.0, None, "low", None)),
    ("B12:1,204", ("b12", 1204.0, None, "high", None)),
    ("Hgb13.2", ("hemoglobin", 13.2, None, "normal", None)),
    ("MCV: 71.4 fl", ("mcv", 71.4, "fl", "low", None)),
    ("mean corpuscular volume of 103", ("mcv", 103.0, None, "high", None)),
    ("MCH 24.1 pg", ("mch", 24.1, "pg", "low", None)),
    ("RDW-CV 16.8 %", ("rdw", 16.8, "%", "high", None)),
    ("% iron sat 9%", ("tsat", 9.0, "%", "low", None)),
    ("Transferrin saturation was 11 percent", ("tsat", 11.0, "percent", "low", None)),
    ("TIBC 512 mcg/dL", ("tibc", 512.0, "mcg/dL", "high", None)),
    ("serum iron 22 ug/dL", ("iron", 22.0, "ug/dL", "low", None)),
    ("Fe 19", ("iron", 19.0, None, "low", None)),
    ("Active B12 19 pmol/L", ("holotc", 19.0, "pmol/L", "low", None)),
    ("holotranscobalamin 88 pmol/L", ("holotc", 88.0, "pmol/L", "normal", None)),
    ("MMA 0.61 umol/L", ("mma", 0.61, "umol/L", "high", None)),
    ("methylmalonic acid 902 nmol/L H", ("mma", 902.0, "nmol/L", "high", None)),
    ("RBC folate 120 ng/mL", ("folate", 120.0, "ng/mL", "low", None)),
    ("serum folate 12.4 ng/mL", ("folate", 12.4, "ng/mL", "normal", None)),
    ("plt 102K", ("platelets", 102.0, "K", "low", None)),
    ("platelet count of 184,000", ("platelets", 184000.0, None, "normal", None)),
    ("white count 6200", ("wbc", 6200.0, None, "normal", None)),
    ("WBC 3.1 x10E3/uL", ("wbc", 3.1, "x10E3/uL", "low", None)),
    ("Cr .7", ("creatinine", 0.7, None, "normal", None)),
    ("eGFR 44 mL/min/1.73m2", ("egfr", 44.0, "mL/min/1.73m2", "low", None)),
    ("Gastrin 890 pg/mL (0-100) H", ("gastrin", 890.0, "pg/mL", "high", None)),
    # comparators
    ("B12 <150 (L)", ("b12<", 150.0, None, "low", None)),
    ("B12 > 2000 pg/mL", ("b12>", 2000.0, "pg/mL", "high", None)),
    ("B12 &lt;150", ("b12<", 150.0, None, "low", None)),
    ("ferritin less than 5", ("ferritin<", 5.0, None, "low", None)),
    ("Ferritin was under 10 ng/mL", ("ferritin<", 10.0, "ng/mL", "low", None)),
    ("B12 greater than 1500", ("b12>", 1500.0, None, "high", None)),
    ("ferritin ≤ 8", ("ferritin<=", 8.0, None, "low", None)),
    ("eGFR >60", ("egfr>", 60.0, None, "normal", None)),
    # printed ranges and marks
    ("B12 204 (ref 200-900)", ("b12", 204.0, None, "normal", None)),
    ("B12 204 [232-1245]", ("b12", 204.0, None, "low", None)),
    ("B12 142 (L)", ("b12", 142.0, None, "low", None)),
    ("Vitamin B12 142 pg/mL (ref 200-900) L", ("b12", 142.0, "pg/mL", "low", None)),
    ("Vitamin B12 L 142 200-900 pg/mL", ("b12", 142.0, "pg/mL", "low", None)),
    ("Vitamin B12 (232-1245) 189", ("b12", 189.0, None, "low", None)),
    ("B12 is 98 pmol/L, the lab gives 138 to 652", ("b12", 98.0, "pmol/L", "low", None)),
    ("Ferritin 22 ng/mL (normal 30 - 400)", ("ferritin", 22.0, "ng/mL", "low", None)),
    ("Ferritin 22 ng/mL, reference range 11 to 307", ("ferritin", 22.0, "ng/mL", "normal", None)),
    ("MMA 0.9 umol/L (normal <0.4)", ("mma", 0.9, "umol/L", "high", None)),
    ("eGFR                 78         >59", ("egfr", 78.0, None, "normal", None)),
    ("Ferritin 9*", ("ferritin", 9.0, None, "low", None)),
    ("Ferritin ↓ 9", ("ferritin", 9.0, None, "low", None)),
    ("Hgb 6.8 LL", ("hemoglobin", 6.8, None, "low", None)),
    ("Hgb 9.1L", ("hemoglobin", 9.1, None, "low", None)),
    ("ferritin 40, low", ("ferritin", 40.0, None, "low", None)),
    ("a B12 of 260, which is low", ("b12", 260.0, None, "low", None)),
    ("TSAT 18% (low)", ("tsat", 18.0, "%", "low", None)),
    ("low ferritin of 28", ("ferritin", 28.0, None, "low", None)),
    ("B12 98 pmol/L", ("b12", 98.0, "pmol/L", "low", None)),
    ("B12 300 pmol/L", ("b12", 300.0, "pmol/L", "normal", None)),
    ("Hb 98 g/L", ("hemoglobin", 98.0, "g/L", "low", None)),
    ("Hb 104", ("hemoglobin", 104.0, None, "low", None)),
    ("Hb 6.1 mmol/L", ("hemoglobin", 6.1, "mmol/L", "low", None)),
    ("B12 142 mmol/L", ("b12", 142.0, "mmol/L", None, None)),
    # prose
    ("ferritin was low at 6", ("ferritin", 6.0, None, "low", None)),
    ("Her hemoglobin has been stable at 10.9.", ("hemoglobin", 10.9, None, "low", None)),
    ("B12 came back at 121", ("b12", 121.0, None, "low", None)),
    ("The B12 was checked last week and was 131.", ("b12", 131.0, None, "low", None)),
    ("found to have a ferritin of only 4", ("ferritin", 4.0, None, "low", None)),
    ("ferritin, drawn 5/4, was 12", ("ferritin", 12.0, None, "low", "2026-05-04")),
    ("H and H was down in the 6 level.", ("hemoglobin", 6.0, None, "low", None)),
    ("Initial Hgb at 9 wk 12.1.", ("hemoglobin", 12.1, None, "normal", None)),
    ("ferritin now about 80", ("ferritin", 80.0, None, "normal", None)),
    ("hemoglobin\n10.2 g/dL", ("hemoglobin", 10.2, "g/dL", "low", None)),
    (
        "Laboratory studies of this morning are remarkable for a ferritin of\n7, otherwise fine",
        ("ferritin", 7.0, None, "low", None),
    ),
    ("B12 deficiency noted (142).", ("b12", 142.0, None, "low", None)),
    ("B12 deficiency with a level of 119", ("b12", 119.0, None, "low", None)),
    ("B12 deficiency, level 119 pg/mL", ("b12", 119.0, "pg/mL", "low", None)),
    (
        "On cyanocobalamin for years. Last level 688 pg/mL (3/3/26).",
        ("b12", 688.0, "pg/mL", "normal", "2026-03-03"),
    ),
    # dates
    ("B12 166 in 12/2025", ("b12", 166.0, None, "low", "2025-12")),
    ("B12 166 on 5/8", ("b12", 166.0, None, "low", "2026-05-08")),
    ("B12 166 on 8/5", ("b12", 166.0, None, "low", "2025-08-05")),
    ("B12 on 4/6/26 was 166", ("b12", 166.0, None, "low", "2026-04-06")),
    ("B12 (4/6/26): 166", ("b12", 166.0, None, "low", "2026-04-06")),
    ("ferritin 48 in January", ("ferritin", 48.0, None, "normal", "2026-01")),
    ("ferritin 48 in 2023", ("ferritin", 48.0, None, "normal", "2023")),
    ("ferritin 48 (March 2025)", ("ferritin", 48.0, None, "normal", "2025-03")),
    ("ferritin 48 on March 3, 2025", ("ferritin", 48.0, None, "normal", "2025-03-03")),
    ("B12 2024-11-30 166", ("b12", 166.0, None, "low", "2024-11-30")),
    ("Vitamin B12   10/02/25  498", ("b12", 498.0, None, "normal", "2025-10-02")),
    ("Labs 4/6/26: TSH 2.1, B12 166", ("b12", 166.0, None, "low", "2026-04-06")),
    ("5/11: Hb 13.0", ("hemoglobin", 13.0, None, "normal", "2026-05-11")),
    ("Blood work dated 12/15/25, sodium 138, ferritin 11", ("ferritin", 11.0, None, "low", "2025-12-15")),
    (
        "RESULTS (collected 05/15/2026)\nSodium   139\nFerritin   11",
        ("ferritin", 11.0, None, "low", "2026-05-15"),
    ),
    ("LABS 04/07/2026 (facility lab)\nMCV 95", ("mcv", 95.0, None, "normal", "2026-04-07")),
    ("Prev 10/2025: B-12 1,467", ("b12", 1467.0, None, "high", "2025-10")),
    ("Hgb today 12.8", ("hemoglobin", 12.8, None, "normal", VISIT)),
    ("2/26: ferritin 5", ("ferritin", 5.0, None, "low", "2026-02")),
    # tables
    ("Vitamin B12          189        232-1245 pg/mL       L", ("b12", 189.0, "pg/mL", "low", None)),
    ("Ferritin (add-on)  8        L      16-154 ng/mL", ("ferritin", 8.0, "ng/mL", "low", None)),
    ("| Ferritin | 8 | ng/mL | 16-154 | L |", ("ferritin", 8.0, "ng/mL", "low", None)),
    ("|Vitamin B12|189 pg/mL|232 - 1245 pg/mL|Low|", ("b12", 189.0, "pg/mL", "low", None)),
    ("Ferritin\t8\tng/mL\t16-154\tL", ("ferritin", 8.0, "ng/mL", "low", None)),
    ("Ferritin (ng/mL)   8", ("ferritin", 8.0, "ng/mL", "low", None)),
    ("Hemoglobin, POC     10.1", ("hemoglobin", 10.1, None, "low", None)),
    ("FERRITIN .............. 8", ("ferritin", 8.0, None, "low", None)),
    ("Vitamin B12\n189 pg/mL\nNormal range: 232 - 1245 pg/mL", ("b12", 189.0, "pg/mL", "low", None)),
    ("Ferritin\r\n8 ng/mL (L)\r\n", ("ferritin", 8.0, "ng/mL", "low", None)),
]


@pytest.mark.parametrize(("text", "expected"), SINGLE, ids=[t[:60] for t, _ in SINGLE])
def test_one_value_is_read_with_unit_flag_and_date(text: str, expected: Row) -> None:
    assert [expected] == rows(text)


def test_the_printed_range_is_kept_with_its_bounds() -> None:
    lab = read("Vit B-12: 158 pg/mL [232-1245]")[0]
    assert (lab.reference_low, lab.reference_high) == (232.0, 1245.0)
    bound = read("MMA 0.9 umol/L (normal <0.4)")[0]
    assert (bound.reference_low, bound.reference_high) == (None, 0.4)


def test_the_span_covers_name_value_unit_range_and_flag() -> None:
    assert (
        read("today Vitamin B12  189   232-1245 pg/mL   L\nand the rest")[0].text
        == "Vitamin B12  189   232-1245 pg/mL   L"
    )
    later = read("ferritin 11 -> 13 ng/mL.")[1]
    assert (later.text, later.unit) == ("13 ng/mL", "ng/mL")


@pytest.mark.parametrize(
    ("text", "plausible"),
    [
        ("B12 142", True),
        ("MCV 8.9 L", False),
        ("ferritin 142 mmol/L", None),
        ("LDH 612", None),
        ("Hb 98 g/L", True),
        ("B12 3 pg/mL", False),
    ],
)
def test_an_implausible_value_is_kept_and_marked(text: str, plausible: bool | None) -> None:
    assert [lab.plausible for lab in read(text)] == [plausible]


def test_a_missing_year_comes_from_the_full_dates_of_the_note_without_a_visit_date() -> None:
    assert [lab.date for lab in read("Labs 4/21/25 B12 142\n5/28 B12 350", visit=None)] == [
        "2025-04-21",
        "2025-05-28",
    ]
    assert [lab.date for lab in read("5/28: B12 350", visit=None)] == [None]


def test_offsets_hold_behind_a_byte_order_mark_tabs_and_carriage_returns() -> None:
    text = "\ufeffLabs\r\n\tB12\t\u2009142\u00a0pg/mL\r\n"
    lab = read(text)[0]
    assert (lab.value, lab.unit) == (142.0, "pg/mL")
    assert lab.start == text.index("B12")


def test_blank_lines_in_front_shift_offsets_and_nothing_else() -> None:
    text = "Labs 4/6/26: B12 166, ferritin 11 -> 13"
    plain = read(text)
    shifted = read("\n\n\n" + text)
    assert [(x.start + 3, x.end + 3, x.value, x.date) for x in plain] == [
        (x.start, x.end, x.value, x.date) for x in shifted
    ]


def test_the_spacy_factory_writes_the_same_values() -> None:
    spacy = pytest.importorskip("spacy")
    pytest.importorskip("nlp.labs.component")
    pipeline = spacy.blank("en")
    pipeline.add_pipe("corrin_labs")
    document = pipeline("Labs: B12 142 (L), ferritin 9.")
    assert [(lab.analyte, lab.value) for lab in document._.corrin_labs] == [("b12", 142.0), ("ferritin", 9.0)]


def test_ids_count_in_text_order_and_repr_holds_no_text() -> None:
    labs = read("ferritin 12, Quicksilver hgb 9")
    assert [lab.id for lab in labs] == ["l1", "l2"]
    assert "ferritin 12" not in repr(labs[0])
