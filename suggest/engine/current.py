"""Decide which conditions are current, and on which statements that rests (R01, R10, R13, R18, R19)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from nlp.facts import WORDED, ConditionCategory, SectionCategory
from nlp.records import quick
from suggest.engine.chart import Chart, is_reason
from suggest.engine.standing import ASSESSED_IN, STORY_IN
from suggest.engine.statement import Standing, Statement
from suggest.engine.tables import Coding, tables
from suggest.result import Kind, Setting

_WITHOUT = re.compile(r"(?i)[\s,(]{1,3}(?:without|w/o|no|but no|but not)\s(?:any\s|associated\s|an\s)?")
_NOT_ANEMIC = re.compile(r"(?i)\b(?:without|w/o|no)\san(?:a)?emia\b")
_JOINED = re.compile(r"[^.;]{0,60}(?:,| and | with |/)\s*")
HEAD = 28  # code points from the start of a list item within which a symptom is its heading
_GONE = (Standing.RESOLVED, Standing.NEGATED)
_PAST = (Standing.RESOLVED, Standing.HISTORY)
_LEFT_OPEN = (Standing.UNCERTAIN, Standing.HISTORY, Standing.HYPOTHETICAL)
# by one of these a concept may be current; the words of what is completed say "resolved"
_DECIDING = frozenset(
    {
        Standing.ASSESSED,
        Standing.NARRATED,
        Standing.TREATED,
        Standing.LISTED,
        Standing.HISTORY_TREATED,
    }
)
_ASSESSED = frozenset({Standing.ASSESSED})
_COMPLETED = "followup_completed"
_LEFT_TO_OTHERS = (ConditionCategory.PROCEDURE, ConditionCategory.DIET, ConditionCategory.PREGNANCY)
_FINDINGS_BY_NAME = frozenset({"low_b12", "low_folate", "low_ferritin", "low_serum_iron", "low_hemoglobin"})


@quick
@dataclass(frozen=True, slots=True)
class Current:
    """A concept that is current: the statements that say so, the rule, and whether there is a caution."""

    concept: str
    statements: tuple[Statement, ...]
    rule: str
    caution: bool = False
    contradicted: tuple[Statement, ...] = ()


def _last_word(chart: Chart, concept: str) -> tuple[tuple[Statement, ...], tuple[Statement, ...]]:
    """Split assessed statements from those that deny them; in one item the denial has the last word."""
    present = tuple([s for s in chart.of(concept, Standing.ASSESSED) if not in_remission(s)])
    if chart.standings.isdisjoint(_GONE):
        return present, ()
    denied = tuple([s for s in chart.of(concept, *_GONE) if in_assessment(chart, s)])
    if not denied:
        return present, ()
    present = tuple(s for s in present if not _taken_back(s, denied))
    resolved_items = {s.key for s in denied if s.standing is Standing.RESOLVED}
    return tuple(s for s in present if s.key not in resolved_items), denied


def _taken_back(statement: Statement, denied: tuple[Statement, ...]) -> bool:
    """Whether what a text without headers tells is denied later, where its assessment is by its wording."""
    told = statement.condition.section is SectionCategory.UNKNOWN
    return told and any(
        other.standing is Standing.NEGATED
        and other.condition.subtype == WORDED
        and other.note == statement.note
        and statement.place < other.place
        for other in denied
    )


def in_remission(statement: Statement) -> bool:
    """Whether a deficiency or anemia is said to be in remission, neither presence nor absence (R14).

    Other diseases have a remission of their own: Crohn's disease in remission is Crohn's disease.
    """
    for modifier in statement.condition.modifiers:
        if modifier.kind == "remission":
            coding = tables().coding.get(statement.concept)
            return coding is not None and coding.past is not None
    return False


def is_contradicted(chart: Chart, concept: str) -> tuple[Statement, Statement] | None:
    """Current and resolved statements of one condition in the assessment: a person must decide (R19)."""
    if Standing.ASSESSED not in chart.standings or chart.standings.isdisjoint(_GONE):
        return None
    present = [
        s
        for s in chart.of(concept, Standing.ASSESSED)
        if s.condition.section is not SectionCategory.HOSPITAL_COURSE
    ]
    if not present:
        return None
    gone = [s for s in chart.of(concept, *_GONE) if in_assessment(chart, s)]
    gone = [s for s in gone if s.note not in chart.context_notes]
    if not gone:
        return None
    resolved = (s for s in gone if s.standing is Standing.RESOLVED)
    known = {*first_apart(gone, lambda s: s.note), *first_apart(resolved, lambda s: s.key)}
    first = [s for s in gone if s in known] if known else []
    for one in present:
        if one.note in chart.context_notes:
            continue
        for other in first:
            if one.note != other.note or (one.key != other.key and other.standing is Standing.RESOLVED):
                return one, other
    return None


def first_apart(
    statements: Iterable[Statement], where: Callable[[Statement], object]
) -> tuple[Statement, ...]:
    """Return the first statements of the first two places: elsewhere than any place is one of them."""
    found: dict[object, Statement] = {}
    for statement in statements:
        found.setdefault(where(statement), statement)
        if len(found) == 2:
            break
    return tuple(found.values())


def with_and_without_anemia(chart: Chart) -> tuple[Statement, Statement] | None:
    """An anemia of one item, and the same deficiency "without anemia" of another: contradictory (R19)."""
    if Standing.ASSESSED not in chart.standings:
        return None
    covering: dict[tuple[int, str], tuple[Statement, ...]] = {}
    for bare in _said_without_anemia(chart):
        where = (bare.note, bare.concept)
        if where not in covering:
            covering[where] = first_apart(_covering(chart, *where), lambda s: s.key)
        for anemia in covering[where]:
            if anemia.key != bare.key:
                return anemia, bare
    return None


def _covering(chart: Chart, note: int, concept: str) -> Iterator[Statement]:
    """Yield the assessed statements of a note whose code contains a concept."""
    for statement in chart.statements:
        coding = chart.coding(statement.concept)
        if (
            statement.standing is Standing.ASSESSED
            and statement.note == note
            and coding is not None
            and concept in coding.covers
        ):
            yield statement


def _said_without_anemia(chart: Chart) -> Iterator[Statement]:
    """Yield the assessed deficiencies with "without anemia" in their name, or right behind it."""
    denied: dict[tuple[int, int], list[int]] = {}  # where anemia is denied in each item
    if Standing.NEGATED in chart.standings:
        for statement in chart.among(chart.tables.group("anemia_untyped"), Standing.NEGATED):
            denied.setdefault(statement.key, []).append(statement.condition.start)
    for bare in chart.statements:
        if bare.standing is not Standing.ASSESSED:
            continue
        if _NOT_ANEMIC.search(bare.condition.text):
            yield bare
        elif bare.key in denied:
            end, starts = bare.condition.end, denied[bare.key]
            nearest = bisect_left(starts, end)
            text = chart.notes[bare.note].text
            if nearest < len(starts) and _WITHOUT.fullmatch(text, end, starts[nearest]):
                yield bare


def retracted(chart: Chart, concept: str) -> bool:
    """Whether a later addendum denies the condition, or one that contains it or that it contains (S45)."""
    if chart.standings.isdisjoint(_GONE):
        return False
    stated = [s for s in chart.of(concept) if s.condition.subtype != "addendum"]
    if not stated:
        return False
    for statement in chart.statements:
        if statement.condition.subtype != "addendum" or statement.standing not in (
            Standing.NEGATED,
            Standing.RESOLVED,
        ):
            continue
        other, own = chart.coding(statement.concept), chart.coding(concept)
        related = (
            statement.concept == concept
            or (own is not None and statement.concept in own.covers)
            or (other is not None and concept in other.covers)
        )
        if (
            related
            and min(s.place for s in stated) < statement.place
            and not any(
                s.condition.subtype == "addendum" and s.standing in (Standing.ASSESSED, Standing.NARRATED)
                for s in chart.of(concept)
            )
        ):
            return True
    return False


def in_assessment(chart: Chart, statement: Statement) -> bool:
    """Whether a mention of any standing stands where the provider assesses."""
    section = statement.condition.section
    return section in ASSESSED_IN or (chart.headless[statement.note] and section in STORY_IN)


def _decide(chart: Chart, concept: str, both: tuple[Statement, Statement] | None) -> Current | None:
    """Decide on one concept; `both` is what `with_and_without_anemia` says of the chart."""
    if concept == _COMPLETED:  # the words speak of what is completed, so "resolved" is said of that
        said = chart.of(concept, Standing.ASSESSED, Standing.NARRATED, Standing.RESOLVED, Standing.HISTORY)
        return Current(concept, said, "R01") if said else None
    if not chart.standings.isdisjoint(_GONE) and (
        retracted(chart, concept) or is_contradicted(chart, concept)
    ):
        return None
    if both is not None and concept in (both[0].concept, both[1].concept):
        return None
    assessed, denied = _last_word(chart, concept)
    if assessed:
        told = chart.of(concept, Standing.NARRATED, Standing.TREATED)
        return Current(concept, assessed + told, "R01", bool(denied), denied)
    standings = {s.standing for s in chart.by_concept[concept]}
    if Standing.ASSESSED in standings and any(in_remission(s) for s in chart.of(concept, Standing.ASSESSED)):
        return None
    return _unassessed(chart, concept, standings, denied)


def _unassessed(
    chart: Chart, concept: str, standings: set[Standing], denied: tuple[Statement, ...]
) -> Current | None:
    """Decide on a concept that no assessment states; `standings` are those of its statements."""
    coding = chart.coding(concept)
    is_condition = coding is not None and coding.kind is Kind.CONDITION
    if Standing.HISTORY_TREATED in standings and is_condition and not denied:
        history = [s for s in chart.of(concept, Standing.HISTORY_TREATED) if in_assessment(chart, s)]
        if history and chart.choice("s29") != "query_only":
            return Current(concept, tuple(history), "R10", True)
    if denied or (
        not standings.isdisjoint(_LEFT_OPEN)
        and any(in_assessment(chart, s) for s in chart.of(concept, *_LEFT_OPEN))
    ):
        return None
    if Standing.LISTED in standings and is_condition and _listed_counts(chart):
        assert coding is not None
        if chart.on_drug(coding.nutrient):
            return Current(concept, chart.of(concept, Standing.LISTED), "S20", True)
    if Standing.TREATED in standings:
        return Current(concept, chart.of(concept, Standing.TREATED), "S20", True)
    if Standing.NARRATED not in standings or coding is None or coding.symptom is not None:
        return None
    return _narrated(chart, concept, coding)


def _narrated(chart: Chart, concept: str, coding: Coding) -> Current | None:
    """Decide on a concept that the story alone tells: as the reason for the visit, or treated in the plan."""
    narrated = chart.of(concept, Standing.NARRATED)
    if any(
        s.place > narrated[0].place and s.condition.section not in (SectionCategory.ROS, SectionCategory.EXAM)
        for s in chart.of(concept, Standing.NEGATED)
    ):
        return None  # the story itself takes it back
    if fuller_is_gone(chart, concept):
        return None
    if any(is_reason(s.condition) for s in narrated) or chart.treated_in_plan(coding.nutrient):
        return Current(concept, narrated, "R18", True)
    return None


def fuller_is_gone(chart: Chart, concept: str) -> bool:
    """Whether the assessment calls past what holds this: "she was iron deficient"; "IDA, resolved"."""
    if chart.standings.isdisjoint(_PAST):
        return False
    return any(
        coding is not None
        and concept in coding.covers
        and not chart.of(name, Standing.ASSESSED)
        and any(in_assessment(chart, s) for s in chart.of(name, *_PAST))
        for name in chart.by_concept
        for coding in (chart.coding(name),)
    )


def _listed_counts(chart: Chart) -> bool:
    """option.s20: whether a condition that only a list carries counts while its treatment goes on."""
    choice = chart.choice("s20")
    return choice == "treated_on_any_claim" or (
        choice == "treated_on_inpatient_claim" and chart.setting is Setting.INPATIENT
    )


def heads_its_item(chart: Chart, statement: Statement) -> bool:
    """Whether the mention opens its list item or sentence: the problem that the item is about."""
    note = chart.notes[statement.note]
    index = statement.condition.unit
    if not 0 <= index < len(note.units):
        return False
    unit = note.units[index]
    first = index == 0 or note.units[index - 1].item != unit.item
    lead = note.text[unit.start : statement.condition.start]
    if len(lead) > HEAD:
        return bool(first and _JOINED.fullmatch(lead) and len(lead) <= 60)
    return first or not lead.strip(" \t-*#:.,()0123456789")


def indicated(
    chart: Chart, indications: dict[str, tuple[Statement, ...]], found: dict[str, Current]
) -> dict[str, Current]:
    """Add the condition that an order or earlier note gives as indication of today's treatment (S42)."""
    if not indications:
        return found
    known = {
        c.nutrient for name in found if (c := chart.coding(name)) is not None and c.kind is Kind.CONDITION
    }
    added: dict[str, Current] = {}
    for concept, statements in indications.items():
        coding = chart.coding(concept)
        if coding is None or coding.nutrient in known or not chart.treated_today(coding.nutrient):
            continue
        if chart.of(concept, Standing.NEGATED, Standing.RESOLVED, Standing.SUPERSEDED):
            continue
        added[concept] = Current(concept, statements, "S42")
    return {**found, **added}


def without_disputed(chart: Chart, found: dict[str, Current]) -> dict[str, Current]:
    """Leave out what stands in place of a condition that two notes contradict each other about (S46)."""
    if len(chart.notes) < 2:
        return found
    disputed = {
        pair[1].key: chart.coding(concept)
        for concept in chart.by_concept
        if (pair := is_contradicted(chart, concept)) is not None and pair[0].note != pair[1].note
    }
    anemias = chart.tables.group("anemia_any")
    if not any(coding is not None and coding.concept in anemias for coding in disputed.values()):
        return found
    return {
        concept: current
        for concept, current in found.items()
        if concept not in anemias or any(s.key not in disputed for s in current.statements)
    }


def _counts_assessed_only(chart: Chart, concept: str) -> bool:
    """Whether a concept is a symptom or a finding, which count where the assessment names them (S11)."""
    coding = chart.coding(concept)
    return (coding is not None and coding.symptom is not None) or concept in _FINDINGS_BY_NAME


def current_concepts(chart: Chart) -> dict[str, Current]:
    """Return the current concepts by name.

    Symptoms and findings count where the assessment names them (S11); procedures, diets and pregnancies
    are facts wherever they stand and are left to the rules that use them.
    """
    found: dict[str, Current] = {}
    if chart.standings.isdisjoint(_DECIDING) and _COMPLETED not in chart.by_concept:
        return found
    both = with_and_without_anemia(chart)
    for concept, statements in chart.by_concept.items():
        if statements[0].condition.category in _LEFT_TO_OTHERS:
            continue
        assessed_only = _counts_assessed_only(chart, concept)
        # without one of these standings it is not current, whatever else is said of it
        deciding = _ASSESSED if assessed_only else _DECIDING
        if concept != _COMPLETED and deciding.isdisjoint([s.standing for s in statements]):
            continue
        decided = _decide(chart, concept, both)
        if decided is not None and not (
            assessed_only and _ASSESSED.isdisjoint([s.standing for s in decided.statements])
        ):
            found[concept] = decided
    return found
