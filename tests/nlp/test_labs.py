"""What the laboratory reader takes from the many ways in which a value is written."""

from __future__ import annotations

from itertools import pairwise

import pytest

from nlp.facts import LabValue, Section, SectionCategory, Unit
from nlp.labs import read_labs
from nlp.layout.model import Layout

VISIT = "2026-06-02"
Row = tuple[str, float | None, str | None, str | None, str | None]


def lines_layout(text: str, category: SectionCategory = SectionCategory.UNKNOWN) -> Layout:
    """One section, one unit a line."""
    units: list[Unit] = []
    at = 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        if line.strip():
            units.append(Unit(at, at + len(line), 0, number, number))
        at += len(line)
    return Layout((Section(None, category, "", 0, len(text), 0),), tuple(units))


def read(
    text: str, category: SectionCategory = SectionCategory.UNKNOWN, visit: str | None = VISIT
) -> tuple[LabValue, ...]:
    labs = read_labs(text, lines_layout(text, category), "n1", visit)
    for lab in labs:
        assert text[lab.start : lab.end] == lab.text
        assert lab.text == lab.text.strip()
    for before, after in pairwise(labs):
        assert before.end <= after.start
    return labs


def rows(
    text: str, category: SectionCategory = SectionCategory.UNKNOWN, visit: str | None = VISIT
) -> list[Row]:
    """Value with its comparator in the place of the value's sign, unit, flag, date."""
    return [
        (
            lab.analyte + (lab.comparator or ""),
            lab.value,
            lab.unit,
            lab.flag.value if lab.flag else None,
            lab.date,
        )
        for lab in read(text, category, visit)
    ]


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


SEVERAL: list[tuple[str, list[tuple[str, float, str | None]]]] = [
    ("Hgb/Hct 9.7/29.8", [("hemoglobin", 9.7, None), ("hematocrit", 29.8, None)]),
    ("H/H 10/30", [("hemoglobin", 10.0, None), ("hematocrit", 30.0, None)]),
    ("with an H and H of 14 and 42%.", [("hemoglobin", 14.0, None), ("hematocrit", 42.0, None)]),
    ("H&H 14 and 39.4 respectively", [("hemoglobin", 14.0, None), ("hematocrit", 39.4, None)]),
    ("hemoglobin and hematocrit of 16 and 46", [("hemoglobin", 16.0, None), ("hematocrit", 46.0, None)]),
    ("BUN and creatinine are of 27 and 1.9", [("creatinine", 1.9, None)]),
    ("BUN/Cr 20/1.1", [("creatinine", 1.1, None)]),
    ("B12/folate 320/12.4", [("b12", 320.0, None), ("folate", 12.4, None)]),
    (
        "Hgb 9.7 / Hct 29.8 / MCV 77",
        [("hemoglobin", 9.7, None), ("hematocrit", 29.8, None), ("mcv", 77.0, None)],
    ),
    ("Iron 27/TIBC 430/sat 6%", [("iron", 27.0, None), ("tibc", 430.0, None), ("tsat", 6.0, None)]),
    ("Hgb has come down from 12.6 to 7.7.", [("hemoglobin", 12.6, None), ("hemoglobin", 7.7, None)]),
    ("ferritin 11 -> 13, MCV 75", [("ferritin", 11.0, None), ("ferritin", 13.0, None), ("mcv", 75.0, None)]),
    (
        "ferritin 11 → 13 → 20 ng/mL",
        [("ferritin", 11.0, None), ("ferritin", 13.0, None), ("ferritin", 20.0, None)],
    ),
    ("B12 166 (was 310)", [("b12", 166.0, None), ("b12", 310.0, None)]),
    ("B12 deficiency (142, prior 310 in '23)", [("b12", 142.0, None), ("b12", 310.0, "2023")]),
    (
        "Hgb 10.4 on 5/8 against 10.5 in March",
        [("hemoglobin", 10.4, "2026-05-08"), ("hemoglobin", 10.5, "2026-03")],
    ),
    ("ferritin 38, up from 9 in January.", [("ferritin", 38.0, None), ("ferritin", 9.0, "2026-01")]),
    ("B12 142 (4/21/26), 350 (5/28/26)", [("b12", 142.0, "2026-04-21"), ("b12", 350.0, "2026-05-28")]),
    ("B12 4/21/26 142, 5/28/26 350", [("b12", 142.0, "2026-04-21"), ("b12", 350.0, "2026-05-28")]),
    (
        "Hgb trend: 12.6, 10.9, 9.2",
        [("hemoglobin", 12.6, None), ("hemoglobin", 10.9, None), ("hemoglobin", 9.2, None)],
    ),
    ("MCV 77 / ferritin 7 (5/29/26)", [("mcv", 77.0, "2026-05-29"), ("ferritin", 7.0, "2026-05-29")]),
    (
        "Labs:  4/21/26  Hgb 8.9, MCV 117\n       5/28/26  Hgb 11.0, MCV 101",
        [
            ("hemoglobin", 8.9, "2026-04-21"),
            ("mcv", 117.0, "2026-04-21"),
            ("hemoglobin", 11.0, "2026-05-28"),
            ("mcv", 101.0, "2026-05-28"),
        ],
    ),
    (
        (
            "             6/12/25    12/9/25    5/8/26\n"
            "MCV          87         89         90\n"
            "Ferritin     61         58         64"
        ),
        [
            ("mcv", 87.0, "2025-06-12"),
            ("mcv", 89.0, "2025-12-09"),
            ("mcv", 90.0, "2026-05-08"),
            ("ferritin", 61.0, "2025-06-12"),
            ("ferritin", 58.0, "2025-12-09"),
            ("ferritin", 64.0, "2026-05-08"),
        ],
    ),
    (
        "             6/12/25    12/9/25    5/8/26\nFerritin     61                    64",
        [("ferritin", 61.0, "2025-06-12"), ("ferritin", 64.0, "2026-05-08")],
    ),
    (
        "| Test | 6/12/25 | 5/8/26 | Ref |\n|---|---|---|---|\n| Vitamin B12 | 142 L | 488 | 232-1245 |",
        [("b12", 142.0, "2025-06-12"), ("b12", 488.0, "2026-05-08")],
    ),
    (
        "Date      Hgb   MCV   Ferritin\n4/21/26   8.9   117   88\n5/28/26   11.0  101   60",
        [
            ("hemoglobin", 8.9, "2026-04-21"),
            ("mcv", 117.0, "2026-04-21"),
            ("ferritin", 88.0, "2026-04-21"),
            ("hemoglobin", 11.0, "2026-05-28"),
            ("mcv", 101.0, "2026-05-28"),
            ("ferritin", 60.0, "2026-05-28"),
        ],
    ),
    (
        "WBC  Hgb  Plt  MCV\n5.1  9.9  301  74",
        [("wbc", 5.1, None), ("hemoglobin", 9.9, None), ("platelets", 301.0, None), ("mcv", 74.0, None)],
    ),
    (
        (
            "Admission Hgb 12.6. Post-op as follows:\n\n"
            "   POD0  10.9\n   POD1   9.2  -> 1 unit\n   POD2   7.7\n\nAmbulating."
        ),
        [
            ("hemoglobin", 12.6, None),
            ("hemoglobin", 10.9, None),
            ("hemoglobin", 9.2, None),
            ("hemoglobin", 7.7, None),
        ],
    ),
    (
        "B12 levels:\n10/02/25  498\n01/03/26  512",
        [("b12", 498.0, "2025-10-02"), ("b12", 512.0, "2026-01-03")],
    ),
    (
        (
            "LABORATORY DATA:,  WBC 5.77, H&H 14 and 39.4 respectively, and platelets 102,000.  "
            "BMP:  Sodium 140.,PLAN:,1. B12 500."
        ),
        [
            ("wbc", 5.77, None),
            ("hemoglobin", 14.0, None),
            ("hematocrit", 39.4, None),
            ("platelets", 102000.0, None),
        ],
    ),
    (
        "Hemoglobin 12 on admission, 10.1 at discharge",
        [("hemoglobin", 12.0, None), ("hemoglobin", 10.1, None)],
    ),
    ("ferritin improved 4 to 54", [("ferritin", 4.0, None), ("ferritin", 54.0, None)]),
    ("CBC 4/6: H/H 10.2/31.5", [("hemoglobin", 10.2, "2026-04-06"), ("hematocrit", 31.5, "2026-04-06")]),
    ("On B12 1000 mcg daily, level 640 in March", [("b12", 640.0, "2026-03")]),
    ("Hgb 12 weeks ago 9", [("hemoglobin", 9.0, None)]),
    ("Ferritin Latest Ref Range: 15 - 150 ng/mL 6 (L)", [("ferritin", 6.0, None)]),
    ("MCV up to 118", [("mcv", 118.0, None)]),
]


@pytest.mark.parametrize(("text", "expected"), SEVERAL, ids=[t[:60] for t, _ in SEVERAL])
def test_pairs_trends_and_tables_give_each_value_its_analyte_and_date(
    text: str, expected: list[tuple[str, float, str | None]]
) -> None:
    assert [(lab.analyte, lab.value, lab.date) for lab in read(text)] == expected


RESULTS: list[tuple[str, list[tuple[str, str]]]] = [
    ("IF Ab neg", [("intrinsic_factor_antibody", "negative")]),
    ("Intrinsic factor antibody is negative.", [("intrinsic_factor_antibody", "negative")]),
    ("positive IF antibody", [("intrinsic_factor_antibody", "positive")]),
    ("Anti-parietal cell antibodies: POSITIVE", [("parietal_cell_antibody", "positive")]),
    ("Intrinsic factor and parietal cell antibodies negative",
     [("intrinsic_factor_antibody", "negative"), ("parietal_cell_antibody", "negative")]),
    ("hemoglobin WNL, potassium 3.9", [("hemoglobin", "normal")]),
    ("ferritin was low.", [("ferritin", "low")]),
    ("MMA elevated", [("mma", "high")]),
    ("B12 undetectable", [("b12", "undetectable")]),
    ("vitamin B12 level, RPR, T4 and TSH, all of which were normal", [("b12", "normal")]),
    ("B12 and folate normal", [("b12", "normal"), ("folate", "normal")]),
    ("B12, folate and TSH were normal", [("b12", "normal"), ("folate", "normal")]),
    ("normal ferritin", [("ferritin", "normal")]),
    ("platelet count normal", [("platelets", "normal")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RESULTS, ids=[t[:60] for t, _ in RESULTS])
def test_words_for_a_value_become_its_result(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(lab.analyte, lab.result) for lab in read(text)] == expected
    assert all(lab.value is None for lab in read(text))


NOTHING = [
    "B12 1000 mcg IM monthly",
    "vitamin B12 1,000 mcg daily",
    "Vitamin B12 500 daily",
    "vitamin B-12 1000 MCG tablet",
    "B12 1000 IM today",
    "B12 injection 1000 given",
    "start B12 1000",
    "takes B12 2500 and a multivitamin",
    "B12 1 mL",
    "B12 #30",
    "B12 shots x 5",
    "B12 x 3 months",
    "B12 q 28 d",
    "B12 weekly x4 then monthly",
    "iron 325 mg",
    "iron 240 mg twice daily",
    "iron 65 BID",
    "IV iron 300 mg x3",
    "folic acid 1 mg",
    "folate 1 mg daily",
    "folic acid 400 mcg",
    "If ferritin <30 will start iron",
    "if the ferritin drops under 20 would treat",
    "goal ferritin >50",
    "ferritin goal 100",
    "target Hgb 10-11",
    "once Hgb >12",
    "transfuse for Hgb < 7",
    "Transfuse if Hgb <7 or Hct <21",
    "keep ferritin above 50",
    "A ferritin <30 is diagnostic of iron deficiency",
    "until ferritin 100",
    "MCV last night, restrained driver",
    "MCV at 40 mph",
    "MCV 3 days ago",
    "hemoglobin A1c 6.7",
    "Hgb A1c 5.5",
    "last hemoglobin A1c was 7.2",
    "Hb A2 3.1%",
    "Hb S 40%",
    "Benicar HCT 40 mg/25 mg",
    "HCT 25 mg daily",
    "HCT on admission, 12/8/92, showed a bleed",
    "lisinopril/HCT 20/12.5",
    "Sinemet CR 25/100 TID",
    "vitamin B12 deficiency (E53.8)",
    "vitamin B12 deficiency (2019)",
    "B12 deficiency since 2019",
    "B12 deficiency dx 3/2019",
    "check B12 and folate in 6 weeks",
    "ferritin in 8 weeks",
    "Repeat CBC/ferritin in 8 wks",
    "recheck B12 3 mo",
    "repeat ferritin in 12 wk. RD referral.",
    "B12/folate - sent, pending",
    "IF antibody, parietal cell antibody and gastrin sent",
    "Ferritin pending",
    "ordered B12, MMA, homocysteine",
    "B12 level 6/15/26",
    "call 555-123-4567 with B12",
    "O2 sat 97%",
    "97% sat on room air",
    "SpO2 98 % saturation",
    "urine creatinine 120",
    "protein/creatinine ratio 0.2",
    "CSF: WBC 92, protein 60",
    "UA with 5-10 WBC, WBC 12",
    "Vitamin B12,\n17 Multivitamin",
    "16. Vitamin B12.,17. Multivitamin.",
    "Vitamin B12\n1000 mcg daily",
    "hemoglobin dropped by 2 points",
    "Hgb drop of 2",
    "2 units PRBC given",
    "iron deficiency 2019",
    "Iron\n325 mg tablet",
    "high iron diet",
    "low B12 intake",
    "B12 in normal saline",
    "history of low B12",
    "ferritin not low",
    "PA 12 seen today",
    "H. pylori positive",
    "mother's B12 was 120",
    "vit D 24",
    "phenytoin level 12",
    "B12 >400 desired",
    "Vitamin B-12 1000 MCG/ML IJ SOLN",
    "Vitamin B12 (82607), Ferritin (82728)",
    "TSAT <20 and ferritin <100 define iron deficiency in CKD",
    "a normal B12 is 200-900",
    "normal ferritin is 30 to 300",
    "B12 levels below 200 are low",
    "Patients with B12 under 200 need treatment",
    "Hb electrophoresis: Hb A 97, Hb A2 2.5",
    "Ferrous sulfate 325 (65 Fe) mg daily",
    "B12 lot 4021, exp 12/27",
    "Vitamin B12 inj 1 cc given L deltoid, NDC 0517-0031",
    "Reference: B12 200-900",
    "B12 1/4",
]


@pytest.mark.parametrize("text", NOTHING)
def test_a_dose_threshold_order_or_other_word_is_no_value(text: str) -> None:
    assert rows(text) == []


def test_a_bare_number_in_the_medication_list_is_a_dose() -> None:
    assert rows("Vitamin B12 250\nIron 65\nFolic acid 1", SectionCategory.MEDICATIONS) == []
    assert [r[:2] for r in rows("Vitamin B12 250 pg/mL", SectionCategory.MEDICATIONS)] == [("b12", 250.0)]


def test_values_in_family_history_are_left_out() -> None:
    assert rows("Mother: ferritin 6", SectionCategory.FAMILY) == []


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
