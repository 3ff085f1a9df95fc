"""An expression made over for text in lower case finds what the one that ignores case finds."""

from __future__ import annotations

import re
import string
import sys
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import lowered as module
from nlp.concepts.load import lexicon
from nlp.links.load import link_rules
from nlp.lowered import lowered

SHAPES = (
    "No (?:acute )?Anemia|B-?12",
    "[A-C]x[^M-Z]",
    "[^a-f_]+q",
    "[P-d]{2}",
    "(?<![A-Za-z0-9])(?P<stage>I{1,3}V?)(?![a-z])",
    r"\bIron\W+(?=D)|d(?!E)",
    "(?i:[K-M])k+?",
    "(ab|AB)\\1",
    "[^x]\\d*|^Z.$",
    "(?>A+)b|c*+d",
)


def spans(pattern: re.Pattern[str], text: str) -> list[tuple[tuple[int, int], ...]]:
    return [found.regs for found in pattern.finditer(text)]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SHAPES), st.text("abcdefkmqxyzABCDIVKMPXZ12_-[ \n", max_size=24))
def test_matches_and_their_groups_stand_where_they_do_in_the_text_as_written(shape: str, text: str) -> None:
    made = lowered(shape, re.IGNORECASE)
    assert made is not None
    assert spans(made, text.lower()) == spans(re.compile(shape, re.IGNORECASE), text)


@cache
def of_the_data() -> list[tuple[re.Pattern[str], re.Pattern[str], str]]:
    """Every expression of the lexicon and the links that is made over, with an example of it."""
    written = [(p.compiled, rule.example) for rule in lexicon() for p in rule.patterns]
    written += [(cue.pattern, cue.example) for cue in link_rules().cues]
    return [
        (pattern, made, example)
        for pattern, example in written
        if (made := lowered(pattern.pattern, pattern.flags)) is not None
    ]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_expressions_of_the_data_find_the_same_in_both(data: st.DataObject) -> None:
    pattern, made, example = data.draw(st.sampled_from(of_the_data()))
    words = "".join(c if c.isascii() else " " for c in example)
    capitals = data.draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words)))
    text = "".join(c.upper() if up else c for c, up in zip(words, capitals, strict=True))
    assert spans(made, text.lower()) == spans(pattern, text)


@pytest.mark.parametrize(
    "shape", ["a", "(?-i:A)b", "\u017f", "[\u0100-\u0180]", "\u212a", "(a)?(?(1)b|c)"], ids=ascii
)
def test_what_minds_case_or_is_not_certain_is_left_as_it_is(shape: str) -> None:
    assert lowered(shape, 0 if shape == "a" else re.IGNORECASE) is None


def test_no_other_letter_beyond_ascii_is_taken_for_one_of_its_letters() -> None:
    beyond = "".join(map(chr, range(128, sys.maxunicode + 1)))
    assert set(map(ord, re.findall("[a-z]", beyond, re.IGNORECASE))) == set(module._LOOSE)
    others = "".join(
        f"{chr(a + 1)}-{chr(b - 1)}"
        for a, b in pairwise([127, *module._LOOSE, sys.maxunicode + 1])
        if b - a > 1
    )
    assert re.search(f"[{others}]", string.ascii_letters, re.IGNORECASE) is None
