"""Notes as they look to a program that does not know all their words: what training learns doubt from.

The rules were mended on our corpus until nearly every suggestion there is right, so the corpus as read
shows no errors to learn from. On notes that nobody had seen, the errors were of a few kinds: a cue unread
("escaped anaemia"), a cause unread, a term unread, a header unread. `forget` brings these about in the
facts, at random, while the words of the note stay as they are.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from nlp.facts import (
    Assertion,
    Condition,
    Experiencer,
    ModifierSource,
    NoteFacts,
    SectionCategory,
    Temporality,
)

CUE, LINK, TERM, HEADER = 0.25, 0.12, 0.05, 0.10


def forget(note: NoteFacts, random: Random) -> NoteFacts:
    """Return the facts of a note with some of what was read left unread."""
    if not note.conditions:
        return note
    lost = {
        index for index, section in enumerate(note.sections) if section.title and random.random() < HEADER
    }
    sections = tuple(
        replace(section, category=SectionCategory.UNKNOWN, subtype=None) if index in lost else section
        for index, section in enumerate(note.sections)
    )
    read = [_forget_cue(c, random) for c in note.conditions]
    conditions = tuple(_forget_section(c, note, lost) for c in read if random.random() >= TERM)
    ids = {c.id for c in conditions} | {m.id for m in note.medications}
    links = tuple(
        link for link in note.links if random.random() >= LINK and link.cause in ids and link.effect in ids
    )
    return replace(note, sections=sections, conditions=conditions, links=links)


def _forget_cue(condition: Condition, random: Random) -> Condition:
    """Read a mention as plain where the cue behind its meaning goes unread."""
    worded = [m for m in condition.modifiers if m.source is ModifierSource.WORDING]
    if not worded or random.random() >= CUE:
        return condition
    return replace(
        condition,
        assertion=Assertion.PRESENT,
        temporality=Temporality.CURRENT,
        experiencer=Experiencer.PATIENT,
        modifiers=(),
    )


def _forget_section(condition: Condition, note: NoteFacts, lost: set[int]) -> Condition:
    if (
        not lost
        or not 0 <= condition.unit < len(note.units)
        or note.units[condition.unit].section not in lost
    ):
        return condition
    plain = all(m.source is not ModifierSource.SECTION for m in condition.modifiers)
    changed = replace(condition, section=SectionCategory.UNKNOWN, subtype=None)
    if plain:
        return changed
    kept = tuple(m for m in condition.modifiers if m.source is not ModifierSource.SECTION)
    return replace(changed, temporality=Temporality.CURRENT, experiencer=Experiencer.PATIENT, modifiers=kept)
