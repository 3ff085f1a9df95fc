"""Titles that run into their text without a colon: `PMHx   gout`, `FH none`, `Plan - rest`, `A. Anemia`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.facts import SectionCategory
from nlp.layout.header import PULSE, Header, letter_title, make_header
from nlp.layout.lines import Line
from nlp.layout.load import load_headers, title_key
from nlp.layout.titles import LONGEST, Title, may_open_title

C = SectionCategory

COLUMNS = re.compile(r"\S(?: {3,}|\t)\S")
_GAP_TITLE = re.compile(r"([A-Za-z][A-Za-z/&.' ]{0,40}?)(?:\t[ \t]*| {2,})(?=\S)")
_WORD_TITLE = re.compile(
    r"([A-Za-z][A-Za-z/&]{1,12}) (?=[A-Za-z(\"'+#]|\d{1,2}[.)] |\d{1,3} ?(?:[MF]\b|y/?o|-?y))"
)
_CAPS_TITLE = re.compile(r"([A-Z][A-Z/&' -]{2,50}[A-Z]) +(?=\d*[A-Za-z(]?[a-z\d])")
_DASH_TITLE = re.compile(r"([A-Za-z][A-Za-z/&.' ]{0,50}?) +-+ +(?=\S)")
_SLASHED = re.compile(r"([SOAP])/ (?=\S)")
_GAP = re.compile(r"\S(?: {2,}|\t)\S")
_SHOUTED = re.compile(r"[A-Z]{6,}\b")
# Parts that are written as running text: a gap behind their title is no column of a table.
_TOLD = frozenset({C.ASSESSMENT_PLAN, C.ASSESSMENT, C.IMPRESSION, C.PLAN, C.HPI, C.EXAM, C.INDICATION})

# "S  69M, tired", "A. 1. Anemia", "P) rest": letters of SOAP where at least two stand in their order.
_LETTER = re.compile(r"([SOAP])(?:([.)])(?=[ \t])|(?= {2,}|\t)|([:/])|$)")
_OTHER_LETTER = re.compile(r"[B-NQRT-Z][.)][ \t]")
_ORDER = "SOAP"


def loose_letters(view: str, lines: Sequence[Line]) -> frozenset[int]:
    """Return the starts of the lines that a letter of SOAP opens without a colon.

    Letters behind which a full stop or a bracket stands may be those of an outline (A., B., C.), so no
    other letter may open a line that way, and at least two must stand in the order of SOAP.
    """
    found: list[tuple[int, str, str]] = []  # place, letter, mark
    outline = False
    for line in lines:
        if line.end - line.start > 1 and view[line.start + 1].isalnum():
            continue  # a word
        outline = outline or _OTHER_LETTER.match(view, line.start, line.end) is not None
        match = _LETTER.match(view, line.start, line.end)
        if match is None:
            continue
        body = match.end()
        while body < line.end and view[body] in " \t":
            body += 1
        if match[1] != "P" or PULSE.match(view, body, line.end) is None:
            found.append((line.start, match[1], match[2] or match[3] or ""))
    wanted = set()
    for mark in (".", ")", "") if found else ():
        chain = [letter for _, letter, own in found if own == mark or mark != "."]
        if _in_order(chain) > 1 and not (mark and outline):
            wanted.add(mark)
    return frozenset(place for place, _, mark in found if mark in wanted)


def _in_order(letters: Sequence[str]) -> int:
    count, last = 0, -1
    for letter in letters:
        rank = _ORDER.index(letter)
        if rank > last:
            count, last = count + 1, rank
    return count


def read_letter(view: str, line: Line) -> Header | None:
    """Return the header of a line that `loose_letters` named."""
    match = _LETTER.match(view, line.start, line.end)
    if match is None or match.end() >= line.end:
        return None
    title = letter_title(match[1])
    return make_header(view, line, line.start, match.end(), title, caps=True) if title else None


def read_unmarked(view: str, line: Line, at: int, marker: str) -> Header | None:
    """Return the header that opens the line at `at` without a colon, None if none does."""
    slashed = _SLASHED.match(view, at, line.end) if view[at] in _ORDER else None
    if slashed:
        title = letter_title(slashed[1])
        return make_header(view, line, at, slashed.start() + 2, title, caps=True, marker=marker)
    if not may_open_title(view[at : at + LONGEST]):
        return None
    table = load_headers().by_title
    for pattern in (_GAP_TITLE, _DASH_TITLE, _WORD_TITLE, _CAPS_TITLE):
        match = pattern.match(view, at, line.end)
        if match is None:
            continue
        text = match.group(1).rstrip()
        key = title_key(text)
        rule = table.get(key)
        if rule is None or len(text) == 1 or rule.role in ("system", "label"):
            continue
        if pattern is _WORD_TITLE and not (key in rule.bare and text[0].isupper()):
            continue
        if pattern is _GAP_TITLE:
            rest = view[match.end() : line.end]
            if rest.isupper() and _GAP.search(rest):
                continue  # the columns of a table
            if key not in rule.bare and not _is_gap_title(text, rest, rule.category):
                continue
        if pattern is _DASH_TITLE and (key in rule.not_alone or not text[0].isupper()):
            continue
        title = Title(rule, key, copied=False, qualified=False)
        return make_header(view, line, at, match.end(1), title, caps=text.isupper(), marker=marker)
    return None


def _is_gap_title(text: str, rest: str, category: SectionCategory) -> bool:
    """Whether two blanks behind a title part it from its text, and not two columns."""
    if text.isupper():
        if _SHOUTED.match(rest):
            return False  # "CLINICAL  PHARMACY - review (telephone)": one title, with a blank too many
        return not rest.isupper() and COLUMNS.search(rest) is None
    return text[0].isupper() and category in _TOLD and " " in rest and _GAP.search(rest) is None
