"""Read the layout of a note: one pass from lines to sections to units, over the raw text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from nlp.facts import Section
from nlp.layout.lines import Line, read_lines
from nlp.layout.model import Layout
from nlp.layout.refine import refine
from nlp.layout.sections import read_sections
from nlp.layout.sentences import split_sentences
from nlp.layout.spoken import hear
from nlp.layout.units import read_units
from nlp.layout.wording import open_by_wording
from nlp.steps import spend
from nlp.view import normalise


@dataclass(frozen=True, slots=True)
class Outline:
    """A note half read: its lines and sections, and whether a header or a list tells the assessment.

    Where nothing tells it, wording may yet turn a part of a section that is unknown into one.
    """

    view: str = field(repr=False)
    lines: tuple[Line, ...]
    sections: tuple[Section, ...]
    told: bool

    def section_at(self, offset: int) -> Section | None:
        """Return the section that holds `offset` (title included), None before the first."""
        return Layout(self.sections, ()).section_at(offset)


def read_layout(text: str, note_id: str | None = None, *, wordwise: bool = True) -> Layout:
    """Return the sections and units of a note.

    Offsets are code points of `text` as given. The work is linear in the length of the text,
    whatever its lines look like.

    Args:
        text: the note, any text at all.
        note_id: named by each section.
        wordwise: whether learned weights of words may speak where nothing else tells the assessment.
    """
    return finish(text, read_outline(text, note_id), wordwise=wordwise)


def read_outline(text: str, note_id: str | None = None) -> Outline:
    """Return what `read_layout` begins with; `finish` makes the layout of it."""
    spend(len(text))
    view = hear(normalise(text))
    lines = read_lines(view)
    sections, told = refine(view, lines, read_sections(view, lines, note_id))
    return Outline(view, lines, sections, told)


def finish(text: str, outline: Outline, *, wordwise: bool = True) -> Layout:
    """Return the layout of a note whose lines and sections are known; the arguments of `read_layout`."""
    view, lines, sections = outline.view, outline.lines, outline.sections
    units = read_units(view, lines, sections)
    if wordwise and not outline.told:
        worded = open_by_wording(view, sections, units)
        units = units if worded == sections else read_units(view, lines, worded)
        sections = worded
    if view != text:  # it is as long, so the title as written stands at the same place
        sections = tuple(_as_written(text, section) for section in sections)
    return Layout(sections, units)


def _as_written(text: str, section: Section) -> Section:
    title = text[section.start : section.start + len(section.title)]
    return section if title == section.title else replace(section, title=title)


def split_units(text: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences of a piece of text that has no sections, as spans in text order."""
    view = normalise(text)
    return tuple(span for line in read_lines(view) for span in split_sentences(view, line.start, line.end))
