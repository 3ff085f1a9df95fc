"""Dated tables of what changes: unit sizes, payers, coverage lists, edits, limits, containers."""

from __future__ import annotations

from audit.claims.tables.load import Shape, read_tables, shapes, shipped_tables
from audit.claims.tables.lookup import Item, Payer, Tables, covers_code
from audit.claims.tables.model import LapsedError, Table, TableRow

__all__ = [
    "Item",
    "LapsedError",
    "Payer",
    "Shape",
    "Table",
    "TableRow",
    "Tables",
    "covers_code",
    "read_tables",
    "shapes",
    "shipped_tables",
]
