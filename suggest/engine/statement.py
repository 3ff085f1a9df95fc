"""A mention of a condition, and what it is worth (rules on status, C)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from nlp.facts import Condition
from nlp.records import quick


class Standing(str, Enum):
    """What one mention is worth."""

    ASSESSED = "assessed"  # the provider's statement where diagnoses are stated
    TREATED = "treated"  # on a list, with its treatment in one breath (S20)
    NARRATED = "narrated"  # in the story, not in the assessment
    LISTED = "listed"  # past history, problem list, medication list (R18)
    WEAK = "weak"  # examination, review of systems, results
    HISTORY = "history"
    HISTORY_TREATED = "history_treated"  # "history of … on injections" (R10)
    RESOLVED = "resolved"
    UNCERTAIN = "uncertain"
    HYPOTHETICAL = "hypothetical"
    NEGATED = "negated"
    FAMILY = "family"
    OTHER = "other"
    COPIED = "copied"
    CONTEXT_PAST = "context_past"  # in a context note, and not current there
    CONTEXT = "context"  # in a context note: an indication, never a code by itself (S42)
    SUPERSEDED = "superseded"  # later words of the same author, or the attending's, replace it (S45, S46)
    INELIGIBLE = "ineligible"  # not a provider's words (R53, S41)


@quick
@dataclass(frozen=True, slots=True)
class Statement:
    """One mention with its standing.

    `note` is the place of its note in the encounter, `concept` what is mentioned. `key` is its list item
    (note and item), `place` orders it (note and offset). All but the first three follow from them.
    """

    condition: Condition
    standing: Standing
    note: int
    concept: str = field(compare=False)
    key: tuple[int, int] = field(compare=False)
    place: tuple[int, int] = field(compare=False)
