"""Laboratory values as the reader finds them in lines of text, each line a unit of one section."""

from __future__ import annotations

from itertools import pairwise

from nlp.facts import LabValue, Section, SectionCategory, Unit
from nlp.labs import read_labs
from nlp.layout.model import Layout

VISIT = "2026-06-02"
Row = tuple[str, float | None, str | None, str | None, str | None]


def lines_layout(text: str, category: SectionCategory = SectionCategory.UNKNOWN) -> Layout:
    """One section, one unit a line."""
    units: list[Unit] = []
    at = 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        if line.strip():
            units.append(Unit(at, at + len(line), 0, number, number))
        at += len(line)
    return Layout((Section(None, category, "", 0, len(text), 0),), tuple(units))


def read(
    text: str, category: SectionCategory = SectionCategory.UNKNOWN, visit: str | None = VISIT
) -> tuple[LabValue, ...]:
    labs = read_labs(text, lines_layout(text, category), "n1", visit)
    for lab in labs:
        assert text[lab.start : lab.end] == lab.text
        assert lab.text == lab.text.strip()
    for before, after in pairwise(labs):
        assert before.end <= after.start
    return labs


def rows(
    text: str, category: SectionCategory = SectionCategory.UNKNOWN, visit: str | None = VISIT
) -> list[Row]:
    """Value with its comparator in the place of the value's sign, unit, flag, date."""
    return [
        (
            lab.analyte + (lab.comparator or ""),
            lab.value,
            lab.unit,
            lab.flag.value if lab.flag else None,
            lab.date,
        )
        for lab in read(text, category, visit)
    ]
