"""Where a result differs from what a case expects, in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from suggest.result import Evidence, Necessity, Result
from tests.case_format import Case


def disagreements(case: Case, result: Result) -> list[str]:
    """Say in sentences where a result differs from the case; an empty list means that it passes."""
    parts = (_about_codes, _about_queries, _about_marks, _about_spans)
    return [sentence for part in parts for sentence in part(case, result)]


def _about_codes(case: Case, result: Result) -> Iterator[str]:
    suggested = {suggestion.code: suggestion for suggestion in result.suggestions}
    for code, quotes in case.expect:
        if code not in suggested:
            yield f"{code} is not suggested; suggested are {sorted(suggested)}"
            continue
        for quote in quotes:
            if not _overlaps(suggested[code].evidence, case.note.text, quote):
                yield f'no evidence of {code} overlaps "{quote}"'
    if case.only:
        allowed = {code for code, _ in case.expect} | set(case.optional)
        required = {
            code for code, suggestion in suggested.items() if suggestion.necessity is Necessity.REQUIRED
        }
        for code in sorted(required - allowed):
            yield f"{code} is suggested as required, and nothing else was expected"
    for code in case.reject:
        if code in suggested:
            yield f"{code} is suggested, and must not be"
    withheld = {entry.code for entry in result.withheld}
    for code in case.withheld:
        if code not in withheld:
            yield f"{code} is not withheld; withheld are {sorted(withheld)}"
    if case.first and (not result.suggestions or result.suggestions[0].code != case.first):
        yield f"{case.first} is not first; the order is {list(suggested)}"
    for code, band in case.band:
        if code not in suggested or suggested[code].band.value != band:
            yield f"{code} is not in band {band}"


def _about_queries(case: Case, result: Result) -> Iterator[str]:
    asked = {query.query for query in result.queries}
    for query in case.queries:
        if query not in asked:
            yield f"{query} is not asked; asked are {sorted(asked)}"
    unwanted = asked if case.no_queries is True else asked & set(case.no_queries or ())
    for query in sorted(unwanted):
        yield f"{query} is asked, and must not be"


def _about_marks(case: Case, result: Result) -> Iterator[str]:
    for mark in case.note.marks:
        over = [fact for fact in result.facts.conditions if fact.start < mark.end and mark.start < fact.end]
        if not over:
            yield f'"{mark.text}" is not read as a condition'
        read = [{axis: _value(fact, axis) for axis, _ in mark.labels} for fact in over]
        if over and dict(mark.labels) not in read:
            yield f'"{mark.text}" is read as {read}, not as {dict(mark.labels)}'


def _about_spans(case: Case, result: Result) -> Iterator[str]:
    for entry in (*result.suggestions, *result.withheld, *result.queries):
        for evidence in entry.evidence:
            if case.note.text[evidence.start : evidence.end] != evidence.text:
                yield f"an evidence at {evidence.start}-{evidence.end} is not what stands there"


def _value(fact: Any, axis: str) -> str:
    value = getattr(fact, axis)
    return str(getattr(value, "value", value))


def _overlaps(evidence: Iterable[Evidence], text: str, quote: str) -> bool:
    places = [match.start() for match in re.finditer(re.escape(quote), text)]
    return any(e.start < place + len(quote) and place < e.end for e in evidence for place in places)
