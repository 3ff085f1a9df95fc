"""Stated diagnoses that every result of the record speaks against (R24): the code stays, a person is told."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.facts import Flag, LabValue, SectionCategory
from suggest.engine.chart import Chart
from suggest.engine.combine import Picture
from suggest.engine.standing import TREATMENT_CUES
from suggest.result import Evidence

# concept -> the analytes of which one must be known, and none of which may bear the diagnosis out
_DECIDING: dict[str, tuple[str, ...]] = {
    "b12_deficiency": ("b12",),
    "iron_deficiency": ("ferritin",),
    "iron_deficiency_anemia": ("ferritin", "hemoglobin"),
}
_BEARING_OUT: dict[str, tuple[str, ...]] = {
    "b12_deficiency": ("b12", "mma", "holotc", "homocysteine"),
    "iron_deficiency": ("ferritin", "tsat", "iron", "tibc"),
    "iron_deficiency_anemia": ("ferritin", "tsat", "iron", "tibc", "hemoglobin", "hematocrit", "mcv"),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A diagnosis of the assessment and the results that speak against it."""

    concept: str
    evidence: tuple[Evidence, ...]


def doubts(chart: Chart, picture: Picture) -> tuple[Doubt, ...]:
    """Return the diagnoses whose results are all normal though nothing treats them.

    A normal level on treatment contradicts nothing (R13), and an old, pasted result tells nothing of today.
    """
    if picture.nodes.keys().isdisjoint(_DECIDING) or not chart.analytes:
        return ()
    return tuple(doubt for concept in _DECIDING if (doubt := _doubt(chart, picture, concept)) is not None)


def _doubt(chart: Chart, picture: Picture, concept: str) -> Doubt | None:
    node = picture.nodes.get(concept)
    coding = chart.coding(concept)
    if node is None or coding is None or chart.on_drug(coding.nutrient):
        return None
    if any(m.cue in TREATMENT_CUES for s in node.statements for m in s.condition.modifiers):
        return None
    known = [v for v in chart.labs(*_BEARING_OUT[concept]) if _tells(v[1])]
    if any(lab.flag is not Flag.NORMAL for _, lab in known):
        return None
    # without the interval of its own laboratory a value near the limit contradicts nothing
    deciding = [
        (i, lab) for i, lab in known if lab.analyte in _DECIDING[concept] and lab.reference_low is not None
    ]
    if {lab.analyte for _, lab in deciding} != set(_DECIDING[concept]):
        return None
    return Doubt(concept, (*node.evidence[:1], *(chart.lab_evidence(i, lab) for i, lab in deciding[:3])))


def _tells(lab: LabValue) -> bool:
    return lab.flag is not None and lab.section is not SectionCategory.COPIED
