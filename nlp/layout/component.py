"""The spaCy factory `corrin_sections`, and our header rules as rules of medspaCy's sectionizer."""

# No `from __future__ import annotations` here: spaCy reads the factory's annotations as they are.

import re
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from nlp.doc_values import value_of, write_values
from nlp.facts import Section
from nlp.layout.load import load_headers
from nlp.layout.model import Layout
from nlp.layout.process import read_layout
from nlp.quiet import silence

for _name in ("corrin_sections", "corrin_layout"):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=None)


def layout_of(doc: Doc) -> Layout:
    """Return the layout of a document, reading it now where `corrin_sections` has not come by yet."""
    layout: Layout | None = value_of(doc, "corrin_layout")
    if layout is None:
        layout = read_layout(value_of(doc, "corrin_text") or doc.text)
        doc._.corrin_layout = layout
    return layout


class SectionsComponent:
    """Reads sections and units of a document; offsets are those of `doc.text`."""

    def __init__(self, *, set_sentences: bool) -> None:
        self.set_sentences = set_sentences

    def __call__(self, doc: Doc) -> Doc:
        """Write the sections to `doc._.corrin_sections` and the whole layout to `doc._.corrin_layout`.

        Where medspaCy has been imported, its own `doc._.sections` gets them too. With
        `set_sentences` each unit, and each title, starts a sentence.
        """
        layout = layout_of(doc)
        write_values(doc, {"corrin_sections": layout.sections})
        if Doc.has_extension("sections"):
            doc._.sections = [_as_medspacy(doc, section) for section in layout.sections if len(doc)]
        if self.set_sentences:
            starts = {unit.start for unit in layout.units} | {section.start for section in layout.sections}
            pending = True
            for token in doc:
                pending = pending or any(
                    offset in starts for offset in range(token.idx, token.idx + len(token))
                )
                token.is_sent_start = pending
                pending = False
        return doc


@Language.factory("corrin_sections", default_config={"set_sentences": True})
def make_sections(nlp: Language, name: str, set_sentences: bool) -> SectionsComponent:  # noqa: ARG001
    """Return the component; it holds no state."""
    return SectionsComponent(set_sentences=set_sentences)


def section_rules() -> list[Any]:
    """Return our header rules as `medspacy.section_detection.SectionRule`, one a title.

    They carry the titles alone: what stands around a title, sub-headers, pasted notes and wording
    are the work of `read_layout`.
    """
    silence()
    from medspacy.section_detection import SectionRule

    return [
        SectionRule(
            literal=title, category=rule.category.value, pattern=_pattern(title), metadata={"id": rule.id}
        )
        for rule in load_headers().rules
        if rule.role in ("header", "closer") and not rule.letter
        for title in rule.titles
    ]


def _pattern(title: str) -> str:
    """A pattern for a title with its colon, or on a line of its own."""
    words = re.escape(title).replace(r"\ ", r"[\s-]+").replace("/", r"\s*/\s*")
    return rf"(?i)(?<![\w/]){words}(?=:|\s*[\r\n])"


def _as_medspacy(doc: Doc, section: Section) -> Any:
    from medspacy.section_detection import Section as MedspacySection

    title = doc.char_span(section.start, section.start + len(section.title), alignment_mode="expand")
    body = doc.char_span(section.body_start, section.end, alignment_mode="contract")
    at = title.end if title is not None else body.start if body is not None else len(doc)
    return MedspacySection(
        None if section.category.value == "unknown" else section.category.value,
        title.start if title is not None and section.title else at,
        title.end if title is not None and section.title else at,
        body.start if body is not None else at,
        body.end if body is not None else at,
    )
