"""Parquet by pyarrow, batch by batch, the needed columns alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nlp.errors import InputError
from readers.text import decode

_BATCH = 16  # rows in memory at one time; the cells of a small file may be large


def parquet_columns(path: Path) -> dict[str, str]:
    """Return the columns of a Parquet file with their types.

    Raises:
        InputError: it is broken or no Parquet file.
    """
    file = _open(path)
    try:
        return {
            name: str(file.schema_arrow.field(name).type) for name in dict.fromkeys(file.schema_arrow.names)
        }
    finally:
        file.close()


def read_parquet(path: Path, columns: list[str]) -> Iterator[tuple[int, int, dict[str, Any] | None]]:
    """Yield first row, last row and values; of a broken part of the file its rows without values."""
    import pyarrow as pa

    file = _open(path)
    try:
        row = 0
        for group in range(file.metadata.num_row_groups):
            count, done = file.metadata.row_group(group).num_rows, 0
            try:
                for batch in file.iter_batches(batch_size=_BATCH, row_groups=[group], columns=columns):
                    for values in batch.to_pylist():
                        done += 1
                        yield row + done, row + done, values
            except (pa.ArrowException, OSError, ValueError):
                yield row + done + 1, row + count, None
            row += count
    finally:
        file.close()


def check_text(types: dict[str, str], column: str, where: str) -> None:
    """Refuse a column of notes that holds no text.

    Raises:
        InputError: its type is another.
    """
    kind = types[column]
    if not any(word in kind for word in ("string", "binary", "null")):
        raise InputError(
            f"{where}: column {column} is of type {kind}, and the notes must be text; say --column text=NAME"
        )


def as_text(value: object) -> object:
    """Return text that a file holds as bytes.

    Raises:
        InputError: the bytes are no text.
    """
    return decode(value) if isinstance(value, bytes) else value


def _open(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path, memory_map=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError("is no whole Parquet file; export it again") from error
