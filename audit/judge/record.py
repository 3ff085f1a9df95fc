"""What only the record can settle: contradictions, other readings, open questions, missing records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.judge.case import AGAINST, FOR, is_denied, is_present, proofs, quotes
from audit.judge.ruling import Ruling

if TYPE_CHECKING:
    from audit.judge.billed import BilledCode
    from audit.judge.case import Case

_DIFFER = frozenset({"query:Q18"})


def conflicting(case: Case, billed: BilledCode) -> Ruling | None:
    """The encounter contradicts the code, or itself about it (R15, R19, S46)."""
    code = billed.code
    if code is None or case.suggestion(code) is not None:
        return None
    asked = next((q for q in case.queries(code) if q.query in _DIFFER), None)
    if asked is not None:
        return Ruling(
            "conflicting.differs",
            None,
            proofs(asked.evidence, AGAINST),
            ("rule:R19", asked.query),
            fills=(("topic", asked.topic),),
        )
    refusal = case.withheld(code)
    rules = {r.rule for r in refusal.reasons} if refusal is not None else set()
    if refusal is not None and "ruling:S46" in rules:
        return Ruling("conflicting.providers", None, proofs(refusal.evidence, AGAINST), ("ruling:S46",))
    if refusal is not None and "rule:R15" in rules:
        return Ruling("conflicting.denied", None, proofs(refusal.evidence, AGAINST), ("rule:R15",))
    about = case.mentions(code)
    denied = [c for c in about if is_denied(c)]
    if denied and not any(is_present(c) for c in about):
        return Ruling("conflicting.denied", None, quotes(denied, "negation", AGAINST), ("rule:R15",))
    return None


def arguable(case: Case, billed: BilledCode) -> Ruling | None:
    """Another accepted reading of the same words supports the code; it is named."""
    code = billed.code
    if code is None or case.suggestion(code) is not None:
        return None
    for suggestion in case.answer.suggestions:
        for other in suggestion.alternatives:
            if code in other.codes:
                option = f" (policy {other.option})" if other.option else ""
                return Ruling(
                    "arguable.reading",
                    suggestion.code,
                    proofs(suggestion.evidence[:3], FOR),
                    (other.option,) if other.option else (),
                    fills=(("reading", other.text.rstrip(". ")), ("option", option)),
                )
    return None


def query_needed(case: Case, billed: BilledCode) -> Ruling | None:
    """Only a provider's answer could support the code."""
    code = billed.code
    if code is None or case.suggestion(code) is not None or case.elsewhere:
        return None
    asked = case.queries(code)
    if not asked:
        return None
    lead = asked[0]
    return Ruling(
        "query-needed.asked",
        None,
        proofs(lead.evidence, AGAINST),
        tuple(dict.fromkeys((lead.query, *(r.rule for r in lead.reasons)))),
        fills=(("topic", lead.topic),),
    )


def not_in_this_note(case: Case, billed: BilledCode) -> Ruling | None:
    """The record that would state the condition is spoken of, and is not in the export."""
    code = billed.code
    if code is None or case.suggestion(code) is not None or not case.elsewhere:
        return None
    return Ruling("not-in-this-note.refers", None, case.elsewhere[:2])
