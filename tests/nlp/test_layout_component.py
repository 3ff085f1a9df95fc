"""The spaCy factory writes what the pure function reads, and speaks to medspaCy."""

from __future__ import annotations

import pytest

from nlp.layout import read_layout

spacy = pytest.importorskip("spacy")

TEXT = "CC: tired\n\nA/P:\n1. Iron deficiency anemia. Start iron.\n2. Gout\n"


@pytest.fixture(scope="module")
def doc():
    import nlp.layout.component  # noqa: F401  -- registers the factory

    pipeline = spacy.blank("en")
    pipeline.add_pipe("corrin_sections")
    return pipeline(TEXT)


def test_the_document_holds_the_layout(doc):
    assert doc._.corrin_layout == read_layout(TEXT)
    assert doc._.corrin_sections == read_layout(TEXT).sections


def test_each_unit_is_a_sentence_of_the_document(doc):
    sentences = [sentence.text.strip() for sentence in doc.sents]
    assert {"Iron deficiency anemia.", "Start iron.", "Gout"} <= {
        s.removesuffix("2.").strip() for s in sentences
    }


def test_the_header_rules_are_given_to_medspacy():
    from nlp.layout.component import section_rules

    pytest.importorskip("medspacy")
    rules = {rule.literal: rule for rule in section_rules()}
    assert rules["family history"].category == "family"
    assert rules["assessment and plan"].category == "assessment_plan"
    assert rules["assessment and plan"].pattern is not None


def test_medspacy_sees_our_sections_once_it_is_there():
    from nlp.quiet import silence

    silence()
    pytest.importorskip("medspacy.section_detection")
    import nlp.layout.component  # noqa: F401

    pipeline = spacy.blank("en")
    pipeline.add_pipe("corrin_sections")
    sections = pipeline(TEXT)._.sections
    assert [section.category for section in sections] == ["hpi", "assessment_plan"]
    doc = pipeline(TEXT)
    assert doc[sections[1].title_start : sections[1].title_end].text == "A/P:"
    assert doc[sections[1].body_start : sections[1].body_end].text.strip().startswith("1. Iron")
