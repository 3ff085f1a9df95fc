"""Parts of a record that say otherwise than a code that the words support (R20).

What is compared: the kind of condition, anemia or none, cause, acuity, status. A list that says less than the
assessment is no difference, nor is a second condition that has a code of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.judge.case import (
    AGAINST,
    codings_of,
    concepts_of,
    is_denied,
    is_past,
    is_present,
    nutrient_of,
    quotes,
)
from audit.judge.specificity import is_more_specific
from nlp.facts import Experiencer, ModifierSource, SectionCategory, Temporality
from suggest.engine.tables import tables
from suggest.result import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.finding import Proof
    from audit.judge.case import Case
    from nlp.facts import Condition

_ANEMIA = ("D50", "D51", "D52", "D53", "D62", "D63", "D64")
_ACUTE = "D62"
_GONE = frozenset({"historical", "resolved", "remission"})
STATUS, IS_ANEMIA, KIND, ACUITY, CAUSE = "the status", "anemia", "the kind", "acuity", "type or cause"


@dataclass(frozen=True, slots=True)
class Difference:
    """A statement that says otherwise than a supported code, and about what."""

    about: str
    statement: Condition


def differences(case: Case, code: str) -> tuple[Difference, ...]:
    """Return the statements of the record that say otherwise than a supported code, in text order."""
    suggestion = case.suggestion(code)
    if suggestion is None or suggestion.kind is not Kind.CONDITION:
        return ()
    own = {(e.note_id, e.start, e.end) for e in suggestion.evidence}
    return tuple(
        Difference(about, c)
        for c in case.answer.facts.conditions
        if c.experiencer is Experiencer.PATIENT
        and c.section is not SectionCategory.COPIED
        and (c.note_id, c.start, c.end) not in own
        and (about := _about(case, code, c)) is not None
    )


def drift(case: Case, code: str) -> tuple[str, tuple[Proof, ...]] | None:
    """Return what the record differs about and its words, each kind of difference once; None for nothing."""
    found: dict[str, Condition] = {}
    for difference in differences(case, code):
        found.setdefault(difference.about, difference.statement)
    if not found:
        return None
    return " and ".join(found), quotes(found.values(), "context", AGAINST, len(found))


def _about(case: Case, code: str, c: Condition) -> str | None:
    if c.concept in concepts_of(code):
        gone = c.temporality is Temporality.RESOLVED or (
            is_denied(c) and c.temporality is Temporality.CURRENT
        )
        return STATUS if gone else None
    if is_denied(c):
        whole = c.concept == "anemia" and c.temporality is Temporality.CURRENT
        return IS_ANEMIA if whole and code.startswith(_ANEMIA) else None
    listed = is_present(c) or (is_past(c) and not _is_past_by_its_words(c))
    return next(_says_otherwise(case, code, c), None) if listed else None


def _is_past_by_its_words(c: Condition) -> bool:
    return any(m.source is ModifierSource.WORDING and m.kind in _GONE for m in c.modifiers)


def _says_otherwise(case: Case, code: str, c: Condition) -> Iterator[str]:
    coding = tables().coding.get(c.concept)
    if coding is None or coding.code is None or coding.kind is not Kind.CONDITION:
        return
    other = coding.code
    covered = any(c.concept in mine.covers for mine in codings_of(code))
    if covered or case.suggestion(other) is not None or is_more_specific(code, other):
        return
    same = nutrient_of(code) is not None and nutrient_of(code) == coding.nutrient
    if code.startswith(_ANEMIA) and other.startswith(_ANEMIA):
        if _ACUTE in (code, other):
            yield ACUITY
        elif nutrient_of(code) and coding.nutrient and not same:
            yield KIND
        elif other != code:
            yield CAUSE
    elif same and other.startswith(_ANEMIA):
        yield IS_ANEMIA
