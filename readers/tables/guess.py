"""What `--columns` shows: which column was taken for what, and which are left."""

from __future__ import annotations

from pathlib import Path

from nlp.errors import InputError, shown
from readers.tables.columnar import parquet_columns
from readers.tables.columns import TARGETS, Guess, Part, TableOptions, guess
from readers.tables.delimited import read_records
from readers.tables.places import TABLES, check_input, walk
from readers.tables.read import header_names, is_fhir, object_keys

_SIGNS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}


def guess_columns(
    path: Path, options: TableOptions, part: Part = "note"
) -> list[tuple[str, str, Guess | None]]:
    """Return name, form and guess of each table of an input; None where there are no columns to guess.

    Raises:
        InputError: a table cannot be read.
    """
    check_input(path)
    files = (
        [f for f, problem in walk(path) if problem is None and f.suffix.lower() in TABLES]
        if path.is_dir()
        else [path]
    )
    found = [_one(file, options, part) for file in files]
    if path.is_dir() and not found:
        return [(shown(path.name), "a folder of notes, one a file; note_id is the file's name", None)]
    return found


def _one(path: Path, options: TableOptions, part: Part) -> tuple[str, str, Guess | None]:
    name, suffix = shown(path.name), path.suffix.lower()
    if suffix == ".parquet":
        return name, "Parquet", guess(list(parquet_columns(path)), part, options)
    if suffix in (".jsonl", ".ndjson"):
        if is_fhir(path):
            return name, "FHIR resources, read by their own elements", None
        return name, "JSON lines", guess(object_keys(path), part, options)
    delimiter, records = read_records(path, options.encoding, options.delimiter)
    header = next(records, None)
    if header is None or header.problem is not None:
        raise InputError(f"{name}: its first line is no header of column names")
    form = f"parted by {_SIGNS.get(delimiter, 'the sign given')}"
    return name, form, guess(header_names(header.cells), part, options)


def render_guess(found: list[tuple[str, str, Guess | None]], part: Part = "note") -> str:
    """Return the guess as lines for a terminal."""
    lines: list[str] = []
    for name, form, guessed in found:
        lines.append(f"{name} ({form})")
        if guessed is None:
            continue
        for target in TARGETS[part]:
            columns = guessed.found.get(target, ())
            lines.append(f"  {target:<20}{', '.join(shown(c) for c in columns) or '-'}")
        if guessed.unused:
            lines.append(f"  not used: {', '.join(shown(c) for c in guessed.unused)}")
    lines.append("Say --column NAME=COLUMN where this is wrong.")
    return "\n".join(lines) + "\n"
