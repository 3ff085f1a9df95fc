"""A release as one sorted table of text lines that is searched where it lies.

Parsing the tabular list takes half a second; this table is read back in some milliseconds, since
nothing is parsed until a code is asked for. A line holds, separated by tabs: the key (see
`tabular`), a letter for the kind, the parent's key, the title, the 7th characters that are valid
below it, and its notes as JSON.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from suggest.release.tabular import TabularEntry

CHAPTER, BLOCK, HEADER, BILLABLE, STEM = "C", "S", "H", "B", "X"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table.

    `kind` is one of the letters of this module. A `STEM` is a code that is valid only with a 7th
    character; `extensions` gives the characters that are valid, with their meaning.
    """

    key: str
    kind: str
    parent: str
    title: str
    extensions: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def lines(self, kind: str) -> tuple[str, ...]:
        """Return the lines of one kind of note that stand at this very entry."""
        return self.notes.get(kind, ())


def build_table(entries: Iterable[TabularEntry], order: frozenset[str] | None) -> str:
    """Return the table of a release.

    Args:
        entries: every chapter, block and code, each after its parent.
        order: the codes (no dots) of the order file, which rules out 7th characters that the
            definitions alone would allow; None where there is no such file.
    """
    rows: dict[str, str] = {}
    for entry, inherited in with_definitions(entries):
        kind, extensions = _classify(entry, inherited, order)
        rows.setdefault(entry.key, _row(entry, kind, extensions))
    return "\n" + "\n".join(rows[key] for key in sorted(rows)) + "\n"


def with_definitions(entries: Iterable[TabularEntry]) -> Iterator[tuple[TabularEntry, Mapping[str, str]]]:
    """Yield each entry with the 7th characters that are defined at it or above it."""
    definitions: dict[str, Mapping[str, str]] = {}
    for entry in entries:
        definitions[entry.key] = entry.extensions or definitions.get(entry.parent, {})
        yield entry, definitions[entry.key]


def seventh(key: str, character: str) -> str:
    """Return the code of a stem with a 7th character, placeholders filled in: `T07`, `A` gives `T07XXXA`."""
    return key.ljust(6, "X") + character


def _classify(
    entry: TabularEntry, inherited: Mapping[str, str], order: frozenset[str] | None
) -> tuple[str, Mapping[str, str]]:
    if entry.kind != "code":
        return (CHAPTER if entry.kind == "chapter" else BLOCK), {}
    if not entry.is_leaf:
        return HEADER, {}
    if not inherited:
        return BILLABLE, {}
    valid = {
        char: text for char, text in inherited.items() if order is None or seventh(entry.key, char) in order
    }
    if valid or order is None or entry.key not in order:
        return STEM, valid
    return BILLABLE, {}


def _row(entry: TabularEntry, kind: str, extensions: Mapping[str, str]) -> str:
    more = json.dumps(extensions, ensure_ascii=False) if extensions else ""
    notes = json.dumps(entry.notes, ensure_ascii=False) if entry.notes else ""
    return f"{entry.key}\t{kind}\t{entry.parent}\t{entry.title}\t{more}\t{notes}"


def find_entry(table: str, key: str) -> Entry | None:
    """Return the entry of `key`, found by halving the sorted table; None where it has none."""
    low, high = 1, len(table)
    while low < high:
        start = table.rfind("\n", 0, (low + high) // 2) + 1
        end = table.find("\n", start)
        name = table[start : table.find("\t", start)]
        if name == key:
            return _entry(table[start:end])
        if name < key:
            low = end + 1
        else:
            high = start
    return None


def keys_below(table: str, key: str) -> tuple[str, ...]:
    """Return the keys that start with `key`, itself among them, in order; 7th characters are not formed."""
    found = []
    start = table.find(f"\n{key}") + 1  # sorted: what starts alike stands together
    while start and table.startswith(key, start):
        found.append(table[start : table.find("\t", start)])
        start = table.find("\n", start) + 1
    return tuple(found)


def _entry(line: str) -> Entry:
    key, kind, parent, title, extensions, notes = line.split("\t")
    return Entry(
        key,
        kind,
        parent,
        title,
        json.loads(extensions) if extensions else {},
        {name: tuple(lines) for name, lines in json.loads(notes).items()} if notes else {},
    )


def stem_of(table: str, key: str) -> tuple[Entry, str] | None:
    """Split a code with a 7th character into its stem and that character; None where it is no such code."""
    if len(key) != 7:
        return None
    stem = key[:6]
    while len(stem) >= 3:
        entry = find_entry(table, stem)
        if entry is not None:
            return (entry, key[6]) if entry.kind == STEM and key[6] in entry.extensions else None
        if not stem.endswith("X"):
            return None
        stem = stem[:-1]
    return None
