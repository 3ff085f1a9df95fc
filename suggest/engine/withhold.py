"""What a careless reader would have coded, and why it is not: refusals with their rule (promise 4)."""

from __future__ import annotations

from collections.abc import Iterator

from nlp.facts import Flag, MedicationStatus, ModifierSource
from suggest.engine.candidates import Candidate
from suggest.engine.chart import Chart
from suggest.engine.combine import Picture
from suggest.engine.current import in_remission
from suggest.engine.standing import TREATMENTS
from suggest.engine.statement import Standing, Statement
from suggest.result import Evidence, Kind, Role

_LINKABLE = (
    "anemia",
    "macrocytic_anemia",
    "megaloblastic_anemia",
    "microcytic_anemia",
    "normocytic_anemia",
    "postoperative_anemia",
    "acute_on_chronic_anemia",
)
Refusal = tuple[str, str, tuple[Evidence, ...]]  # code, rule, evidence

_BY_STANDING: dict[Standing, str] = {
    Standing.NEGATED: "R15",
    Standing.UNCERTAIN: "R03",
    Standing.HYPOTHETICAL: "R17",
    Standing.FAMILY: "R16",
    Standing.OTHER: "R16",
    Standing.COPIED: "S07",
    Standing.INELIGIBLE: "R53",
    Standing.HISTORY: "R12",
    Standing.HISTORY_TREATED: "R10",
    Standing.RESOLVED: "R13",
    Standing.LISTED: "R18",
    Standing.NARRATED: "R18",
    Standing.WEAK: "R18",
    Standing.TREATED: "R18",
    Standing.CONTEXT: "S42",
}
_DOUBTED = (Standing.UNCERTAIN, Standing.HYPOTHETICAL)
_RANK = {
    Standing.RESOLVED: 0,
    Standing.HISTORY_TREATED: 0,
    Standing.HISTORY: 1,
    Standing.UNCERTAIN: 2,
    Standing.NEGATED: 3,
    Standing.FAMILY: 4,
    Standing.HYPOTHETICAL: 5,
    Standing.COPIED: 6,
    Standing.INELIGIBLE: 6,
    Standing.LISTED: 7,
    Standing.NARRATED: 8,
    Standing.TREATED: 8,
    Standing.WEAK: 9,
    Standing.OTHER: 9,
    Standing.CONTEXT: 9,
}
_ROLE = {
    Standing.NEGATED: Role.NEGATION,
    Standing.HISTORY: Role.HISTORY,
    Standing.RESOLVED: Role.HISTORY,
    Standing.FAMILY: Role.HISTORY,
    Standing.HISTORY_TREATED: Role.HISTORY,
}
_RISK = {"metformin": "T38.3X5A", "oral_hypoglycemic": "T38.3X5A", "ppi": "T47.1X5A", "h2ra": "T47.0X5A"}


def refusals(chart: Chart, picture: Picture, refused: list[tuple[Candidate, str]]) -> Iterator[Refusal]:
    """Yield what is withheld: by status, missing link, bare results and treatment, or `refused` by a rule."""
    yield from _by_status(chart, picture)
    yield from _by_link(chart, picture)
    yield from _by_result(chart, picture)
    yield from _by_treatment(chart, picture)
    for candidate, rule in refused:
        yield candidate.code, rule, candidate.evidence[:2]
    for part in sorted(picture.absorbed):
        coding = chart.coding(part)
        if coding is not None and coding.code and _is_contained(chart, picture, part):
            yield coding.code, "R37", (chart.evidence(chart.of(part, Standing.ASSESSED)[0]),)


def _is_contained(chart: Chart, picture: Picture, part: str) -> bool:
    """Whether what the assessment states is part of another code that stands (R37)."""
    coding, container = chart.coding(part), chart.coding(picture.final(part))
    return (
        part in picture.absorbed
        and coding is not None
        and container is not None
        and bool(container.code)
        and coding.code != container.code
        and coding.symptom is None
        and bool(chart.of(part, Standing.ASSESSED))
    )


def _by_status(chart: Chart, picture: Picture) -> Iterator[Refusal]:
    for concept, statements in sorted(chart.by_concept.items()):
        coding = chart.coding(concept)
        if coding is None or coding.code is None or concept in picture.nodes:
            continue
        remission = [s for s in statements if s.standing is Standing.ASSESSED and in_remission(s)]
        if remission:
            yield coding.code, "R14", (chart.evidence(remission[0], Role.HISTORY),)
            continue
        if coding.kind is Kind.STATUS or coding.kind is Kind.SCREENING:
            continue
        refused = _DOUBTED if coding.symptom is not None else _BY_STANDING
        chosen = [s for s in statements if s.standing in refused]
        if not chosen:
            continue
        lead = chosen[0] if len(chosen) == 1 else min(chosen, key=lambda s: (_RANK[s.standing], s.place))
        if _BY_STANDING[lead.standing] == "R18" and _is_contained(chart, picture, concept):
            continue  # R37 says why: it is assessed, and another code contains it
        yield coding.code, _rule(chart, lead), (chart.evidence(lead, _ROLE.get(lead.standing, Role.CONTEXT)),)


def _rule(chart: Chart, statement: Statement) -> str:
    if statement.standing is Standing.CONTEXT and statement.note not in chart.context_notes:
        return "S46"  # another provider's words, where it is known who bills
    if statement.standing is Standing.CONTEXT:
        return chart.lapsed.get(statement.note, "S42")
    if statement.standing is Standing.LISTED and any(
        m.source is ModifierSource.SECTION for m in statement.condition.modifiers
    ):
        return "R18"
    return _BY_STANDING[statement.standing]


def _by_link(chart: Chart, picture: Picture) -> Iterator[Refusal]:
    """Combination codes that only a stated link would give (R34)."""
    if not picture.nodes and not picture.hedged:
        return
    anemia = next((c for c in _LINKABLE if c in picture.nodes), None)
    if anemia:
        for deficiency, code in (
            ("b12_deficiency", "D51.9"),
            ("iron_deficiency", "D50.9"),
            ("folate_deficiency", "D52.9"),
        ):
            if deficiency in picture.nodes:
                yield (
                    code,
                    "R34",
                    (*picture.nodes[anemia].evidence[:1], *picture.nodes[deficiency].evidence[:1]),
                )
    sources = sorted(chart.tables.group("bleeding_source") & picture.nodes.keys())
    target = "iron_deficiency_anemia" if "iron_deficiency_anemia" in picture.nodes else anemia
    if sources and target and target in picture.nodes:
        yield "D50.0", "R42", (*picture.nodes[target].evidence[:1], *picture.nodes[sources[0]].evidence[:1])
    yield from _by_partner(chart, picture)


def _by_partner(chart: Chart, picture: Picture) -> Iterator[Refusal]:
    """Codes of a manifestation, a disease or a risk that only a stated relation would give."""
    short_of_b12 = picture.has(chart.tables.group("b12_state"))
    if "polyneuropathy" in picture.nodes and short_of_b12:
        yield "G63", "S32", picture.nodes["polyneuropathy"].evidence[:1]
    if "dementia" in picture.nodes and short_of_b12:
        yield "F02.80", "S32", picture.nodes["dementia"].evidence[:1]
    if "scd" in picture.nodes and not short_of_b12:
        yield "G32.0", "S33", picture.nodes["scd"].evidence[:1]
        yield "E53.8", "S33", picture.nodes["scd"].evidence[:1]
    if "chronic_disease_anemia" in picture.nodes:
        yield "D63.8", "S26", picture.nodes["chronic_disease_anemia"].evidence[:1]
        yield "D64.9", "S26", picture.nodes["chronic_disease_anemia"].evidence[:1]
    if "other_anemia" in picture.nodes:
        yield "D64.9", "S23", picture.nodes["other_anemia"].evidence[:1]
    if short_of_b12:
        for index, drug in chart.drugs(_RISK, MedicationStatus.ACTIVE, MedicationStatus.STARTED):
            yield _RISK[drug.drug_class], "R29", (chart.drug_evidence(index, drug),)
    if short_of_b12 or picture.has(chart.tables.group("iron_state")):
        for statement in chart.among(
            ("bariatric_surgery", "gastric_band"),
            Standing.ASSESSED,
            Standing.LISTED,
            Standing.NARRATED,
            Standing.HISTORY,
        ):
            yield "K91.2", "R49", (chart.evidence(statement, Role.CONTEXT),)
            break
    for edge in picture.hedged:
        if edge.cause_statement is not None:
            coding = chart.coding(edge.cause)
            if coding is not None and coding.code and edge.cause not in picture.nodes:
                yield coding.code, "S08", (chart.evidence(edge.cause_statement, Role.CONTEXT),)


def _by_result(chart: Chart, picture: Picture) -> Iterator[Refusal]:
    """A value never makes a diagnosis (R08, R23)."""
    for analyte, group, code in (
        ("b12", "b12_state", "E53.8"),
        ("ferritin", "iron_state", "E61.1"),
        ("folate", "folate_state", "E53.8"),
    ):
        if analyte not in chart.analytes:
            continue
        if picture.has(chart.tables.group(group)) or chart.among(chart.tables.group(group)):
            continue
        for index, lab in chart.labs(analyte):
            if lab.flag is Flag.LOW:
                yield code, "R08", (chart.lab_evidence(index, lab),)
                break
    low = []
    if "hemoglobin" in chart.analytes:
        low = [(i, lab) for i, lab in chart.labs("hemoglobin") if lab.flag is Flag.LOW]
    if low and not picture.has(chart.tables.group("anemia_any")):
        evidence = (chart.lab_evidence(*low[0]),)
        for group, code in (("b12_state", "D51.9"), ("iron_state", "D50.9"), ("folate_state", "D52.9")):
            if picture.has(chart.tables.group(group)):
                yield code, "R23", evidence
        yield "D64.9", "R08", evidence
    for statement in chart.of("low_b12", Standing.ASSESSED):
        yield "E53.8", "R08", (chart.evidence(statement, Role.LAB),)
        break
    for statement in chart.of("low_ferritin", Standing.ASSESSED):
        yield "E61.1", "R08", (chart.evidence(statement, Role.LAB),)
        break


def _by_treatment(chart: Chart, picture: Picture) -> Iterator[Refusal]:
    """Treatment never implies a diagnosis (R22)."""
    if not chart.drug_classes:
        return
    for nutrient, group, code in (
        ("b12", "b12_state", "E53.8"),
        ("iron", "iron_state", "D50.9"),
        ("folate", "folate_state", "E53.8"),
    ):
        if chart.drug_classes.isdisjoint(TREATMENTS[nutrient]):
            continue
        if picture.has(chart.tables.group(group)) or chart.among(chart.tables.group(group)):
            continue
        for index, drug in chart.drugs(TREATMENTS[nutrient]):
            if drug.status is not MedicationStatus.HYPOTHETICAL:
                yield code, "R22", (chart.drug_evidence(index, drug),)
                break
