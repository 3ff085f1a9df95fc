"""One release of ICD-10-CM, and what it says of a code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

from nlp.errors import ReleaseError
from suggest.release.notes import named_codes
from suggest.release.table import BILLABLE, BLOCK, CHAPTER, Entry, find_entry, keys_below, stem_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACES = {CHAPTER: "chapter", BLOCK: "block"}
_MOST_KNOWN = 1 << 12  # pairs of codes of which a release remembers whether they exclude one another
_SHAPE = re.compile(r"[A-Z][0-9A-Z]{2}(?:\.?[0-9A-Z]{1,4})?")  # a second letter: QA0.0101


@lru_cache(maxsize=1 << 12)  # the codes that are asked for come again
def code_key(code: str) -> str | None:
    """Return a code without its dot and in capitals; None for what cannot be a code.

    The dot may be left out; where it stands it must follow the third character.
    """
    plain = code.strip().upper()
    return plain.replace(".", "") if _SHAPE.fullmatch(plain) else None


def dotted(key: str) -> str:
    """Return the code as printed: `D510` becomes `D51.0`."""
    return key if len(key) <= 3 else f"{key[:3]}.{key[3:]}"


@dataclass(frozen=True, slots=True)
class InstructionalNote:
    """A note of the tabular list, and the code, block or chapter that it stands at."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A code, block or chapter as printed, and what stands at it."""

    name: str
    kind: str
    entry: Entry = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """A release of the classification. Codes may be given with or without their dot.

    `valid_from` and `valid_to` are ISO dates, both inclusive. `sha256` is the hash of the official
    files. `has_order_file` is False where 7th-character codes were formed from the tabular's
    definitions alone, which allows a few that the order file would rule out.
    """

    name: str
    valid_from: str
    valid_to: str
    sha256: str
    has_order_file: bool
    _table: str = field(repr=False)
    _entries: dict[str, Entry | None] = field(default_factory=dict, repr=False)
    _stems: dict[str, tuple[Entry, str] | None] = field(default_factory=dict, repr=False)
    _excluding: dict[tuple[str, str, str], InstructionalNote | None] = field(default_factory=dict, repr=False)

    def covers(self, date: str | None) -> bool:
        """Say whether an ISO date lies in the release's window; an unknown date asks for nothing."""
        return date is None or self.valid_from <= date <= self.valid_to

    def exists(self, code: str) -> bool:
        """Say whether the release holds the code, header codes among them."""
        key = code_key(code)
        return key is not None and (self._entry(key) is not None or self._stem(key) is not None)

    def is_billable(self, code: str) -> bool:
        """Say whether the code is complete: it stands in the release and needs no further character."""
        key = code_key(code)
        if key is None:
            return False
        entry = self._entry(key)
        return entry.kind == BILLABLE if entry is not None else self._stem(key) is not None

    def title(self, code: str) -> str:
        """Return the official title; for a 7th-character code its stem's and the character's meaning.

        Raises:
            ReleaseError: the release does not hold the code.
        """
        key = self._key(code)
        entry = self._entry(key)
        if entry is not None:
            return entry.title
        stem, character = self._stem(key) or self._missing(code)
        return f"{stem.title}, {stem.extensions[character]}"

    def parents(self, code: str) -> tuple[str, ...]:
        """Return what the code lies in, nearest first: codes with dot, then blocks, then the chapter."""
        return tuple(_name(entry) for entry in self._chain(code) if entry.key != self._key(code))

    def inclusion_terms(self, code: str) -> tuple[str, ...]:
        """Return the inclusion terms and "includes" notes at the code itself."""
        entry = next(self._chain(code))
        return entry.lines("inclusionTerm") + entry.lines("includes")

    def notes(self, kind: str, code: str) -> tuple[InstructionalNote, ...]:
        """Return the notes of one kind at the code and at all it lies in, nearest first.

        Args:
            kind: as the tabular list names it: `excludes1`, `excludes2`, `codeFirst`,
                `useAdditionalCode`, `codeAlso`, `includes`, `inclusionTerm`, `notes`, `sevenChrNote`.
            code: a code that the release holds.

        Raises:
            ReleaseError: the release does not hold the code.
        """
        return tuple(
            InstructionalNote(_name(entry), text) for entry in self._chain(code) for text in entry.lines(kind)
        )

    def code_first(self, code: str) -> tuple[str, ...]:
        """Return the "code first" lines that hold for the code, its own first."""
        return tuple(note.text for note in self.notes("codeFirst", code))

    def use_additional(self, code: str) -> tuple[str, ...]:
        """Return the "use additional code" lines that hold for the code, its own first."""
        return tuple(note.text for note in self.notes("useAdditionalCode", code))

    def code_also(self, code: str) -> tuple[str, ...]:
        """Return the "code also" lines that hold for the code, its own first."""
        return tuple(note.text for note in self.notes("codeAlso", code))

    def names(self, kind: str, code: str, other: str) -> bool:
        """Say whether a note of this kind that holds for `code` names `other` (or a range over it)."""
        key = self._key(other)
        return any(
            target.matches(key) for note in self.notes(kind, code) for target in named_codes(note.text)
        )

    def excludes1(self, a: str, b: str) -> bool:
        """Say whether the tabular list bars the two codes from standing together (Excludes1)."""
        return self.excludes_note("excludes1", a, b) is not None

    def excludes2(self, a: str, b: str) -> bool:
        """Say whether an Excludes2 note tells the two codes apart; both may then be reported."""
        return self.excludes_note("excludes2", a, b) is not None

    def excludes_note(self, kind: str, a: str, b: str) -> InstructionalNote | None:
        """Return the note that excludes `b` at `a` or above it, else the one the other way round.

        A note speaks of what lies outside the place where it stands; where both codes lie inside
        that place it does not set them against each other. What a note says beyond its codes
        ("with hemorrhage", "with .42") is held to where it limits the code and is else left to the
        reader. Of a code that the release does not hold no note speaks.
        """
        asked = (kind, a, b)
        if asked not in self._excluding:
            found = None
            if self.exists(a) and self.exists(b):
                found = self._excluded_by(kind, a, b) or self._excluded_by(kind, b, a)
            if len(self._excluding) >= _MOST_KNOWN:
                return found
            self._excluding[asked] = found
        return self._excluding[asked]

    def _excluded_by(self, kind: str, a: str, b: str) -> InstructionalNote | None:
        key = self._key(b)
        around = {entry.key for entry in self._chain(b)}
        for entry in self._chain(a):
            if entry.key in around:
                return None
            for text in entry.lines(kind):
                if any(target.matches(key) for target in named_codes(text)):
                    return InstructionalNote(_name(entry), text)
        return None

    def codes_below(self, code: str) -> tuple[str, ...]:
        """Return the codes as printed whose characters start with those of `code`, itself left out."""
        key = self._key(code)
        return tuple(dotted(found) for found in keys_below(self._table, key) if found != key)

    def places(self, code: str) -> tuple[Place, ...]:
        """Return where notes that hold for the code may stand: the code and what it lies in, nearest first.

        Raises:
            ReleaseError: the release does not hold the code.
        """
        return tuple(
            Place(_name(entry), _PLACES.get(entry.kind, "code"), entry) for entry in self._chain(code)
        )

    def _chain(self, code: str) -> Iterator[Entry]:
        """Yield the code's entry and those around it, nearest first."""
        key = self._key(code)
        entry = self._entry(key)
        if entry is None:
            entry, _ = self._stem(key) or self._missing(code)
        while entry is not None:
            yield entry
            entry = self._entry(entry.parent) if entry.parent else None

    def _entry(self, key: str) -> Entry | None:
        if key not in self._entries:
            self._entries[key] = find_entry(self._table, key)
        return self._entries[key]

    def _stem(self, key: str) -> tuple[Entry, str] | None:
        if key not in self._stems:
            self._stems[key] = stem_of(self._table, key)
        return self._stems[key]

    def _key(self, code: str) -> str:
        return code_key(code) or self._missing(code)

    def _missing(self, code: str) -> NoReturn:
        raise ReleaseError(f"{self.name} holds no code {code}; check its characters and the date of service")


def _name(entry: Entry) -> str:
    return entry.key[1:] if entry.kind in (BLOCK, CHAPTER) else dotted(entry.key)
