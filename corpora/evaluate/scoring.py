"""What the score leaves out and how it groups, from scoring.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from nlp.errors import KnowledgeError
from nlp.knowledge import check_entry, check_unique, load_yaml

_FILE = "scoring.yaml"
_KEYS = {"free": ("codes",), "history": ("codes",), "past": ("words",), "labs": ("analytes",)}
_STATE_KEYS = ("current", "history")


@dataclass(frozen=True, slots=True)
class StateGroup:
    """Codes of the present, by how they begin, and the history codes that go with them."""

    name: str
    current: tuple[str, ...]
    history: frozenset[str]

    def has_current(self, codes: set[str]) -> bool:
        """Say whether one of the codes is of the present."""
        return any(code.startswith(self.current) for code in codes)


@dataclass(frozen=True, slots=True)
class Scoring:
    """The file as a record; `past` recognises a trap that is past or somebody else's by its reason."""

    free: frozenset[str]
    history: frozenset[str]
    past: re.Pattern[str]
    analytes: frozenset[str]
    groups: tuple[StateGroup, ...]


@lru_cache(maxsize=1)
def scoring() -> Scoring:
    """Return what scoring.yaml says.

    Raises:
        KnowledgeError: an entry is missing, unknown or lacks a key.
    """
    entries = load_yaml("corpora.evaluate", _FILE)
    check_unique(_FILE, entries)
    by_id = {entry["id"]: entry for entry in entries}
    for name, entry in by_id.items():
        keys = _STATE_KEYS if name.startswith("state.") else _KEYS.get(name)
        if keys is None:
            raise KnowledgeError(f"{_FILE}, entry {name}: unknown; known are {', '.join(_KEYS)}, state.*")
        check_entry(_FILE, entry, required=("id", *keys, "why"))
    if missing := sorted(set(_KEYS) - set(by_id)):
        raise KnowledgeError(f"{_FILE}: lacks the entry {missing[0]}")
    return Scoring(
        free=frozenset(by_id["free"]["codes"]),
        history=frozenset(by_id["history"]["codes"]),
        past=re.compile(r"\b(?:" + "|".join(by_id["past"]["words"]) + ")", re.IGNORECASE),
        analytes=frozenset(by_id["labs"]["analytes"]),
        groups=tuple(
            StateGroup(name.partition(".")[2], tuple(entry["current"]), frozenset(entry["history"]))
            for name, entry in by_id.items()
            if name.startswith("state.")
        ),
    )
