"""One coded encounter of the corpus: its notes, and what a coder says of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nlp.errors import InputError
from suggest.note import Note, check_encounter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEFAULT_SETTING = "outpatient"  # of a row that does not say whose claim it is


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of one of the encounter's notes, as they stand there."""

    note_id: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GoldCode:
    """A code that a careful coder reports, with the words that bear it out."""

    code: str
    evidence: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldQuery:
    """A question that the note raises. One that is optional may be sent or not."""

    topic: str
    codes: tuple[str, ...]
    evidence: tuple[Quote, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Trap:
    """A code that would be wrong, and why."""

    code: str
    why: str


@dataclass(frozen=True, slots=True)
class GoldLab:
    """A laboratory value that the notes state, as written."""

    analyte: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Gold:
    """What one coder says of an encounter. `first` holds the codes any of which may lead, if that is open."""

    codes: tuple[GoldCode, ...]
    first: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    queries: tuple[GoldQuery, ...] = ()
    traps: tuple[Trap, ...] = ()
    labs: tuple[GoldLab, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldEncounter:
    """An encounter of one or more notes with its gold coding; `split` is None outside our corpus."""

    id: str
    author: str | None
    style: str | None
    setting: str
    notes: tuple[Note, ...] = field(repr=False)
    gold: Gold = field(repr=False)
    tags: tuple[str, ...] = ()
    split: str | None = None

    @property
    def texts(self) -> dict[str | None, str]:
        """The texts of the notes by note id."""
        return {note.note_id: note.text for note in self.notes}


def read_encounter(row: Mapping[str, Any]) -> GoldEncounter:
    """Make an encounter of one line of the shared schema (`text`) or of a line with several `notes`.

    Raises:
        InputError: a key is missing or of the wrong kind; the message names it and quotes no note.
    """
    try:
        name = str(row["id"])
        setting = row.get("setting") or DEFAULT_SETTING
        shared = {"setting": setting, "encounter_date": row.get("encounter_date")}
        if "notes" in row:
            several = [Note.from_mapping({**note, "encounter_id": name}, shared) for note in row["notes"]]
        else:
            several = [Note.from_mapping({"note_id": name, "text": row["text"]}, shared)]
        check_encounter(several)
        return GoldEncounter(
            name,
            row.get("author"),
            row.get("style"),
            setting,
            tuple(several),
            read_gold(row["gold"], name),
            tuple(row.get("tags") or ()),
        )
    except KeyError as error:
        raise InputError(f"it has no {error}") from None
    except (TypeError, AttributeError):
        raise InputError("a value is of the wrong kind (docs/evaluation.md shows the schema)") from None


def read_gold(row: Mapping[str, Any], note_id: str) -> Gold:
    """Make a coding of the object `gold`; quotes that name no note are of `note_id`."""
    return Gold(
        codes=tuple(
            GoldCode(entry["code"], _quotes(entry.get("evidence"), note_id)) for entry in row["code"]
        ),
        first=tuple(row.get("first") or ()),
        optional=tuple(row.get("optional") or ()),
        queries=tuple(
            GoldQuery(
                entry.get("topic") or "",
                tuple(entry.get("codes") or ()),
                _quotes(entry.get("evidence"), note_id),
                bool(entry.get("optional")),
            )
            for entry in row.get("query") or ()
        ),
        traps=tuple(Trap(entry["code"], entry.get("why") or "") for entry in row.get("trap") or ()),
        labs=tuple(
            GoldLab(entry["analyte"], None if entry.get("value") is None else str(entry["value"]))
            for entry in row.get("labs") or ()
        ),
    )


def _quotes(entries: Iterable[str | Mapping[str, str]] | None, note_id: str) -> tuple[Quote, ...]:
    return tuple(
        Quote(note_id, entry) if isinstance(entry, str) else Quote(entry["note_id"], entry["quote"])
        for entry in entries or ()
    )
