"""Conditions whose cause or type the note leaves open: Q04 to Q09, Q13 and Q15."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.facts import MedicationStatus
from nlp.patterns import spaced
from suggest.engine.asks.common import (
    PENDING,
    STATED,
    Ask,
    edge_evidence,
    evidence_of,
    low_value,
    node_evidence,
)
from suggest.engine.chart import Chart
from suggest.engine.combine import Picture
from suggest.engine.options import type_of_history, untyped_node
from suggest.engine.statement import Standing, Statement
from suggest.result import Role

_NEW = spaced(
    r"\bnew(?:ly)?\b|\bworse(?:ning)?\b|\bworsened\b|recently (?:found|diagnosed)|"
    r"just (?:found|diagnosed)|\bfirst (?:found|noted)|since starting|in spite of|"
    r"\bfirst (?:(?:dose|shot|injection|infusion|one) )?(?:(?:is|was|given) )?today\b|"
    r"despite",
    re.IGNORECASE,
)

_PAST_CANCER = re.compile(r"history of|h/o|\bhx\b|remission|\bNED\b|in situ|s/p|screen", re.IGNORECASE)
_MAY_BE_PERNICIOUS = ("b12_deficiency", "b12_deficiency_anemia")
_BY_SIZE = ("macrocytic_anemia", "microcytic_anemia")
_BOWEL = ("crohn", "crohn_small", "celiac")
_DEPLETING = ("metformin", "ppi", "h2ra")  # classes of drugs that lower vitamin B12


def open_causes(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """Q04 to Q09, Q13 and Q15, in that order but for what the same item or an operation suggests."""
    if picture.nodes:
        yield from _antibody(chart, picture)
        yield from _morphology(chart, picture)
        yield from _named_in_the_item(chart, picture)
    if picture.stated:
        yield from _bariatric(chart, picture)
    if picture.nodes:
        yield from _unspecified(chart, picture)
        if "neoplasm" in chart.by_concept:
            yield from _cancer(chart, picture)
        yield from _type_of_history(chart, picture)


def _antibody(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """Q04: a positive antibody beside a deficiency."""
    if picture.nodes.keys().isdisjoint(_MAY_BE_PERNICIOUS):
        return
    antibody = [(i, lab) for i, lab in chart.labs("intrinsic_factor_antibody") if lab.result == "positive"]
    positive = [chart.lab_evidence(i, lab) for i, lab in antibody] or list(
        evidence_of(
            chart, chart.of("if_antibody_positive", Standing.ASSESSED, Standing.WEAK, Standing.NARRATED)
        )
    )
    for concept in _MAY_BE_PERNICIOUS:
        if concept in picture.nodes and positive and not chart.of("pernicious_anemia", *STATED):
            code = chart.tables.coding[concept].code or "E53.8"
            yield Ask(
                "Q04",
                (code, "D51.0"),
                (*node_evidence(picture, concept), *positive[:2]),
                indicators=frozenset({"deficiency", "antibody"}),
            )


def _morphology(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """Q05: morphology without a cause."""
    groups = chart.tables.groups
    for concept in _BY_SIZE:
        if concept not in picture.nodes or picture.has(groups["deficiency"]):
            continue
        low = [e for a in ("b12", "folate", "ferritin") for e in low_value(chart, a)]
        uncertain = chart.among(
            groups["b12_state"] | groups["iron_state"] | groups["folate_state"], Standing.UNCERTAIN
        )
        text = " ".join(chart.item_text(s) for s in picture.nodes[concept].statements[:2])
        if (low or uncertain) and not (PENDING.search(text) and not low):
            code = chart.tables.coding[concept].code or "D53.9"
            extra = ("D51.9", "D52.9") if concept == "macrocytic_anemia" else ("D50.9", "D64.9")
            yield Ask(
                "Q05",
                (code, *extra),
                (*node_evidence(picture, concept), *low[:2], *evidence_of(chart, uncertain, 1)),
                indicators=frozenset({"anemia"}),
            )


def _named_in_the_item(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """Q06, Q07, Q09: a new or worse deficiency, its drug, operation or bowel disease in the item (S03)."""
    groups = chart.tables.groups
    named = not chart.by_concept.keys().isdisjoint(groups["surgery"])
    if not named and chart.by_concept.keys().isdisjoint(_BOWEL) and chart.drug_classes.isdisjoint(_DEPLETING):
        return  # nothing is named that an item could hold; its words need not be read
    for concept in sorted(groups["deficiency"] | {"b12_deficiency_anemia", "iron_deficiency_anemia"}):
        node = picture.nodes.get(concept)
        if node is None:
            continue
        code = chart.tables.coding[concept].code or "E53.8"
        for statement in node.statements:
            if statement.standing is not Standing.ASSESSED:
                continue
            text = chart.item_text(statement)
            if chart.choice("s03") == "never" or not (
                chart.choice("s03") == "whenever_documented" or _NEW.search(text)
            ):
                continue
            yield from _same_item(chart, picture, statement, code)
            break


def _bariatric(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """Q07: a deficiency laid to an operation for obesity, and nobody says malabsorption."""
    groups = chart.tables.groups
    if picture.is_linked(groups["surgery"], groups["b12_state"] | groups["iron_state"]) and not picture.has(
        ("malabsorption", "postsurgical_malabsorption")
    ):
        edge = next(e for e in picture.edges if e.cause in groups["surgery"])
        if edge.cause in ("bariatric_surgery", "gastric_band"):
            code = (
                chart.coding(picture.final(edge.effect)) or chart.tables.coding["b12_deficiency"]
            ).code or "E53.8"
            yield Ask(
                "Q07",
                (code, "K91.2", "K95.89"),
                edge_evidence(chart, edge),
                indicators=frozenset({"deficiency", "surgery"}),
            )


def _unspecified(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """Q05, Q08, Q13, Q15: a name that leaves open what its code must say."""
    if chart.choice("p90") == "unspecified_and_query" and "postoperative_anemia" in picture.nodes:
        yield Ask(
            "Q05",
            ("D62", "D64.9"),
            node_evidence(picture, "postoperative_anemia"),
            indicators=frozenset({"anemia"}),
        )
    if "autoimmune_gastritis" in picture.nodes:
        yield Ask(
            "Q08",
            ("K29.40",),
            node_evidence(picture, "autoimmune_gastritis"),
            indicators=frozenset({"gastritis"}),
        )
    if "acute_on_chronic_blood_loss_anemia" in picture.nodes:
        yield Ask(
            "Q13",
            ("D50.0", "D62"),
            node_evidence(picture, "acute_on_chronic_blood_loss_anemia"),
            indicators=frozenset({"anemia", "bleeding"}),
        )
    elif chart.setting.value == "inpatient" and "blood_loss_anemia" in picture.nodes:
        yield Ask(
            "Q13",
            ("D50.0", "D62"),
            node_evidence(picture, "blood_loss_anemia"),
            indicators=frozenset({"anemia", "bleeding"}),
        )
    if "chronic_disease_anemia" in picture.nodes:
        yield Ask(
            "Q15",
            ("D63.8", "D63.1", "D64.9"),
            node_evidence(picture, "chronic_disease_anemia"),
            indicators=frozenset({"anemia"}),
        )


def _cancer(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """Q05: anemia beside an active neoplasm."""
    groups = chart.tables.groups
    anemia = next((c for c in ("anemia", "normocytic_anemia") if c in picture.nodes), None)
    cancer = chart.of("neoplasm", Standing.ASSESSED)
    if (
        anemia
        and cancer
        and not picture.has(groups["deficiency"])
        and not picture.is_linked(("neoplasm",), (anemia,), denied=True)
    ):
        active = [s for s in cancer if not _PAST_CANCER.search(chart.item_text(s))]
        if active:
            yield Ask(
                "Q05",
                ("D63.0", "D64.81", "D64.9"),
                (*node_evidence(picture, anemia), *evidence_of(chart, active, 1)),
                indicators=frozenset({"anemia", "neoplasm"}),
            )


def _type_of_history(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """Q05: today's anemia has no type, and the history gives one (S38)."""
    node = untyped_node(picture)
    typed = type_of_history(chart, picture) if node is not None else None
    coding = chart.coding(typed.concept) if typed is not None else None
    if node is None or typed is None or coding is None or coding.code is None:
        return
    if picture.has(chart.tables.group("deficiency")) or picture.causes_of(node.concept):
        return
    if any(PENDING.search(chart.item_text(s)) for s in node.statements[:2]):
        return
    low = {"iron": "low_ferritin", "b12": "low_b12", "folate": "low_folate"}[coding.nutrient or "b12"]
    evidence = (*node.evidence[:1], chart.evidence(typed, Role.HISTORY))
    yield Ask("Q05", ("D64.9", coding.code), evidence, indicators=frozenset({"anemia", low}))


def _same_item(chart: Chart, picture: Picture, statement: Statement, code: str) -> Iterator[Ask]:
    groups = chart.tables.groups
    node = picture.final(statement.concept)
    causes = picture.causes_of(node)
    anywhere = chart.choice("s03") == "whenever_documented"
    for concept in sorted(groups["surgery"]):
        for other in chart.of(concept, *STATED):
            if (
                (anywhere or other.key == statement.key)
                and concept not in causes
                and not picture.is_linked((concept,), (statement.concept,), denied=True)
            ):
                yield Ask(
                    "Q07",
                    (code, "K91.2", "K95.89"),
                    evidence_of(chart, (statement, other)),
                    indicators=frozenset({"deficiency", "surgery"}),
                )
                return
    for concept in _BOWEL:
        for other in chart.of(concept, *STATED):
            if (anywhere or other.key == statement.key) and concept not in causes:
                yield Ask(
                    "Q09",
                    (code, "K90.0" if concept == "celiac" else "K50.918"),
                    evidence_of(chart, (statement, other)),
                    indicators=frozenset({"deficiency", "malabsorption"}),
                )
                return
    nutrient = (chart.coding(statement.concept) or chart.tables.coding["b12_deficiency"]).nutrient
    if nutrient != "b12":
        return
    for index, drug in chart.drugs(_DEPLETING):
        name = f"drug:{drug.drug_class}"
        if (
            ((index, drug.item) == statement.key or (anywhere and drug.status is MedicationStatus.ACTIVE))
            and name not in causes
            and not picture.is_linked((name,), (statement.concept,), denied=True)
        ):
            codes = {"metformin": "T38.3X5A", "ppi": "T47.1X5A", "h2ra": "T47.0X5A"}[drug.drug_class]
            yield Ask(
                "Q06",
                (code, codes),
                (chart.evidence(statement), chart.drug_evidence(index, drug)),
                indicators=frozenset({"deficiency", "drug"}),
            )
            return
