"""What the queries share: the record of one, and how its evidence is gathered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from nlp.facts import Flag, LabValue, SectionCategory
from nlp.patterns import spaced
from suggest.engine.chart import Chart
from suggest.engine.combine import Edge, Picture
from suggest.engine.statement import Standing, Statement
from suggest.result import Evidence, Role

PENDING = spaced(
    r"\bpending\b|work-?up (?:in progress|underway|sent|started|ongoing|pending)|"
    r"\bsent\b|await|to be determined|"
    r"will (?:check|send|get|order|obtain)|"
    r"\bcheck\b|results? (?:out|not back)|refer(?:red|ral)?\b[^.]{0,30}(?:gi|hem)",
    re.IGNORECASE,
)
STATED = (
    Standing.ASSESSED,
    Standing.TREATED,
    Standing.NARRATED,
    Standing.LISTED,
    Standing.HISTORY,
    Standing.HISTORY_TREATED,
    Standing.RESOLVED,
    Standing.UNCERTAIN,
    Standing.WEAK,
)


@dataclass(frozen=True, slots=True)
class Ask:
    """A query to be written: its id, the codes its answers could lead to, and what gives rise to it."""

    query: str
    codes: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    fills: dict[str, str] = field(default_factory=dict)
    indicators: frozenset[str] = frozenset()


def evidence_of(chart: Chart, statements: Iterable[Statement], most: int = 3) -> tuple[Evidence, ...]:
    """Return the words of the first statements, at most so many."""
    return tuple(chart.evidence(s) for s in list(statements)[:most])


def node_evidence(picture: Picture, *concepts: str) -> tuple[Evidence, ...]:
    """Return the first evidence of each of the concepts that the picture holds."""
    return tuple(e for c in concepts if c in picture.nodes for e in picture.nodes[c].evidence[:1])


def said(chart: Chart, group: str, *extra: str) -> bool:
    """Whether the encounter states a concept of the group, or an extra one, in whatever standing."""
    return bool(chart.among((*chart.tables.group(group), *extra), *STATED, Standing.SUPERSEDED))


def only_doubted(chart: Chart, group: str, *extra: str) -> bool:
    """Whether the encounter speaks of the group only as uncertain: "low ferritin, ?iron deficiency"."""
    found = {s.standing for s in chart.among((*chart.tables.group(group), *extra), *STATED)}
    return found == {Standing.UNCERTAIN}


def low_value(chart: Chart, analyte: str) -> list[Evidence]:
    """Return the latest value of the analyte if it is low; of undated values the last one written."""
    if analyte not in chart.analytes:
        return []
    values = [
        (i, lab)
        for i, lab in chart.labs(analyte)
        if lab.section is not SectionCategory.COPIED
        and i not in chart.context_notes
        and not _is_supposed(chart, i, lab)
    ]
    if not values:
        return []
    dated = [v for v in values if v[1].date]
    last = max(dated, key=lambda v: (v[1].date or "", v[1].start)) if dated else values[-1]
    if last[1].flag is not Flag.LOW:
        return []
    return [chart.lab_evidence(*last)]


def _is_supposed(chart: Chart, note: int, lab: LabValue) -> bool:
    """Whether a result in words is only thought of: "differential: low B12, CKD or marrow disease"."""
    return lab.value is None and any(
        s.note == note
        and s.standing in (Standing.UNCERTAIN, Standing.HYPOTHETICAL)
        and s.condition.start < lab.end
        and lab.start < s.condition.end
        for s in chart.of(f"low_{lab.analyte}")
    )


def edge_evidence(chart: Chart, edge: Edge) -> tuple[Evidence, ...]:
    """Return the effect, the words that link it, and the cause, be it a condition or a drug."""
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
