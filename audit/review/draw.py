"""From a finished run to a workbook: all findings that need a look, or those of a sample of encounters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from audit.review.issue import Issue, keep
from audit.review.rates import sample_size
from audit.review.rows import RIGHT, Findings, is_code, load_findings, unit_of
from audit.review.sample import UNSAID, Drawn, Plan, draw, read_numbers
from audit.review.workbook import MOST_ROWS, write_workbook
from nlp.errors import InputError

WORKBOOK, SAMPLE = "findings.xlsx", "sample.xlsx"
_ORDER = {"high": 0, "medium": 1, "low": 2}
STRATA = ("provider", "coder", "payer", "setting", "note_type", "verdict")


def make_workbook(folder: Path, findings: Findings, plan: Plan | None = None, name: str = WORKBOOK) -> Issue:
    """Write the workbook for a run's second review, and keep what was handed out.

    Without a plan it holds the findings on which Corrin has a view, the worst first; where they are too
    many for a spreadsheet, those alone that say that something is wrong. With one it holds every finding
    of the encounters drawn, in the order of the sample.

    Raises:
        InputError: the plan cannot be followed.
    """
    frame = findings.frame()
    if plan is None:
        rows, sample, partial = *_all(findings), False
        partial = len(rows) < len(findings)
    else:
        strata = _strata(findings, plan.by) if plan.by else None
        drawn = draw(frame, plan, strata)
        rows, partial = _of_sample(findings, drawn), False
        sample = _told(plan, drawn, frame, strata)
    issue = keep(
        folder,
        Issue(
            findings.sha256,
            tuple(str(row["finding"]) for row in rows),
            findings.units,
            len(frame),
            sample,
            partial,
        ),
    )
    write_workbook(folder / name, rows, issue)
    return issue


def draw_sample(folder: Path, size: int, seed: int) -> str:
    """Draw a simple sample of a finished run into sample.xlsx and say what was drawn.

    Raises:
        InputError: the frame holds fewer encounters.
    """
    findings = load_findings(folder)
    issue = make_workbook(folder, findings, plan_of(len(findings.frame()), size=size, seed=seed), SAMPLE)
    return f"{folder / SAMPLE}: {issue.words()}"


def _all(findings: Findings) -> tuple[list[Mapping[str, Any]], None]:
    places = [
        # what is held before billing stands in the order of the run, the worst encounter first
        (
            0 if row["hold"] else _ORDER.get(str(row["severity"]), 3),
            place,
            row["verdict"] in RIGHT and not row["hold"],
        )
        for place, row in enumerate(findings.records("severity", "verdict", "hold"))
    ]
    if len(places) > MOST_ROWS:
        places = [one for one in places if not one[2]]
    chosen = [place for _, place, _ in sorted(places)[:MOST_ROWS]]
    return [{**row, "order": number} for number, row in enumerate(findings.at(chosen), start=1)], None


def _of_sample(findings: Findings, drawn: list[Drawn]) -> list[Mapping[str, Any]]:
    by_unit: dict[str, list[int]] = {one.unit: [] for one in drawn}
    for place, row in enumerate(findings.records("encounter_id", "note_id")):
        if (found := by_unit.get(unit_of(row))) is not None:
            found.append(place)
    size = sum(1 for one in drawn if not one.spare)
    return [
        {**row, "order": f"S{one.order - size}" if one.spare else one.order}
        for one in drawn
        for row in findings.at(by_unit[one.unit])
    ]


def _strata(findings: Findings, by: str) -> dict[str, str]:
    """Return the stratum of each encounter: what its first finding says, for verdicts the worst of them."""
    strata: dict[str, str] = {}
    worst: dict[str, int] = {}
    for row in filter(is_code, findings.records("encounter_id", "note_id", "kind", "hold", "severity", by)):
        unit = unit_of(row)
        rank = _ORDER.get(str(row["severity"]), 3)
        if unit not in strata or (by == "verdict" and rank < worst[unit]):
            strata[unit], worst[unit] = str(row.get(by) or UNSAID), rank
    return strata


def _told(plan: Plan, drawn: list[Drawn], frame: list[str], strata: dict[str, str] | None) -> dict[str, Any]:
    size = sum(1 for one in drawn if not one.spare)
    return {
        "size": size,
        "seed": plan.seed,
        "spares": len(drawn) - size,
        "by": plan.by,
        "floor": plan.floor,
        "listed": bool(plan.numbers),
        "strata": dict(sorted(Counter(strata[unit] for unit in frame).items())) if strata else {},
        "drawn": [asdict(one) for one in drawn],
    }


def plan_of(
    frame: int,
    *,
    size: int | None = None,
    margin: float | None = None,
    confidence: float = 0.95,
    seed: int = 1,
    spares: int = 0,
    by: str | None = None,
    floor: int = 1,
    listed: list[str] | None = None,
) -> Plan:
    """Return the plan that a caller's options come to.

    Args:
        frame: encounters to draw from.
        size: of the sample; else as many as `margin` needs; of a list, the spares are what is over it.
        margin: half the width of the interval that is wished for.
        confidence: of that interval.
        seed: of the draw.
        spares: how many more, to take the place of those that cannot be reviewed.
        by: column of the strata.
        floor: encounters that each stratum gets at least.
        listed: the lines of an outside list of numbers.

    Raises:
        InputError: there is nothing to draw from, or an option cannot be followed.
    """
    if by is not None and by not in STRATA:
        raise InputError(f"--by takes {', '.join(STRATA)}")
    if not frame:
        raise InputError("no encounter of this audit has a code in scope, so there is nothing to review")
    if listed is not None:
        numbers = read_numbers(listed)
        return Plan(min(size or len(numbers), len(numbers)), numbers=numbers)
    if size is None:
        size = sample_size(frame, margin=margin or 0.05, confidence=confidence)
    return Plan(size, seed, spares, by, floor)
