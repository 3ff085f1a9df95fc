"""What the page takes from the notes by itself, and what it must ask: whose claim, and the date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from suggest.note import Note
from suggest.result import Result
from web.claim import Said, read_claim

_FRAMING = ("visit", "discharge")


def with_claim(notes: Sequence[Note], chosen: object) -> tuple[tuple[Note, ...], Said | None]:
    """Return the notes for the claim that they name, unless a coder chose one; and what they say of it."""
    said = read_claim([note.text for note in notes])
    if chosen is not None or said is None or not said.is_claim:
        return tuple(notes), said
    return tuple(replace(note, setting=said.setting) for note in notes), said


def told(result: Result, said: Said | None) -> dict[str, Any]:
    """Return what the notes say of the claim and of the date, for the page to show beside what was chosen."""
    claim = None
    if said is not None:
        claim = {
            "setting": said.setting,
            "is_claim": said.is_claim,
            "words": said.words,
            "where": f"line {said.line}" + (f" of note {said.note + 1}" if len(result.note_ids) > 1 else ""),
            "why": said.why,
        }
    dates = {d.date for d in result.facts.dates if d.kind in _FRAMING and len(d.date) == 10}
    return {
        "claim": claim,
        "setting": result.setting.value,
        "date": result.encounter_date,
        "dates": sorted(dates),
        "asks_date": any(warning.kind == "no_date" for warning in result.warnings),
    }
