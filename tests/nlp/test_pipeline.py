"""What a spaCy user sees of a note, and that it agrees with what `read_note` says of it."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from nlp.doc_values import value_of, write_values
from nlp.facts import Assertion, Experiencer, Temporality

pytest.importorskip("spacy")

from nlp.pipeline import _current, build, pipeline, read_note
from nlp.steps import TooLongError, limited

NOTE = (
    "HPI: No melena. Fatigue for weeks.\n"
    "PMH: history of B12 deficiency\n"
    "Family history: pernicious anemia in mother\n"
    "Labs: Hgb 9.1 g/dL, ferritin 6 ng/mL on 3/4/2026\n"
    "Assessment and plan:\n"
    "1. Iron deficiency anemia due to menorrhagia, start ferrous sulfate 325 mg daily.\n"
    "2. Possible celiac disease.\n"
    "Electronically signed by Jane Roe, MD\n"
)
NOTES = (
    NOTE,
    "Assessment:\r\n\u201cVitamin B\u2081\u2082 deficiency\u201d \u2013 not anemic.\r\nPlan:\r\nB12 IM\r\n",
    "A/P: B12 deficiency, \ufb01ne\x00 \u0130ron deficiency",
    "B12 deficiency",
    "Nothing of ours.",
    " ",
    "",
)


@pytest.mark.parametrize("text", NOTES, ids=range(len(NOTES)))
def test_a_document_holds_the_facts_that_read_note_returns(text: str) -> None:
    doc = pipeline()(text)
    assert doc.text == text
    assert doc._.corrin_facts == read_note(text)
    assert doc._.corrin_sections == read_note(text, to_the_end=True).sections


@pytest.mark.parametrize("text", NOTES, ids=range(len(NOTES)))
def test_a_note_with_an_id_tells_the_same_and_each_record_names_it(text: str) -> None:
    facts, named = read_note(text), read_note(text, note_id="n7")
    assert named.note_id == "n7"
    for kind in (f.name for f in fields(facts) if f.name not in ("note_id", "text", "units")):
        records = getattr(facts, kind)
        assert getattr(named, kind) == tuple(replace(record, note_id="n7") for record in records)


def test_values_are_read_and_written_where_spacy_keeps_them() -> None:
    doc = build().make_doc(NOTE)
    assert value_of(doc, "corrin_dates") is None
    doc._.corrin_dates = ("one",)
    assert value_of(doc, "corrin_dates") == ("one",)
    write_values(doc, {"corrin_dates": ("two",)})
    assert doc._.corrin_dates == ("two",)


def test_each_mention_is_an_entity_with_what_is_said_of_it() -> None:
    doc = build()(NOTE)
    conditions = read_note(NOTE).conditions
    assert [ent.text for ent in doc.ents] == [condition.text for condition in conditions]
    for ent, condition in zip(doc.ents, conditions, strict=True):
        assert ent.label_ == condition.concept
        assert ent._.corrin_concepts == (condition.concept,)
        assert ent._.corrin_modifiers == condition.modifiers
        assert ent._.is_negated is (condition.assertion is Assertion.ABSENT)
        assert ent._.is_uncertain is (condition.assertion is Assertion.POSSIBLE)
        assert ent._.is_historical is (condition.temporality is not Temporality.CURRENT)
        assert ent._.is_family is (condition.experiencer is Experiencer.FAMILY)
    assert any(ent._.is_negated for ent in doc.ents)
    assert any(ent._.is_family for ent in doc.ents)


def test_a_document_keeps_the_text_and_reading_a_note_stores_none_of_it() -> None:
    language = pipeline()
    read_note("A/P: B12 deficiency, says Zyxwvut.")
    assert "Zyxwvut" not in language.vocab.strings
    assert language("A/P: B12 deficiency, says Zyxwvut.").text == "A/P: B12 deficiency, says Zyxwvut."


def test_the_document_that_is_used_again_keeps_nothing_of_a_note() -> None:
    read_note("A/P: B12 deficiency, says Zyxwvut.")
    (*_, doc) = _current().idle
    assert doc.user_data == {}
    with pytest.raises(TooLongError), limited(1_000):
        read_note(NOTE * 50)
    assert read_note(NOTE) == read_note(NOTE)
    assert all(doc.user_data == {} for doc in _current().idle)
