"""A cue of the links that is wrong is refused by file and entry."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from nlp.errors import KnowledgeError
from nlp.knowledge import load_yaml
from nlp.links.load import build_links, link_rules

DATA: dict[str, Any] = load_yaml("nlp.links", "cues.yaml")


def test_the_file_as_it_ships_is_read() -> None:
    assert [cue.id for cue in link_rules().cues] == [entry["id"] for entry in DATA["cues"]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"match": ["due to", "caused (by"]}, r"the pattern 'caused \(by' does not compile \(missing \)"),
        ({"match": "due to"}, "match must be a list"),
        ({"direction": "effect-first"}, 'unknown direction "effect-first"; use effect_first'),
        ({"only": [["diets", "anemia"]]}, 'unknown group "diets"; use deficiency, .*diet'),
        ({"only": ["diet", "anemia"]}, "only must be a list of pairs"),
        ({"tight": "yes"}, "tight must be true or false"),
        ({"mach": []}, "unknown key mach; known are .*match"),
    ],
)
def test_a_wrong_cue_is_refused(change: dict[str, Any], said: str) -> None:
    data = deepcopy(DATA)
    next(e for e in data["cues"] if e["id"] == "due_to").update(change)
    with pytest.raises(KnowledgeError, match=rf"^links/cues\.yaml, entry due_to: {said}"):
        build_links(data)


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        (
            "groups",
            {**DATA["groups"], "diet": ["vegan_deit"]},
            r'groups, diet: .*"vegan_deit"; did you mean vegan_diet',
        ),
        ("groups", {**DATA["groups"], "diet": "vegan_diet"}, "groups, diet: members must be a list"),
        ("hedges", ["likely", "may("], r"hedges: the pattern 'may\(' does not compile"),
        ("denials", ["not["], r"denials: the pattern 'not\[' does not compile"),
        ("named_causes", ["due to)"], r"named_causes: the pattern 'due to\)' does not compile"),
        ("anaphors", {**DATA["anaphors"], "nutrient": ["(b12"]}, r"anaphors, nutrient: the pattern '\(b12'"),
        ("ranks", [["diets"]], 'ranks: unknown group "diets"'),
    ],
)
def test_a_wrong_list_is_refused(part: str, value: Any, said: str) -> None:
    with pytest.raises(KnowledgeError, match=rf"^links/cues\.yaml, entry {said}"):
        build_links({**DATA, part: value})


def test_a_part_that_is_missing_is_named() -> None:
    with pytest.raises(KnowledgeError, match=r"^links/cues\.yaml: lacks the part denials"):
        build_links({key: value for key, value in DATA.items() if key != "denials"})
