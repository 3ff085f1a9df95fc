"""The figures agree with scikit-learn where it has them, and their intervals with the seed."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    precision_recall_fscore_support,
)
from sklearn.preprocessing import MultiLabelBinarizer

from corpora.evaluate.figures import average_precision, measure, reliability
from corpora.evaluate.outcome import Outcome, judge
from corpora.evaluate.slices import by_band, by_code, by_family, by_group, by_rule, by_tag, confusion
from corpora.load import load_corpus
from tests.corpora.samples import answer, encounter, spoilt, suggestion


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return [judge(one, spoilt(one, 7)) for one in load_corpus()[:120]]


def test_micro_and_macro_figures_are_those_of_scikit_learn(outcomes: list[Outcome]):
    codes = MultiLabelBinarizer().fit([[c for o in outcomes for c in (*o.required, *o.suggested)]])
    wanted = codes.transform([o.required for o in outcomes])
    given = codes.transform([o.suggested for o in outcomes])
    ours = measure(outcomes)
    for kind, prefix in (("micro", ""), ("macro", "macro_")):
        theirs = precision_recall_fscore_support(wanted, given, average=kind, zero_division=np.nan)[:3]
        for name, value in zip(("precision", "recall", "f1"), theirs, strict=True):
            assert ours[prefix + name].value == pytest.approx(value, abs=1e-6), prefix + name


def test_brier_skill_and_ranking_are_those_of_scikit_learn(outcomes: list[Outcome]):
    pairs = [(c.right, c.score) for o in outcomes for c in o.candidates if c.counted]
    right, score = [r for r, _ in pairs], [s for _, s in pairs]
    ours = measure(outcomes)
    brier, base = brier_score_loss(right, score), np.mean(right)
    assert ours["brier"].value == pytest.approx(brier, abs=1e-6)
    assert ours["brier_skill"].value == pytest.approx(1 - brier / (base * (1 - base)), abs=1e-5)
    mixed = [o for o in outcomes if len({c.right for c in o.candidates}) == 2]
    expected = np.mean(
        [
            average_precision_score([c.right for c in o.candidates], [c.score for c in o.candidates])
            for o in mixed
        ]
    )
    assert ours["mean_average_precision"].value == pytest.approx(expected, abs=1e-6)


def test_the_calibration_error_is_the_weighted_gap_of_the_reliability_plot(outcomes: list[Outcome]):
    bins = reliability(outcomes)
    total = sum(entry["suggestions"] for entry in bins)
    gap = sum(e["suggestions"] * abs(e["mean_score"] - e["right"]) for e in bins) / total
    assert measure(outcomes)["ece"].value == pytest.approx(gap, abs=1e-5)


def test_an_order_is_judged_only_where_it_can_be_wrong():
    all_right = judge(encounter(), answer(suggestion("E53.8", score=0.2), suggestion("R20.2", score=0.9)))
    mixed = judge(encounter(), answer(suggestion("E53.8", score=0.2), suggestion("D50.9", score=0.9)))
    assert measure([all_right])["mean_average_precision"].value is None
    assert average_precision(mixed) == 0.5
    assert measure([all_right, mixed])["mean_average_precision"].value == 0.5


def test_intervals_hold_the_value_and_are_the_same_for_the_same_seed(outcomes: list[Outcome]):
    one, same = (measure(outcomes, samples=200, seed=3) for _ in range(2))
    assert one == same
    assert one["f1"] != measure(outcomes, samples=200, seed=4)["f1"]
    for name in ("precision", "recall", "f1", "exact", "brier"):
        figure = one[name]
        assert figure.low is not None
        assert figure.high is not None
        assert figure.value is not None
        assert figure.low < figure.value < figure.high, name


def test_a_figure_with_nothing_to_measure_is_none_and_not_zero():
    empty = measure([judge(encounter(gold={"code": [], "trap": [], "query": []}), answer())], samples=10)
    assert empty["exact"].value == 1.0
    assert {empty[name].value for name in ("precision", "recall", "f1", "brier", "ece", "trap_rate")} == {
        None
    }


def test_no_encounter_gives_no_figure():
    assert measure([]) == {}


def test_families_bands_and_codes_add_up_to_the_whole(outcomes: list[Outcome]):
    codes = by_code(outcomes)
    found, missed, added = (sum(row[k] for row in codes.values()) for k in ("found", "missed", "added"))
    assert found + missed == sum(len(o.required) for o in outcomes)
    assert found + added == sum(len(o.suggested) for o in outcomes)
    families = by_family(codes).values()
    assert [sum(row[k] for row in families) for k in ("found", "missed", "added")] == [found, missed, added]
    bands = by_band(outcomes)
    assert sum(row["suggestions"] for row in bands.values()) == found + added
    assert sum(row["right"] for row in bands.values()) == found


def test_groups_rules_tags_and_times_are_counted():
    one = judge(
        encounter(tags=["P48", "plain"], style="soap"), answer(suggestion("E53.8"), suggestion("D51.0"))
    )
    assert by_group([one])["style"]["soap"]["precision"] == 0.5
    assert by_rule([one]) == {"rule:R21": {"suggestions": 2, "right": 1, "wrong": 1, "precision": 0.5}}
    assert by_tag([one]) == {"P48": {"notes": 1, "exact": 0, "share": 0.0}}
    table = confusion([one])["blood"]
    assert table["history"]["current"] == 1
    assert sum(sum(row.values()) for row in table.values()) == 1
