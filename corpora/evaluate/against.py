"""What changed since a former run: codes gained and lost, note by note, and the figures that moved."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpora.evaluate.run import FORMAT
from nlp.errors import InputError, reason_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class NoteChange:
    """One encounter that is answered otherwise.

    `gained` and `lost`: required codes that are found now, or no longer. `mended` and `spoiled`: wrong
    codes that are gone, or new. `queries`: questions found, missed and not asked for, then and now.
    """

    id: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    mended: tuple[str, ...]
    spoiled: tuple[str, ...]
    queries: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side. `only_then` and `only_now` are ids that one of them lacks."""

    same_corpus: bool
    changes: tuple[NoteChange, ...]
    figures: tuple[tuple[str, float | None, float | None], ...]
    only_then: tuple[str, ...]
    only_now: tuple[str, ...]


def read_run(path: Path) -> dict[str, Any]:
    """Return a run that `corrin evaluate --out` wrote.

    Raises:
        InputError: the file cannot be read, or is no run of this format.
    """
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {reason_of(error)}") from None
    except (ValueError, RecursionError):
        raise InputError(f"{path}: not JSON; a run.json of corrin evaluate is wanted") from None
    needed = ("encounters", "figures", "corpus")
    if not isinstance(run, dict) or run.get("format") != FORMAT or any(key not in run for key in needed):
        raise InputError(f"{path}: not a run of corrin evaluate of format {FORMAT}; make it anew")
    return run


def compare(then: Mapping[str, Any], now: Mapping[str, Any]) -> Comparison:
    """Return what changed, in the order of the later run."""
    before = {row["id"]: row for row in then["encounters"]}
    after = {row["id"]: row for row in now["encounters"]}
    pairs = [(before[name], row) for name, row in after.items() if name in before]
    changes = [_change(old, new) for old, new in pairs]
    values = [(name, _value(then, name), _value(now, name)) for name in now["figures"]]
    return Comparison(
        same_corpus=then["corpus"] == now["corpus"],
        changes=tuple(change for change in changes if change is not None),
        figures=tuple((name, old, new) for name, old, new in values if old != new),
        only_then=tuple(name for name in before if name not in after),
        only_now=tuple(name for name in after if name not in before),
    )


def _change(old: Mapping[str, Any], new: Mapping[str, Any]) -> NoteChange | None:
    found_then, found_now = _found(old), _found(new)
    wrong_then, wrong_now = _wrong(old), _wrong(new)
    asked = (_queries(old), _queries(new))
    change = NoteChange(
        new["id"],
        tuple(sorted(found_now - found_then)),
        tuple(sorted(found_then - found_now)),
        tuple(sorted(wrong_then - wrong_now)),
        tuple(sorted(wrong_now - wrong_then)),
        asked if asked[0] != asked[1] else None,
    )
    is_same = not (change.gained or change.lost or change.mended or change.spoiled or change.queries)
    return None if is_same else change


def _found(row: Mapping[str, Any]) -> set[str]:
    return set(row["required"]) & set(row["suggested"])


def _wrong(row: Mapping[str, Any]) -> set[str]:
    return {*row["added"], *row["trap_hits"]}


def _queries(row: Mapping[str, Any]) -> str:
    counts = row["queries"]
    return f"{counts['asked']} found, {counts['missed']} missed, {counts['unasked_for']} not asked for"


def _value(run: Mapping[str, Any], name: str) -> float | None:
    value: float | None = run["figures"].get(name, {}).get("value")
    return value
