"""What is found in a note before anything is known of how it is meant: enough to tell whether it is ours."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.authors import read_dates
from nlp.concepts import Mention, find_mentions
from nlp.facts import LabValue, Medication, NoteDate
from nlp.labs import read_labs
from nlp.layout import Layout, finish, read_outline
from nlp.medications import read_medications
from nlp.read import has_anchor, has_anchor_term, may_count
from nlp.triage import Triage


@dataclass(frozen=True, slots=True)
class Reading:
    """The findings of the components that come before context, in their order."""

    layout: Layout
    mentions: tuple[Mention, ...]
    medications: tuple[Medication, ...]
    dates: tuple[NoteDate, ...]
    labs: tuple[LabValue, ...]

    def holds_anchor(self, text: str) -> bool:
        """Whether the note is worth reading to the end."""
        return has_anchor(text, self.layout, self.mentions, self.labs, self.medications)


def look(
    text: str,
    encounter_date: str | None = None,
    *,
    note_id: str | None = None,
    to_the_end: bool = False,
    triage: Triage | None = None,
) -> Reading:
    """Return what a note holds, read by the functions that the components of the pipeline run too.

    Where no anchor can be found, reading stops at the sections or at the mentions: such a note has no facts.

    Args:
        text: the note as given.
        encounter_date: ISO date of service, which completes dates without a year.
        note_id: named by each record.
        to_the_end: also where no anchor can be found.
        triage: of this text, where it was asked already.
    """
    triage = triage or Triage(text)
    outline = read_outline(text, note_id)
    if not (to_the_end or triage.may_be_ours(lambda place: may_count(outline.section_at(place)))):
        return Reading(Layout(outline.sections, ()), (), (), (), ())  # symptoms in parts that do not count
    layout = finish(text, outline)
    mentions = find_mentions(text, layout.units)
    if not (to_the_end or has_anchor_term(layout, mentions) or triage.may_name_anchor):
        return Reading(layout, mentions, (), (), ())  # nothing else could make the note ours
    medications = read_medications(text, layout, note_id)
    dates = read_dates(text, layout, note_id)
    labs = read_labs(text, layout, note_id, visit_date(encounter_date, dates))
    return Reading(layout, mentions, medications, dates, labs)


def visit_date(encounter_date: str | None, dates: tuple[NoteDate, ...]) -> str | None:
    """Return the date that completes those without a year: as given, else as the note dates its visit."""
    return encounter_date or next((date.date for date in dates if date.kind == "visit"), None)
