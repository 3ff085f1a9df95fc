"""History billed as current, and current as history (R10, R12, R13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.judge.case import AGAINST, FOR, codings_of, is_past, is_present, proofs, quotes
from audit.judge.ruling import Ruling
from audit.judge.specificity import is_more_specific
from suggest.engine.tables import tables
from suggest.release import family
from suggest.result import Kind

if TYPE_CHECKING:
    from audit.judge.billed import BilledCode
    from audit.judge.case import Case

_PAST = frozenset({"rule:R12", "rule:R13"})
_BLOOD = frozenset({"b12", "iron", "folate", "other-anemia"})
_HISTORY_CODES = frozenset({"Z86.2", "Z86.39"})


def status_error(case: Case, billed: BilledCode) -> Ruling | None:
    """The words place the condition in another time than the code does."""
    code = billed.code
    if code is None or case.result is None or case.suggestion(code) is not None:
        return None
    if code in _HISTORY_CODES:
        return _current_as_history(case, code)
    return _history_as_current(case, code)


def _current_as_history(case: Case, code: str) -> Ruling | None:
    billed = {b.code for b in case.billed}  # beside the present one, history is no mistake about the status
    current = [
        s
        for s in case.answer.suggestions
        if s.kind is Kind.CONDITION
        and s.code not in billed
        and any(c.past == code for c in codings_of(s.code))
    ]
    if not current:
        return None
    lead = current[0]
    return Ruling(
        "status-error.current_as_history",
        lead.code,
        proofs(lead.evidence[:3], AGAINST),
        ("rule:R10",),
        fills=(("title", lead.title),),
    )


def _history_as_current(case: Case, code: str) -> Ruling | None:
    codings = [c for c in codings_of(code) if c.past]
    if not codings or case.queries(code):
        return None  # where the status is open, only the provider can tell it
    refusal = case.withheld(code)
    past = {c.past for c in codings}
    better = next((s.code for s in case.answer.suggestions if s.code in past), None)
    rules = {r.rule for r in refusal.reasons} if refusal is not None else set()
    if refusal is not None and rules & _PAST:
        return Ruling(
            "status-error.history_as_current",
            better,
            proofs(refusal.evidence, AGAINST),
            tuple(sorted(rules & _PAST)),
        )
    about = case.mentions(code)
    if about and any(is_past(c) for c in about) and not any(is_present(c) for c in about) and better:
        return Ruling(
            "status-error.history_as_current",
            better,
            quotes((c for c in about if is_past(c)), "history", AGAINST),
            ("rule:R12",),
        )
    return _past_of_the_kind(case, code, better)


def _past_of_the_kind(case: Case, code: str, better: str | None) -> Ruling | None:
    """Billed is a type (D50.9) of what the words only know as history (past anemia), or the reverse."""
    history = case.suggestion(better) if better is not None else None
    if history is None or any(family(s.code) in _BLOOD for s in case.answer.suggestions):
        return None
    codings = (tables().coding.get(c.concept) for c in case.answer.facts.conditions if is_past(c))
    named = {coding.code for coding in codings if coding is not None and coding.code is not None}
    if not any(n == code or is_more_specific(code, n) or is_more_specific(n, code) for n in named):
        return None
    return Ruling(
        "status-error.history_as_current", history.code, proofs(history.evidence[:2], FOR), ("rule:R12",)
    )
