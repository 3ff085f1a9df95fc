"""Treatment that no diagnosis explains: Q16, Q19 and Q21 (R08, R22)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.facts import Flag, Medication, MedicationStatus, SectionCategory
from nlp.patterns import spaced
from suggest.engine.asks.common import STATED, Ask, evidence_of, low_value, said
from suggest.engine.candidates import Draft
from suggest.engine.chart import Chart
from suggest.engine.checks import INJECTION_SITE
from suggest.engine.combine import Picture
from suggest.engine.standing import TREATMENTS
from suggest.engine.statement import Standing
from suggest.result import Kind, Necessity

_WELLNESS = spaced(
    r"\benergy\b|wellness|\bboost|vitality|weight loss|metabolism|"
    r"hangover|lipo|per (?:pt|patient) request|cash|self-?pay|cosmetic",
    re.IGNORECASE,
)
_PREMEDICATION = re.compile(
    r"pemetrexed|alimta|pralatrexate|folotyn|premedication|prophyla|\bprevent", re.IGNORECASE
)
_BY_VEIN = ("iv_iron", "esa")
# beside the states of b12_state
_ASKING_FOR_B12 = (
    "low_b12",
    "macrocytic_anemia",
    "megaloblastic_anemia",
    "other_b_group_deficiency",
    "b_vitamin_deficiency",
)
_PAST = frozenset({SectionCategory.PMH, SectionCategory.PSH})
_IN_USE = (MedicationStatus.GIVEN, MedicationStatus.STARTED, MedicationStatus.ACTIVE)


def unexplained_treatment(chart: Chart, picture: Picture, draft: Draft) -> Iterator[Ask]:
    """Q16, Q19, Q21: results or treatment that no diagnosis explains (R08, R22)."""
    wording = chart.of("low_hemoglobin", Standing.ASSESSED)
    if not wording and not chart.drug_classes:
        return
    asked = False
    if wording and not picture.has(chart.tables.group("anemia_any") - {"low_hemoglobin"}):
        yield Ask(
            "Q16",
            ("D64.9", "D50.9", "D62"),
            evidence_of(chart, wording, 2),
            indicators=frozenset({"low_hemoglobin"}),
        )
    elif not _names_anemia(chart):
        low = [
            (i, lab)
            for i, lab in chart.labs("hemoglobin")
            if lab.flag is Flag.LOW and lab.section is not SectionCategory.COPIED
        ]
        if low and not low_value(chart, "hemoglobin"):
            low = []  # the last one is normal again
        blood = [
            chart.drug_evidence(i, d)
            for i, d in chart.drugs(("transfusion",), *_IN_USE)
            if d.section not in _PAST
        ]
        iron = [
            chart.drug_evidence(i, d)
            for i, d in chart.drugs(TREATMENTS["iron"], MedicationStatus.STARTED, MedicationStatus.GIVEN)
            if d.section not in _PAST
        ]
        drop = chart.of("hemoglobin_drop", Standing.ASSESSED, Standing.NARRATED)
        if drop and (blood or iron) and not low and not said(chart, "iron_state"):
            yield Ask(
                "Q16",
                ("D62", "D64.9", "R71.0"),
                (*evidence_of(chart, drop, 1), *blood[:1], *iron[:1]),
                indicators=frozenset({"low_hemoglobin"}),
            )
        if low and (blood or iron) and not said(chart, "iron_state"):
            asked = True
            worst = min(low, key=lambda v: v[1].value if v[1].value is not None else 99.0)
            yield Ask(
                "Q16",
                ("D62", "D64.9", "D50.9"),
                (chart.lab_evidence(*worst), *blood[:1], *iron[:1]),
                indicators=frozenset({"low_hemoglobin"}),
            )
    yield from _no_indication(chart, picture, draft)
    if not asked and not chart.of("low_hemoglobin", Standing.ASSESSED):
        yield from _iron_without_indication(chart)


def _names_anemia(chart: Chart) -> bool:
    """Whether the encounter names an anemia, were it as a mere possibility or in words of no provider."""
    standings = (*STATED, Standing.INELIGIBLE, Standing.HYPOTHETICAL)
    return any(
        chart.among(concepts, *standings)
        for concepts in (chart.tables.group("anemia_any"), ("other_anemia", "pancytopenia"))
    )


def _iron_without_indication(chart: Chart) -> Iterator[Ask]:
    """Q21 for intravenous iron or an erythropoiesis-stimulating agent that nothing explains."""
    if chart.drug_classes.isdisjoint(_BY_VEIN):
        return
    if chart.among(
        chart.tables.group("anemia_any") | chart.tables.group("iron_state") | {"other_anemia"}, *STATED
    ) or any(low_value(chart, analyte) for analyte in ("ferritin", "tsat")):
        return
    given = [
        (i, d)
        for i, d in chart.drugs(_BY_VEIN, *_IN_USE)
        if i not in chart.context_notes
        and d.section not in (SectionCategory.MEDICATIONS, SectionCategory.COPIED, SectionCategory.HPI)
    ]
    if given:
        kidney = chart.among(chart.tables.group("kidney"), *STATED)
        evidence = tuple(chart.drug_evidence(i, d) for i, d in given[:2])
        codes = ("D63.1", "D50.9", "E61.1") if kidney else ("D50.9", "E61.1", "D64.9")
        yield Ask("Q21", codes, evidence, indicators=frozenset({"treatment"}))


def _no_indication(chart: Chart, picture: Picture, draft: Draft) -> Iterator[Ask]:
    """Q19 and Q21: B12 is given or ordered and no provider says what for."""
    if chart.drug_classes.isdisjoint(TREATMENTS["b12"]):
        return
    if (
        chart.among(chart.tables.group("b12_state"), *STATED)
        or chart.among(_ASKING_FOR_B12, *STATED)
        or low_value(chart, "b12")
        or any((c := chart.coding(n)) is not None and c.nutrient == "b12" for n in picture.nodes)
    ):
        return
    injected = [(i, d) for i, d in chart.treated_today("b12") if _is_done_today(chart, i, d)]
    if not injected:
        return
    texts = " ".join(n.text for i, n in enumerate(chart.notes) if i not in chart.context_notes)
    if _PREMEDICATION.search(texts) or (
        _WELLNESS.search(texts) and not chart.among(("fatigue", "numbness", "paresthesia"), Standing.ASSESSED)
    ):
        return
    evidence = tuple(chart.drug_evidence(i, d) for i, d in injected[:1])
    symptoms = [
        c for c in draft.candidates.values() if c.kind is Kind.FINDING and c.necessity is Necessity.REQUIRED
    ]
    if symptoms:
        yield Ask(
            "Q19",
            (*(c.code for c in symptoms[:3]), "E53.8"),
            (*evidence, *symptoms[0].evidence[:1]),
            indicators=frozenset({"symptom", "treatment"}),
        )
    else:
        yield Ask("Q21", ("E53.8", "D51.9"), evidence, indicators=frozenset({"treatment"}))


def _is_done_today(chart: Chart, note: int, drug: Medication) -> bool:
    """Given, or ordered where today's plan stands; a story of shots elsewhere is neither."""
    if drug.status is MedicationStatus.GIVEN:
        return True
    if drug.section in (
        SectionCategory.PLAN,
        SectionCategory.ASSESSMENT_PLAN,
        SectionCategory.ORDERS,
        SectionCategory.ASSESSMENT,
    ):
        return drug.status is MedicationStatus.STARTED or (drug.route or "") in ("IM", "SC")
    facts = chart.notes[note]
    around = facts.text[max(0, drug.start - 20) : drug.end + 400]
    return (
        not any(s.category is SectionCategory.PLAN for s in facts.sections)
        and INJECTION_SITE.search(around) is not None
    )
