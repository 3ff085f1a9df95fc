"""The words behind decide: within a list item, and over a cause that is denied."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import replace

from nlp.facts import NoteFacts
from suggest.engine.statement import Standing, Statement
from suggest.engine.tables import tables

_SAME_BREATH = 80  # code points between a mention and the words of the same item that take it back

_TAKES_BACK = (Standing.NEGATED, Standing.RESOLVED)

_BUT = re.compile(r"(?i)\b(?:but|however|though|although|yet)\b")

_TITLE = re.compile(r"[ \t]{0,2}[:\u2013-]")


def have_last_word(notes: tuple[NoteFacts, ...], statements: list[Statement]) -> list[Statement]:
    """In one item the words behind decide: "listed as X, but is not X", "Anemia: her IDA has resolved"."""
    taken_back = {s.key for s in statements if s.standing in _TAKES_BACK}
    if not any(s.standing is Standing.ASSESSED and s.key in taken_back for s in statements):
        return statements
    items: dict[tuple[int, int], list[Statement]] = defaultdict(list)
    for statement in statements:
        if statement.key in taken_back:
            items[statement.key].append(statement)
    for item in items.values():
        item.sort(key=lambda s: s.condition.start)
    assessed = {
        key: frozenset(s.concept for s in item if s.standing is Standing.ASSESSED)
        for key, item in items.items()
    }
    return [
        _by_last_word(notes[s.note].text, s, items[s.key], assessed[s.key]) if s.key in items else s
        for s in statements
    ]


def _by_last_word(
    text: str, statement: Statement, item: list[Statement], assessed: frozenset[str]
) -> Statement:
    """`item` holds the statements of the list item by their start, `assessed` its concepts that are so."""
    if statement.standing is not Standing.ASSESSED:
        return statement
    end = statement.condition.end
    for place in range(bisect_left(item, end, key=lambda s: s.condition.start), len(item)):
        later = item[place]
        if later.condition.start > end + _SAME_BREATH:
            break
        between = text[end : later.condition.start]
        if later.concept == statement.concept and later.standing is Standing.NEGATED and _BUT.search(between):
            return replace(statement, standing=Standing.NEGATED)
        coding = tables().coding.get(later.concept)
        if (
            later.standing is Standing.RESOLVED
            and coding is not None
            and statement.concept in coding.covers
            and _TITLE.match(between)
            and assessed <= {statement.concept}
        ):
            return replace(statement, standing=Standing.RESOLVED)
    return statement


def set_aside_denied_causes(notes: tuple[NoteFacts, ...], statements: list[Statement]) -> list[Statement]:
    """In "anemia, not due to CKD" the words deny a cause, and not the CKD that is stated elsewhere."""
    denied = {(i, link.cause) for i, note in enumerate(notes) for link in note.links if link.denied}
    if not denied:
        return statements
    stated = {s.concept for s in statements if s.standing not in (Standing.NEGATED, Standing.FAMILY)}
    return [
        replace(s, standing=Standing.OTHER)
        if s.standing is Standing.NEGATED and s.concept in stated and (s.note, s.condition.id) in denied
        else s
        for s in statements
    ]
