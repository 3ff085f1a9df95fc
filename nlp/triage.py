"""Tell in one scan of the raw text whether a note can hold an anchor at all; most notes cannot."""

from __future__ import annotations

import re
from functools import cache

from nlp.concepts.load import lexicon
from nlp.facts import ConditionCategory
from nlp.labs import analyte_pattern
from nlp.medications import drug_pattern
from nlp.patterns import spaced
from nlp.view import normalise


@cache
def _stems() -> re.Pattern[str]:
    """The letters one of which every anchor of the lexicon (and every symptom) needs."""
    stems = {
        need
        for rule in lexicon()
        if rule.anchor or rule.category is ConditionCategory.FINDING
        for need in rule.needs
    }
    shortest = sorted(stems, key=len)
    kept: list[str] = []
    for stem in shortest:
        if not any(other in stem for other in kept):
            kept.append(stem)
    return re.compile("|".join(re.escape(s) for s in sorted(kept)))


# printed codes of the blood and deficiency chapters; alone they lead to a query (S39)
PRINTED_CODE = re.compile(r"\b(?:D5[0-3]|D6[1-4]|E53|E61)\.?\d", re.IGNORECASE)


_BLOOD = spaced(r"transfus|prbc|packed (?:red )?(?:blood )?cells|units? of blood", re.IGNORECASE)


def may_hold_anchor(text: str) -> bool:
    """Return False only where no anchor can be found; True says nothing.

    The scan is generated from the very lexicon, analytes and drugs that the reading uses.
    """
    view = normalise(text)
    return (
        _stems().search(view.lower()) is not None
        or analyte_pattern().search(view) is not None
        or drug_pattern().search(view) is not None
        or PRINTED_CODE.search(view) is not None
        or _BLOOD.search(view) is not None
    )


@cache
def stretch_pattern() -> re.Pattern[str]:
    """Return a pattern (for lower-cased text) that finds every term of the lexicon by letters it needs."""
    stems = {need for rule in lexicon() for need in rule.needs}
    return re.compile("|".join(re.escape(s) for s in sorted(stems, key=len, reverse=True)))
