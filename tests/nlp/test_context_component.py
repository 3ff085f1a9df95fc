"""The spaCy component writes what `resolve` says, and medspaCy accepts the cues as rules."""

from __future__ import annotations

from typing import Any

import pytest

spacy = pytest.importorskip("spacy")

from nlp.context import component  # noqa: E402


@pytest.fixture(scope="module")
def pipeline() -> Any:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PROBLEM", "pattern": [{"LOWER": word}]}
            for word in ("anemia", "gastritis", "gout", "sprue")
        ]
    )
    nlp.add_pipe("corrin_context")
    return nlp


@pytest.mark.parametrize(
    "text, attribute",
    [
        ("No anemia.", "is_negated"),
        ("Possible gastritis.", "is_uncertain"),
        ("History of gout.", "is_historical"),
        ("Return if anemia develops.", "is_hypothetical"),
        ("Her mother has sprue.", "is_family"),
    ],
)
def test_each_attribute_is_written_and_no_other(pipeline: Any, text: str, attribute: str) -> None:
    (ent,) = pipeline(text).ents
    names = ("is_negated", "is_uncertain", "is_historical", "is_hypothetical", "is_family")
    assert [name for name in names if ent._.get(name)] == [attribute]
    assert ent._.corrin_modifiers[0].text in text


def test_a_plain_mention_has_no_attribute_set(pipeline: Any) -> None:
    (ent,) = pipeline("Anemia today.").ents
    assert not ent._.is_negated
    assert not ent._.is_historical


def test_the_cues_become_medspacy_rules() -> None:
    from medspacy.context import ConText

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PROBLEM", "pattern": [{"LOWER": "anemia"}]}])
    context = ConText(nlp, rules=None)
    context.add(component.to_context_rules())
    (ent,) = context(nlp("She denies anemia.")).ents
    assert ent._.is_negated
