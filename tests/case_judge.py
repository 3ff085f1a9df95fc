"""The answer to a case, and in sentences where it differs from what the case expects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from suggest import suggest_encounter
from suggest.knowledge import PolicyLike
from suggest.result import Evidence, Necessity, Result
from tests.case_fields import Quote
from tests.case_format import Case, policy_of

_CASES_OWN: Any = object()


def answer_to(case: Case, policy: PolicyLike = _CASES_OWN) -> Result:
    """Return the answer to the notes of a case, by its own policy or by another one."""
    chosen = policy_of(dict(case.policy)) if policy is _CASES_OWN else policy
    return suggest_encounter([one.note for one in case.notes], policy=chosen)


def disagreements(case: Case, result: Result) -> list[str]:
    """Say in sentences where a result differs from the case; an empty list means that it passes."""
    parts = (_about_codes, _about_each_code, _about_queries, _about_marks, _about_spans, _about_the_note)
    return [sentence for part in parts for sentence in part(case, result)]


def _about_codes(case: Case, result: Result) -> Iterator[str]:
    suggested = {suggestion.code: suggestion for suggestion in result.suggestions}
    for code, quotes in case.expect:
        if code not in suggested:
            yield f"{code} is not suggested; suggested are {sorted(suggested)}"
            continue
        yield from _missing(case, code, quotes, suggested[code].evidence)
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


def _about_each_code(case: Case, result: Result) -> Iterator[str]:
    suggested = {suggestion.code: suggestion for suggestion in result.suggestions}
    for code, band in case.band:
        if code not in suggested or suggested[code].band.value != band:
            yield f"{code} is not in band {band}"
    for code, necessity in case.necessity:
        if code not in suggested or suggested[code].necessity.value != necessity:
            yield f"{code} is not {necessity}"
    for code, option in case.alternatives:
        named = {other.option for other in suggested[code].alternatives} if code in suggested else set()
        if option not in named:
            yield f"{code} has no alternative by {option}"


def _about_queries(case: Case, result: Result) -> Iterator[str]:
    asked = {query.query: query for query in result.queries}
    for query, quotes in case.queries:
        if query not in asked:
            yield f"{query} is not asked; asked are {sorted(asked)}"
            continue
        yield from _missing(case, query, quotes, asked[query].evidence)
    unwanted = set(asked) if case.no_queries is True else asked.keys() & set(case.no_queries or ())
    for query in sorted(unwanted):
        yield f"{query} is asked, and must not be"


def _about_marks(case: Case, result: Result) -> Iterator[str]:
    for one in case.notes:
        own = [fact for fact in result.facts.conditions if fact.note_id == one.note.note_id]
        for mark in one.marked.marks:
            over = [fact for fact in own if fact.start < mark.end and mark.start < fact.end]
            if not over:
                yield f'"{mark.text}" is not read as a condition'
            read = [{axis: _value(fact, axis) for axis, _ in mark.labels} for fact in over]
            if over and dict(mark.labels) not in read:
                yield f'"{mark.text}" is read as {read}, not as {dict(mark.labels)}'


def _about_spans(case: Case, result: Result) -> Iterator[str]:
    texts = {one.note.note_id: one.note.text for one in case.notes}
    for entry in (*result.suggestions, *result.withheld, *result.queries, *result.checklist):
        for evidence in entry.evidence:
            if texts.get(evidence.note_id, "")[evidence.start : evidence.end] != evidence.text:
                yield f"an evidence at {evidence.start}-{evidence.end} is not what stands there"


def _about_the_note(case: Case, result: Result) -> Iterator[str]:
    found = {item.item: item.ok for item in result.checklist}
    for item, ok in case.checklist:
        if found.get(item) is not ok:
            yield f"the checklist has {item} as {found.get(item)}, not as {ok}"
    kinds = {warning.kind for warning in result.warnings}
    for kind in case.warnings:
        if kind not in kinds:
            yield f"there is no warning of the kind {kind}; there are {sorted(kinds)}"


def _value(fact: Any, axis: str) -> str:
    value = getattr(fact, axis)
    return str(getattr(value, "value", value))


def _missing(case: Case, name: str, quotes: Iterable[Quote], evidence: Iterable[Evidence]) -> Iterator[str]:
    """Yield the quotes that no evidence of a code or query overlaps, in the note that they are of."""
    texts = {one.note.note_id: one.note.text for one in case.notes}
    shown = list(evidence)
    for note_id, quote in quotes:
        places = [match.start() for match in re.finditer(re.escape(quote), texts[note_id])]
        own = [e for e in shown if e.note_id == note_id]
        if not any(e.start < place + len(quote) and place < e.end for e in own for place in places):
            where = f" in {note_id}" if len(texts) > 1 else ""
            yield f'no evidence of {name} overlaps "{quote}"{where}'
