"""What labs and authors look for in short ways is what the plain search finds, in any text."""

from __future__ import annotations

import re
import sys
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.authors import codes, dates, people, wording
from nlp.kinds import kinds
from nlp.labs import dates as lab_dates
from nlp.labs import head, repair, words
from nlp.labs import tokens as t
from nlp.labs.load import knowledge
from nlp.labs.names import _names, _small
from nlp.literals import fold, keeps_words
from nlp.medications import signature
from nlp.medications.load import status_cues, terms
from nlp.patterns import spaced
from nlp.sieve import Sieve

NAMES = sorted(knowledge().names)
CREDENTIALS = [
    "MD",
    "M.D.",
    "RN",
    "NP-C",
    "PA",
    "DO",
    "Attending Physician",
    "PGY-2",
    "nurse",
    "Medical Student",
]
BETWEEN = st.text(alphabet=" \t\n-.,;:()/%0123456789aAsSMéſKı\u0130_", max_size=4)


def _mixed(words: list[str]) -> st.SearchStrategy[str]:
    """Words in any case with anything between them, glued ones too."""
    word = st.sampled_from(words).flatmap(lambda w: st.sampled_from([w, w.upper(), w.title()]))
    return st.lists(st.tuples(BETWEEN, word | st.text(max_size=3)), max_size=8).map(
        lambda pairs: "".join(between + word for between, word in pairs)
    )


@settings(max_examples=100, deadline=None)
@given(_mixed(NAMES))
def test_the_names_of_analytes_are_those_that_their_pattern_finds(text: str) -> None:
    lowered = re.sub("[A-Z]+", lambda run: run.group().lower(), text)
    found = [match.span() for match in _names(text, lowered, knowledge())]
    assert found == [match.span() for match in knowledge().pattern.finditer(lowered)]


@settings(max_examples=100, deadline=None)
@given(_mixed(NAMES) | st.text(st.characters(codec=None) | st.just("\ud83d"), max_size=12))
def test_of_any_text_just_the_ascii_letters_are_made_small(text: str) -> None:
    assert _small(text) == re.sub("[A-Z]+", lambda run: run.group().lower(), text)


@settings(max_examples=100, deadline=None)
@given(_mixed([*CREDENTIALS, "Jane", "Dr. Doe", "[**Name 1**]", "____", "XX", "the", "per", "***"]))
def test_signatures_are_those_that_their_pattern_finds(text: str) -> None:
    sieve = people._signature_pattern()
    assert [m.span() for m in sieve.finditer(text)] == [m.span() for m in sieve.pattern.finditer(text)]


def test_a_signature_is_looked_for_where_a_name_stands_before_a_credential() -> None:
    assert people._signature_pattern()._starts("per RN, took PA to the MD") == []
    assert len(people._signature_pattern()._starts("Seen by Jane Doe, MD")) == 1


@settings(max_examples=100, deadline=None)
@given(_mixed([*wording._UNSIGNED_WORDS, "signed", "yet been", "signature", "read", "status:", "of"]))
def test_words_of_an_unsigned_note_are_those_that_their_pattern_finds(text: str) -> None:
    sieve: Sieve = wording.UNSIGNED
    assert [m.span() for m in sieve.finditer(text)] == [m.span() for m in sieve.pattern.finditer(text)]


BESIDE = (t.LEFT_HYPOTHETICAL, t.LEFT_ORDER, t.LEFT_ELSEWHERE, t.LEFT_RELATIVE)
LABELS = [*(label for _, label in dates._LABELS), dates._BIRTH, words.LEFT_RESULT, *BESIDE]
IN_LABELS = "date of visit seen adm admitted dc d/c discharge dos d.o.s. signed copied from old note dob"

IN_LEFTS = (
    "cc ,pcp: ,ordered by,d/w ,dear dr.,not ,if,until,not keep"
    ",keep,goal ab,will,check,urine,hpf,mother's ,sister has,had,to get"
)


@settings(max_examples=200, deadline=None)
@given(
    _mixed(
        [
            *IN_LABELS.split(),
            *IN_LEFTS.split(","),
            "normal",
            "low",
            "+ve",
            "(-)",
            "within normal limits",
            "serum",
            ": ",
            " ",
        ]
    )
)
def test_a_label_and_a_result_before_a_name_are_those_that_their_patterns_find(text: str) -> None:
    for label in (*LABELS, wording.QUOTED):
        found, plain = label.search(text), label.compiled.search(text)
        assert (found and found.regs) == (plain and plain.regs)
        assert label.stands_in(text) is (plain is not None)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="OoIl0189.. ,/aZ\n-\u0663é", max_size=40))
def test_digits_are_mended_where_a_letter_stands_beside_one(text: str) -> None:
    beside = re.search(r"[OoIl](?:(?<=\d.)|(?<=\d\..)|(?=\.?\d))", text)
    run = re.compile(
        r"(?<![A-Za-z0-9.])(?=[OoIl\d.]{0,12}\d)[\dIl][\dOoIl]{0,6}(?:\.[\dOoIl]{1,4})?(?<![Il])(?![A-Za-z0-9/])"
    )
    digits = str.maketrans("OoIl", "0011")
    plain = run.sub(lambda m: m.group().translate(digits), text) if beside else text
    assert repair.mend_digits(text) == plain


def test_folding_makes_ascii_only_of_the_letters_that_are_told() -> None:
    made = [
        letter
        for letter in map(chr, range(128, sys.maxunicode + 1))
        if not "\ud800" <= letter <= "\udfff" and any(map(str.isascii, fold("é" + letter)[1:]))
    ]
    assert [letter for letter in made if keeps_words(letter)] == []
    assert all(keeps_words(text) for text in ("ferritin 8", "µg", "café"))


DATES = "jan January sept. may Mar. sepember 1 12 2026 26 / - . , st th dec of \u0663 \n".split(" ")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*DATES, " ", "x", "é"]), max_size=10).map("".join))
def test_dates_are_those_that_their_pattern_finds(text: str) -> None:
    found = [match.span() for match in dates._written_dates(text)]
    assert found == [match.span() for match in dates._DATE.finditer(text)]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*DATES, " ", "x", "é"]), max_size=10).map("".join))
def test_full_dates_are_those_that_their_pattern_finds(text: str) -> None:
    found = [match.span() for match in lab_dates._full_dates(text)]
    assert found == [match.span() for match in lab_dates._FULL.finditer(text)]


CODES = "D50.9 E53.8 d50 D64.9X B12 D64 Z7A.0 ( ) [ ] . , $ 5 mg % X a é \u0663 \n".split(" ")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*CODES, " ", " (", "D64)", "an"]), max_size=12).map("".join))
def test_codes_are_found_where_a_search_through_all_the_text_finds_them(text: str) -> None:
    bracketed = re.compile(codes._BRACKET.pattern.removesuffix(r"\Z") + codes._BRACKETED.pattern)
    plain = [m.span("code") for pattern in (codes._DOTTED, bracketed) for m in pattern.finditer(text)]
    assert [m.span("code") for m in codes._unlabelled(text)] == sorted(plain)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec=None) | st.sampled_from("Az09./-)] \x1c\u0663\ud83d"), max_size=30))
def test_each_code_point_has_one_kind(text: str) -> None:
    plain = [
        "0" if c.isdecimal() else " " if c.isspace() else "A" if c.isascii() and c.isupper() else c
        for c in text
    ]
    told = {"/": "/", ".": "/", "-": "/", ")": ")", "]": ")", "0": "0", " ": " ", "A": "A"}
    assert kinds(text).decode() == "".join(told.get(c, "_") for c in plain)


ON_THE_WAY = (
    "was is of at on admission since referral in the low 90s' ,; : = ~ ( ) [ ] L H LL * ** < > <="
    " at least less than &lt; 8.1 12,000 10/30 3/2/26 Mar 2026 may '26 0455 6:30 x10^3/uL g/dL"
    " % pg fl units level trend normal"
    " (-) +ve wnl undetectable very mildly elevated 3 days ago for 2 weeks . @ & / - | \t \n ſep µg İ ② ٣"
).split(" ")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(ON_THE_WAY), max_size=10), st.sampled_from([" ", "", "  "]), st.booleans())
def test_on_the_way_to_a_number_each_sign_is_tried_with_all_that_it_can_open(
    words: list[str], gap: str, is_pair: bool
) -> None:
    view = "Hgb" + gap + gap.join(words)
    by_id = {analyte.id: analyte for analyte in knowledge().analytes}
    calendar = lab_dates.make_calendar(view, "2026-03-02")
    for name in ("hemoglobin", "b12"):
        found = head.read_head(view, 3, len(view), by_id[name], calendar, pair=is_pair)
        with mock.patch.object(head._Walk, "_steps_at", dict):
            assert head.read_head(view, 3, len(view), by_id[name], calendar, pair=is_pair) == found


CUES = [
    "started on",
    "stopped",
    "no",
    "if",
    "consider",
    "taking",
    "was given",
    "not",
    "daily",
    "po",
    "x 3",
    "q4h",
]


@settings(max_examples=200, deadline=None)
@given(_mixed([*CUES, "on", "in 2021", "oral", "tablets", "every other day", "twice", "will start"]))
def test_cues_and_terms_are_those_that_their_alternatives_find_one_by_one(text: str) -> None:
    lowered = text.lower()
    for lexicon, frame in (
        (status_cues("before"), r"(?<![\w'/])(?:%s)(?!\w)"),
        (status_cues("after"), r"(?<![\w'/])(?:%s)(?!\w)"),
        (terms(), r"(?:%s)(?![\w'])"),
    ):
        plain = spaced(frame % "|".join(one.match for one in lexicon._entries))
        found = [match.span() for match in lexicon.pattern.finditer(lowered)]
        assert found == [match.span() for match in plain.finditer(lowered)]


@settings(max_examples=200, deadline=None)
@given(
    _mixed(["1000 mcg", "2 units of", "IM", "s.c.", "monthly", "every 4 weeks", "shots of", "p.o.,", "take"])
)
def test_what_stands_before_a_drug_is_found_in_capitals_too(text: str) -> None:
    lowered = signature.TAIL.lowered
    assert lowered is not None
    found, plain = lowered.search(text.lower()), signature.TAIL.compiled.search(text)
    assert not text.isascii() or (found and found.regs) == (plain and plain.regs)
