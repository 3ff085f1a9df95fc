"""What the encounter says of each condition: every mention with its standing (rules on status, C)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from nlp.facts import (
    WORDED,
    Assertion,
    Author,
    AuthorRole,
    Condition,
    ConditionCategory,
    Experiencer,
    LabValue,
    Medication,
    MedicationStatus,
    ModifierSource,
    NoteFacts,
    SectionCategory,
    Temporality,
)
from nlp.patterns import spaced
from suggest.engine.tables import Coding, Tables, tables
from suggest.result import Evidence, Role, Setting


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


_ASSESSED = frozenset(
    {
        SectionCategory.ASSESSMENT_PLAN,
        SectionCategory.ASSESSMENT,
        SectionCategory.PLAN,
        SectionCategory.IMPRESSION,
        SectionCategory.DIAGNOSES,
        SectionCategory.INDICATION,
        SectionCategory.ORDERS,
    }
)
_LISTS = frozenset(
    {
        SectionCategory.PMH,
        SectionCategory.PSH,
        SectionCategory.PROBLEM_LIST,
        SectionCategory.MEDICATIONS,
        SectionCategory.ALLERGIES,
    }
)
_WEAK = frozenset(
    {
        SectionCategory.ROS,
        SectionCategory.EXAM,
        SectionCategory.LABS,
        SectionCategory.SOCIAL,
        SectionCategory.INSTRUCTIONS,
        SectionCategory.SIGNATURE,
        SectionCategory.PROCEDURES,
        SectionCategory.IMAGING,
        SectionCategory.FAMILY,
    }
)
_STORY = frozenset(
    {SectionCategory.HPI, SectionCategory.INTERVAL, SectionCategory.HOSPITAL_COURSE, SectionCategory.UNKNOWN}
)
_REASON = frozenset({"chief_complaint", "reason"})
_FINAL = frozenset({"discharge", "final"})
# the words of an order quoted in somebody else's note (S06); an order that is missing or blank quotes nothing
_ORDER_WORDS = spaced(
    r"\border\b|\borders:|\bordering\b|\b(?:therapy|treatment|infusion|injection) plan\b|\bplan diagnosis\b|"
    r"\bper (?:dr|order|protocol|md|np|provider)|standing order|\bprescribed by\b|"
    r"\bdx (?:on|per|from|code)\b|"
    r"\bindication(?: for[^:\n]{0,30})?[ \t]*(?:[:=-]|is\b|on\b|per (?:order|dr)\b)",
    re.IGNORECASE,
)
_NO_ORDER = spaced(
    r"\bno (?:current |active )?(?:order|dx|diagnosis|indication)|\bblank\b|"
    r"without (?:an? )?(?:order|dx|diagnosis)|needs? (?:new )?order|\bnurs(?:e|ing) (?:diagnos[ie]s|dx)",
    re.IGNORECASE,
)
_PER_PATIENT = spaced(
    r"[ \t]*[(,]?[ \t]*(?:per|according to|by) (?:pt|patient|history|report)|[ \t]*\(?self-?report",
    re.IGNORECASE,
)
_PATIENT_SAYS = spaced(
    r"\b(?:pt|patient|she|he|client) (?:reports?|states?|says|said|stated|reported|believes|thinks|tells)\b"
    r"[^.;\n]*\Z",
    re.IGNORECASE,
)
# "(RD) I'd call her anemic still": in a note of several disciplines a label says whose words follow
_OTHERS = spaced(
    r"[ \t*\-\u2022]*[(\[]?(?:RDN?|LD|dietitian|dietician|nutritionist|RN|LPN|LVN|nursing|nurse|CMA|PharmD|"
    r"pharmacist|pharmacy|LCSW|MSW|PT/OT|PT|OT|SLP|scribe|student|MS[1-4])[)\]]?"
    r"(?: (?:note|comment|input|screen|says|assessment))?"
    r"(?:(?<=[)\]])|[ \t]*[:\u2013-])",
)
_NEW_BREATH = re.compile(r"[.;:\n]\s")
_SAME_BREATH = 80  # code points between a mention and the words of the same item that take it back
_FOR_THIS = re.compile(
    r"(?i)\bfor (?:this|it|that)\b"
)  # "History of X. She gets cyanocobalamin monthly for this"
_BUT = re.compile(r"(?i)\b(?:but|however|though|although|yet)\b")
_TITLE = re.compile(r"[ \t]{0,2}[:\u2013-]")
ITEM_REACH = 1500  # code points around a mention beyond which its list item is no longer its context
# "Discharge planning" stands in any note of a stay
_DISCHARGE = re.compile(
    r"^(?!.*\b(?:plan|planning|criteria|barriers?|anticipated|expected|readiness|goals?)\b).*discharge", re.I
)
ORDER_REACH = 140  # code points before a mention in which the words of an order are looked for
ORDER_PARAGRAPH = 600  # … and code points of its paragraph that lead to a line of its diagnosis
_DIAGNOSIS_LINE = re.compile(r"(?i)[ \t]*(?:-[ \t]*)?(?:diagnos[ie]s|dx|reason)\b[^:\n]{0,20}:")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_NOT_PROVIDERS = frozenset(
    # a resident stands here where no provider attests: the note's writer is a resident only then (S41)
    {
        AuthorRole.RESIDENT,
        AuthorRole.NURSE,
        AuthorRole.OTHER_CLINICIAN,
        AuthorRole.STUDENT,
        AuthorRole.SCRIBE,
        AuthorRole.PATIENT,
    }
)
DOCUMENTED = (
    Standing.ASSESSED,
    Standing.TREATED,
    Standing.NARRATED,
    Standing.LISTED,
    Standing.HISTORY_TREATED,
    Standing.HISTORY,
)
_HEDGED_LINKS = frozenset({"possible.cause", "possible.adjective"})  # "probably from", "prob 2/2"
NUTRIENT_STATES = ("b12_state", "iron_state", "folate_state")  # groups of coding.yaml
_CURRENT_DRUG = frozenset({MedicationStatus.ACTIVE, MedicationStatus.STARTED, MedicationStatus.GIVEN})
# cues of nlp/context/cues.yaml that say "under treatment now"; words like "chronic" or "known" do not
TREATMENT_CUES = frozenset({"current.on_treatment", "current.treatment_for"})
TREATMENTS: dict[str, frozenset[str]] = {
    "b12": frozenset({"b12"}),
    "iron": frozenset({"oral_iron", "iv_iron"}),
    "folate": frozenset({"folate"}),
}
ANALYTES: dict[str, frozenset[str]] = {
    "b12": frozenset({"b12", "mma", "holotc", "intrinsic_factor_antibody", "parietal_cell_antibody"}),
    "iron": frozenset({"ferritin", "tsat", "iron", "tibc", "transferrin"}),
    "folate": frozenset({"folate"}),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One mention with its standing. `note` is the place of its note in the encounter."""

    condition: Condition
    standing: Standing
    note: int

    @property
    def concept(self) -> str:
        """The concept that is mentioned."""
        return self.condition.concept

    @property
    def key(self) -> tuple[int, int]:
        """Its list item: note and item."""
        return self.note, self.condition.item

    @property
    def place(self) -> tuple[int, int]:
        """Its place for ordering: note and offset."""
        return self.note, self.condition.start


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
    items: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)  # note and item -> start, end
    final: frozenset[int] = frozenset()  # notes whose uncertain diagnoses count as established (R04, S35)
    # context notes that are too old, or ended, to give an indication, with the ruling that says so
    lapsed: dict[int, str] = field(default_factory=dict)

    def choice(self, option: str) -> str:
        """What the policy in force chooses for an option (`s05`); empty where no policy was given."""
        return self.options.get(f"option.{option}", "")

    def of(self, concept: str, *standings: Standing) -> tuple[Statement, ...]:
        """Statements of a concept, all or those of the standings given, in text order."""
        found = self.by_concept.get(concept, ())
        return tuple([s for s in found if s.standing in standings]) if found and standings else found

    def among(self, concepts: Iterable[str], *standings: Standing) -> tuple[Statement, ...]:
        """Statements of several concepts, in text order."""
        if isinstance(concepts, (set, frozenset)):
            # two concepts of one mention tie; a set has no order of its own
            concepts = sorted(self.by_concept.keys() & concepts)
        found = [
            s for concept in concepts if concept in self.by_concept for s in self.of(concept, *standings)
        ]
        return tuple(sorted(found, key=lambda s: s.place))

    def coding(self, concept: str) -> Coding | None:
        """The line of coding.yaml, None for a concept that only serves as context."""
        return self.tables.coding.get(concept)

    def labs(self, *analytes: str) -> Iterator[tuple[int, LabValue]]:
        """Lab values with the place of their note."""
        for index, note in enumerate(self.notes):
            for lab in note.labs:
                if not analytes or lab.analyte in analytes:
                    yield index, lab

    def drugs(self, classes: Iterable[str], *statuses: MedicationStatus) -> Iterator[tuple[int, Medication]]:
        """Medications of the classes with the place of their note."""
        wanted = frozenset(classes)
        for index, note in enumerate(self.notes):
            for drug in note.medications:
                if drug.drug_class in wanted and (not statuses or drug.status in statuses):
                    yield index, drug

    def cut(self, note: int, start: int, end: int, section: str, role: Role) -> Evidence:
        """An evidence sliced from its own note."""
        facts = self.notes[note]
        return Evidence.cut(facts.note_id, facts.text, start, end, section, role)

    def evidence(self, statement: Statement, role: Role = Role.DIAGNOSIS) -> Evidence:
        """The evidence of one mention."""
        c = statement.condition
        return self.cut(statement.note, c.start, c.end, c.section.value, role)

    def lab_evidence(self, note: int, lab: LabValue) -> Evidence:
        """The evidence of one lab value."""
        return self.cut(note, lab.start, lab.end, lab.section.value, Role.LAB)

    def drug_evidence(self, note: int, drug: Medication) -> Evidence:
        """The evidence of one medication."""
        return self.cut(note, drug.start, drug.end, drug.section.value, Role.TREATMENT)

    def item_text(self, statement: Statement) -> str:
        """The words of the list item (or sentence) around a statement; for the rules, never for output."""
        condition = statement.condition
        span = self.items.get(statement.key)
        if span is None:
            return condition.text
        start, end = max(span[0], condition.start - ITEM_REACH), min(span[1], condition.end + ITEM_REACH)
        return self.notes[statement.note].text[start:end]

    def treated_today(self, nutrient: str | None) -> list[tuple[int, Medication]]:
        """Drugs for the nutrient that today's note gives, starts or continues, medication lists left out."""
        if nutrient is None:
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
            if d.status is MedicationStatus.GIVEN or d.section in _ASSESSED
        ]

    def on_drug(self, nutrient: str | None) -> list[tuple[int, Medication]]:
        """Drugs for the nutrient that the patient takes, lists included."""
        if nutrient is None:
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
    return any(_DISCHARGE.search(s.title) for s in note.sections) or bool(
        re.search(r"\bdischarge summary\b", note.text[:400], re.IGNORECASE)
    )


def _is_provider(condition: Condition, authors: dict[str, Author], note: NoteFacts, attested: bool) -> bool:
    if _others_words(condition, note):
        return False
    author = authors.get(condition.author or "")
    if (
        author is None
        or author.role not in _NOT_PROVIDERS
        or (attested and author.role is AuthorRole.RESIDENT)
    ):
        return True
    if author.role is AuthorRole.PATIENT or _PER_PATIENT.match(note.text, condition.end):
        return False
    if author.role in (AuthorRole.RESIDENT, AuthorRole.STUDENT, AuthorRole.SCRIBE):
        return False
    before = note.text[_reach_of_order(condition, note.text) : condition.start]
    if _PATIENT_SAYS.search(before):
        return False
    if _ORDER_WORDS.search(before) and not _NO_ORDER.search(before):
        return True
    return condition.section is SectionCategory.ORDERS


def _reach_of_order(condition: Condition, text: str) -> int:
    """Where the words of an order may begin: near by, or in the paragraph of a line "Diagnosis: …"."""
    near = max(0, condition.start - ORDER_REACH)
    line = max(text.rfind("\n", 0, condition.start) + 1, condition.start - ORDER_REACH)
    if _DIAGNOSIS_LINE.match(text, line, condition.start) is None:
        return near
    low = max(0, line - ORDER_PARAGRAPH)
    paragraph = max((blank.end() for blank in _BLANK_LINE.finditer(text, low, line)), default=low)
    return min(near, paragraph)


def _others_words(condition: Condition, note: NoteFacts) -> bool:
    """Whether a label at the head of the line gives the words to a dietitian, nurse or therapist."""
    if not 0 <= condition.unit < len(note.units):
        return False
    start = note.units[condition.unit].start
    line = max(note.text.rfind("\n", 0, condition.start) + 1, start - 60)
    return _OTHERS.match(note.text[line : condition.start]) is not None


def _treated_in_one_breath(condition: Condition, note: NoteFacts) -> bool:
    """Whether the words behind a mention say it is treated: by a cue, or after "history of" by the drug."""
    if any(m.kind == "current" and m.cue in TREATMENT_CUES for m in condition.modifiers):
        return True
    if condition.temporality is not Temporality.HISTORICAL or not 0 <= condition.unit < len(note.units):
        return False
    coding = tables().coding.get(condition.concept)
    wanted = TREATMENTS.get(coding.nutrient or "", frozenset()) if coding is not None else frozenset()
    end = note.units[condition.unit].end
    first = bisect_left(note.medications, condition.end, key=lambda m: m.start)
    for drug in note.medications[first : first + 3]:
        if (
            drug.item == condition.item
            and drug.drug_class in wanted
            and drug.status is MedicationStatus.ACTIVE
            and _FOR_THIS.search(note.text, drug.end, note.units[drug.unit_index].end)
        ):
            return True
        if drug.start >= end or _NEW_BREATH.search(note.text, condition.end, drug.start):
            return False
        if drug.drug_class in wanted and drug.status is MedicationStatus.ACTIVE:
            return True
    return False


def _standing(
    condition: Condition,
    note: NoteFacts,
    authors: dict[str, Author],
    final: bool,
    headless: bool,
    attested: bool,
    doubted: dict[str, int],
) -> Standing:
    if condition.experiencer is Experiencer.FAMILY:
        if condition.assertion is Assertion.ABSENT:
            return Standing.OTHER  # "nobody in the family with anemia" says nothing of the patient
        return Standing.FAMILY if _is_provider(condition, authors, note, attested) else Standing.INELIGIBLE
    if condition.experiencer is Experiencer.OTHER:
        return Standing.OTHER
    if condition.subtype == "patient_message":
        return Standing.INELIGIBLE
    if condition.subtype == "keywords" or condition.section is SectionCategory.SIGNATURE:
        return Standing.OTHER
    if condition.section is SectionCategory.COPIED:
        return Standing.COPIED
    if not _is_provider(condition, authors, note, attested):
        return Standing.INELIGIBLE
    if condition.assertion is Assertion.ABSENT or condition.subtype == "excluded":
        return Standing.NEGATED
    if condition.assertion is Assertion.HYPOTHETICAL:
        return Standing.HYPOTHETICAL
    if _is_fact_behind_a_hedge(condition, doubted):
        return _standing_in_time(condition, headless, treated=False)
    uncertain = condition.assertion is Assertion.POSSIBLE or condition.subtype == "differential"
    if uncertain:
        diagnosed = condition.section in _ASSESSED and condition.subtype not in ("admission", "preoperative")
        if not (final and diagnosed):
            return Standing.UNCERTAIN
    return _standing_in_time(condition, headless, treated=_treated_in_one_breath(condition, note))


def _is_fact_behind_a_hedge(condition: Condition, doubted: dict[str, int]) -> bool:
    """Whether only the link is in doubt: "IDA, likely due to her heavy periods" doubts no period (S08).

    "Possible menorrhagia" and "IDA due to possible menorrhagia" doubt the menorrhagia itself (R03).
    """
    link = doubted.get(condition.id)
    return (
        link is not None
        and condition.assertion is Assertion.POSSIBLE
        and condition.concept in tables().group("fact_behind_hedge")
        and all(
            m.cue in _HEDGED_LINKS
            and m.start <= link
            and (link < condition.start or m.start > condition.start)  # hedge and link on one side of it
            for m in condition.modifiers
            if m.kind == "possible"
        )
    )


def _standing_in_time(condition: Condition, headless: bool, *, treated: bool) -> Standing:
    """Standing of what a provider affirms: by its tense, then by the section it is written in."""
    if condition.temporality is Temporality.RESOLVED:
        return Standing.RESOLVED
    if condition.temporality is Temporality.HISTORICAL:
        worded = any(
            m.kind == "historical" and m.source is ModifierSource.WORDING for m in condition.modifiers
        )
        if worded:
            return Standing.HISTORY_TREATED if treated else Standing.HISTORY
        return Standing.TREATED if treated else Standing.LISTED
    if condition.section in _ASSESSED:
        return Standing.ASSESSED
    if condition.subtype == "addendum" and condition.section is SectionCategory.UNKNOWN:
        return Standing.ASSESSED  # what is added later is there to be said (S45)
    if condition.section in _LISTS:
        return Standing.TREATED if treated else Standing.LISTED
    if headless and condition.section in _STORY:
        return Standing.ASSESSED
    if condition.section is SectionCategory.HOSPITAL_COURSE and headless:
        return Standing.ASSESSED
    if condition.section in _WEAK:
        return Standing.WEAK
    return Standing.NARRATED


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
    final = frozenset(
        index
        for index, note in enumerate(notes)
        if setting is Setting.INPATIENT and (index in discharge_summaries or is_discharge_summary(note))
    )
    # what is an assessment by its wording alone makes the rest of the note no mere story
    assessed_anywhere = any(
        s.category in _ASSESSED and s.subtype != WORDED for n in notes for s in n.sections
    )
    for index, note in enumerate(notes):
        authors = {a.id: a for a in note.authors}
        headless = not any(
            s.category in _ASSESSED - {SectionCategory.INDICATION, SectionCategory.ORDERS}
            and s.subtype != WORDED
            for s in note.sections
        )
        doubted = {link.cause: link.start for link in note.links if link.hedged}
        for condition in note.conditions:
            standing = _standing(
                condition, note, authors, index in final, headless, index in attested, doubted
            )
            statements.append(Statement(condition, standing, index))
    statements = _have_last_word(notes, _set_aside_denied_causes(notes, statements))
    by_concept: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        by_concept[statement.concept].append(statement)
    return Chart(
        notes,
        setting,
        encounter_date,
        tuple(statements),
        {k: tuple(v) for k, v in by_concept.items()},
        tables(),
        context_notes,
        assessed_anywhere,
        options or {},
        _item_spans(notes),
        final=final,
    )


def _have_last_word(notes: tuple[NoteFacts, ...], statements: list[Statement]) -> list[Statement]:
    """In one item the words behind decide: "listed as X, but is not X", "Anemia: her IDA has resolved"."""
    items: dict[tuple[int, int], list[Statement]] = defaultdict(list)
    for statement in statements:
        items[statement.key].append(statement)
    for item in items.values():
        item.sort(key=lambda s: s.condition.start)
    assessed = {
        key: frozenset(s.concept for s in item if s.standing is Standing.ASSESSED)
        for key, item in items.items()
    }
    return [_by_last_word(notes[s.note].text, s, items[s.key], assessed[s.key]) for s in statements]


def _by_last_word(
    text: str, statement: Statement, item: list[Statement], assessed: frozenset[str]
) -> Statement:
    """`item` holds the statements of the list item by their start, `assessed` its concepts that are so."""
    if statement.standing is not Standing.ASSESSED:
        return statement
    end = statement.condition.end
    for place in range(bisect_left(item, end, key=lambda s: s.condition.start), len(item)):
        later = item[place]
        if later.condition.start > end + _SAME_BREATH:
            break
        between = text[end : later.condition.start]
        if later.concept == statement.concept and later.standing is Standing.NEGATED and _BUT.search(between):
            return replace(statement, standing=Standing.NEGATED)
        coding = tables().coding.get(later.concept)
        if (
            later.standing is Standing.RESOLVED
            and coding is not None
            and statement.concept in coding.covers
            and _TITLE.match(between)
            and assessed <= {statement.concept}
        ):
            return replace(statement, standing=Standing.RESOLVED)
    return statement


def _item_spans(notes: tuple[NoteFacts, ...]) -> dict[tuple[int, int], tuple[int, int]]:
    """Where each list item of each note starts and ends, found once."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for index, note in enumerate(notes):
        for unit in note.units:
            start, _ = spans.get((index, unit.item), (unit.start, unit.end))
            spans[index, unit.item] = (start, unit.end)
    return spans


def _set_aside_denied_causes(notes: tuple[NoteFacts, ...], statements: list[Statement]) -> list[Statement]:
    """In "anemia, not due to CKD" the words deny a cause, and not the CKD that is stated elsewhere."""
    denied = {(i, link.cause) for i, note in enumerate(notes) for link in note.links if link.denied}
    stated = {s.concept for s in statements if s.standing not in (Standing.NEGATED, Standing.FAMILY)}
    return [
        replace(s, standing=Standing.OTHER)
        if s.standing is Standing.NEGATED and s.concept in stated and (s.note, s.condition.id) in denied
        else s
        for s in statements
    ]


def is_reason(condition: Condition) -> bool:
    """Whether the mention stands in the reason for the visit."""
    return condition.subtype in _REASON


def is_procedure(condition: Condition) -> bool:
    """Whether the mention names an operation; a past operation stays a fact of today."""
    return condition.category is ConditionCategory.PROCEDURE
