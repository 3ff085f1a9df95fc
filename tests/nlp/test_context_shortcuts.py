"""Where context takes a short way, it finds what the plain way finds, on text that nobody wrote."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.context import phrases, process
from nlp.context import scopes as scopes_module
from nlp.context.hits import UnitHits
from nlp.context.load import Cue, load_vocabulary
from nlp.context.phrases import BREAK, CUE, NO_CUE, PhraseTrie, Variant, expand
from nlp.context.scopes import UnitScopes
from nlp.context.stops import Stops
from nlp.context.tokens import _PLAIN_TOKEN, _TOKEN, read_tokens

CLASSES = {"numeral": frozenset({"one", "two"}), "kin": frozenset({"mother", "son"})}
PHRASES = (
    "no",
    "no <word>? history",
    "no no",
    "<word> no",
    "(in|since) <year>",
    "<number> (of|no)?",
    "history of <kin>",
    "^ <kin>",
    "<kin> ' s <word>",
    "mother no <word> no $",
)
WORDS = (
    "no",
    "history",
    "of",
    "in",
    "since",
    "1999",
    "12",
    "\u0663",
    "one",
    "mother",
    "'",
    "s",
    "odd",
    ",",
    "(",
    ")",
)


def stands(variant: Variant, words: list[str]) -> bool:
    """Whether a row of steps is met word for word, by what each step means."""

    def met(step: str | frozenset[str], word: str) -> bool:
        if isinstance(step, frozenset):
            return word in step
        if step == "<year>":
            return re.fullmatch(r"(?:19|20)\d\d", word) is not None
        if step == "<number>":
            return word.isdigit() or word in CLASSES["numeral"]
        return word.isalpha() if step == "<word>" else word == step

    return len(variant.steps) == len(words) and all(map(met, variant.steps, words))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=14), st.sampled_from([1, 3, 1 << 13]))
def test_one_pass_finds_each_phrase_wherever_it_stands(words: list[str], most: int) -> None:
    roles = (CUE, BREAK, NO_CUE)
    trie = PhraseTrie(CLASSES)
    for number, phrase in enumerate(PHRASES):
        trie.add(phrase, roles[number % 3], number, "test")
    plain = {
        (number, first, last, variant.opens, variant.closes)
        for number, phrase in enumerate(PHRASES)
        for variant in expand(phrase, CLASSES, "test")
        for first in range(len(words))
        for last in range(first + 1, len(words) + 1)
        if stands(variant, words[first:last])
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phrases, "_MOST_STATES", most)  # states that are forgotten change nothing
        for _ in range(2):
            found = trie.find(words)
            assert {
                (end.number, first, last, end.opens, end.closes) for row in found for first, last, end in row
            } == plain
            for role, row in enumerate(found):
                assert all(end.role == role for _, _, end in row)
                assert [last for _, last, _ in row] == sorted(last for _, last, _ in row)


@given(
    st.integers(1, 12).flatmap(lambda count: st.tuples(st.just(count), st.sets(st.integers(0, count - 1))))
)
def test_stops_without_brackets_are_those_of_a_unit_whose_brackets_do_not_pair(
    case: tuple[int, set[int]],
) -> None:
    count, places = case
    short, plain = Stops(count, places, None), Stops(count, places, [-1] * count)
    for index in range(count):
        assert (
            short.ahead(index) == plain.ahead(index) == min((p for p in places if p >= index), default=count)
        )
        assert short.back(index) == plain.back(index) == max((p for p in places if p <= index), default=0)


@settings(max_examples=300, deadline=None)
@given(
    st.text("aZ\u0130\u0131\u017f\u212a\ufb01\u00df9\u0663_ \t\n\r\x00\x1c\u00a0.-'", max_size=30),
    st.integers(0, 5),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted), max_size=3),
)
def test_tokens_are_the_runs_of_the_text_and_stand_where_they_are(
    text: str, start: int, asked: list[list[int]]
) -> None:
    start = min(start, len(text))
    tokens = read_tokens(text, start)
    runs = list(re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_+").finditer(text, start))
    for low, high in asked:  # in any order: where tokens stand is told as far as somebody asks
        first = sum(run.end() <= low for run in runs)
        assert tokens.cover(low, high) == (first, max(first, sum(run.start() < high for run in runs)))
    assert tokens.words == [run.group().lower() for run in runs]
    assert tokens.surface(0, len(tokens)) == [run.group() for run in runs]
    assert [tokens.span(index) for index in range(len(tokens))] == [run.span() for run in runs]


@pytest.mark.parametrize("cue", load_vocabulary().cues, ids=lambda cue: cue.id)
def test_what_a_cue_sets_alone_is_what_it_sets_among_several(cue: Cue) -> None:
    values: dict[str, str] = {}
    process._set(values, process._picked([process._Found(cue, 0, 1, 0)]))
    assert values == dict(cue.alone)


def test_ascii_text_is_cut_into_the_tokens_that_any_text_is_cut_into() -> None:
    signs = [chr(code) for code in range(128)]
    text = "".join(a + b for a in signs for b in signs).lower()
    assert _PLAIN_TOKEN.findall(text) == _TOKEN.findall(text)


_SAID = (
    *(
        "no",
        "denies",
        "history of",
        "possible",
        "resolved",
        "mother had",
        "if",
        "not",
        "has",
        "is",
        "was",
        "but",
    ),
    *("and", "or", "who", "that", "with", "noted", "presents with", "for", "due to", "status post", "vs"),
    *(",", ", ", ".", ";", ":", "(", ")", "-", " - ", "2)", "GI:", "anemia", "melena", "iron", "her", "B12"),
)
_said = st.lists(st.sampled_from(_SAID), min_size=2, max_size=24).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(_said, st.integers(0, 30))
def test_scopes_reach_as_far_where_only_breaks_near_by_are_weighed(text: str, latest: int) -> None:
    tokens = read_tokens(text)
    hits = UnitHits(tokens, load_vocabulary())
    ahead = [hit for hit in hits.cues if hit.cue.ahead and hit.last <= latest]
    if ahead:
        near = UnitScopes(tokens, hits, (min(hit.last for hit in ahead), latest))
        whole = UnitScopes(tokens, hits)
        for hit in ahead:
            for first in range(hit.last, latest + 1):
                assert (first < near.forward(hit)[1]) == (first < whole.forward(hit)[1])


@settings(max_examples=300, deadline=None)
@given(_said)
def test_a_verb_of_its_own_ends_a_scope_at_the_comma_before_it(text: str) -> None:
    tokens = read_tokens(text)
    scopes = UnitScopes(tokens, UnitHits(tokens, load_vocabulary()))
    for found in scopes.hits.breaks:
        first, words = found.first, tokens.words
        if found.rule.where == "predicate" and (at := scopes_module._predicate_at(scopes, found)) is not None:
            comma = max(index for index in range(first) if words[index] == ",")
            assert at in (comma, comma + 1)
            assert first - comma <= 14
            assert not {"or", "nor", "vs", "versus", "that", "which", "who"} & set(words[comma:first])


@settings(max_examples=300, deadline=None)
@given(_said)
def test_cues_that_stand_apart_are_all_kept(text: str) -> None:
    tokens = read_tokens(text)
    kept = UnitHits(tokens, load_vocabulary()).cues
    assert list(kept) == sorted(kept, key=lambda hit: (hit.first, -hit.last))
    for hit in kept:
        wider = [o for o in kept if o.first <= hit.first and hit.last <= o.last and o[1:] != hit[1:]]
        assert all(hit.cue.axis not in other.cue.covers for other in wider)
