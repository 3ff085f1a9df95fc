"""Two runs side by side: which verdicts and codes changed, and whether by the notes or by Corrin."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from audit.finding import CLAIM_LINE
from audit.manifest import RUN, WORK, read_json
from audit.outputs import FINDINGS, NOTES
from nlp.errors import InputError, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_FINDING = ("encounter_id", "note_id", "billed_code", "supported_code", "verdict", "kind", "line", "hold")
_NOTE = ("encounter_id", "note_id", "status", "fingerprint", "result")
_SETTINGS = ("setting", "pre_bill")
GAINED, LOST = "gained", "lost"
UNKNOWN = "not recorded"  # of two runs that say the same of themselves: a note that hung
_OF_LINES = ("claim lines", "tables")  # they change what is found on claim lines and nothing else


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """A finding whose verdict differs (empty where a run has none), or a code gained or lost."""

    encounter: str
    code: str
    what: str  # finding, gained, lost
    before: str
    after: str
    cause: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two runs differ in. Encounters of one run alone are counted and not compared."""

    differs: tuple[str, ...]
    both: int
    only_first: int
    only_second: int
    notes_changed: int
    changes: tuple[Change, ...]

    def counts(self) -> dict[str, dict[str, int]]:
        """Return by cause how many verdicts changed and how many codes were gained and lost."""
        found: dict[str, dict[str, int]] = {}
        names = {"finding": "verdicts", GAINED: "codes_gained", LOST: "codes_lost"}
        for change in self.changes:
            row = found.setdefault(change.cause, dict.fromkeys(names.values(), 0))
            row[names[change.what]] += 1
        return dict(sorted(found.items()))


@dataclass(slots=True)
class _Encounter:
    notes: list[tuple[str, str]] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    billed: list[str] = field(default_factory=list)
    verdicts: dict[tuple[str, ...], Counter[str]] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)


def compare(first: Path, second: Path) -> Comparison:
    """Compare the folders of two finished runs.

    Raises:
        InputError: a folder holds no run, or one that is not finished or cannot be read.
    """
    told = _told(first), _told(second)
    differs = tuple(name for name, value in _stamps(told[0]).items() if value != _stamps(told[1])[name])
    old, new = _read(first), _read(second)
    changes: list[Change] = []
    notes_changed = 0
    shared = [name for name in old if name in new]
    for name in shared:
        before, after = old[name], new[name]
        notes_changed += before.notes != after.notes
        codes = tuple(d for d in differs if d not in _OF_LINES)
        cause, line_cause = (_cause(before, after, found) for found in (codes, differs))
        changes += _changes(name, before, after, cause, line_cause)
    return Comparison(
        differs,
        len(shared),
        len(old) - len(shared),
        len(new) - len(shared),
        notes_changed,
        tuple(sorted(changes)),
    )


def _cause(before: _Encounter, after: _Encounter, differs: tuple[str, ...]) -> str:
    """Name all that may have changed the encounter; two runs cannot part what changed together."""
    found = []
    if before.notes != after.notes:
        found.append("notes")
    elif sorted(before.billed) != sorted(after.billed):
        found.append("billed codes")
    elif before.statuses != after.statuses:
        found.append("a note set aside")
    return " or ".join((*found, *differs)) or UNKNOWN


def _changes(
    name: str, before: _Encounter, after: _Encounter, cause: str, line_cause: str
) -> Iterator[Change]:
    for key in dict.fromkeys((*before.verdicts, *after.verdicts)):
        was, now = before.verdicts.get(key, Counter()), after.verdicts.get(key, Counter())
        gone, come = sorted((was - now).elements()), sorted((now - was).elements())
        for place in range(max(len(gone), len(come))):
            pair = (gone[place] if place < len(gone) else "", come[place] if place < len(come) else "")
            yield Change(name, key[0], "finding", *pair, line_cause if key[1] == CLAIM_LINE else cause)
    for code in before.codes - after.codes:
        yield Change(name, code, LOST, "", "", cause)
    for code in after.codes - before.codes:
        yield Change(name, code, GAINED, "", "", cause)


def _told(folder: Path) -> dict[str, Any]:
    where = shown(str(folder))
    if not folder.is_dir():
        raise InputError(f"{where}: there is no such folder; name the --out folder of a corrin audit")
    if (folder / WORK).exists():
        raise InputError(
            f"{where}: the run is not finished; give its corrin audit again, it goes on where it stood"
        )
    told = read_json(folder / RUN)
    if told is None or "version" not in told:
        raise InputError(f"{where}: holds no run of corrin audit; name its --out folder")
    return told


def _stamps(told: Mapping[str, Any]) -> dict[str, object]:
    settings = told.get("settings") or {}
    return {
        "version": told.get("version"),
        "policy": (told.get("policy") or {}).get("sha256"),
        "release": told.get("releases"),
        "options": [settings.get(name) for name in _SETTINGS],
        "claim lines": (told.get("claims") or {}).get("lines"),
        "tables": (told.get("claims") or {}).get("tables"),
    }


def _read(folder: Path) -> dict[str, _Encounter]:
    found: dict[str, _Encounter] = {}
    for row in _rows(folder / NOTES, _NOTE):
        held = found.setdefault(_name(row), _Encounter())
        held.notes.append((row["note_id"] or "", row["fingerprint"] or ""))
        held.statuses.append(row["status"])
        if row["result"]:
            held.codes.update(s["code"] for s in json.loads(row["result"])["suggestions"])
    for row in _rows(folder / FINDINGS, _FINDING):
        held = found.setdefault(_name(row), _Encounter())
        code = row["billed_code"] or row["supported_code"] or ""
        if row["billed_code"] and row["kind"] != CLAIM_LINE:
            held.billed.append(code)
        key = (code, row["kind"] or "", row["line"] or "", row["hold"] or "")
        held.verdicts.setdefault(key, Counter())[row["verdict"]] += 1
    return found


def _name(row: Mapping[str, Any]) -> str:
    return str(row["encounter_id"] or row["note_id"] or "")


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=512, columns=list(columns), use_threads=False):
                yield from batch.to_pylist()
    except (OSError, pa.ArrowException, KeyError):
        raise InputError(f"{shown(str(path))}: cannot be read; run corrin audit anew with --fresh") from None
