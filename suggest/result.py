"""The answer for one encounter, as frozen records in the order of the contract (docs/contract.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from nlp.facts import Author, Condition, LabValue, Link, Medication, NoteDate, Section, StatedCode
from nlp.records import quick

SCOPE = "hematinic deficiencies"


class Setting(str, Enum):
    """Whose claim the answer is for."""

    PROFESSIONAL = "professional"
    OUTPATIENT = "outpatient"
    INPATIENT = "inpatient"


class Kind(str, Enum):
    """What a suggested code stands for."""

    CONDITION = "condition"
    CAUSE = "cause"
    MANIFESTATION = "manifestation"
    FINDING = "finding"
    HISTORY = "history"
    STATUS = "status"
    SCREENING = "screening"
    ADVERSE_EFFECT = "adverse_effect"


class Necessity(str, Enum):
    """Whether a careful coder reports the code or may leave it out."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class Band(str, Enum):
    """What people see of the score: safe, or supported with a caution."""

    CODE = "code"
    CARE = "care"


class Role(str, Enum):
    """What a span proves."""

    DIAGNOSIS = "diagnosis"
    LINKAGE = "linkage"
    LAB = "lab"
    TREATMENT = "treatment"
    HISTORY = "history"
    NEGATION = "negation"
    CONTEXT = "context"


@quick
@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of a note: `note_text[start:end] == text`, always."""

    note_id: str | None
    start: int
    end: int
    text: str = field(repr=False)
    section: str
    role: Role

    @classmethod
    def cut(
        cls, note_id: str | None, note_text: str, start: int, end: int, section: str, role: Role
    ) -> Evidence:
        """Make an evidence by slicing the note itself, so that words and place cannot disagree."""
        if not 0 <= start < end <= len(note_text):
            raise ValueError(f"span {start}-{end} lies outside a note of {len(note_text)} code points")
        return cls(note_id, start, end, note_text[start:end], section, role)


@quick
@dataclass(frozen=True, slots=True)
class Reason:
    """A numbered rule that decided, in one sentence, with its citation. `rule` is e.g. `rule:R21`."""

    rule: str
    text: str
    citation: str


@dataclass(frozen=True, slots=True)
class SequenceAfter:
    """What a code must follow that lies outside the scope: `code` is null then."""

    code: str | None
    what: str
    evidence: tuple[Evidence, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Alternative:
    """Another accepted reading of the same words, with the policy option that chooses it."""

    codes: tuple[str, ...]
    text: str
    option: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A code or statement that stands against a suggestion."""

    code: str | None
    text: str
    rule: str
    evidence: tuple[Evidence, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code that the note supports. `score` is the probability (0-1) that a coder reports it."""

    rank: int
    code: str
    title: str
    kind: Kind
    temporality: str
    necessity: Necessity
    band: Band
    score: float
    evidence: tuple[Evidence, ...]
    reasons: tuple[Reason, ...]
    sequence_after: SequenceAfter | str | None = None
    needs: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Query:
    """A compliant question to the provider. `draft` names no code and no payment."""

    query: str
    topic: str
    codes: tuple[str, ...]
    question: str
    options: tuple[str, ...]
    changes: str
    evidence: tuple[Evidence, ...]
    reasons: tuple[Reason, ...]
    draft: str = field(repr=False)


@quick
@dataclass(frozen=True, slots=True)
class Withheld:
    """A code that a careless reader would have given, with the reason why it is not given."""

    code: str
    title: str
    evidence: tuple[Evidence, ...]
    reasons: tuple[Reason, ...]


@quick
@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One point of the documentation checklist; one that is not ok carries advice."""

    item: str
    ok: bool
    text: str
    advice: str | None = None
    evidence: tuple[Evidence, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Warning:
    """Something about the answer that the reader must know."""

    kind: str
    text: str


@quick
@dataclass(frozen=True, slots=True)
class PolicyStamp:
    """Name and hash of the policy that decided."""

    name: str
    sha256: str


@quick
@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of every note of the encounter, ids unique in the object, in text order."""

    sections: tuple[Section, ...] = ()
    conditions: tuple[Condition, ...] = ()
    labs: tuple[LabValue, ...] = ()
    medications: tuple[Medication, ...] = ()
    links: tuple[Link, ...] = ()
    stated_codes: tuple[StatedCode, ...] = ()
    authors: tuple[Author, ...] = ()
    dates: tuple[NoteDate, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Result:
    """What Corrin answers for one encounter."""

    encounter_id: str | None
    note_id: str | None
    note_ids: tuple[str | None, ...]
    setting: Setting
    encounter_date: str | None
    release: str
    policy: PolicyStamp
    version: str
    scope: str
    facts: Facts
    suggestions: tuple[Suggestion, ...] = ()
    queries: tuple[Query, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    checklist: tuple[ChecklistItem, ...] = ()
    warnings: tuple[Warning, ...] = ()
