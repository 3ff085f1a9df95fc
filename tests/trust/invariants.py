"""Guideline invariants: what holds for every answer, whatever facts it is made from.

Facts are made at random (any concept, in any section, said in any way, with results, drugs and links beside
it) and every concept of the lexicon is also said in notes of one or two lines, which are read and coded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nlp.facts import Assertion, Experiencer, MedicationStatus, NoteFacts, Temporality
from suggest import suggest_codes
from suggest.engine.run import answer
from suggest.engine.tables import Coding, tables
from suggest.knowledge import find_policy
from suggest.release import load_release
from suggest.result import Kind, Result, Role, Setting, Suggestion
from suggest.version import version
from tests.trust.madefacts import DRUGS, LABS, SECTIONS, Plan, Said, concepts, note_of, plans, vocabulary
from tests.trust.tally import Tally

BOUNDED, MORE = 2000, 40000  # made notes a property
# What each kind rests on (README: evidence), by the role of one of its evidences.
ROLES = {
    Kind.CONDITION: Role.DIAGNOSIS,
    Kind.CAUSE: Role.DIAGNOSIS,
    Kind.MANIFESTATION: Role.DIAGNOSIS,
    Kind.FINDING: Role.DIAGNOSIS,
    Kind.HISTORY: Role.HISTORY,
    Kind.ADVERSE_EFFECT: Role.LINKAGE,
    Kind.STATUS: Role.CONTEXT,
    Kind.SCREENING: Role.CONTEXT,
}
# Codes that never stand without what they are a manifestation of (R35), and what may stand before each.
NUTRIENTS = ("D50", "D51", "D52", "D53", "E53", "E61", "B70", "K")
MANIFESTATIONS = {
    "G32.0": NUTRIENTS,
    "G32.89": NUTRIENTS,
    "G63": NUTRIENTS,
    "F02.80": NUTRIENTS,
    "F06.70": NUTRIENTS,
    "H46.2": NUTRIENTS,
    "D63.0": (),
    "D63.1": ("N18",),
    "D63.8": ("B70.0",),
}
RELATIVES = frozenset({"Z83.2", "Z83.49"})
NOW = frozenset({Kind.CONDITION, Kind.CAUSE, Kind.MANIFESTATION, Kind.FINDING})
ASSESSMENT = next(i for i, (_, title) in enumerate(SECTIONS) if title == "A/P:")


@cache
def _known() -> dict[str, object]:
    return {
        "encounter_date": "2026-06-01",
        "release": load_release("2026-06-01"),
        "policy": find_policy(None),
        "version": version(),
    }


def coded(facts: NoteFacts, setting: Setting = Setting.PROFESSIONAL) -> Result:
    """What the engine answers to facts."""
    return answer([facts], setting=setting, **_known())  # type: ignore[arg-type]


def told(plan: Plan) -> str:
    """A made note in one line."""
    said = [
        f"{s.concept}/{SECTIONS[s.section][1]}{s.assertion.value}/{s.temporality.value}/{s.experiencer.value}"
        for s in plan.said
    ]
    labs = [LABS[i][0] for i in plan.labs]
    drugs = [f"{DRUGS[i][0]}/{status.value}" for i, status in plan.drugs]
    return "; ".join([*said, *labs, *drugs, *map(str, plan.links)])


def wrong_with(result: Result) -> Iterator[tuple[str, str]]:
    """Yield the property and the fault, for each that an answer breaks by itself."""
    release = load_release(result.encounter_date)
    codes = [s.code for s in result.suggestions]
    for place, one in enumerate(result.suggestions):
        if not release.is_billable(one.code):
            yield "non-billable never suggested", one.code
        if ROLES[one.kind] not in {e.role for e in one.evidence}:
            yield "each kind has the evidence that it rests on", f"{one.code} as {one.kind.value}"
        yield from _unfounded(one, codes[:place])
        for other in result.suggestions[place + 1 :]:
            if release.excludes1(one.code, other.code) and not _at_odds(one, other):
                yield "Excludes1 never without a conflict", f"{one.code} and {other.code}"
    both = set(codes) & {w.code for w in result.withheld}
    if both or len(set(codes)) != len(codes):
        yield "a code stands in one list, once", ", ".join(sorted(both) or codes)


def _at_odds(one: Suggestion, other: Suggestion) -> bool:
    return any(c.code == other.code for c in one.conflicts) and any(
        c.code == one.code for c in other.conflicts
    )


def _unfounded(one: Suggestion, before: list[str]) -> Iterator[tuple[str, str]]:
    if one.code not in MANIFESTATIONS:
        return
    after = one.sequence_after
    if isinstance(after, str):
        founded = after in before and after.startswith(MANIFESTATIONS[one.code])
    else:
        founded = after is not None and bool(after.what)
    if not founded:
        yield "manifestation never without its etiology before it", f"{one.code} after {after!r}"


PROPERTIES = (
    "Excludes1 never without a conflict",
    "manifestation never without its etiology before it",
    "non-billable never suggested",
    "each kind has the evidence that it rests on",
    "a code stands in one list, once",
)


def _over(strategy: st.SearchStrategy[Plan], count: int, judge: Callable[[Plan], None]) -> None:
    """Give `judge` so many made notes, the same ones every time."""

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def run(plan: Plan) -> None:
        judge(plan)

    run()


def _check_all(tally: Tally, result: Result, where: str) -> None:
    broken = dict(wrong_with(result))
    for name in PROPERTIES:
        tally.check(name, name not in broken, f"{broken.get(name)}: {where}")


def any_facts(tally: Tally, count: int) -> None:
    """Whatever is stated, in each setting."""

    def judge(plan: Plan) -> None:
        facts = note_of(plan)
        for setting in Setting:
            _check_all(tally, coded(facts, setting), f"{setting.value}: {told(plan)}")

    _over(plans(), count, judge)


def at_odds(tally: Tally, count: int) -> None:
    """Every two concepts whose codes exclude one another, both in the assessment."""
    release = load_release("2026-06-01")
    known = [(c, coding.code) for c in concepts() if (coding := tables().coding.get(c)) and coding.code]
    for place, (one, code) in enumerate(known):
        for other, partner in known[place + 1 :]:
            if code != partner and release.excludes1(code, partner):
                plan = Plan((Said(one, ASSESSMENT), Said(other, ASSESSMENT)))
                _check_all(tally, coded(note_of(plan)), told(plan))


def uncertain(tally: Tally, count: int) -> None:
    """What is only uncertain on a professional claim is no code, and the refusal is told."""
    name = "only uncertain is withheld"
    for concept in concepts():
        coding = tables().coding.get(concept)
        for status in (None, MedicationStatus.GIVEN):
            drugs = ((0, status),) if status else ()
            plan = Plan((Said(concept, ASSESSMENT, Assertion.POSSIBLE),), drugs=drugs)
            result = coded(note_of(plan))
            held = not result.suggestions and (not _is_refused(coding) or _withholds(result, coding))
            tally.check(name, held, f"{[s.code for s in result.suggestions]}: {told(plan)}")

    def judge(plan: Plan) -> None:
        found = [s.code for s in coded(note_of(plan)).suggestions]
        tally.check(name, not found, f"{found}: {told(plan)}")

    only = plans(
        assertions=(Assertion.POSSIBLE,),
        temporalities=(Temporality.CURRENT,),
        experiencers=(Experiencer.PATIENT,),
    )
    _over(only, count // 2, judge)


def _is_refused(coding: Coding | None) -> bool:
    """Whether a refusal of the concept's code is owed: not of a status, a screening or a stage."""
    return coding is not None and coding.code is not None and coding.kind in NOW


def _withholds(result: Result, coding: Coding | None) -> bool:
    return coding is not None and coding.code in {w.code for w in result.withheld}


def denied(tally: Tally, count: int) -> None:
    """What is denied, feared or another's is no code."""

    def judge(plan: Plan) -> None:
        found = [s.code for s in coded(note_of(plan)).suggestions if s.code not in RELATIVES]
        tally.check("denied, feared or another's is never a code", not found, f"{found}: {told(plan)}")

    _over(plans(assertions=(Assertion.ABSENT, Assertion.HYPOTHETICAL)), count // 2, judge)
    _over(plans(experiencers=(Experiencer.FAMILY, Experiencer.OTHER)), count // 2, judge)


def relatives(tally: Tally, count: int) -> None:
    """What relatives have changes no code of the patient."""

    def judge(plan: Plan) -> None:
        own = replace(plan, said=tuple(s for s in plan.said if s.experiencer is Experiencer.PATIENT))
        own = replace(own, links=())
        whole = {s.code for s in coded(note_of(replace(plan, links=()))).suggestions} - RELATIVES
        alone = {s.code for s in coded(note_of(own)).suggestions}
        tally.check("family never the patient", whole <= alone, f"{sorted(whole - alone)}: {told(plan)}")

    _over(plans(), count // 2, judge)


def past(tally: Tally, count: int) -> None:
    """What is over and untreated is no present condition; an operation stays a fact."""
    lasting = frozenset(
        c for c, (category, _) in vocabulary().items() if category.value in ("procedure", "status")
    )

    def judge(plan: Plan) -> None:
        said = tuple(s for s in plan.said if s.concept not in lasting)
        gone = replace(plan, said=said, drugs=(), links=())
        found = [s.code for s in coded(note_of(gone)).suggestions if s.kind in NOW]
        tally.check("history is never the present", not found, f"{found}: {told(gone)}")

    only = plans(
        assertions=(Assertion.PRESENT,),
        temporalities=(Temporality.HISTORICAL, Temporality.RESOLVED),
        experiencers=(Experiencer.PATIENT,),
    )
    _over(only, count // 2, judge)


def results_alone(tally: Tally, count: int) -> None:
    """Results and drugs alone make no code (R08, R22)."""

    def judge(plan: Plan) -> None:
        found = [s.code for s in coded(note_of(replace(plan, said=(), links=()))).suggestions]
        tally.check("labs or drugs alone never a code", not found, f"{found}: {told(plan)}")

    _over(plans(), count // 4, judge)


# A note of one or two lines around the words of each concept, and the part it tries.
LINES = (
    ("only uncertain is withheld", "Assessment: Possible {}."),
    ("only uncertain is withheld", "A/P:\n1. Probable {}, repeat labs in 3 months."),
    ("only uncertain is withheld", "Impression: Suspected {}."),
    ("only uncertain is withheld", "A/P: Rule out {}."),
    ("denied, feared or another's is never a code", "Assessment: No {}."),
    ("denied, feared or another's is never a code", "HPI: Denies {}.\nAssessment: Doing well."),
    ("denied, feared or another's is never a code", "Family history: Mother with {}.\nA/P: Doing well."),
    ("denied, feared or another's is never a code", "Plan: Watch for {}."),
    (None, "Assessment: {}."),
    (None, "PMH: {}.\nA/P: Vitamin B12 deficiency due to {}."),
    (None, "A/P:\n1. {}\n2. Anemia\n3. Iron deficiency"),
)  # fmt: skip


def in_words(tally: Tally) -> None:
    """Each concept in its own words, read as notes are."""
    for concept in concepts():
        words = vocabulary()[concept][1]
        for part, line in LINES:
            text = line.format(*[words] * line.count("{}"))
            result = suggest_codes(text)
            _check_all(tally, result, text)
            if part:
                found = [s.code for s in result.suggestions if s.code not in RELATIVES]
                tally.check(part, not found, f"{found}: {text}")


def prove(long: bool = False) -> Tally:
    """Try each property."""
    tally = Tally("invariants")
    count = MORE if long else BOUNDED
    for part in (any_facts, at_odds, uncertain, denied, relatives, past, results_alone):
        part(tally, count)
    in_words(tally)
    return tally
