"""From what the components found in a note to `NoteFacts`: meaning of each mention, links, authors, dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TypeVar

from nlp.authors import read_authors, read_stated_codes
from nlp.concepts import Mention
from nlp.concepts.load import anchor_rules
from nlp.context import SpanAssertion
from nlp.facts import (
    Author,
    AuthorRole,
    Condition,
    ConditionCategory,
    LabValue,
    Medication,
    NoteDate,
    NoteFacts,
    Section,
    SectionCategory,
)
from nlp.labs.load import knowledge as lab_knowledge
from nlp.layout import Layout
from nlp.links import read_links
from nlp.suspects import PRINTED_CODE

ANCHOR_DRUGS = frozenset({"b12", "oral_iron", "iv_iron", "folate"})
_ASSESSMENTS = frozenset(
    {
        SectionCategory.ASSESSMENT,
        SectionCategory.ASSESSMENT_PLAN,
        SectionCategory.IMPRESSION,
        SectionCategory.DIAGNOSES,
        SectionCategory.PLAN,
        SectionCategory.INDICATION,
        SectionCategory.UNKNOWN,
    }
)
_Record = TypeVar("_Record", Section, LabValue, Medication, NoteDate)


def assemble(
    text: str,
    layout: Layout,
    mentions: Sequence[Mention],
    assertions: Sequence[SpanAssertion],
    drugs: Sequence[Medication],
    labs: Sequence[LabValue],
    dates: Sequence[NoteDate],
    *,
    note_id: str | None = None,
    author: str | None = None,
    credential: str | None = None,
    signed: bool | None = None,
    to_the_end: bool = False,
) -> NoteFacts:
    """Return the facts of a note; all lists are empty where it holds no anchor (see the contract).

    Args:
        text: the note as given; offsets count its code points.
        layout, mentions, drugs, labs, dates: what the components found, in text order.
        assertions: how each mention is meant, in the order of `mentions`.
        note_id: carried into every record.
        author, credential, signed: what is known of the author; what the note shows leads.
        to_the_end: also where it holds no anchor.
    """
    if not (to_the_end or has_anchor(text, layout, mentions, labs, drugs)):
        return NoteFacts(note_id=note_id, text=text)
    authors = read_authors(text, layout, note_id, author, credential, signed)
    conditions = _conditions(text, layout, mentions, assertions, note_id, authors)
    drugs = _of_note(drugs, note_id)
    return NoteFacts(
        note_id=note_id,
        text=text,
        sections=_of_note(layout.sections, note_id),
        units=layout.units,
        conditions=conditions,
        labs=_of_note(labs, note_id),
        medications=drugs,
        links=read_links(text, layout.units, conditions, drugs, note_id),
        stated_codes=read_stated_codes(text, layout, conditions, note_id),
        authors=authors,
        dates=_of_note(dates, note_id),
    )


def _of_note(records: Sequence[_Record], note_id: str | None) -> tuple[_Record, ...]:
    """The records with the id of their note, which those of a spaCy user's components lack."""
    return tuple([r if r.note_id == note_id else replace(r, note_id=note_id) for r in records])


def has_anchor(
    text: str,
    layout: Layout,
    mentions: Sequence[Mention],
    labs: Sequence[LabValue],
    drugs: Sequence[Medication],
) -> bool:
    """Whether the note holds a term that can lead to an answer, a lab of ours with a value, or a drug."""
    if has_anchor_term(layout, mentions):
        return True
    if any(lab.analyte in _anchor_analytes() and lab.value is not None for lab in labs):
        return True
    if any(drug.drug_class in ANCHOR_DRUGS for drug in drugs) or _prints_code(text, layout):
        return True
    # blood given for a hemoglobin that nobody names leads to a query (R08, Q16)
    return any(drug.drug_class == "transfusion" for drug in drugs) and any(
        lab.analyte == "hemoglobin" for lab in labs
    )


def has_anchor_term(layout: Layout, mentions: Sequence[Mention]) -> bool:
    """Whether the note holds a term that can lead to an answer."""
    anchors = anchor_rules()
    for mention in mentions:
        if mention.rule in anchors:
            return True
        if mention.category is ConditionCategory.FINDING and may_count(layout.section_of(mention.unit)):
            return True
    return False


def may_count(section: Section | None) -> bool:
    """Whether a symptom in a section can lead to an answer, also where wording makes it an assessment."""
    return section is not None and section.category in _ASSESSMENTS


def _prints_code(text: str, layout: Layout) -> bool:
    return PRINTED_CODE.search(text) is not None and any(
        PRINTED_CODE.match(stated.code) for stated in read_stated_codes(text, layout)
    )


@cache
def _anchor_analytes() -> frozenset[str]:
    return frozenset(analyte.analyte for analyte in lab_knowledge().analytes if analyte.anchor)


def _writer(authors: Sequence[Author]) -> str | None:
    """The author whose words the note is: the provider who signs or attests, a resident, or who wrote it.

    A note that calls itself a nurse's is hers, save where a provider signs it.
    """
    titled = authors[0] if authors and authors[0].role is AuthorRole.NURSE else None
    if (
        titled is not None
        and titled.credential is None
        and not any(author.role is AuthorRole.PROVIDER and author.signed for author in authors)
    ):
        return titled.id
    for role in (AuthorRole.PROVIDER, AuthorRole.RESIDENT):
        for author in authors:
            if author.role is role:
                return author.id
    return authors[0].id if authors else None


def _conditions(
    text: str,
    layout: Layout,
    mentions: Sequence[Mention],
    assertions: Sequence[SpanAssertion],
    note_id: str | None,
    authors: Sequence[Author],
) -> tuple[Condition, ...]:
    writer = _writer(authors)
    roles = {author.id: author.role for author in authors}
    # in a thread the patient's messages are known by their sections; the replies are not hers
    thread = roles.get(writer or "") is AuthorRole.PATIENT and any(
        section.subtype == "patient_message" for section in layout.sections
    )
    conditions: list[Condition] = []
    for mention, how in zip(mentions, assertions, strict=True):
        unit = layout.units[mention.unit]
        section = layout.sections[unit.section]
        own = None if thread and section.subtype != "patient_message" else writer
        for concept in mention.concepts:
            conditions.append(  # by position: there are many
                Condition(
                    f"c{len(conditions) + 1}",
                    note_id,
                    concept,
                    mention.category,
                    mention.start,
                    mention.end,
                    text[mention.start : mention.end],
                    section.category,
                    how.assertion,
                    how.temporality,
                    how.experiencer,
                    own,
                    how.modifiers,
                    section.subtype,
                    mention.unit,
                    unit.item,
                    mention.attributes,
                )
            )
    return tuple(conditions)
