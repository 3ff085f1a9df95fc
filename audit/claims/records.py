"""Claim lines and what is found on them, as frozen records."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from suggest.result import Evidence


class Severity(str, Enum):
    """How grave a finding is; the value of a row's verdict."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class LineVerdict(str, Enum):
    """What is said of a whole line: the gravest of its findings, else whether all could be assessed."""

    OK = "ok"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NOT_ASSESSED = "not-assessed"


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One line of a claim as it was read.

    None means unknown: the column is not there, or its cell is empty or cannot be read. `modifiers`
    and `pointers` are empty where their column is there and the cell is blank. `pointers` are letters
    or numbers into the billed order, or codes. `codes` are the billed diagnoses where the row lists them.
    """

    line: str
    procedure: str = field(repr=False)
    encounter_id: str | None = None
    note_id: str | None = None
    patient_id: str | None = field(default=None, repr=False)
    service_date: str | None = None
    units: Fraction | None = None
    modifiers: tuple[str, ...] | None = None
    pointers: tuple[str, ...] | None = None
    codes: tuple[str, ...] | None = None
    place_of_service: str | None = None
    payer: str | None = field(default=None, repr=False)
    provider: str | None = field(default=None, repr=False)
    ndc: str | None = None
    claim_status: str | None = None
    paid: str | None = None
    place: int = 0  # its place in the file, from 1

    @property
    def visit_id(self) -> str | None:
        """The encounter, or the note, that the line belongs to."""
        return self.encounter_id or self.note_id


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired on a line. `about` is `coding`, `coverage` or `documentation`."""

    rule: str
    severity: Severity
    about: str
    text: str
    denial: str
    remedy: str
    source: str
    evidence: tuple[Evidence, ...] = ()
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """A rule that could not be assessed, with the column, table or record that is missing.

    `missing` is the name of a column of the contract, `note`, `codes`, `release`, or `table:NAME`.
    `kind` is `not-assessed`, or `not-in-this-note` where another record would tell.
    """

    rule: str
    missing: str
    text: str
    grave: bool  # the rule is of severity error: without it the line is not "ok"
    kind: str = "not-assessed"


@dataclass(frozen=True, slots=True)
class LineResult:
    """What is found on one line; `coding` and `coverage` are verdicts of their own."""

    line: ClaimLine
    verdict: LineVerdict
    coding: LineVerdict
    coverage: LineVerdict
    findings: tuple[Finding, ...] = ()
    open: tuple[Open, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """The lines of one visit, judged, and what was refused of the tables, a sentence each."""

    visit_id: str | None
    lines: tuple[LineResult, ...]
    refused: tuple[str, ...] = field(default=())
