"""Read names that stand together and share a row of numbers: "Hgb/Hct 9.7/29.8", "BUN and creatinine"."""

from __future__ import annotations

import re

from nlp.labs import tokens as t
from nlp.labs.around import Around
from nlp.labs.head import REACH, read_head
from nlp.labs.judge import is_plausible
from nlp.labs.load import Analyte
from nlp.labs.reading import Hit, Reading, to_float
from nlp.labs.single import read_single
from nlp.labs.tail import read_tail
from nlp.labs.words import read_words

_TOGETHER = re.compile(r"(?i)\s*(?:/|&|\+|and|,\s?and)\s*(?:an?\s|the\s)?")
_COMMA = re.compile(r",\s{1,2}")
_SENTENCE_END = re.compile(r"[.;]\s|\n")
_BETWEEN_NUMBERS = re.compile(
    r"(?i)\s?(?:%|g/dl|gms?|g|l|h|\([lh]\))?\s?(?:/|and|&|,|over|-|;)\s?(?:and\s|a\s|hct\s)?"
)
_MAX_GROUP = 6
_MAX_BETWEEN = 12


def find_group(around: Around, index: int) -> list[Hit]:
    """Return the hits named together: "Hgb/Hct", "B12 and folate", "BUN and creatinine"."""
    group = [around.hits[index]]
    for following in around.hits[index + 1 : index + _MAX_GROUP]:
        if following.is_level or following.start - group[-1].end > _MAX_BETWEEN:
            break
        between = around.view[group[-1].end : following.start]
        if _TOGETHER.fullmatch(between) is None and not (
            _COMMA.fullmatch(between) and _is_shared(around.view, group[0].end)
        ):
            break
        group.append(following)
    return group


def _is_shared(view: str, end: int) -> bool:
    """Return whether the sentence gives names that stand behind commas their values "respectively"."""
    return "respectively" in _SENTENCE_END.split(view[end : end + 140], maxsplit=1)[0].lower()


def read_group(around: Around, index: int, group: list[Hit]) -> list[Reading]:
    """Return what names that stand together share: a row of numbers, one number, a result in words."""
    view, last, place = around.view, group[-1], index + len(group) - 1
    members: list[Analyte | None] = [a for hit in group for a in (hit.analytes or (None,))]
    limit = around.limit(place)
    lead = next(a for a in reversed(members) if a is not None)
    head = read_head(view, last.end, min(limit, last.end + REACH), lead, around.calendar, pair=True)
    if around.is_hypothetical(group[0].start, head):
        return []
    if head.at < 0:
        return read_words(around, group, head)
    numbers = _number_row(around, head.at, limit, len(members))
    if len(numbers) < len(members):
        if len(group) > 1:
            return read_single(around, place, members[-1]) if members[-1] is not None else []
        members = members[:1]  # "H&H 14": the hemoglobin
    found: list[Reading] = []
    for position, (analyte, number) in enumerate(zip(members, numbers, strict=False)):
        if analyte is None or t.REFUSE.match(view, number.end()) is not None:
            continue
        tail = read_tail(view, number.end(), limit, analyte, around.calendar)
        if is_plausible(analyte, to_float(number.group()), tail.unit) is False:
            continue
        found.append(
            Reading(
                analyte=analyte,
                start=number.start() if position else group[0].start,
                end=tail.end,
                value=to_float(number.group()),
                comparator=None if position else head.comparator,
                unit=tail.unit,
                low=tail.low,
                high=tail.high,
                mark=tail.mark,
                date=tail.date or head.date,
                is_evident=True,
            )
        )
    return found


def _number_row(around: Around, at: int, limit: int, count: int) -> list[re.Match[str]]:
    """Return up to `count` numbers separated by "/", "and", "&", "," or "over"."""
    numbers: list[re.Match[str]] = []
    for _ in range(count):
        number = t.NUMBER.match(around.view, at, limit)
        if number is None:
            break
        numbers.append(number)
        between = _BETWEEN_NUMBERS.match(around.view, number.end(), limit)
        if between is None:
            break
        at = between.end()
    return numbers
