"""Doses, thresholds, orders and other numbers beside an analyte's name, which are no values of it."""

from __future__ import annotations

import pytest

from nlp.facts import SectionCategory
from tests.nlp.lab_lines import rows

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
