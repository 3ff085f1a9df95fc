"""What the layout leaves out for speed changes nothing: each shortcut against the plain way."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from nlp.layout import headers, titles
from nlp.layout.headers import find_headers
from nlp.layout.lines import is_dictated, read_lines
from nlp.layout.load import load_headers, load_words, title_key
from nlp.layout.markers import inner_markers, inner_places
from nlp.layout.titles import read_title

TITLES = sorted(load_headers().by_title)
SMALL = sorted(load_words()["title_before"] | load_words()["title_after"] | load_words()["copied_before"])
SIGNS = [
    *(
        "The",
        "patient",
        "lMPRESSlON",
        "PIan",
        "Exarn",
        "0RDERS",
        "A",
        "S",
        "P.M.H.",
        "Ms.",
        "I",
        "II.",
        "(s)",
    ),
    *(
        "3/2/24",
        "Oct 2024",
        "08:30 am",
        "from last visit",
        "ſ",
        "K",
        "İ",
        "ı",
        "and",
        "/",
        "&",
        "-",
        " - ",
        ":",
    ),
    *(
        ": ",
        ",",
        ".",
        ";",
        "  ",
        "\t",
        "**",
        "# ",
        "1. ",
        "2) ",
        "•",
        "'",
        "+",
        "_",
        "(",
        ")",
        "|",
        "iron",
        "9.1",
    ),
    "ADDENDUM 6/15/26 08:31 (Roe)",
]


def made_up(pick: random.Random) -> str:
    """A few lines of titles in any case and spelling, small words and signs."""
    words = []
    for _ in range(pick.randint(2, 14)):
        word = pick.choice(pick.choice([TITLES, TITLES, SMALL, SIGNS, SIGNS]))
        word = pick.choice([str.lower, str.upper, str.title, str.capitalize, str])(word)
        word = word.replace("i", "l", 1) if pick.random() < 0.1 else word
        words += [
            word,
            pick.choice([" ", " ", " ", "", ": ", ":", "  ", ", ", "-", "/", ".", "(", "\n", "\n\n"]),
        ]
    return "".join(words)


@pytest.mark.parametrize("seed", range(4))
def test_a_line_that_is_passed_over_would_have_opened_no_header(monkeypatch, seed):
    pick = random.Random(seed)
    texts = [made_up(pick) for _ in range(700)] + ["ADDENDUM 6/15/26 08:31 (Roe), diagnoses, S(.("]
    short = [tuple(find_headers(text, read_lines(text))) for text in texts]
    monkeypatch.setattr(headers, "may_open_header", lambda _: True)
    monkeypatch.setattr(headers, "meant", lambda _: "a word")
    monkeypatch.setattr(headers, "_OPENING", re.compile("(?!)"))
    tables = replace(titles._tables(), has_colon=True)
    monkeypatch.setattr(titles, "_tables", lambda: tables)
    monkeypatch.setattr(titles, "_may_end_with_date", lambda _: True)
    assert [tuple(find_headers(text, read_lines(text))) for text in texts] == short
    assert sum(map(len, short)) > 300


@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title, str.capitalize])
def test_a_title_as_the_table_holds_it_is_read_like_any_other(spell):
    for key in TITLES:
        assert title_key(key) == key
        assert titles.may_open_title(spell(key))
        if len(key) > 1 and key[0].isalpha():
            found = read_title(spell(key))
            assert found is not None
            assert (found.rule, found.key, found.copied, found.qualified) == (
                load_headers().by_title[key],
                *(key, False, False),
            )


COMMA = re.compile(r"(?<=[.:;?!)]),(?=[^\s,\d.)\]]|\d{1,2}[.)])|(?<=:),(?=[ \t])|(?<=: ),")
COMMA_BEHIND_BLANKS = re.compile(r",(?=[^\s,\d]|\d{1,2}[.)])")
COMMA_IN_DICTATION = re.compile(r"(?<=[A-Za-z0-9\"']),(?=[A-Z]|\d{1,2}[.)][ \t])")


def ends_line(view: str, at: int) -> bool:
    """Whether the comma or line end at `at` ends a line, each looked at by itself."""
    if view[at] != ",":
        return view[at : at + 2] != "\r\n"
    before = view[:at].rstrip(" \t")
    closed = 0 < at - len(before) <= 3 and before.endswith((".", ":", ";", "?", "!", ")"))
    return bool(
        COMMA.match(view, at)
        or (closed and COMMA_BEHIND_BLANKS.match(view, at))
        or (is_dictated(view) and COMMA_IN_DICTATION.match(view, at))
    )


def test_lines_end_where_a_look_at_each_comma_ends_them():
    pick = random.Random(8)
    parts = [
        *".:;?!),, \t\n\raB19\"'²٣\x1c",
        "\r\n",
        "12.",
        "3)",
        "2. ",
        ":, A",
        ".,C",
        ": , ",
        "a.,B:, C: , d",
    ]
    for _ in range(20_000):
        text = "".join(pick.choices(parts, k=pick.randint(1, 24)))
        cuts = [m.start() for m in re.finditer(r"[\r\n,]", text) if ends_line(text, m.start())]
        pieces = [text[a + 1 : b].strip() for a, b in pairwise([-1, *cuts, len(text)])]
        assert [text[line.start : line.end] for line in read_lines(text)] == [p for p in pieces if p]


def test_a_marker_in_running_text_begins_at_one_of_few_places():
    pick = random.Random(9)
    parts = [
        "1. ",
        "2) ",
        "(3) ",
        "#4 ",
        "#",
        "##",
        "•",
        "One, ",
        "Two. ",
        "First, ",
        "someOne, ",
        "number two ",
    ]
    parts += [
        "Problem 3: ",
        "item ",
        "ıtem one ",
        "Item two, ",
        "a",
        " ",
        ", ",
        ". ",
        "(",
        "12",
        "2024. ",
        "8.5",
    ]
    seen = 0
    for _ in range(6_000):
        text = "".join(pick.choices(parts, k=pick.randint(2, 14)))
        found = list(inner_markers(text, inner_places(text), len(text)))
        assert found == list(inner_markers(text, range(len(text)), len(text)))
        seen += len(found)
    assert seen > 3_000
