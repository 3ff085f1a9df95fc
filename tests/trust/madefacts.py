"""Facts of notes that nobody wrote: any concept said in any way, with results, drugs and links beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st

from nlp.concepts.load import lexicon
from nlp.facts import (
    Amount,
    Assertion,
    Condition,
    ConditionCategory,
    Experiencer,
    Flag,
    LabValue,
    Link,
    Medication,
    MedicationStatus,
    Modifier,
    ModifierSource,
    NoteFacts,
    Section,
    SectionCategory,
    Temporality,
    Unit,
)
from suggest.engine.tables import tables

_MARKED = re.compile(r"\[\[([^\]|]+)(?:\|[^\]]*)?\]\]")
# What a reader writes behind each meaning, and the cue that it would name.
_CUES = {
    Assertion.ABSENT: ("negated", "absent.no", "no"),
    Assertion.POSSIBLE: ("possible", "possible.adjective", "possible"),
    Assertion.HYPOTHETICAL: ("hypothetical", "hypothetical.screen", "watch for"),
    Temporality.HISTORICAL: ("historical", "past.history_of", "history of"),
    Temporality.RESOLVED: ("resolved", "resolved.forward", "resolved"),
    Experiencer.FAMILY: ("family", "family.relative", "mother had"),
    Experiencer.OTHER: ("other", "other.person", "her neighbor has"),
}
SECTIONS = (
    (SectionCategory.HPI, "HPI:"),
    (SectionCategory.PMH, "PMH:"),
    (SectionCategory.PROBLEM_LIST, "Problem list:"),
    (SectionCategory.MEDICATIONS, "Medications:"),
    (SectionCategory.LABS, "Labs:"),
    (SectionCategory.ASSESSMENT_PLAN, "A/P:"),
    (SectionCategory.DIAGNOSES, "Diagnoses:"),
    (SectionCategory.IMPRESSION, "Impression:"),
)
LABS = (
    ("b12", 120.0, "pg/mL", Flag.LOW),
    ("ferritin", 4.0, "ng/mL", Flag.LOW),
    ("hemoglobin", 8.1, "g/dL", Flag.LOW),
    ("mcv", 112.0, "fL", Flag.HIGH),
    ("folate", 1.9, "ng/mL", Flag.LOW),
    ("mma", 900.0, "nmol/L", Flag.HIGH),
    ("egfr", 22.0, "mL/min", Flag.LOW),
)
DRUGS = (
    ("cyanocobalamin", "b12", "IM"),
    ("ferrous sulfate", "oral_iron", "PO"),
    ("iron sucrose", "iv_iron", "IV"),
    ("folic acid", "folate", "PO"),
    ("metformin", "metformin", "PO"),
    ("omeprazole", "ppi", "PO"),
    ("famotidine", "h2ra", "PO"),
    ("phenytoin", "hydantoin", "PO"),
    ("methotrexate", "antineoplastic", "PO"),
    ("packed red cells", "transfusion", "IV"),
    ("epoetin", "esa", "SC"),
)


@cache
def vocabulary() -> dict[str, tuple[ConditionCategory, str]]:
    """Category and words of each concept, the words from the example that its entry shows."""
    found: dict[str, tuple[ConditionCategory, str]] = {}
    for rule in lexicon():
        shown = _MARKED.search(rule.example)
        if rule.category is not None and shown:
            for name in rule.concepts:
                found.setdefault(name, (rule.category, shown[1]))
    return found


@cache
def concepts() -> tuple[str, ...]:
    """The concepts that the tables of coding know and that words can name."""
    named = set(vocabulary())
    grouped = {c for group in tables().groups.values() for c in group if not c.startswith("drug:")}
    return tuple(sorted(named & (set(tables().coding) | grouped)))


@dataclass(frozen=True, slots=True)
class Said:
    """A concept as it is to be said."""

    concept: str
    section: int
    assertion: Assertion = Assertion.PRESENT
    temporality: Temporality = Temporality.CURRENT
    experiencer: Experiencer = Experiencer.PATIENT


@dataclass(frozen=True, slots=True)
class Plan:
    """What a made note holds; a link is cause, effect, hedged, denied, by place among `said` and `drugs`."""

    said: tuple[Said, ...] = ()
    labs: tuple[int, ...] = ()
    drugs: tuple[tuple[int, MedicationStatus], ...] = ()
    links: tuple[tuple[int, int, bool, bool], ...] = ()


class _Writer:
    """Puts lines down one behind the other, and knows where each stands."""

    def __init__(self) -> None:
        self.text = ""
        self.sections: list[Section] = []
        self.units: list[Unit] = []

    def open(self, category: SectionCategory, title: str) -> None:
        self.close()
        start = len(self.text)
        self.text += title + "\n"
        self.sections.append(Section("n", category, title, start, len(self.text), len(self.text)))

    def line(self, before: str, words: str) -> tuple[int, int, int]:
        """Write a line; return start and end of the words, and the place of the unit."""
        begin = len(self.text)
        start = begin + len(before) + bool(before)
        self.text += f"{before} {words}.\n".lstrip()
        self.units.append(Unit(begin, len(self.text) - 1, len(self.sections) - 1, len(self.units), 0))
        return start, start + len(words), len(self.units) - 1

    def close(self) -> None:
        if self.sections:
            last = self.sections.pop()
            ended = Section(
                "n", last.category, last.title, last.start, len(self.text), last.body_start, last.subtype
            )
            self.sections.append(ended)


def note_of(plan: Plan) -> NoteFacts:
    """Write the note that a plan asks for, and the facts that it holds."""
    writer = _Writer()
    conditions: dict[int, Condition] = {}
    for place, (category, title) in enumerate(SECTIONS):
        own = [(i, said) for i, said in enumerate(plan.said) if said.section == place]
        if own:
            writer.open(category, title)
        for index, said in own:
            conditions[index] = _condition(writer, index, said, category)
    labs, drugs = _results(writer, plan), _drugs(writer, plan)
    ends: list[Any] = [conditions[i] for i in range(len(plan.said))] + drugs
    links = []
    for cause, effect, hedged, denied in plan.links:
        one, other = ends[cause % len(ends)], ends[effect % len(ends)]
        if one is not other and isinstance(other, Condition):
            line = writer.line("", "due to")
            links.append(Link(one.id, other.id, denied, hedged, "n", line[0], line[1], "due to"))
    writer.close()
    return NoteFacts(
        note_id="n",
        text=writer.text,
        sections=tuple(writer.sections),
        units=tuple(writer.units),
        conditions=tuple(sorted(conditions.values(), key=lambda c: c.start)),
        labs=tuple(labs),
        medications=tuple(drugs),
        links=tuple(links),
    )


def _condition(writer: _Writer, index: int, said: Said, category: SectionCategory) -> Condition:
    meant = [_CUES[x] for x in (said.experiencer, said.assertion, said.temporality) if x in _CUES]
    kind, words = vocabulary()[said.concept]
    begin = len(writer.text)
    start, end, unit = writer.line(" ".join(cue[2] for cue in meant), words)
    modifiers, at = [], begin
    for name, cue, text in meant:
        modifiers.append(Modifier(name, at, at + len(text), text, ModifierSource.WORDING, cue))
        at += len(text) + 1
    return Condition(
        id=f"c{index + 1}",
        note_id="n",
        concept=said.concept,
        category=kind,
        start=start,
        end=end,
        text=words,
        section=category,
        assertion=said.assertion,
        temporality=said.temporality,
        experiencer=said.experiencer,
        modifiers=tuple(modifiers),
        unit=unit,
        item=unit,
    )


def _results(writer: _Writer, plan: Plan) -> list[LabValue]:
    found: list[LabValue] = []
    if plan.labs:
        writer.open(SectionCategory.LABS, "Results:")
    for number, index in enumerate(plan.labs, 1):
        analyte, value, unit, flag = LABS[index]
        words = f"{analyte} {value} {unit} ({flag.value})"
        start, end, place = writer.line("", words)
        found.append(
            LabValue(
                f"l{number}",
                "n",
                analyte,
                value,
                None,
                None,
                unit,
                None,
                None,
                flag,
                True,
                None,
                start,
                end,
                words,
                SectionCategory.LABS,
                place,
                place,
            )
        )
    return found


def _drugs(writer: _Writer, plan: Plan) -> list[Medication]:
    found: list[Medication] = []
    if plan.drugs:
        writer.open(SectionCategory.PLAN, "Plan:")
    for number, (index, status) in enumerate(plan.drugs, 1):
        drug, drug_class, route = DRUGS[index]
        start, end, place = writer.line("", drug)
        found.append(
            Medication(
                f"m{number}",
                "n",
                drug,
                route,
                Amount(1000.0, "mcg"),
                None,
                None,
                "monthly",
                status,
                start,
                end,
                drug,
                SectionCategory.PLAN,
                drug_class,
                place,
                place,
            )
        )
    return found


def plans(
    *,
    assertions: tuple[Assertion, ...] = tuple(Assertion),
    temporalities: tuple[Temporality, ...] = tuple(Temporality),
    experiencers: tuple[Experiencer, ...] = tuple(Experiencer),
    most: int = 7,
) -> st.SearchStrategy[Plan]:
    """Any note whose conditions are meant in the ways given; the first of each way weighs most."""
    said = st.builds(
        Said,
        st.sampled_from(concepts()),
        st.integers(0, len(SECTIONS) - 1),
        st.sampled_from((assertions[0],) * 3 + assertions),
        st.sampled_from((temporalities[0],) * 3 + temporalities),
        st.sampled_from((experiencers[0],) * 3 + experiencers),
    )
    ends = st.integers(0, most + 1)
    return st.builds(
        Plan,
        st.lists(said, min_size=1, max_size=most).map(tuple),
        st.lists(st.integers(0, len(LABS) - 1), max_size=3).map(tuple),
        st.lists(
            st.tuples(st.integers(0, len(DRUGS) - 1), st.sampled_from(MedicationStatus)), max_size=2
        ).map(tuple),
        st.lists(st.tuples(ends, ends, st.booleans(), st.booleans()), max_size=4).map(tuple),
    )
