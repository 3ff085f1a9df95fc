"""From an export to rows: `read_table` is the one door, whatever kind of file or folder stands behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from nlp.errors import InputError, shown
from readers.sources import Given, read_sources
from readers.tables import fhir
from readers.tables.columnar import as_text, check_text, parquet_columns, read_parquet
from readers.tables.columns import Guess, Part, TableOptions, check_found, check_where, guess, keeps
from readers.tables.delimited import read_records
from readers.tables.lines import read_lines
from readers.tables.places import NOTES, TABLES, beside, check_input, walk

_PEEK = 200  # rows of JSON whose keys are taken for the columns of the file
_PLAIN = TableOptions()
ALSO = "__also"  # further names of a note of a folder


def read_table(path: Path, options: TableOptions = _PLAIN, part: Part = "note") -> Iterator[Given]:
    """Yield the rows of an export under the contract's names, in order, streaming.

    `Given.where` names file and line or row; a row that cannot be used has a `problem` and the rest goes
    on. Values stand as the file holds them: codes as text or list, dates in the file's form.

    Args:
        path: a CSV, TSV, Parquet, JSON lines or FHIR NDJSON file, or a folder of files.
        options: column names, encoding, delimiter and filters where the guess would be wrong.
        part: what the table is: `note`, `billed` (codes by id) or `line` (claim lines).

    Raises:
        InputError: at once, where the whole of it cannot be read: no such file, no known column.
    """
    check_input(path)
    if path.is_dir():
        return _folder(path, options, part)
    try:
        return _table(path, path.name, options, part)
    except InputError as error:
        name = shown(str(path))
        raise InputError(
            str(error) if str(error).startswith(shown(path.name)) else f"{name}: {error}"
        ) from error


def read_billed_beside(path: Path, options: TableOptions = _PLAIN) -> Iterator[Given]:
    """Yield the billed codes that a FHIR export holds: of claims, or of conditions where it has no claims.

    Nothing comes of an export of another kind. A claim that names no encounter is a problem, so that it
    can be counted and listed.
    """
    files = _fhir_files(path)
    kinds: set[str] = set()
    for file in files:
        kinds |= {str(row.value.get("resourceType")) for row in read_lines(file) if row.value}
    claims = bool(kinds & set(fhir.BILLED))
    for file in files:
        for row in read_lines(file):
            kind = str((row.value or {}).get("resourceType"))
            if row.value is None or (kind not in fhir.BILLED if claims else kind != fhir.STATED):
                continue
            place = f"{file.name}, line {row.line}"
            try:
                values = fhir.billed_of(row.value) if claims else fhir.stated_of(row.value)
            except InputError as error:
                yield Given(place, problem=str(error))
                continue
            if values is not None and keeps(row.value, values, options.where):
                yield Given(place, values)


def source_files(path: Path) -> tuple[Path, ...]:
    """Return every file that the rows of an input come from, in order; what cannot be opened is left out."""
    if path.is_dir():
        return tuple(file for file, problem in walk(path) if problem is None)
    return (path, *(beside(path) if path.suffix.lower() == ".ndjson" else ()))


def _fhir_files(path: Path) -> list[Path]:
    return [file for file in source_files(path) if file.suffix.lower() == ".ndjson" and is_fhir(file)]


def is_fhir(path: Path) -> bool:
    """Say whether a file of JSON lines holds FHIR resources."""
    first = next((row for row in read_lines(path) if row.value is not None), None)
    return first is not None and first.value is not None and fhir.is_resource(first.value)


def _table(path: Path, name: str, options: TableOptions, part: Part) -> Iterator[Given]:
    """Return the rows of one table; whether it can be read as a whole is found out before the first."""
    name = shown(name)
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return _parquet(path, name, options, part)
    if suffix in (".jsonl", ".ndjson"):
        return _objects(path, name, options, part)
    return _delimited(path, name, options, part)


def _delimited(path: Path, name: str, options: TableOptions, part: Part) -> Iterator[Given]:
    _, records = read_records(path, options.encoding, options.delimiter)
    header = next(records, None)
    if header is None or header.problem is not None:
        raise InputError("its first line is no header of column names")
    columns = header_names(header.cells)
    found = _found(columns, name, options, part)

    def rows() -> Iterator[Given]:
        for record in records:
            spread = (
                f"{record.line}-{record.last}"
                if record.problem and record.last > record.line
                else record.line
            )
            place = f"{name}, line {spread}"
            if record.problem is not None:
                yield Given(place, problem=record.problem)
                continue
            yield from _given(place, dict(zip(columns, record.cells, strict=True)), found, options)

    return rows()


def header_names(cells: list[str]) -> list[str]:
    """Return the names of a header; one that stands there again is told apart, so that the first is read."""
    names: list[str] = []
    for cell in cells:
        name, number = cell.strip(), 1
        while name in names:
            number += 1
            name = f"{cell.strip()} ({number})"
        names.append(name)
    return names


def _parquet(path: Path, name: str, options: TableOptions, part: Part) -> Iterator[Given]:
    types = parquet_columns(path)
    found = _found(list(types), name, options, part)
    if "text" in found.found and part == "note":
        check_text(types, found.found["text"][0], name)
    wanted = {column for columns in found.found.values() for column in columns}
    wanted |= {column for column in types if any(_same(column, asked) for asked, _ in options.where)}

    def rows() -> Iterator[Given]:
        for first, last, values in read_parquet(path, [column for column in types if column in wanted]):
            if values is None:
                yield Given(f"{name}, row {first}-{last}", problem="cannot be read; the file is broken there")
                continue
            yield from _given(f"{name}, row {first}", values, found, options)

    return rows()


def _same(column: str, asked: str) -> bool:
    from readers.tables.columns import plain_name

    return plain_name(column) == plain_name(asked)


def _objects(path: Path, name: str, options: TableOptions, part: Part) -> Iterator[Given]:
    if path.suffix.lower() == ".ndjson" and is_fhir(path):
        return _resources(path, name, options)
    columns = object_keys(path)
    if not columns:
        raise InputError("holds no JSON object; each line must hold one")
    found = _found(columns, name, options, part)

    def rows() -> Iterator[Given]:
        for row in read_lines(path):
            place = f"{name}, line {row.line}"
            if row.value is None:
                yield Given(place, problem=row.problem)
            else:
                yield from _given(place, row.value, found, options)

    return rows()


def object_keys(path: Path) -> list[str]:
    """Return the keys of the first objects of a file, in the order in which they come up."""
    keys: dict[str, None] = {}
    for row in islice(read_lines(path), _PEEK):
        keys |= dict.fromkeys(row.value or ())
    return list(keys)


def _resources(path: Path, name: str, options: TableOptions) -> Iterator[Given]:
    for row in read_lines(path):
        place = f"{name}, line {row.line}"
        if row.value is None:
            yield Given(place, problem=row.problem)
            continue
        if row.value.get("resourceType") != fhir.NOTE:
            continue
        try:
            values = fhir.note_of(row.value)
        except InputError as error:
            yield Given(place, {"note_id": row.value.get("id")}, problem=str(error))
            continue
        if keeps(row.value, values, options.where):
            yield Given(place, values)


def _found(columns: list[str], name: str, options: TableOptions, part: Part) -> Guess:
    found = guess(columns, part, options)
    check_found(found, part, name)
    check_where(columns, options, name)
    return found


def _given(place: str, values: dict[str, Any], found: Guess, options: TableOptions) -> Iterator[Given]:
    row = found.row(values)
    if not keeps(values, row, options.where):
        return
    try:
        row["text"] = as_text(row.get("text"))
    except InputError as error:
        yield Given(place, {**row, "text": None}, problem=str(error))
        return
    yield Given(place, row)


def _folder(folder: Path, options: TableOptions, part: Part) -> Iterator[Given]:
    """Yield the notes of a folder: a file a note, and the rows of tables that lie in it.

    A note is called by its file's name as far as that tells it from the others. `ALSO` holds the names that
    a table beside it may call it by as well.
    """
    notes = [file.relative_to(folder) for file, problem in walk(folder) if problem is None and _is_note(file)]
    stems = Counter(file.stem for file in notes)
    paths = Counter(str(file.with_suffix("")) for file in notes)
    names = Counter(file.name for file in notes)
    for file, problem in walk(folder):
        name = str(file.relative_to(folder))
        if problem is not None:
            yield Given(shown(name), problem=problem)
        elif file.suffix.lower() in TABLES:
            try:
                yield from _table(file, name, options, part)
            except InputError as error:
                yield Given(shown(name), problem=str(error).removeprefix(f"{shown(name)}: "))
        else:
            # Two files of one name in two folders, or of two kinds, are two notes.
            path = str(file.relative_to(folder).with_suffix(""))
            note_id = file.stem if stems[file.stem] == 1 else path if paths[path] == 1 else name
            also = [name, path] if paths[path] == 1 else [name]
            also += [file.name] if names[file.name] == 1 else []
            for given in read_sources([str(file)]):
                values = {**(given.values or {}), "note_id": note_id, ALSO: also}
                if keeps({"file": name}, values, options.where):
                    yield Given(shown(name), values, given.problem, given.warnings)


def _is_note(path: Path) -> bool:
    return path.suffix.lower() in (*NOTES, "")
