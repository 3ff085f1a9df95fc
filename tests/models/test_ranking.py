"""The learned score: what it may decide, what it must leave alone, and that it costs nothing to load."""

from __future__ import annotations

import re
import subprocess
import sys
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ranking import from_mapping, ranking
from models.training.forget import forget
from nlp.errors import KnowledgeError
from nlp.knowledge import load_yaml
from nlp.pipeline import read_note
from suggest import suggest_codes
from suggest.features import names
from suggest.wary import Heard, WaryLists, count_words, wary_words

_WORDS = sorted({word for entry in load_yaml("suggest", "features.yaml") for word in entry["words"]})
SMALL = {
    "features": ["treated", "word_doubt"],
    "trees": [[1, 0.5, 0.9, 0.3], [0, 0.5, 0.5, [1, 0.5, 0.7, 0.1]]],
    "calibration": {"slope": 1.0, "shift": 0.0},
    "code_from": 0.7,
}


def test_the_score_is_the_mean_of_the_trees() -> None:
    model = from_mapping(SMALL)
    assert model.probability({"treated": 1.0, "word_doubt": 0.0}) == pytest.approx((0.9 + 0.7) / 2)
    assert model.probability({"treated": 0.0, "word_doubt": 1.0}) == pytest.approx((0.3 + 0.5) / 2)


def _walked(tree: Any, row: list[float]) -> float:
    while isinstance(tree, list):
        place, threshold, low, high = tree
        tree = low if row[place] <= threshold else high
    return float(tree)


_EDGES = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
_TREES = st.recursive(
    st.floats(0, 1),
    lambda below: st.tuples(st.integers(0, 2), _EDGES, below, below).map(list),
    max_leaves=9,
)


@given(st.lists(_TREES, min_size=1, max_size=4), st.lists(_EDGES, min_size=3, max_size=3))
def test_all_trees_asked_at_once_lead_where_each_leads(trees: list[Any], row: list[float]) -> None:
    model = from_mapping({**SMALL, "features": ["a", "b", "c"], "trees": trees})
    assert model.forest.fall(row) == [_walked(tree, row) for tree in trees]


def test_a_tree_that_asks_for_an_unknown_feature_is_refused() -> None:
    with pytest.raises(ValueError, match="no such feature"):
        from_mapping({**SMALL, "trees": [[2, 0.5, 0.9, 0.3]]})


def test_the_line_of_the_calibration_moves_every_score() -> None:
    lower = from_mapping({**SMALL, "calibration": {"slope": 1.0, "shift": -1.0}})
    row = {"treated": 1.0, "word_doubt": 0.0}
    assert lower.probability(row) < from_mapping(SMALL).probability(row)


def test_the_shipped_score_knows_the_very_features_that_are_read() -> None:
    assert ranking().names == names()


def test_a_plain_assessed_and_treated_deficiency_with_its_lab_is_safe() -> None:
    note = (
        "Labs: B12 142 pg/mL\n\nAssessment:\n1. Vitamin B12 deficiency. Start cyanocobalamin 1000 mcg IM.\n"
    )
    (found,) = suggest_codes(note).suggestions
    assert (found.code, found.band.value) == ("E53.8", "code")
    assert found.score > 0.9


def test_a_mention_in_a_story_about_what_was_said_scores_lower_than_an_assessed_one() -> None:
    told = "She says that a doctor once thought she might have had pernicious anemia and gave her shots.\n"
    plain = "Assessment:\n1. Pernicious anemia. Continue cyanocobalamin 1000 mcg IM monthly.\n"
    scores = {s.code: s.score for s in suggest_codes(told).suggestions}
    assert scores.get("D51.0", 0.0) < suggest_codes(plain).suggestions[0].score


def test_a_rule_that_cautions_is_not_overruled_by_a_high_score() -> None:
    note = (
        "DRAFT - not signed\n\nLabs: B12 142 pg/mL (200-900)\n\n"
        "Assessment:\n1. Vitamin B12 deficiency. Start cyanocobalamin 1000 mcg IM.\n"
    )
    found = suggest_codes(note).suggestions
    assert [s.band.value for s in found] == ["care"] * len(found)
    assert found


def test_a_required_code_in_band_code_scores_at_least_the_edge_of_the_band() -> None:
    notes = (
        "A/P: anemia.",
        "Her aunt asked whether the anemia might be from her diet.",
        "Impression: pancytopenia",
    )
    for note in notes:
        for s in suggest_codes(note).suggestions:
            if s.necessity.value == "required" and s.band.value == "code":
                assert s.score >= ranking().code_from


def test_scoring_imports_no_scikit_learn() -> None:
    script = "import sys, suggest.rank, models.ranking as m; m.ranking(); sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_parameters_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    import models.artefact

    monkeypatch.setattr(models.artefact, "files", lambda _: tmp_path)
    with pytest.raises(KnowledgeError, match=r"models/ranking\.json: the file is missing"):
        models.artefact.read_artefact("ranking.json", ())
    (tmp_path / "ranking.json").write_text('{"format": 0}', encoding="utf-8")
    with pytest.raises(KnowledgeError, match="not of format 1"):
        models.artefact.read_artefact("ranking.json", ())


@pytest.mark.parametrize("entry", load_yaml("suggest", "features.yaml"), ids=lambda entry: entry["id"])
def test_each_list_of_wary_words_hears_its_example(entry: dict[str, str]) -> None:
    assert wary_words()[entry["id"]].pattern.search(entry["example"])


_PIECES = (
    "not",
    "If",
    "instead",
    "of",
    "instead of",
    "don't",
    "don\u2019t",
    "?",
    "Wa\u017f",
    "\u0130f",
    "loo\u212as",
)
_BETWEEN = (" ", "", "_", "-", "\n", "'", "\u2019", "1", "\0", "\u00e9")


@given(st.lists(st.sampled_from((*_PIECES, *_BETWEEN)), max_size=8).map("".join))
def test_a_text_told_apart_into_words_holds_the_wary_words_that_a_search_finds(text: str) -> None:
    for name, listed in wary_words().items():
        assert listed.stand_in(Heard(text)) == bool(listed.pattern.search(text)), name
    assert count_words(text) == len(re.findall(r"[^\W\d_]+", text))


def test_a_half_read_note_keeps_its_words_and_loses_some_of_what_was_read() -> None:
    note = read_note(
        "Assessment:\n1. No anemia.\n2. History of B12 deficiency.\n3. IDA due to menorrhagia.\n"
    )
    halves = [forget(note, Random(seed)) for seed in range(40)]
    assert all(half.text == note.text for half in halves)
    assert any(half.conditions != note.conditions for half in halves)
    assert any(not half.links for half in halves)
    assert forget(note, Random(3)) == forget(note, Random(3))


@pytest.mark.slow
def test_the_shipped_parameters_are_what_training_gives(tmp_path) -> None:
    from pathlib import Path

    from models.training.command import train, write

    home = Path(__file__).parents[2]
    write(tmp_path, train(home / "corpora"))
    for file in sorted(tmp_path.iterdir()):
        assert file.read_bytes() == (home / "models" / file.name).read_bytes(), file.name


@given(st.lists(st.sampled_from([*_WORDS, "anemia", "Instead of", "?", "\u017fays", "caus\u0130ng", "\n"])))
def test_lists_asked_at_once_hear_what_each_hears(words: list[str]) -> None:
    lists, heard = list(wary_words().values()), Heard(" ".join(words))
    assert WaryLists(lists).standing_in(heard) == [listed.stand_in(heard) for listed in lists]


def test_features_by_their_place_score_as_those_by_their_name() -> None:
    model, known = ranking(), names()
    for seed in range(20):
        row = tuple(Random(seed).choice((True, False, 0.3, 1.0)) for _ in known)
        by_name = dict(zip(known, row, strict=True))
        assert model.score(known, row) == model.probability(by_name)
        assert model.score(known[::-1], row[::-1]) == model.probability(by_name)
