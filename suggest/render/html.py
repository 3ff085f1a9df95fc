"""Results as one self-contained page: no script, no outside request, evidence marked in the note."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from suggest.render.marks import Mark, Piece, cut_pieces
from suggest.render.places import (
    ASK,
    BANDS,
    FIRST,
    LEAVE,
    NOTHING,
    Lines,
    Texts,
    all_evidence,
    distinct,
    follows,
    is_empty,
    printable,
)
from suggest.wording import section_name, setting_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from suggest.result import Evidence, Result


def render_html(answers: Sequence[tuple[Result, Texts]]) -> str:
    """Return one HTML file for any number of results, in the order given.

    Args:
        answers: each result with the texts of its notes by note id. A note whose text is missing is
            left out of the page; its evidence is still quoted.
    """
    views = [_View(number, result, texts) for number, (result, texts) in enumerate(answers, start=1)]
    return _template().render(
        views=views,
        bands=BANDS,
        ask=ASK,
        leave=LEAVE,
        nothing=NOTHING,
        first=FIRST,
        follows=follows,
        printable=printable,
        section_name=section_name,
        setting_name=setting_name,
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("suggest.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("result.html.j2")


@dataclass(frozen=True, slots=True)
class _Place:
    """One evidence as the page lists it; `anchor` is None where the note is not on the page."""

    evidence: Evidence
    anchor: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class _Note:
    note_id: str | None
    pieces: tuple[Piece, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _View:
    """What the template asks of one result."""

    number: int
    result: Result
    texts: Texts = field(repr=False)
    lines: dict[str | None, Lines] = field(default_factory=dict, repr=False)

    @property
    def is_empty(self) -> bool:
        return is_empty(self.result)

    @property
    def name(self) -> str:
        if self.result.encounter_id is not None:
            return f"Encounter {self.result.encounter_id}"
        return f"Note {self.result.note_id}" if self.result.note_id is not None else "Note"

    def places(self, evidence: Sequence[Evidence]) -> list[_Place]:
        return [self._place(item) for item in distinct(evidence)]

    def notes(self) -> list[_Note]:
        marks: dict[str | None, list[Mark]] = {}
        for label, item in all_evidence(self.result):
            if self._is_shown(item):
                mark = Mark(item.start, item.end, label, item.role.value, self._anchor(item))
                marks.setdefault(item.note_id, []).append(mark)
        return [
            _Note(note_id, tuple(cut_pieces(self.texts[note_id], marks.get(note_id, ()))))
            for note_id in self.result.note_ids
            if note_id in self.texts
        ]

    def _place(self, item: Evidence) -> _Place:
        if not self._is_shown(item):
            return _Place(item, None, None)
        if item.note_id not in self.lines:
            self.lines[item.note_id] = Lines.of(self.texts[item.note_id])
        return _Place(item, self._anchor(item), self.lines[item.note_id].number(item.start))

    def _is_shown(self, item: Evidence) -> bool:
        text = self.texts.get(item.note_id)
        return text is not None and text[item.start : item.end] == item.text

    def _anchor(self, item: Evidence) -> str:
        note = self.result.note_ids.index(item.note_id) if item.note_id in self.result.note_ids else 0
        return f"a{self.number}-{note}-{item.start}-{item.end}"
