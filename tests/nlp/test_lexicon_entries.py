"""Every entry of the lexicon finds its own example and no near miss; one that is wrong is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from nlp import knowledge
from nlp.concepts import Mention, find_mentions
from nlp.concepts.load import build_lexicon
from nlp.errors import KnowledgeError
from nlp.knowledge import load_yaml
from nlp.layout import read_layout

DATA: dict[str, Any] = load_yaml("nlp.concepts", "lexicon.yaml")
ENTRIES: list[dict[str, Any]] = DATA["concepts"]
NEAR_MISSES = [(e["id"], sentence) for e in ENTRIES for sentence in e.get("near_misses", ())]


def _found(sentence: str) -> tuple[str, tuple[Mention, ...]]:
    plain = re.sub(r"\[\[|\]\]", "", sentence)
    return plain, find_mentions(plain, read_layout(plain).units)


def missed(entry: dict[str, Any]) -> list[str]:
    """The marked words of an example that are not found as the entry's; of a mask, those that are found."""
    plain, mentions = _found(entry["example"])
    wrong: list[str] = []
    start = 0
    for words in re.findall(r"\[\[(.+?)\]\]", entry["example"]):
        start = plain.index(words, start)
        end = start + len(words)
        if entry["category"] == "mask":
            is_right = not any(m.start < end and m.end > start for m in mentions)
        else:
            is_right = any((m.start, m.end, m.rule) == (start, end, entry["id"]) for m in mentions)
        wrong += [] if is_right else [words]
        start = end
    return wrong


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: str(e["id"]))
def test_the_marked_words_of_an_example_are_found_as_the_entrys(entry: dict[str, Any]) -> None:
    assert missed(entry) == []


@pytest.mark.parametrize(("name", "sentence"), NEAR_MISSES)
def test_a_near_miss_is_not_found_as_the_entrys(name: str, sentence: str) -> None:
    assert name not in [mention.rule for mention in _found(sentence)[1]]


def test_a_wrong_mark_is_told() -> None:
    pallor = next(e for e in ENTRIES if e["id"] == "pallor")
    assert missed({**pallor, "example": "[[Pale and]] tired."}) == ["Pale and"]
    mask = next(e for e in ENTRIES if e["id"] == "mask.workup")
    assert missed({**mask, "example": "She has [[anemia]]."}) == ["anemia"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"patterns": ["pallor", "pal(lor"]}, r"the pattern 'pal\(lor' does not compile \(missing \)"),
        ({"near": "skin["}, r"the pattern 'skin\[' does not compile"),
        ({"unless_before": r"(?<=pal+)or"}, r"the pattern '.*' does not compile \(look-behind requires"),
        ({"patterns": "pallor"}, r"patterns must be a list"),
        ({"needs": "pallor"}, r"needs must be a list"),
        ({"needs": [False]}, r"needs must be a list of words"),
        ({"needs": []}, r"needs is empty"),
        ({"concept": "b12_deficency"}, r'unknown concept "b12_deficency"; did you mean b12_deficiency'),
        (
            {"concepts": ["anemia", "iron_deficency"]},
            r'unknown concept "iron_deficency"; did you mean iron_def',
        ),
        ({"concpt": "anemia"}, r"unknown key concpt; known are .*concept"),
        ({"example": "Pallor."}, r"the example marks no \[\[words\]\]"),
        ({"patterns": ["{no_such} pallor"]}, r"unknown fragment \{no_such\}"),
        ({"anchor": "yes"}, r"anchor must be true or false"),
        ({"category": "sign"}, r'unknown category "sign"; use condition, finding'),
    ],
)
def test_a_wrong_entry_is_refused(change: dict[str, Any], said: str) -> None:
    data = deepcopy(DATA)
    next(e for e in data["concepts"] if e["id"] == "pallor").update(change)
    with pytest.raises(KnowledgeError, match=rf"^lexicon\.yaml, entry pallor: {said}"):
        build_lexicon(data)


@pytest.mark.parametrize("change", [lambda d: d.pop("apart"), lambda d: d.update(concept=[])])
def test_a_file_that_lacks_a_part_or_has_another_is_refused(change: Callable[[Any], object]) -> None:
    data = deepcopy(DATA)
    change(data)
    with pytest.raises(KnowledgeError, match=r"^lexicon\.yaml: must hold a mapping with the keys"):
        build_lexicon(data)


def test_a_key_that_stands_twice_in_an_entry_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lexicon.yaml").write_text(
        "concepts:\n- id: a\n  needs: [a]\n  needs: [b]\n", encoding="utf-8"
    )
    monkeypatch.setattr(knowledge, "files", lambda _: tmp_path)
    with pytest.raises(KnowledgeError, match=r"^lexicon\.yaml, line 2: .*the key needs stands twice"):
        load_yaml("nlp.concepts", "lexicon.yaml")
