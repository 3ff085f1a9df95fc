"""Values told between other words, signs and columns: three that show it, one that nearly does."""

from __future__ import annotations

import pytest

from nlp.facts import Section, SectionCategory, Unit
from nlp.labs import read_labs
from nlp.layout.model import Layout

Found = list[tuple[str, float | None]]


def read(text: str, category: SectionCategory = SectionCategory.LABS) -> Found:
    """All values of one section that runs from the first line."""
    layout = Layout((Section(None, category, "", 0, len(text), 0),), (Unit(0, len(text), 0, 0, 0),))
    labs = read_labs(text, layout, None, "2026-06-02")
    assert all(text[lab.start : lab.end] == lab.text for lab in labs)
    return [(lab.analyte, lab.value) for lab in labs]


def one(analyte: str, *values: float) -> Found:
    return [(analyte, value) for value in values]


COMPARED: list[tuple[str, Found]] = [
    ("VITAMIN B12      >2000    232-1245 pg/mL    H", one("b12", 2000)),
    (
        "  Ferritin          >1650     13-150 ng/mL     H\n  MCV     88     80-100 fL",
        [("ferritin", 1650), ("mcv", 88)],
    ),
    ("COBALAMIN (B12)  <150   180-914 pg/mL  L", one("b12", 150)),
    ("VITAMIN B12 REFERENCE   >200 pg/mL", []),
]

PRIOR: list[tuple[str, Found]] = [
    (
        "Values at presentation in brackets: B12 610 ng/L (<100), ferritin 22 ug/L (29)",
        [("b12", 610), ("b12", 100), ("ferritin", 22), ("ferritin", 29)],
    ),
    ("MCV 91 (118), B12 540 (<150)", [("mcv", 91), ("mcv", 118), ("b12", 540), ("b12", 150)]),
    ("B12 161 (nl 211-911; 2023: 290)", one("b12", 161, 290)),
    ("Ferritin 9 ng/mL (ref 13-150; last yr 31)", one("ferritin", 9, 31)),
    ("B12 488 pg/mL (ref 232-1245, was 96 in 2024)", one("b12", 488, 96)),
    ("B12 161 (nl 211-911; repeat in 2027)", one("b12", 161)),
    ("CRP 3 (<5), MMA 140 (<378), ferritin 41 (>30)", [("mma", 140), ("ferritin", 41)]),
]

WITH: list[tuple[str, Found]] = [
    ("MMA 611 with B12 261; now MMA 240", [("mma", 611), ("b12", 261), ("mma", 240)]),
    ("Hgb 10.9 with MCV 109 and B12 167", [("hemoglobin", 10.9), ("mcv", 109), ("b12", 167)]),
    ("homocysteine 31 with a B12 of 244", [("homocysteine", 31), ("b12", 244)]),
    ("folate with B12 500 every morning", []),
]

INJECTED: list[tuple[str, Found]] = [
    ("B12 deficiency, at goal on monthly inj (B12 702 5/26), cont", one("b12", 702)),
    ("doing well on shots (B12 655 3/26)", one("b12", 655)),
    ("continue monthly injections (B12 518 4/12)", one("b12", 518)),
    ("on monthly inj (B12 1000)", []),
    ("B12 at onset 119, now 884 on monthly IM", one("b12", 119, 884)),
    ("B12 at diagnosis 88, now 610 on weekly shots", one("b12", 88, 610)),
    ("B12 at dx 140 -> 702 on SL tabs", one("b12", 140, 702)),
    ("B12 at breakfast, 1000 on weekends", []),
]

LISTED: list[tuple[str, Found]] = [
    (
        "A year off everything: B12 488, 471, 502. MMA nl.",
        [("b12", 488), ("b12", 471), ("b12", 502), ("mma", None)],
    ),
    ("ferritin 18, 22, 19. Cycles heavy.", one("ferritin", 18, 22, 19)),
    ("MCV 101, 103, 104; B12 169", [("mcv", 101), ("mcv", 103), ("mcv", 104), ("b12", 169)]),
    ("B12 488, 2 refills left", one("b12", 488)),
    ("MCV 92, 14 visits this year", one("mcv", 92)),
]

HISTORY: list[tuple[str, Found]] = [
    ("B12 hx: 4/26 level 102 pg/ml, IF ab positive", [("b12", 102), ("intrinsic_factor_antibody", None)]),
    ("Ferritin history: 3/26 level 11", one("ferritin", 11)),
    ("B12 hx: 5/25 value 140", one("b12", 140)),
    ("B12 hx: 4/26 started 1000 mcg IM", []),
    (
        "Ferritin 9/22/25: 52. 12/25: 29. Hgb 13.4.",
        [("ferritin", 52), ("ferritin", 29), ("hemoglobin", 13.4)],
    ),
    ("B12 3/1/25: 140. 9/1/25: 388. 3/1/26: 512.", one("b12", 140, 388, 512)),
    ("MCV 1/26: 109. 5/26: 96.", one("mcv", 109, 96)),
    ("B12 4/26: 388. 12/80 pain today.", one("b12", 388)),
]

LOWER: list[tuple[str, Found]] = [
    ("Hgb 104.6 h plt 168", [("hemoglobin", 104.6), ("platelets", 168)]),
    ("MCV 104.6 h plt 168", [("mcv", 104.6), ("platelets", 168)]),
    ("b12 151 l, ferritin 12 l", [("b12", 151), ("ferritin", 12)]),
    ("ferritin 612 h crp 40", one("ferritin", 612)),
    ("B12 500 l glass of water", []),
    ("Vit B12, 121 pg/mL", one("b12", 121)),
    ("Ferritin, 8 ng/mL", one("ferritin", 8)),
    ("MCV, 112 fL", one("mcv", 112)),
    ("folate, B12, 3 visits", []),
]

BEHIND: list[tuple[str, Found]] = [
    ("outside: 2.1 / 8.4 / 101 (MCV) / 98", one("mcv", 101)),
    ("11.2 / 109 (MCV) / 240", one("mcv", 109)),
    ("Then 142 (B12) and 9 (ferritin) in May", [("b12", 142), ("ferritin", 9)]),
    ("seen at 9 (MCV 101)", one("mcv", 101)),
    ("took 1000 (B12) daily", []),
    ("Vitamin B12, serum - Order 44120\nResult: 167 pg/mL", one("b12", 167)),
    ("Ferritin [LAB68]\n  Result: 11", one("ferritin", 11)),
    ("VITAMIN B12\nStatus: Final result\nResult: 188 (L)", one("b12", 188)),
    ("Vitamin B12, serum - Order 44120\nResult: pending", []),
    ("MCV 3 days ago, neck sore since", []),
    ("s/p MCV 2019 with neck pain", []),
    ("restrained driver in MCV at 45 mph", []),
    ("neck pain after MCV, 88 y/o driver", []),
    ("MCV 88, in a car accident 2019", one("mcv", 88)),
]

LEVELS: list[tuple[str, Found]] = [
    ("PCP stopped all B12 in 2024 and levels since (412, then 455 in Nov) have held.", one("b12", 412, 455)),
    ("Off B12 since fall; levels have been 388, 402.", one("b12", 388, 402)),
    (
        "Stopped all B12 in Jan 2025. Wants to know.\nLevel off everything: 506 pg/mL; MMA 140",
        [("b12", 506), ("mma", 140)],
    ),
    ("B12 stopped. Level without them: 340", one("b12", 340)),
    ("B12 stopped. Level of care: 3", []),
]

MONTHS: list[tuple[str, Found]] = [
    ("LAB      Jan     Feb     Mar\nHgb      9.6     9.9     10.4\nFerritin  812    -      640",
     [("hemoglobin", 9.6), ("hemoglobin", 9.9), ("hemoglobin", 10.4), ("ferritin", 812), ("ferritin", 640)]),
    ("           2023   2024   2025\nB12        140    388    512\nMCV        109    96     92",
     [("b12", 140), ("b12", 388), ("b12", 512), ("mcv", 109), ("mcv", 96), ("mcv", 92)]),
    ("Test   Admit   Day 1   Today\nMCV    112     --      110\nB12    <150    -       -",
     [("mcv", 112), ("mcv", 110), ("b12", 150)]),
    ("| Lab | Mar | Apr |\n|---|---|---|\n| Ferritin | 8 | 41 |\n| B12 | n/a | 402 |",
     [("ferritin", 8), ("ferritin", 41), ("b12", 402)]),
    ("Injections Jan Feb Mar\nB12  1000 mcg  1000 mcg  1000 mcg", []),
]  # fmt: skip


MEANWHILE: list[tuple[str, Found]] = [
    ("Ferritin 11 (3/2), given Injectafer x2, repeat 140", one("ferritin", 11, 140)),
    ("B12 was 104 last year before the bypass, 350 now", one("b12", 104, 350)),
    ("b12 - 171 on 4/2, 390 on 6/1", one("b12", 171, 390)),
    ("MCV 108, 104, 3 weeks apart", one("mcv", 108, 104)),
    ("MCV 101/98. Platelets fine.", one("mcv", 101, 98)),
    ("MCV 97/96. Platelets fine.", one("mcv", 97, 96)),
    ("MCV 88/29.", []),
    ("MCV 10/12: 92", one("mcv", 92)),
    ("Ferritin 14 -> 88 post-infusion (8/26) -> 17 (10/14).", one("ferritin", 14, 88, 17)),
    ("Ferritin 14 -> 88 postcards were sent.", one("ferritin", 14)),
    ("B12 checked 4/12, 195.", one("b12", 195)),
    ("Referred for B12 with level 159.", one("b12", 159)),
    ("B12 was good (480).", one("b12", 480)),
    ("B12 on replacement 940 pg/mL", one("b12", 940)),
    (
        "July labs (drawn 7/9)    June    May\nHgb       10.1    9.9    9.4\nFerritin  500   480   410",
        [("hemoglobin", 10.1), ("hemoglobin", 9.9), ("hemoglobin", 9.4),
         ("ferritin", 500), ("ferritin", 480), ("ferritin", 410)],
    ),
    ("Ferritin 14, given 2 units, 3 visits", one("ferritin", 14)),
    ("B12 checked 3/26, 30 pills refilled.", []),
    ("B12 on injections 1000 mcg monthly", []),
    ("B12 was started (1000 mcg)", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        row
        for rows in (
            COMPARED,
            PRIOR,
            WITH,
            INJECTED,
            LISTED,
            HISTORY,
            LOWER,
            BEHIND,
            LEVELS,
            MONTHS,
            MEANWHILE,
        )
        for row in rows
    ],
)
def test_a_value_is_found_wherever_its_words_stand(text: str, expected: Found) -> None:
    assert read(text) == expected
