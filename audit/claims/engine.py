"""Judge the lines of visits: run each rule at each line, apply how rules stand together, and sum up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from audit.claims.checks import CHECKS
from audit.claims.load import Rule, claim_rules
from audit.claims.records import ClaimLine, ClaimResult, Finding, LineResult, LineVerdict, Open, Severity
from audit.claims.tables import LapsedError, Tables
from audit.claims.visit import B12, At, Hit, LacksError, Visit

if TYPE_CHECKING:
    from suggest.result import Result

_GRAVITY = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_VOID = ("void", "voided", "cancelled", "canceled", "deleted", "replaced", "reversed")


def judge_visit(
    lines: Sequence[ClaimLine],
    result: Result | None,
    texts: Mapping[str | None, str],
    tables: Tables,
    *,
    codes: Sequence[str] | None = None,
    b12_dates: Mapping[str, tuple[str, ...]] | None = None,
) -> ClaimResult:
    """Return what is found on the lines of one encounter, in the order given.

    Args:
        lines: the claim lines of the encounter; those of one date are judged together.
        result: what the encounter's notes support; None where there is no note.
        texts: the text of each note by its id, from which doses and the like are read.
        tables: the dated tables.
        codes: the billed diagnoses in order, for pointers that are places; a line's own list goes before.
        b12_dates: the dates of B12 injections of each patient (`series`), for how often they come.
    """
    encounter = result.encounter_date if result is not None else None
    by_date: dict[str | None, list[ClaimLine]] = {}
    for line in lines:
        by_date.setdefault(line.service_date or encounter, []).append(line)
    if len(by_date) > 1 and None in by_date:  # a line without a date belongs to the first date of its visit
        undated = by_date.pop(None)
        by_date[min(d for d in by_date if d)] += undated
    judged: dict[int, LineResult] = {}
    refused: dict[str, None] = {}
    for date, group in by_date.items():
        billed = tuple(codes) if codes is not None else next((g.codes for g in group if g.codes), None)
        visit = Visit(tuple(group), result, texts, tables, billed, date, b12_dates or {})
        for line, found in zip(group, _judge(visit, refused), strict=True):
            judged[id(line)] = found
    visit_id = (
        result.encounter_id or result.note_id if result is not None else lines[0].visit_id if lines else None
    )
    return ClaimResult(visit_id, tuple(judged[id(line)] for line in lines), tuple(refused))


def series(lines: Iterable[ClaimLine], tables: Tables) -> dict[str, tuple[str, ...]]:
    """Return for each patient the dates of B12 drug lines in the file, in order; void lines are left out."""
    b12 = {
        row["code"]
        for row in tables.tables["items"].rows
        if (row["drug_class"] or tables.shipped_class(row["code"])) == B12
    }
    found: dict[str, set[str]] = {}
    for line in lines:
        if line.patient_id and line.service_date and line.procedure in b12 and not is_void(line):
            found.setdefault(line.patient_id, set()).add(line.service_date)
    return {patient: tuple(sorted(dates)) for patient, dates in found.items()}


def is_void(line: ClaimLine) -> bool:
    """Say whether a line was taken back before."""
    return (line.claim_status or "").lower() in _VOID


def _judge(visit: Visit, refused: dict[str, None]) -> list[LineResult]:
    outcomes = [
        {rule.id: _outcome(rule, At(line, visit), refused) for rule in claim_rules().values()}
        for line in visit.lines
    ]
    _silence(outcomes)
    return [_line_result(visit, line, found) for line, found in zip(visit.lines, outcomes, strict=True)]


Outcome = tuple[list[Finding], list[Open]]


def _outcome(rule: Rule, at: At, refused: dict[str, None]) -> Outcome:
    """Run one rule at one line: what it found, and what it lacked."""
    if not rule.holds_on(at.visit.date):
        return [], []
    found: list[Finding] = []
    try:
        found.extend(_finding(rule, hit) for hit in CHECKS[rule.id](at))
    except LacksError as lack:
        kind = "not-in-this-note" if lack.elsewhere else "not-assessed"
        grave = lack.grave and rule.severity is Severity.ERROR
        return found, [Open(rule.full_id, lack.missing, lack.text, grave, kind)]
    except LapsedError as lapse:
        refused.setdefault(lapse.text)
        return found, [
            Open(rule.full_id, f"table:{lapse.table}", lapse.text, rule.severity is Severity.ERROR)
        ]
    return found, []


def _finding(rule: Rule, hit: Hit) -> Finding:
    words = rule.sentences[hit.kind]
    values = {name: str(value) for name, value in hit.values.items()}
    return Finding(
        rule=rule.full_id,
        severity=rule.severity,
        about=rule.about,
        text=words.text.format(**values),
        denial=words.denial.format(**values),
        remedy=words.remedy.format(**values),
        source=rule.source,
        evidence=hit.evidence,
        table=hit.table,
    )


def _silence(outcomes: list[dict[str, Outcome]]) -> None:
    """Let a rule that fired silence others: C05 those of its own line, C22 those of the visit."""
    for found in outcomes:
        for rule in claim_rules().values():
            if rule.silences and found[rule.id][0]:
                for each in outcomes if rule.id == "C22" else (found,):
                    for other in rule.silences:
                        each[other] = ([], [])


def _line_result(visit: Visit, line: ClaimLine, outcomes: Mapping[str, Outcome]) -> LineResult:
    findings = tuple(f for rule in claim_rules() for f in outcomes[rule][0])
    left = tuple(o for rule in claim_rules() for o in outcomes[rule][1])
    if visit.kind(line) is None and not findings:
        text = (
            "the procedure is missing"
            if not line.procedure
            else "the tables do not know this procedure; it is outside the scope"
        )
        left = (
            Open("claim:scope", "procedure" if not line.procedure else "table:procedures", text, True),
            *left,
        )
    return LineResult(
        line=line,
        verdict=_verdict(findings, left),
        coding=_verdict(
            [f for f in findings if f.about != "coverage"], [o for o in left if _about(o) != "coverage"]
        ),
        coverage=_verdict(
            [f for f in findings if f.about == "coverage"],
            [o for o in left if _about(o) in ("coverage", None)],
        ),
        findings=findings,
        open=left,
    )


def _about(left: Open) -> str | None:
    rule = claim_rules().get(left.rule.removeprefix("claim:"))
    return rule.about if rule is not None else None


def _verdict(findings: Sequence[Finding], left: Sequence[Open]) -> LineVerdict:
    for severity in _GRAVITY:
        if any(f.severity is severity for f in findings):
            return LineVerdict(severity.value)
    return LineVerdict.NOT_ASSESSED if any(o.grave for o in left) else LineVerdict.OK
