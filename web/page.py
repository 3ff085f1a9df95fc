"""What the page shows of an answer, as HTML: the cards, and the note with its evidence marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from suggest.engine.patients import Sign, part_start, second_patient
from suggest.note import Note
from suggest.render.marks import Mark
from suggest.render.places import (
    ASK,
    BANDS,
    FIRST,
    LEAVE,
    NOTHING,
    Lines,
    distinct,
    follows,
    is_empty,
    printable,
)
from suggest.result import Evidence, Result, Suggestion
from suggest.serialise import to_json
from suggest.wording import section_name, setting_name
from web.labs import HEIGHT, WIDTH, Row, lab_rows
from web.marked import PLAIN, Part, lines, place_id
from web.templating import environment

SHOWN_WITHHELD = 3
_ROLES = {
    "diagnosis": "diagnosis",
    "linkage": "link",
    "lab": "lab",
    "treatment": "treatment",
    "history": "history",
    "negation": "negation",
    "context": "context",
}


@dataclass(frozen=True, slots=True)
class Place:
    """An evidence as a card lists it."""

    evidence: Evidence
    where: str
    at: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note on the page: what it is called, and its lines."""

    name: str
    lines: list[list[Part]] = field(repr=False)


class View:
    """What the templates ask of one result."""

    def __init__(self, result: Result, notes: Sequence[Note]) -> None:
        self.result = result
        self._notes = notes
        self._index = {note.note_id: i for i, note in enumerate(notes)}
        self._lines: dict[str | None, Lines] = {}
        self._marks: list[list[Mark]] = [[] for _ in notes]
        self._names: dict[str, str] = {}
        self.labs: list[Row] = lab_rows(result.facts.labs)
        self._collect()

    def _collect(self) -> None:
        result = self.result
        for s in result.suggestions:
            self._add(f"s-{s.code}", s.code, s.evidence)
            for conflict in s.conflicts:
                self._add(f"s-{s.code}", s.code, conflict.evidence)
            if s.sequence_after is not None and not isinstance(s.sequence_after, str):
                self._add(f"s-{s.code}", s.code, s.sequence_after.evidence)
        for q in result.queries:
            self._add(f"q-{q.query}", "ask", q.evidence)
        for w in result.withheld:
            self._add(f"w-{w.code}", f"not {w.code}", w.evidence)
        for row in self.labs:
            for reading in row.readings:
                lab = reading.lab
                self._mark(lab.note_id, lab.start, lab.end, "lab", PLAIN)
        self._names["lab"] = "lab"

    def _add(self, key: str, name: str, evidence: Sequence[Evidence]) -> None:
        self._names[key] = name
        for item in evidence:
            self._mark(item.note_id, item.start, item.end, key, item.role.value)

    def _mark(self, note_id: str | None, start: int, end: int, key: str, role: str) -> None:
        note = self._index.get(note_id)
        if note is not None:
            self._marks[note].append(Mark(start, end, key, role, place_id(note, start, end)))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of ours."""
        return is_empty(self.result)

    def members(self, band: str) -> list[Suggestion]:
        """Return the suggestions of a band, in their order."""
        return [s for s in self.result.suggestions if s.band.value == band]

    def places(self, evidence: Sequence[Evidence]) -> list[Place]:
        """Return where evidence stands, each span once."""
        return [self._place(item) for item in distinct(evidence)]

    def _place(self, item: Evidence) -> Place:
        note = self._index.get(item.note_id)
        if note is None:
            return Place(item, section_name(item.section), "")
        if item.note_id not in self._lines:
            self._lines[item.note_id] = Lines.of(self._notes[note].text)
        where = f"{section_name(item.section)}, line {self._lines[item.note_id].number(item.start)}"
        if len(self._notes) > 1:
            where += f" of note {note + 1}"
        return Place(item, where, place_id(note, item.start, item.end))

    def lab_place(self, note_id: str | None, start: int, end: int) -> str:
        """Return the name of the place of a lab value."""
        return place_id(self._index.get(note_id, 0), start, end)

    def notes(self) -> list[NoteView]:
        """Return the notes with their marks."""
        return [
            NoteView(note_title(note, i, len(self._notes)), [*lines(note.text, self._marks[i], self._names)])
            for i, note in enumerate(self._notes)
        ]


def note_title(note: Note, place: int, count: int) -> str:
    """Return what a note of an encounter is called."""
    if count == 1:
        return "Note"
    what = {"primary": "note", "addendum": "addendum", "context": "order or earlier visit"}[note.role]
    return f"Note {place + 1}: {what}"


def is_past(suggestion: Suggestion) -> bool:
    """Whether a code speaks of the past or of a relative, and must not look like a current condition."""
    return suggestion.kind.value == "history" or suggestion.temporality != "current"


def render_answer(result: Result, notes: Sequence[Note], *, anyway: bool = False) -> dict[str, Any]:
    """Return the result as JSON and its parts as HTML.

    Args:
        result: the answer.
        notes: what was read, in order.
        anyway: show the codes though the notes seem to be of two patients.
    """
    pair = second_patient([note.text for note in notes])
    if pair is not None and not anyway:
        return _stopped(result, notes, pair)
    view = View(result, notes)
    return {
        "stop": None,
        "result": to_json(result),
        "answer": _answer_html(view),
        "note": _note_html(view.notes()),
        "summary": summary(result),
    }


def summary(result: Result) -> str:
    """Return the answer in one line."""
    if is_empty(result):
        return f"{NOTHING}."
    required = [s for s in result.suggestions if s.necessity.value == "required"]
    optional = len(result.suggestions) - len(required)
    parts = [f"{len(required)} to code" if required else "nothing to code"]
    if optional:
        parts.append(f"{optional} optional")
    if result.queries:
        parts.append(f"{len(result.queries)} to ask")
    if result.withheld:
        parts.append(f"{len(result.withheld)} to leave")
    return ", ".join(parts)


def _answer_html(view: View) -> str:
    template = environment().get_template("answer.html.j2")
    return template.render(
        view=view,
        result=view.result,
        bands=BANDS,
        ask=ASK,
        leave=LEAVE,
        first=FIRST,
        roles=_ROLES,
        follows=follows,
        is_past=is_past,
        printable=printable,
        setting_name=setting_name,
        shown_withheld=SHOWN_WITHHELD,
        summary=summary(view.result),
        width=WIDTH,
        height=HEIGHT,
    )


def _note_html(notes: Sequence[NoteView]) -> str:
    return environment().get_template("note.html.j2").render(notes=notes, printable=printable)


def _stopped(result: Result, notes: Sequence[Note], pair: tuple[Sign, Sign]) -> dict[str, Any]:
    """Return the page of a paste that seems to hold two patients: no codes, and where to part it."""
    marks: list[list[Mark]] = [[] for _ in notes]
    places = []
    for sign in pair:
        at = place_id(sign.note, sign.start, sign.end)
        marks[sign.note].append(Mark(sign.start, sign.end, "stop", "diagnosis", at))
        text = notes[sign.note].text
        where = f"line {Lines.of(text).number(sign.start)}"
        if len(notes) > 1:
            where += f" of note {sign.note + 1}"
        places.append({"text": text[sign.start : sign.end], "where": where, "at": at})
    names = {"stop": "patient"}
    shown = [
        NoteView(note_title(note, i, len(notes)), [*lines(note.text, marks[i], names)])
        for i, note in enumerate(notes)
    ]
    first, second = pair
    text = notes[second.note].text
    start = part_start(text, second.start) if first.note == second.note else 0
    answer = (
        environment()
        .get_template("stop.html.j2")
        .render(places=places, printable=printable, apart=first.note == second.note)
    )
    return {
        "stop": {"note": second.note, "at": len(text[:start].encode("utf-16-le", "surrogatepass")) // 2},
        "result": to_json(result),
        "answer": answer,
        "note": _note_html(shown),
        "summary": "Stopped: this seems to be about two patients.",
    }
