"""Conditions that may be past or are contradicted: Q17 and Q18 (R10, R11, R14, R19, S39)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from suggest.engine.asks.common import Ask, evidence_of
from suggest.engine.candidates import Draft
from suggest.engine.chart import Chart
from suggest.engine.combine import Picture
from suggest.engine.current import (
    first_apart,
    fuller_is_gone,
    in_assessment,
    in_remission,
    with_and_without_anemia,
)
from suggest.engine.statement import Standing, Statement
from suggest.engine.tables import NUTRIENT_STATES
from suggest.result import Kind, Role


def doubtful_status(chart: Chart, picture: Picture) -> Iterator[Ask]:
    """Q17: a history that is treated, a remission, a lifelong disease in the past (R10, R11, R14)."""
    asked: set[str] = set()
    for group in NUTRIENT_STATES:
        concepts = chart.tables.group(group)
        named = concepts & chart.by_concept.keys()
        if not named:
            continue
        if picture.has(concepts) and not any(
            "R10" in picture.nodes[c].rules for c in concepts if c in picture.nodes
        ):
            continue
        if group == "iron_state" and picture.has(chart.tables.group("anemia_any")):
            continue  # the iron is for the anemia of today
        for concept in sorted(named):
            coding = chart.coding(concept)
            if coding is None or coding.past is None or group in asked:
                continue
            nutrient = coding.nutrient
            if any(in_assessment(chart, s) for s in chart.of(concept, Standing.RESOLVED)) or fuller_is_gone(
                chart, concept
            ):
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
                    (*evidence_of(chart, trigger, 2), *on_drug[:1]),
                    indicators=frozenset(
                        {"history", "treatment"} if on_drug or treated_history else {"history"}
                    ),
                )


def conflicts(
    chart: Chart, picture: Picture, draft: Draft, denied: Iterable[tuple[Statement, Statement]]
) -> Iterator[Ask]:
    """Q18: the encounter contradicts itself, or a printed code says other than the words (R19, S39)."""
    for present, absent in denied:
        coding = chart.coding(present.concept)
        if coding is None or coding.code is None or coding.symptom is not None:
            continue
        other = coding.past if absent.standing is Standing.RESOLVED else None
        if absent.standing is Standing.ASSESSED:  # with anemia and without
            other = getattr(chart.coding(absent.concept), "code", None)
        codes = tuple(c for c in (coding.code, other) if c)
        yield Ask("Q18", codes, evidence_of(chart, (present, absent)), indicators=frozenset({"conflict"}))
        break
    for index, note in enumerate(chart.notes):
        if not note.stated_codes:
            continue
        statements = {s.condition.id: s for s in chart.statements if s.note == index}
        for stated in note.stated_codes:
            cut = chart.cut(index, stated.start, stated.end, "unknown", Role.CONTEXT)
            beside = statements.get(stated.beside or "")
            if beside is None:
                if (
                    stated.code in chart.tables.codes
                    and stated.code not in draft.candidates
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
                and stated.code not in draft.candidates
                and own.kind is Kind.CONDITION
                and stated.code.startswith(("D5", "D6", "E53", "E61", "Z86"))
            ):
                yield Ask(
                    "Q18",
                    (own.code, stated.code),
                    (chart.evidence(beside), cut),
                    indicators=frozenset({"conflict"}),
                )


def denied_pairs(chart: Chart) -> list[tuple[Statement, Statement]]:
    """Pair current statements with those of the assessment that call the same condition gone or absent."""
    pairs: list[tuple[Statement, Statement]] = []
    if Standing.ASSESSED not in chart.standings:
        return pairs
    denies = not chart.standings.isdisjoint((Standing.RESOLVED, Standing.NEGATED))
    for concept, statements in sorted(chart.by_concept.items()) if denies else ():
        present = [s for s in statements if s.standing is Standing.ASSESSED]
        absent = [
            s
            for s in chart.of(concept, Standing.RESOLVED, Standing.NEGATED)
            if in_assessment(chart, s) or s.standing is Standing.RESOLVED
        ]
        first = first_apart(absent, lambda s: s.key)
        apart = next(((p, a) for p in present for a in first if p.key != a.key), None)
        if apart is not None:
            pairs.append(apart)
    both = with_and_without_anemia(chart)
    return pairs if both is None else [*pairs, both]
