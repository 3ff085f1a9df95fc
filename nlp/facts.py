"""What a note says, as plain records: the border between reading (`nlp`) and coding (`suggest`).

Everything here is frozen, free of spaCy, and holds exact offsets: for every record that has them,
`note_text[record.start:record.end] == record.text`. Offsets count code points of the text as it
was given. `repr` never shows text of a note.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from nlp.records import quick

WORDED = "worded"
"""Subtype of a section that its wording alone tells: a likelihood, and no statement of the writer."""


class Assertion(str, Enum):
    """Whether the words affirm a condition."""

    PRESENT = "present"
    ABSENT = "absent"
    POSSIBLE = "possible"
    HYPOTHETICAL = "hypothetical"


class Temporality(str, Enum):
    """Whether a condition is of today, of the past, or of the past and said to be gone."""

    CURRENT = "current"
    HISTORICAL = "historical"
    RESOLVED = "resolved"


class Experiencer(str, Enum):
    """Who has the condition."""

    PATIENT = "patient"
    FAMILY = "family"
    OTHER = "other"


class ModifierSource(str, Enum):
    """What decided: words in the sentence, the section, or the default."""

    WORDING = "wording"
    SECTION = "section"
    DEFAULT = "default"


class SectionCategory(str, Enum):
    """The sections of the contract."""

    ASSESSMENT_PLAN = "assessment_plan"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    IMPRESSION = "impression"
    DIAGNOSES = "diagnoses"
    HPI = "hpi"
    INTERVAL = "interval"
    PMH = "pmh"
    PSH = "psh"
    PROBLEM_LIST = "problem_list"
    MEDICATIONS = "medications"
    ALLERGIES = "allergies"
    FAMILY = "family"
    SOCIAL = "social"
    ROS = "ros"
    EXAM = "exam"
    LABS = "labs"
    IMAGING = "imaging"
    HOSPITAL_COURSE = "hospital_course"
    PROCEDURES = "procedures"
    ORDERS = "orders"
    INSTRUCTIONS = "instructions"
    INDICATION = "indication"
    COPIED = "copied"
    SIGNATURE = "signature"
    UNKNOWN = "unknown"


class ConditionCategory(str, Enum):
    """What sort of thing a concept is."""

    CONDITION = "condition"
    FINDING = "finding"
    PROCEDURE = "procedure"
    STATUS = "status"
    DIET = "diet"
    PREGNANCY = "pregnancy"


class Flag(str, Enum):
    """Where a lab value lies: the printed mark, else the printed range, else the reference."""

    LOW = "low"
    HIGH = "high"
    NORMAL = "normal"


class MedicationStatus(str, Enum):
    """What is done with a drug."""

    ACTIVE = "active"
    STARTED = "started"
    GIVEN = "given"
    STOPPED = "stopped"
    ALLERGIC = "allergic"
    HYPOTHETICAL = "hypothetical"


class AuthorRole(str, Enum):
    """Who wrote, as far as coding asks (rule R53, ruling S41)."""

    PROVIDER = "provider"
    RESIDENT = "resident"
    NURSE = "nurse"
    OTHER_CLINICIAN = "other_clinician"
    STUDENT = "student"
    SCRIBE = "scribe"
    PATIENT = "patient"
    UNKNOWN = "unknown"


@quick
@dataclass(frozen=True, slots=True)
class Section:
    """A part of the note under one header (or found by wording or place).

    `start` is where the title starts, `end` where the body ends; the body starts at `body_start`.
    `title` is the header as written, empty where there is none. `subtype` narrows the category
    for the rules and is not part of the contract: `chief_complaint`, `preoperative`,
    `postoperative`, `admission`, `discharge`, `final`, `reason`, `addendum`, `visit_diagnoses`,
    `differential`, `attestation`, `patient_message`, `keywords`, `worded` (likely by its words alone).
    """

    note_id: str | None
    category: SectionCategory
    title: str = field(repr=False)
    start: int
    end: int
    body_start: int
    subtype: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class Modifier:
    """The words (or the section) that decided how a mention is meant.

    `kind` is the cue's category: `negated`, `possible`, `hypothetical`, `historical`, `resolved`,
    `family`, `other`, `patient`, `affirmed`, `remission`, `current`
    (words that keep a condition current, such as "long history of").
    `cue` is the id of the cue that fired, None where a section or the default decided.
    """

    kind: str
    start: int
    end: int
    text: str = field(repr=False)
    source: ModifierSource
    cue: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class Condition:
    """A mention of a concept, with how it is meant. `unit` and `item` index the note's layout."""

    id: str
    note_id: str | None
    concept: str
    category: ConditionCategory
    start: int
    end: int
    text: str = field(repr=False)
    section: SectionCategory
    assertion: Assertion = Assertion.PRESENT
    temporality: Temporality = Temporality.CURRENT
    experiencer: Experiencer = Experiencer.PATIENT
    author: str | None = None
    modifiers: tuple[Modifier, ...] = ()
    subtype: str | None = None  # the section's subtype
    unit: int = -1
    item: int = -1
    attributes: tuple[tuple[str, str], ...] = ()  # e.g. (("stage", "3b"), ("relative", "mother"))


@quick
@dataclass(frozen=True, slots=True)
class LabValue:
    """One result. `value` and `unit` as written; `date` ISO, `YYYY-MM` or `YYYY` where less is said."""

    id: str
    note_id: str | None
    analyte: str
    value: float | None
    comparator: str | None
    result: str | None
    unit: str | None
    reference_low: float | None
    reference_high: float | None
    flag: Flag | None
    plausible: bool | None
    date: str | None
    start: int
    end: int
    text: str = field(repr=False)
    section: SectionCategory
    unit_index: int = -1
    item: int = -1


@quick
@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit as written, e.g. 1000.0 "mcg"; for a range the lower bound."""

    value: float
    unit: str


@quick
@dataclass(frozen=True, slots=True)
class Medication:
    """A drug of ours (or one that bears on our conditions) as the note names it.

    `drug` is the canonical name, `drug_class` the class rules speak of (`b12`, `oral_iron`,
    `iv_iron`, `folate`, `metformin`, `ppi`, `h2ra`, `hydantoin`, `antineoplastic`, `esa`, …);
    `drug_class` is not part of the contract.
    """

    id: str
    note_id: str | None
    drug: str
    route: str | None
    dose: Amount | None
    concentration: Amount | None
    volume: Amount | None
    frequency: str | None
    status: MedicationStatus
    start: int
    end: int
    text: str = field(repr=False)
    section: SectionCategory
    drug_class: str = ""
    unit_index: int = -1
    item: int = -1


@quick
@dataclass(frozen=True, slots=True)
class Link:
    """A causal link that the words make (or deny). `cause` and `effect` are fact ids."""

    cause: str
    effect: str
    denied: bool
    hedged: bool
    note_id: str | None
    start: int
    end: int
    text: str = field(repr=False)


@quick
@dataclass(frozen=True, slots=True)
class StatedCode:
    """An ICD-10-CM code printed in the note; `beside` is the condition id it stands next to."""

    note_id: str | None
    code: str
    beside: str | None
    start: int
    end: int
    text: str = field(repr=False)


@quick
@dataclass(frozen=True, slots=True)
class Author:
    """Who signed or wrote; `signed` None where the note does not tell."""

    id: str
    note_id: str | None
    credential: str | None
    role: AuthorRole
    signed: bool | None
    start: int
    end: int
    text: str = field(repr=False)


@quick
@dataclass(frozen=True, slots=True)
class NoteDate:
    """A date that is not a lab's: `kind` is visit, admission, discharge, copied, signature."""

    note_id: str | None
    kind: str
    date: str
    start: int
    end: int
    text: str = field(repr=False)


@quick
@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or a list item: context never reaches across its border.

    `section` indexes `NoteFacts.sections`; `item` is shared by all units of one list item or
    problem (sub-bullets belong to the problem above them) and is unique in the note; `marker` is
    the bullet or number as written where the unit opens an item. `paragraph` counts blocks.
    """

    start: int
    end: int
    section: int
    item: int
    paragraph: int
    marker: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class NoteFacts:
    """All facts of one note, each tuple in text order. `units` is not part of the contract."""

    note_id: str | None = None
    text: str = field(default="", repr=False)
    sections: tuple[Section, ...] = ()
    units: tuple[Unit, ...] = ()
    conditions: tuple[Condition, ...] = ()
    labs: tuple[LabValue, ...] = ()
    medications: tuple[Medication, ...] = ()
    links: tuple[Link, ...] = ()
    stated_codes: tuple[StatedCode, ...] = ()
    authors: tuple[Author, ...] = ()
    dates: tuple[NoteDate, ...] = ()
