"""Conditions that stand side by side without a word of how they hang together: Q03, Q10, Q11, Q12 and Q14."""

from __future__ import annotations

import re
from collections.abc import Iterator

from suggest.engine.asks.common import STATED, Ask, node_evidence
from suggest.engine.chart import Chart
from suggest.engine.combine import Picture
from suggest.engine.statement import Standing

_NAMES_B12 = re.compile(r"b-?\s?12|cobalamin", re.IGNORECASE)
_UNTYPED: tuple[str, ...] = (
    "anemia",
    "macrocytic_anemia",
    "megaloblastic_anemia",
    "normocytic_anemia",
    "nutritional_anemia",
    "acute_on_chronic_anemia",
    "postoperative_anemia",
)
_DEFICIENCIES = ("b12_deficiency", "folate_deficiency", "iron_deficiency")
_SMALL_OR_PALE: tuple[str, ...] = ("microcytic_anemia", "hypochromic_anemia")
_MAY_BE_BLEEDING = frozenset(
    {"anemia", "normocytic_anemia", "microcytic_anemia", "hypochromic_anemia", "postoperative_anemia"}
)


def unlinked(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """Q03, Q10, Q11, Q12 and Q14: conditions that may belong together, none of them linked or denied."""
    if not picture.nodes:
        return
    anemia = next((c for c in _UNTYPED if c in picture.nodes), None)
    if not picture.nodes.keys().isdisjoint(_DEFICIENCIES):
        yield from _anemia_and_deficiency(picture, anemia)
    yield from _anemia_and_bleeding(chart, picture, anemia)
    yield from _b12_and_nerves(chart, picture)


def _anemia_and_deficiency(picture: Picture, anemia: str | None) -> Iterator[Ask]:
    hedged = {(e.cause, picture.final(e.effect)) for e in picture.hedged}
    for deficiency, query, codes in (
        ("b12_deficiency", "Q03", ("D51.9", "D64.9", "E53.8")),
        ("folate_deficiency", "Q03", ("D52.9", "D64.9", "E53.8")),
        ("iron_deficiency", "Q12", ("D50.9", "D64.9", "E61.1")),
    ):
        if anemia and deficiency in picture.nodes and (deficiency, anemia) not in hedged:
            members = {anemia} | {c for c in picture.absorbed if picture.final(c) == anemia}
            if picture.is_linked((deficiency,), members, denied=True):
                continue
            yield Ask(
                query,
                codes,
                node_evidence(picture, anemia, deficiency),
                indicators=frozenset({"anemia", "deficiency"}),
            )
    microcytic = "microcytic_anemia" in picture.nodes and "iron_deficiency" in picture.nodes
    if microcytic:
        yield Ask(
            "Q12",
            ("D50.9", "E61.1"),
            node_evidence(picture, "microcytic_anemia", "iron_deficiency"),
            indicators=frozenset({"anemia", "deficiency"}),
        )


def _anemia_and_bleeding(chart: Chart, picture: Picture, anemia: str | None) -> Iterator[Ask]:
    if anemia is None:
        anemia = next((c for c in _SMALL_OR_PALE if c in picture.nodes), None)
    sources = sorted(chart.tables.group("bleeding_source") & picture.nodes.keys())
    iron = "iron_deficiency_anemia" in picture.nodes
    if not iron and chart.choice("s36") == "do_not_ask":
        sources = []
    if sources and (iron or (anemia in _MAY_BE_BLEEDING)):
        target = "iron_deficiency_anemia" if iron else anemia
        assert target is not None
        members = {target} | {c for c in picture.absorbed if picture.final(c) == target}
        if not picture.is_linked(sources, members, denied=True) and not any(
            e.cause in sources and picture.final(e.effect) == target for e in picture.hedged
        ):
            yield Ask(
                "Q14",
                ("D50.0", "D50.9") if iron else ("D50.0", "D62", "D64.9"),
                node_evidence(picture, target, *sources),
                indicators=frozenset({"anemia", "bleeding"}),
            )


def _b12_and_nerves(chart: Chart, picture: Picture) -> Iterator[Ask]:
    b12 = sorted(chart.tables.group("b12_state") & picture.nodes.keys())
    if b12:
        etiology = (chart.coding(b12[0]) or chart.tables.coding["b12_deficiency"]).code or "E53.8"
        if "polyneuropathy" in picture.nodes and not picture.is_linked(b12, ("polyneuropathy",), denied=True):
            if chart.among(("other_neuropathy",), Standing.ASSESSED) == ():
                yield Ask(
                    "Q10",
                    ("G63", "G62.9", etiology),
                    node_evidence(picture, "polyneuropathy", b12[0]),
                    indicators=frozenset({"neuropathy", "deficiency"}),
                )
        elif (
            "dementia" in picture.nodes
            and not chart.of("other_dementia", *STATED)
            and not picture.is_linked(b12, ("dementia",), denied=True)
        ):
            yield Ask(
                "Q10",
                ("F02.80", "F03.90", etiology),
                node_evidence(picture, "dementia", b12[0]),
                indicators=frozenset({"dementia", "deficiency"}),
            )
        if "myelopathy" in picture.nodes:
            yield Ask(
                "Q11",
                ("G32.0", etiology),
                node_evidence(picture, "myelopathy", b12[0]),
                indicators=frozenset({"myelopathy", "deficiency"}),
            )
    elif "scd" in picture.nodes:
        yield Ask(
            "Q11", ("E53.8", "G32.0"), node_evidence(picture, "scd"), indicators=frozenset({"myelopathy"})
        )
    elif "myelopathy" in picture.nodes and any(
        _NAMES_B12.search(s.condition.text) for s in picture.nodes["myelopathy"].statements
    ):
        yield Ask(  # "B12 myelopathy": the name of the condition is asked, not guessed (P67)
            "Q11",
            ("E53.8", "G32.0"),
            node_evidence(picture, "myelopathy"),
            indicators=frozenset({"myelopathy"}),
        )
