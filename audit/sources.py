"""Tables as rows, one at a time: CSV, TSV, Parquet and JSON lines."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from nlp.errors import InputError, shown
from readers import Given

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BATCH = 512
KINDS = (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson")


def read_table(path: Path) -> Iterator[Given]:
    """Yield the rows of a table in order.

    Raises:
        InputError: there is no such file, or Corrin reads no files of its name.
    """
    if not path.exists():
        raise InputError(f"{shown(str(path))}: there is no such file")
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv"):
        return _csv(path, "\t" if suffix == ".tsv" else ",")
    if suffix == ".parquet":
        return _parquet(path)
    if suffix in (".jsonl", ".ndjson"):
        return _jsonl(path)
    raise InputError(f"{shown(str(path))}: Corrin audits {', '.join(KINDS)} files")


def _csv(path: Path, delimiter: str) -> Iterator[Given]:
    csv.field_size_limit(256 * 1024 * 1024)
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        reader = csv.DictReader(file, delimiter=delimiter)
        for number, row in enumerate(reader, start=1):
            yield Given(f"{path.name}, row {number}", {k.strip().lower(): v for k, v in row.items() if k})


def _parquet(path: Path) -> Iterator[Given]:
    import pyarrow.parquet as pq

    number = 0
    for batch in pq.ParquetFile(path).iter_batches(batch_size=_BATCH):
        for row in batch.to_pylist():
            number += 1
            yield Given(f"{path.name}, row {number}", row)


def _jsonl(path: Path) -> Iterator[Given]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            where = f"{path.name}, line {number}"
            try:
                value: Any = json.loads(line.decode("utf-8-sig"))
            except (ValueError, RecursionError):
                yield Given(where, problem="is not JSON; each line must hold one object")
                continue
            if isinstance(value, dict):
                yield Given(where, value)
            else:
                yield Given(where, problem="is JSON but no object; each line must hold one object")
