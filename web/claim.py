"""Whose claim an encounter is for, where its notes say so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from nlp.errors import KnowledgeError
from nlp.knowledge import check_choice, check_entry, check_unique, load_yaml
from nlp.view import normalise
from suggest.result import Setting

_FILE = "claim_cues.yaml"
_KEYS = ("id", "says", "strength", "pattern", "why", "example")
_HEAD = 20_000  # what frames a note stands near its top


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that tell; `is_claim` where they name the claim and not the place alone."""

    name: str
    says: str
    is_claim: bool
    pattern: re.Pattern[str] = field(repr=False)
    why: str
    example: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a note says of the claim, and where."""

    setting: str
    is_claim: bool
    note: int
    line: int
    words: str = field(repr=False)
    why: str


@cache
def cues() -> tuple[Cue, ...]:
    """Return the cues of the data file.

    Raises:
        KnowledgeError: an entry is wrong; file and entry are named.
    """
    entries = load_yaml("web", _FILE)
    check_unique(_FILE, entries)
    found = []
    for entry in entries:
        check_entry(_FILE, entry, required=_KEYS)
        check_choice(_FILE, entry["id"], "says", entry["says"], [s.value for s in Setting])
        check_choice(_FILE, entry["id"], "strength", entry["strength"], ("claim", "place"))
        try:
            pattern = re.compile(rf"(?<![^\s>*#|])(?:{entry['pattern']})\b", re.IGNORECASE)
        except re.error as error:
            raise KnowledgeError(f"{_FILE}, entry {entry['id']}: the pattern cannot be read") from error
        is_claim = entry["strength"] == "claim"
        found.append(Cue(entry["id"], entry["says"], is_claim, pattern, entry["why"], entry["example"]))
    return tuple(found)


def read_claim(texts: Sequence[str]) -> Said | None:
    """Return what the notes say of the claim: its name first, else where the patient was; None if nothing."""
    found: list[Said] = []
    for place, text in enumerate(texts):
        head = normalise(text[:_HEAD])
        for cue in cues():
            match = cue.pattern.search(head)
            if match:
                words = " ".join(text[match.start() : match.end()].split())
                line = text.count("\n", 0, match.start()) + 1
                found.append(Said(cue.says, cue.is_claim, place, line, words, cue.why))
    found.sort(key=lambda said: (not said.is_claim, said.note, said.line))
    return found[0] if found else None
