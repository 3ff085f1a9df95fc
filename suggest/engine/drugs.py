"""Adverse effects of drugs and drug status (R27-R29, P30-P33, P119, P123, S02)."""

from __future__ import annotations

from dataclasses import replace

from nlp.facts import Medication, MedicationStatus
from suggest.engine.candidates import CHAIN, Candidate, Draft
from suggest.engine.chart import Chart
from suggest.engine.combine import Picture
from suggest.result import Band, Kind, Necessity, Role

_ADVERSE = {
    "metformin": ("T38.3X5", "Z79.84"),
    "oral_hypoglycemic": ("T38.3X5", "Z79.84"),
    "ppi": ("T47.1X5", "Z79.899"),
    "antacid": ("T47.1X5", "Z79.899"),
    "h2ra": ("T47.0X5", "Z79.899"),
    "hydantoin": ("T42.0X5", "Z79.899"),
    "antineoplastic": ("T45.1X5", None),
}

_EFFECTS = ("chemotherapy_anemia", "polyneuropathy", "pancytopenia", "macrocytosis")

_MENTIONS = 4  # of a drug, shown as evidence that it is taken


def drugs(chart: Chart, picture: Picture, draft: Draft) -> None:
    """An adverse effect where the provider names the drug as the cause; drug status codes beside it."""
    for edge in picture.edges:
        if not edge.cause.startswith("drug:") or edge.cause[5:] not in _ADVERSE:
            continue
        target = picture.final(edge.effect)
        if target not in picture.nodes or not (
            target in _EFFECTS
            or target in chart.tables.nutrient_states
            or target in chart.tables.group("anemia_any")
        ):
            continue
        stem, status = _ADVERSE[edge.cause[5:]]
        node = picture.nodes[target]
        coding = chart.coding(target)
        effect_code = coding.code if coding is not None else None
        drug = next(d for d in chart.notes[edge.note].medications if d.id == edge.link.cause)
        code = stem + "A"
        section = drug.section.value
        draft.add(
            Candidate(
                code,
                Kind.ADVERSE_EFFECT,
                "current",
                Necessity.REQUIRED,
                Band.CODE,
                (
                    chart.cut(edge.note, edge.link.start, edge.link.end, section, Role.LINKAGE),
                    chart.drug_evidence(edge.note, drug),
                ),
                ("R28", "R29", "R27"),
                node.place,
                CHAIN[Kind.ADVERSE_EFFECT],
                after=(effect_code,) if effect_code else (),
                concept=edge.cause,
            )
        )
        if status and drug.status is not MedicationStatus.STOPPED:
            draft.add(_drug_status(chart, status, edge.note, drug, node.place, Necessity.REQUIRED))
    if "chemotherapy_anemia" in picture.nodes and "T45.1X5A" not in draft.candidates:
        node = picture.nodes["chemotherapy_anemia"]
        draft.add(
            Candidate(
                "T45.1X5A",
                Kind.ADVERSE_EFFECT,
                "current",
                Necessity.REQUIRED,
                Band.CODE,
                tuple(replace(e, role=Role.LINKAGE) for e in node.evidence[:1]),
                ("P119", "R28"),
                node.place,
                CHAIN[Kind.ADVERSE_EFFECT],
                after=("D64.81",),
                concept="drug:antineoplastic",
            )
        )


def _drug_status(
    chart: Chart, code: str, note: int, drug: Medication, place: tuple[int, int], necessity: Necessity
) -> Candidate:
    taken = [(note, drug)]
    for index, other in chart.drugs((drug.drug_class,)):
        if other is not drug and other.status is not MedicationStatus.STOPPED:
            taken.append((index, other))
    evidence = tuple(replace(chart.drug_evidence(i, d), role=Role.CONTEXT) for i, d in taken[:_MENTIONS])
    return Candidate(
        code,
        Kind.STATUS,
        "current",
        necessity,
        Band.CODE,
        evidence,
        ("S02",),
        place,
        6,
        concept="drug_status",
    )
