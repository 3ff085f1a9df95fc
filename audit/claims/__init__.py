"""Claim lines against notes: what is denied. `judge_visit` is the engine, `rules.yaml` the rules."""

from __future__ import annotations

from audit.claims.engine import judge_visit, series
from audit.claims.reader import lines_of, read_lines
from audit.claims.records import ClaimLine, ClaimResult, Finding, LineResult, LineVerdict, Open, Severity
from audit.claims.tables import Tables, read_tables

__all__ = [
    "ClaimLine",
    "ClaimResult",
    "Finding",
    "LineResult",
    "LineVerdict",
    "Open",
    "Severity",
    "Tables",
    "judge_visit",
    "lines_of",
    "read_lines",
    "read_tables",
    "series",
]
