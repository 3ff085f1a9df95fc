"""Headers as people write them: each opens its section, and ordinary words open none."""

from __future__ import annotations

import pytest

from nlp.layout import read_layout
from tests.nlp.sections_seen import categories, category_of, seen

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


@pytest.mark.parametrize(
    "line", ["IRON DEFICIENCY ANEMIA: start iron", "MATERNAL AUNT: anemic", "FERRITIN: 6"]
)
def test_a_problem_a_relative_or_a_value_in_capitals_is_no_header(line):
    assert categories("FAMILY HISTORY:\nnone\n" + line) == ["family"]


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


def test_exam_systems_open_an_exam_only_outside_of_a_divided_section():
    assert categories("FH: none\nLungs: clear\nAbd: soft") == ["family", "exam"]
    assert categories("ROS:\nNeck: no pain\nLungs: no cough") == ["ros"]
    assert categories("FINDINGS:\nLUNGS: clear\nIMPRESSION: normal") == ["imaging", "impression"]


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
