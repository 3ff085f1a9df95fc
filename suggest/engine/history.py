"""What is gone, what relatives have, and why the visit took place (R10-R16, R48, R54, S05, P140-P163)."""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.facts import Assertion, SectionCategory
from nlp.patterns import spaced
from suggest.engine.candidates import CHAIN, Candidate, Draft
from suggest.engine.chart import Chart, is_reason
from suggest.engine.combine import Picture
from suggest.engine.current import in_assessment, is_contradicted
from suggest.engine.statement import Standing, Statement
from suggest.result import Band, Kind, Necessity, Role

_NEW = spaced(
    r"\bnew(?:ly)?\b|\bfound\b|abnormal|incidental|discovered|picked up|today'?s labs|"
    r"\bstart|\bbegin|initiat",
    re.IGNORECASE,
)

_ABNORMAL_EXAM = spaced(r"(?<!out )(?<!no )abnormal findings?", re.IGNORECASE)
_PAST_OR_FAMILY = (Standing.HISTORY, Standing.RESOLVED, Standing.FAMILY)
# findings of the blood that an examination "with abnormal findings" may mean (R54)
_ABNORMAL = frozenset(
    {"macrocytosis", "low_b12", "low_ferritin", "low_serum_iron", "low_folate", "low_hemoglobin"}
)


# "labs at her annual exam", "since the last physical": another visit than this one
_ELSEWHERE = re.compile(
    r"(?i)\b(?:(?:labs?|seen|drawn|found|done|checked|noted|told|diagnosed)\s(?:at|from|during|in)|since|after)"
    r"\s(?:(?:her|his|the|a|an|my|last|recent|prior|previous|recently|spring|fall)\s){0,2}\Z"
)


def examinations(chart: Chart, picture: Picture, draft: Draft) -> None:
    """A general examination with an abnormal finding leads; screening only if no sign or diagnosis."""
    if not draft.candidates:
        return
    conditions = [c for c in draft.candidates.values() if c.kind is Kind.CONDITION]
    exam = [
        s
        for s in chart.of("general_exam")
        if s.standing in (Standing.ASSESSED, Standing.NARRATED, Standing.WEAK)
        and (in_assessment(chart, s) or is_reason(s.condition) or s.condition.start < 400)
        and not _ELSEWHERE.search(
            chart.notes[s.note].text[max(0, s.condition.start - 40) : s.condition.start]
        )
    ]
    draft.drop("Z00.01")
    stated = [c for c in draft.candidates.values() if c.kind is Kind.FINDING and c.concept in _ABNORMAL]
    worded = any(_ABNORMAL_EXAM.search(s.condition.text) for s in exam)
    if exam and (conditions or (worded and stated)):
        lead = min(exam, key=lambda s: not in_assessment(chart, s))
        texts = " ".join(
            chart.item_text(s) for n in picture.nodes.values() for s in n.statements[:3]
        ) + chart.item_text(lead)
        draft.add(
            Candidate(
                "Z00.01",
                Kind.STATUS,
                "current",
                Necessity.REQUIRED if worded or _NEW.search(texts) else Necessity.OPTIONAL,
                Band.CODE,
                (chart.evidence(lead, Role.CONTEXT),),
                ("R54",),
                (-1, 0),
                0,
                concept="general_exam",
            )
        )
    ours = bool(conditions)
    for code, rule in (("Z13.0", "P150"), ("Z13.21", "P149")):
        if code not in draft.candidates:
            continue
        signs = [
            c
            for c in draft.candidates.values()
            if c.kind is Kind.FINDING and c.necessity is Necessity.REQUIRED
        ]
        if ours or signs:
            draft.drop(code)
        else:
            evidence = tuple(replace(e, role=Role.CONTEXT) for e in draft.candidates[code].evidence)
            draft.change(code, evidence=evidence, rules=(rule, "R48"))


def history(chart: Chart, picture: Picture, draft: Draft) -> None:
    """Personal history of what is gone and untreated; family history of what relatives have."""
    told = not chart.standings.isdisjoint(_PAST_OR_FAMILY)
    for concept, statements in sorted(chart.by_concept.items()) if told else ():
        coding = chart.coding(concept)
        if coding is None:
            continue
        relatives = [
            s
            for s in statements
            if s.standing is Standing.FAMILY
            and s.condition.assertion is not Assertion.POSSIBLE  # "brother: pernicious anemia?" (R03)
            and not _NEOPLASTIC.search(s.condition.text)
        ]
        _family(chart, draft, coding.family, relatives)
        if coding.past is None:
            continue
        if concept in picture.nodes or concept in picture.absorbed or coding.lifelong:
            continue
        if _current_relative(chart, picture, concept):
            continue
        past = [s for s in statements if s.standing in (Standing.HISTORY, Standing.RESOLVED)]
        gone = [s for s in past if s.standing is Standing.RESOLVED and in_assessment(chart, s)]
        if (
            not past
            or (chart.of(concept, Standing.HISTORY_TREATED) and not gone)
            or is_contradicted(chart, concept)
        ):
            continue
        if (
            coding.nutrient
            and chart.treated_today(coding.nutrient)
            and not any(s.standing is Standing.RESOLVED for s in past)
        ):
            continue  # R10: under treatment it is not a history
        assessed = [s for s in past if in_assessment(chart, s)]
        reason = [s for s in past if is_reason(s.condition)]
        lead = (assessed or reason or past)[0]
        shown = ([*assessed, *reason] or past)[:2]
        draft.add(
            Candidate(
                coding.past,
                Kind.HISTORY,
                "historical" if lead.standing is Standing.HISTORY else "resolved",
                Necessity.REQUIRED if assessed or reason else Necessity.OPTIONAL,
                Band.CODE,
                tuple(chart.evidence(s, Role.HISTORY) for s in shown),
                ("P141" if coding.past == "Z86.2" else "P140", "R13", "S05"),
                lead.place,
                CHAIN[Kind.HISTORY],
                concept=f"past:{concept}",
            )
        )
    if "Z09" in draft.candidates:
        stays = any(c in draft.candidates for c in ("Z86.2", "Z86.39")) and not any(
            c.kind is Kind.CONDITION for c in draft.candidates.values()
        )
        if not stays:
            draft.drop("Z09")
        else:
            evidence = tuple(replace(e, role=Role.CONTEXT) for e in draft.candidates["Z09"].evidence)
            draft.change("Z09", evidence=evidence, place=(-1, 0), chain=0, rules=("P163",))
            for code in ("Z86.2", "Z86.39"):
                draft.change(
                    code, after=("Z09",), necessity=Necessity.REQUIRED
                ) if code in draft.candidates and draft.candidates[
                    code
                ].necessity is Necessity.REQUIRED else None


def _current_relative(chart: Chart, picture: Picture, concept: str) -> bool:
    """Whether a fuller or plainer form of the condition is current (resolved "anemia", current IDA)."""
    coding = chart.coding(concept)
    for name in picture.nodes:
        other = chart.coding(name)
        if other is None:
            continue
        if concept in other.covers or (
            coding is not None and name in coding.covers and other.nutrient is not None
        ):
            return True
    return False


# a neoplasm of the blood in the family is Z80.-, outside of our scope
_NEOPLASTIC = re.compile(r"\bMDS\b|myelodysplas|refractory|leuk|myelofibro", re.IGNORECASE)
_STATED_IN = frozenset(
    {
        SectionCategory.ASSESSMENT,
        SectionCategory.ASSESSMENT_PLAN,
        SectionCategory.IMPRESSION,
        SectionCategory.DIAGNOSES,
        SectionCategory.INDICATION,
    }
)
_ASKED = spaced(
    r"\b(?:ask(?:s|ed|ing)?|wonder\w*|worr\w+|question\w*|whether|tells? me|told|curious|"
    r"like (?:her|his)|as in (?:her|his))\b",
    re.IGNORECASE,
)
_FAMILY_WORDS = re.compile(r"\bfamily\b|\bfamilial\b|\bf\.?h\.?x?\b", re.IGNORECASE)


def _is_about_family(chart: Chart, statement: Statement) -> bool:
    """Whether the sentence is about the family history, and does not merely bring it up."""
    note = chart.notes[statement.note]
    if not 0 <= statement.condition.unit < len(note.units):
        return False
    start = note.units[statement.condition.unit].start
    lead = note.text[start : statement.condition.start]
    if statement.condition.start - start < 60 and _FAMILY_WORDS.search(lead):
        return True
    # "Mother's PA noted": the assessment speaks of it; "asks whether, like her mother, she has PA" asks
    unit = note.units[statement.condition.unit]
    return statement.condition.section in _STATED_IN and not _ASKED.search(note.text[unit.start : unit.end])


def _family(chart: Chart, draft: Draft, code: str | None, statements: list[Statement]) -> None:
    if code is None or not statements:
        return
    assessed = [s for s in statements if in_assessment(chart, s) and _is_about_family(chart, s)]
    lead = (assessed or statements)[0]
    draft.add(
        Candidate(
            code,
            Kind.HISTORY,
            "historical",
            Necessity.REQUIRED if assessed else Necessity.OPTIONAL,
            Band.CODE,
            tuple(chart.evidence(s, Role.HISTORY) for s in (assessed or statements)[:2]),
            ("P147" if code == "Z83.2" else "P148", "R16", "S05"),
            lead.place,
            CHAIN[Kind.HISTORY] + 1,
            concept="family",
        )
    )
