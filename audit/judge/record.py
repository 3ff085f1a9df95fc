"""What only the record can settle: contradictions, other readings, open questions, missing records."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from audit.judge.case import (
    AGAINST,
    FOR,
    codings_of,
    concepts_of,
    is_denied,
    is_present,
    nutrient_of,
    proofs,
    quotes,
)
from audit.judge.ruling import Ruling
from audit.judge.specificity import is_more_specific
from nlp.knowledge import check_entry, check_unique, load_yaml
from suggest.engine.tables import tables

if TYPE_CHECKING:
    from audit.finding import Proof
    from audit.judge.billed import BilledCode
    from audit.judge.case import Case
    from suggest.result import Query

_FILE = "essentials.yaml"
# queries whose answer may name any type or cause
_OPEN = frozenset({"query:Q04", "query:Q05", "query:Q19", "query:Q21"})
# asks what the anemia that is stated comes from; these codes say it
_CAUSE, _SAY_CAUSE = "query:Q05", ("D50.0", "D62", "D63", "D64.81")
_DIFFER = frozenset({"query:Q18"})


def conflicting(case: Case, billed: BilledCode) -> Ruling | None:
    """The encounter contradicts the code, or itself about it (R15, R19, S46)."""
    code = billed.code
    if code is None or case.suggestion(code) is not None:
        return None
    about_it = (*case.queries(code), *_broader(case, code, _DIFFER))
    asked = next((q for q in about_it if q.query in _DIFFER and not _code_alone(case, q)), None)
    if asked is not None:
        return Ruling(
            "conflicting.differs",
            None,
            proofs(asked.evidence, AGAINST),
            ("rule:R19", asked.query),
            fills=(("topic", asked.topic),),
        )
    refusal = case.withheld(code)
    rules = {r.rule for r in refusal.reasons} if refusal is not None else set()
    if refusal is not None and "ruling:S46" in rules:
        return Ruling("conflicting.providers", None, proofs(refusal.evidence, AGAINST), ("ruling:S46",))
    if refusal is not None and "rule:R15" in rules and not _is_part_of_a_right_one(case, code):
        return Ruling("conflicting.denied", None, proofs(refusal.evidence, AGAINST), ("rule:R15",))
    about = case.mentions(code)
    denied = [c for c in about if is_denied(c)]
    if denied and not any(is_present(c) for c in about) and not _is_part_of_a_right_one(case, code):
        return Ruling("conflicting.denied", None, quotes(denied, "negation", AGAINST), ("rule:R15",))
    part = _denied_part(case, code)
    return Ruling("conflicting.part_denied", _rest_of(case, code), part) if part else None


def _rest_of(case: Case, code: str) -> str | None:
    """Return the code for the part that is not denied: the deficiency of an anemia, else the plain anemia."""
    found = [s.code for s in case.answer.suggestions]
    kin = [c for c in found if nutrient_of(code) is not None and nutrient_of(c) == nutrient_of(code)]
    return next(iter((*kin, *(c for c in found if is_more_specific(code, c)))), None)


def _broader(case: Case, code: str, wanted: frozenset[str]) -> tuple[Query, ...]:
    """Return the queries of some kinds that name a code, still open, of which this one is the closer form."""
    return tuple(
        q
        for q in case.answer.queries
        if q.query in wanted
        and any(
            is_more_specific(code, c)
            and (case.suggestion(c) is None or (q.query == _CAUSE and code.startswith(_SAY_CAUSE)))
            for c in q.codes
        )
    )


def _is_part_of_a_right_one(case: Case, code: str) -> bool:
    """Say whether a code that the words support contains this one: E53.8 in D51.9 (R37)."""
    mine = concepts_of(code)
    return any(coding.covers & mine for s in case.answer.suggestions for coding in codings_of(s.code))


def _code_alone(case: Case, query: Query) -> bool:
    """Say whether a query asks for words where only a code is printed: nothing contradicts it (S39)."""
    printed = {(s.note_id, s.start, s.end) for s in case.answer.facts.stated_codes if s.beside is None}
    return len(query.evidence) == 1 and all((e.note_id, e.start, e.end) in printed for e in query.evidence)


def _denied_part(case: Case, code: str) -> tuple[Proof, ...]:
    """Return the words that deny a part of what a code says, where nothing in the record affirms it."""
    for concept in says(code):
        kin = [c for c in case.answer.facts.conditions if _asserts(c.concept, concept)]
        denied = [c for c in kin if c.concept == concept and is_denied(c)]
        if denied and not any(is_present(c) for c in kin):
            return quotes(denied, "negation", AGAINST)
    return ()


def _asserts(concept: str, other: str) -> bool:
    coding = tables().coding.get(concept)
    return concept == other or (coding is not None and other in coding.covers)


@lru_cache(maxsize=512)
def says(code: str) -> tuple[str, ...]:
    """Return the concepts that a code asserts (essentials.yaml)."""
    entries = load_yaml("audit.judge", _FILE)
    check_unique(_FILE, entries)
    found: list[str] = []
    for entry in entries:
        check_entry(_FILE, entry, required=("id", "codes", "says", "why"))
        if any(code.startswith(c[:-1]) if c.endswith("-") else code == c for c in entry["codes"]):
            found += entry["says"]
    return tuple(found)


def arguable(case: Case, billed: BilledCode) -> Ruling | None:
    """Another accepted reading of the same words supports the code; it is named."""
    code = billed.code
    if code is None or case.suggestion(code) is not None:
        return None
    for suggestion in case.answer.suggestions:
        for other in suggestion.alternatives:
            if code in other.codes:
                option = f" (policy {other.option})" if other.option else ""
                return Ruling(
                    "arguable.reading",
                    suggestion.code,
                    proofs(suggestion.evidence[:3], FOR),
                    (other.option,) if other.option else (),
                    fills=(("reading", other.text.rstrip(". ")), ("option", option)),
                )
    return None


def query_needed(case: Case, billed: BilledCode) -> Ruling | None:
    """Only a provider's answer could support the code."""
    code = billed.code
    if code is None or case.suggestion(code) is not None or case.elsewhere:
        return None
    asked = (*case.queries(code), *_broader(case, code, _OPEN))
    if not asked:
        return None
    lead = asked[0]
    return Ruling(
        "query-needed.asked",
        None,
        proofs(lead.evidence, AGAINST),
        tuple(dict.fromkeys((lead.query, *(r.rule for r in lead.reasons)))),
        fills=(("topic", lead.topic),),
    )


def not_in_this_note(case: Case, billed: BilledCode) -> Ruling | None:
    """The record that would state the condition is spoken of, and is not in the export."""
    code = billed.code
    if code is None or case.suggestion(code) is not None or not case.elsewhere:
        return None
    return Ruling("not-in-this-note.refers", None, case.elsewhere[:2])
