"""Tell whether a bare name ("B12", "iron", "folic acid") is a drug here, or a lab or a diagnosis."""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.facts import SectionCategory
from nlp.medications.load import context_words, status_cues, terms
from nlp.medications.signature import TAIL, Signature
from nlp.patterns import spaced

_NUTRIENT = (
    r"(?:vitamin |vit\.? )?(?:b-?12|folate|folic acid|iron|ferritin|vitamin d|d|b-?6|copper|"
    r"zinc|tsh|mma|homocysteine|tibc|cbc)"
)
# "iron and B12 supplements", "B12/folate deficiency": the word that decides stands behind the list.
_LIST = re.compile(
    rf"(?:\s?(?:,\s?(?:and\s|or\s)?|/|and\s|or\s|&\s?|\+\s?){_NUTRIENT}(?!\w)){{0,4}}[\s-]{{0,3}}", re.I
)
_NUMBER = re.compile(r"\s{0,12}(?:[:=|~(]|of|was|is|at|now)?\s{0,12}[<>~]?=?\s?\d", re.IGNORECASE)
_DATE_OR_COUNT = spaced(r"\s{0,3}(?:x ?\d|\d{1,2}x)", re.IGNORECASE)
_WORD = re.compile(r"[\w/']+")
_BREAK = re.compile(r"[.!?](?:\s+|,\s?)(?=[A-Z0-9#-])|;|\.,|\n\s*\n")
_LISTS = (SectionCategory.MEDICATIONS, SectionCategory.ALLERGIES)
_CLOSE = frozenset(
    {
        "on",
        "off",
        "iv",
        "im",
        "po",
        "sl",
        "sq",
        "sc",
        "oral",
        "daily",
        "weekly",
        "monthly",
        "without",
        "otc",
        "use",
        "uses",
        "used",
        "using",
        "some",
        "extra",
        "dose",
        "try",
        "d/c",
    }
)
_REACH = 90


def compile_words() -> None:
    """Compile words of doses, cues and what tells a drug from a lab, so that no note has to wait for it."""
    for lexicon in (terms(), status_cues("before"), status_cues("after")):
        lexicon.compile()
    for make in (_lab_after, _lab_before, _lab_word, _drug_before, _drug_after, _form_after):
        make()
    TAIL.prepare()


def reads_as_lab(view: str, end: int, limit: int) -> bool:
    """Whether the words right behind the name make it an analyte or a part of a diagnosis."""
    listed = _LIST.match(view, end, limit)
    return _lab_after().match(_ahead(view, listed.end() if listed else end, limit)) is not None


def is_drug(
    view: str,
    start: int,
    end: int,
    floor: int,
    limit: int,
    section: SectionCategory,
    found: Signature,
    has_before: bool,
) -> bool:
    """Whether a bare name at `start:end` is a drug.

    Args:
        view: the normalised text.
        start: where the name starts.
        end: where it ends.
        floor: the unit's start; words before it do not count.
        limit: the unit's end.
        section: the section that the name stands in.
        found: the dose group read behind (and before) the name.
        has_before: whether a dose, route or frequency stands right before the name.
    """
    if reads_as_lab(view, end, limit):
        return False
    if found.is_strong or has_before:
        return True
    listed = _LIST.match(view, end, limit)
    if listed and listed.end() > end and _form_after().match(_ahead(view, listed.end(), limit)):
        return True
    if end - start <= 2:
        return section is SectionCategory.MEDICATIONS
    if _lab_before().search(view[max(floor, start - 24) : start].lower()):
        return False
    if section in _LISTS:
        return True
    if _NUMBER.match(view, end, limit) and not _DATE_OR_COUNT.match(view, end, limit):
        return False
    if _drug_after().match(_ahead(view, end, limit)):
        return True
    return _taken_by_verb(view, start, floor, found.frequency is not None)


def is_measured(view: str, end: int, limit: int, section: SectionCategory, found: Signature) -> bool:
    """Whether a guarded name ("folic acid") is followed by what reads as a result."""
    if found.is_strong or found.frequency or section is SectionCategory.MEDICATIONS:
        return False
    return _NUMBER.match(view, end, limit) is not None and not _DATE_OR_COUNT.match(view, end, limit)


def _taken_by_verb(view: str, start: int, floor: int, has_frequency: bool) -> bool:
    window = view[max(floor, start - _REACH) : start]
    breaks = [match.end() for match in _BREAK.finditer(window)]
    window = window[breaks[-1] :] if breaks else window
    window = window.lower()
    verbs = list(_drug_before().finditer(window))
    if not verbs:
        return has_frequency and not _lab_word().search(window)
    verb = verbs[-1]
    gap = window[verb.end() :]
    if _lab_word().search(gap):
        return False
    words = len(_WORD.findall(gap))
    if verb.group() in _CLOSE:
        return words <= 2
    return words <= 6


def _ahead(view: str, start: int, limit: int) -> str:
    return view[start : min(limit, start + 48)].lower()


@lru_cache(maxsize=1)
def _lab_after() -> re.Pattern[str]:
    return re.compile(rf"[\s:(-]{{0,3}}(?:{context_words('lab.after')})")


@lru_cache(maxsize=1)
def _lab_before() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{context_words('lab.before')})(?:\s(?:the|her|his|a))?[\s,:/]{{1,3}}(?:and\s|"
        rf"vitamin\s|vit\.?\s)?$",
    )


@lru_cache(maxsize=1)
def _lab_word() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{context_words('lab.before')}|labs?|levels?|studies|checks?)(?!\w)")


@lru_cache(maxsize=1)
def _drug_before() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'/])(?:{context_words('drug.before')})(?!\w)")


@lru_cache(maxsize=1)
def _drug_after() -> re.Pattern[str]:
    return spaced(
        rf"[\s,(:-]{{0,3}}(?:(?:was|were|is|has been|to be|being) )?(?:{context_words('drug.after')})(?!\w)",
    )


@lru_cache(maxsize=1)
def _form_after() -> re.Pattern[str]:
    return re.compile(
        r"(?:shots?|inj(?:ection)?s?|supplement\w*|tab(?:let)?s?|pills?|replacement|repletion|"
        r"therapy|infusions?)(?!\w)",
    )
