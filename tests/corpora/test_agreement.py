"""Two codings that agree are at the ceiling; chance agreement is taken out by kappa."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sklearn.metrics import cohen_kappa_score

from corpora.evaluate.agreement import agree, pooled_kappa
from corpora.evaluate.outcome import judge
from corpora.gold import Gold, GoldCode, Quote
from corpora.load import load_corpus
from tests.corpora.samples import encounter, spoilt


def test_a_coding_agrees_with_itself_in_all():
    several = [encounter("n1"), encounter("n2", gold={"code": []})]
    found = agree(several, {}, {one.id: one.gold for one in several}, samples=10)
    assert found["notes"] == 2
    figures = found["second_against_first"]
    assert {figures[n]["value"] for n in ("exact", "f1", "evidence_hit", "first_listed")} == {1.0}
    assert found["kappa"]["value"] == 1.0
    assert found["differing"] == []


def test_where_both_report_a_code_everywhere_kappa_says_nothing():
    found = agree([encounter()], {}, {"n1": encounter().gold}, samples=10)
    assert found["kappa"] == {"value": None, "low": None, "high": None}
    assert found["kappa_by_code"]["E53.8"] == {"first": 1, "second": 1, "both": 1, "kappa": None}


def test_a_blind_difference_counts_against_the_first_coding_and_not_against_the_settled_gold():
    one = encounter()
    second = one.gold
    first = replace(
        one.gold, codes=(GoldCode("D64.9", (Quote("n1", "anemia"),)), *one.gold.codes[1:]), traps=()
    )
    found = agree([one], {"n1": first}, {"n1": second})
    assert found["differing"] == [{"id": "n1", "first_only": ["D64.9"], "second_only": ["E53.8"]}]
    assert found["second_against_first"]["exact"]["value"] == 0.0
    assert found["second_against_settled"]["exact"]["value"] == 1.0


def test_encounters_that_were_coded_once_are_left_out():
    assert agree([encounter("n1"), encounter("n2")], {}, {"n2": encounter("n2").gold})["notes"] == 1
    assert agree([encounter("n1")], {}, {})["notes"] == 0


def test_a_code_that_either_calls_optional_is_no_difference():
    one = encounter()
    second = replace(one.gold, codes=one.gold.codes[:1], optional=("Z83.2", "R20.2"))
    assert agree([one], {}, {"n1": second})["differing"][0]["first_only"] == ["R20.2"]
    third: Gold = replace(one.gold, codes=(*one.gold.codes, GoldCode("Z83.2")), optional=())
    assert agree([one], {}, {"n1": third})["differing"] == []


def test_pooled_kappa_is_that_of_scikit_learn_over_all_decisions():
    outcomes = [judge(one, spoilt(one, 5)) for one in load_corpus()[:60]]
    codes = sorted({code for o in outcomes for code in (*o.required, *o.suggested)})
    first = [code in o.required for o in outcomes for code in codes]
    second = [code in o.suggested for o in outcomes for code in codes]
    found = pooled_kappa(outcomes, samples=100, seed=1)
    assert found.value == pytest.approx(cohen_kappa_score(first, second), abs=1e-6)
    assert found.low is not None
    assert found.high is not None
    assert found.low < cohen_kappa_score(first, second) < found.high
