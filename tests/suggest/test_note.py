"""A note is checked at the door."""

from __future__ import annotations

from typing import Any

import pytest

from nlp.errors import InputError
from suggest.note import MAX_BYTES, Note, check_encounter, group_encounters

SECRET = "Zebrafishlake"


def test_a_note_takes_its_keys_ignores_others_and_takes_null_as_unknown() -> None:
    row = {"note_id": 17, "text": "x", "setting": None, "signed": False, "colour": "red", "role": "addendum"}
    note = Note.from_mapping(row, {"setting": "inpatient", "encounter_date": None})
    assert note == Note("17", "x", setting="inpatient", signed=False, role="addendum")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({}, '"text"'),
        ({"text": None}, '"text"'),
        ({"text": 5}, '"text"'),
        ({"text": ""}, "empty"),
        ({"text": "\ufeff \r\n"}, "empty"),
        ({"text": SECRET, "setting": "moon"}, "professional, outpatient, inpatient"),
        ({"text": SECRET, "role": "boss"}, "primary, addendum, context"),
        ({"text": SECRET, "signed": "yes"}, '"signed"'),
        ({"text": SECRET, "encounter_date": "2026-02-30"}, '"encounter_date"'),
        ({"text": SECRET, "encounter_date": "20260228"}, '"encounter_date"'),
        ({"text": SECRET, "note_date": "2026-W01-1"}, '"note_date"'),
        ({"text": SECRET, "note_id": ["a"]}, '"note_id"'),
        ({"text": SECRET, "note_id": True}, '"note_id"'),
        ({"text": SECRET, "credential": 3.5}, '"credential"'),
        ({"text": "a" * (MAX_BYTES + 1)}, "16 MiB"),
        ({"text": "é" * (MAX_BYTES // 2 + 1)}, "16 MiB"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words_that_quote_nothing(row: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        Note.from_mapping(row)
    assert words in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_note_of_exactly_16_mib_is_taken() -> None:
    assert len(Note(None, "a" * MAX_BYTES).text) == MAX_BYTES


def test_a_lone_surrogate_is_text_like_any_other() -> None:
    assert Note(None, "a\ud83d").text == "a\ud83d"


def test_the_text_is_not_in_the_repr() -> None:
    assert SECRET not in repr(Note("n", SECRET))


def test_notes_of_an_encounter_come_together_in_the_place_of_the_first() -> None:
    notes = [
        Note(name, "x", encounter_id=encounter)
        for name, encounter in zip("abcde", ["1", None, "2", "1", None], strict=False)
    ]
    assert [[note.note_id for note in group] for group in group_encounters(notes)] == [
        ["a", "d"],
        ["b"],
        ["c"],
        ["e"],
    ]


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        ([], "at least one"),
        ([Note("a", "x"), Note("a", "y")], "share"),
        ([Note(None, "x"), Note(None, "y")], "share"),
        ([Note("a", "x"), Note("b", "y", setting="inpatient")], "setting"),
    ],
)
def test_notes_that_cannot_be_answered_together_are_refused(notes: list[Note], words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_encounter(notes)
