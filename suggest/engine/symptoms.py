"""Symptoms and findings beside or without a coded disease (S11, R25, R26)."""

from __future__ import annotations

from nlp.facts import SectionCategory
from suggest.engine.candidates import Draft
from suggest.engine.chart import NUTRIENT_STATES, Chart, Standing
from suggest.engine.combine import Picture
from suggest.engine.current import heads_its_item
from suggest.result import Kind, Necessity


def symptoms(chart: Chart, picture: Picture, draft: Draft) -> None:
    """Symptoms beside a coded disease are left out or optional; alone they count if they head a problem."""
    anemia = picture.has(chart.tables.group("anemia_any"))
    deficiency = picture.has(chart.tables.group("deficiency"))
    for concept in list(picture.nodes):
        coding = chart.coding(concept)
        if coding is None or coding.symptom is None or coding.code is None or coding.code not in draft:
            continue
        node = picture.nodes[concept]
        is_blood = coding.code.startswith(
            "D"
        )  # macrocytosis from alcohol stays: no symptom code, and no part of its cause
        caused = _caused_by_ours(chart, picture, concept)
        assessed = [s for s in node.statements if s.standing is Standing.ASSESSED]
        heads = any(
            heads_its_item(chart, s) and s.condition.section is not SectionCategory.HOSPITAL_COURSE
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
        elif (anemia or deficiency) or (not is_blood and _explained_elsewhere(picture, concept)):
            draft.change(coding.code, necessity=Necessity.OPTIONAL)
    if anemia:
        for code in ("R71.0", "R71.8"):
            draft.drop(code)


def _caused_by_ours(chart: Chart, picture: Picture, concept: str) -> bool:
    ours = {c for name in NUTRIENT_STATES for c in chart.tables.group(name)} | set(
        chart.tables.group("anemia_any")
    )
    return bool(picture.causes_of(concept) & ours)


def _explained_elsewhere(picture: Picture, concept: str) -> bool:
    return any(e.effect == concept for e in picture.edges)
