"""Put linked statements together: which condition causes which, what two make (R21, R30, R34, R37)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from nlp.facts import Link, MedicationStatus
from nlp.records import quick
from suggest.engine.chart import Chart
from suggest.engine.current import Current
from suggest.engine.statement import Standing, Statement
from suggest.engine.tables import Coding, Combination
from suggest.result import Band, Evidence, Role

_CAUSE_OUT = frozenset(
    {Standing.NEGATED, Standing.FAMILY, Standing.OTHER, Standing.COPIED, Standing.INELIGIBLE}
)
_SHOWN_FIRST = {Standing.ASSESSED: 0, Standing.TREATED: 1, Standing.NARRATED: 2}
_ACUTE = re.compile(r"\bacute(?:ly)?\b|\bABLA?\b", re.IGNORECASE)


@quick
@dataclass(frozen=True, slots=True)
class Edge:
    """A stated cause: both facts, the linking words, and what was said of the link."""

    cause: str
    effect: str
    link: Link
    note: int
    cause_statement: Statement | None
    effect_statement: Statement | None
    acute: bool


@quick
@dataclass(frozen=True, slots=True)
class Node:
    """A condition that is current, with all that proves it. `causes` are concepts stated to be its cause."""

    concept: str
    statements: tuple[Statement, ...]
    evidence: tuple[Evidence, ...]
    rules: tuple[str, ...]
    band: Band
    place: tuple[int, int]
    causes: frozenset[str] = frozenset()
    linkage: tuple[Evidence, ...] = ()


@dataclass(slots=True)
class Picture:
    """The nodes and the edges between them; hedged and denied edges apart."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    hedged: list[Edge] = field(default_factory=list)
    denied: list[Edge] = field(default_factory=list)
    absorbed: dict[str, str] = field(default_factory=dict)  # concept -> the node that contains it
    taken: set[tuple[str, str, str]] = field(default_factory=set)  # combinations made: rule, effect, cause
    # the first edge between each two concepts; a note may say the same thousands of times
    stated: list[Edge] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Find the edges that say something new."""
        first: dict[tuple[str, str, bool], Edge] = {}
        for edge in self.edges:
            first.setdefault((edge.cause, edge.effect, edge.acute), edge)
        self.stated = list(first.values())

    def has(self, concepts: Iterable[str]) -> bool:
        """Whether one of the concepts is a node."""
        return not self.nodes.keys().isdisjoint(concepts)

    def final(self, concept: str) -> str:
        """The node that a concept has become part of, or itself."""
        seen = set()
        while concept in self.absorbed and concept not in seen:
            seen.add(concept)
            concept = self.absorbed[concept]
        return concept

    def causes_of(self, concept: str) -> set[str]:
        """Concepts stated to be a cause of a node or of what it contains, through any number of steps."""
        found: set[str] = set()
        if not self.stated:
            return found
        members = {concept} | {c for c in self.absorbed if self.final(c) == concept}
        frontier = set(members)
        while frontier:
            new = {e.cause for e in self.stated if e.effect in frontier} - found - members
            found |= new
            frontier = new
        return found

    def is_linked(self, cause: Iterable[str], effect: Iterable[str], *, denied: bool = False) -> bool:
        """Whether an edge joins one of the causes to one of the effects."""
        edges = self.denied if denied else self.stated
        if not edges:
            return False
        causes, effects = set(cause), set(effect)
        return any(e.cause in causes and e.effect in effects for e in edges)


def _edges(chart: Chart, current: dict[str, Current]) -> tuple[list[Edge], list[Edge], list[Edge]]:
    sure: list[Edge] = []
    hedged: list[Edge] = []
    denied: list[Edge] = []
    for index, note in enumerate(chart.notes):
        if not note.links or index in chart.context_notes:
            continue
        statements = {s.condition.id: s for s in chart.statements if s.note == index}
        drugs = {d.id: d for d in note.medications}
        for link in note.links:
            effect = statements.get(link.effect)
            cause = statements.get(link.cause)
            drug = drugs.get(link.cause)
            if effect is None or (cause is None and drug is None):
                continue
            if effect.standing in _CAUSE_OUT or (
                cause is not None and cause.standing in _CAUSE_OUT and not link.denied
            ):
                continue
            cause_name = (
                cause.concept if cause is not None else f"drug:{drug.drug_class}" if drug is not None else ""
            )
            around = note.text[
                max(link.end - 400, min(link.start, effect.condition.start)) : link.end + 60
            ].split(". ")[0]
            edge = Edge(
                cause_name,
                effect.concept,
                link,
                index,
                cause,
                effect,
                bool(
                    _ACUTE.search(effect.condition.text)
                    or (cause is not None and _ACUTE.search(cause.condition.text))
                    or _ACUTE.search(around)
                ),
            )
            settled = index in chart.final
            if link.denied:
                denied.append(edge)
            elif (
                (link.hedged and not settled)
                or (drug is not None and drug.status is MedicationStatus.HYPOTHETICAL)
                or (
                    cause is not None
                    and cause.standing in (Standing.UNCERTAIN, Standing.HYPOTHETICAL)
                    and cause.concept not in current
                )
                or (effect.standing is Standing.UNCERTAIN and effect.concept not in current)
            ):
                hedged.append(edge)
            else:
                sure.append(edge)
    return sure, hedged, denied


def _trim(statements: Iterable[Statement]) -> list[Statement]:
    """The statements worth showing: assessed ones first, three at most."""
    found = list(statements)
    if len(found) > 1:
        found.sort(key=lambda s: (_SHOWN_FIRST.get(s.standing, 3), s.place))
    return found[:3]


def _node(chart: Chart, current: Current) -> Node:
    coding = chart.coding(current.concept)
    shown = _trim(current.statements)
    band = coding.band if coding is not None else Band.CODE
    if current.caution:
        band = Band.CARE
    rules = (current.rule,) if coding is None or coding.phrase is None else (coding.phrase, current.rule)
    assessed = [s.place for s in current.statements if s.standing is Standing.ASSESSED]
    return Node(
        current.concept,
        current.statements,
        tuple([chart.evidence(s) for s in shown]),
        rules,
        band,
        min(assessed or [s.place for s in current.statements]),
    )


def _linkage(chart: Chart, edge: Edge) -> Evidence:
    section = edge.effect_statement.condition.section.value if edge.effect_statement else "unknown"
    return chart.cut(edge.note, edge.link.start, edge.link.end, section, Role.LINKAGE)


def _merge(
    first: Node, second: Node | None, concept: str, rule: str, band: Band, linkage: Evidence | None
) -> Node:
    evidence = list(first.evidence[:2])
    statements = list(first.statements)
    if second is not None:
        evidence += [e for e in second.evidence[:2] if e not in evidence]
        known = set(statements)
        statements += [s for s in second.statements if s not in known]
    worst = (
        Band.CARE
        if Band.CARE in (first.band, band) or (second is not None and second.band is Band.CARE)
        else Band.CODE
    )
    return Node(
        concept,
        tuple(statements),
        tuple(evidence[:4]),
        tuple(dict.fromkeys((rule, *first.rules))),
        worst,
        first.place if second is None else min(first.place, second.place),
        first.causes,
        tuple(dict.fromkeys((*first.linkage, *((linkage,) if linkage else ())))),
    )


def _cause_node(chart: Chart, edge: Edge) -> Node | None:
    if edge.cause_statement is None:
        return None
    statement = edge.cause_statement
    coding = chart.coding(statement.concept)
    rules = () if coding is None or coding.phrase is None else (coding.phrase,)
    return Node(
        statement.concept,
        (statement,),
        (chart.evidence(statement),),
        (*rules, "R30"),
        Band.CODE,
        statement.place,
    )


def build_picture(chart: Chart, current: dict[str, Current]) -> Picture:
    """Return the nodes and edges of the encounter after all combinations."""
    sure, hedged, denied = _edges(chart, current)
    picture = Picture({c: _node(chart, cur) for c, cur in current.items()}, sure, hedged, denied)
    _linked_causes(chart, picture)
    _split_compounds(chart, picture)
    changed = len(picture.nodes) > 1 or bool(picture.stated)  # else there is nothing to put together
    while changed:
        changed = _cover(chart, picture)
        changed = _combine(chart, picture) or changed
    for concept in list(picture.nodes) if picture.stated else ():
        node = picture.nodes[concept]
        picture.nodes[concept] = replace(node, causes=frozenset(picture.causes_of(concept)))
    return picture


def _linked_causes(chart: Chart, picture: Picture) -> None:
    """What a current condition is stated to come from is part of the statement, wherever else it stands."""
    grown = True
    while grown:
        grown = False
        for edge in picture.edges:
            statement = edge.cause_statement
            if statement is None or edge.cause in picture.nodes or edge.effect not in picture.nodes:
                continue
            if statement.standing in (
                Standing.HISTORY,
                Standing.RESOLVED,
                Standing.UNCERTAIN,
                Standing.HYPOTHETICAL,
            ):
                continue
            coding = chart.coding(edge.cause)
            if coding is not None and coding.symptom is not None:
                continue
            node = _cause_node(chart, edge)
            if node is not None and coding is not None and coding.kind.value != "status":
                picture.nodes[edge.cause] = node
                grown = True


def _split_compounds(chart: Chart, picture: Picture) -> None:
    """A compound that names its cause ("B12 neuropathy") states both."""
    node = picture.nodes.pop("b12_neuropathy", None)
    if node is None:
        return
    if not picture.has(chart.tables.group("b12_state")):
        picture.nodes["b12_deficiency"] = replace(node, concept="b12_deficiency", rules=("P60", "S01"))
    picture.nodes["b12_polyneuropathy"] = replace(
        node,
        concept="b12_polyneuropathy",
        rules=("P60", "S01"),
        linkage=tuple(replace(e, role=Role.LINKAGE) for e in node.evidence[:1]),
    )
    picture.absorbed["polyneuropathy"] = "b12_polyneuropathy"
    picture.nodes.pop("polyneuropathy", None)


def _cover(chart: Chart, picture: Picture) -> bool:
    """A fuller statement takes in what it contains (R37)."""
    changed = False
    if len(picture.nodes) < 2:
        return changed
    for concept in sorted(picture.nodes, key=lambda c: -len(getattr(chart.coding(c), "covers", ()) or ())):
        coding = chart.coding(concept)
        if coding is None or concept not in picture.nodes:
            continue
        parts = _covered(chart, coding) & picture.nodes.keys()
        for part in sorted(parts) if parts else ():
            if part == concept:
                continue
            if (
                concept == "other_anemia"
                and picture.nodes[part].place < picture.nodes[concept].place
                and _stands_alone(part)
            ):
                continue
            removed = picture.nodes.pop(part)
            picture.absorbed[part] = concept
            kept = picture.nodes[concept]
            picture.nodes[concept] = replace(
                kept,
                place=min(kept.place, removed.place) if removed.concept != "low_hemoglobin" else kept.place,
            )
            changed = True
    return changed


_OBSTETRIC = frozenset({"pregnancy_anemia", "postpartum_anemia", "childbirth_anemia"})


def _covered(chart: Chart, coding: Coding) -> frozenset[str]:
    """What a statement contains: its own list, and for a typed anemia every untyped one."""
    concept, untyped = coding.concept, chart.tables.group("anemia_untyped")
    if concept in chart.tables.group("anemia_any") and concept not in untyped and concept not in _OBSTETRIC:
        return coding.covers | untyped
    return coding.covers


def _stands_alone(concept: str) -> bool:
    return concept not in (
        "anemia",
        "low_hemoglobin",
        "microcytic_anemia",
        "normocytic_anemia",
        "macrocytic_anemia",
    )


def _takes(chart: Chart, rule: Combination, edge: Edge, effect: str) -> bool:
    """Whether the rule speaks of this effect; its cause is looked at apart."""
    return (
        effect in rule.effects
        and effect != rule.gives
        and (edge.acute or not rule.acute)
        and (not rule.untyped or edge.effect in chart.tables.group("anemia_untyped"))
    )


def _combine(chart: Chart, picture: Picture) -> bool:
    if not picture.stated:
        return False
    for rule in chart.tables.combinations:
        for edge in picture.stated:
            effect, cause = picture.final(edge.effect), edge.cause
            if effect not in picture.nodes or not _takes(chart, rule, edge, effect):
                continue
            causes = {cause, picture.final(cause)} | (picture.causes_of(effect) if effect != cause else set())
            matching = causes & rule.causes
            if not matching:
                continue
            chosen = cause if cause in matching else min(matching)
            if chosen == effect or picture.is_linked([chosen], [edge.effect], denied=True):
                continue
            if chosen not in picture.nodes and picture.final(chosen) == effect:
                continue
            step = (rule.id, effect, chosen)
            if step in picture.taken:
                continue  # nothing is combined twice, so that this ends whatever the rules say
            picture.taken.add(step)
            coding = chart.coding(rule.gives)
            assert coding is not None
            cause_node = picture.nodes.get(chosen) or _cause_node(chart, edge)
            old = picture.nodes[effect]
            if not rule.adds:
                picture.nodes.pop(effect)
            elif rule.gives in picture.nodes or rule.gives in picture.absorbed:
                continue
            existing = picture.nodes.get(rule.gives)
            merged = _merge(old, cause_node, rule.gives, rule.phrase, coding.band, _linkage(chart, edge))
            if existing is not None:
                merged = _merge(existing, merged, rule.gives, rule.phrase, coding.band, None)
            picture.nodes[rule.gives] = merged
            if not rule.adds:
                picture.absorbed[effect] = rule.gives
            if not rule.keeps_cause and chosen in picture.nodes and chosen != rule.gives:
                picture.nodes.pop(chosen)
                picture.absorbed[chosen] = rule.gives
            return True
    return False
