"""Pairs, trends and tables of laboratory values, and words that stand for one."""

from __future__ import annotations

import pytest

from tests.nlp.lab_lines import read

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
