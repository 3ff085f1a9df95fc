"""Triage may only answer what the whole reading would answer too: with and without it, all is the same."""

from __future__ import annotations

import random
import re

import pytest

from corpora.load import load_corpus
from nlp.concepts.finder import all_terms
from nlp.concepts.load import lexicon
from nlp.facts import Unit
from nlp.literals import CLOSES, OPENS, fold, required
from nlp.reading import look
from nlp.scan import LetterScan
from nlp.sieve import Sieve
from nlp.suspects import ranks
from nlp.triage import may_hold_anchor


def holds_anchor(text: str) -> bool:
    """What the whole reading says."""
    return look(text, to_the_end=True).holds_anchor(text)


def mutated(text: str, pick: random.Random) -> str:
    """The note with words dropped, broken, joined, in other case, and cut in the middle."""
    words = re.split(r"(\s+)", text)
    for _ in range(max(3, len(words) // 6)):
        at = pick.randrange(len(words))
        words[at] = pick.choice(
            [
                "",
                "\n",
                ", ",
                words[at].upper(),
                words[at].title(),
                words[at] * 2,
                words[at][::-1],
                words[at] + ".",
            ]
        )
    whole = "".join(words)
    return whole[pick.randrange(1 + len(whole) // 3) :]


NOTES = [note.text for encounter in load_corpus() for note in encounter.notes]
PLAIN = [
    "",
    " ",
    "The knee is swollen.",
    "Pt feels well, no fever. Plan: return as needed.",
    "\ufeffCT chest normal.\r\n",
]


@pytest.mark.parametrize("entry", lexicon(), ids=lambda rule: rule.id)
def test_the_example_of_every_anchor_passes(entry: object) -> None:
    rule = next(r for r in lexicon() if r is entry)
    text = re.sub(r"\[\[|\]\]", "", rule.example)
    assert may_hold_anchor(text) or not holds_anchor(text)


@pytest.mark.parametrize("step", range(8))
def test_no_note_of_the_corpus_that_holds_an_anchor_is_turned_away(step: int) -> None:
    pick = random.Random(step)
    for text in [*NOTES[step::8], *PLAIN]:
        for version in (text, mutated(text, pick), *text.splitlines()):
            if not may_hold_anchor(version) or not look(version).holds_anchor(version):
                assert not holds_anchor(version)


def test_a_mention_is_found_wherever_its_pattern_matches_in_its_unit() -> None:
    for text in NOTES[::40]:
        folded = fold(text)
        tried = {number for number, _ in all_terms().to_try(folded, [Unit(0, len(text), 0, 0, 0)])}
        for number, probe in enumerate(all_terms().probes):
            if probe.expression.compiled.search(text):
                assert number in tried, probe.rule.id


def test_every_pattern_of_the_lexicon_asks_for_letters() -> None:
    assert all_terms().everywhere == ()
    assert not any(rank.everywhere for rank in ranks())


@pytest.mark.parametrize(
    ("pattern", "text", "is_there"),
    [
        ("(?:iron|fe)[ -]def", "fe-def", True),
        ("gastr(?:itis|ectomy)?", "the gastric ulcer", True),
        (r"(?<!\w)ma(?!\w)", "A. Bui, MA", True),
        (r"(?<!\w)ma(?!\w)", "mammal", False),
        ("[, (]{1,2}md", "Doe, MD", True),
    ],
)
def test_letters_are_read_off_a_pattern(pattern: str, text: str, is_there: bool) -> None:
    (first, *_) = required(re.compile(pattern, re.IGNORECASE), whole=True)
    assert bool(list(LetterScan(first).find(fold(text)))) is is_there


def test_words_that_overlap_or_lie_in_one_another_are_all_found() -> None:
    scan = LetterScan(["anemi", "an", "emia", OPENS + "an", "mia" + CLOSES])
    assert sorted(scan.find("anemia pan")) == sorted(
        [
            (0, 2, "an"),
            (0, 2, OPENS + "an"),
            (0, 5, "anemi"),
            (2, 6, "emia"),
            (3, 6, "mia" + CLOSES),
            (8, 10, "an"),
        ]
    )


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?<![\w-])(?:nurse|ma|md)(?!\w)[ \t]{0,3}:?",
        r"\b(?:next|new) line\b",
        r"an(?:a)?emia(?! panel)",
        r"x.*y|zz",
    ],
)
def test_a_sieve_finds_what_its_pattern_finds(pattern: str) -> None:
    sieve = Sieve(re.compile(pattern, re.IGNORECASE))
    for text in NOTES[::20]:
        assert [m.span() for m in sieve.finditer(text)] == [m.span() for m in sieve.pattern.finditer(text)]
        assert [m.span() for m in sieve.finditer(text, 50)] == [
            m.span() for m in sieve.pattern.finditer(text, 50)
        ]
