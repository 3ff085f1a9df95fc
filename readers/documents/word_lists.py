"""The bullets and numbers of Word lists. Word keeps them out of the text; a reader sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NUMBERED = frozenset({"decimal", "decimalZero", "upperRoman", "lowerRoman", "upperLetter", "lowerLetter"})
_MAX_LEVEL = 8


@dataclass(slots=True)
class ListMarks:
    """Gives each list paragraph its mark, counting as the text goes on."""

    formats: dict[tuple[str, int], str] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    @classmethod
    def none(cls) -> ListMarks:
        """Return marks for a text without lists."""
        return cls()

    @classmethod
    def of(cls, file: Any) -> ListMarks:
        """Read the lists that a Word file defines."""
        marks = cls()
        for part in file.part.package.iter_parts():
            if str(part.partname) == "/word/numbering.xml":
                marks.formats = _formats(part.element)
        for style in file.styles.element.iterchildren(f"{_W}style"):
            place = _place(style)
            if place is not None:
                marks.styles[style.get(f"{_W}styleId", "")] = place
        return marks

    def mark(self, paragraph: Any) -> str:
        """Return `- `, `3. ` or nothing for the next paragraph of the text."""
        place = _place(paragraph)
        if place is None:
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            place = self.styles.get(style.get(f"{_W}val", "")) if style is not None else None
        if place is None or place[0] == "0":
            return ""
        number, level = place
        form = self.formats.get(place, "bullet")
        if form == "none":
            return ""
        for deeper in range(level + 1, _MAX_LEVEL + 1):
            self.counts.pop((number, deeper), None)
        self.counts[place] = self.counts.get(place, 0) + 1
        indent = "  " * level
        return f"{indent}{self.counts[place]}. " if form in _NUMBERED else f"{indent}- "


def _place(element: Any) -> tuple[str, int] | None:
    """Return list and level that a paragraph or style names."""
    properties = element.find(f"{_W}pPr/{_W}numPr")
    if properties is None:
        return None
    number, level = properties.find(f"{_W}numId"), properties.find(f"{_W}ilvl")
    if number is None:
        return None
    depth = level.get(f"{_W}val", "0") if level is not None else "0"
    return number.get(f"{_W}val", "0"), min(int(depth), _MAX_LEVEL) if depth.isdigit() else 0


def _formats(numbering: Any) -> dict[tuple[str, int], str]:
    """Return the format of each list and level."""
    abstract = {
        element.get(f"{_W}abstractNumId"): {
            int(level.get(f"{_W}ilvl", "0")): kind.get(f"{_W}val", "bullet")
            for level in element.iterchildren(f"{_W}lvl")
            if (kind := level.find(f"{_W}numFmt")) is not None
        }
        for element in numbering.iterchildren(f"{_W}abstractNum")
    }
    found = {}
    for element in numbering.iterchildren(f"{_W}num"):
        base = element.find(f"{_W}abstractNumId")
        levels = abstract.get(base.get(f"{_W}val")) if base is not None else None
        for level, kind in (levels or {}).items():
            found[element.get(f"{_W}numId"), level] = kind
    return found
