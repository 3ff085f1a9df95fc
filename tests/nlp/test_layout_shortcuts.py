"""What the layout leaves out for speed changes nothing: each shortcut against the plain way."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from nlp.layout import headers, sentences, titles
from nlp.layout.headers import find_headers
from nlp.layout.lines import is_dictated, read_lines
from nlp.layout.load import load_headers, load_words, title_key
from nlp.layout.markers import inner_markers, inner_places
from nlp.layout.sentences import split_sentences
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

BEHIND = [
    *(
        "",
        " ",
        " iron",
        " IRON AND FOLATE",
        " (3/2/24)",
        " 3/2/24",
        " from last visit",
        " _copied__",
        " marching",
    ),
    *(
        " oct 2024",
        " at 08:30",
        " reviewed today",
        "-- iron",
        " , iron",
        " per note",
        " ſ",
        "K",
        " prior visit's iron",
    ),
    *(
        " - iron",
        " copied",
        " copies",
        " ' last note",
        " as follows",
        "4:1",
        " 4",
        " \x1cx",
        ": x",
        " x: y",
        " A/P: x",
    ),
    " " + "iron and folate " * 6,
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
    monkeypatch.setattr(headers, "_FIRST", re.compile("(?!)"))
    monkeypatch.setattr(headers, "meant", lambda _: "a word")
    read_titles_the_long_way(monkeypatch)
    assert [tuple(find_headers(text, read_lines(text))) for text in texts] == short
    assert sum(map(len, short)) > 300


def read_titles_the_long_way(monkeypatch):
    tables = replace(titles._tables(), has_colon=True, plain={}, bare={})
    monkeypatch.setattr(titles, "_tables", lambda: tables)
    monkeypatch.setattr(titles, "may_be_title", lambda _: True)
    monkeypatch.setattr(titles, "_may_be_copied", lambda _: True)
    monkeypatch.setattr(titles, "_may_end_with_date", lambda _: True)


def test_what_stands_around_a_title_is_no_word_that_titles_lack(monkeypatch):
    pick = random.Random(5)
    texts = [made_up(pick).replace("\n", " ")[:90].strip() for _ in range(8_000)]
    texts += [f"{title}{behind}" for title in TITLES[::10] for behind in BEHIND]
    short = [read_title(text) for text in texts]
    read_titles_the_long_way(monkeypatch)
    assert [read_title(text) for text in texts] == short
    assert sum(title is not None for title in short) > 3_000


def test_a_first_word_that_opens_no_header_opens_none_whatever_follows():
    words = {
        word for title in (*TITLES, *SMALL) for word in title.split() if word.isalpha() and len(word) > 1
    }
    words |= {"the", "PIan", "Patient", "oct", "Exarn", "seen"}
    for word in sorted(words):
        said = {
            titles.may_open_header(row) for row in ([word], *([word, other] for other in sorted(words)[::7]))
        }
        known = titles.opens_header(word)
        assert known is None or said == {known}


@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title])
def test_a_bare_title_runs_into_its_text_as_the_long_way_has_it(monkeypatch, spell):
    texts = [f"{spell(title)}:{behind}" for title in TITLES[::20] for behind in BEHIND]
    short = [tuple(find_headers(text, read_lines(text))) for text in texts]
    monkeypatch.setattr(headers, "bare_title", lambda _: None)
    assert [tuple(find_headers(text, read_lines(text))) for text in texts] == short


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


DICTATED = re.compile(r"[.:](?:,(?=[A-Z]|\d{1,2}[.)] )|(?<=:) ?,(?= ))")  # as marks tell it


def test_a_dictated_text_is_told_by_its_commas_as_by_the_marks_before_them():
    pick = random.Random(12)
    parts = [*'.:;?!), \n\raB19"', "12.", "3) ", ":, A", ".,C", ": , ", "a.,B:, C: , d"]
    told = []
    for _ in range(10_000):
        text = "".join(pick.choices(parts, k=pick.randint(1, 40)))
        told.append(is_dictated(text))
        assert told[-1] == (len(DICTATED.findall(text)) >= 3)
    assert 0.1 < sum(told) / len(told) < 0.9


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


def test_a_word_that_is_no_abbreviation_ends_its_sentence_as_the_long_way_has_it(monkeypatch):
    pick = random.Random(10)
    lists = load_words()
    words = sorted(lists["abbreviations"] | lists["abbreviations_before_a_name"])
    words += "anemia iron xdef İdr dr Ab (def a,tab x;inj \ufb01n b12 K sig\n 1.2 9".split(" ")
    marks = [". ", ". ", ". ", ".\n", ".A", ".Ab", ".)", '."', "..", "?", "!", " ", "  ", "\t", ", "]
    short, texts = [], []
    for _ in range(4_000):
        said = (pick.choice([str, str.upper, str.title])(pick.choice(words)) for _ in range(8))
        text = "".join(word + pick.choice(marks) + pick.choice(["", " ", " "]) for word in said)
        texts.append((text, pick.randrange(9), len(text) - pick.randrange(9)))
        short.append(split_sentences(*texts[-1]))
    monkeypatch.setattr(sentences, "_ends_word", lambda _: False)
    assert [split_sentences(*text) for text in texts] == short
    assert sum(map(len, short)) > 9_000
