"""The short ways of finding letters, anchors and wide gaps say of any text what the plain ways say."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlp.concepts.finder import _core, _implied, _shared, all_terms
from nlp.facts import Unit
from nlp.labs.load import analyte_pattern
from nlp.literals import CLOSES, OPENS, bare, fold
from nlp.medications.load import drug_pattern
from nlp.scan import LetterScan, Reader, places, told_by
from nlp.sieve import Sieve
from nlp.suspects import PRINTED_CODE
from nlp.triage import Triage
from nlp.view import normalise

# signs of names, with what folds, counts or borders in another way than it looks
_ODD = "\u0130\u2082\uff22\u00e9_ \u00a0\r\n\t\0.,;:/+%&()-"
_WORDS = (
    *(
        "iron",
        "Iron",
        "IRON",
        "b",
        "B",
        "12",
        "b12",
        "B12",
        "Fe",
        "FE",
        "fe",
        "sat",
        "%sat",
        "if",
        "IF",
        "ab",
    ),
    *("anti", "parietal", "cell", "antibody", "ferrous", "sulfate", "gluconate", "5", "mthf", "poly", "fol"),
    *(
        "folic",
        "acid",
        "folate",
        "vitamin",
        "vit.",
        "D50",
        "d64.9",
        "E53.8",
        "packed",
        "red",
        "cells",
        "units",
    ),
    *(
        "of",
        "blood",
        "prbc",
        "transfused",
        "mean",
        "volume",
        "total",
        "binding",
        "capacity",
        "slow",
        "t",
        "holo",
    ),
)
# what folds to an ASCII letter hides a name that it stands behind, as it does wherever letters are looked for
_ANY = st.characters(exclude_characters="\u0131\u017f\u212a")
_parts = st.one_of(st.sampled_from(_WORDS), st.sampled_from(_ODD), st.text(_ANY, max_size=3))
_texts = st.lists(_parts, max_size=14).map("".join) | st.lists(_parts, max_size=14).map(" ".join)
_SIEVES = [
    Sieve(re.compile(pattern, re.IGNORECASE))
    for pattern in (r"(?<![\w-])(?:iron|fe|b12)(?!\w)", r"units? of blood", r"\bfol(?:ic|ate)\b")
]
_letters = st.builds(
    lambda opens, plain, closes: OPENS * opens + plain + CLOSES * closes,
    st.booleans(),
    st.sampled_from(
        ["a", "ab", "abc", "abcd", "b a", "a-b", "ab/", " a", "+1", "1", "12", "a b c", "/", "b12 "]
    ),
    st.booleans(),
)
_plain_texts = st.text(alphabet="abc12 -/+.\n\u00e9", max_size=40)


@given(st.sets(_letters, min_size=1), _plain_texts)
@settings(max_examples=400, deadline=None)
def test_letters_are_told_wherever_they_stand(letters: set[str], text: str) -> None:
    scan = LetterScan(letters)
    for given_text in (text, text * 60):  # the second holds words that are too long to be remembered
        standing = {word for word in letters if any(True for _ in places(given_text, word))}
        assert standing <= scan.held(given_text)
        assert standing <= scan.held(given_text)  # now from memory


@given(st.sets(_letters, min_size=1), st.sets(_letters, min_size=1), st.lists(_plain_texts, max_size=4))
@settings(max_examples=200, deadline=None)
def test_scans_that_read_words_together_tell_what_each_tells_alone(
    first: set[str], second: set[str], texts: list[str]
) -> None:
    together = (LetterScan(first), LetterScan(second))
    reader = Reader(together)
    for scan in together:
        scan.reader = reader
    for text in texts:
        for scan, letters in zip(together, (first, second), strict=True):
            assert scan.held(text) == LetterScan(letters).held(text)


def test_a_word_is_remembered_rightly_where_another_reader_comes_in_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = LetterScan(["ferritin"]), LetterScan(["iron"])
    alone = first.reader
    read = alone.runs_in

    def replaced(word: str) -> list[str]:
        first.reader = second.reader = Reader((first, second))  # as another thread may
        return read(word)

    monkeypatch.setattr(alone, "runs_in", replaced)
    assert "iron" not in first.held("iron")
    assert "iron" in second.held("iron")


@given(_texts)
@settings(max_examples=200, deadline=None)
def test_no_drug_result_or_code_escapes_triage(text: str) -> None:
    view = normalise(text)
    for pattern in (drug_pattern(), analyte_pattern(), PRINTED_CODE):
        if pattern.search(view):
            assert Triage(text).may_name_anchor


@given(_texts, st.lists(st.integers(0, 80), max_size=4))
@settings(max_examples=25, deadline=None)
def test_a_term_is_tried_in_each_unit_that_holds_it(text: str, cuts: list[int]) -> None:
    view = normalise(text + " low b12, folate deficiency anemia")
    bounds = sorted({0, len(view), *(cut for cut in cuts if cut < len(view))})
    units = [Unit(start, end, 0, 0, 0) for start, end in pairwise(bounds)]
    tried = set(all_terms().to_try(fold(view), units))
    for number, probe in enumerate(all_terms().probes):
        for index, unit in enumerate(units):
            match = probe.expression.compiled.search(view, unit.start, unit.end)
            whole = match and not (
                view[match.end() - 1].isalnum() and view[match.end() : match.end() + 1].isalnum()
            )
            if whole:
                assert (number, index) in tried, probe.rule.id


_choices = st.frozensets(
    st.builds(
        lambda opens, plain, closes: OPENS * opens + plain + CLOSES * closes,
        st.booleans(),
        st.text("0127+/ -ab", min_size=1, max_size=4),
        st.booleans(),
    ),
    max_size=4,
)


@given(_choices, _choices)
@settings(max_examples=300, deadline=None)
def test_letters_that_are_looked_for_in_place_of_others_stand_where_those_do(
    first: frozenset[str], choice: frozenset[str]
) -> None:
    shared = _shared(first)
    for letters in first:
        assert shared is None or any(places(bare(letters), shared))
        if _implied(choice, first):
            assert any(bare(part) in bare(letters) for part in choice)


@given(_choices, st.text("0127+/ -ab\u00e9", max_size=4), st.text("0127+/ -ab\u00e9", max_size=4))
@settings(max_examples=300, deadline=None)
def test_letters_without_their_signs_stand_where_those_with_them_do(
    choice: frozenset[str], before: str, behind: str
) -> None:
    for letters in choice:
        text = before + bare(letters) + behind
        if any(places(text, letters)):
            assert any(places(text, _core(letters)))


@given(_texts)
@settings(max_examples=200, deadline=None)
def test_a_sieve_finds_in_any_text_what_its_pattern_finds(text: str) -> None:
    for sieve in _SIEVES:
        assert [m.span() for m in sieve.finditer(text)] == [m.span() for m in sieve.pattern.finditer(text)]


@given(_letters, _plain_texts)
@example("abc abcd", "xabc abcdx")
@settings(max_examples=300, deadline=None)
def test_letters_may_stand_wherever_what_tells_of_them_may(letters: str, text: str) -> None:
    told = told_by(letters)
    assert told_by(told) == told
    assert (letters in LetterScan([letters]).held(text)) is (told in LetterScan([told]).held(text))
