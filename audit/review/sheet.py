"""The columns of the sheet that a reviewer fills in: what Corrin writes, and what a person does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.review.rows import evidence_words, verdict_of

SHEET, HIDDEN, README = "Findings", "corrin", "Read me"
DISPOSITIONS = ("agree", "disagree", "arguable", "need-record", "provider-answered")
_LONGEST = 1500  # characters of a cell; Excel takes 32,767, a person fewer
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that Corrin fills: its heading, width, and the key of the finding that it shows."""

    title: str
    key: str
    width: int


FIXED = (
    Column("No.", "order", 6),
    Column("Encounter", "encounter_id", 14),
    Column("Note", "note_id", 14),
    Column("Date", "encounter_date", 11),
    Column("Provider", "provider", 16),
    Column("Coder", "coder", 12),
    Column("Billed", "billed_code", 10),
    Column("Supported", "supported_code", 11),
    Column("Line", "line", 6),
    Column("Verdict", "verdict", 18),
    Column("Direction", "direction", 10),
    Column("Severity", "severity", 9),
    Column("Why", "reason", 46),
    Column("Words of the record", "evidence", 52),
    Column("What to do", "action", 36),
    Column("Denial risk", "denial_risk", 26),
    Column("Rules", "rules", 16),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """The columns of one reviewer: `role` is `first`, `second` or `tie`."""

    role: str
    disposition: str
    codes: str | None
    reviewer: str
    date: str
    reason: str

    @property
    def titles(self) -> tuple[str, ...]:
        """The headings, in order."""
        return tuple(t for t in (self.disposition, self.codes, self.reviewer, self.date, self.reason) if t)


ENTRIES = (
    Entry("first", "Disposition", "Corrected codes", "Reviewer", "Review date", "Reason"),
    Entry("second", "Second disposition", None, "Second reviewer", "Second date", "Second reason"),
    Entry("tie", "Tie-break", None, "Tie-breaker", "Tie-break date", "Tie-break reason"),
)
ID_TITLE = "Finding"
TITLES = (
    *(column.title for column in FIXED),
    *(title for entry in ENTRIES for title in entry.titles),
    ID_TITLE,
)


def cells(row: Mapping[str, Any]) -> list[str]:
    """Return what Corrin writes of a finding, as the cells of `FIXED`."""
    return [cell(_said(row, column.key)) for column in FIXED]


def _said(row: Mapping[str, Any], key: str) -> object:
    if key == "evidence":
        return evidence_words(row)
    return verdict_of(row) if key == "verdict" else row.get(key)


def cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula, of signs that XML can hold."""
    text = "" if value is None else str(value)
    plain = "".join(
        sign
        if sign in "\n\t" or (sign >= " " and not "\ud800" <= sign <= "\udfff" and sign not in "\ufffe\uffff")
        else " "
        for sign in text
    )
    if len(plain) > _LONGEST:
        plain = f"{plain[: _LONGEST - 1]}…"
    return f"'{plain}" if plain.lstrip(" ").startswith(_RISKY) else plain
