"""From the body of a request to the notes of one encounter, checked as `corrin suggest` checks them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from nlp.errors import InputError
from suggest.note import Note, check_encounter
from web.refusals import RefusalError, sentence

MAX_NOTES = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks about. `body` is the object itself, for what a page adds to it."""

    notes: tuple[Note, ...]
    body: dict[str, Any] = field(repr=False)


def read_body(data: bytes) -> Asked:
    """Return the notes of one encounter from JSON: the keys of a note, or `notes` with what holds for all.

    Raises:
        RefusalError: `bad_json` or `not_a_note`; the message quotes nothing.
    """
    body = _object(data)
    try:
        notes = _notes(body)
    except InputError as error:
        raise RefusalError("not_a_note", sentence(error)) from None
    return Asked(notes, body)


def _object(data: bytes) -> dict[str, Any]:
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise RefusalError("bad_json", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise RefusalError("bad_json", "The body must be one JSON object.")
    return body


def _notes(body: dict[str, Any]) -> tuple[Note, ...]:
    if body.get("notes") is None:
        return (Note.from_mapping(body),)
    if body.get("text") is not None:
        raise InputError('give "text" or "notes", not both')
    rows = body["notes"]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError('"notes" must be a list of notes')
    if len(rows) > MAX_NOTES:
        raise InputError(f"an encounter has at most {MAX_NOTES} notes here")
    common = {key: body.get(key) for key in ("encounter_id", "encounter_date", "setting")}
    notes = tuple(Note.from_mapping(row, common) for row in rows)
    check_encounter(notes)
    if len({note.encounter_id for note in notes}) > 1:
        raise InputError("the notes name different encounters; send each encounter by itself")
    return notes
