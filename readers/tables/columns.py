"""Which column of an export is which of the contract: by usual names (columns.yaml), or as said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from nlp.errors import InputError, shown

Part = Literal["note", "billed", "line"]  # notes, a table of billed codes, claim lines

_SIGNS = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NUMBERED = re.compile(r"(.+?)_?(\d{1,2})$")


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What a caller says of a table where the guess would be wrong.

    `columns` is contract name → column of the file. `where` keeps the rows whose columns (of the file
    or the contract) hold these values.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """What was made of a table's columns: contract name → columns of the file, and those not used."""

    found: Mapping[str, tuple[str, ...]]
    unused: tuple[str, ...]

    def row(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row under the names of the contract; columns of a numbered list are put together."""
        row: dict[str, Any] = {}
        for target, columns in self.found.items():
            if len(columns) == 1:
                row[target] = values.get(columns[0])
            else:
                parts = [str(value).strip() for name in columns if (value := values.get(name)) is not None]
                row[target] = ";".join(part for part in parts if part) or None
        return row


@lru_cache(maxsize=1)
def _names() -> dict[str, dict[str, Any]]:
    """Load the list of usual names."""
    path = Path(__file__).with_name("columns.yaml")
    names: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return names


def _targets() -> dict[Part, tuple[str, ...]]:
    names = _names()
    return {"note": tuple(names["note"]), "billed": tuple(names["note"]), "line": tuple(names["line"])}


TARGETS: dict[Part, tuple[str, ...]] = _targets()


def plain_name(name: str) -> str:
    """Return a column's name as names are compared: `Note Text`, `NoteText` and `note_text` are one."""
    return _SIGNS.sub("_", _CAMEL.sub("_", name.strip().lstrip("\ufeff")).lower()).strip("_")


def _written_out(plain: str) -> str:
    """Return a name with words written out that are usually shortened: `svc_dt` is service_date."""
    short: Mapping[str, Any] = _names()["short"]
    return "_".join(str(short.get(word, word)) for word in plain.split("_"))


def guess(columns: Sequence[str], part: Part, options: TableOptions) -> Guess:
    """Find the contract's columns among those of a table.

    Raises:
        InputError: an option names a column that the contract or the file does not have.
    """
    by_plain: dict[str, str] = {}
    for name in columns:
        by_plain.setdefault(plain_name(name), name)
    for name in columns:  # a name as it stands goes before one that is written out
        by_plain.setdefault(_written_out(plain_name(name)), name)
    found = _as_said(columns, by_plain, part, options)
    names = _names()
    taken = {name for group in found.values() for name in group}
    for target, usual in names["line" if part == "line" else "note"].items():
        if target in found:
            continue
        usable = (by_plain[u] for u in usual if u in by_plain and by_plain[u] not in taken)
        first = next(usable, None)
        if target in names["numbered"] and (first is None or plain_name(first) in names["numbered"][target]):
            found |= {target: parts} if (parts := _parts(by_plain, target, first, taken)) else {}
        elif first is not None:
            found[target] = (first,)
        taken.update(found.get(target, ()))
    ordered = {target: found[target] for target in TARGETS[part] if target in found}
    return Guess(ordered, tuple(name for name in columns if name not in taken))


def _as_said(
    columns: Iterable[str], by_plain: Mapping[str, str], part: Part, options: TableOptions
) -> dict[str, tuple[str, ...]]:
    known = set(columns)
    found: dict[str, tuple[str, ...]] = {}
    for target, name in options.columns.items():
        if target not in TARGETS[part]:
            if any(target in targets for targets in TARGETS.values()):
                continue  # said of another table of the same call
            raise InputError(f"there is no column {shown(target)}; use {', '.join(TARGETS[part])}")
        real = name if name in known else by_plain.get(plain_name(name))
        if real is None:
            if part == "note":
                raise InputError(f"the export has no column {shown(name)}; --columns lists what it has")
            continue
        found[target] = (real,)
    return found


def _parts(by_plain: Mapping[str, str], target: str, first: str | None, taken: set[str]) -> tuple[str, ...]:
    """Return the columns of a list in parts: what leads, `dx` and `dx2` …, what follows, each once."""
    names = _names()
    bases = [plain_name(first)] if first is not None else names["numbered"][target]
    leading, following = (names[part].get(target, []) for part in ("leading", "following"))
    ordered = (
        *(by_plain[name] for name in leading if name in by_plain),
        *((first,) if first is not None else ()),
        *_numbered(by_plain, bases),
        *(by_plain[name] for name in following if name in by_plain),
        *_numbered(by_plain, following),
    )
    return tuple(dict.fromkeys(name for name in ordered if name not in taken))


def _numbered(by_plain: Mapping[str, str], bases: Iterable[str]) -> tuple[str, ...]:
    wanted = set(bases)
    numbered = [
        (int(match[2]), name)
        for plain, name in by_plain.items()
        if (match := _NUMBERED.fullmatch(plain)) and match[1] in wanted
    ]
    return tuple(dict.fromkeys(name for _, name in sorted(numbered)))


def check_found(found: Guess, part: Part, where: str) -> None:
    """Refuse a table without the columns that its part in the audit needs.

    Raises:
        InputError: they are missing; the message says how to name them.
    """
    have = found.found
    ids = "encounter_id" in have or "note_id" in have
    if part == "note" and "text" not in have:
        raise InputError(
            f"{where}: no column is known to hold the notes; say --column text=NAME (--columns lists them)"
        )
    if part == "billed" and not ("codes" in have and ids):
        raise InputError(
            f"{where}: needs a column of codes and encounter_id or note_id; say --column codes=NAME"
        )
    if part == "line" and "procedure" not in have:
        raise InputError(f"{where}: no column is known to hold procedures; say --column procedure=NAME")


def keeps(values: Mapping[str, Any], row: Mapping[str, Any], where: tuple[tuple[str, str], ...]) -> bool:
    """Say whether a row is one of those that the call asks for."""
    if not where:
        return True
    plain = {plain_name(str(name)): value for name, value in values.items()}
    for name, wanted in where:
        value = plain.get(plain_name(name), row.get(name))
        if value is None or str(value).strip().casefold() != wanted.strip().casefold():
            return False
    return True


def check_where(columns: Iterable[str], options: TableOptions, where: str) -> None:
    """Refuse a filter on a column that the table lacks, which would leave nothing and say nothing.

    Raises:
        InputError: there is no such column.
    """
    known = {plain_name(name) for name in columns} | set(TARGETS["note"]) | set(TARGETS["line"])
    for name, _ in options.where:
        if plain_name(name) not in known:
            raise InputError(f"{where}: --where names {shown(name)}, and there is no such column")
