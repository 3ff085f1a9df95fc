"""Read the layout of a note: one pass from lines to sections to units, over the raw text."""

from __future__ import annotations

from dataclasses import replace

from nlp.layout.lines import read_lines
from nlp.layout.model import Layout
from nlp.layout.refine import refine
from nlp.layout.sections import read_sections
from nlp.layout.sentences import split_sentences
from nlp.layout.spoken import hear
from nlp.layout.units import read_units
from nlp.layout.wording import open_by_wording
from nlp.steps import spend
from nlp.view import normalise


def read_layout(text: str, note_id: str | None = None, *, wordwise: bool = True) -> Layout:
    """Return the sections and units of a note.

    Offsets are code points of `text` as given. The work is linear in the length of the text,
    whatever its lines look like.

    Args:
        text: the note, any text at all.
        note_id: named by each section.
        wordwise: whether learned weights of words may speak where nothing else tells the assessment.
    """
    spend(len(text))
    view = hear(normalise(text))
    lines = read_lines(view)
    sections, told = refine(view, lines, read_sections(view, lines, note_id))
    units = read_units(view, lines, sections)
    if wordwise and not told:
        worded = open_by_wording(view, sections, units)
        units = units if worded == sections else read_units(view, lines, worded)
        sections = worded
    # The view is as long as the text, so the title as written stands at the same place.
    sections = tuple(
        replace(s, title=text[s.start : s.start + len(s.title)]) if s.title else s for s in sections
    )
    return Layout(sections, units)


def split_units(text: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences of a piece of text that has no sections, as spans in text order."""
    view = normalise(text)
    return tuple(span for line in read_lines(view) for span in split_sentences(view, line.start, line.end))
