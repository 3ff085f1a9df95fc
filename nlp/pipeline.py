"""The reading of a note as Corrin runs it."""

from __future__ import annotations

from nlp.facts import NoteFacts
from nlp.read import read_facts


def read_note(
    text: str,
    *,
    note_id: str | None = None,
    encounter_date: str | None = None,
    author: str | None = None,
    credential: str | None = None,
    signed: bool | None = None,
) -> NoteFacts:
    """Return the facts of a note; see `nlp.read.read_facts`."""
    return read_facts(
        text,
        note_id=note_id,
        encounter_date=encounter_date,
        author=author,
        credential=credential,
        signed=signed,
    )
