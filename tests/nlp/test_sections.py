"""Sections as people write them: the header, what closes it, and what only looks like one."""

from __future__ import annotations

import pytest

from nlp.layout import read_layout


def seen(text):
    """The sections as (category, title) pairs."""
    return [(section.category.value, section.title) for section in read_layout(text).sections]


def categories(text):
    return [category for category, _ in seen(text)]


def category_of(text, words):
    section = read_layout(text).section_at(text.index(words))
    assert section is not None
    return section.category.value


HEADERS = [
    ("A/P:", "assessment_plan"),
    ("A/P", "assessment_plan"),
    ("Assessment & Plan", "assessment_plan"),
    ("IMPRESSION/PLAN", "assessment_plan"),
    ("Imp/Plan:", "assessment_plan"),
    ("ASSESSMENT AND RECOMMENDATIONS", "assessment_plan"),
    ("Assessment", "assessment"),
    ("A:", "assessment"),
    ("MDM", "assessment"),
    ("PLAN", "plan"),
    ("P:", "plan"),
    ("Recommendations:", "plan"),
    ("Imp", "impression"),
    ("Impression:", "impression"),
    ("Dx", "diagnoses"),
    ("ED Dx", "diagnoses"),
    ("Visit Diagnoses", "diagnoses"),
    ("Encounter Diagnoses", "diagnoses"),
    ("Diagnoses and all orders for this visit", "diagnoses"),
    ("DISCHARGE DIAGNOSES", "diagnoses"),
    ("PRE-OP DIAGNOSIS", "diagnoses"),
    ("HPI", "hpi"),
    ("S:", "hpi"),
    ("SUBJECTIVE", "hpi"),
    ("Chief complaint", "hpi"),
    ("CC", "hpi"),
    ("REASON FOR VISIT", "hpi"),
    ("Interval history", "interval"),
    ("INTERVAL HX", "interval"),
    ("PMHx", "pmh"),
    ("PMH otherwise:", "pmh"),
    ("PMH also incl:", "pmh"),
    ("Past Medical History", "pmh"),
    ("PSH", "psh"),
    ("Past Surgical", "psh"),
    ("Problem List (imported, last reviewed 2/2024)", "problem_list"),
    ("Active problems", "problem_list"),
    ("Meds", "medications"),
    ("Rx", "medications"),
    ("HOME MEDICATIONS", "medications"),
    ("Allergies", "allergies"),
    ("FHx", "family"),
    ("Family Hx", "family"),
    ("Soc:", "social"),
    ("SOCIAL HISTORY", "social"),
    ("ROS", "ros"),
    ("Review of Systems", "ros"),
    ("O:", "exam"),
    ("PE", "exam"),
    ("Physical Exam", "exam"),
    ("Vitals", "exam"),
    ("Labs 3/28/25", "labs"),
    ("LABS (fasting, collected 1/20/25)", "labs"),
    ("Lab Results - last 3", "labs"),
    ("Interval labs", "labs"),
    ("RESULTS", "labs"),
    ("Imaging", "imaging"),
    ("Hospital Course", "hospital_course"),
    ("PROCEDURE PERFORMED", "procedures"),
    ("Orders Placed This Encounter", "orders"),
    ("Patient Instructions", "instructions"),
    ("INDICATION", "indication"),
    ("CLINICAL INFORMATION", "indication"),
    ("Addendum", "unknown"),
    ("IMMUNIZATIONS", "unknown"),
    ("Health Maintenance", "unknown"),
    ("CODE STATUS", "unknown"),
]


@pytest.mark.parametrize(("header", "category"), HEADERS, ids=[h for h, _ in HEADERS])
def test_a_header_on_its_own_line_ends_the_family_history(header, category):
    text = f"Family History:\nMother had anemia.\n\n{header}\nsomething is here\n"
    sections = read_layout(text).sections
    assert [section.category.value for section in sections] == ["family", category]
    assert sections[1].title == header
    assert text[sections[1].body_start :].strip() == "something is here"


LETTERS = {"A:", "P:", "S:", "O:"}


@pytest.mark.parametrize(("header", "category"), [h for h in HEADERS if h[0] not in LETTERS], ids=str)
@pytest.mark.parametrize("shape", ["upper", "lower", "colon", "bare"])
def test_case_and_colon_change_no_category_on_a_line_of_its_own(header, category, shape):
    bare = header.rstrip(":")
    written = {"upper": bare.upper(), "lower": bare.lower() + ":", "colon": bare + ":", "bare": bare}[shape]
    assert categories(f"Soc: smoker\n\n{written}\nwords\n") == ["social", category]


@pytest.mark.parametrize(
    ("line", "category", "title"),
    [
        ("PMHx   gout, hypertension", "pmh", "PMHx"),
        ("FH noncontributory at this age.", "family", "FH"),
        ("ROS as above, otherwise neg.", "ros", "ROS"),
        ("Exam benign.", "exam", "Exam"),
        ("DISPOSITION home with help", "instructions", "DISPOSITION"),
        ("Plan - rest and fluids", "plan", "Plan"),
        ("O/ 108/60, conj pink", "exam", "O/"),
        ("Labs drawn 4/6/25: ferritin 9", "labs", "Labs drawn 4/6/25:"),
        ("**Assessment:** iron deficiency", "assessment", "Assessment:"),
        ("## Assessment and Plan", "assessment_plan", "Assessment and Plan"),
        ("EXAM AT D/C: NAD", "exam", "EXAM AT D/C:"),
    ],
)
def test_a_header_runs_into_its_text(line, category, title):
    found = seen("CC: tired\n" + line + "\nmore words")
    assert found[1] == (category, title)


def test_a_note_on_one_line_has_all_its_sections():
    text = (
        "PREOPERATIVE DIAGNOSIS: Anemia. POSTOPERATIVE DIAGNOSIS: Gastritis. OPERATION PERFORMED: Endoscopy. "
        "ANESTHESIA: General COMPLICATIONS: None BLOOD LOSS: Minimal INDICATIONS: Ms. Roe bleeds. Plan: iron."
    )
    layout = read_layout(text)
    assert [(s.category.value, s.subtype) for s in layout.sections] == [
        ("diagnoses", "preoperative"),
        ("diagnoses", "postoperative"),
        ("procedures", None),
        ("procedures", None),
        ("procedures", None),
        ("procedures", None),
        ("indication", None),
        ("plan", None),
    ]


def test_commas_that_were_line_breaks_part_headers():
    text = (
        "PAST MEDICAL HISTORY:, 1.  Anemia.,2.  Gout.,MEDICATIONS: , Iron, folate.,"
        "REVIEW OF SYSTEMS,GENERAL:  Tired."
        ",ALLERGIES:  ,None.,IMPRESSION:,1.  Iron deficiency.,2.  Gout."
    )
    layout = read_layout(text)
    assert [s.category.value for s in layout.sections] == [
        "pmh",
        "medications",
        "ros",
        "allergies",
        "impression",
    ]
    assert [
        text[u.start : u.end]
        for u in layout.units
        if layout.sections[u.section].category.value == "impression"
    ] == [
        "Iron deficiency.",
        "Gout.",
    ]


@pytest.mark.parametrize(
    "prose",
    [
        "We talked about her assessment of the plan and her history of anemia.",
        "Plan to return in a week. History of anemia is noted.",
        "I reviewed her past medical history: anemia, gout.",
        "Results were discussed. Medications reviewed. Family present.",
        "She takes vitamin A: one daily, and had hepatitis A: long ago.",
        "The clinic opens at 8:15 and the labs: were late",
        "Dx 2/2024: celiac disease, biopsy at that time",
    ],
)
def test_ordinary_words_open_no_section(prose):
    assert categories("HPI: Seen today. " + prose) == ["hpi"]


def test_a_list_of_short_headers_in_running_text_is_read():
    text = "Sinus pain. PMH: gout, allergies: none. Meds: none; FH: mother anemic. A: sinusitis. P: rest."
    assert categories(text) == ["unknown", "pmh", "allergies", "medications", "family", "assessment", "plan"]


def test_a_pulse_is_not_a_plan():
    assert categories("O: looks well\nP: 76\nBP: 120/80\nA: well\nP: iron daily") == [
        "exam",
        "assessment",
        "plan",
    ]


def test_an_unknown_header_in_capitals_ends_the_section_before():
    text = "FAMILY HISTORY:\nmother anemic\n\nVISION SCREENING:\nnormal\n\nSLEEP PATTERNS\ngood"
    assert categories(text) == ["family", "unknown", "unknown"]


@pytest.mark.parametrize(
    "line", ["IRON DEFICIENCY ANEMIA: start iron", "MATERNAL AUNT: anemic", "FERRITIN: 6"]
)
def test_a_problem_a_relative_or_a_value_in_capitals_is_no_header(line):
    assert categories("FAMILY HISTORY:\nnone\n" + line) == ["family"]


@pytest.mark.parametrize(
    "line",
    [
        "Plan: iron",
        "- Plan: iron",
        "  Labs: ferritin",
        "- Medical Reasoning: ferritin low",
        "Follow-up: 3 months",
        "Health maintenance: mammogram",
        "GI: no bleeding",
        "Heme: stable",
        "- Medications: iron",
        "* Allergies: none",
    ],
)
def test_what_stands_below_a_problem_stays_in_the_assessment(line):
    text = f"ASSESSMENT AND PLAN\n1. Iron deficiency anemia\n{line}\n2. Gout\n"
    assert categories(text) == ["assessment_plan"]


def test_a_plan_below_each_problem_stays_in_the_assessment():
    text = "Assessment:\n1. Iron deficiency\nPlan: iron\n2. B12 deficiency\nPlan: shots\n\nAllergies:\nnone"
    assert categories(text) == ["assessment", "allergies"]


def test_one_plan_after_the_assessment_is_a_plan():
    assert categories("Assessment:\n1. Iron deficiency\n2. Gout\nPlan:\niron\nFollow-up: 3 mo") == [
        "assessment",
        "plan",
    ]


def test_problem_names_as_lines_of_a_plan_stay_plan():
    text = (
        "PLAN\n\nPreop examination.\nShe will have a new knee.\n\n"
        "Colonoscopy.\nShe is due for it.\n\nINSTRUCTIONS\n\nCall us."
    )
    assert categories(text) == ["plan", "instructions"]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        (
            "EXAM: CT\nHISTORY: iron deficiency anemia.\nTECHNIQUE: plain.\nIMPRESSION: none.",
            "indication",
        ),
        (
            "PREOPERATIVE DIAGNOSIS: anemia.\nHISTORY: iron deficiency anemia.\nANESTHESIA: none.",
            "indication",
        ),
        ("CHIEF COMPLAINT: pain\nHISTORY: iron deficiency anemia.\nEXAM: well", "hpi"),
        ("PROCEDURE: hip nail\nHISTORY: iron deficiency anemia.\nHOSPITAL COURSE: well", "hpi"),
    ],
)
def test_history_is_the_indication_in_reports_only(text, category):
    assert category_of(text, "iron deficiency") == category


@pytest.mark.parametrize(
    ("start", "back"),
    [
        ("--- Copied from note of 03/02/2024 by Dr. X ---", "---"),
        ("Previous note 1/2/25:", "Today: feels well."),
        ("From last visit (1/2/25):", "Today she feels well."),
        ("Last A/P (1/2/25):", "Exam: well"),
        ("HPI (copied from 1/2/25):", "Exam: well"),
        ("A/P from last visit:", "Subjective: feels well"),
        ("[Copied from prior note 1/2/25]", "[end of copied text]"),
        ("Prior visit 1/2/25:", "Assessment:"),
    ],
)
def test_an_earlier_note_is_copied_until_the_text_comes_back(start, back):
    text = f"CC: tired\n{start}\nB12 deficiency, on shots.\n\n{back}\nNow all is fine.\n"
    assert category_of(text, "B12 deficiency") == "copied"
    assert category_of(text, "Now all") != "copied"


def test_headers_of_a_pasted_note_belong_to_it():
    text = (
        "Previous note 1/2/25:\nHPI: tired.\nLabs: ferritin 6.\nA/P: iron deficiency.\n\n"
        "HPI: feels well now.\nA/P: gout.\n"
    )
    assert categories(text) == ["copied", "hpi", "assessment_plan"]


@pytest.mark.parametrize(
    "line", ["Last visit: 3/2/25", "Interval labs: ferritin 6", "Previous labs 3/2/25: ferritin 6"]
)
def test_a_date_or_a_table_of_labs_is_not_copied(line):
    assert "copied" not in categories(f"CC: tired\n{line}\nHPI: tired")


def test_signatures_end_the_plan():
    text = "A/P: anemia\nElectronically signed by Ann Roe, MD\n"
    assert categories(text) == ["assessment_plan", "signature"]
    assert categories("Provider: Ann Roe, NP\nCC: tired\nPlan: rest\nProvider: Ann Roe, NP") == [
        "unknown",
        "hpi",
        "plan",
        "signature",
    ]
    assert categories("A/P: anemia\n______________ MD")[-1] == "signature"
    assert categories("A/P: anemia. Time 20 min.  e-signed A. Roe MD 3/2/25")[-1] == "signature"
    assert categories("A/P: anemia\nDictated A. Roe MD   Electronically signed 3/2/25")[-1] == "signature"
    assert categories("A/P: anemia. The form was electronically signed by her.") == ["assessment_plan"]
    assert categories("A/P: anemia\n\nAddendum 6/3/25: ferritin is 6.")[-1] == "unknown"


def test_cc_after_the_plan_is_a_copy_and_not_a_complaint():
    assert categories("CC: tired\nPlan: rest\ncc: Dr. Roe") == ["hpi", "plan", "signature"]


def test_a_header_less_note_shows_its_assessment_by_wording():
    text = "Woman, vegan. Her B12 is 149.\n\nDx is vitamin B12 deficiency. I think the tongue fits."
    assert category_of(text, "vitamin B12 deficiency") == "assessment"
    assert category_of(text, "Her B12") == "unknown"


def test_a_narrative_without_judgement_stays_unknown():
    assert categories("She came with her daughter. B12 deficiency was noted last year. They went home.") == [
        "unknown"
    ]


def test_a_numbered_list_at_the_end_is_the_assessment_where_there_is_no_other():
    text = (
        "Seen in clinic.\n\nEx: pale, no rash.\n\n1. Celiac disease, stable.\n2. Iron deficiency. Iron iv.\n"
    )
    assert categories(text) == ["unknown", "exam", "assessment_plan"]
    assert categories("Meds:\n1. iron\n2. folate\n") == ["medications"]


def test_prose_after_a_one_line_family_history_is_nobody_elses():
    text = "FH: mother pernicious anemia.\n\nShe herself has had B12 deficiency for ten years. On shots.\n"
    assert category_of(text, "B12 deficiency") == "unknown"
    assert (
        category_of("FH: mother anemic.\n\nFather has B12 deficiency, and he takes shots for it.", "B12")
        == "family"
    )


def test_glued_keywords_at_the_end_are_set_apart():
    text = "PLAN: Return in six weeks.hematology, b12 deficiency, anemia\n"
    section = read_layout(text).sections[-1]
    assert (section.category.value, section.subtype) == ("unknown", "keywords")
    assert text[section.start :].startswith("hematology")
    assert categories("PLAN: Return in six weeks. hematology, b12 deficiency") == ["plan"]


def test_exam_systems_open_an_exam_only_outside_of_a_divided_section():
    assert categories("FH: none\nLungs: clear\nAbd: soft") == ["family", "exam"]
    assert categories("ROS:\nNeck: no pain\nLungs: no cough") == ["ros"]
    assert categories("FINDINGS:\nLUNGS: clear\nIMPRESSION: normal") == ["imaging", "impression"]


def test_text_before_the_first_header_is_unknown_without_title():
    layout = read_layout("\n\n  GI clinic 9/8/25\nCC: tired")
    assert (layout.sections[0].category.value, layout.sections[0].title, layout.sections[0].start) == (
        "unknown",
        "",
        4,
    )


@pytest.mark.parametrize("text", ["", " \n\r\n\t", "\ufeff"])
def test_nothing_visible_has_no_layout(text):
    assert read_layout(text).sections == ()
    assert read_layout(text).units == ()


def test_a_capital_before_a_slash_is_a_soap_letter_only_with_a_blank_behind():
    assert categories("CC: pain\nS/P hip repair\nO/ looks well\nA/P: rest") == [
        "hpi",
        "exam",
        "assessment_plan",
    ]


def test_the_exam_of_a_report_is_the_name_of_the_test():
    assert categories(
        "EXAM: ankle, three views.\nINDICATIONS: pain.\nFINDINGS: none.\nIMPRESSION: normal."
    ) == [
        "imaging",
        "indication",
        "imaging",
        "impression",
    ]


def test_one_unknown_word_in_capitals_ends_a_family_history_and_no_other():
    assert categories("FAMILY HISTORY: mother anemic\nRECREATION: chess") == ["family", "unknown"]
    assert categories("HPI: tired\nRECREATION: chess") == ["hpi"]
