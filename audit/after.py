"""What a run leaves beside its findings: a report that may be mailed, and the workbook for review."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_report_and_workbook(folder: Path, told: Mapping[str, Any]) -> None:
    """Write report.html and findings.xlsx of a folder that holds findings.parquet and notes.parquet."""
    from audit.report.page import write_report
    from audit.review.draw import make_workbook
    from audit.review.rows import load_findings

    write_report(folder, told)
    make_workbook(folder, load_findings(folder))
