"""When the provider must be asked: the triggers of Q01-Q21 (section G, S03, S27, S36, S39)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nlp.facts import Flag, Medication, MedicationStatus, SectionCategory
from suggest.engine.candidates import Draft
from suggest.engine.chart import TREATMENTS, Chart, Standing, Statement
from suggest.engine.checks import INJECTION_SITE
from suggest.engine.combine import Edge, Picture
from suggest.engine.current import in_assessment, in_remission
from suggest.engine.options import type_of_history, untyped_node
from suggest.engine.validation import doubts
from suggest.result import Evidence, Kind, Necessity, Role


@dataclass(frozen=True, slots=True)
class Ask:
    """A query to be written: its id, the codes that its answers could lead to, and what in the note gives rise to it."""

    query: str
    codes: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    fills: dict[str, str] = field(default_factory=dict)
    indicators: frozenset[str] = frozenset()


_PENDING = re.compile(
    r"\bpending\b|work-?up (?:in progress|underway|sent|started|ongoing|pending)|\bsent\b|await|to be determined|will (?:check|send|get|order|obtain)|"
    r"\bcheck\b|results? (?:out|not back)|refer(?:red|ral)?\b[^.]{0,30}(?:gi|hem)",
    re.IGNORECASE,
)
_NEW = re.compile(
    r"\bnew(?:ly)?\b|\bworse(?:ning)?\b|\bworsened\b|recently (?:found|diagnosed)|just (?:found|diagnosed)|\bfirst (?:found|noted)|since starting|in spite of|despite",
    re.IGNORECASE,
)
_WELLNESS = re.compile(
    r"\benergy\b|wellness|\bboost|vitality|weight loss|metabolism|hangover|lipo|per (?:pt|patient) request|cash|self-?pay|cosmetic",
    re.IGNORECASE,
)
_PREMEDICATION = re.compile(
    r"pemetrexed|alimta|pralatrexate|folotyn|premedication|prophyla|\bprevent", re.IGNORECASE
)
_NAMES_B12 = re.compile(r"b-?\s?12|cobalamin", re.IGNORECASE)
_STATED = (
    Standing.ASSESSED, Standing.TREATED, Standing.NARRATED, Standing.LISTED, Standing.HISTORY, Standing.HISTORY_TREATED,
    Standing.RESOLVED, Standing.UNCERTAIN, Standing.WEAK,
)  # fmt: skip


_MAY_BE_BLEEDING = frozenset(
    {"anemia", "normocytic_anemia", "microcytic_anemia", "hypochromic_anemia", "postoperative_anemia"}
)


def asks(
    chart: Chart, picture: Picture, draft: Draft, current_denied: Iterable[tuple[Statement, Statement]]
) -> Iterator[Ask]:
    """Yield the queries that the encounter calls for, one for each topic, in a fixed order."""
    yield from _results(chart, picture, draft)
    yield from _unlinked(chart, picture, draft)
    yield from _hedged(chart, picture, draft)
    yield from _causes(chart, picture, draft)
    yield from _status(chart, picture, draft)
    yield from _conflicts(chart, picture, draft, current_denied)
    yield from _treatment(chart, picture, draft)
    for doubt in doubts(chart, picture):
        code = chart.tables.coding[doubt.concept].code
        assert code is not None
        yield Ask("Q20", (code,), doubt.evidence, indicators=frozenset({"conflict"}))


def _evidence(chart: Chart, statements: Iterable[Statement], most: int = 3) -> tuple[Evidence, ...]:
    return tuple(chart.evidence(s) for s in list(statements)[:most])


def _node_evidence(picture: Picture, *concepts: str) -> tuple[Evidence, ...]:
    return tuple(e for c in concepts if c in picture.nodes for e in picture.nodes[c].evidence[:1])


def _said(chart: Chart, group: str, *extra: str) -> bool:
    return bool(chart.among((*chart.tables.group(group), *extra), *_STATED, Standing.SUPERSEDED))


def _low(chart: Chart, analyte: str) -> list[Evidence]:
    """Low values of the analyte, if the latest one is low."""
    values = [
        (i, lab)
        for i, lab in chart.labs(analyte)
        if lab.section is not SectionCategory.COPIED and i not in chart.context_notes
    ]
    if not values:
        return []
    dated = [v for v in values if v[1].date]
    last = max(dated, key=lambda v: (v[1].date or "", v[1].start)) if dated else values[-1]
    if last[1].flag is not Flag.LOW:
        return []
    return [chart.lab_evidence(*last)]


def _results(chart: Chart, picture: Picture, draft: Draft) -> Iterator[Ask]:
    b12_known = picture.has(chart.tables.group("b12_state")) or picture.has(
        ("other_b_group_deficiency", "imerslund", "transcobalamin_deficiency")
    )
    low_wording = chart.of("low_b12", Standing.ASSESSED, Standing.TREATED)
    treated = [chart.drug_evidence(i, d) for i, d in chart.treated_today("b12")]
    if not b12_known and not _said(chart, "b12_state"):
        value = _low(chart, "b12")
        if low_wording:
            yield Ask(
                "Q01",
                ("E53.8", "R79.89"),
                (*_evidence(chart, low_wording), *value, *treated[:1]),
                indicators=frozenset({"low_b12"}),
            )
        elif value:
            yield Ask("Q01", ("E53.8", "R79.89"), (*value, *treated[:1]), indicators=frozenset({"low_b12"}))
    if "borderline_b12_deficiency" in picture.nodes:
        yield Ask(
            "Q02",
            ("E53.8", "R79.89"),
            _node_evidence(picture, "borderline_b12_deficiency"),
            indicators=frozenset({"low_b12"}),
        )
    iron_known = _said(chart, "iron_state", "sideropenia")
    if not iron_known:
        wording = chart.of("low_ferritin", Standing.ASSESSED)
        value = _low(chart, "ferritin")
        started = [chart.drug_evidence(i, d) for i, d in chart.treated_today("iron")]
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
            evidence = (*_evidence(chart, wording), *value, *started[:1], *_node_evidence(picture, *anemia))
            codes = ("D50.9", "D64.9", "E61.1") if anemia else ("E61.1", "R79.89", "D50.9")
            yield Ask(
                "Q12",
                codes,
                evidence,
                indicators=frozenset({"low_ferritin", *(["anemia"] if anemia else [])}),
            )
    if "sideropenia" in picture.nodes:
        yield Ask(
            "Q12",
            ("D50.9", "E61.1"),
            _node_evidence(picture, "sideropenia"),
            indicators=frozenset({"deficiency"}),
        )


def _unlinked(chart: Chart, picture: Picture, draft: Draft) -> Iterator[Ask]:
    anemia = next(
        (
            c
            for c in (
                "anemia",
                "macrocytic_anemia",
                "megaloblastic_anemia",
                "normocytic_anemia",
                "nutritional_anemia",
                "acute_on_chronic_anemia",
                "postoperative_anemia",
            )
            if c in picture.nodes
        ),
        None,
    )
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
                _node_evidence(picture, anemia, deficiency),
                indicators=frozenset({"anemia", "deficiency"}),
            )
    microcytic = "microcytic_anemia" in picture.nodes and "iron_deficiency" in picture.nodes
    if microcytic:
        yield Ask(
            "Q12",
            ("D50.9", "E61.1"),
            _node_evidence(picture, "microcytic_anemia", "iron_deficiency"),
            indicators=frozenset({"anemia", "deficiency"}),
        )
    if anemia is None:
        anemia = next((c for c in ("microcytic_anemia", "hypochromic_anemia") if c in picture.nodes), None)
    sources = [c for c in sorted(chart.tables.group("bleeding_source")) if c in picture.nodes]
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
                _node_evidence(picture, target, *sources),
                indicators=frozenset({"anemia", "bleeding"}),
            )
    b12 = [c for c in sorted(chart.tables.group("b12_state")) if c in picture.nodes]
    if b12:
        etiology = (chart.coding(b12[0]) or chart.tables.coding["b12_deficiency"]).code or "E53.8"
        if "polyneuropathy" in picture.nodes and not picture.is_linked(b12, ("polyneuropathy",), denied=True):
            if chart.among(("other_neuropathy",), Standing.ASSESSED) == ():
                yield Ask(
                    "Q10",
                    ("G63", "G62.9", etiology),
                    _node_evidence(picture, "polyneuropathy", b12[0]),
                    indicators=frozenset({"neuropathy", "deficiency"}),
                )
        elif (
            "dementia" in picture.nodes
            and not chart.of("other_dementia", *_STATED)
            and not picture.is_linked(b12, ("dementia",), denied=True)
        ):
            yield Ask(
                "Q10",
                ("F02.80", "F03.90", etiology),
                _node_evidence(picture, "dementia", b12[0]),
                indicators=frozenset({"dementia", "deficiency"}),
            )
        if "myelopathy" in picture.nodes:
            yield Ask(
                "Q11",
                ("G32.0", etiology),
                _node_evidence(picture, "myelopathy", b12[0]),
                indicators=frozenset({"myelopathy", "deficiency"}),
            )
    elif "scd" in picture.nodes:
        yield Ask(
            "Q11", ("E53.8", "G32.0"), _node_evidence(picture, "scd"), indicators=frozenset({"myelopathy"})
        )
    elif "myelopathy" in picture.nodes and any(
        _NAMES_B12.search(s.condition.text) for s in picture.nodes["myelopathy"].statements
    ):
        yield Ask(  # "B12 myelopathy": the name of the condition is asked, not guessed (P67)
            "Q11",
            ("E53.8", "G32.0"),
            _node_evidence(picture, "myelopathy"),
            indicators=frozenset({"myelopathy"}),
        )


_HEDGED: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("deficiency", "anemia_untyped", "Q03", ("D51.9", "D64.9", "E53.8")),
    ("deficiency", "anemia_morphology", "Q03", ("D51.9", "D64.9", "E53.8")),
    ("bleeding_source", "iron_state", "Q14", ("D50.0", "D50.9")),
    ("bleeding", "anemia_untyped", "Q14", ("D50.0", "D62", "D64.9")),
    ("bleeding", "iron_state", "Q14", ("D50.0", "D50.9")),
)


def _hedged(chart: Chart, picture: Picture, draft: Draft) -> Iterator[Ask]:
    """A cause that is only likely: the condition is coded without it, and the cause is asked (S08)."""
    done: set[str] = set()
    for edge in picture.hedged:
        effect = picture.final(edge.effect)
        if effect not in picture.nodes:
            continue
        ask = _hedged_ask(chart, picture, edge, effect)
        if ask is not None and ask.query not in done:
            done.add(ask.query)
            yield ask


def _hedged_ask(chart: Chart, picture: Picture, edge: Edge, effect: str) -> Ask | None:
    groups = chart.tables.groups
    evidence = _edge_evidence(chart, edge)
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


def _edge_evidence(chart: Chart, edge: Edge) -> tuple[Evidence, ...]:
    found: list[Evidence] = []
    if edge.effect_statement is not None:
        found.append(chart.evidence(edge.effect_statement))
    section = edge.effect_statement.condition.section.value if edge.effect_statement else "unknown"
    found.append(chart.cut(edge.note, edge.link.start, edge.link.end, section, Role.LINKAGE))
    if edge.cause_statement is not None:
        found.append(chart.evidence(edge.cause_statement, Role.CONTEXT))
    else:
        drug = next((d for d in chart.notes[edge.note].medications if d.id == edge.link.cause), None)
        if drug is not None:
            found.append(chart.drug_evidence(edge.note, drug))
    return tuple(found)


def _causes(chart: Chart, picture: Picture, draft: Draft) -> Iterator[Ask]:
    groups = chart.tables.groups
    # Q04: a positive antibody beside a deficiency
    antibody = [(i, lab) for i, lab in chart.labs("intrinsic_factor_antibody") if lab.result == "positive"]
    positive = [chart.lab_evidence(i, lab) for i, lab in antibody] or list(
        _evidence(
            chart, chart.of("if_antibody_positive", Standing.ASSESSED, Standing.WEAK, Standing.NARRATED)
        )
    )
    for concept in ("b12_deficiency", "b12_deficiency_anemia"):
        if concept in picture.nodes and positive and not chart.of("pernicious_anemia", *_STATED):
            code = chart.tables.coding[concept].code or "E53.8"
            yield Ask(
                "Q04",
                (code, "D51.0"),
                (*_node_evidence(picture, concept), *positive[:2]),
                indicators=frozenset({"deficiency", "antibody"}),
            )
    # Q05: morphology without a cause
    for concept in ("macrocytic_anemia", "microcytic_anemia"):
        if concept not in picture.nodes or picture.has(groups["deficiency"]):
            continue
        low = [e for a in ("b12", "folate", "ferritin") for e in _low(chart, a)]
        uncertain = chart.among(
            groups["b12_state"] | groups["iron_state"] | groups["folate_state"], Standing.UNCERTAIN
        )
        text = " ".join(chart.item_text(s) for s in picture.nodes[concept].statements[:2])
        if (low or uncertain) and not (_PENDING.search(text) and not low):
            code = chart.tables.coding[concept].code or "D53.9"
            extra = ("D51.9", "D52.9") if concept == "macrocytic_anemia" else ("D50.9", "D64.9")
            yield Ask(
                "Q05",
                (code, *extra),
                (*_node_evidence(picture, concept), *low[:2], *_evidence(chart, uncertain, 1)),
                indicators=frozenset({"anemia"}),
            )
    # Q06, Q07, Q09: a new or worse deficiency with the drug, the operation or the bowel disease in the same item (S03)
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
                _edge_evidence(chart, edge),
                indicators=frozenset({"deficiency", "surgery"}),
            )
    if chart.choice("p90") == "unspecified_and_query" and "postoperative_anemia" in picture.nodes:
        yield Ask(
            "Q05",
            ("D62", "D64.9"),
            _node_evidence(picture, "postoperative_anemia"),
            indicators=frozenset({"anemia"}),
        )
    if "autoimmune_gastritis" in picture.nodes:
        yield Ask(
            "Q08",
            ("K29.40",),
            _node_evidence(picture, "autoimmune_gastritis"),
            indicators=frozenset({"gastritis"}),
        )
    if "acute_on_chronic_blood_loss_anemia" in picture.nodes:
        yield Ask(
            "Q13",
            ("D50.0", "D62"),
            _node_evidence(picture, "acute_on_chronic_blood_loss_anemia"),
            indicators=frozenset({"anemia", "bleeding"}),
        )
    elif chart.setting.value == "inpatient" and "blood_loss_anemia" in picture.nodes:
        yield Ask(
            "Q13",
            ("D50.0", "D62"),
            _node_evidence(picture, "blood_loss_anemia"),
            indicators=frozenset({"anemia", "bleeding"}),
        )
    if "chronic_disease_anemia" in picture.nodes:
        yield Ask(
            "Q15",
            ("D63.8", "D63.1", "D64.9"),
            _node_evidence(picture, "chronic_disease_anemia"),
            indicators=frozenset({"anemia"}),
        )
    anemia = next((c for c in ("anemia", "normocytic_anemia") if c in picture.nodes), None)
    cancer = chart.of("neoplasm", Standing.ASSESSED)
    if (
        anemia
        and cancer
        and not picture.has(groups["deficiency"])
        and not picture.is_linked(("neoplasm",), (anemia,), denied=True)
    ):
        active = [
            s
            for s in cancer
            if not re.search(
                r"history of|h/o|\bhx\b|remission|\bNED\b|in situ|s/p|screen",
                chart.item_text(s),
                re.IGNORECASE,
            )
        ]
        if active:
            yield Ask(
                "Q05",
                ("D63.0", "D64.81", "D64.9"),
                (*_node_evidence(picture, anemia), *_evidence(chart, active, 1)),
                indicators=frozenset({"anemia", "neoplasm"}),
            )
    yield from _type_of_history(chart, picture)


def _type_of_history(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """Q05: today's anemia has no type, and the history gives one (S38)."""
    node, typed = untyped_node(picture), type_of_history(chart, picture)
    coding = chart.coding(typed.concept) if typed is not None else None
    if node is None or typed is None or coding is None or coding.code is None:
        return
    if picture.has(chart.tables.group("deficiency")) or picture.causes_of(node.concept):
        return
    if any(_PENDING.search(chart.item_text(s)) for s in node.statements[:2]):
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
        for other in chart.of(concept, *_STATED):
            if (
                (anywhere or other.key == statement.key)
                and concept not in causes
                and not picture.is_linked((concept,), (statement.concept,), denied=True)
            ):
                yield Ask(
                    "Q07",
                    (code, "K91.2", "K95.89"),
                    _evidence(chart, (statement, other)),
                    indicators=frozenset({"deficiency", "surgery"}),
                )
                return
    for concept in ("crohn", "crohn_small", "celiac"):
        for other in chart.of(concept, *_STATED):
            if (anywhere or other.key == statement.key) and concept not in causes:
                yield Ask(
                    "Q09",
                    (code, "K90.0" if concept == "celiac" else "K50.918"),
                    _evidence(chart, (statement, other)),
                    indicators=frozenset({"deficiency", "malabsorption"}),
                )
                return
    nutrient = (chart.coding(statement.concept) or chart.tables.coding["b12_deficiency"]).nutrient
    if nutrient != "b12":
        return
    for index, drug in chart.drugs(("metformin", "ppi", "h2ra")):
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


def _status(chart: Chart, picture: Picture, draft: Draft) -> Iterator[Ask]:
    """Q17: history wording with present treatment, remission, a lifelong disease written as past (R10, R11, R14)."""
    asked: set[str] = set()
    for group in ("b12_state", "iron_state", "folate_state"):
        if picture.has(chart.tables.group(group)) and not any(
            "R10" in picture.nodes[c].rules for c in chart.tables.group(group) if c in picture.nodes
        ):
            continue
        if group == "iron_state" and picture.has(chart.tables.group("anemia_any")):
            continue  # the iron is for the anemia of today
        for concept in sorted(chart.tables.group(group)):
            coding = chart.coding(concept)
            if coding is None or coding.past is None or group in asked:
                continue
            nutrient = coding.nutrient
            if any(in_assessment(chart, s) for s in chart.of(concept, Standing.RESOLVED)):
                continue  # said to be gone where it counts
            treated_history = chart.of(concept, Standing.HISTORY_TREATED)
            past = chart.of(concept, Standing.HISTORY)
            listed = chart.of(concept, Standing.LISTED)
            on_drug = [chart.drug_evidence(i, d) for i, d in chart.treated_today(nutrient)]
            remission = [s for s in chart.of(concept) if in_remission(s)]
            trigger: tuple[Statement, ...] = ()
            if treated_history:
                trigger = treated_history
            elif (past or listed) and on_drug:
                trigger = past or listed
            elif remission:
                trigger = tuple(remission)
            elif coding.lifelong and past:
                trigger = past
            if trigger:
                asked.add(group)
                codes = (coding.code or "E53.8", coding.past)
                yield Ask(
                    "Q17",
                    codes,
                    (*_evidence(chart, trigger, 2), *on_drug[:1]),
                    indicators=frozenset(
                        {"history", "treatment"} if on_drug or treated_history else {"history"}
                    ),
                )


def _conflicts(
    chart: Chart, picture: Picture, draft: Draft, denied: Iterable[tuple[Statement, Statement]]
) -> Iterator[Ask]:
    """Q18: the encounter contradicts itself, or a printed code says something else than the words (R19, S39)."""
    for present, absent in denied:
        coding = chart.coding(present.concept)
        if coding is None or coding.code is None or coding.symptom is not None:
            continue
        codes = tuple(
            c for c in (coding.code, coding.past if absent.standing is Standing.RESOLVED else None) if c
        )
        yield Ask("Q18", codes, _evidence(chart, (present, absent)), indicators=frozenset({"conflict"}))
        break
    for index, note in enumerate(chart.notes):
        statements = {s.condition.id: s for s in chart.statements if s.note == index}
        for stated in note.stated_codes:
            cut = chart.cut(index, stated.start, stated.end, "unknown", Role.CONTEXT)
            beside = statements.get(stated.beside or "")
            if beside is None:
                if (
                    stated.code in {c.code for c in chart.tables.coding.values()}
                    and stated.code not in draft
                    and stated.code.startswith(("D5", "D6", "E53", "E61"))
                ):
                    yield Ask("Q18", (stated.code,), (cut,), indicators=frozenset({"code_alone"}))
                continue
            coding = chart.coding(picture.final(beside.concept))
            own = chart.coding(beside.concept)
            accepted = {c.code for c in (coding, own) if c is not None} | {
                c.past for c in (coding, own) if c is not None
            }
            if (
                beside.standing is Standing.ASSESSED
                and own is not None
                and own.code
                and stated.code not in accepted
                and stated.code not in draft
                and own.kind is Kind.CONDITION
            ):
                if stated.code.startswith(("D5", "D6", "E53", "E61", "Z86")):
                    yield Ask(
                        "Q18",
                        (own.code, stated.code),
                        (chart.evidence(beside), cut),
                        indicators=frozenset({"conflict"}),
                    )


def _treatment(chart: Chart, picture: Picture, draft: Draft) -> Iterator[Ask]:
    """Q16, Q19, Q20, Q21: results or treatment that no diagnosis explains (R08, R22)."""
    anemia_said = bool(
        chart.among(
            chart.tables.group("anemia_any") | {"other_anemia", "pancytopenia"},
            *_STATED,
            Standing.INELIGIBLE,
            Standing.HYPOTHETICAL,
        )
    )
    wording = chart.of("low_hemoglobin", Standing.ASSESSED)
    if wording and not picture.has(chart.tables.group("anemia_any") - {"low_hemoglobin"}):
        yield Ask(
            "Q16",
            ("D64.9", "D50.9", "D62"),
            _evidence(chart, wording, 2),
            indicators=frozenset({"low_hemoglobin"}),
        )
    elif not anemia_said:
        low = [
            (i, lab)
            for i, lab in chart.labs("hemoglobin")
            if lab.flag is Flag.LOW and lab.section is not SectionCategory.COPIED
        ]
        blood = [
            chart.drug_evidence(i, d)
            for i, d in chart.drugs(
                ("transfusion",), MedicationStatus.GIVEN, MedicationStatus.STARTED, MedicationStatus.ACTIVE
            )
        ]
        iron = [
            chart.drug_evidence(i, d)
            for i, d in chart.drugs(TREATMENTS["iron"], MedicationStatus.STARTED, MedicationStatus.GIVEN)
        ]
        drop = chart.of("hemoglobin_drop", Standing.ASSESSED, Standing.NARRATED)
        if drop and (blood or iron) and not low and not _said(chart, "iron_state"):
            yield Ask(
                "Q16",
                ("D62", "D64.9", "R71.0"),
                (*_evidence(chart, drop, 1), *blood[:1], *iron[:1]),
                indicators=frozenset({"low_hemoglobin"}),
            )
        if low and (blood or iron) and not _said(chart, "iron_state"):
            worst = min(low, key=lambda v: v[1].value if v[1].value is not None else 99.0)
            yield Ask(
                "Q16",
                ("D62", "D64.9", "D50.9"),
                (chart.lab_evidence(*worst), *blood[:1], *iron[:1]),
                indicators=frozenset({"low_hemoglobin"}),
            )
    yield from _no_indication(chart, picture, draft)
    if not chart.of("low_hemoglobin", Standing.ASSESSED):
        yield from _iron_without_indication(chart, picture)


def _iron_without_indication(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """Q21 for intravenous iron or an erythropoiesis-stimulating agent that nothing explains."""
    if chart.among(
        chart.tables.group("anemia_any") | chart.tables.group("iron_state") | {"other_anemia"}, *_STATED
    ) or any(_low(chart, analyte) for analyte in ("ferritin", "tsat", "hemoglobin")):
        return
    given = [
        (i, d)
        for i, d in chart.drugs(("iv_iron", "esa"), *_IN_USE)
        if i not in chart.context_notes
        and d.section not in (SectionCategory.MEDICATIONS, SectionCategory.COPIED, SectionCategory.HPI)
    ]
    if given:
        kidney = chart.among(chart.tables.group("kidney"), *_STATED)
        evidence = tuple(chart.drug_evidence(i, d) for i, d in given[:2])
        codes = ("D63.1", "D50.9", "E61.1") if kidney else ("D50.9", "E61.1", "D64.9")
        yield Ask("Q21", codes, evidence, indicators=frozenset({"treatment"}))


_IN_USE = (MedicationStatus.GIVEN, MedicationStatus.STARTED, MedicationStatus.ACTIVE)


def _no_indication(chart: Chart, picture: Picture, draft: Draft) -> Iterator[Ask]:
    """Q19 and Q21: B12 is given or ordered and no provider says what for."""
    named = chart.tables.group("b12_state") | {
        "low_b12",
        "macrocytic_anemia",
        "megaloblastic_anemia",
        "other_b_group_deficiency",
        "b_vitamin_deficiency",
    }
    if (
        chart.among(named, *_STATED)
        or _low(chart, "b12")
        or any((c := chart.coding(n)) is not None and c.nutrient == "b12" for n in picture.nodes)
    ):
        return
    texts = " ".join(n.text for i, n in enumerate(chart.notes) if i not in chart.context_notes)
    if _PREMEDICATION.search(texts) or (
        _WELLNESS.search(texts) and not chart.among(("fatigue", "numbness", "paresthesia"), Standing.ASSESSED)
    ):
        return
    injected = [(i, d) for i, d in chart.treated_today("b12") if _is_done_today(chart, i, d)]
    if not injected:
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


def denied_pairs(chart: Chart) -> list[tuple[Statement, Statement]]:
    """Pairs of a current statement and one of the same condition that calls it gone or absent, both of the assessment."""
    pairs: list[tuple[Statement, Statement]] = []
    for concept, statements in sorted(chart.by_concept.items()):
        present = [s for s in statements if s.standing is Standing.ASSESSED]
        absent = [
            s
            for s in chart.of(concept, Standing.RESOLVED, Standing.NEGATED)
            if in_assessment(chart, s) or s.standing is Standing.RESOLVED
        ]
        apart = [(p, a) for p in present for a in absent if p.key != a.key]
        if apart:
            pairs.append(apart[0])
    return pairs
