"""What the encounter says of each condition: every mention with its standing (rules on status, C)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from nlp.facts import (
    WORDED,
    Condition,
    ConditionCategory,
    LabValue,
    Medication,
    MedicationStatus,
    NoteFacts,
    SectionCategory,
    Unit,
)
from suggest.engine.last_word import have_last_word, set_aside_denied_causes
from suggest.engine.standing import ASSESSED_IN, TREATMENTS, Reading, not_providers, standing_of
from suggest.engine.statement import Standing, Statement
from suggest.engine.tables import Coding, Tables, tables
from suggest.result import Evidence, Role, Setting

_REASON = frozenset({"chief_complaint", "reason"})

_FINAL = frozenset({"discharge", "final"})

SECTION_NAMES: dict[SectionCategory, str] = {category: category.value for category in SectionCategory}

_ITEM = attrgetter("item")
ITEM_REACH = 1500  # code points around a mention beyond which its list item is no longer its context

# "Discharge planning" stands in any note of a stay
_DISCHARGE = re.compile(
    r"^(?!.*\b(?:plan|planning|criteria|barriers?|anticipated|expected|readiness|goals?)\b).*discharge", re.I
)

_SUMMARY = re.compile(r"\bdischarge summary\b", re.IGNORECASE)

DOCUMENTED = (
    Standing.ASSESSED,
    Standing.TREATED,
    Standing.NARRATED,
    Standing.LISTED,
    Standing.HISTORY_TREATED,
    Standing.HISTORY,
)

# where the provider assesses, but for what leads to the visit or goes out from it
_ASSESSMENTS = ASSESSED_IN - {SectionCategory.INDICATION, SectionCategory.ORDERS}

_CURRENT_DRUG = frozenset({MedicationStatus.ACTIVE, MedicationStatus.STARTED, MedicationStatus.GIVEN})

ANALYTES: dict[str, frozenset[str]] = {
    "b12": frozenset({"b12", "mma", "holotc", "intrinsic_factor_antibody", "parietal_cell_antibody"}),
    "iron": frozenset({"ferritin", "tsat", "iron", "tibc", "transferrin"}),
    "folate": frozenset({"folate"}),
}


@dataclass(frozen=True, slots=True)
class Chart:
    """The encounter as the rules see it."""

    notes: tuple[NoteFacts, ...]
    setting: Setting
    encounter_date: str | None
    statements: tuple[Statement, ...]
    by_concept: dict[str, tuple[Statement, ...]]
    tables: Tables
    context_notes: frozenset[int] = frozenset()
    has_assessment: bool = True
    options: dict[str, str] = field(default_factory=dict)
    # note and item -> start and end, None where the note has no such item; filled when first asked for
    items: dict[tuple[int, int], tuple[int, int] | None] = field(default_factory=dict)
    final: frozenset[int] = frozenset()  # notes whose uncertain diagnoses count as established (R04, S35)
    # context notes that are too old, or ended, to give an indication, with the ruling that says so
    lapsed: dict[int, str] = field(default_factory=dict)
    headless: tuple[bool, ...] = ()  # of each note, whether nothing in it is headed as assessment
    # what there is of each kind, so that a rule may see at once that it has nothing to look at
    standings: frozenset[Standing] = field(init=False)
    analytes: frozenset[str] = field(init=False)
    drug_classes: frozenset[str] = field(init=False)
    # the line of coding.yaml, None for a concept that only serves as context
    coding: Callable[[str], Coding | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look up what there is."""
        notes, found = self.notes, object.__setattr__
        found(self, "standings", frozenset([s.standing for s in self.statements]))
        found(self, "analytes", frozenset([lab.analyte for note in notes for lab in note.labs]))
        found(self, "coding", self.tables.coding.get)
        found(self, "drug_classes", frozenset([d.drug_class for note in notes for d in note.medications]))

    def choice(self, option: str) -> str:
        """What the policy in force chooses for an option (`s05`); empty where no policy was given."""
        return self.options.get(f"option.{option}", "")

    def of(self, concept: str, *standings: Standing) -> tuple[Statement, ...]:
        """Statements of a concept, all or those of the standings given, in text order."""
        found = self.by_concept.get(concept, ())
        return tuple([s for s in found if s.standing in standings]) if found and standings else found

    def among(self, concepts: Iterable[str], *standings: Standing) -> tuple[Statement, ...]:
        """Statements of several concepts, in text order."""
        if self.by_concept.keys().isdisjoint(concepts):
            return ()
        if isinstance(concepts, (set, frozenset)):
            # two concepts of one mention tie; a set has no order of its own
            concepts = sorted(self.by_concept.keys() & concepts)
        found = [
            s for concept in concepts if concept in self.by_concept for s in self.of(concept, *standings)
        ]
        return tuple(sorted(found, key=_by_place) if len(found) > 1 else found)

    def labs(self, *analytes: str) -> list[tuple[int, LabValue]]:
        """Lab values with the place of their note."""
        if analytes and self.analytes.isdisjoint(analytes):
            return []
        return [
            (index, lab)
            for index, note in enumerate(self.notes)
            for lab in note.labs
            if not analytes or lab.analyte in analytes
        ]

    def drugs(self, classes: Collection[str], *statuses: MedicationStatus) -> list[tuple[int, Medication]]:
        """Medications of the classes with the place of their note."""
        if self.drug_classes.isdisjoint(classes):
            return []
        return [
            (index, drug)
            for index, note in enumerate(self.notes)
            for drug in note.medications
            if drug.drug_class in classes and (not statuses or drug.status in statuses)
        ]

    def cut(self, note: int, start: int, end: int, section: str, role: Role) -> Evidence:
        """An evidence sliced from its own note."""
        facts = self.notes[note]
        return Evidence.cut(facts.note_id, facts.text, start, end, section, role)

    def evidence(self, statement: Statement, role: Role = Role.DIAGNOSIS) -> Evidence:
        """The evidence of one mention."""
        c, note = statement.condition, self.notes[statement.note]
        return Evidence.cut(note.note_id, note.text, c.start, c.end, SECTION_NAMES[c.section], role)

    def lab_evidence(self, note: int, lab: LabValue) -> Evidence:
        """The evidence of one lab value."""
        return self.cut(note, lab.start, lab.end, SECTION_NAMES[lab.section], Role.LAB)

    def drug_evidence(self, note: int, drug: Medication) -> Evidence:
        """The evidence of one medication."""
        return self.cut(note, drug.start, drug.end, SECTION_NAMES[drug.section], Role.TREATMENT)

    def item_text(self, statement: Statement) -> str:
        """The words of the list item (or sentence) around a statement; for the rules, never for output."""
        condition, key = statement.condition, statement.key
        if key not in self.items:
            self.items[key] = _item_span(self.notes[statement.note].units, condition.item)
        span = self.items[key]
        if span is None:
            return condition.text
        start, end = max(span[0], condition.start - ITEM_REACH), min(span[1], condition.end + ITEM_REACH)
        return self.notes[statement.note].text[start:end]

    def treated_today(self, nutrient: str | None) -> list[tuple[int, Medication]]:
        """Drugs for the nutrient that today's note gives, starts or continues, medication lists left out."""
        if nutrient is None or not self.drug_classes:
            return []
        return [
            (i, d)
            for i, d in self.drugs(TREATMENTS.get(nutrient, frozenset()), *_CURRENT_DRUG)
            if d.section not in (SectionCategory.MEDICATIONS, SectionCategory.COPIED)
            and i not in self.context_notes
        ]

    def treated_in_plan(self, nutrient: str | None) -> list[tuple[int, Medication]]:
        """Drugs for the nutrient that are given today or stand where the provider assesses and plans."""
        return [
            (i, d)
            for i, d in self.treated_today(nutrient)
            if d.status is MedicationStatus.GIVEN or d.section in ASSESSED_IN
        ]

    def on_drug(self, nutrient: str | None) -> list[tuple[int, Medication]]:
        """Drugs for the nutrient that the patient takes, lists included."""
        if nutrient is None or not self.drug_classes:
            return []
        return [
            (i, d)
            for i, d in self.drugs(TREATMENTS.get(nutrient, frozenset()), *_CURRENT_DRUG)
            if d.section is not SectionCategory.COPIED
        ]


def is_discharge_summary(note: NoteFacts) -> bool:
    """Whether the note is the hospital's final statement (R04, S35)."""
    if any(s.subtype in _FINAL for s in note.sections):
        return True
    return any(_DISCHARGE.search(s.title) for s in note.sections) or bool(_SUMMARY.search(note.text[:400]))


def build_chart(
    notes: tuple[NoteFacts, ...],
    setting: Setting,
    encounter_date: str | None,
    *,
    context_notes: frozenset[int] = frozenset(),
    attested: frozenset[int] = frozenset(),
    discharge_summaries: frozenset[int] = frozenset(),
    options: dict[str, str] | None = None,
) -> Chart:
    """Give every mention of the encounter its standing.

    `attested` are notes that a provider's own note attests, `discharge_summaries` those known as such.
    """
    statements: list[Statement] = []
    final: set[int] = set()
    headless: list[bool] = []
    for index, note in enumerate(notes):
        if setting is Setting.INPATIENT and (index in discharge_summaries or is_discharge_summary(note)):
            final.add(index)
        headed = _headed(note)
        headless.append(ASSESSED_IN.isdisjoint(headed))
        read = Reading(
            note,
            not_providers(note, index in attested),
            index in final,
            _ASSESSMENTS.isdisjoint(headed),
            {link.cause: link.start for link in note.links if link.hedged},
        )
        for c in note.conditions:
            key, place = (index, c.item), (index, c.start)
            statements.append(Statement(c, standing_of(c, read), index, c.concept, key, place))
    statements = have_last_word(notes, set_aside_denied_causes(notes, statements))
    by_concept: dict[str, list[Statement]] = {}
    for statement in statements:
        by_concept.setdefault(statement.concept, []).append(statement)
    return Chart(
        notes,
        setting,
        encounter_date,
        tuple(statements),
        {k: tuple(v) for k, v in by_concept.items()},
        tables(),
        context_notes,
        not all(headless),
        options or {},
        final=frozenset(final),
        headless=tuple(headless),
    )


def _headed(note: NoteFacts) -> list[SectionCategory]:
    """The categories of the sections under a header.

    What is an assessment by its wording alone makes the rest of the note no mere story.
    """
    return [s.category for s in note.sections if s.subtype != WORDED]


def _by_place(statement: Statement) -> tuple[int, int]:
    return statement.place


def _item_span(units: Sequence[Unit], item: int) -> tuple[int, int] | None:
    """Where a list item starts and ends; the units of a note stand in the order of their items."""
    first = bisect_left(units, item, key=_ITEM)
    if first == len(units) or units[first].item != item:
        return None
    return units[first].start, units[bisect_right(units, item, first, key=_ITEM) - 1].end


def is_reason(condition: Condition) -> bool:
    """Whether the mention stands in the reason for the visit."""
    return condition.subtype in _REASON


def is_procedure(condition: Condition) -> bool:
    """Whether the mention names an operation; a past operation stays a fact of today."""
    return condition.category is ConditionCategory.PROCEDURE
