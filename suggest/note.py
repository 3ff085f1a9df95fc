"""A note as it comes in, checked at the door, and the encounters that notes make up."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from nlp.errors import InputError
from suggest.result import Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MAX_BYTES = 16 * 1024 * 1024
ROLES = ("primary", "addendum", "context")
_SETTINGS = tuple(setting.value for setting in Setting)
_TEXT_OR_NONE = (str, type(None))
_PLAIN = frozenset(_TEXT_OR_NONE)


@dataclass(frozen=True, slots=True)
class Note:
    """One note and what is known of it; None means unknown.

    `encounter_date` is the date of service (inpatient: of discharge), `note_date` the note's own;
    both ISO. `setting` says whose claim the answer is for. `role` is `primary`, `addendum` (then
    `amends` may name the note) or `context` (an order, an earlier visit).

    Raises:
        InputError: a value is of the wrong type or outside its vocabulary, the text is empty or
            longer than 16 MiB of UTF-8. The message never quotes the text.
    """

    note_id: str | None
    text: str = field(repr=False)
    encounter_id: str | None = None
    encounter_date: str | None = None
    setting: str = Setting.PROFESSIONAL.value
    note_type: str | None = field(default=None, repr=False)
    author: str | None = field(default=None, repr=False)
    credential: str | None = None
    signed: bool | None = None
    role: str = ROLES[0]
    amends: str | None = None
    note_date: str | None = None

    def __post_init__(self) -> None:
        """Check every field."""
        _check_text(self.text)
        if not _PLAIN.issuperset(map(type, _TEXTS(self))):  # else each is asked, to name the one
            for name in _TEXT_FIELDS:
                if not isinstance(getattr(self, name), _TEXT_OR_NONE):
                    raise InputError(f'"{name}" must be text')
        for name in ("encounter_date", "note_date"):
            _check_date(name, getattr(self, name))
        if self.setting not in _SETTINGS:
            raise InputError(f'unknown "setting"; use {", ".join(_SETTINGS)}')
        if self.role not in ROLES:
            raise InputError(f'unknown "role"; use {", ".join(ROLES)}')
        if self.signed not in (True, False, None):
            raise InputError('"signed" must be true, false or null')

    @classmethod
    def from_mapping(cls, row: Mapping[str, Any], defaults: Mapping[str, Any] | None = None) -> Note:
        """Make a note of a JSON object. Unknown keys are ignored; null means unknown.

        Args:
            row: the object; ids that are numbers are taken as their digits.
            defaults: what holds where the object is silent.

        Raises:
            InputError: the object lacks `text`, or a value cannot be used.
        """
        known = {f.name for f in fields(cls)}
        values = {key: value for key, value in (defaults or {}).items() if key in known and value is not None}
        values.update((key, value) for key, value in row.items() if key in known and value is not None)
        if "text" not in values:
            raise InputError('it has no "text"')
        for name in ("note_id", "encounter_id", "amends", "author"):
            if isinstance(values.get(name), int) and not isinstance(values[name], bool):
                values[name] = str(values[name])
        return cls(**{"note_id": None, **values})


_TEXT_FIELDS = (
    "note_id",
    "encounter_id",
    "encounter_date",
    "setting",
    "note_type",
    "author",
    "credential",
    "role",
    "amends",
    "note_date",
)
_TEXTS = attrgetter(*_TEXT_FIELDS)


def group_encounters(notes: Iterable[Note]) -> tuple[tuple[Note, ...], ...]:
    """Put notes of one encounter together, in the place of the first of them.

    A note without an encounter id is an encounter of its own.
    """
    groups: dict[object, list[Note]] = {}
    for place, note in enumerate(notes):
        key: object = place if note.encounter_id is None else note.encounter_id
        groups.setdefault(key, []).append(note)
    return tuple(tuple(group) for group in groups.values())


def check_encounter(notes: Sequence[Note]) -> None:
    """Refuse notes that cannot be answered together.

    Raises:
        InputError: there is no note, two share an id (so that evidence could not be told apart),
            or the notes disagree on the setting.
    """
    if not notes:
        raise InputError("an encounter needs at least one note")
    if len({note.note_id for note in notes}) < len(notes):
        raise InputError('two notes of one encounter share a "note_id"; give each its own')
    if len({note.setting for note in notes}) > 1:
        raise InputError('the notes of one encounter disagree on the "setting"; give all the same')


def _check_text(text: object) -> None:
    if not isinstance(text, str):
        raise InputError('"text" must be text')
    if len(text) > MAX_BYTES or (
        not text.isascii() and len(text.encode("utf-8", errors="surrogatepass")) > MAX_BYTES
    ):
        raise InputError("the note is larger than 16 MiB; split it")
    if not text.strip("\ufeff \t\r\n\f\v\0"):
        raise InputError("the note is empty")


def _check_date(name: str, value: str | None) -> None:
    if value is None:
        return
    try:
        valid = date.fromisoformat(value).isoformat() == value
    except ValueError:
        valid = False
    if not valid:
        raise InputError(f'"{name}" is not a date of the form YYYY-MM-DD')
