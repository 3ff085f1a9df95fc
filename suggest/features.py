"""What the score looks at: a candidate code as numbers from 0 to 1, each with a name that a person can read.

Nothing here decides whether a code stands. docs/models.md says what each name means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from nlp.facts import Flag, LabValue, ModifierSource
from nlp.knowledge import check_entry, check_unique, load_yaml
from nlp.literals import fold, needed_letters
from nlp.sieve import Sieve
from suggest.engine.candidates import Candidate
from suggest.engine.chart import ANALYTES, Chart
from suggest.engine.statement import Standing, Statement
from suggest.result import Band, Evidence, Kind, Necessity, Role

_FILE = "features.yaml"
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
_DOUBTED = (Standing.NEGATED, Standing.UNCERTAIN, Standing.HYPOTHETICAL)
_PAST = (Standing.HISTORY, Standing.RESOLVED, Standing.HISTORY_TREATED, Standing.LISTED)
_NOT_HERS = (Standing.FAMILY, Standing.OTHER, Standing.INELIGIBLE, Standing.COPIED)
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
_PASTED = Sieve(
    re.compile(
        r"\b(?:copied|imported|carried forward|pulled (?:in|forward))\b"
        r"|\bfrom (?:prior|previous|last) (?:note|visit)"
        r"|^[-=_*]{3,20}[^\n]{0,60}\bnote\b|\bend of (?:import|copied|note)\b|\bprogress note \d",
        re.IGNORECASE | re.MULTILINE,
    )
)
_NAMED = Sieve(
    re.compile(
        r"(?P<anemia>anaemi|anemi)|(?P<b12>b-?12|cobalamin|pernicious)|(?P<iron>iron)|(?P<folate>folate|folic)",
        re.IGNORECASE,
    )
)
_REFUSING = 40  # code points before a name in which a word may refuse it
_BREAK = re.compile(r"[.;\n]")
_WORDS = re.compile(r"[^\W\d_]+")
_OPENING_QUOTES = frozenset('"\u201c\u2018')
_QUOTE = re.compile('["\u201c\u201d]')
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
    *"repeated doubted past not_hers".split(),
    *"kin_doubted kin_not_hers kin_said cause_apart treated lab_for lab_against".split(),
    *"amended refused contrast_in_item many note_long inpatient".split(),
)
_ELSEWHERE = ("cause", "amended", "refusal")  # lists that are not looked for in the sentence
_SENTENCE = ("quoted", "neighbor", "lead", "long", "crowded")


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


@cache
def wary_words() -> Mapping[str, re.Pattern[str]]:
    """Return the words near a mention that make a reader look twice, by the name of their entry.

    Raises:
        KnowledgeError: an entry is not of its form.
    """
    entries = load_yaml("suggest", _FILE)
    check_unique(_FILE, entries)
    for entry in entries:
        check_entry(_FILE, entry, required=("id", "words", "why", "example"))
    return {entry["id"]: _any_of(entry["words"]) for entry in entries}


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in sorted(words)), re.IGNORECASE)


@cache
def names() -> tuple[str, ...]:
    """Return the names of the features in the order in which `features` gives them."""
    words = [f"word_{name}" for name in wary_words() if name not in _ELSEWHERE]
    return (*_NAMES, *words, *_SENTENCE)


def survey(chart: Chart) -> Surroundings:
    """Return what is true of the encounter as a whole."""
    return Surroundings(
        printed=frozenset(c.code.replace(".", "") for note in chart.notes for c in note.stated_codes),
        pasted=any(_PASTED.search(note.text) for note in chart.notes),
        headless=not any(s.title and s.category.value in _ASSESSED for n in chart.notes for s in n.sections),
        amended=len(chart.notes) > 1 or any(_amended().search(note.text) for note in chart.notes),
        refused=frozenset(name for note in chart.notes for name in _refused(note.text)),
        causes=frozenset(
            s.concept
            for s in chart.statements
            if s.standing in _SAID and (c := chart.coding(s.concept)) is not None and c.kind is Kind.CAUSE
        ),
        many=round(min(1.0, len({s.concept for s in chart.statements if s.standing in _SAID}) / _MANY), 3),
        length=round(min(1.0, sum(len(n.text) for n in chart.notes) / _LARGE), 3),
        inpatient=chart.setting.value == "inpatient",
    )


@cache
def _amended() -> Sieve:
    return Sieve(wary_words()["amended"])


@cache
def _refusal_letters() -> tuple[str, ...]:
    return needed_letters(wary_words()["refusal"])


def _refused(text: str) -> Iterator[str]:
    """Yield the names of nutrients, and of anemia, that stand behind a refusal in the same sentence."""
    folded = fold(text)
    if not any(letters in folded for letters in _refusal_letters()):
        return
    for match in _NAMED.finditer(text):
        before = _BREAK.split(text[max(0, match.start() - _REFUSING) : match.start()])[-1]
        if match.lastgroup is not None and wary_words()["refusal"].search(before):
            yield match.lastgroup


def _names_of(candidate: Candidate, chart: Chart) -> set[str]:
    """The names, as `_refused` gives them, that the code hangs on."""
    coding = chart.coding(candidate.concept)
    names = {coding.nutrient} if coding is not None and coding.nutrient else set()
    return names | {"anemia"} if _ANEMIA.match(candidate.code) else names


def features(candidate: Candidate, chart: Chart, around: Surroundings) -> dict[str, float]:
    """Return what can be said of a candidate, by name, each from 0 to 1.

    Args:
        candidate: the code with its evidence, after the conventions.
        chart: the encounter that it comes from.
        around: what `survey` says of the encounter.
    """
    own = _quoted(candidate, chart)
    rules = {rule.split(":")[-1] for rule in candidate.rules}
    unspecified = candidate.code.endswith("9")
    facts = {
        **{f"is_{kind.value}": candidate.kind is kind for kind in _KINDS},
        "is_other": candidate.kind not in (*_KINDS, Kind.CONDITION),
        "care": candidate.band is Band.CARE,
        "optional": candidate.necessity is Necessity.OPTIONAL,
        "conflict": bool(candidate.conflicts),
        "alternative": bool(candidate.alternatives),
        "linked": any(e.role is Role.LINKAGE for e in candidate.evidence),
        "presumed": bool(rules & _PRESUMED),
        "unspecified": unspecified,
        "cause_unread": unspecified and any(wary_words()["cause"].search(chart.item_text(s)) for s in own),
        "short_name": bool(own) and all(len(s.condition.text) <= _SHORT for s in own),
        "printed": candidate.code.replace(".", "") in around.printed,
        "pasted": around.pasted,
        "headless": around.headless,
        **_place(candidate, own, chart),
        **_elsewhere(candidate, own, chart),
        "amended": around.amended,
        "refused": bool(around.refused & _names_of(candidate, chart)),
        "contrast_in_item": any(wary_words()["contrast"].search(chart.item_text(s)) for s in own),
        "cause_apart": unspecified
        and bool(around.causes)
        and not any(e.role is Role.LINKAGE for e in candidate.evidence),
        "many": around.many,
        "note_long": around.length,
        "inpatient": around.inpatient,
        **_support(candidate, chart),
    }
    return {**{name: float(value) for name, value in facts.items()}, **_sentences(own, chart)}


def _quoted(candidate: Candidate, chart: Chart) -> list[Statement]:
    """The mentions that the evidence quotes."""
    places = {
        (e.note_id, e.start)
        for e in candidate.evidence
        if e.role in (Role.DIAGNOSIS, Role.HISTORY, Role.CONTEXT)
    }
    return [s for s in chart.statements if (chart.notes[s.note].note_id, s.condition.start) in places]


def _place(candidate: Candidate, own: Sequence[Statement], chart: Chart) -> dict[str, bool]:
    sections = {_section(e, chart) for e in candidate.evidence if e.role in (Role.DIAGNOSIS, Role.HISTORY)}
    assessed = bool(sections & _ASSESSED)
    return {
        "assessed": assessed,
        "story": not assessed and bool(sections & _STORY),
        "no_section": not assessed and "unknown" in sections,
        "opens_item": any(_opens_item(s, chart) for s in own),
    }


def _section(evidence: Evidence, chart: Chart) -> str:
    """The section of an evidence; one that its wording alone tells counts as none."""
    worded = (
        section.subtype == "worded" and section.start <= evidence.start < section.end
        for note in chart.notes
        if note.note_id == evidence.note_id
        for section in note.sections
    )
    return "unknown" if any(worded) else evidence.section


def _opens_item(statement: Statement, chart: Chart) -> bool:
    """Whether the mention stands first in its list item or problem, as a diagnosis does."""
    units, index = chart.notes[statement.note].units, statement.condition.unit
    if not 0 <= index < len(units) or (index > 0 and units[index - 1].item == units[index].item):
        return False
    before = chart.notes[statement.note].text[units[index].start : statement.condition.start]
    return len(before) <= _REACH and len(_WORDS.findall(before)) <= 2


def _elsewhere(candidate: Candidate, own: Sequence[Statement], chart: Chart) -> dict[str, bool]:
    """What other mentions of the same condition, and of its family, are worth."""
    concepts = {s.concept for s in own} | {candidate.concept}
    coding = chart.coding(candidate.concept)
    covered = coding.covers if coding is not None else frozenset()
    same = [s.standing for s in chart.statements if s.concept in concepts]
    kin = [s.standing for s in chart.statements if s.concept in _family(candidate, chart)]
    return {
        "repeated": sum(standing in _SAID for standing in same) > 1,
        "doubted": any(standing in _DOUBTED for standing in same),
        "past": any(standing in _PAST for standing in same),
        "not_hers": any(standing in _NOT_HERS for standing in same),
        "kin_doubted": any(standing in _DOUBTED for standing in kin),
        "kin_not_hers": any(standing in _NOT_HERS for standing in kin),
        "kin_said": any(
            s.standing in _SAID and s.concept not in concepts and s.concept not in covered
            for s in chart.statements
            if s.concept in _family(candidate, chart)
        ),
    }


def _family(candidate: Candidate, chart: Chart) -> frozenset[str]:
    """The concepts of other anemias, or of the same nutrient."""
    coding = chart.coding(candidate.concept)
    return _concepts_like(coding.nutrient if coding else None, _ANEMIA.match(candidate.code) is not None)


@cache
def _concepts_like(nutrient: str | None, anemia: bool) -> frozenset[str]:
    from suggest.engine.tables import tables

    return frozenset(
        name
        for name, coding in tables().coding.items()
        if (nutrient and coding.nutrient == nutrient)
        or (anemia and coding.code is not None and _ANEMIA.match(coding.code))
    )


def _support(candidate: Candidate, chart: Chart) -> dict[str, bool]:
    """Whether treatment and results bear the condition out, and whether a result stands against it."""
    coding = chart.coding(candidate.concept)
    nutrient = coding.nutrient if coding is not None else None
    told = {_LEVEL[nutrient]} if nutrient in _LEVEL else set()
    told |= set(_BLOOD_COUNT) if _ANEMIA.match(candidate.code) else set()
    wanted = told | set(ANALYTES.get(nutrient or "", ()))
    labs = [lab for _, lab in chart.labs(*sorted(wanted))] if wanted else []
    abnormal = any(_is_abnormal(lab) for lab in labs)
    normal = any(lab.analyte in told and not _is_abnormal(lab) and _is_normal(lab) for lab in labs)
    return {
        "treated": any(e.role is Role.TREATMENT for e in candidate.evidence)
        or bool(chart.treated_today(nutrient)),
        "lab_for": abnormal,
        "lab_against": normal and not abnormal,
    }


def _is_normal(lab: LabValue) -> bool:
    return lab.flag is Flag.NORMAL or lab.result == "normal"


def _is_abnormal(lab: LabValue) -> bool:
    if lab.analyte in _HIGH_WHEN_SHORT:
        return lab.flag is Flag.HIGH or lab.result == "high"
    if lab.analyte in _ANTIBODIES:
        return lab.flag is Flag.HIGH or lab.result == "positive"
    return lab.flag is Flag.LOW or lab.result in ("low", "undetectable")


def _sentences(own: Sequence[Statement], chart: Chart) -> dict[str, float]:
    """How the sentences around the mentions read; of several the plainest counts, name by name."""
    rows = [_sentence(s, chart) for s in own]
    wanted = [*(f"word_{name}" for name in wary_words() if name not in _ELSEWHERE), *_SENTENCE]
    return {name: min((row[name] for row in rows), default=0.0) for name in wanted}


def _sentence(statement: Statement, chart: Chart) -> dict[str, float]:
    note, condition = chart.notes[statement.note], statement.condition
    start, end = condition.start, condition.end
    if 0 <= condition.unit < len(note.units):
        unit = note.units[condition.unit]
        start, end = max(unit.start, start - _REACH), min(unit.end, end + _REACH)
    before, behind = note.text[start : condition.start], note.text[condition.end : end]
    words = before + " " + behind
    others = [c for c in note.conditions if c.unit == condition.unit and c is not condition]
    opened = before[-1:] in _OPENING_QUOTES if before else False
    return {
        **{
            f"word_{name}": float(bool(found.search(words)))
            for name, found in wary_words().items()
            if name not in _ELSEWHERE
        },
        "quoted": float(opened or len(_QUOTE.findall(before)) % 2 == 1),
        "neighbor": float(any(m.source is ModifierSource.WORDING for c in others for m in c.modifiers)),
        "lead": round(min(1.0, len(_WORDS.findall(before)) / _LEAD), 3),
        "long": round(min(1.0, len(_WORDS.findall(words)) / _LONG), 3),
        "crowded": round(min(1.0, len(others) / _CROWD), 3),
    }
