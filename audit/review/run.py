"""`corrin review`: read a workbook back, keep what was said, say what it comes to."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from audit.review.back import read_workbook
from audit.review.figures import Figures, figures
from audit.review.issue import FOLDER, Issue, find
from audit.review.ledger import Settled, history, record, settle
from audit.review.rows import Findings, load_findings
from audit.review.sheet import cell
from nlp.errors import InputError, shown
from suggest.whole import write_whole

REVIEWED = "reviewed.csv"
_COLUMNS = (
    "finding",
    "encounter_id",
    "note_id",
    "provider",
    "coder",
    "billed_code",
    "supported_code",
    "verdict",
    "disposition",
    "corrected_codes",
    "reviewer",
    "date",
    "reason",
    "second_disposition",
    "second_reviewer",
    "second_date",
    "second_reason",
    "tie_break",
    "tie_breaker",
    "tie_date",
    "tie_reason",
)


def review(
    folder: Path, workbook: Path | None, *, least: int, confidence: float
) -> tuple[Figures, Issue, int]:
    """Return the figures of a review, its workbook, and how many dispositions are new.

    Args:
        folder: of the finished audit.
        workbook: that came back; None takes the last one that did.
        least: reviewed encounters below which nobody is ranked.
        confidence: of the limits.

    Raises:
        InputError: there is nothing to review, or the workbook is refused; nothing is kept then.
    """
    findings = load_findings(folder)
    fresh = 0
    if workbook is not None:
        if not workbook.is_file():
            raise InputError(f"{shown(str(workbook))}: there is no such file")
        issue, said = read_workbook(workbook, folder, findings)
        fresh = record(folder, issue.workbook, said, datetime.now(UTC).isoformat(timespec="seconds"))
    entries = history(folder)
    if workbook is None:
        if not entries:
            raise InputError(
                f"{shown(str(folder))}: nothing has been reviewed yet; name the workbook that came back"
            )
        issue = find(folder, str(entries[-1]["workbook"]))
        if issue.findings_sha256 != findings.sha256:
            raise InputError(
                f"{shown(str(folder))}: was run anew since the last review; review the new workbook"
            )
    settled = settle(_of_this_run(entries, folder, findings))
    _write_reviewed(folder, findings, settled)
    return figures(findings, issue, settled, least=least, confidence=confidence), issue, fresh


def _of_this_run(entries: list[dict[str, Any]], folder: Path, findings: Findings) -> list[dict[str, Any]]:
    """Return the entries about these very findings; what was said of an older run does not count."""
    runs = {
        name: find(folder, name).findings_sha256 for name in {str(entry["workbook"]) for entry in entries}
    }
    return [entry for entry in entries if runs[str(entry["workbook"])] == findings.sha256]


def _write_reviewed(folder: Path, findings: Findings, settled: dict[str, Settled]) -> None:
    """Write the last word on every reviewed finding as a table, its owner's alone."""
    path = folder / FOLDER / REVIEWED
    with io.StringIO(newline="") as file:
        table = csv.writer(file, lineterminator="\r\n")
        table.writerow(_COLUMNS)
        for row in findings.of(settled):
            one = settled[row["finding"]]
            codes = one.corrected_codes
            values = [
                *(row.get(name) for name in _COLUMNS[:8]),
                one.disposition or "not settled",
                None if codes is None else ";".join(codes) or "none",
            ]
            for said in (one.first, one.second, one.tie):
                words = [said.reviewer, said.date, said.reason] if said else [None] * 3
                values += words if said is one.first else [said.disposition if said else None, *words]
            table.writerow([cell(value) for value in values])
        write_whole(path, file.getvalue())
