"""What is found on claim lines, as rows of the audit's findings (`kind` is `claim-line`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from audit.claims.records import ClaimResult, LineResult, Open
from suggest.result import Evidence


def finding_rows(result: ClaimResult) -> Iterator[dict[str, Any]]:
    """Yield a row for each rule that fired on a line, for each missing input, and for a line without fault.

    `rules` is a list of ids, `evidence` a list of mappings with offsets; whoever writes the table puts
    them into its form.
    """
    for line in result.lines:
        yield from _rows(line)


def _rows(found: LineResult) -> Iterator[dict[str, Any]]:
    for finding in found.findings:
        yield _row(
            found,
            verdict=finding.severity.value,
            severity=finding.severity.value,
            reason=finding.text,
            denial_risk=finding.denial,
            action=finding.remedy,
            rules=[finding.rule],
            evidence=[evidence_mapping(e) for e in finding.evidence],
        )
    for kind, missing, left in by_missing(found.open):
        yield _row(
            found,
            verdict=kind,
            reason=missing_sentence(missing, left),
            action=_action(missing),
            rules=[o.rule for o in left],
        )
    if not found.findings and found.verdict.value == "ok":
        yield _row(found, verdict="ok", reason="No claim rule found fault with the line.")


def by_missing(open_: tuple[Open, ...]) -> list[tuple[str, str, list[Open]]]:
    """Return what could not be assessed by what is missing, in the order of the rules."""
    groups: dict[tuple[str, str], list[Open]] = {}
    for left in open_:
        groups.setdefault((left.kind, left.missing), []).append(left)
    return [(kind, missing, found) for (kind, missing), found in groups.items()]


def missing_sentence(missing: str, left: list[Open]) -> str:
    """Return one sentence that names the missing input and the rules that wait for it."""
    rules = ", ".join(o.rule for o in left)
    return f"{missing}: {left[0].text} (not assessed: {rules})"


def evidence_mapping(evidence: Evidence) -> dict[str, Any]:
    """Return an evidence with its offsets, as the contract writes it."""
    return {
        "note_id": evidence.note_id,
        "start": evidence.start,
        "end": evidence.end,
        "text": evidence.text,
        "section": evidence.section,
        "role": evidence.role.value,
    }


def _row(found: LineResult, **values: Any) -> dict[str, Any]:
    line = found.line
    row: dict[str, Any] = {
        "encounter_id": line.encounter_id,
        "note_id": line.note_id,
        "billed_code": line.procedure,
        "supported_code": None,
        "verdict": None,
        "direction": None,
        "severity": None,
        "reason": None,
        "denial_risk": None,
        "rules": [],
        "band": None,
        "score": None,
        "evidence": [],
        "action": None,
        "kind": "claim-line",
        "line": line.line,
    }
    return {**row, **values}


def _action(missing: str) -> str:
    if missing.startswith("table:"):
        return (
            f"Put the table {missing.removeprefix('table:')} in force into the tables folder and run again."
        )
    if missing in ("note", "credential"):
        return "Add the record that is missing and run again."
    if missing == "release":
        return "Add the release of that date: corrin release add."
    return f"Give the column {missing} and run again."
