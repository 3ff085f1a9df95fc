"""The data files of the layout: each entry does what its example says, and a broken file is refused."""

from __future__ import annotations

import pytest

from nlp.errors import KnowledgeError
from nlp.facts import SectionCategory
from nlp.knowledge import load_yaml
from nlp.layout import read_layout
from nlp.layout.load import build_headers, load_headers, load_words, title_key

RULES = load_headers().rules
EVENTS = load_yaml("nlp.layout", "events.yaml")["events"]
WORDS = load_yaml("nlp.layout", "words.yaml")["lists"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_header_rule_finds_its_example(rule):
    section = read_layout(rule.example).sections[rule.finds]
    assert section.category is rule.expect
    if rule.role == "header":
        assert section.subtype == rule.subtype
        assert section.title


def test_every_category_of_the_contract_that_has_headers_has_a_rule():
    by_wording = {SectionCategory.COPIED, SectionCategory.SIGNATURE}
    assert {rule.category for rule in RULES} == set(SectionCategory) - by_wording


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event["id"])
def test_each_event_shows_in_its_example(event):
    sections = read_layout(event["example"]).sections
    categories = [section.category.value for section in sections]
    if event["does"] == "message":
        subtypes = [section.subtype for section in sections]
        assert "assessment" in categories or "patient_message" in subtypes
        return
    expected = {"today": "copied", "copied_end": "copied", "signature_last": "signature"}.get(
        event["does"], event["does"]
    )
    assert expected in categories
    if event["does"] in ("copied", "copied_end", "today"):
        assert categories[-1] != "copied"


@pytest.mark.parametrize("entry", WORDS, ids=lambda entry: entry["id"])
def test_each_word_list_is_lower_case_and_without_holes(entry):
    words = load_words()[entry["id"]]
    assert words
    assert all(word == word.lower().strip() and word for word in words)


def entry(**changes):
    return {"id": "x", "category": "plan", "titles": "plan", "why": "w", "example": "Plan: rest"} | changes


def test_a_title_in_two_rules_is_refused_by_name():
    with pytest.raises(KnowledgeError, match=r"headers\.yaml, entry y: .*plan.* in x"):
        build_headers([entry(), entry(id="y")])


@pytest.mark.parametrize(
    "changes",
    [
        {"category": "plans"},
        {"role": "footer"},
        {"titles": "plan (a|b"},
        {"titles": "plan,,"},
        {"colour": "red"},
    ],
    ids=str,
)
def test_a_malformed_entry_is_refused(changes):
    with pytest.raises(KnowledgeError, match=r"headers\.yaml, entry x"):
        build_headers([entry(**changes)])


def test_alternatives_in_a_title_are_spelled_out():
    table = build_headers([entry(titles="(a|b|) plan( today|)")])
    assert set(table.by_title) == {"a plan", "b plan", "plan", "a plan today", "b plan today", "plan today"}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("ASSESSMENT & PLAN:", "assessment and plan"),
        ("Assessment / Plan", "assessment/plan"),
        ("PRE-OPERATIVE  DIAGNOSIS(ES):", "pre operative diagnosis"),
        ("Today's visit", "todays visit"),
    ],
)
def test_what_varies_between_writers_is_not_compared(written, key):
    assert title_key(written) == key
