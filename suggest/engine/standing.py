"""What one mention is worth: who says it, of whom, when, where and how surely (R03-R14, R53, S20, S41)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from nlp.facts import (
    Assertion,
    Author,
    AuthorRole,
    Condition,
    Experiencer,
    MedicationStatus,
    ModifierSource,
    NoteFacts,
    SectionCategory,
    Temporality,
)
from nlp.patterns import spaced
from nlp.records import quick
from suggest.engine.statement import Standing
from suggest.engine.tables import tables

ASSESSED_IN = frozenset(
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

STORY_IN = frozenset(
    {SectionCategory.HPI, SectionCategory.INTERVAL, SectionCategory.HOSPITAL_COURSE, SectionCategory.UNKNOWN}
)

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

_FOR_THIS = re.compile(
    r"(?i)\bfor (?:this|it|that)\b"
)  # "History of X. She gets cyanocobalamin monthly for this"

ORDER_REACH = 140  # code points before a mention in which the words of an order are looked for

ORDER_PARAGRAPH = 600  # … and code points of its paragraph that lead to a line of its diagnosis

_REACH_OF_LABEL = 60  # code points before a sentence within which a line begins that a label may head

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

_HEDGED_LINKS = frozenset({"possible.cause", "possible.adjective"})  # "probably from", "prob 2/2"

# cues of nlp/context/cues.yaml that say "under treatment now"; words like "chronic" or "known" do not
TREATMENT_CUES = frozenset({"current.on_treatment", "current.treatment_for"})

TREATMENTS: dict[str, frozenset[str]] = {
    "b12": frozenset({"b12"}),
    "iron": frozenset({"oral_iron", "iv_iron"}),
    "folate": frozenset({"folate"}),
}


@quick
@dataclass(frozen=True, slots=True)
class Reading:
    """A note and what is asked of it for each of its mentions.

    `others` are its authors whose words are no provider's by themselves, by id. `final`: it is the
    hospital's last word, so that what is likely counts (R04, S35). `headless`: no header of an assessment
    stands in it, so that its story speaks. `doubted`: where links in doubt begin, by their cause.
    """

    note: NoteFacts
    others: Mapping[str, Author]
    final: bool
    headless: bool
    doubted: Mapping[str, int]


def not_providers(note: NoteFacts, attested: bool) -> dict[str, Author]:
    """Return, by id, the authors whose words are no provider's; `attested`: those of a resident are."""
    return {
        a.id: a
        for a in note.authors
        if a.role in _NOT_PROVIDERS and not (attested and a.role is AuthorRole.RESIDENT)
    }


def _is_provider(condition: Condition, reading: Reading) -> bool:
    note, units, index = reading.note, reading.note.units, condition.unit
    if 0 <= index < len(units):  # a label at the head of the line may give the words to somebody else
        near = max(0, units[index].start - _REACH_OF_LABEL)
        line = note.text.rfind("\n", near, condition.start) + 1
        if _OTHERS.match(note.text, max(near, line), condition.start):
            return False
    author = reading.others.get(condition.author or "")
    if author is None:
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


def _treated_in_one_breath(condition: Condition, note: NoteFacts) -> bool:
    """Whether the words behind a mention say it is treated: by a cue, or after "history of" by the drug."""
    for m in condition.modifiers:
        if m.kind == "current" and m.cue in TREATMENT_CUES:
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


def standing_of(condition: Condition, reading: Reading) -> Standing:
    """Return what a mention of a note is worth."""
    if condition.experiencer is Experiencer.FAMILY:
        if condition.assertion is Assertion.ABSENT:
            return Standing.OTHER  # "nobody in the family with anemia" says nothing of the patient
        return Standing.FAMILY if _is_provider(condition, reading) else Standing.INELIGIBLE
    if condition.experiencer is Experiencer.OTHER:
        return Standing.OTHER
    if condition.subtype == "patient_message":
        return Standing.INELIGIBLE
    if condition.subtype == "keywords" or condition.section is SectionCategory.SIGNATURE:
        return Standing.OTHER
    if condition.section is SectionCategory.COPIED:
        return Standing.COPIED
    if not _is_provider(condition, reading):
        return Standing.INELIGIBLE
    if condition.assertion is Assertion.ABSENT or condition.subtype == "excluded":
        return Standing.NEGATED
    if condition.assertion is Assertion.HYPOTHETICAL:
        return Standing.HYPOTHETICAL
    if reading.doubted and _is_fact_behind_a_hedge(condition, reading.doubted):
        return _standing_in_time(condition, reading.headless, None)
    uncertain = condition.assertion is Assertion.POSSIBLE or condition.subtype == "differential"
    if uncertain:
        diagnosed = condition.section in ASSESSED_IN and condition.subtype not in (
            "admission",
            "preoperative",
        )
        if not (reading.final and diagnosed):
            return Standing.UNCERTAIN
    return _standing_in_time(condition, reading.headless, reading.note)


def _is_fact_behind_a_hedge(condition: Condition, doubted: Mapping[str, int]) -> bool:
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


def _standing_in_time(condition: Condition, headless: bool, note: NoteFacts | None) -> Standing:
    """Standing of what a provider affirms: by its tense, then by the section it is written in.

    `note` tells whether it is treated, where that counts; without it, it is not.
    """
    if condition.temporality is Temporality.RESOLVED:
        return Standing.RESOLVED
    if condition.temporality is Temporality.HISTORICAL:
        treated = note is not None and _treated_in_one_breath(condition, note)
        for m in condition.modifiers:
            if m.kind == "historical" and m.source is ModifierSource.WORDING:
                return Standing.HISTORY_TREATED if treated else Standing.HISTORY
        return Standing.TREATED if treated else Standing.LISTED
    if condition.section in ASSESSED_IN:
        return Standing.ASSESSED
    if condition.subtype == "addendum" and condition.section is SectionCategory.UNKNOWN:
        return Standing.ASSESSED  # what is added later is there to be said (S45)
    if condition.section in _LISTS:
        treated = note is not None and _treated_in_one_breath(condition, note)
        return Standing.TREATED if treated else Standing.LISTED
    if headless and condition.section in STORY_IN:
        return Standing.ASSESSED
    if condition.section is SectionCategory.HOSPITAL_COURSE and headless:
        return Standing.ASSESSED
    if condition.section in _WEAK:
        return Standing.WEAK
    return Standing.NARRATED
