"""The layout of one note: its sections and its units, with look-up by offset."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from nlp.facts import Section, Unit


@dataclass(frozen=True, slots=True)
class Layout:
    """Sections tile the note from its first visible character; units lie inside section bodies.

    Both stand in text order and neither overlaps. A header's title and a bullet belong to no unit.
    """

    sections: tuple[Section, ...]
    units: tuple[Unit, ...]

    def unit_at(self, offset: int) -> int:
        """Return the index of the unit that holds the code point at `offset`, -1 if none does."""
        index = bisect_right(self.units, offset, key=_start) - 1
        return index if index >= 0 and offset < self.units[index].end else -1

    def section_of(self, unit_index: int) -> Section:
        """Return the section that the unit stands in."""
        return self.sections[self.units[unit_index].section]

    def section_at(self, offset: int) -> Section | None:
        """Return the section that holds `offset` (title included), None before the first."""
        index = bisect_right(self.sections, offset, key=_start) - 1
        return self.sections[index] if index >= 0 and offset < self.sections[index].end else None


def _start(record: Section | Unit) -> int:
    return record.start
