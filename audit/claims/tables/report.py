"""`corrin tables check`: what tables there are, what they cover, and which are past their dates."""

from __future__ import annotations

from collections.abc import Mapping

from audit.claims.tables.load import shapes
from audit.claims.tables.model import Table


def table_lines(tables: Mapping[str, Table]) -> list[str]:
    """Return one line for each table: name, rows, window, where it comes from."""
    found = []
    for name, shape in shapes().items():
        table = tables[name]
        start, end = table.window
        window = f"{start or 'any day'} to {end or 'open'}" if shape.is_dated else "undated"
        origin = "shipped example" if table.origin == "shipped" else table.origin
        kinds = sorted({row.status for row in table.rows})
        found.append(f"{name:<18} {len(table.rows):>7} rows  {window:<26} {origin} ({', '.join(kinds)})")
    return found


def refusals(tables: Mapping[str, Table], date: str) -> list[str]:
    """Return a sentence for each table that does not cover a date."""
    return [sentence for name in shapes() if (sentence := tables[name].refusal(date)) is not None]
