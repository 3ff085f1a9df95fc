"""Judge an encounter: each billed code by the first verdict that applies, then the codes that were missed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audit.finding import Severity, Verdict
from audit.judge.conventions import excludes_conflict, partner_missing, sequencing_error
from audit.judge.drift import drift
from audit.judge.record import arguable, conflicting, not_in_this_note, query_needed
from audit.judge.ruling import Ruling, sentences, to_finding
from audit.judge.shown import shown
from audit.judge.status import status_error
from audit.judge.support import less_specific, missed, supported, unsupported
from audit.judge.validity import invalid_code, not_assessed

if TYPE_CHECKING:
    from audit.finding import Finding
    from audit.judge.billed import BilledCode
    from audit.judge.case import Case

# the contract's order: the first that applies is the verdict. Those from `conflicting` on need the answer.
VERDICTS = (
    not_assessed,
    invalid_code,
    status_error,
    excludes_conflict,
    sequencing_error,
    partner_missing,
    conflicting,
    arguable,
    query_needed,
    less_specific,
    unsupported,
    not_in_this_note,
    supported,
)
# the supported code of these stands in place of the billed one, so it is not told as missed too
_NAMES_ANOTHER = frozenset(
    verdict.value
    for verdict in (
        Verdict.INVALID_CODE,
        Verdict.STATUS_ERROR,
        Verdict.CONFLICTING,
        Verdict.ARGUABLE,
        Verdict.LESS_SPECIFIC,
        Verdict.UNSUPPORTED,
    )
)
ON_THE_CLAIM = VERDICTS[: VERDICTS.index(conflicting)]


def judge(case: Case) -> tuple[Finding, ...]:
    """Return a finding for each billed code in billed order, and for each code missed in reporting order."""
    found: list[Finding] = []
    taken: set[str] = set()
    for billed in case.billed:
        finding = to_finding(billed.shown, _ruling(case, billed))
        if finding.verdict in _NAMES_ANOTHER and finding.supported_code:
            taken.add(finding.supported_code)  # the mistake is told once, and what to bill stands beside it
        found.append(_with_drift(case, billed, finding))
    if case.covered:
        found += [to_finding(None, ruling) for ruling in missed(case, frozenset(taken))]
    return tuple(found)


def _ruling(case: Case, billed: BilledCode) -> Ruling:
    """Return the first verdict that applies; what may be left out or not is judged by the claim alone."""
    optional = shown(case, billed.code) if billed.code is not None and case.covered else None
    verdicts = ON_THE_CLAIM if optional is not None else VERDICTS
    found = next((r for verdict in verdicts if (r := verdict(case, billed)) is not None), optional)
    assert found is not None
    return found


def unread(billed: BilledCode) -> Finding:
    """Return the finding of a billed code of an encounter that the export holds no note of."""
    return to_finding(billed.shown, Ruling("not-in-this-note.no_note"))


def _with_drift(case: Case, billed: BilledCode, finding: Finding) -> Finding:
    """Add what the parts of the record say otherwise of a supported code (R20)."""
    if finding.verdict != Verdict.SUPPORTED.value or billed.code is None:
        return finding
    found = drift(case, billed.code)
    if found is None:
        return finding
    about, words = found
    told = sentences()["supported.drift"]
    more = told.reason.replace("{parts}", about)
    return replace(
        finding,
        severity=told.severity.value if finding.severity == Severity.NONE.value else finding.severity,
        reason=f"{finding.reason.removesuffix('.')}; {more[0].lower()}{more[1:]}",
        rules=(*finding.rules, "rule:R20"),
        evidence=(*finding.evidence, *words),
        action=" ".join(filter(None, (finding.action, told.action))),
    )
