"""From a file of claim lines to records. Columns are found by their usual names (`columns.yaml`)."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from audit.claims.records import ClaimLine
from audit.claims.values import (
    read_codes,
    read_date,
    read_modifiers,
    read_ndc,
    read_number,
    read_place,
    read_pointers,
    split_procedure,
    text_of,
)
from nlp.errors import InputError, KnowledgeError, shown
from nlp.knowledge import load_yaml
from readers import decode, read_bytes

_DELIMITERS = ",\t;|"
_TABLES = (".parquet", ".pq", ".xlsx")
_MOST = 128 * 1024 * 1024


@lru_cache(maxsize=1)
def column_names() -> Mapping[str, str]:
    """Return the contract's column for each name an export may give it, both as keys."""
    found: dict[str, str] = {}
    for column, names in load_yaml("audit.claims", "columns.yaml").items():
        for name in names:
            if found.setdefault(_key(name), column) != column:
                raise KnowledgeError(f'columns.yaml: the name "{name}" stands under two columns; keep one')
    return found


def find_columns(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the columns of a table under the contract's names; those of other meaning are left out."""
    known = column_names()
    found: dict[str, list[str]] = {}
    for name in names:
        column = known.get(_key(name))
        if column is not None:
            found.setdefault(column, []).append(name)
    return found


def read_lines(path: Path) -> tuple[ClaimLine, ...]:
    """Return the lines of a CSV, TSV, JSON, JSON lines, Parquet or Excel file, in its order.

    Raises:
        InputError: there is no such file, it is of another kind, or it has no procedure column.
    """
    where = shown(str(path))
    if not path.is_file():
        raise InputError(f"{where}: there is no such file of claim lines")
    try:
        rows = _rows(path)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    except (OSError, ValueError, KeyError, RecursionError, csv.Error) as error:
        raise InputError(f"{where}: cannot be read as a table; save it as CSV with a header line") from error
    if not rows:
        raise InputError(f"{where}: holds no claim line")
    return lines_of(rows, where)


def lines_of(rows: Iterable[Mapping[str, Any]], where: str = "the claim lines") -> tuple[ClaimLine, ...]:
    """Return claim lines made of rows (mappings from column to value). Blank rows are skipped.

    Raises:
        InputError: no column holds the procedure.
    """
    given = list(rows)
    names = list(dict.fromkeys(name for row in given for name in row))
    columns = find_columns(str(name) for name in names)
    if "procedure" not in columns:
        raise InputError(f"{where}: no column holds the procedure; call it procedure, cpt or hcpcs")
    count: dict[str | None, int] = {}
    lines = []
    for place, row in enumerate(given, start=1):
        if not any(text_of(value) for value in row.values()):
            continue
        lines.append(_line(row, columns, place, count))
    return tuple(lines)


def _line(
    row: Mapping[str, Any], columns: Mapping[str, list[str]], place: int, count: dict[str | None, int]
) -> ClaimLine:
    def cell(column: str) -> Any:
        return next((row.get(n) for n in columns.get(column, ()) if text_of(row.get(n))), None)

    def joined(column: str) -> str:
        return ";".join(text_of(row.get(name)) for name in columns.get(column, ()))

    def text(column: str) -> str | None:
        return re.sub(r"\.0$", "", text_of(cell(column))) or None

    procedure, glued = split_procedure(cell("procedure"))
    modifiers = read_modifiers(joined("modifiers"))
    has_modifiers = "modifiers" in columns or glued
    visit = text("encounter_id") or text("note_id")
    count[visit] = count.get(visit, 0) + 1
    return ClaimLine(
        line=text("line") or str(count[visit]),
        procedure=procedure,
        encounter_id=text("encounter_id"),
        note_id=text("note_id"),
        patient_id=text("patient_id"),
        service_date=read_date(cell("service_date")),
        units=read_number(cell("units")),
        modifiers=tuple(dict.fromkeys((*glued, *modifiers))) if has_modifiers else None,
        pointers=read_pointers(joined("diagnosis_pointers")) if "diagnosis_pointers" in columns else None,
        codes=read_codes(joined("codes")) if joined("codes").strip(";") else None,
        place_of_service=read_place(cell("place_of_service")) or None,
        payer=text("payer"),
        provider=text("provider"),
        ndc=read_ndc(cell("ndc")),
        claim_status=text("claim_status"),
        paid=text("paid"),
        place=place,
    )


def _rows(path: Path) -> list[Mapping[str, Any]]:
    suffix = path.suffix.lower()
    if suffix in _TABLES:
        return _frame(path, suffix)
    text = decode(read_bytes(path)).removeprefix("\ufeff")
    if suffix in (".jsonl", ".ndjson"):
        return [_object(line) for line in text.splitlines() if line.strip()]
    if suffix == ".json" or text.lstrip().startswith(("[", "{")):
        given = json.loads(text)
        found = given.get("lines") if isinstance(given, dict) else given
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise InputError("must be a list of objects, one a claim line")
        return found
    head = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    return list(
        csv.DictReader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=delimiter, restkey="more")
    )


def _object(line: str) -> Mapping[str, Any]:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise InputError("each line must hold one object")
    return row


def _frame(path: Path, suffix: str) -> list[Mapping[str, Any]]:
    import pandas as pd

    try:
        _check_size(path, suffix)
        frame = pd.read_excel(path, dtype=object) if suffix == ".xlsx" else pd.read_parquet(path)
    except InputError:
        raise
    except Exception as error:  # of the many libraries below, whatever the file made them raise
        raise InputError(f"is no whole {suffix} file; save it again, or as CSV") from error
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict(orient="records")]


def _check_size(path: Path, suffix: str) -> None:
    """Refuse what unpacks to far more than the lines of a claim."""
    if suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    else:
        import pyarrow.parquet as pq

        about = pq.read_metadata(path)
        size = sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))
        size = max(size, about.num_rows * about.num_columns * 8)
    if size > _MOST:
        raise InputError("unpacks to far more than the lines of a claim; corrin audit --claims reads many")


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
