"""Symptoms and findings beside or without a coded disease (S11, R25, R26)."""

from __future__ import annotations

import re

from nlp.facts import SectionCategory
from suggest.engine.candidates import Draft
from suggest.engine.chart import Chart
from suggest.engine.combine import Picture
from suggest.engine.current import heads_its_item
from suggest.engine.statement import Standing
from suggest.result import Kind, Necessity

# the provider calls the antibody significant (P11); "significance?" asks
_SIGNIFICANT = re.compile(r"(?<!not )(?<!in)\b(?:clinically )?significant\b", re.IGNORECASE)
# the states that explain a result which the assessment names (S11, P154-P158)
_STATES_OF = {
    "low_ferritin": ("iron_state",),
    "low_serum_iron": ("iron_state",),
    "elevated_mma": ("b12_state",),
    "hyperhomocysteinemia": ("b12_state", "folate_state"),
    "homocysteinemia": ("b12_state", "folate_state"),
    "low_folate": ("folate_state",),
}


def symptoms(chart: Chart, picture: Picture, draft: Draft) -> None:
    """Symptoms beside a coded disease are left out or optional; alone they count if they head a problem."""
    if not draft.candidates:
        return
    anemia = picture.has(chart.tables.group("anemia_any"))
    deficiency = picture.has(chart.tables.group("deficiency"))
    for concept in list(picture.nodes):
        coding = chart.coding(concept)
        if (
            coding is None
            or coding.symptom is None
            or coding.code is None
            or coding.code not in draft.candidates
        ):
            continue
        node = picture.nodes[concept]
        is_blood = coding.code.startswith(
            "D"
        )  # macrocytosis from alcohol stays: no symptom code, and no part of its cause
        caused = _caused_by_ours(chart, picture, concept)
        assessed = [s for s in node.statements if s.standing is Standing.ASSESSED]
        heads = any(
            heads_its_item(chart, s)
            and s.condition.section is not SectionCategory.HOSPITAL_COURSE
            and not (s.condition.section is SectionCategory.INDICATION and _is_operative(chart, s.note))
            for s in assessed
        )
        if caused and coding.symptom == "kept":
            etiology = tuple(
                c.code
                for c in draft.candidates.values()
                if c.kind is Kind.CONDITION and c.code.startswith(("E53", "E61", "D5"))
            )
            draft.change(
                coding.code, rules=("P73", *draft.candidates[coding.code].rules), chain=3, after=etiology
            )
        elif (coding.symptom == "absorbed" and (anemia or deficiency)) or not heads:
            draft.drop(coding.code)
        elif _stands_for_itself(chart, picture, concept):
            continue
        elif (anemia or deficiency) or (not is_blood and _explained_elsewhere(picture, concept)):
            draft.change(coding.code, necessity=Necessity.OPTIONAL)
    antibody = picture.nodes.get("if_antibody_positive")
    if antibody is not None and any(_SIGNIFICANT.search(chart.item_text(s)) for s in antibody.statements):
        draft.change("R76.89", necessity=Necessity.REQUIRED)
    if anemia:
        for code in ("R71.0", "R71.8"):
            draft.drop(code)


def _is_operative(chart: Chart, note: int) -> bool:
    """Whether the note tells of an operation: its diagnoses explain the complaints that led to it (R25)."""
    return any(section.subtype in ("preoperative", "postoperative") for section in chart.notes[note].sections)


def _stands_for_itself(chart: Chart, picture: Picture, concept: str) -> bool:
    """Whether a named result is explained by no coded diagnosis: low ferritin beside B12 deficiency (S11)."""
    states = _STATES_OF.get(concept)
    if states is None:
        return False
    return not any(picture.has(chart.tables.group(state)) for state in states)


def _caused_by_ours(chart: Chart, picture: Picture, concept: str) -> bool:
    if "low_b12" in picture.causes_of(concept) and picture.has(chart.tables.group("b12_state")):
        return True  # "the tingling is from the low B12", and the deficiency is diagnosed beside it
    causes = picture.causes_of(concept)
    return bool(causes & chart.tables.nutrient_states or causes & chart.tables.group("anemia_any"))


def _explained_elsewhere(picture: Picture, concept: str) -> bool:
    return any(e.effect == concept for e in picture.edges)
