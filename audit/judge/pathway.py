"""Billed codes beside the record's own pathway: B12 against blood loss (R44)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.judge.case import AGAINST, FOR, nutrient_of, proofs
from audit.judge.ruling import Ruling
from suggest.result import Kind

if TYPE_CHECKING:
    from audit.judge.case import Case
    from suggest.result import Suggestion

_BLOOD_LOSS = frozenset({"D50.0", "D62"})


def mismatch(case: Case, code: str) -> Ruling | None:
    """A blood-loss code beside B12 words, or a B12 code beside words of blood loss (rule R44)."""
    if code in _BLOOD_LOSS:
        kin = [s for s in _conditions(case) if nutrient_of(s.code) == "b12" and s.code.startswith("D")]
        if kin and not any(s.code in _BLOOD_LOSS for s in _conditions(case)):
            return _ruling(case, "unsupported.b12_not_blood_loss", kin[0], code)
    elif nutrient_of(code) == "b12":
        kin = [s for s in _conditions(case) if s.code in _BLOOD_LOSS]
        if kin and not any(nutrient_of(s.code) == "b12" for s in _conditions(case)):
            return _ruling(case, "unsupported.blood_loss_not_b12", kin[0], code)
    return None


def _conditions(case: Case) -> tuple[Suggestion, ...]:
    return tuple(s for s in case.answer.suggestions if s.kind is Kind.CONDITION)


def _ruling(case: Case, ground: str, kin: Suggestion, code: str) -> Ruling:
    refusal = case.withheld(code)
    against = proofs(refusal.evidence, AGAINST) if refusal is not None else ()
    return Ruling(
        ground,
        kin.code,
        (*proofs(kin.evidence[:2], FOR), *against),
        ("rule:R44",),
        fills=(("title", kin.title),),
    )
