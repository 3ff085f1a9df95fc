"""From the rows of the export, the billed table and the claim lines to the shards of a run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from audit.claim_rows import DAYS, find_injection_days
from audit.rows import key_of, plain, problem_of, to_row
from audit.spill import BILLED, LINE, NOTE, NoteIndex, Spill
from readers.tables import ALSO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from readers import Given


@dataclass(slots=True)
class Counts:
    """What came in."""

    notes: int = 0
    billed_rows: int = 0
    claim_lines: int = 0
    unusable_rows: int = 0

    def to_mapping(self) -> dict[str, int]:
        """Return the counts by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The rows of a run, each source read once and never held."""

    notes: Iterable[Given]
    billed: Callable[[], Iterable[Given]] | None = None
    lines: Callable[[], Iterable[Given]] | None = None  # read twice: the days of injections come first


def gather(inputs: Inputs, folder: Path, shards: int) -> Counts:
    """Put every row into the shard of its encounter; return how many there were."""
    spill = Spill(folder / "in", shards)
    counts = Counts()
    wanted = inputs.billed is not None or inputs.lines is not None
    index = NoteIndex(folder / "notes.db") if wanted else None
    days = find_injection_days(inputs.lines, folder / "days.db") if inputs.lines is not None else None
    for number, given in enumerate(inputs.notes, start=1):
        counts.notes += 1
        values = to_row(given.values or {})
        key = key_of(values, number)
        problem = given.problem or problem_of((given.values or {}).get("text"))
        if problem is not None:
            values.pop("text", None)  # what no stage will read is not carried along
        if index is not None and values.get("note_id"):
            for name in (values["note_id"], *(given.values or {}).get(ALSO, ())):
                index.add(name, key)
        spill.add(NOTE, key, given.where, values, problem)
    for given in inputs.billed() if inputs.billed is not None else ():
        counts.billed_rows += given.values is not None
        _add_beside(BILLED, given, to_row(given.values or {}), spill, index, counts)
    for given in inputs.lines() if inputs.lines is not None else ():
        counts.claim_lines += given.values is not None
        values = {str(name): plain(value) for name, value in (given.values or {}).items()}
        if days is not None:
            values[DAYS] = days.find(str(values.get("patient_id") or ""))
        _add_beside(LINE, given, values, spill, index, counts)
    spill.flush()
    for base in (index, days):
        if base is not None:
            base.close()
    return counts


def _add_beside(
    kind: str, given: Given, values: dict[str, Any], spill: Spill, index: NoteIndex | None, counts: Counts
) -> None:
    """Put a row of a second table beside the notes of its encounter, by encounter id, else by note id."""
    if given.values is None:
        counts.unusable_rows += 1
        spill.add(kind, f"r:{given.where}", given.where, {}, given.problem)
        return
    values.pop("text", None)
    key = None
    if values.get("encounter_id"):
        key = f"e:{values['encounter_id']}"
    elif values.get("note_id") and index is not None:
        key = index.find(str(values["note_id"])) or f"n:{values['note_id']}"
    spill.add(kind, key or f"r:{given.where}", given.where, values)
