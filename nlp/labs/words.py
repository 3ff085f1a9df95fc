"""Results in words: "ferritin was low", "IF Ab neg", "B12, TSH and folate, all of which were normal"."""

from __future__ import annotations

import re

from nlp.expression import Expression
from nlp.labs import tokens as t
from nlp.labs.around import Around
from nlp.labs.reading import Head, Hit, Reading

_SHARED = re.compile(
    r"""(?xi)(?:,\s*|\s+|\s-\s|:\s*)(?:(?:all|both|each)\s+)?(?:of\s+(?:which|these|them)\s+)?(?:which\s+)?
    (?:(?:are|were|was|is|have\sbeen|came\sback|returned|all|both|also)\s+){0,3}
    (?P<word>normal|negative|unremarkable|within\snormal\slimits|wnl|neg|nl|low|positive|elevated)\b
    (?![\s-](?:dose|saline|range|limits?))"""
)
_SHARES = re.compile(r"(?i)\b(?:all|both|each|were|are|of which)\b")
_ITEM = re.compile(
    r"""(?xi)\s*(?:(?:serum|vitamin|free|total|iron|a|the|levels?|and|or|as\swell\sas|with)\s+){0,2}
    [a-z0-9.%'-]{1,16}(?:\s+[a-z0-9.%'-]{1,16}){0,2}\s*"""
)
_VERB = re.compile(
    r"""(?xi)\b(?:was|were|is|are|has|had|have|show\w*|check\w*|order\w*|sent|pending|will|recheck|if|for|due|who|no|not
    |on|in|to|deficien\w*|injections?|therapy|anemia|given|take\w*)\b"""
)
LEFT_RESULT = Expression(rf"{t.RESULT.pattern}\s+(?:serum\s+|plasma\s+|total\s+|a\s+)?$")
_NOT_A_LEVEL = re.compile(
    r"""(?xi)\s{0,2}-?\s{0,2}(?:stores?|diet|intake|foods?|rich|deficien\w*|anemia|content|dose|supplement\w*|pills?|infusions?
    |tablets?|panel|studies|absorption|metabolism|injections?|shots?|therapy|replacement|trait|disease)\b"""
)
_HISTORY = re.compile(
    r"""(?xi)\b(?:h/o|hx\s+of|history\s+of|r/o|rule\s+out|risk\s+(?:of|for)|screen\w*\s+for|no|without|denies|any|prevent\w*)\s+
    (?:[a-z]+\s+){0,2}$"""
)
_STATEMENT_END = re.compile(r"[.;\n(]")
_NUMBERED = re.compile(r"\b[A-Za-z]-?\d{1,2}\b")  # "B12", which is a name
_PARTS = re.compile(r",|/|&|\band\b")
_JOINED = re.compile(r"\band\b|/|&|^\s*(?:levels?)?\s*$")
_BLANKS = re.compile(r"\s+")
_SAME = {"neg": "negative", "nl": "normal", "wnl": "normal", "unremarkable": "normal", "elevated": "high"}
_MAX_ITEMS = 8


def names_no_level(view: str, pos: int) -> bool:
    """Return whether the word behind a name makes it another noun: "low iron stores", "high B12 diet"."""
    return _NOT_A_LEVEL.match(view, pos) is not None


def left_result(left: str) -> tuple[str | None, int]:
    """Return the result word that ends `left` ("low ferritin") and its length; None in a history."""
    found = LEFT_RESULT.search(left[-40:])
    if found is None or _HISTORY.search(left[: len(left) - len(found.group())]):
        return None, 0
    return found.lastgroup, len(found.group())


def shared_result(view: str, pos: int) -> tuple[str | None, int]:
    """Return the result that a list of tests shares and its end (`pos` where other tests intervene)."""
    window = _STATEMENT_END.split(view[pos : pos + 160], maxsplit=1)[0]
    found = _SHARED.search(window)
    if found is None:
        return None, -1
    between = window[: found.start()]
    if any(c.isdigit() for c in _NUMBERED.sub("", between)) or _VERB.search(between):
        return None, -1
    if not between.strip() and found.group().lstrip().startswith(","):  # "hematocrit, and normal iron labs"
        return None, -1
    items = [item for item in _PARTS.split(between) if item.strip()]
    is_shared = _SHARES.search(found.group()) or _JOINED.search(between)
    if not is_shared or len(items) > _MAX_ITEMS or not all(_ITEM.fullmatch(item) for item in items):
        return None, -1
    word = _BLANKS.sub(" ", found["word"].lower())
    result = "normal" if word.startswith("within") else _SAME.get(word, word)
    return result, pos if len(items) > 1 else pos + found.end()


def read_words(around: Around, group: list[Hit], head: Head) -> list[Reading]:
    """Return the result in words that one name, or names that stand together, are given."""
    view, first, last = around.view, group[0], group[-1]
    if first.is_level or around.is_hypothetical(first.start, head) or names_no_level(view, last.end):
        return []
    start, result, end = first.start, head.result, head.result_end
    if result is None and not t.LEFT_ORDER.stands_in(around.left(first.start)):
        result, end = shared_result(view, last.end)
    if result is None:
        result, length = left_result(view[max(around.floor, start - 80) : start])
        start, end = start - length, last.end
    if result is None:
        return []
    readings: list[Reading] = []
    for position, hit in enumerate(group):
        for analyte in hit.analytes[:1]:
            if result in ("negative", "positive") and not analyte.is_qualitative:
                continue
            readings.append(
                Reading(
                    analyte=analyte,
                    start=hit.start if position else start,
                    end=max(end, hit.end) if hit is last else hit.end,
                    result=result,
                    mark=t.FLAG_OF.get(result),
                    date=head.date,
                    is_evident=True,
                )
            )
    return readings
