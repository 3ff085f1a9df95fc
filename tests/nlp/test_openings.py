"""What a pattern can begin with, and what letters a text may hold, is read off and never guessed short."""

from __future__ import annotations

import random
import re

import pytest

from corpora.load import load_corpus
from nlp.layout.events import load_events
from nlp.layout.lines import read_lines
from nlp.literals import CLOSES, OPENS, fold
from nlp.openings import OPENING, Openings, first_signs
from nlp.scan import LetterScan

NOTES = [note.text for encounter in load_corpus() for note in encounter.notes][::20]


@pytest.mark.parametrize(
    ("pattern", "signs"),
    [
        ("(?:copied|pasted) from", "cp"),
        (r"[-=*]{0,3}end of", "-=*e"),
        (r"(?:\bthe )?last visit", "tl"),
        ("a?b?c", "abc"),
    ],
)
def test_a_match_begins_with_one_of_few_signs(pattern: str, signs: str) -> None:
    assert first_signs(re.compile(pattern, re.IGNORECASE)) == frozenset(signs)


@pytest.mark.parametrize("pattern", ["a?", r"\d+ mg", "[^a]b", ".x", "(?:a|.)b"])
def test_where_any_sign_may_begin_a_match_none_is_named(pattern: str) -> None:
    assert first_signs(re.compile(pattern)) is None


def test_a_pattern_is_tried_wherever_it_matches() -> None:
    patterns = [w.pattern for wordings in load_events().values() for w in wordings]
    openings = Openings([(pattern, pattern) for pattern in patterns])
    lines = [text[line.start : line.end] for text in NOTES for line in read_lines(text)]
    dotted = [line.replace("i", "\u0130") for line in lines]  # ignore-case takes it for an i
    lines += ["\u0130 think this is low B12.", "W\u0130ll start iron.", "D\u0130agnosis is anemia."]
    for line in (*lines, *map(str.upper, lines), *(line[:1] for line in lines), *dotted):
        tried = openings.of(fold(line)[:OPENING])
        assert [p for p in patterns if p.match(line)] == [p for p in tried if p.match(line)]


def test_a_pattern_is_tried_on_what_is_made_of_its_own_words() -> None:
    pick = random.Random(5)
    pieces = [
        "a",
        "b",
        "ab",
        "x",
        "(?:a|bc)",
        "[ab]",
        "[a-c]{0,2}",
        "(?:ab)?",
        "b+",
        "(?:a|cb){2,3}",
        "(?:a?b?)*",
        "(?:x|)c",
        r"\b",
        ".",
        r"\d",
        "-",
        r"\s",
    ]
    for _ in range(400):
        rows = ["".join(pick.choices(pieces, k=pick.randint(1, 6))) for _ in range(3)]
        patterns = [re.compile(row, re.IGNORECASE) for row in rows]
        openings = Openings([(pattern, pattern) for pattern in patterns])
        for _ in range(30):
            text = "".join(pick.choices("aAbBcx1-", k=pick.randint(1, 7)))
            tried = openings.of(fold(text)[:OPENING])
            assert [p for p in patterns if p.match(text)] == [p for p in tried if p.match(text)]


def stands(word: str, text: str) -> bool:
    """Whether letters stand in a text with their borders, told by an expression."""
    plain = re.escape(word.strip(OPENS + CLOSES))
    before = "(?<![A-Za-z0-9])" if word.startswith(OPENS) else ""
    behind = "(?![A-Za-z0-9])" if word.endswith(CLOSES) else ""
    return re.search(before + plain + behind, text) is not None


def test_letters_that_stand_in_a_text_are_always_told() -> None:
    pick = random.Random(3)
    letters = ["w", "an", "def", "anemi", OPENS + "b", OPENS + "fe", OPENS + "iron" + CLOSES, "n b", "b-12"]
    letters += [OPENS + "12" + CLOSES, "mia" + CLOSES, "#", "/"]
    parts = ["an", "emia", "iron", " ", "-", "b", "12", "fe", "w", "/", "#"]
    scan = LetterScan(letters)
    for _ in range(300):
        short = "".join(pick.choice(parts) for _ in range(9))
        for text in (short, short * 30):
            standing = {word for word in letters if stands(word, text)}
            assert standing <= scan.held(text)
            assert standing == {word for _, _, word in scan.find(text)}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("HPI:, 1.  Anemia.,2.  Gout.,MEDS:, iron", ["HPI:", "1.  Anemia.", "2.  Gout.", "MEDS:", "iron"]),
        ("a\r\n\r\nb\rc", ["a", "b", "c"]),
        ("MCV 102, ferritin 8.5, B12 low", ["MCV 102, ferritin 8.5, B12 low"]),
        ("Plan: , rest. ,sleep", ["Plan:", "rest.", "sleep"]),
    ],
)
def test_a_comma_ends_a_line_only_where_a_line_break_was(text: str, lines: list[str]) -> None:
    assert [text[line.start : line.end] for line in read_lines(text)] == lines
