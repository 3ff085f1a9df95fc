"""Results that no diagnosis explains: Q01, Q02 and Q12."""

from __future__ import annotations

from collections.abc import Iterator

from suggest.engine.asks.common import Ask, evidence_of, low_value, node_evidence, only_doubted, said
from suggest.engine.chart import Chart
from suggest.engine.combine import Picture
from suggest.engine.statement import Standing


def unexplained_results(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """Q01, Q02 and Q12: a low value, or words for one, that no provider calls a deficiency."""
    yield from _b12(chart, picture)
    yield from _iron(chart, picture)


def _b12(chart: Chart, picture: Picture) -> Iterator[Ask]:
    if "b12" in chart.analytes or "low_b12" in chart.by_concept:
        yield from _low_b12(chart, picture)
    if "borderline_b12_deficiency" in picture.nodes:
        yield Ask(
            "Q02",
            ("E53.8", "R79.89"),
            node_evidence(picture, "borderline_b12_deficiency"),
            indicators=frozenset({"low_b12"}),
        )


def _low_b12(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """Q01: a low level, or words for one, and no deficiency stated."""
    low_wording = chart.of("low_b12", Standing.ASSESSED, Standing.TREATED)
    value = low_value(chart, "b12")
    if not low_wording and not value:
        return
    b12_known = picture.has(chart.tables.group("b12_state")) or picture.has(
        ("other_b_group_deficiency", "imerslund", "transcobalamin_deficiency")
    )
    treated = [chart.drug_evidence(i, d) for i, d in chart.treated_today("b12")]
    doubted = bool(low_wording and treated) and only_doubted(chart, "b12_state")
    if not b12_known and (doubted or not said(chart, "b12_state")):
        if low_wording:
            yield Ask(
                "Q01",
                ("E53.8", "R79.89"),
                (*evidence_of(chart, low_wording), *value, *treated[:1]),
                indicators=frozenset({"low_b12"}),
            )
        else:
            yield Ask("Q01", ("E53.8", "R79.89"), (*value, *treated[:1]), indicators=frozenset({"low_b12"}))


def _iron(chart: Chart, picture: Picture) -> Iterator[Ask]:
    if "ferritin" in chart.analytes or "low_ferritin" in chart.by_concept:
        yield from _low_ferritin(chart, picture)
    if "sideropenia" in picture.nodes:
        yield Ask(
            "Q12",
            ("D50.9", "E61.1"),
            node_evidence(picture, "sideropenia"),
            indicators=frozenset({"deficiency"}),
        )


def _low_ferritin(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """Q12: a low ferritin, or words for it, and no deficiency stated."""
    wording = chart.of("low_ferritin", Standing.ASSESSED)
    value = low_value(chart, "ferritin")
    if not wording and not value:
        return
    iron_known = said(chart, "iron_state", "sideropenia")
    started = [chart.drug_evidence(i, d) for i, d in chart.treated_today("iron")]
    # a low ferritin that is treated while the deficiency is only doubted leaves the question open
    if not iron_known or (wording and started and only_doubted(chart, "iron_state", "sideropenia")):
        anemia = [
            c
            for c in ("anemia", "normocytic_anemia", "microcytic_anemia", "postoperative_anemia")
            if c in picture.nodes
        ]
        typed = picture.has(
            chart.tables.group("anemia_any")
            - {"anemia", "normocytic_anemia", "microcytic_anemia", "postoperative_anemia", "low_hemoglobin"}
        )
        if (wording or (value and started)) and not typed:
            evidence = (*evidence_of(chart, wording), *value, *started[:1], *node_evidence(picture, *anemia))
            codes = ("D50.9", "D64.9", "E61.1") if anemia else ("E61.1", "R79.89", "D50.9")
            yield Ask(
                "Q12",
                codes,
                evidence,
                indicators=frozenset({"low_ferritin", *(["anemia"] if anemia else [])}),
            )
