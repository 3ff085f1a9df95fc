"""The spaCy factory `corrin_concepts`, and the lexicon as rules of medspaCy's target matcher."""

# No `from __future__ import annotations` here: spaCy reads the factory's annotations as they are.

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from nlp.concepts.load import lexicon
from nlp.concepts.process import find_mentions
from nlp.doc_values import value_of
from nlp.layout.component import layout_of
from nlp.quiet import silence

if not Doc.has_extension("corrin_mentions"):
    Doc.set_extension("corrin_mentions", default=None)
if not Doc.has_extension("corrin_text"):
    Doc.set_extension("corrin_text", default=None)
for _name, _default in (("corrin_concepts", ()), ("corrin_rule", None)):
    if not Span.has_extension(_name):
        Span.set_extension(_name, default=_default)


class ConceptsComponent:
    """Finds what the note names; does the work of medspaCy's target matcher, in time linear in the text."""

    def __call__(self, doc: Doc) -> Doc:
        """Write an entity a mention (label: its first concept) and all records to `doc._.corrin_mentions`.

        `ent._.corrin_concepts` holds every concept of the mention (coordinated forms name several),
        `ent._.corrin_rule` the id of the lexicon's entry.
        """
        mentions = value_of(doc, "corrin_mentions")
        if mentions is None:
            text = doc._.corrin_text if doc._.corrin_text is not None else doc.text
            mentions = doc._.corrin_mentions = find_mentions(text, layout_of(doc).units)
        if not len(doc):
            return doc  # no words, no entities
        spans: list[Span] = []
        taken = 0
        for mention in mentions:
            span = doc.char_span(
                mention.start, mention.end, label=mention.concepts[0], alignment_mode="expand"
            )
            if span is None or span.start < taken:
                continue
            attributes = span._
            attributes.corrin_concepts = mention.concepts
            attributes.corrin_rule = mention.rule
            spans.append(span)
            taken = span.end
        doc.set_ents(spans, default="unmodified" if doc.ents else "outside")
        return doc


@Language.factory("corrin_concepts", assigns=["doc.ents"])
def make_concepts(nlp: Language, name: str) -> ConceptsComponent:  # noqa: ARG001 -- spaCy's signature
    """Return the component; it holds no state."""
    return ConceptsComponent()


def target_rules() -> list[Any]:
    """Return the lexicon as `medspacy.target_matcher.TargetRule`, one a pattern.

    The rules carry the patterns; what may stand around a term (`near`, `unless_…`) and the choice of
    the longest reading are the work of `find_mentions`.
    """
    silence()
    from medspacy.target_matcher import TargetRule

    return [
        TargetRule(literal=rule.example, category=concept, pattern=pattern.pattern, metadata={"id": rule.id})
        for rule in lexicon()
        if rule.category is not None
        for concept in rule.concepts
        for pattern in rule.patterns
    ]
