"""Read tables: those that ship, over them the user's, each cell checked by `schema.yaml`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from audit.claims.tables.cms import LAYOUTS, read_public
from audit.claims.tables.model import Table, TableRow
from audit.claims.values import read_date, read_number
from nlp.errors import InputError, KnowledgeError, shown
from nlp.knowledge import load_yaml
from readers import decode, read_bytes

STATUSES = ("example", "verified", "unverified")
_SHARED = ("effective_from", "effective_to", "status", "source")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9.]{1,7}(?:-[A-Z0-9][A-Z0-9.]{1,7})?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the schema."""

    name: str
    kind: str
    required: bool
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a table must look like."""

    name: str
    what: str
    is_dated: bool
    columns: tuple[Column, ...]


@lru_cache(maxsize=1)
def shapes() -> Mapping[str, Shape]:
    """Return the shape of every table, by name."""
    return {
        name: Shape(
            name,
            entry["what"],
            entry["dated"],
            tuple(
                Column(column, spec["type"], bool(spec.get("required")), tuple(spec.get("of", ())))
                for column, spec in entry["columns"].items()
            ),
        )
        for name, entry in load_yaml("audit.claims.tables", "schema.yaml").items()
    }


@lru_cache(maxsize=1)
def shipped_tables() -> Mapping[str, Table]:
    """Return the tables that ship.

    Raises:
        KnowledgeError: one of them does not keep to its shape.
    """
    found = {}
    for name, shape in shapes().items():
        text = files("audit.claims.tables.data").joinpath(f"{name}.csv").read_text(encoding="utf-8")
        try:
            found[name] = _table(shape, text, "shipped", f"{name}.csv")
        except InputError as error:
            raise KnowledgeError(str(error)) from error
    return found


def read_tables(folder: Path | None) -> dict[str, Table]:
    """Return the shipped tables with those of a folder in their place.

    A file named after a table (`pairs.csv`) holds our columns; any other .csv, .tsv, .txt or .xlsx file must
    be in one of the public layouts (see `cms.py`). Several files of one table are put together.

    Raises:
        InputError: the folder is missing, or a file in it cannot be used; the message names file and line.
    """
    tables = dict(shipped_tables())
    if folder is None:
        return tables
    if not folder.is_dir():
        raise InputError(f"{shown(str(folder))}: there is no such folder of tables")
    from audit.claims.tables.lookup import known_codes

    ours = known_codes(tables)
    own: dict[str, list[Table]] = {}
    known = (".csv", ".tsv", ".txt", ".xlsx")
    for path in sorted(
        p for p in folder.iterdir() if p.suffix.lower() in known and not p.name.startswith(".")
    ):
        for table in _read_file(path, ours):
            own.setdefault(table.name, []).append(table)
    for name, parts in own.items():
        origin = ", ".join(part.origin for part in parts)
        rows = tuple(row for part in parts for row in part.rows)
        tables[name] = Table(name, origin, rows, shapes()[name].is_dated)
    return tables


def _read_file(path: Path, ours: frozenset[str]) -> Iterable[Table]:
    name, where = path.stem.lower(), shown(path.name)
    try:
        if name in shapes() and path.suffix.lower() in (".csv", ".tsv"):
            text = decode(read_bytes(path)).removeprefix("\ufeff")
            return [_table(shapes()[name], text, where, where)]
        grid = _grid(path)
        public = read_public(grid, path.name)
    except InputError as error:
        raise InputError(str(error) if str(error).startswith(where) else f"{where}: {error}") from error
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise InputError(f"{where}: cannot be read as a table; save it as CSV") from error
    if public is None:
        layouts = ", ".join(layout.title for layout in LAYOUTS)
        raise InputError(
            f"{where}: is no table of Corrin ({', '.join(shapes())}) and has no known public layout "
            f"({layouts})"
        )
    table, rows = public
    if table == "pairs":  # two million rows, of which those that hold no code of ours are never asked for
        rows = [(n, cells) for n, cells in rows if cells["column1"] in ours or cells["column2"] in ours]
    return [Table(table, where, tuple(_row(shapes()[table], cells, number, where) for number, cells in rows))]


def _grid(path: Path) -> list[list[str]]:
    if path.suffix.lower() == ".xlsx":
        import openpyxl

        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        return [["" if v is None else str(v) for v in row] for row in sheet.iter_rows(values_only=True)]
    text = decode(read_bytes(path)).removeprefix("\ufeff")
    delimiter = "\t" if text.count("\t") > text.count(",") else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _table(shape: Shape, text: str, origin: str, where: str) -> Table:
    delimiter = "\t" if "\t" in text.split("\n", 2)[-2 if text.startswith("#") else 0] else ","
    numbered = [
        (n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")
    ]
    if not numbered:
        raise InputError(f"{where}: holds no header line")
    rows = list(csv.reader((line for _, line in numbered), delimiter=delimiter))
    head = [cell.strip().lower() for cell in rows[0]]
    known = [*(column.name for column in shape.columns), *_SHARED]
    unknown = [name for name in head if name not in known]
    if unknown:
        raise InputError(f"{where}: unknown column {shown(unknown[0])}; known are {', '.join(known)}")
    missing = [c.name for c in shape.columns if c.required and c.name not in head]
    missing += [name for name in ("source",) if name not in head]
    if shape.is_dated and "effective_from" not in head:
        missing.append("effective_from")
    if missing:
        raise InputError(f"{where}: lacks the column {missing[0]}")
    found = []
    for (number, _), cells in zip(numbered[1:], rows[1:], strict=True):
        if len(cells) > len(head):
            raise InputError(
                f"{where}, line {number}: has more cells than the header; quote cells that hold a comma"
            )
        found.append(_row(shape, dict(zip(head, cells, strict=False)), number, where))
    if not found:
        raise InputError(f"{where}: holds no row")
    return Table(shape.name, origin, tuple(found), shape.is_dated)


def _row(shape: Shape, cells: Mapping[str, str], number: int, where: str) -> TableRow:
    place = f"{where}, line {number}"
    values = {}
    for column in shape.columns:
        value = " ".join((cells.get(column.name) or "").split())
        if not value:
            if column.required:
                raise InputError(f"{place}: {column.name} is blank")
            continue
        values[column.name] = _cell(column, value, place)
    start = _window(cells, "effective_from", place)
    end = _window(cells, "effective_to", place)
    if shape.is_dated and start is None:
        raise InputError(f"{place}: effective_from is blank; say from which day the row holds")
    if start and end and end < start:
        raise InputError(f"{place}: effective_to lies before effective_from")
    status = (cells.get("status") or "").strip() or "verified"
    if status not in STATUSES:
        raise InputError(f"{place}: unknown status {shown(status)}; use {', '.join(STATUSES)}")
    source = " ".join((cells.get("source") or "").split())
    if not source:
        raise InputError(f"{place}: source is blank; say where the row comes from")
    return TableRow(values, start, end, source, status, number)


def _cell(column: Column, value: str, place: str) -> str:
    if column.kind == "code":
        value = value.upper()
        if column.name == "code" and value == "ANY":
            return "any"
        if not _CODE.fullmatch(value):
            raise InputError(f"{place}: {column.name} is no code")
    elif column.kind == "choice" and value not in column.choices:
        raise InputError(f"{place}: unknown {column.name} {shown(value)}; use {', '.join(column.choices)}")
    elif column.kind in ("number", "amount"):
        number = read_number(value)
        if number is None or number <= 0:
            raise InputError(f"{place}: {column.name} is no number above nought")
        return str(number)
    elif column.kind == "ndc" and not re.fullmatch(r"\d{4,5}-\d{3,4}(?:-\d{1,2})?|\d{9}|\d{11}", value):
        raise InputError(f"{place}: {column.name} is no label number; write it with its hyphens (0517-0031)")
    return value


def _window(cells: Mapping[str, Any], column: str, place: str) -> str | None:
    value = (cells.get(column) or "").strip()
    if not value:
        return None
    date = read_date(value)
    if date is None:
        raise InputError(f"{place}: {column} is no date; write YYYY-MM-DD")
    return date
