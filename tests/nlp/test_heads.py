"""Names are found as by their first letters alone, though another of their words is asked for first."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.heads import Named, head_of, heads_of
from nlp.labs.load import knowledge
from nlp.labs.names import _names, may_name_ours
from nlp.labs.repair import mend_digits
from nlp.literals import fold
from nlp.medications.load import all_names, drug_entries
from nlp.medications.trie import MOST_BLANKS, names_pattern
from nlp.sieve import Sieve

DRUGS = sorted(
    {n.lower() for e in drug_entries() for key in ("names", "guarded", "bare") for n in e.get(key, ())}
)
LABS = sorted(knowledge().names)
BLANKS = st.sampled_from([" ", "  ", "-", "\n", " - ", " -\t-", ""])


@st.composite
def _text(draw: st.DrawFn, names: list[str]) -> str:
    """Names with all sorts of blanks in them, some glued together or broken off, in any case."""
    parts: list[str] = []
    for name in draw(st.lists(st.sampled_from(names), max_size=4)):
        written = re.sub("[ -]", lambda _: draw(BLANKS), name)[: draw(st.integers(1, 60))]
        for plain, odd in (("i", "\u0130"), ("s", "\u017f"), ("k", "\u212a"), ("i", "\u0131")):
            if draw(st.integers(0, 9)) == 0:
                written = written.replace(plain, odd)
        parts += [draw(st.sampled_from([str.upper, str.title, str]))(written)]
        parts += [draw(st.sampled_from(["", " ", "/", ", ", "s ", " 8 ", "12", "é", "\n", "'"]))]
    return "".join(parts)


@settings(max_examples=100, deadline=None)
@given(_text(DRUGS))
def test_drugs_are_those_that_their_first_letters_lead_to(text: str) -> None:
    plain = Sieve(names_pattern(DRUGS), DRUGS, whole=True)
    assert [m.span() for m in all_names().finditer(text)] == [m.span() for m in plain.finditer(text)]


@settings(max_examples=100, deadline=None)
@given(_text(LABS))
def test_analytes_are_those_that_their_pattern_finds(text: str) -> None:
    lowered = re.sub("[A-Z]+", lambda run: run.group().lower(), text)
    found = [match.span() for match in _names(text, lowered, knowledge())]
    assert found == [match.span() for match in knowledge().pattern.finditer(lowered)]


@settings(max_examples=200, deadline=None)
@given(_text(LABS), st.booleans())
def test_no_name_of_ours_escapes_though_its_digits_be_mended(text: str, is_torn: bool) -> None:
    text = text.replace("1", "l").replace("0", "O") if is_torn else text
    known, mended = knowledge(), mend_digits(text)
    lowered = re.sub("[A-Z]+", lambda run: run.group().lower(), mended)
    ours = [
        use
        for match in known.pattern.finditer(lowered)
        for use in known.names[re.sub(r"[\s\-]+", " ", match.group()).strip()]
        if use.is_ours and (not use.exact or mended[match.start() : match.end()] in use.exact)
    ]
    assert may_name_ours(text, known) or not ours


@pytest.mark.parametrize(
    ("name", "letters", "other", "reach"),
    [
        ("blood urea", "\x02blood\x03", "\x02urea", 6),
        ("b-12", "\x02b\x03", "\x0212", 2),
        ("b-12", "\x02b12\x03", None, 0),
        ("vitamin b-12", "\x02vitamin\x03", "12", 10),  # it may be written "b12"
        ("tsh", "\x02tsh4", None, 0),
    ],
)
def test_another_word_is_told_with_where_it_may_start(
    name: str, letters: str, other: str | None, reach: int
) -> None:
    head = head_of(name, letters, 1)
    assert (head.letters, head.other, head.reach) == (letters, other, reach)


def test_a_name_is_not_tried_where_its_other_words_cannot_stand() -> None:
    named = Named(names_pattern(["red cells", "5-fu"]), heads_of(["red cells", "5-fu"], MOST_BLANKS))
    assert [m.group() for m in named.finditer("a red eye, 5 to 15 mg")] == []
    told = frozenset({"\x02red\x03", "\x025\x03"})
    assert list(named._heads.starts(fold("a red eye, 5 to 15 mg"), told)) == []
    assert list(named._heads.starts("5 mg of 15-fu or 5-fu", told | {"\x02fu"})) == [17]
