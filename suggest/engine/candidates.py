"""From the conditions of the encounter to candidate codes, each with evidence and reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from nlp.records import quick
from suggest.engine.chart import Chart
from suggest.engine.combine import Node, Picture
from suggest.engine.statement import Standing
from suggest.engine.tables import Coding
from suggest.result import Alternative, Band, Conflict, Evidence, Kind, Necessity


@quick
@dataclass(frozen=True, slots=True)
class Candidate:
    """A code that the note may support, before conventions and ranking.

    `place` orders within the encounter (note, offset); `chain` orders within one chain of cause and effect
    (S16: 0 chapter 15 and examination codes, 1 underlying disease, 2 deficiency or anemia, 3 manifestation,
    4 cause, 5 adverse effect, 6 drug status, 7 surgical and history status). `after` are codes
    that must stand before it.
    """

    code: str
    kind: Kind
    temporality: str
    necessity: Necessity
    band: Band
    evidence: tuple[Evidence, ...]
    rules: tuple[str, ...]
    place: tuple[int, int]
    chain: int
    after: tuple[str, ...] = ()
    follows: str | None = None  # what it must follow that lies outside the scope
    needs: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    concept: str = ""
    mentions: int = 1


@dataclass(slots=True)
class Draft:
    """What the rules collect: candidates by code, and notes for queries and refusals."""

    candidates: dict[str, Candidate] = field(default_factory=dict)

    def add(self, candidate: Candidate) -> None:
        """Add a candidate; a code that is there already is reported once, with the evidence of both (R38)."""
        known = self.candidates.get(candidate.code)
        if known is None:
            self.candidates[candidate.code] = candidate
            return
        better, other = (known, candidate) if _strength(known) >= _strength(candidate) else (candidate, known)
        evidence = better.evidence + tuple(e for e in other.evidence if e not in better.evidence)
        self.candidates[candidate.code] = replace(
            better,
            evidence=evidence[:4],
            rules=tuple(
                dict.fromkeys(
                    (*better.rules, *other.rules, *(("R38",) if known.concept != candidate.concept else ()))
                )
            ),
            place=min(known.place, candidate.place),
            after=tuple(dict.fromkeys((*known.after, *candidate.after))),
            needs=tuple(dict.fromkeys((*known.needs, *candidate.needs))),
            alternatives=tuple(dict.fromkeys((*known.alternatives, *candidate.alternatives))),
            mentions=known.mentions + candidate.mentions,
        )

    def drop(self, code: str) -> Candidate | None:
        """Take a candidate out."""
        return self.candidates.pop(code, None)

    def change(self, code: str, **values: object) -> None:
        """Replace fields of a candidate that is there."""
        if code in self.candidates:
            self.candidates[code] = replace(self.candidates[code], **values)  # type: ignore[arg-type]


def _strength(candidate: Candidate) -> tuple[bool, bool]:
    return candidate.necessity is Necessity.REQUIRED, candidate.band is Band.CODE


CHAIN: dict[Kind, int] = {
    Kind.CONDITION: 2,
    Kind.MANIFESTATION: 3,
    Kind.FINDING: 4,
    Kind.CAUSE: 4,
    Kind.ADVERSE_EFFECT: 5,
    Kind.STATUS: 7,
    Kind.HISTORY: 8,
    Kind.SCREENING: 2,
}


def node_candidate(chart: Chart, node: Node, coding: Coding, *, code: str | None = None) -> Candidate | None:
    """The candidate of one node, None where the concept alone takes no code."""
    chosen = code or coding.code
    if chosen is None:
        return None
    return Candidate(
        chosen,
        coding.kind,
        "current",
        coding.necessity,
        node.band,
        _together(node, support(chart, node, coding)),
        node.rules,
        node.place,
        CHAIN[coding.kind],
        concept=node.concept,
        mentions=len(node.statements),
    )


def _together(node: Node, borne_out: Iterator[Evidence]) -> tuple[Evidence, ...]:
    """What states a condition, links it and bears it out, each once."""
    found = (*node.evidence[:3], *node.linkage[:1], *borne_out)
    return found if len(found) < 2 else tuple(dict.fromkeys(found))


def support(chart: Chart, node: Node, coding: Coding) -> Iterator[Evidence]:
    """One treatment and one lab value of the nutrient that bear the diagnosis out, where they stand close."""
    if coding.nutrient is None or not node.statements:
        return
    items = {s.key for s in node.statements if s.standing is Standing.ASSESSED}
    # an order or an earlier note gives the indication of what today's note does (S42)
    indicated = all(s.standing is Standing.CONTEXT for s in node.statements)
    for index, drug in chart.treated_today(coding.nutrient):
        if indicated or (index, drug.item) in items:
            yield chart.drug_evidence(index, drug)
            return


def simple_candidates(chart: Chart, picture: Picture, skip: frozenset[str]) -> Iterator[Candidate]:
    """Candidates of the nodes whose code is a plain matter of coding.yaml."""
    for concept, node in picture.nodes.items():
        coding = chart.coding(concept)
        if coding is None or concept in skip or coding.stage is not None:
            continue
        candidate = node_candidate(chart, node, coding)
        if candidate is not None:
            yield candidate
