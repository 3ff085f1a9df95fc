"""Tell from the raw text whether a note can hold an anchor at all; most notes cannot.

The scan is made of the very lexicon, analytes and drugs that the reading uses: what is looked for follows
from their patterns and names, so that an edit of the data changes both at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from string import digits

from nlp.concepts.finder import anchor_terms
from nlp.labs.load import analyte_pattern, anchor_analyte_names
from nlp.literals import CLOSES, OPENS, fold
from nlp.medications.load import anchor_drug_names, drug_pattern
from nlp.patterns import spaced
from nlp.scan import held, look_for, places
from nlp.sieve import heads
from nlp.steps import spend
from nlp.view import normalise

# printed codes of the blood and deficiency chapters; alone they lead to a query (S39)
PRINTED_CODE = re.compile(r"\b(?:D5[0-3]|D6[1-4]|E53|E61)\.?\d", re.IGNORECASE)
_JOINT = re.compile(r"[\s-]")  # a blank or a hyphen of a name may be written in several ways
_BLOOD = spaced(r"transfus|prbc|packed (?:red )?(?:blood )?cells|units? of blood", re.IGNORECASE)


_Test = tuple[re.Pattern[str], int]  # what to look for, and how far before the letters it may start
_WINDOW = 80  # code points in which the longest of these names stands
_REACH = 16  # code points between the start of a name and the letters it is found by


def may_hold_anchor(text: str, counts: Callable[[int], bool] | None = None) -> bool:
    """Return False only where no anchor can be found; True says nothing.

    Args:
        text: the note as given.
        counts: whether a symptom at an offset can lead to an answer, where that is known already.
    """
    spend(len(text))
    view = normalise(text)
    folded = fold(view)
    terms = anchor_terms()
    if _names_anchor(view, folded):
        return True
    search = terms.search(folded)
    for letters, numbers in search.possible():
        for start, end, _ in places(folded, letters):
            for number in numbers:
                if counts is not None and not terms.probes[number].rule.anchor and not counts(start):
                    continue
                if search.may_match(number, view, start, end):
                    return True
    return bool(terms.everywhere)


def may_name_anchor(text: str) -> bool:
    """Return False only where no anchor can be found but a term of the lexicon: no drug, result or code."""
    view = normalise(text)
    return _names_anchor(view, fold(view))


@lru_cache(maxsize=1)  # asked more than once of a note
def _names_anchor(view: str, folded: str) -> bool:
    names = _names()
    return any(
        _stands(test, view, start)
        for letters in held(folded) & names.keys()
        for start, _, _ in places(folded, letters)
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
    for name in anchor_drug_names():
        for letters in heads(name.lower(), whole=True):
            found.setdefault(letters, set()).add((drug_pattern(), 0))
    for name in anchor_analyte_names():
        first, *rest = _JOINT.split(name.lower())
        back = 0
        if len(first) < 2 and rest:  # a letter or a sign stands everywhere: "t sat", "% saturation"
            first, back = max(rest, key=len), _REACH
        for letters in _closed(first):
            found.setdefault(OPENS + letters, set()).add((analyte_pattern(), back))
    look_for(found)
    return {letters: tuple(sorted(tests, key=str)) for letters, tests in found.items()}


def _closed(word: str) -> tuple[str, ...]:
    """A word of an analyte's name; a number may be written right behind its letters ("ferritin8")."""
    if not word[-1].isalpha():
        return (word + CLOSES,)
    return (word + CLOSES, *(word + digit for digit in digits))
