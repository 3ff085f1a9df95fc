"""The laboratory values that an answer reads, against those that the gold states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corpora.gold import GoldLab

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class LabCounts:
    """Stated values that were read or missed, and values read, some of which nobody states."""

    found: int
    missed: int
    read: int
    read_wrong: int


def count_labs(gold: Iterable[GoldLab], answer: Mapping[str, Any], analytes: frozenset[str]) -> LabCounts:
    """Count the scored analytes. A value read is wrong where the gold states no such number at all."""
    stated = [(_analyte(lab.analyte), number) for lab in gold if (number := _number(lab.value)) is not None]
    numbers = {number for _, number in stated}
    read = [
        (_analyte(fact["analyte"]), float(fact["value"]))
        for fact in answer.get("facts", {}).get("labs", ())
        if fact.get("value") is not None
    ]
    found = missed = 0
    for analyte, number in stated:
        if analyte in analytes:
            is_read = any(name == analyte and abs(value - number) < _SAME for name, value in read)
            found += is_read
            missed += not is_read
    scored = [value for name, value in read if name in analytes]
    return LabCounts(found, missed, len(scored), sum(value not in numbers for value in scored))


def _analyte(name: str) -> str:
    return name.lower().replace("_", " ").removeprefix("vitamin ")


def _number(value: str | None) -> float | None:
    number = _NUMBER.search((value or "").replace(",", ""))
    return float(number.group()) if number else None
