"""The reader of cases is strict: what could pass unread is an error, and every kind of miss is seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nlp.facts import Assertion, Condition, ConditionCategory, SectionCategory
from suggest.result import (
    Band,
    Evidence,
    Facts,
    Kind,
    Necessity,
    PolicyStamp,
    Query,
    Result,
    Role,
    Setting,
    Suggestion,
    Withheld,
)
from tests.case_format import CaseError, read_case, read_cases
from tests.case_judge import disagreements
from tests.markup import MarkupError, read_markup

NOTE = "A/P: [[B12 deficiency|present current patient]], start IM cyanocobalamin."


def test_marks_are_taken_out_and_keep_their_place():
    marked = read_markup(
        "No [[anemia|absent]], on shots for [[B12 deficiency|present current concept=b12_deficiency]]."
    )
    assert marked.text == "No anemia, on shots for B12 deficiency."
    assert [marked.text[mark.start : mark.end] for mark in marked.marks] == ["anemia", "B12 deficiency"]
    assert dict(marked.marks[1].labels) == {
        "assertion": "present",
        "temporality": "current",
        "concept": "b12_deficiency",
    }


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("No [[anemia|absent", "not closed"),
        ("No [[anemia|absent, [[B12 deficiency|present]]", "another one"),
        ("No anemia]] today", "closes nothing"),
        ("No [[anemia]] today", "must read"),
        ("No [[ |absent]] today", "must read"),
        ("No [[anemia|]] today", "asserts nothing"),
        ("No [[anemia|negated]] today", 'unknown label "negated"'),
        ("No [[anemia|section=pmh]] today", "unknown label"),
        ("No [[anemia|absent present]] today", "second time"),
    ],
)
def test_wrong_markup_is_refused(source: str, complaint: str):
    with pytest.raises(MarkupError, match=complaint):
        read_markup(source)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"expects": {"E53.8": []}}, "unknown key expects"),
        ({"expect": {"E53.8": ["pernicious"]}}, "the note does not hold"),
        ({"expect": {"E53.8": "B12 deficiency"}}, "must be a list"),
        ({"expect": {"E538": []}}, "no ICD-10-CM code"),
        ({"expect": ["E53.8"]}, "must map"),
        ({"reject": ["D51"], "expect": {"D51": []}}, "expected and also"),
        ({"reject": "D51.0"}, "must be a list"),
        ({"covers": ["rule:R99"]}, "rule:R99"),
        ({"covers": ["R21"]}, "does not know"),
        ({"queries": ["Q99"]}, "no query of ours"),
        ({"queries": ["Q01"], "no_queries": True}, "and for none"),
        ({"setting": "clinic"}, "unknown setting"),
        ({"date": "14 May"}, "is not like"),
        ({"band": {"E53.8": "sure"}}, "unknown band"),
        ({"only": "yes"}, "true or left out"),
        ({"note": None}, "lacks the note"),
        ({"notes": []}, "or has both"),
        ({"policy": {"s5": "always"}}, "the nearest are option.s25, option.s05"),
        ({"policy": {"s05": "sometimes"}}, "unknown choice"),
        ({"policy": "always"}, "must map"),
        ({"necessity": {"E53.8": "likely"}}, "unknown necessity"),
        ({"alternatives": {"E53.8": "option.p18"}}, "unknown alternatives"),
        ({"checklist": {"signature": True}}, "unknown checklist"),
        ({"checklist": {"signed": "yes"}}, "true or left out"),
        ({"warnings": ["author"]}, "unknown warnings"),
        ({"expect": {"E53.8": {"n2": ["B12"]}}}, "which the case does not hold"),
        ({"queries": {"Q01": {None: ["nowhere"]}}}, "the note does not hold"),
    ],
)
def test_a_wrong_case_is_refused_by_name(change: dict[str, object], complaint: str):
    with pytest.raises(CaseError, match=complaint) as caught:
        read_case({"name": "a case", "note": NOTE, **change}, "cases/x.yaml")
    assert 'cases/x.yaml, "a case"' in str(caught.value)


VISIT = {"note_id": "visit", "note": "A/P: [[B12 deficiency|present]].", "note_date": "2026-05-14"}
ORDER = {"note_id": "order", "note": "Order: cyanocobalamin.", "role": "context"}


@pytest.mark.parametrize(
    ("notes", "change", "complaint"),
    [
        ([VISIT, {**ORDER, "role": "boss"}], {}, 'unknown "role"'),
        ([VISIT, {**ORDER, "colour": "red"}], {}, "unknown key colour of a note"),
        ([VISIT, {**ORDER, "note_date": "May"}], {}, "note_date 'May' is not like"),
        ([VISIT, {**ORDER, "note_id": "visit"}], {}, "share a"),
        ([VISIT, {"note": "x"}], {}, "a note_id and a note"),
        ([VISIT, ORDER], {"expect": {"E53.8": ["B12"]}}, "must map each note id"),
        ([VISIT, ORDER], {"expect": {"E53.8": {"order": ["B12"]}}}, "the note does not hold"),
        ([VISIT, ORDER], {"note": NOTE}, "or has both"),
    ],
)
def test_a_wrong_encounter_is_refused_by_name(
    notes: list[dict[str, object]], change: dict[str, object], complaint: str
):
    with pytest.raises(CaseError, match=complaint) as caught:
        read_case({"name": "a case", "notes": notes, **change}, "cases/x.yaml")
    assert 'cases/x.yaml, "a case"' in str(caught.value)


def test_a_quote_is_looked_for_in_its_own_note():
    evidence = Evidence("order", 7, 21, "cyanocobalamin", "orders", Role.DIAGNOSIS)
    entry = replace(suggestion(), evidence=(evidence,))
    wanted = {"name": "x", "notes": [VISIT, ORDER], "expect": {"E53.8": {"order": ["cyanocobalamin"]}}}
    facts = Facts(conditions=(replace(condition(), note_id="visit"),))
    assert disagreements(read_case(wanted, "x.yaml"), result(entry, facts=facts)) == []
    elsewhere = {**wanted, "expect": {"E53.8": {"visit": ["B12 deficiency"]}}}
    assert disagreements(read_case(elsewhere, "x.yaml"), result(entry, facts=facts)) == [
        'no evidence of E53.8 overlaps "B12 deficiency" in visit'
    ]


def test_a_case_that_asserts_nothing_is_refused():
    with pytest.raises(CaseError, match="asserts nothing"):
        read_case(
            {"name": "idle", "note": "B12 deficiency.", "setting": "inpatient", "optional": ["E53.8"]},
            "x.yaml",
        )


@pytest.mark.parametrize(
    "source", ["", "a: 1", "[]", "- [", "- just words", "- {name: a, note: x, only: true}\n" * 2]
)
def test_a_file_that_is_no_list_of_named_cases_is_refused(tmp_path: Path, source: str):
    path = tmp_path / "broken.yaml"
    path.write_text(source, encoding="utf-8")
    with pytest.raises(CaseError, match=r"broken\.yaml"):
        read_cases(path)


def suggestion(
    code: str = "E53.8", start: int = 5, end: int = 19, necessity: Necessity = Necessity.REQUIRED
) -> Suggestion:
    text = read_markup(NOTE).text
    evidence = Evidence.cut(None, text, start, end, "assessment_plan", Role.DIAGNOSIS)
    return Suggestion(1, code, "", Kind.CONDITION, "current", necessity, Band.CODE, 0.9, (evidence,), ())


def condition(assertion: Assertion = Assertion.PRESENT) -> Condition:
    return Condition(
        "c1",
        None,
        "b12_deficiency",
        ConditionCategory.CONDITION,
        5,
        19,
        "B12 deficiency",
        SectionCategory.PLAN,
        assertion,
    )


def result(*suggestions: Suggestion, facts: Facts | None = None, **more: object) -> Result:
    facts = facts or Facts(conditions=(condition(),))
    stamp = PolicyStamp("default", "")
    return Result(
        None, None, (None,), Setting.PROFESSIONAL, None, "", stamp, "", "", facts, suggestions, **more
    )  # type: ignore[arg-type]


ASKED = Query("query:Q01", "b12", (), "", (), "code", (), (), "")

GOOD = {
    "expect": {"E53.8": ["B12 deficiency"]},
    "only": True,
    "first": "E53.8",
    "band": {"E53.8": "code"},
    "no_queries": True,
}


def test_a_result_that_agrees_leaves_nothing_to_say():
    case = read_case(
        {"name": "x", "note": NOTE, **GOOD, "reject": ["D51.0"], "withheld": ["D51.9"]}, "x.yaml"
    )
    assert disagreements(case, result(suggestion(), withheld=(Withheld("D51.9", "", (), ()),))) == []


@pytest.mark.parametrize(
    ("wanted", "given", "complaint"),
    [
        ({"expect": {"E53.8": True}}, result(), "E53.8 is not suggested"),
        ({"expect": {"E53.8": ["cyanocobalamin"]}}, result(suggestion()), "no evidence of E53.8"),
        ({"only": True}, result(suggestion("D64.9")), "D64.9 is suggested as required"),
        ({"reject": ["D64.9"]}, result(suggestion("D64.9")), "D64.9 is suggested, and must not be"),
        ({"withheld": ["D51.9"]}, result(suggestion()), "D51.9 is not withheld"),
        ({"queries": ["Q01"]}, result(suggestion()), "query:Q01 is not asked"),
        ({"no_queries": ["Q01"]}, result(queries=(ASKED,)), "query:Q01 is asked"),
        ({"no_queries": True}, result(queries=(ASKED,)), "query:Q01 is asked"),
        ({"first": "E53.8"}, result(suggestion("D64.9"), suggestion()), "E53.8 is not first"),
        ({"band": {"E53.8": "care"}}, result(suggestion()), "E53.8 is not in band care"),
        ({"necessity": {"E53.8": "optional"}}, result(suggestion()), "E53.8 is not optional"),
        ({"necessity": {"D64.9": "optional"}}, result(suggestion()), "D64.9 is not optional"),
        ({"alternatives": {"E53.8": "option.p36"}}, result(suggestion()), "no alternative by option.p36"),
        ({"checklist": {"signed": False}}, result(), "has signed as None, not as False"),
        ({"warnings": ["no_date"]}, result(), "no warning of the kind no_date"),
        ({"queries": {"Q01": {None: ["IM"]}}}, result(queries=(ASKED,)), "no evidence of query:Q01"),
        ({}, result(facts=Facts()), "is not read as a condition"),
        ({}, result(facts=Facts(conditions=(condition(Assertion.ABSENT),))), "'assertion': 'absent'"),
    ],
)
def test_every_kind_of_miss_is_seen(wanted: dict[str, object], given: Result, complaint: str):
    case = read_case({"name": "x", "note": NOTE, **wanted}, "x.yaml")
    found = disagreements(case, given)
    assert len(found) == 1
    assert complaint in found[0]


def test_evidence_that_is_not_what_stands_there_is_seen():
    forged = Evidence(None, 5, 19, "iron deficiency", "assessment_plan", Role.DIAGNOSIS)
    case = read_case({"name": "x", "note": NOTE, "expect": {"E53.8": True}}, "x.yaml")
    entry = suggestion()
    wrong = Suggestion(
        1, entry.code, "", entry.kind, "current", entry.necessity, entry.band, 0.9, (forged,), ()
    )
    assert disagreements(case, result(wrong)) == ["an evidence at 5-19 is not what stands there"]


def test_only_leaves_alone_what_may_be_left_out():
    case = read_case({"name": "x", "note": NOTE, **GOOD, "optional": ["D64.9"]}, "x.yaml")
    extra = [suggestion("D64.9"), suggestion("Z79.899", necessity=Necessity.OPTIONAL)]
    assert disagreements(case, result(suggestion(), *extra)) == []
