"""One encounter before the judge: what was billed, what the record says, what is not there."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from audit.finding import Proof
from nlp.facts import Assertion, Experiencer, Temporality
from suggest.engine.tables import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audit.judge.billed import BilledCode
    from nlp.facts import Condition
    from suggest.engine.tables import Coding
    from suggest.release import Release
    from suggest.result import Evidence, Query, Result, Suggestion, Withheld

FOR, AGAINST = "for", "against"


@dataclass(frozen=True, slots=True)
class Case:
    """An encounter as the verdicts see it.

    Attributes:
        billed: the billed codes in order.
        result: what `suggest` answers; None where no note of the encounter could be read.
        release: the release that speaks.
        covered: whether a release covers the date of service that the export gives.
        unread: ids of the encounter's notes that could not be read.
        elsewhere: words that speak of a record that the export does not hold.
    """

    billed: tuple[BilledCode, ...]
    result: Result | None
    release: Release
    covered: bool = True
    unread: tuple[str, ...] = ()
    elsewhere: tuple[Proof, ...] = field(default=(), repr=False)

    @property
    def answer(self) -> Result:
        """The answer of `suggest`, where there is one."""
        assert self.result is not None
        return self.result

    def suggestion(self, code: str) -> Suggestion | None:
        """Return the suggestion of a code."""
        return next((s for s in self.answer.suggestions if s.code == code), None)

    def withheld(self, code: str) -> Withheld | None:
        """Return the refusal of a code."""
        return next((w for w in self.answer.withheld if w.code == code), None)

    def queries(self, code: str) -> tuple[Query, ...]:
        """Return the queries whose answers could lead to a code."""
        return tuple(q for q in self.answer.queries if code in q.codes)

    def other_billed(self, code: str) -> Iterator[str]:
        """Yield the other billed codes that are codes."""
        for other in self.billed:
            if other.code is not None and other.code != code:
                yield other.code

    def place(self, code: str) -> int:
        """Return the place of a billed code."""
        return next(b.place for b in self.billed if b.code == code)

    def mentions(self, code: str) -> tuple[Condition, ...]:
        """Return the statements whose concept takes this code, in whatever way they are meant."""
        concepts = concepts_of(code)
        return tuple(c for c in self.answer.facts.conditions if c.concept in concepts)


@lru_cache(maxsize=512)
def concepts_of(code: str) -> frozenset[str]:
    """Return the concepts that take a code by themselves."""
    return frozenset(name for name, coding in tables().coding.items() if coding.code == code)


@lru_cache(maxsize=512)
def codings_of(code: str) -> tuple[Coding, ...]:
    """Return the lines of coding.yaml that take a code."""
    return tuple(coding for coding in tables().coding.values() if coding.code == code)


def nutrient_of(code: str) -> str | None:
    """Return the nutrient that a code is about: b12, iron, folate; None for others."""
    return next((c.nutrient for c in codings_of(code) if c.nutrient), None)


def is_present(c: Condition) -> bool:
    """Say whether the words state the condition as the patient's present one."""
    return (
        c.assertion is Assertion.PRESENT
        and c.temporality is Temporality.CURRENT
        and c.experiencer is Experiencer.PATIENT
    )


def is_past(c: Condition) -> bool:
    """Say whether the words place the patient's condition in the past."""
    return (
        c.assertion is Assertion.PRESENT
        and c.temporality in (Temporality.HISTORICAL, Temporality.RESOLVED)
        and c.experiencer is Experiencer.PATIENT
    )


def is_denied(c: Condition) -> bool:
    """Say whether the words say that the patient does not have the condition."""
    return c.assertion is Assertion.ABSENT and c.experiencer is Experiencer.PATIENT


def proofs(evidence: Iterable[Evidence], stance: str) -> tuple[Proof, ...]:
    """Return evidence of `suggest` as proof for or against."""
    return tuple(Proof(e.note_id, e.start, e.end, e.text, e.section, e.role.value, stance) for e in evidence)


def quotes(conditions: Iterable[Condition], role: str, stance: str, most: int = 2) -> tuple[Proof, ...]:
    """Return statements as proof, the first few in text order."""
    return tuple(
        Proof(c.note_id, c.start, c.end, c.text, c.section.value, role, stance)
        for c in list(conditions)[:most]
    )
