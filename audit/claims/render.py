"""The lines of a visit for the terminal and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from audit.claims.amounts import show
from audit.claims.records import ClaimResult, Finding, LineResult
from audit.claims.rows import by_missing, evidence_mapping

_SIGNS = {"ok": "OK", "error": "ERROR", "warning": "WARNING", "info": "INFO", "not-assessed": "NOT ASSESSED"}
_STYLES = {"ok": "32", "error": "1;31", "warning": "1;33", "info": "36", "not-assessed": "2"}


def to_mapping(result: ClaimResult) -> dict[str, Any]:
    """Return the result of one visit as plain JSON types; absent values are None, empty lists []."""
    return {
        "visit_id": result.visit_id,
        "lines": [_line_mapping(line) for line in result.lines],
        "refused_tables": list(result.refused),
    }


def _line_mapping(found: LineResult) -> dict[str, Any]:
    line = found.line
    return {
        "line": line.line,
        "procedure": line.procedure,
        "service_date": line.service_date,
        "units": show(line.units) if line.units is not None else None,
        "modifiers": list(line.modifiers) if line.modifiers is not None else None,
        "diagnosis_pointers": list(line.pointers) if line.pointers is not None else None,
        "verdict": found.verdict.value,
        "coding": found.coding.value,
        "coverage": found.coverage.value,
        "findings": [
            {
                "rule": f.rule,
                "severity": f.severity.value,
                "about": f.about,
                "text": f.text,
                "denial": f.denial,
                "remedy": f.remedy,
                "source": f.source,
                "table": f.table,
                "evidence": [evidence_mapping(e) for e in f.evidence],
            }
            for f in found.findings
        ],
        "not_assessed": [
            {"rule": o.rule, "missing": o.missing, "kind": o.kind, "text": o.text} for o in found.open
        ],
    }


def render_terminal(result: ClaimResult, *, color: bool = False, width: int = 80) -> str:
    """Return the lines of a visit as text of at most `width` columns, each with what to do about it."""
    lines = [piece for found in result.lines for piece in _line_text(found, color, max(width, 40))]
    return "\n".join(lines) + "\n" if lines else "No claim line belongs to this note.\n"


def _line_text(found: LineResult, color: bool, width: int) -> Iterator[str]:
    line = found.line
    head = f"Line {line.line}  {line.procedure or '(no procedure)'}"
    head += "".join(f"-{m}" for m in line.modifiers or ())
    if line.units is not None:
        head += f" x {show(line.units)}"
    if line.service_date:
        head += f"  {line.service_date}"
    yield f"{head}  {_paint(_SIGNS[found.verdict.value], found.verdict.value, color)}"
    if found.findings:
        yield f"  coding: {found.coding.value}; coverage: {found.coverage.value}"
    for finding in found.findings:
        yield from _finding_text(finding, color, width)
    for kind, missing, left in by_missing(found.open):
        rules = ", ".join(o.rule for o in left)
        name = "not in this note" if kind == "not-in-this-note" else f"not assessed, lacks {missing}"
        yield from _wrap(f"{name}: {left[0].text} ({rules})", width, "  ")
    yield ""


def _finding_text(finding: Finding, color: bool, width: int) -> Iterator[str]:
    sign = _paint(finding.severity.value, finding.severity.value, color)
    yield from _wrap(f"{finding.rule} {sign}: {finding.text}", width, "  ")
    for evidence in finding.evidence:
        yield from _wrap(f'note: "{" ".join(evidence.text.split())}"', width, "      ")
    yield from _wrap(f"denied because: {finding.denial}", width, "      ")
    yield from _wrap(f"do: {finding.remedy}", width, "      ")
    if finding.table:
        yield from _wrap(f"table: {finding.table}", width, "      ")


def _wrap(text: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False
    )


def _paint(text: str, kind: str, color: bool) -> str:
    return f"\x1b[{_STYLES[kind]}m{text}\x1b[0m" if color else text
