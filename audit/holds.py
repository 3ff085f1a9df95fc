"""What to hold before billing, the worst first: the encounter's record does not yet bear the service."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from audit.finding import NO_ERRORS, Finding, Proof, Verdict
from audit.judge.case import AGAINST, proofs
from audit.judge.ruling import load_sentences
from nlp.facts import MedicationStatus
from suggest.release import family
from suggest.result import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nlp.facts import Medication
    from suggest.note import Note
    from suggest.result import ChecklistItem, Result, Suggestion

# the order is the order of the list
HOLDS = (
    "injection-without-indication",
    "history-only",
    "symptom-only",
    "code-in-question",
    "line-in-question",
    "missing-order",
    "unsigned",
    "query-needed",
)
# a planned code that the record does not bear out
_IN_QUESTION = frozenset(v.value for v in Verdict if v not in NO_ERRORS) | {Verdict.NOT_IN_THIS_NOTE.value}
_SPEAKS_OF = {"history-only": Kind.HISTORY, "symptom-only": Kind.FINDING}
_LINE_IN_QUESTION = frozenset({"error", "warning"})
_FAMILIES = {"b12": ("b12",), "iv_iron": ("iron", "other-anemia")}


def holds(result: Result, notes: Sequence[Note]) -> list[Finding]:
    """Return what the encounter must be held for, the worst first."""
    return [*_indication(result), *_order(result), *_signature(result, notes), *_queries(result)]


def planned(findings: Sequence[Finding], held: Sequence[Finding], result: Result | None) -> list[Finding]:
    """Return the findings on codes that are about to be billed for which the encounter must be held.

    Codes that the record bears out, and those that Corrin does not judge, hold nothing; one that waits for
    an answer is held by its query, and a symptom or history that a hold speaks of already is not asked for.
    """
    spoken_of = {_SPEAKS_OF.get(f.hold or "") for f in held}
    told = {s.code for s in result.suggestions if s.kind in spoken_of} if result is not None else set()
    return [
        replace(f, hold="code-in-question")
        for f in findings
        if f.verdict in _IN_QUESTION and not (f.billed_code is None and f.supported_code in told)
    ]


def planned_lines(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the findings on claim lines for which the encounter must be held."""
    return [{**row, "hold": "line-in-question"} for row in rows if row["verdict"] in _LINE_IN_QUESTION]


def _given(result: Result) -> list[Medication]:
    return [
        m
        for m in result.facts.medications
        if m.status is MedicationStatus.GIVEN and m.drug_class in _FAMILIES
    ]


def _indication(result: Result) -> Iterator[Finding]:
    """An injection that no stated condition of its kind bears out; what stands there instead is told."""
    for drug in _given(result):
        wanted = _FAMILIES[drug.drug_class]
        if any(s.kind is Kind.CONDITION and _family(s.code) in wanted for s in result.suggestions):
            continue
        quote = Proof(drug.note_id, drug.start, drug.end, drug.text, drug.section.value, "treatment", AGAINST)
        history = [s for s in result.suggestions if s.kind is Kind.HISTORY]
        past = [
            w for w in result.withheld if {r.rule for r in w.reasons} & {"rule:R10", "rule:R12", "rule:R13"}
        ]
        symptoms = [s for s in result.suggestions if s.kind is Kind.FINDING]
        if history or past:
            said = [*(s.evidence for s in history), *(w.evidence for w in past)]
            words = proofs((e for evidence in said for e in evidence[:1]), AGAINST)
            yield _hold("history-only", (quote, *words), codes=history)
        elif symptoms:
            words = proofs((e for s in symptoms for e in s.evidence[:1]), AGAINST)
            yield _hold("symptom-only", (quote, *words), codes=symptoms)
        else:
            yield _hold("injection-without-indication", (quote,))
        return


def _family(code: str) -> str:
    # O99.01-, D53.1 and D63.- are families of their own; an anemia of B12 is told by its code
    return "b12" if code == "D53.1" else family(code) or ""


def _order(result: Result) -> Iterator[Finding]:
    item = _item(result, "order_present")
    if item is not None and not item.ok:
        yield _hold("missing-order", proofs(item.evidence, AGAINST))


def _signature(result: Result, notes: Sequence[Note]) -> Iterator[Finding]:
    """A note that is known to be unsigned, where something of ours rests on it."""
    if not (result.suggestions or _given(result)):
        return
    shown = {a.signed for a in result.facts.authors}
    known = {n.signed for n in notes if n.role != "context"}
    if True not in shown and (False in shown or known == {False}):
        yield _hold("unsigned", ())


def _queries(result: Result) -> Iterator[Finding]:
    for query in result.queries:
        yield _hold("query-needed", proofs(query.evidence, AGAINST), topic=query.topic, rules=(query.query,))


def _item(result: Result, name: str) -> ChecklistItem | None:
    return next((i for i in result.checklist if i.item == name), None)


def _hold(
    hold: str,
    proof: tuple[Proof, ...],
    *,
    codes: Sequence[Suggestion] = (),
    topic: str = "",
    rules: tuple[str, ...] = (),
) -> Finding:
    words = load_sentences("holds.yaml")[f"hold.{hold}"]
    named = f" ({', '.join(s.code for s in codes)})" if codes else ""
    return Finding(
        billed_code=None,
        supported_code=None,  # what the words give is no answer to what is missing, so the reason names it
        verdict=words.verdict.value,
        direction=words.direction.value,
        severity=words.severity.value,
        reason=words.reason.replace("{topic}", topic).replace("{codes}", named),
        denial_risk=words.denial_risk,
        rules=tuple(dict.fromkeys((*words.rules, *rules))),
        evidence=proof,
        action=words.action,
        hold=hold,
    )
