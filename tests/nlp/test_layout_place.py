"""Where a short section ends without a header, and the list that is the assessment by its place."""

from __future__ import annotations

import pytest

from nlp.layout import read_layout


def seen(text):
    """The sections as (category, title, body) triples."""
    return [
        (section.category.value, section.title, text[section.body_start : section.end].strip())
        for section in read_layout(text).sections
    ]


def category_of(text, words):
    section = read_layout(text).section_at(text.index(words))
    assert section is not None
    return section.category.value


@pytest.mark.parametrize(
    ("field", "category"),
    [
        ("Procedure: sleeve gastrectomy 3/2019", "procedures"),
        ("Interval: one ED visit for gout", "interval"),
        ("Meds: folic acid, lisinopril, aspirin", "medications"),
        ("Fam hx: rnother gout", "family"),
        ("Diet: tea and toast", "social"),
        ("Service: Family Medicine", "unknown"),
        ("CC: sore toe", "hpi"),
        ("PMH: gout, psoriasis", "pmh"),
        ("Allergies: sulfa", "allergies"),
    ],
)
def test_a_field_ends_at_the_blank_line(field, category):
    text = f"Clinic note\n\n{field}\n\nShe came back tired and pale after the summer.\nThe tongue is sore."
    assert category_of(text, field) == category
    assert seen(text)[-1] == (
        "unknown",
        "",
        "She came back tired and pale after the summer.\nThe tongue is sore.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "HPI: She is tired.\n\nShe also has a sore tongue and eats little.",
        "A/P: anemia.\n\nShe will come back in a month to see us.",
        "HOSPITAL COURSE: she was transfused.\n\nOn day three she walked down the hall.",
        "O: pale.\n\nShe walks with a cane and has a smooth tongue.",
        "Addendum 3/2/25: ferritin is 6.\n\nShe was called and told to start iron.",
        "Meds: folic acid 1 mg daily\n\nlisinopril 10 mg daily",
        "FH: mother anemic.\n\nSister has pernicious anemia and takes shots for it.",
        "Labs: Hgb 9.1\n\nFerritin 6, MCV 71",
        "PMH: as below\n\n- gout\n- psoriasis",
    ],
)
def test_what_goes_on_behind_a_blank_line_is_not_cut(text):
    assert len(seen(text)) == 1


@pytest.mark.parametrize(
    ("line", "category"),
    [
        ("Wt 186, BP 142/78, HR 71", "unknown"),
        ("118/70  P 66  afebrile", "unknown"),
        ("VSS, looks well", "unknown"),
        ("Hgb 11.3  MCV 79  plt 412", "unknown"),
        ("4/2: Cr 1.7, eGFR 41", "unknown"),
        ("Labs rev'd with her, all fine", "unknown"),
        ("Date        Hgb     MCV     Plt", "unknown"),
        ("lisinopril 10, B12 1000 mcg monthly", "medications"),
        ("Folate 1 mg daily", "medications"),
        ("Iron 325 mg every other day", "medications"),
        ("P-5-P one daily", "medications"),
    ],
)
def test_vital_signs_and_results_do_not_continue_a_list_of_drugs(line, category):
    assert category_of(f"Seen today.\nMeds: aspirin, folic acid\n{line}\nmore words", line) == category


def test_vital_signs_end_a_list_below_its_header_and_a_result_beside_a_problem_does_not():
    text = "PMH\n- diabetes\n  A1c 7.1\n- gout\nWt 180, BP 120/70"
    assert category_of(text, "A1c 7.1") == "pmh"
    assert category_of(text, "gout") == "pmh"
    assert category_of(text, "Wt 180") == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "Meds: none\nBP 120/80\n4/2: Cr 1.7\n\n1. Dementia. Continue donepezil.\n2. B12 deficiency. Shots.",
        "Fam hx: none\n\nHgb 11  MCV 109\n\n1) Vitamin B12 deficiency, new - cyanocobalamin 1 mg today",
        "Diet: tea.\n\nCBC 4/1: MCV 108\n\n#1 Macrocytosis, from B12 deficiency. Recheck.\n#2 Gout, stable.",
        "Labs 3/1: B12 142.\n1. B12 deficiency, start shots.\n2. Gout, quiet.",
        "Seen with her son.\nHgb 12.\n- B12 deficiency: continue shots\n- Gout: stop the drug",
        "Seen.\nLabs: B12 142\n1. B12 deficiency. Shots.\n2. Vaccines: given\nPlan: see me in May",
    ],
)
def test_a_list_of_problems_with_plans_is_the_assessment_by_its_place(text):
    section = read_layout(text).section_at(text.index("B12 deficiency"))
    assert section is not None
    assert (section.category.value, section.title) == ("assessment_plan", "")
    assert text[section.start - 1] == "\n"


@pytest.mark.parametrize(
    "text",
    [
        "Meds:\n1. Cyanocobalamin for B12 deficiency, continue\n2. Aspirin 81 mg, stop",
        "Meds: see below\n1. Cyanocobalamin 1000 mcg for B12 deficiency, continue\n2. Aspirin, stop",
        "PMH:\n1. B12 deficiency\n2. Gout",
        "PMH: as follows\n1. B12 deficiency\n2. Gout",
        "Family history: as told\n1. Mother with B12 deficiency\n2. Father with gout",
        "Seen.\n1. B12 deficiency, continue shots.\n2. Gout.\nAssessment: she is well.",
        "- B12 deficiency\n- gout",
        "Addendum 3/2/25: more came back.\n\n1. B12 deficiency. Start shots.\n2. Gout. Stop.",
    ],
)
def test_a_list_of_drugs_or_of_the_past_is_no_assessment(text):
    assert category_of(text, "B12 deficiency") not in ("assessment_plan", "assessment", "diagnoses")


def test_an_item_with_a_colon_opens_no_section_in_its_list():
    text = "HOSPITAL COURSE:\n# Anemia: transfused.\n# Social: the son helps.\n\nDIET: regular"
    assert [category for category, _, _ in seen(text)] == ["hospital_course", "social"]
    numbered = (
        "Seen today.\n\n1. B12 deficiency. Shots.\n2. Gout, quiet.\n3. Vaccines: given.\n4. Diet: less salt."
    )
    assert [category for category, _, _ in seen(numbered)] == ["unknown", "assessment_plan"]
    headed = seen("1. CC: tired\n2. PMH: gout\n3. Meds: aspirin")
    assert [category for category, title, _ in headed if title] == ["hpi", "pmh", "medications"]


def test_commas_that_were_line_breaks_end_no_field():
    text = (
        "CC:, Tired.,MEDICATIONS: , Iron, folate.,Wt 186, BP 120/80.,ALLERGIES:, None.,"
        "ASSESSMENT:,1. Anemia.,2. Gout."
    )
    assert [category for category, _, _ in seen(text)] == ["hpi", "medications", "allergies", "assessment"]
