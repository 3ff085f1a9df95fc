"""The records that pass between the steps of the reader, before a value is judged."""

from __future__ import annotations

from dataclasses import dataclass, field

from nlp.facts import Flag
from nlp.labs.load import Analyte


@dataclass(frozen=True, slots=True)
class Hit:
    """A name in the text. `analytes` is empty for what is not ours but ends the reach of what is."""

    start: int
    end: int
    analytes: tuple[Analyte, ...]
    stands_for: Analyte | None = None  # what "the level" after a drug would be of
    is_level: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A value (or a result in words) as the text gives it."""

    analyte: Analyte
    start: int
    end: int
    value: float | None = None
    comparator: str | None = None
    result: str | None = None
    unit: str | None = field(default=None, repr=False)
    low: float | None = None
    high: float | None = None
    mark: Flag | None = None
    date: str | None = None
    is_evident: bool = False  # a unit, mark, range, comparator or copula shows a result, not a dose
    opens_row: bool = False  # its date stood before it, as in a row: what follows on the line shares it

    @property
    def has_support(self) -> bool:
        """Whether a unit, a mark or a range is printed with it."""
        return any(x is not None for x in (self.unit, self.mark, self.low, self.high))


@dataclass(slots=True)
class Head:
    """What stood between a name and its number, filled in while it is walked."""

    at: int = -1  # where the number starts, -1 where there is none
    unit: str | None = field(default=None, repr=False)
    low: float | None = None
    high: float | None = None
    mark: Flag | None = None
    comparator: str | None = None
    result: str | None = None
    result_end: int = -1
    date: str | None = None
    changed: bool = False
    is_series: bool = False
    evident: bool = False
    runs: bool = False  # "ran between": two numbers may follow
    told: bool = False  # a verb stood on the way


@dataclass(slots=True)
class Tail:
    """What stood behind a number, filled in while it is walked."""

    end: int
    unit: str | None = field(default=None, repr=False)
    low: float | None = None
    high: float | None = None
    mark: Flag | None = None
    marked: bool = False
    date: str | None = None


def to_float(text: str) -> float:
    """Return the number that a note writes with or without thousands commas."""
    return float(text.replace(",", "").replace(" ", ""))


def is_year(text: str) -> bool:
    """Return whether a bare number looks like a year."""
    return len(text) == 4 and text.isdigit() and 1950 <= int(text) <= 2049
