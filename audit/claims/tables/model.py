"""A dated table and its rows, and the refusal of one that is past its dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_REMEDY = "put the file in force into the tables folder"


class LapsedError(Exception):
    """No row of a table is in force on a date; `table` and `text` tell which and why."""

    def __init__(self, table: str, text: str) -> None:
        super().__init__(text)
        self.table = table
        self.text = text


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its cells by column, its window (ISO, both days in it, None = open), where it stands."""

    cells: Mapping[str, str]
    start: str | None
    end: str | None
    source: str
    status: str
    line: int

    def __getitem__(self, column: str) -> str:
        """Return a cell; empty where it is blank."""
        return self.cells.get(column, "")

    def covers(self, date: str) -> bool:
        """Say whether the row is in force on an ISO date."""
        return (self.start is None or self.start <= date) and (self.end is None or date <= self.end)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one table. `origin` is `shipped`, or the name of the user's file."""

    name: str
    origin: str
    rows: tuple[TableRow, ...] = field(repr=False)
    is_dated: bool = True

    @property
    def window(self) -> tuple[str | None, str | None]:
        """The first and the last day that any row covers; None is open."""
        starts = [row.start for row in self.rows]
        ends = [row.end for row in self.rows]
        return (
            None if None in starts or not starts else min(s for s in starts if s),
            None if None in ends or not ends else max(e for e in ends if e),
        )

    @property
    def label(self) -> str:
        """What a finding calls the table."""
        return f"{self.name} (example)" if self.origin == "shipped" else f"{self.name} ({self.origin})"

    def refusal(self, date: str) -> str | None:
        """Return the one sentence that refuses the table for a date, or None where it may speak."""
        if not self.is_dated or not self.rows:
            return None
        start, end = self.window
        where = f"table {self.name} ({'shipped example' if self.origin == 'shipped' else self.origin})"
        if end is not None and date > end:
            return f"{where} ended on {end}, before {date}: refused; {_REMEDY}"
        if start is not None and date < start:
            return f"{where} begins on {start}, after {date}: refused; {_REMEDY}"
        return None

    def on(self, date: str) -> Iterator[TableRow]:
        """Yield the rows in force on a date.

        Raises:
            LapsedError: the date lies outside the window of the whole table.
        """
        sentence = self.refusal(date)
        if sentence is not None:
            raise LapsedError(self.name, sentence)
        for row in self.rows:
            if row.covers(date):
                yield row
