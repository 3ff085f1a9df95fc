"""Tell from the raw text whether a note can hold an anchor at all; most notes cannot.

The scan is made of the very lexicon, analytes and drugs that the reading uses: what is looked for follows
from their patterns and names, so that an edit of the data changes both at once.
"""

from __future__ import annotations

import re
from functools import cache

from nlp.concepts.finder import anchor_terms
from nlp.labs.load import analyte_pattern, anchor_analyte_names
from nlp.literals import OPENS, LetterScan, fold
from nlp.medications.load import anchor_drug_names, drug_pattern
from nlp.patterns import spaced
from nlp.steps import spend
from nlp.view import normalise

# printed codes of the blood and deficiency chapters; alone they lead to a query (S39)
PRINTED_CODE = re.compile(r"\b(?:D5[0-3]|D6[1-4]|E53|E61)\.?\d", re.IGNORECASE)
_JOINT = re.compile(r"[\s-]")  # a blank or a hyphen of a name may be written in several ways
_BLOOD = spaced(r"transfus|prbc|packed (?:red )?(?:blood )?cells|units? of blood", re.IGNORECASE)


_Test = tuple[re.Pattern[str], int]  # what to look for, and how far before the letters it may start
_WINDOW = 80  # code points in which the longest of these names stands
_REACH = 16  # code points between the start of a name and the letters it is found by


def may_hold_anchor(text: str) -> bool:
    """Return False only where no anchor can be found; True says nothing."""
    spend(len(text))
    view = normalise(text)
    folded = fold(view)
    terms, names = anchor_terms(), _names()
    for start, end, letters in _scan().find(folded):
        if any(_stands(test, view, start) for test in names.get(letters, ())):
            return True
        for number in terms.trying.get(letters, ()):
            if terms.may_match(number, view, folded, start, end):
                return True
    return bool(terms.everywhere)


def may_name_anchor(text: str) -> bool:
    """Return False only where no anchor can be found but a term of the lexicon: no drug, result or code."""
    view = normalise(text)
    names = _names()
    return any(
        _stands(test, view, start)
        for start, _, letters in _name_scan().find(fold(view))
        for test in names[letters]
    )


def _stands(test: _Test, view: str, start: int) -> bool:
    pattern, back = test
    return bool(
        pattern.match(view, start) or (back and pattern.search(view, max(0, start - back), start + _WINDOW))
    )


@cache
def _names() -> dict[str, tuple[_Test, ...]]:
    """What may stand where letters do: a drug, an analyte, a printed code, blood that is given."""
    found: dict[str, set[_Test]] = {
        OPENS + letters: {(PRINTED_CODE, 0)} for letters in ("d5", "d6", "e5", "e6")
    }
    found |= {letters: {(_BLOOD, _REACH)} for letters in ("transfus", "prbc", "packed", "unit")}
    for names, pattern in (
        (anchor_drug_names(), drug_pattern()),
        (anchor_analyte_names(), analyte_pattern()),
    ):
        for name in names:
            first, *rest = _JOINT.split(name.lower())
            if len(first) > 1 or not rest:
                found.setdefault(OPENS + first, set()).add((pattern, 0))
            else:  # a letter or a sign stands everywhere: "t sat", "% saturation"
                found.setdefault(max(rest, key=len), set()).add((pattern, _REACH))
    return {letters: tuple(sorted(tests, key=str)) for letters, tests in found.items()}


@cache
def _scan() -> LetterScan:
    return LetterScan({*anchor_terms().trying, *_names()})


@cache
def _name_scan() -> LetterScan:
    return LetterScan(_names())
