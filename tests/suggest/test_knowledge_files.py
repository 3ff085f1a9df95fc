"""A knowledge file that is wrong is refused, and the message names the file and the entry."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from nlp.concepts.load import lexicon
from nlp.errors import KnowledgeError
from nlp.knowledge import load_yaml
from suggest.knowledge.load import phrase_table, query_table, statements
from tests.case_fields import house_ids

RULE: dict[str, Any] = {
    "id": "R99",
    "title": "A title",
    "text": "A reason.",
    "citation": "An authority",
    "basis": "guideline",
    "fires": "One sentence.",
    "nearly": "Another sentence.",
    "effective": {"from": None, "to": None},
}
PHRASE: dict[str, Any] = {
    "id": "P999",
    "title": "A condition",
    "text": "A reason.",
    "citation": "An authority",
    "basis": "tabular",
    "codes": ["E53.8", "T38.3X5-", "N18.-", "D62"],
    "alternatives": [["D51.9"]],
    "confidence": "H",
    "queries": ["Q01"],
}
QUERY: dict[str, Any] = {
    "id": "Q99",
    "topic": "a topic",
    "trigger": "When it is asked.",
    "question": "What about {condition}?",
    "options": [{"text": "Due to {drug}", "needs": "drug"}],
    "changes": "code",
    "citation": "An authority",
    "text": "A reason.",
    "rules": ["R01", "S03"],
}


def _with(row: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**deepcopy(row), **changes}


def _without(row: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != key}


def _queries(row: dict[str, Any]) -> dict[str, Any]:
    return {"indicators": {"drug": "a drug"}, "queries": [row]}


def test_well_formed_entries_are_read() -> None:
    assert statements("rule", [RULE], "rules.yaml")["R99"].prefixed == "rule:R99"
    entry = phrase_table([PHRASE], "phrases.yaml")["P999"]
    assert entry.codes == ("E53.8", "T38.3X5-", "N18.-", "D62")
    assert entry.alternatives == (("D51.9",),)
    query = query_table(_queries(QUERY), "queries.yaml")["Q99"]
    assert (query.topic, query.rules, str(query.options[0])) == ("a topic", ("R01", "S03"), "Due to {drug}")


def test_an_effective_window_is_read_with_and_without_quotes() -> None:
    from datetime import date

    row = _with(RULE, effective={"from": date(2026, 10, 1), "to": "2027-09-30"})
    entry = statements("rule", [row], "rules.yaml")["R99"]
    assert (entry.effective_from, entry.effective_to) == ("2026-10-01", "2027-09-30")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (_without(RULE, "citation"), "lacks citation"),
        (_with(RULE, note="x"), "unknown key note"),
        (_with(_without(RULE, "text"), txt="x"), "lacks text, and has the unknown key txt"),
        (_with(RULE, text=" "), "text must be words"),
        (_with(RULE, fires=None), "fires must be words"),
        (_with(RULE, basis="rumor"), 'unknown basis "rumor"'),
        (_with(RULE, effective=None), "effective has the keys"),
        (_with(RULE, effective={"from": "next year", "to": None}), "takes dates such as"),
        (_with(RULE, effective={"from": "2027-01-01", "to": "2026-01-01"}), "ends before it begins"),
    ],
)
def test_a_wrong_rule_is_refused(row: dict[str, Any], said: str) -> None:
    with pytest.raises(KnowledgeError, match=rf"rules\.yaml, entry R99.*{said}"):
        statements("rule", [row], "rules.yaml")


def test_an_entry_of_a_house_has_an_id_of_its_own_form() -> None:
    own = phrase_table([_with(PHRASE, id="PH01", queries=["QH02"])], "phrases.yaml")["PH01"]
    assert (own.is_house, own.prefixed, own.queries) == (True, "phrase:PH01", ("QH02",))
    assert statements("rule", [_with(RULE, id="RH01")], "rules.yaml")["RH01"].is_house
    assert query_table(_queries(_with(QUERY, id="QH02", rules=["RH01"])), "queries.yaml")["QH02"].is_house
    fixed = phrase_table([PHRASE], "phrases.yaml")["P999"]
    assert not fixed.is_house
    assert house_ids([own, fixed]) == {"phrase:PH01"}, "a case may cover it, and must"


@pytest.mark.parametrize("name", ["S99", "R1", "R1000", "Rxx", "RH1", "HR01", "rule:R99"])
def test_a_rule_is_called_by_its_letter_and_number(name: str) -> None:
    with pytest.raises(KnowledgeError, match=rf"rules\.yaml, entry {name}.*two or three digits"):
        statements("rule", [_with(RULE, id=name)], "rules.yaml")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (_with(PHRASE, codes="E53.8"), "codes must be a list"),
        (_with(PHRASE, codes=["E53.8 "]), "shape of a code"),
        (_with(PHRASE, codes=[53.8]), "shape of a code"),
        (_with(PHRASE, alternatives=[["none"]]), "shape of a code"),
        (_with(PHRASE, confidence="sure"), 'unknown confidence "sure"'),
        (_with(PHRASE, queries=["R01"]), "no id of that kind"),
        (_with(PHRASE, queries="Q01"), "must be a list of ids"),
    ],
)
def test_a_wrong_phrase_is_refused(row: dict[str, Any], said: str) -> None:
    with pytest.raises(KnowledgeError, match=rf"phrases\.yaml, entry P999.*{said}"):
        phrase_table([row], "phrases.yaml")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (_with(QUERY, question="What about {patient}?"), 'unknown placeholder "patient"'),
        (_with(QUERY, question="What about {condition?"), "brace stands without its partner"),
        (_with(QUERY, options=None), "options must be a list"),
        (_with(QUERY, options=[{"text": "Something"}]), "has the keys text and needs"),
        (_with(QUERY, options=[{"text": "", "needs": None}]), "lacks its words"),
        (_with(QUERY, options=[{"text": "Something", "needs": "luck"}]), 'unknown needs "luck"'),
        (_with(QUERY, options=[{"text": "{luck}", "needs": None}]), 'unknown placeholder "luck"'),
        (_with(QUERY, changes="payment"), 'unknown changes "payment"'),
        (_with(QUERY, rules=["P01"]), "no id of that kind"),
    ],
)
def test_a_wrong_query_is_refused(row: dict[str, Any], said: str) -> None:
    with pytest.raises(KnowledgeError, match=rf"queries\.yaml, entry Q99.*{said}"):
        query_table(_queries(row), "queries.yaml")


@pytest.mark.parametrize("content", [None, [], {"queries": []}, {"indicators": {}, "queries": [], "more": 1}])
def test_a_query_file_holds_indicators_and_queries(content: Any) -> None:
    with pytest.raises(KnowledgeError, match=r"queries\.yaml: must hold a mapping"):
        query_table(content, "queries.yaml")


def test_an_indicator_needs_its_meaning() -> None:
    with pytest.raises(KnowledgeError, match=r"queries\.yaml, entry indicators"):
        query_table({"indicators": {"drug": None}, "queries": []}, "queries.yaml")


@pytest.mark.parametrize("content", [None, "R01", {"R01": {}}, ["R01"]])
def test_a_file_that_is_no_list_of_entries_is_refused(content: Any) -> None:
    with pytest.raises(KnowledgeError, match=r"rules\.yaml: must hold a list"):
        statements("rule", content, "rules.yaml")


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(KnowledgeError, match=r"rules\.yaml: the id R99 stands twice"):
        statements("rule", [RULE, RULE], "rules.yaml")


def test_a_combination_names_only_concepts_that_the_lexicon_or_the_tables_know():
    data = load_yaml("suggest.knowledge", "coding.yaml")
    known = {c for rule in lexicon() for c in rule.concepts} | {e["concept"] for e in data["concepts"]}
    known |= {c for members in data["groups"].values() for c in members}
    rows = load_yaml("suggest.knowledge", "combinations.yaml")
    named = {c for row in rows for c in (*row["effect"], *row["cause"]) if not c.startswith(("<", "drug:"))}
    assert rows
    assert named <= known, "a misspelt concept would never fire"
