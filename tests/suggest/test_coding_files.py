"""coding.yaml and combinations.yaml: a slip of the hand is refused by file, entry and nearest right name."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from nlp.errors import KnowledgeError
from nlp.knowledge import load_yaml
from suggest.engine.tables import build_tables
from suggest.knowledge import load

CODING: dict[str, Any] = load_yaml("suggest.knowledge", "coding.yaml")
COMBINATIONS: list[dict[str, Any]] = load_yaml("suggest.knowledge", "combinations.yaml")


def _edited(
    concept: dict[str, Any] | None = None, group: Any = None, row: dict[str, Any] | None = None
) -> tuple[Any, Any]:
    """The files with the entry of b12_deficiency, a group `ours` or the combination P12 changed."""
    coding, rows = deepcopy(CODING), deepcopy(COMBINATIONS)
    next(e for e in coding["concepts"] if e["concept"] == "b12_deficiency").update(concept or {})
    if group is not None:
        coding["groups"]["ours"] = group
    next(r for r in rows if r["id"] == "P12").update(row or {})
    return coding, rows


def test_the_files_as_they_ship_are_read() -> None:
    read = build_tables(CODING, COMBINATIONS)
    assert len(read.coding) == len(CODING["concepts"])
    assert len(read.combinations) == len(COMBINATIONS)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"concept": "b12_deficency"}, r'unknown concept "b12_deficency"; did you mean b12_deficiency'),
        ({"covers": ["low_b21"]}, r'unknown concept in covers "low_b21"; did you mean low_b12'),
        ({"covers": "low_b12"}, r"covers must be a list"),
        ({"past": "Z86.93"}, r'unknown code in past "Z86.93"; did you mean Z86.39.*scope\.csv'),
        ({"family": "history"}, r'unknown code in family "history".*scope\.csv'),
        ({"code": 53.8}, r'unknown code in code "53.8".*scope\.csv'),
        ({"nutrient": "b13"}, r'unknown nutrient "b13"; use b12, iron, folate'),
        ({"stage": "kidney"}, r'unknown stage "kidney"; use ckd, short_bowel'),
        ({"lifelong": "yes"}, r"lifelong must be true or false"),
        ({"phrase": "P999"}, r'unknown phrase "P999"; did you mean .*phrases\.yaml'),
        ({"kind": "illness"}, r'unknown kind "illness"; use condition, '),
        ({"band": "safe"}, r'unknown band "safe"; use code, care'),
        ({"color": "red"}, r"unknown key color; known are band, "),
    ],
)
def test_a_wrong_entry_of_the_coding_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(KnowledgeError, match=rf"^coding\.yaml, entry b12_def\w+: {said}"):
        build_tables(*_edited(change))


@pytest.mark.parametrize(
    ("group", "said"),
    [
        (["anemea"], r'unknown concept in group "anemea"; did you mean anemia'),
        (["drug:ppis"], r'unknown drug class in group "ppis"; use b12, .*ppi'),
        ("anemia", "must be a list"),
    ],
)
def test_a_wrong_member_of_a_group_is_refused(group: Any, said: str) -> None:
    with pytest.raises(KnowledgeError, match=rf"^coding\.yaml, entry groups, ours: .*{said}"):
        build_tables(*_edited(group=group))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"effect": ["b12_anemia_deficiency"]}, r'unknown concept in effect "b12_anemia_deficiency"'),
        ({"effect": "<anemia_untyped>"}, "effect must be a list"),
        ({"cause": ["<diets>"]}, r'unknown group in cause "diets"; did you mean diet'),
        ({"cause": ["vegan_deit"]}, r'unknown concept in cause "vegan_deit"; did you mean vegan_diet'),
        ({"cause": ["drug:metformine"]}, r'unknown drug class in cause "metformine"; use .*metformin'),
        ({"gives": "dietry_b12_anemia"}, r"unknown concept in gives .*did you mean dietary_b12_anemia"),
        ({"phrase": "P200"}, r'unknown phrase "P200"'),
        ({"when": "chronic"}, r'unknown when "chronic"; use acute, untyped'),
        ({"keeps_cause": "no"}, "keeps_cause must be true or false"),
        ({"causes": []}, "unknown key causes"),
    ],
)
def test_a_wrong_combination_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(KnowledgeError, match=rf"^combinations\.yaml, entry P12: {said}"):
        build_tables(*_edited(row=change))


def test_a_concept_that_stands_twice_is_named() -> None:
    coding, rows = _edited()
    coding["concepts"].append(coding["concepts"][3])
    with pytest.raises(KnowledgeError, match=r"coding\.yaml: the id folate_deficiency stands twice"):
        build_tables(coding, rows)


@pytest.mark.parametrize("coding", [None, [], {"concepts": []}, {"groups": [], "concepts": []}])
def test_a_coding_file_that_lacks_a_part_is_refused(coding: Any) -> None:
    with pytest.raises(KnowledgeError, match=r"^coding\.yaml: "):
        build_tables(coding, COMBINATIONS)


def test_an_entry_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(KnowledgeError, match=r"^combinations\.yaml, entry number 1: must be a mapping"):
        build_tables(CODING, ["P12"])


def test_a_group_that_the_engine_asks_for_and_nobody_defines_is_named() -> None:
    with pytest.raises(KnowledgeError, match=r"^coding\.yaml: lacks the group no_such"):
        build_tables(CODING, COMBINATIONS).group("no_such")


@pytest.mark.parametrize(
    ("read", "file", "change", "said"),
    [
        (
            load.phrases,
            "phrases.yaml",
            lambda d: d[0].update(queries=["Q99"]),
            r'entry P01: unknown query "Q99',
        ),
        (load.phrases, "phrases.yaml", lambda d: d.append(d[0]), r"the id P01 stands twice"),
        (load.phrases, "phrases.yaml", lambda d: d[0].update(alternatives=None), "entry P01: alternatives"),
        (
            load.queries,
            "queries.yaml",
            lambda d: d["queries"][0].update(rules=["R99"]),
            r'entry Q01: unknown rule "R99".*rules\.yaml and rulings\.yaml',
        ),
        (
            load.queries,
            "queries.yaml",
            lambda d: d["queries"][0].update(topic="the {conditon}"),
            r'entry Q01: unknown placeholder "conditon"; use condition, other, drug',
        ),
        (load.queries, "queries.yaml", lambda d: d["queries"][0].update(ask="x"), "entry Q01: unknown key a"),
        (
            load.queries,
            "queries.yaml",
            lambda d: d["queries"].append(d["queries"][0]),
            r"the id Q01 stands twice",
        ),
        (
            load.queries,
            "queries.yaml",
            lambda d: d["queries"][0]["options"][0].update(needs="low_b21"),
            r'entry Q01: unknown needs "low_b21"; use low_b12',
        ),
    ],
)
def test_a_slip_in_phrases_or_queries_is_refused_when_the_file_is_read(
    monkeypatch: pytest.MonkeyPatch,
    read: Any,
    file: str,
    change: Callable[[Any], object],
    said: str,
) -> None:
    """Refused by the loader that everything reads through."""

    def edited(package: str, name: str) -> Any:
        data = load_yaml(package, name)
        if name == file:
            change(data)
        return data

    monkeypatch.setattr(load, "load_yaml", edited)
    with pytest.raises(KnowledgeError, match=rf"^{file}(?:, |: ){said}"):
        read.__wrapped__()
