"""From the rows of the export, the billed table and the claim lines to the shards of a run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from audit.rows import key_of, problem_of, to_row
from audit.spill import BILLED, LINE, NOTE, NoteIndex, Spill

if TYPE_CHECKING:
    from collections.abc import Iterable
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
    billed: Iterable[Given] | None = None
    lines: Iterable[Given] | None = None


def gather(inputs: Inputs, folder: Path, shards: int) -> Counts:
    """Put every row into the shard of its encounter; return how many there were."""
    spill = Spill(folder / "in", shards)
    counts = Counts()
    wanted = inputs.billed is not None or inputs.lines is not None
    index = NoteIndex(folder / "notes.db") if wanted else None
    for number, given in enumerate(inputs.notes, start=1):
        counts.notes += 1
        values = to_row(given.values or {})
        key = key_of(values, number)
        problem = given.problem or problem_of((given.values or {}).get("text"))
        if problem is not None:
            values.pop("text", None)  # what no stage will read is not carried along
        if index is not None and values.get("note_id"):
            index.add(values["note_id"], key)
        spill.add(NOTE, key, given.where, values, problem)
    for kind, source in ((BILLED, inputs.billed), (LINE, inputs.lines)):
        for given in source or ():
            _add_beside(kind, given, spill, index, counts)
    spill.flush()
    if index is not None:
        index.close()
    return counts


def _add_beside(kind: str, given: Given, spill: Spill, index: NoteIndex | None, counts: Counts) -> None:
    """Put a row of a second table beside the notes of its encounter, by encounter id, else by note id."""
    if given.values is None:
        counts.unusable_rows += 1
        spill.add(kind, f"r:{given.where}", given.where, {}, given.problem)
        return
    if kind == BILLED:
        counts.billed_rows += 1
    else:
        counts.claim_lines += 1
    values: dict[str, Any] = to_row(given.values)
    if kind == LINE:
        values = {**_plain_line(given.values), **{k: v for k, v in values.items() if k != "text"}}
    values.pop("text", None)
    key = None
    if values.get("encounter_id"):
        key = f"e:{values['encounter_id']}"
    elif values.get("note_id") and index is not None:
        key = index.find(values["note_id"]) or f"n:{values['note_id']}"
    spill.add(kind, key or f"r:{given.where}", given.where, values)


def _plain_line(values: dict[str, Any]) -> dict[str, Any]:
    from audit.rows import plain

    return {str(name): v for name, value in values.items() if (v := plain(value)) is not None}
