"""What counts as right, missed and added, and what is left out."""

from __future__ import annotations

from typing import Any

import pytest

from corpora.evaluate.outcome import Outcome, judge
from corpora.evaluate.places import SpanCounts
from corpora.gold import read_encounter
from tests.corpora.samples import TEXT, answer, encounter, gold_row, lab, suggestion

RIGHT = (suggestion("E53.8", "Vitamin B12 deficiency"), suggestion("R20.2", "Paresthesia of the feet"))
ASKED = {"codes": ["G63"], "evidence": []}


def judged(*suggestions: dict[str, Any], gold: dict[str, Any] | None = None, **changes: Any) -> Outcome:
    return judge(encounter(gold=gold or {}), answer(*suggestions, **changes))


def test_the_very_codes_of_the_gold_are_exact_and_with_the_query_clean():
    outcome = judged(*RIGHT, queries=[ASKED])
    assert (outcome.missed, outcome.added, outcome.trap_hits) == ((), (), ())
    assert outcome.is_exact
    assert outcome.is_clean
    assert not judged(*RIGHT).is_clean


def test_a_missing_code_is_under_coding_and_one_too_many_over_coding():
    outcome = judged(RIGHT[0], suggestion("D50.9"))
    assert (outcome.missed, outcome.added) == (("R20.2",), ("D50.9",))
    assert not outcome.is_exact


@pytest.mark.parametrize(
    "extra",
    [
        suggestion("Z83.2"),  # optional in the gold
        suggestion("N18.4"),  # free by scoring.yaml
        suggestion("D50.9", necessity="optional"),  # optional by the answer's own account
        suggestion("J45.909"),  # outside the scope
    ],
    ids=["gold optional", "free", "own optional", "out of scope"],
)
def test_what_is_left_out_neither_gains_nor_costs(extra: dict[str, Any]):
    assert judged(*RIGHT, extra).is_exact


def test_a_free_code_that_the_gold_names_counts():
    gold = {"code": [{"code": "N18.4", "evidence": []}]}
    assert judged(gold=gold).missed == ("N18.4",)


def test_a_trap_is_hit_even_by_an_optional_suggestion():
    outcome = judged(*RIGHT, suggestion("D64.9", necessity="optional"))
    assert outcome.is_exact
    assert outcome.trap_hits == ("D64.9",)
    assert not outcome.is_clean


def test_an_encounter_without_an_answer_is_not_exact_though_nothing_was_required():
    nothing = encounter(gold={"code": [], "query": []})
    assert judge(nothing, answer()).is_exact
    assert not judge(nothing, None).is_exact


def test_a_condition_of_the_mother_given_to_the_patient_is_confused():
    outcome = judged(*RIGHT, suggestion("D51.0"))
    assert (outcome.is_history, outcome.history_confused) == (True, True)
    assert {group: (gold, given) for group, gold, given in outcome.states} == {
        "blood": ("history", "current"),
        "nutrition": ("current", "current"),
    }


def test_an_open_history_code_is_taken_as_the_answer_says():
    only_open = {"trap": [], "optional": ["Z83.2"]}
    assert judged(*RIGHT, suggestion("Z83.2"), gold=only_open).states[0] == ("blood", "history", "history")
    assert judged(*RIGHT, gold=only_open).states[0] == ("blood", "neither", "neither")


def test_one_question_answers_one_question_and_one_about_everything_none():
    gold = {"query": [{"topic": "one", "codes": ["G63"]}, {"topic": "two", "codes": ["G63"]}]}
    counts = judged(*RIGHT, gold=gold, queries=[ASKED]).queries
    assert (counts.asked, counts.missed, counts.unasked_for) == (1, 1, 0)
    everything = {"codes": ["G63", "D50.9", "D51.0", "D51.9", "D52.9", "E61.1", "E53.8"], "evidence": []}
    counts = judged(*RIGHT, gold=gold, queries=[everything]).queries
    assert (counts.asked, counts.missed, counts.unasked_for) == (0, 2, 1)


def test_an_optional_question_may_be_asked_or_not():
    gold = {"query": [{"topic": "one", "codes": ["G63"], "optional": True}]}
    assert judged(*RIGHT, gold=gold).is_clean
    assert judged(*RIGHT, gold=gold, queries=[ASKED]).is_clean


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        ("Vitamin B12 deficiency", SpanCounts(1, 1, 1, 1.0)),
        ("B12 deficiency", SpanCounts(1, 1, 0, 14 / 22)),
        ("Seen for tiredness", SpanCounts(1, 0, 0, 0.0)),
    ],
)
def test_evidence_meets_the_golds_or_not(words: str, counts: SpanCounts):
    assert judged(suggestion("E53.8", words)).spans == counts


def test_evidence_that_runs_wild_is_no_hit():
    long = "Vitamin B12 deficiency. " + "x" * 400
    row = gold_row(text=long)
    found = judge(read_encounter(row), answer(suggestion("E53.8", long, text=long))).spans
    assert (found.judged, found.hit) == (1, 0)


def test_evidence_in_another_note_of_the_encounter_is_no_hit():
    notes = [{"note_id": "v", "text": TEXT}, {"note_id": "o", "text": TEXT, "role": "context"}]
    quote = {"note_id": "o", "quote": "Vitamin B12 deficiency"}
    gold = {"code": [{"code": "E53.8", "evidence": [quote]}]}
    one = read_encounter({"id": "e", "notes": notes, "gold": gold})
    start = TEXT.index(quote["quote"])
    place = {"start": start, "end": start + 22, "text": quote["quote"]}
    for note, hit in (("o", 1), ("v", 0)):
        given = {**suggestion("E53.8"), "evidence": [{**place, "note_id": note}]}
        assert judge(one, answer(given)).spans.hit == hit


def test_an_offset_that_does_not_say_what_it_quotes_is_counted():
    wrong = suggestion("E53.8", "Vitamin B12 deficiency")
    wrong["evidence"][0]["start"] -= 1
    outcome = judged(wrong, RIGHT[1])
    assert (outcome.offsets, outcome.offsets_wrong) == (2, 1)


def test_the_first_code_is_the_golds_first_unless_the_gold_leaves_it_open():
    assert judged(*RIGHT).first_right is True
    assert judged(*reversed(RIGHT)).first_right is False
    assert judged(*reversed(RIGHT), gold={"first": ["E53.8", "R20.2"]}).first_right is True
    assert judged(gold={"code": []}).first_right is None


def test_values_are_read_when_number_and_analyte_agree_and_wrong_when_nobody_states_the_number():
    facts = {"labs": [lab("b12", 140.0), lab("mcv", 140.0), lab("ferritin", 7.0), lab("hemoglobin", 3.0)]}
    labs = judged(*RIGHT, facts=facts).labs
    assert (labs.found, labs.missed, labs.read, labs.read_wrong) == (1, 1, 3, 1)
