"""Which part of the corpus an encounter belongs to: by author, style and id, from splits.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from nlp.errors import KnowledgeError
from nlp.knowledge import check_choice, check_entry, check_unique, load_yaml

if TYPE_CHECKING:
    from corpora.gold import GoldEncounter

SPLITS = ("train", "tune", "test")
_FILE = "splits.yaml"


@dataclass(frozen=True, slots=True)
class SplitRule:
    """One line of the file: an author, or some styles or ids of one, and the part they belong to."""

    id: str
    split: str
    author: str
    styles: tuple[str, ...]
    ids: tuple[str, str] | None  # first and last id, both included

    def fits(self, encounter: GoldEncounter) -> bool:
        """Tell whether the line speaks of the encounter."""
        if self.author != encounter.author or (self.styles and encounter.style not in self.styles):
            return False
        return self.ids is None or self.ids[0] <= encounter.id <= self.ids[1]


@lru_cache(maxsize=1)
def split_rules() -> tuple[SplitRule, ...]:
    """Return the lines of the file in order.

    Raises:
        KnowledgeError: an entry lacks a key, names an unknown split, or an id stands twice.
    """
    entries = load_yaml("corpora", _FILE)
    check_unique(_FILE, entries)
    for entry in entries:
        check_entry(_FILE, entry, required=("id", "split", "author", "why"), optional=("styles", "ids"))
        check_choice(_FILE, entry["id"], "split", entry["split"], SPLITS)
        if "ids" in entry and len(entry["ids"]) != 2:
            raise KnowledgeError(
                f"{_FILE}, entry {entry['id']}: ids holds the first and the last id, and no other"
            )
    return tuple(
        SplitRule(
            entry["id"],
            entry["split"],
            entry["author"],
            tuple(entry.get("styles", ())),
            (entry["ids"][0], entry["ids"][1]) if "ids" in entry else None,
        )
        for entry in entries
    )


def split_of(encounter: GoldEncounter) -> str:
    """Return the split of an encounter.

    Raises:
        KnowledgeError: no line of the file fits.
    """
    for rule in split_rules():
        if rule.fits(encounter):
            return rule.split
    raise KnowledgeError(
        f'{_FILE}: no entry fits encounter {encounter.id} of author "{encounter.author}"; add one'
    )
