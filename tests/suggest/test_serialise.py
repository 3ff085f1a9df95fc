"""The JSON of a result: the contract's keys in the contract's order, and the way back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.errors import InputError
from suggest.result import Warning as ResultWarning
from suggest.serialise import dumps, from_json, to_json
from tests.suggest.result_samples import EMPTY, FULL

SHAPE = {
    "encounter_id": 0, "note_id": 0, "note_ids": 0, "setting": 0, "encounter_date": 0, "release": 0,
    "policy": "name sha256", "version": 0, "scope": 0, "facts": 0,
    "suggestions": (
        "rank code title kind temporality necessity band score evidence reasons sequence_after "
        "needs alternatives conflicts"
    ),
    "queries": "query topic codes question options changes evidence reasons draft",
    "withheld": "code title evidence reasons",
    "checklist": "item ok text advice evidence",
    "warnings": "kind text",
}  # fmt: skip
FACT_SHAPE = {
    "sections": "note_id category title start end",
    "conditions": (
        "id note_id concept category start end text section assertion temporality "
        "experiencer author modifiers"
    ),
    "labs": (
        "id note_id analyte value comparator result unit reference_low reference_high flag plausible date "
        "start end text section"
    ),
    "medications": (
        "id note_id drug route dose concentration volume frequency status start end text section"
    ),
    "links": "cause effect denied hedged note_id start end text",
    "stated_codes": "note_id code beside start end text",
    "authors": "id note_id credential role signed start end text",
    "dates": "note_id kind date start end text",
}


def test_the_keys_of_a_result_stand_in_the_contracts_order() -> None:
    data = to_json(FULL)
    assert list(data) == list(SHAPE)
    for key, names in SHAPE.items():
        if isinstance(names, str):
            rows = data[key] if isinstance(data[key], list) else [data[key]]
            assert rows
            assert all(list(row) == names.split() for row in rows), key


def test_the_keys_of_the_facts_stand_in_the_contracts_order() -> None:
    facts = to_json(FULL)["facts"]
    assert list(facts) == list(FACT_SHAPE)
    for key, names in FACT_SHAPE.items():
        assert [list(row) for row in facts[key]] == [names.split()], key
    assert list(facts["conditions"][0]["modifiers"][0]) == ["kind", "start", "end", "text", "source"]
    assert facts["medications"][0]["dose"] == {"value": 1000.0, "unit": "mcg"}


def test_nested_objects_of_a_suggestion_have_the_contracts_keys() -> None:
    first, second, third = to_json(FULL)["suggestions"]
    assert list(first["evidence"][0]) == ["note_id", "start", "end", "text", "section", "role"]
    assert list(first["reasons"][0]) == ["rule", "text", "citation"]
    assert (first["sequence_after"], second["sequence_after"]) == (None, "D51.0")
    assert list(third["sequence_after"]) == ["code", "what", "evidence"]
    assert list(second["alternatives"][0]) == ["codes", "text", "option"]
    assert list(second["conflicts"][0]) == ["code", "text", "rule", "evidence"]


def test_absent_is_null_and_empty_is_a_list() -> None:
    data = to_json(EMPTY)
    assert data["encounter_id"] is None
    assert data["suggestions"] == data["queries"] == data["warnings"] == []
    assert data["facts"] == {key: [] for key in FACT_SHAPE}


@pytest.mark.parametrize("result", [FULL, EMPTY], ids=["full", "empty"])
def test_a_result_comes_back_from_its_json(result: object) -> None:
    assert from_json(json.loads(dumps(result))) == result  # type: ignore[arg-type]


def test_values_are_plain_json_types() -> None:
    def check(value: object) -> None:
        assert type(value) in (dict, list, str, int, float, bool, type(None))
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            check(item)

    check(to_json(FULL))


def test_compact_json_is_one_line_and_keeps_letters() -> None:
    result = replace(FULL, warnings=(ResultWarning("drift", "naïve\u2028 “quote”\nnext"),))
    line = dumps(result)
    assert "\n" not in line
    assert "naïve" in line
    assert json.loads(line) == to_json(result)


@given(st.text(st.characters(), max_size=40))
def test_any_text_survives_the_way_to_bytes_and_back(text: str) -> None:
    result = replace(EMPTY, warnings=(ResultWarning("drift", text),), note_id=text)
    assert from_json(json.loads(dumps(result, indent=2).encode("utf-8"))) == result


def test_a_lone_surrogate_is_written_as_its_escape() -> None:
    assert "\\ud83d" in dumps(replace(EMPTY, note_id="a\ud83d"))


@pytest.mark.parametrize("key", ["facts", "suggestions", "setting", "policy"])
def test_a_missing_key_is_named(key: str) -> None:
    data = to_json(FULL)
    del data[key]
    with pytest.raises(InputError, match=key):
        from_json(data)


def test_a_value_outside_its_vocabulary_is_refused_without_quoting_it() -> None:
    data = to_json(FULL)
    data["facts"]["labs"][0]["flag"] = "zebrafish"
    with pytest.raises(InputError) as caught:
        from_json(data)
    assert "zebrafish" not in str(caught.value)
