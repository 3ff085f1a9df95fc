"""Causes that the note calls likely: the condition is coded without them, and the cause is asked (S08)."""

from __future__ import annotations

from collections.abc import Iterator

from suggest.engine.asks.common import Ask, edge_evidence
from suggest.engine.chart import Chart
from suggest.engine.combine import Edge, Picture

_HEDGED: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("deficiency", "anemia_untyped", "Q03", ("D51.9", "D64.9", "E53.8")),
    ("deficiency", "anemia_morphology", "Q03", ("D51.9", "D64.9", "E53.8")),
    ("bleeding_source", "iron_state", "Q14", ("D50.0", "D50.9")),
    ("bleeding", "anemia_untyped", "Q14", ("D50.0", "D62", "D64.9")),
    ("bleeding", "iron_state", "Q14", ("D50.0", "D50.9")),
)


def hedged_causes(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """A cause that is only likely: the condition is coded without it, and the cause is asked (S08)."""
    done: set[str] = set()
    for edge in picture.hedged:
        effect = picture.final(edge.effect)
        if effect not in picture.nodes:
            continue
        ask = _hedged_ask(chart, edge, effect)
        if ask is not None and ask.query not in done:
            done.add(ask.query)
            yield ask


def _hedged_ask(chart: Chart, edge: Edge, effect: str) -> Ask | None:
    groups = chart.tables.groups
    evidence = edge_evidence(chart, edge)
    code = (chart.coding(effect) or chart.tables.coding["b12_deficiency"]).code or "E53.8"
    if edge.cause == "iron_deficiency" and effect in groups["anemia_untyped"] | groups["anemia_morphology"]:
        return Ask("Q12", ("D50.9", code, "E61.1"), evidence, indicators=frozenset({"anemia", "deficiency"}))
    for cause_group, effect_group, query, codes in _HEDGED:
        if edge.cause in groups[cause_group] and effect in groups[effect_group]:
            return Ask(
                query,
                tuple(dict.fromkeys((*codes, code))),
                evidence,
                indicators=frozenset(
                    {"anemia", "bleeding"} if "bleeding" in cause_group else {"anemia", "deficiency"}
                ),
            )
    nutrients = groups["b12_state"] | groups["iron_state"] | groups["folate_state"]
    if effect in nutrients:
        if edge.cause.startswith("drug:"):
            drug = {
                "drug:metformin": "T38.3X5A",
                "drug:ppi": "T47.1X5A",
                "drug:h2ra": "T47.0X5A",
                "drug:hydantoin": "T42.0X5A",
                "drug:antineoplastic": "T45.1X5A",
            }.get(edge.cause)
            return Ask(
                "Q06",
                (code, *((drug,) if drug else ())),
                evidence,
                indicators=frozenset({"deficiency", "drug"}),
            )
        if edge.cause in groups["surgery"]:
            return Ask(
                "Q07", (code, "K91.2", "K95.89"), evidence, indicators=frozenset({"deficiency", "surgery"})
            )
        if edge.cause in groups["malabsorption"]:
            return Ask("Q09", (code,), evidence, indicators=frozenset({"deficiency", "malabsorption"}))
        if edge.cause == "pernicious_anemia":
            return Ask("Q04", (code, "D51.0"), evidence, indicators=frozenset({"deficiency"}))
    if effect in ("polyneuropathy", "dementia", "mci") and edge.cause in groups["b12_state"]:
        return Ask(
            "Q10",
            (code, "G63" if effect == "polyneuropathy" else "F02.80", "E53.8"),
            evidence,
            indicators=frozenset({"deficiency", "neuropathy", "dementia"}),
        )
    if effect == "polyneuropathy":
        return Ask(
            "Q10",
            ("G62.9", "T45.1X5A") if edge.cause == "drug:antineoplastic" else ("G62.9", "G63"),
            evidence,
            indicators=frozenset({"neuropathy"}),
        )
    if (
        effect in groups["anemia_any"]
        and edge.cause in groups["kidney"] | groups["neoplasm"] | groups["chronic_disease"]
    ):
        return Ask("Q05", (code,), evidence, indicators=frozenset({"anemia"}))
    return None
