"""Who wrote and signed, when, and which codes the note prints."""

from __future__ import annotations

import re

import pytest

from nlp.authors import read_authors, read_dates, read_stated_codes
from nlp.authors.load import credential_entries, credentials, look_alike_entries
from nlp.facts import AuthorRole, Condition, ConditionCategory, Section, SectionCategory, Unit
from nlp.layout.model import Layout

_UNIT = re.compile(r"[^\n]+?(?:[.!?](?=\s+[A-Z0-9])|(?=\n)|$)")


def layout_of(text: str, category: str = "unknown") -> Layout:
    """One section, a unit for each line or sentence: enough to test a reader on its own."""
    units = []
    for match in _UNIT.finditer(text):
        if match.group().strip():
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            units.append(Unit(start, match.end(), 0, len(units), 0))
    return Layout((Section(None, SectionCategory(category), "", 0, len(text), 0),), tuple(units))


def condition(text: str, words: str, number: int = 1) -> Condition:
    start = text.index(words)
    return Condition(
        f"c{number}",
        None,
        "x",
        ConditionCategory.CONDITION,
        start,
        start + len(words),
        words,
        SectionCategory.UNKNOWN,
    )


# text | credential | role | signed   (- for no author)
AUTHORS = [
    ("RTC 3 mo.\nElectronically signed by R. Amsel, MD on 06/02/2026", "MD", "provider", True),
    ("RTC 3 mo.\nELECTRONICALLY SIGNED BY: RUTH AMSEL MD", "MD", "provider", True),
    ("e-signed by Ruth Amsel, DO 6/2/26 14:10", "DO", "provider", True),
    ("/s/ Ruth Amsel, M.D.", "M.D.", "provider", True),
    ("Provider: Ines Varga, NP", "NP", "provider", None),
    ("Provider: Varga, Ines, MD       Date: 04/27/2026", "MD", "provider", None),
    ("Provider: Ines Varga, PA", "PA", "provider", None),
    ("Attending: Dr. Varga", None, "provider", None),
    ("Attg: XXXX", None, "provider", None),
    ("Walk-in, seen by L. Orme, FNP. 44F", "FNP", "provider", None),
    ("Seen & examined by PA Orme under Dr Hale.", "PA", "provider", None),
    ("Dictated by: L. Orme PA-C for Dr. Hale", "PA-C", "provider", None),
    ("F/U 3 mo.\n__________________ MD, CMD", "MD, CMD", "provider", None),
    ("B12 given IM. Return 4 wk. L. Orme, MA", "MA", "other_clinician", None),
    ("B12 given IM. Return 4 wk. Lena Orme, RN", "RN", "nurse", None),
    ("Nurse: K. Ortiz\nGiven IM", None, "nurse", None),
    ("Administered by P. Quill, LPN", "LPN", "nurse", None),
    ("T. Marsh, RD, LD", "RD, LD", "other_clinician", None),
    ("Reviewed with pharmacy.\nT. Marsh, PharmD", "PharmD", "other_clinician", None),
    ("Dictated by J. Lee, MD, PGY-2", "MD, PGY-2", "resident", None),
    ("Resident: J. Lee, MD", "MD", "resident", None),
    ("Note by K. Osei, MS3", "MS3", "student", None),
    ("Author: K. Osei, medical student", "medical student", "student", None),
    ("Scribe: Amy Kerr", None, "scribe", None),
    ("Written by T. Vance, scribe", "scribe", "scribe", None),
    (
        "Attending attestation: I saw and examined the patient and agree with the resident.",
        None,
        "provider",
        None,
    ),
    ("Patient portal message\nI am so tired", None, "patient", None),
    ("Message from: patient\nMy numbers?", None, "patient", None),
    ("DRAFT, not yet signed\nProvider: Ines Varga, NP", "NP", "provider", False),
    ("Status: unsigned. Provider: Ines Varga, NP", "NP", "provider", False),
    ("Dictated but not read", None, "unknown", False),
]


@pytest.mark.parametrize(("text", "credential", "role", "signed"), AUTHORS)
def test_an_author_is_read(text: str, credential: str | None, role: str, signed: bool | None) -> None:
    (one,) = read_authors(text, layout_of(text))
    assert (one.credential, one.role.value, one.signed) == (credential, role, signed)
    assert text[one.start : one.end] == one.text
    assert one.id == "a1"


@pytest.mark.parametrize(
    "text",
    [
        "Known PA, on shots.",
        "She lives in Fall River, MA.",
        "Fall River, MA 02720",
        "PA and lateral film of the chest.",
        "cc: Ruth Amsel, MD",
        "Cc Dr Tremblay.",
        "Referring provider: Ruth Amsel, MD",
        "Ordering provider: R. Castell, MD; B12 1000 mcg",
        "PCP: Ruth Amsel, MD",
        "Discussed with Dr. Hale, MD today and she agrees",
        "The nurse called the surgeon.",
        "Seen by her physician last year.",
        "She was seen by Dr. Hale for this in May.",
        "Surgery was performed by Dr. Hale.",
        "The graft, which is separately dictated by Dr. Hale, is done.",
        "Send a MyChart message in one month.",
        "He had not filled in the patient questionnaire.",
        "Tylenol PRN.",
        "The specimen was sent from the patient to the laboratory.",
        "DO NOT RESUSCITATE",
        "PT and OT daily",
        "",
    ],
)
def test_a_person_who_is_only_named_is_no_author(text: str) -> None:
    assert read_authors(text, layout_of(text)) == ()


def test_a_nurse_note_under_a_quoted_order_has_the_nurse_as_author() -> None:
    text = "Ordering provider: R. Castell MD - order: B12 1 mg SQ. Given SQ. L. Orme, MA"
    assert [one.credential for one in read_authors(text, layout_of(text))] == ["MA"]


def test_scribe_and_attesting_physician_are_both_read() -> None:
    text = "Scribed by Amy Kerr, attested by Dr. Lin Po, MD"
    assert [(one.role.value, one.signed) for one in read_authors(text, layout_of(text))] == [
        ("scribe", None),
        ("provider", True),
    ]


def test_what_the_caller_knows_fills_an_empty_note() -> None:
    (one,) = read_authors(
        "B12 deficiency.", layout_of("B12 deficiency."), "n1", "Amsel, Ruth", "MD, PGY-2", True
    )
    assert (one.credential, one.role, one.signed, one.start, one.end) == (
        "MD, PGY-2",
        AuthorRole.RESIDENT,
        True,
        0,
        0,
    )


def test_the_note_leads_over_what_the_caller_knows() -> None:
    text = "Provider: Ines Varga, NP"
    (one,) = read_authors(text, layout_of(text), credential="RN", signed=True)
    assert (one.credential, one.role, one.signed) == ("NP", AuthorRole.PROVIDER, True)


def test_a_draft_stays_unsigned_whatever_the_caller_knows() -> None:
    text = "DRAFT\nProvider: Ines Varga, NP"
    (one,) = read_authors(text, layout_of(text), signed=True)
    assert one.signed is False


def test_nobody_known_gives_no_author() -> None:
    assert read_authors("B12 deficiency.", layout_of("B12 deficiency.")) == ()


DATES = [
    ("Patient: XXXX  DOB: XX/XX/1958   Visit: 07/22/2026 08:15 AM", [("visit", "2026-07-22")]),
    ("DATE: 04/14/2026      Informants: sister", [("visit", "2026-04-14")]),
    ("Walk-in visit   08/14/2026", [("visit", "2026-08-14")]),
    ("HEMATOLOGY CLINIC - return visit 6/2/26", [("visit", "2026-06-02")]),
    ("GI clinic    9/8/26      follow-up", [("visit", "2026-09-08")]),
    ("Tel enc 08/14/26. Labs reviewed", [("visit", "2026-08-14")]),
    ("DOS: 2026-03-02", [("visit", "2026-03-02")]),
    ("Date of Service: March 2, 2026", [("visit", "2026-03-02")]),
    ("Encounter date 3-2-2026", [("visit", "2026-03-02")]),
    ("Provider: Varga, Ines, MD       Date: 04/27/2026", [("visit", "2026-04-27")]),
    ("Adm 9/1/26      D/C 9/5/26      POD #4", [("admission", "2026-09-01"), ("discharge", "2026-09-05")]),
    (
        "DATE OF ADMISSION: 01/03/2026\nDATE OF DISCHARGE: 01/09/2026",
        [("admission", "2026-01-03"), ("discharge", "2026-01-09")],
    ),
    (
        "Injection visit    07/01/2026\nHPI (copied from 1/6/26): resolved",
        [("visit", "2026-07-01"), ("copied", "2026-01-06")],
    ),
    ("Electronically signed by Ruth Amsel, MD on 06/02/2026", [("signature", "2026-06-02")]),
    ("Injection + brief visit                                      07/01/2026", [("visit", "2026-07-01")]),
    ("ASSESSMENT: 9. Operative note of January 17, 2003", []),
    ("DOB: 03/04/1960", []),
    ("Date of Birth: 3/4/1960", []),
    ("Labs 9/1/26: Hgb 9", []),
    ("Date: 13/40/2026", []),
    ("Last visit 3/2/26 she was well", []),
    ("Seen for anemia. BP 120/80", []),
    ("LMP 4/15/26", []),
    ("OB RETURN\nCBC: Hgb 9.7, ferritin 7 (6/29/26)", []),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates_that_frame_the_note_are_read(text: str, expected: list[tuple[str, str]]) -> None:
    found = read_dates(text, layout_of(text))
    assert [(one.kind, one.date) for one in found] == expected
    assert all(text[one.start : one.end] == one.text for one in found)


def test_an_admission_told_in_passing_frames_nothing() -> None:
    text = "Here for follow-up. " * 50 + "He was admitted 3/4/2019 with sepsis."
    assert read_dates(text, layout_of(text)) == ()


CODES = [
    ("B12 deficiency (E53.8)", ["E53.8"]),
    ("Pernicious anemia D51.0, stable", ["D51.0"]),
    ("ICD-10: D50.9", ["D50.9"]),
    ("ICD-10-CM code: d50.9", ["D50.9"]),
    ("Anemia [D64.9]", ["D64.9"]),
    ("ICD-10 codes: d509, E538 and Z79.84", ["D50.9", "E53.8", "Z79.84"]),
    ("Acute blood loss anemia (D62)", ["D62"]),
    ("Dx: D51.0", ["D51.0"]),
    ("T38.3X5A, M1A.00X0, C4A.9, Z3A.24", ["T38.3X5A", "M1A.00X0", "C4A.9", "Z3A.24"]),
    ("Icd10 G63", ["G63"]),
    ("Deficiency of other B vitamins  E53.8  Z79.899", ["E53.8", "Z79.899"]),
    ("cyanocobalamin (B12) 1000 mcg", []),
    ("B12 deficiency", []),
    ("T12 fracture, L4, S1, C3, T4, H2", []),
    ("compression fracture disease (T12)", []),
    ("A1c 6.1, A1C 6.1 (A1C)", []),
    ("oxycodone (Q12)", []),
    ("Hgb D509", []),
    ("the D50 syrup", []),
    ("e53.8 units of nothing", []),
    ("room (G63)", []),
    ("Dx: B12 deficiency", []),
    ("catalog K12.5 mm", []),
]


@pytest.mark.parametrize(("text", "expected"), CODES)
def test_printed_codes_are_read(text: str, expected: list[str]) -> None:
    found = read_stated_codes(text, layout_of(text))
    assert [one.code for one in found] == expected
    assert all(text[one.start : one.end] == one.text for one in found)


def test_a_code_stands_beside_the_condition_before_it() -> None:
    text = "B12 deficiency (E53.8), anemia (D64.9)"
    conditions = (condition(text, "B12 deficiency", 1), condition(text, "anemia", 2))
    assert [one.beside for one in read_stated_codes(text, layout_of(text), conditions)] == ["c1", "c2"]


def test_a_code_that_opens_its_line_stands_beside_the_condition_behind_it() -> None:
    text = "E53.8 B12 deficiency, D64.9 anemia"
    conditions = (condition(text, "B12 deficiency", 1), condition(text, "anemia", 2))
    assert [one.beside for one in read_stated_codes(text, layout_of(text), conditions)] == ["c1", "c2"]


def test_a_condition_in_another_unit_is_not_beside() -> None:
    text = "anemia\nE53.8"
    (one,) = read_stated_codes(text, layout_of(text), (condition(text, "anemia"),))
    assert one.beside is None


@pytest.mark.parametrize("entry", credential_entries(), ids=lambda entry: entry["id"])
def test_the_example_of_each_credential_gives_its_role(entry: dict[str, str]) -> None:
    (one,) = read_authors(entry["example"], layout_of(entry["example"]))
    assert one.role.value == entry["role"]


@pytest.mark.parametrize("entry", look_alike_entries(), ids=lambda entry: entry["id"])
def test_the_example_of_each_look_alike_is_no_code(entry: dict[str, str]) -> None:
    assert read_stated_codes(entry["example"], layout_of(entry["example"])) == ()


@pytest.mark.parametrize(
    ("written", "role"),
    [
        ("MD, PGY-2", "resident"),
        ("RN, FNP", "provider"),
        ("PA-S", "student"),
        ("PharmD", "other_clinician"),
        ("x", "unknown"),
    ],
)
def test_several_credentials_give_one_role(written: str, role: str) -> None:
    assert credentials().role_of(written).value == role


def test_repr_hides_names() -> None:
    text = "Provider: Ines Varga, NP"
    (one,) = read_authors(text, layout_of(text))
    assert "Varga" not in repr(one)
