"""Codes that a careful coder may report or leave out: billed, they are supported (S02, S05, S11).

`suggest` shows many of them as optional; here stand those that it leaves out where nothing leads to
them, and that a claim may carry all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.judge.case import FOR, codings_of, is_past, is_present, quotes
from audit.judge.ruling import Ruling
from nlp.facts import Assertion, Experiencer, MedicationStatus, SectionCategory, Temporality
from suggest.engine.tables import tables
from suggest.result import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit.finding import Proof
    from audit.judge.case import Case
    from nlp.facts import Condition

_TAKEN = (MedicationStatus.ACTIVE, MedicationStatus.STARTED, MedicationStatus.GIVEN)
_DIABETES = frozenset({"metformin", "oral_hypoglycemic"})
_SYMPTOMS = ("R20", "R26", "R27", "R41", "K14")


def shown(case: Case, code: str) -> Ruling | None:
    """Return the support of a code that may be shown or not; None for all others."""
    if case.result is None or case.suggestion(code) is not None:
        return None
    proof = _drug(case, code) or _history(case, code) or _symptom(case, code)
    if not proof:
        return None
    rule = {"Z7": "ruling:S02", "Z8": "ruling:S05"}.get(code[:2], "ruling:S11")
    return Ruling("supported.optional", code, proof, (rule,), band="care")


def _drug(case: Case, code: str) -> tuple[Proof, ...]:
    """Long-term drug therapy: a drug that the notes list as taken (S02)."""
    if code not in ("Z79.84", "Z79.899"):
        return ()
    from audit.finding import Proof

    drugs = [
        m
        for m in case.answer.facts.medications
        if m.status in _TAKEN and (m.drug_class in _DIABETES) == (code == "Z79.84")
    ]
    found = [Proof(m.note_id, m.start, m.end, m.text, m.section.value, "treatment", FOR) for m in drugs[:1]]
    if not found and code == "Z79.899":
        # any drug bears it out, and we know only some: a list of medications is enough
        lists = [
            s for s in case.answer.facts.sections if s.category is SectionCategory.MEDICATIONS and s.title
        ]
        found = [
            Proof(s.note_id, s.start, s.start + len(s.title), s.title, s.category.value, "context", FOR)
            for s in lists[:1]
        ]
    return tuple(found)


def _history(case: Case, code: str) -> tuple[Proof, ...]:
    """Personal or family history that stands anywhere in the record (S05)."""
    if code in ("Z86.2", "Z86.39"):
        if case.queries(code):
            return ()
        return _said(case, lambda c: _takes(c, code, past=True) and is_past(c) and not _is_here_too(case, c))
    if code in ("Z83.2", "Z83.49"):
        return _said(case, lambda c: _takes(c, code, past=False) and _of_family(c))
    return ()


def _is_here_too(case: Case, c: Condition) -> bool:
    """Say whether a past condition is stated as present too, and its own code was not billed (R10)."""
    billed = {b.code for b in case.billed}
    return any(
        s.kind is Kind.CONDITION
        and s.code not in billed
        and any(c.concept == coding.concept or c.concept in coding.covers for coding in codings_of(s.code))
        for s in case.answer.suggestions
    )


def _symptom(case: Case, code: str) -> tuple[Proof, ...]:
    """A symptom that is no routine part of the condition coded (S11)."""
    if not code.startswith(_SYMPTOMS):
        return ()
    about = case.mentions(code)
    return quotes((c for c in about if is_present(c)), "context", FOR, 1) if about else ()


def _said(case: Case, fits: Callable[[Condition], bool]) -> tuple[Proof, ...]:
    return quotes((c for c in case.answer.facts.conditions if fits(c)), "history", FOR, 1)


def _takes(c: Condition, code: str, *, past: bool) -> bool:
    coding = tables().coding.get(c.concept)
    return coding is not None and code == (coding.past if past else coding.family)


def _of_family(c: Condition) -> bool:
    return (
        c.experiencer is Experiencer.FAMILY
        and c.assertion is Assertion.PRESENT
        and c.temporality is not Temporality.RESOLVED
    )
