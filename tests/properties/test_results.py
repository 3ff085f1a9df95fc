"""What holds for every note, whatever it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from suggest import suggest_codes, to_json
from suggest.result import Result
from suggest.serialise import from_json
from tests.properties.notes import SETTINGS, any_text, lined_notes, notes


def as_json(result: Result) -> dict[str, Any]:
    """The object of the contract, through text and back."""
    return json.loads(json.dumps(to_json(result)))


def spans(value: Any, path: str = "$") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of the answer that has a place in the text."""
    if isinstance(value, dict):
        if {"start", "end", "text"} <= value.keys():
            yield path, value
        for key, inner in value.items():
            yield from spans(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from spans(inner, f"{path}[{index}]")


def shifted(value: Any, by: int) -> Any:
    """The same answer with every offset moved."""
    if isinstance(value, dict):
        placed = "start" in value and "end" in value
        return {
            key: inner + by if placed and key in ("start", "end") else shifted(inner, by)
            for key, inner in value.items()
        }
    return [shifted(inner, by) for inner in value] if isinstance(value, list) else value


def codes(answer: dict[str, Any]) -> dict[str, list[str]]:
    """The answer without its places: what is suggested, asked and withheld, in order."""
    return {
        "suggestions": [entry["code"] for entry in answer["suggestions"]],
        "queries": [entry["query"] for entry in answer["queries"]],
        "withheld": [entry["code"] for entry in answer["withheld"]],
    }


@given(text=st.one_of(notes, any_text), setting=SETTINGS)
@example(text="\x00B12 deficiency\x00", setting="professional")
@example(text="\ud800 iron deficiency anemia \udfff", setting="inpatient")
@example(text="\ufeffA/P:\r\n1. Pernicious anemia\r\n", setting="outpatient")
def test_every_span_is_what_stands_there(text: str, setting: str):
    answer = suggest_codes(text, setting=setting)
    records = [*answer.facts.conditions, *answer.facts.labs, *answer.facts.medications, *answer.facts.links]
    records += [*answer.facts.stated_codes, *answer.facts.authors, *answer.facts.dates]
    records += [
        m for condition in answer.facts.conditions for m in condition.modifiers if m.source.value == "wording"
    ]
    records += [
        e
        for part in (answer.suggestions, answer.queries, answer.withheld, answer.checklist)
        for x in part
        for e in x.evidence
    ]
    for record in records:
        assert text[record.start : record.end] == record.text
        assert 0 <= record.start < record.end <= len(text)
    for section in answer.facts.sections:
        assert 0 <= section.start <= section.body_start <= section.end <= len(text)


@given(text=st.one_of(notes, any_text))
@example(text="\ud800 iron deficiency anemia \udfff")
def test_the_json_is_the_contract_and_survives_a_round_trip(text: str):
    answer = as_json(suggest_codes(text))
    assert as_json(from_json(answer)) == answer
    keys = "encounter_id note_id note_ids setting encounter_date release policy version scope facts"
    assert list(answer) == [*keys.split(), "suggestions", "queries", "withheld", "checklist", "warnings"]
    for path, span in spans(answer):
        assert text[span["start"] : span["end"]] == span["text"], path


@given(text=notes, blank=st.integers(min_value=1, max_value=6))
def test_blank_lines_before_the_note_move_every_offset_and_nothing_else(text: str, blank: int):
    plain = as_json(suggest_codes(text))
    moved = as_json(suggest_codes("\n" * blank + text))
    assert moved == shifted(plain, blank)


@given(text=lined_notes, setting=SETTINGS)
@example(text="A/P:\n1. B12 deficiency\n2. Anemia", setting="professional")
def test_carriage_returns_change_no_code(text: str, setting: str):
    unix = as_json(suggest_codes(text, setting=setting))
    windows = as_json(suggest_codes(text.replace("\n", "\r\n"), setting=setting))
    assert codes(windows) == codes(unix)


@given(text=notes, setting=SETTINGS)
def test_the_lists_of_the_answer_agree_with_one_another(text: str, setting: str):
    answer = suggest_codes(text, setting=setting)
    suggested = [entry.code for entry in answer.suggestions]
    withheld = [entry.code for entry in answer.withheld]
    assert len(set(suggested)) == len(suggested)
    assert len(set(withheld)) == len(withheld)
    assert not set(suggested) & set(withheld)
    assert [entry.rank for entry in answer.suggestions] == list(range(1, len(suggested) + 1))
    assert len({(query.query, query.topic) for query in answer.queries}) == len(answer.queries)
    for entry in answer.suggestions:
        assert 0.0 <= entry.score <= 1.0
        assert entry.evidence, entry.code
        assert entry.reasons, entry.code
        assert entry.title, entry.code


@given(text=notes)
def test_fact_ids_are_unique_and_links_point_at_facts(text: str):
    facts = suggest_codes(text).facts
    ids = [
        fact.id for part in (facts.conditions, facts.labs, facts.medications, facts.authors) for fact in part
    ]
    assert len(set(ids)) == len(ids)
    assert {end for link in facts.links for end in (link.cause, link.effect)} <= set(ids)
    assert {code.beside for code in facts.stated_codes} - {None} <= set(ids)
    assert {condition.author for condition in facts.conditions} - {None} <= set(ids)


@given(text=notes)
def test_the_same_note_gives_the_same_bytes(text: str):
    first, second = (to_json(suggest_codes(text)) for _ in range(2))
    assert json.dumps(first) == json.dumps(second)


@given(
    text=st.text(alphabet=st.characters(codec="ascii", categories=["L", "Z"]), max_size=80).map(
        lambda text: "Seen " + text
    )
)
def test_a_note_without_anything_of_ours_gets_an_empty_answer(text: str):
    # Letters drawn by chance do not spell a deficiency; a code would be a false alarm worth seeing.
    answer = suggest_codes(text)
    assert answer.suggestions == ()
    assert answer.facts.conditions == ()
