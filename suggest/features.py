"""What the score looks at: a candidate code as numbers from 0 to 1, each with a name that a person can read.

Nothing here decides whether a code stands. docs/models.md says what each name means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from nlp.facts import WORDED, Flag, LabValue, ModifierSource
from nlp.literals import fold, needed_letters
from nlp.records import quick
from nlp.sieve import Sieve
from suggest.engine.candidates import Candidate
from suggest.engine.chart import ANALYTES, Chart
from suggest.engine.statement import Standing, Statement
from suggest.engine.tables import Coding, tables
from suggest.result import Band, Kind, Necessity, Role, Setting
from suggest.wary import Heard, WaryLists, count_words, wary_words

_STORY = frozenset({"hpi", "interval", "hospital_course"})
_ASSESSED = frozenset(
    {"assessment", "assessment_plan", "impression", "diagnoses", "plan", "indication", "orders"}
)
_SAID = (
    Standing.ASSESSED,
    Standing.TREATED,
    Standing.NARRATED,
    Standing.LISTED,
    Standing.HISTORY_TREATED,
    Standing.HISTORY,
)
# what mentions of a standing are worth, as bits
_IS_SAID, _IS_DOUBTED, _IS_PAST, _IS_NOT_HERS = 1, 2, 4, 8
_WORTH: dict[Standing, int] = {
    Standing.ASSESSED: _IS_SAID,
    Standing.TREATED: _IS_SAID,
    Standing.NARRATED: _IS_SAID,
    Standing.LISTED: _IS_SAID | _IS_PAST,
    Standing.HISTORY: _IS_SAID | _IS_PAST,
    Standing.HISTORY_TREATED: _IS_SAID | _IS_PAST,
    Standing.RESOLVED: _IS_PAST,
    Standing.NEGATED: _IS_DOUBTED,
    Standing.UNCERTAIN: _IS_DOUBTED,
    Standing.HYPOTHETICAL: _IS_DOUBTED,
    Standing.FAMILY: _IS_NOT_HERS,
    Standing.OTHER: _IS_NOT_HERS,
    Standing.INELIGIBLE: _IS_NOT_HERS,
    Standing.COPIED: _IS_NOT_HERS,
}
_PROVING = (Role.DIAGNOSIS, Role.HISTORY)
_QUOTING = (*_PROVING, Role.CONTEXT)
_KINDS = (Kind.CAUSE, Kind.MANIFESTATION, Kind.FINDING, Kind.HISTORY)
_BLOOD_COUNT = ("hemoglobin", "hematocrit")
_LEVEL = {
    "b12": "b12",
    "iron": "ferritin",
    "folate": "folate",
}  # of each nutrient
_HIGH_WHEN_SHORT = frozenset({"mma", "tibc", "transferrin"})
_ANTIBODIES = frozenset({"intrinsic_factor_antibody", "parietal_cell_antibody"})
_ANEMIA = re.compile(r"D5[0-3]|D6[0-4]|O99\.0")
_PRESUMED = frozenset({"R31", "S08", "S09"})  # the classification itself links
_PASTED = (  # the line apart: "note" stands in many notes, and the others do not
    Sieve(
        re.compile(
            r"\b(?:copied|imported|carried forward|pulled (?:in|forward))\b"
            r"|\bfrom (?:prior|previous|last) (?:note|visit)"
            r"|\bend of (?:import|copied|note)\b|\bprogress note \d",
            re.IGNORECASE,
        )
    ),
    Sieve(re.compile(r"^[-=_*]{3,20}[^\n]{0,60}\bnote\b", re.IGNORECASE | re.MULTILINE)),
)
_NAMED = Sieve(
    re.compile(
        r"(?P<anemia>anaemi|anemi)|(?P<b12>b-?12|cobalamin|pernicious)|(?P<iron>iron)|(?P<folate>folate|folic)",
        re.IGNORECASE,
    )
)
_REFUSING = 40  # code points before a name in which a word may refuse it
_BREAKS = (".", ";", "\n")
_OPENING_QUOTES = ('"', "\u201c", "\u2018")
_QUOTES = ('"', "\u201c", "\u201d")
_REACH = 400  # code points on either side of a mention beyond which its sentence is not read
_LEAD, _LONG, _CROWD = (
    12,
    40,
    6,
)  # words before, words around, other conditions: where a sentence counts as full
_MANY, _LARGE = 12, 6000  # concepts that hold, and code points, from which on a note counts as full
_SHORT = 6  # letters up to which a name is an abbreviation or an adjective


_NAMES = (
    *(f"is_{kind.value}" for kind in _KINDS),
    *"is_other care optional conflict alternative linked presumed unspecified cause_unread".split(),
    *"short_name printed pasted headless assessed story no_section opens_item".split(),
    *"repeated doubted past not_hers kin_doubted kin_not_hers kin_said".split(),
    *"cause_apart treated lab_for lab_against".split(),
    *"amended refused contrast_in_item many note_long inpatient".split(),
)
_ELSEWHERE = ("cause", "amended", "refusal")  # lists that are not looked for in the sentence
_SENTENCE = ("quoted", "neighbor", "lead", "long", "crowded")


@quick
@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is true of the encounter as a whole, looked up once."""

    printed: frozenset[str]
    pasted: bool
    headless: bool
    amended: bool
    refused: frozenset[str]
    causes: frozenset[str]
    many: float
    length: float
    inpatient: bool
    worded: tuple[tuple[str | None, int, int], ...]  # note, start and end of sections told by their words


@cache
def names() -> tuple[str, ...]:
    """Return the names of the features in the order in which `features` gives them."""
    words = [f"word_{name}" for name in _beside()[0]]
    return (*_NAMES, *words, *_SENTENCE)


@cache
def _beside() -> tuple[tuple[str, ...], WaryLists]:
    """The names of the lists that are looked for in the sentence, and the lists."""
    found = {name: words for name, words in wary_words().items() if name not in _ELSEWHERE}
    return tuple(found), WaryLists(found.values())


@cache
def _of_sentence() -> tuple[str, ...]:
    """The names of what `_sentence` returns, in its order."""
    return names()[len(_NAMES) :]


def survey(chart: Chart) -> Surroundings:
    """Return what is true of the encounter as a whole."""
    notes, coding = chart.notes, chart.tables.coding
    said = {s.concept for s in chart.statements if s.standing in _SAID}
    texts = [note.text for note in notes]
    return Surroundings(
        printed=frozenset([c.code.replace(".", "") for note in notes for c in note.stated_codes]),
        pasted=any(words.search(text) is not None for text in texts for words in _PASTED),
        headless=not any(s.title and s.category in _ASSESSED for note in notes for s in note.sections),
        amended=len(notes) > 1 or _amended().search(texts[0]) is not None,
        refused=frozenset().union(*map(_refused, texts)),
        causes=frozenset([name for name in said if name in coding and coding[name].kind is Kind.CAUSE]),
        many=round(min(1.0, len(said) / _MANY), 3),
        length=round(min(1.0, sum(map(len, texts)) / _LARGE), 3),
        inpatient=chart.setting is Setting.INPATIENT,
        worded=tuple([(n.note_id, s.start, s.end) for n in notes for s in n.sections if s.subtype == WORDED]),
    )


@cache
def _amended() -> Sieve:
    return Sieve(wary_words()["amended"].pattern)


@cache
def _refusal_letters() -> re.Pattern[str]:
    """What finds, in folded text, letters of which some stand in each refusal."""
    return re.compile("|".join(map(re.escape, needed_letters(wary_words()["refusal"].pattern))))


def _refused(text: str) -> set[str]:
    """Return the names of nutrients, and of anemia, that stand behind a refusal in the same sentence."""
    folded, letters = fold(text), _refusal_letters()
    found: set[str] = set()
    if letters.search(folded) is None:
        return found
    folded = folded.replace("\u0130", "i")  # which the lists take for an i and `fold` leaves
    refusal = wary_words()["refusal"]
    for match in _NAMED.finditer(text):
        name, end = match.lastgroup, match.start()
        if name is None or name in found:
            continue
        low = max(0, end - _REFUSING)
        if letters.search(folded, low, end) is None:
            continue
        low = max([low, *[text.rfind(sign, low, end) + 1 for sign in _BREAKS]])
        if refusal.stand_in(Heard(text[low:end])):
            found.add(name)
    return found


def features(candidate: Candidate, chart: Chart, around: Surroundings) -> dict[str, float]:
    """Return what can be said of a candidate, by name, each from 0 to 1.

    Args:
        candidate: the code with its evidence, after the conventions.
        chart: the encounter that it comes from.
        around: what `survey` says of the encounter.
    """
    return dict(zip(names(), map(float, feature_row(candidate, chart, around)), strict=True))


def feature_row(candidate: Candidate, chart: Chart, around: Surroundings) -> tuple[float, ...]:
    """Return what `features` says in the order of `names`; what is true or false stands as such."""
    own = _quoted(candidate, chart)
    coding = chart.coding(candidate.concept)
    nutrient = coding.nutrient if coding is not None else None
    kind, code = candidate.kind, candidate.code
    anemia = _ANEMIA.match(code) is not None
    unspecified = code.endswith("9")
    roles = {e.role for e in candidate.evidence}
    linked = Role.LINKAGE in roles
    items = [Heard(chart.item_text(s)) for s in own]
    words = wary_words()
    return (
        *[kind is named for named in _KINDS],
        kind is not Kind.CONDITION and kind not in _KINDS,
        candidate.band is Band.CARE,
        candidate.necessity is Necessity.OPTIONAL,
        bool(candidate.conflicts),
        bool(candidate.alternatives),
        linked,
        any(rule.rpartition(":")[2] in _PRESUMED for rule in candidate.rules),
        unspecified,
        unspecified and any(map(words["cause"].stand_in, items)),
        bool(own) and max([len(s.condition.text) for s in own]) <= _SHORT,
        code.replace(".", "") in around.printed,
        around.pasted,
        around.headless,
        *_place(candidate, own, chart, around),
        *_elsewhere(candidate, own, chart, coding, _concepts_like(nutrient, anemia)),
        unspecified and bool(around.causes) and not linked,
        Role.TREATMENT in roles or bool(chart.treated_today(nutrient)),
        *_results(chart, *_tests_of(nutrient, anemia)),
        around.amended,
        nutrient in around.refused or (anemia and "anemia" in around.refused),
        any(map(words["contrast"].stand_in, items)),
        around.many,
        around.length,
        around.inpatient,
        *_sentences(own, chart),
    )


def _quoted(candidate: Candidate, chart: Chart) -> list[Statement]:
    """The mentions that the evidence quotes."""
    places = {(e.note_id, e.start) for e in candidate.evidence if e.role in _QUOTING}
    notes = chart.notes
    return [s for s in chart.statements if (notes[s.note].note_id, s.condition.start) in places]


def _place(
    candidate: Candidate, own: Sequence[Statement], chart: Chart, around: Surroundings
) -> tuple[bool, ...]:
    """Whether it is assessed, told in the story, under no header, and whether a mention opens its item."""
    # the section of a mention that its wording alone tells counts as none
    sections = {
        "unknown"
        if around.worded
        and any(note == e.note_id and start <= e.start < end for note, start, end in around.worded)
        else e.section
        for e in candidate.evidence
        if e.role in _PROVING
    }
    assessed = not sections.isdisjoint(_ASSESSED)
    return (
        assessed,
        not assessed and not sections.isdisjoint(_STORY),
        not assessed and "unknown" in sections,
        any(_opens_item(s, chart) for s in own),
    )


def _opens_item(statement: Statement, chart: Chart) -> bool:
    """Whether the mention stands first in its list item or problem, as a diagnosis does."""
    units, index = chart.notes[statement.note].units, statement.condition.unit
    if not 0 <= index < len(units) or (index > 0 and units[index - 1].item == units[index].item):
        return False
    before = chart.notes[statement.note].text[units[index].start : statement.condition.start]
    return len(before) <= _REACH and count_words(before) <= 2


def _elsewhere(
    candidate: Candidate,
    own: Sequence[Statement],
    chart: Chart,
    coding: Coding | None,
    family: frozenset[str],
) -> tuple[bool, ...]:
    """What other mentions of the same condition, and of its family, are worth."""
    concepts = {s.concept for s in own} | {candidate.concept}
    covered = coding.covers if coding is not None else frozenset()
    same = kin = said = kin_said = 0
    for statement in chart.statements:
        concept, worth = statement.concept, _WORTH.get(statement.standing, 0)
        if concept in concepts:
            same |= worth
            said += worth & _IS_SAID
        if concept in family:
            kin |= worth
            if concept not in concepts and concept not in covered:
                kin_said |= worth & _IS_SAID
    return (
        said > 1,
        bool(same & _IS_DOUBTED),
        bool(same & _IS_PAST),
        bool(same & _IS_NOT_HERS),
        bool(kin & _IS_DOUBTED),
        bool(kin & _IS_NOT_HERS),
        bool(kin_said),
    )


@cache
def _concepts_like(nutrient: str | None, anemia: bool) -> frozenset[str]:
    """The concepts of other anemias, or of the same nutrient."""
    return frozenset(
        name
        for name, coding in tables().coding.items()
        if (nutrient and coding.nutrient == nutrient)
        or (anemia and coding.code is not None and _ANEMIA.match(coding.code))
    )


@cache
def _tests_of(nutrient: str | None, anemia: bool) -> tuple[frozenset[str], frozenset[str]]:
    """The analytes whose normal value speaks against a condition, and all that bear it out."""
    told = {_LEVEL[nutrient]} if nutrient in _LEVEL else set()
    told |= set(_BLOOD_COUNT) if anemia else set()
    return frozenset(told), frozenset(told | ANALYTES.get(nutrient or "", frozenset()))


def _results(chart: Chart, told: frozenset[str], wanted: frozenset[str]) -> tuple[bool, bool]:
    """Whether results bear the condition out, and whether one stands against it."""
    if chart.analytes.isdisjoint(wanted):
        return False, False
    labs = [lab for note in chart.notes for lab in note.labs if lab.analyte in wanted]
    abnormal = any(map(_is_abnormal, labs))
    return abnormal, not abnormal and any(lab.analyte in told and _is_normal(lab) for lab in labs)


def _is_normal(lab: LabValue) -> bool:
    return lab.flag is Flag.NORMAL or lab.result == "normal"


def _is_abnormal(lab: LabValue) -> bool:
    if lab.analyte in _HIGH_WHEN_SHORT:
        return lab.flag is Flag.HIGH or lab.result == "high"
    if lab.analyte in _ANTIBODIES:
        return lab.flag is Flag.HIGH or lab.result == "positive"
    return lab.flag is Flag.LOW or lab.result in ("low", "undetectable")


def _sentences(own: Sequence[Statement], chart: Chart) -> tuple[float, ...]:
    """How the sentences around the mentions read; of several the plainest counts, name by name."""
    if not own:
        return (0.0,) * len(_of_sentence())
    rows = [_sentence(s, chart) for s in own]
    return rows[0] if len(rows) == 1 else tuple(map(min, zip(*rows, strict=True)))


def _sentence(statement: Statement, chart: Chart) -> tuple[float, ...]:
    note, condition = chart.notes[statement.note], statement.condition
    start, end, place = condition.start, condition.end, condition.unit
    if 0 <= place < len(note.units):
        unit = note.units[place]
        start, end = max(unit.start, start - _REACH), min(unit.end, end + _REACH)
    before = note.text[start : condition.start]
    beside = before + " " + note.text[condition.end : end]
    heard = Heard(beside)
    others = [c for c in note.conditions if c.unit == place and c is not condition]
    return (
        *_beside()[1].standing_in(heard),
        before.endswith(_OPENING_QUOTES) or sum(map(before.count, _QUOTES)) % 2 == 1,
        any(m.source is ModifierSource.WORDING for c in others for m in c.modifiers),
        round(min(1.0, count_words(before) / _LEAD), 3),
        round(min(1.0, count_words(beside) / _LONG), 3),
        round(min(1.0, len(others) / _CROWD), 3),
    )
