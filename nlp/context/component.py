"""The spaCy factory `corrin_context`, and the cues as medspaCy rules. Only this module imports spaCy.

A medspaCy user finds the usual attributes on each entity (`is_negated`, `is_uncertain`,
`is_historical`, `is_hypothetical`, `is_family`), set by Corrin's own scopes, and beside them
`ent._.corrin_modifiers` with the words that decided.
"""

# No `from __future__ import annotations` here: spaCy 3.7 reads the factory's annotations as types.

from collections.abc import Iterable
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from nlp.context.load import load_vocabulary
from nlp.context.phrases import Row, expand
from nlp.context.process import SpanAssertion, resolve
from nlp.doc_values import value_of, write_values
from nlp.facts import Assertion, Experiencer, Temporality
from nlp.layout import read_layout
from nlp.quiet import silence

_CATEGORIES = {
    "negated": "NEGATED_EXISTENCE",
    "affirmed": "POSITIVE_EXISTENCE",
    "possible": "POSSIBLE_EXISTENCE",
    "hypothetical": "HYPOTHETICAL",
    "historical": "HISTORICAL",
    "resolved": "HISTORICAL",
    "family": "FAMILY",
    "none": "PSEUDO",
}
_DIRECTIONS = {"forward": "FORWARD", "backward": "BACKWARD", "both": "BIDIRECTIONAL"}
_PHRASE_SCOPE = {"phrase": 14, "next": 4}  # tokens, as in scopes.py
_CLASS_PATTERNS: dict[str, dict[str, Any]] = {
    "<year>": {"TEXT": {"REGEX": r"^(19|20)\d\d$"}},
    "<number>": {"LIKE_NUM": True},
    "<word>": {"IS_ALPHA": True},
}
_SPAN_KEY = 4  # spaCy keeps an attribute of a span under ("._.", name, start, end)
_ATTRIBUTES = ("is_negated", "is_uncertain", "is_historical", "is_hypothetical", "is_family")


def _register() -> None:
    for name in _ATTRIBUTES:
        if not Span.has_extension(name):
            Span.set_extension(name, default=False)
    if not Span.has_extension("corrin_modifiers"):
        Span.set_extension("corrin_modifiers", default=())


def _write(ent: Span, found: SpanAssertion, held: frozenset[str]) -> None:
    """Write what is not as by default, and what stands in place of an older value."""
    values = {
        "is_negated": found.assertion is Assertion.ABSENT,
        "is_uncertain": found.assertion is Assertion.POSSIBLE,
        "is_hypothetical": found.assertion is Assertion.HYPOTHETICAL,
        "is_historical": found.temporality in (Temporality.HISTORICAL, Temporality.RESOLVED),
        "is_family": found.experiencer is Experiencer.FAMILY,
    }
    attributes = ent._
    for name, value in values.items():
        if value or name in held:
            attributes.set(name, value)
    if found.modifiers or "corrin_modifiers" in held:
        attributes.corrin_modifiers = found.modifiers


def _held(doc: Doc) -> frozenset[str]:
    """The names of attributes that something has written for spans of the document before."""
    keys: Iterable[object] = doc.user_data
    return frozenset(key[1] for key in keys if isinstance(key, tuple) and len(key) == _SPAN_KEY)


class ContextComponent:
    """Reads the context of each entity of a Doc and writes it on the entity."""

    def __init__(self) -> None:
        load_vocabulary()
        _register()

    def __call__(self, doc: Doc) -> Doc:
        """Write the attributes on every entity of `doc`.

        In Corrin's own pipeline the mentions of `doc._.corrin_mentions` are read, of which the
        entities are the spans; how each is meant stands in `doc._.corrin_assertions` too.
        """
        mentions = value_of(doc, "corrin_mentions")
        text, layout = value_of(doc, "corrin_text") or doc.text, value_of(doc, "corrin_layout")
        spans = [(m.start, m.end) for m in mentions] if mentions else _spans(doc)
        if not spans:
            return doc
        found = resolve(text, layout if layout is not None else read_layout(text), spans)
        if mentions and Doc.has_extension("corrin_assertions"):
            write_values(doc, {"corrin_assertions": found})
        if not len(doc):
            return doc  # no words, no entities
        by_place = dict(zip(spans, found, strict=True))
        held = _held(doc)
        for ent in doc.ents:
            how = by_place.get((ent.start_char, ent.end_char))
            if how is not None:
                _write(ent, how, held)
        return doc


def _spans(doc: Doc) -> list[tuple[int, int]]:
    return [(ent.start_char, ent.end_char) for ent in doc.ents]


@Language.factory("corrin_context", requires=["doc.ents"])
def make_context(nlp: Language, name: str) -> ContextComponent:
    """Return the component for `nlp.add_pipe("corrin_context")`."""
    del nlp, name
    return ContextComponent()


def to_context_rules() -> list[Any]:
    """Return the cues as rules for medspaCy's ConText.

    Kinds that ConText has no category for (`current`, `other`, `patient`, `remission`) come as
    their own category in capitals. What only our scopes know (breaks, `unless`) cannot be told in
    such a rule; the component is the reference.
    """
    silence()
    from medspacy.context import ConTextRule

    vocabulary = load_vocabulary()
    return [
        ConTextRule(
            literal=phrase,
            category=_CATEGORIES.get(cue.kind, cue.kind.upper()),
            pattern=_pattern(variant.steps),
            direction="PSEUDO" if cue.kind == "none" else _DIRECTIONS[cue.direction],
            max_scope=_PHRASE_SCOPE.get(cue.reach),
            metadata={"cue": cue.id},
        )
        for cue in vocabulary.cues
        for phrase in cue.match
        for variant in expand(phrase, vocabulary.classes, cue.id)
    ]


def _pattern(steps: Row) -> list[dict[str, Any]]:
    return [
        {"LOWER": {"IN": sorted(step)}}
        if isinstance(step, frozenset)
        else _CLASS_PATTERNS.get(step, {"LOWER": step})
        for step in steps
    ]
