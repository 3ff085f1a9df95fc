"""Exports as rows with the names of the contract: CSV, TSV, Parquet, JSON lines, FHIR Bulk Data, folders.

Every reader streams: one row, one Parquet batch or one file is in memory at a time. A row that cannot
be used comes out as a problem with its place, and the rest goes on.
"""

from __future__ import annotations

from readers.tables.columns import TARGETS, Guess, Part, TableOptions
from readers.tables.guess import guess_columns, render_guess
from readers.tables.read import ALSO, read_billed_beside, read_table, source_files

__all__ = [
    "ALSO",
    "TARGETS",
    "Guess",
    "Part",
    "TableOptions",
    "guess_columns",
    "read_billed_beside",
    "read_table",
    "render_guess",
    "source_files",
]
