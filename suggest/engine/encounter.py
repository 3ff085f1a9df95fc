"""Several notes of one encounter: drafts, addenda, authors who differ, what earlier notes prove (S41-S47)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from nlp.facts import Assertion, AuthorRole, NoteFacts, Temporality
from nlp.patterns import spaced
from suggest.engine.chart import Chart
from suggest.engine.statement import Standing, Statement
from suggest.engine.terms import NoteMeta, is_ended, is_in_force, is_order, limit_of
from suggest.result import Kind, Setting

DRAFT_LIKENESS = 0.6  # share of common text from which an unsigned note is the draft of a signed one
_TITLES = re.compile(
    r"\b(?:dr|md|do|np|fnp(?:-c)?|dnp|aprn|pa(?:-c)?|cnm|rn|lpn|cma|ma|mbbs|phd|pgy-?\d|attending|resident|signed|electronically|"
    r"by|provider|author|e-?signed|for|note|the|of|on)\b|[^a-z' -]",
)
_ATTENDING = re.compile(r"\battending\b", re.IGNORECASE)
_SUMMARY = spaced(r"\bdischarge summary\b", re.IGNORECASE)
_BILLING = spaced(r"billing provider[: ]+(?:dr\.? )?([A-Z][^\n,;(]{2,40})", re.IGNORECASE)


def drop_drafts(metas: Sequence[NoteMeta], texts: Sequence[str]) -> list[int]:
    """Places of the notes to read: a draft beside its signed version is left out (S44)."""
    if len(metas) < 2:
        return list(range(len(metas)))
    kept = []
    for index, meta in enumerate(metas):
        twin = meta.signed is False and any(
            other.signed is True
            and other.role == meta.role
            and (other.author == meta.author or None in (other.author, meta.author))
            and SequenceMatcher(None, texts[index][:3000], texts[place][:3000], autojunk=False).quick_ratio()
            > DRAFT_LIKENESS
            for place, other in enumerate(metas)
            if place != index
        )
        if not twin:
            kept.append(index)
    return kept


def writer_of(meta: NoteMeta, facts: NoteFacts) -> frozenset[str]:
    """Words of the name of who wrote a note, for comparison only; empty where nobody is named."""
    name = meta.author
    if not name:
        signer = next(
            (a for a in facts.authors if a.role in (AuthorRole.PROVIDER, AuthorRole.RESIDENT) and a.text),
            None,
        )
        signer = signer or next((a for a in facts.authors if a.text), None)
        name = signer.text if signer is not None else ""
    return frozenset(w for w in _TITLES.sub(" ", name.lower()).split() if len(w) > 2)


def same_writer(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two names are of one person; an unknown writer differs from nobody."""
    return not one or not other or bool(one & other)


def amended_note(index: int, metas: Sequence[NoteMeta], writers: Sequence[frozenset[str]]) -> int | None:
    """The note an addendum amends (S45): the one named, its author's latest primary, or the latest."""
    meta = metas[index]
    if meta.amends is not None:
        return next((i for i, other in enumerate(metas) if other.note_id == meta.amends), None)
    earlier = [
        i
        for i, other in enumerate(metas)
        if other.role == "primary" and _when(metas, i) <= _when(metas, index)
    ]
    own = [i for i in earlier if writers[index] and same_writer(writers[i], writers[index])]
    found = own or earlier
    return max(found, key=lambda i: _when(metas, i)) if found else None


def _when(metas: Sequence[NoteMeta], index: int) -> tuple[str, int]:
    return metas[index].note_date or "", index


_ATTESTS = spaced(
    r"\bi (?:personally |also )?(?:saw|have seen|examined|evaluated|interviewed)\b[^.]{0,120}"
    r"\b(?:patient|pt|him|her)\b|"
    r"attest(?:ation)?\b|"
    r"(?:reviewed|agree with) the resident'?s?",
    re.IGNORECASE,
)
_AGREES = spaced(r"\bagree\b|\bconcur\b|as documented|discussed (?:with|the management)", re.IGNORECASE)


_PROVIDER = spaced(r"\b(?:MD|DO|MBBS|NP|PA-C|CNM|DNP)\b|\bDr\.? ")


def attested_notes(notes: Sequence[NoteFacts], metas: Sequence[NoteMeta]) -> frozenset[int]:
    """Notes that another note of the encounter, by a provider, attests (S41)."""
    if len(notes) < 2:
        return frozenset()
    return frozenset(
        index
        for index in range(len(notes))
        for other, facts in enumerate(notes)
        if other != index
        and _PROVIDER.search(f"{metas[other].credential or ''} {facts.text[-200:]}")
        and "PGY" not in (metas[other].credential or "")
        and _ATTESTS.search(facts.text)
        and _AGREES.search(facts.text)
    )


def discharge_summaries(metas: Sequence[NoteMeta]) -> frozenset[int]:
    """Notes that the record system calls a discharge summary (S35)."""
    return frozenset(
        [i for i, meta in enumerate(metas) if meta.note_type and _SUMMARY.search(meta.note_type)]
    )


def settle(chart: Chart, metas: Sequence[NoteMeta]) -> Chart:
    """Set context notes apart; earlier words yield to later ones of the author, or to who rules (S42-S46)."""
    if len(metas) < 2 and not chart.context_notes:
        return chart
    chart = _restate(
        chart, [(s, _in_context(chart, metas, s)) for s in chart.statements if s.note in chart.context_notes]
    )
    old = [n for n in sorted(chart.context_notes) if not is_in_force(chart, metas[n], n)]
    chart = replace(chart, lapsed={n: limit_of(metas[n], chart.notes[n]).upper() for n in old})
    writers = [writer_of(m, f) for m, f in zip(metas, chart.notes, strict=True)]
    chart = _restate(chart, [(s, Standing.CONTEXT) for s in _not_billing(chart, writers)])
    given_way: dict[tuple[int, str], Statement] = {}
    for denial in chart.statements:
        if denial.standing not in (Standing.NEGATED, Standing.RESOLVED):
            continue
        for stated in _related(chart, denial):
            if stated.note == denial.note:
                continue
            loser = _loser(chart, metas, writers, stated, denial)
            if loser is not None:
                given_way[loser.note, loser.condition.id] = loser
    return _restate(chart, [(s, Standing.SUPERSEDED) for s in given_way.values()])


def _restate(chart: Chart, changes: Sequence[tuple[Statement, Standing]]) -> Chart:
    """The chart with other standings for some statements."""
    if not changes:
        return chart
    new = {(s.note, s.condition.id): standing for s, standing in changes}
    statements = tuple(
        replace(s, standing=new[s.note, s.condition.id]) if (s.note, s.condition.id) in new else s
        for s in chart.statements
    )
    by_concept: dict[str, list[Statement]] = {}
    for statement in statements:
        by_concept.setdefault(statement.concept, []).append(statement)
    return replace(chart, statements=statements, by_concept={k: tuple(v) for k, v in by_concept.items()})


_SAID = frozenset({Standing.ASSESSED, Standing.NARRATED, Standing.TREATED})
_WRITTEN = frozenset({Standing.LISTED, Standing.WEAK, Standing.HISTORY_TREATED})


def _in_context(chart: Chart, metas: Sequence[NoteMeta], statement: Statement) -> Standing:
    if statement.standing in _SAID:
        return Standing.CONTEXT
    if statement.standing in _WRITTEN and is_order(metas[statement.note], chart.notes[statement.note]):
        return Standing.CONTEXT
    return Standing.CONTEXT_PAST


def _not_billing(chart: Chart, writers: Sequence[frozenset[str]]) -> list[Statement]:
    """Statements of other providers, where a professional claim names who bills (S46)."""
    if chart.setting is not Setting.PROFESSIONAL or chart.choice("s46") in ("always_query", "attending"):
        return []
    named = next((m for n in chart.notes if (m := _BILLING.search(n.text))), None)
    if named is None:
        return []
    biller = frozenset(w for w in _TITLES.sub(" ", named.group(1).lower()).split() if len(w) > 2)
    if not any(biller & w for w in writers):
        return []
    return [
        s
        for s in chart.statements
        if s.note not in chart.context_notes
        and writers[s.note]
        and not writers[s.note] & biller
        and s.standing in _SAID | {Standing.NEGATED, Standing.RESOLVED}
    ]


def _related(chart: Chart, denial: Statement) -> list[Statement]:
    """Current statements of the same condition, or of one that contains it or that it contains."""
    own = chart.coding(denial.concept)
    found = []
    for concept, statements in chart.by_concept.items():
        other = chart.coding(concept)
        if (
            concept == denial.concept
            or (own is not None and concept in own.covers)
            or (other is not None and denial.concept in other.covers)
        ):
            found += [
                s
                for s in statements
                if s.standing in (Standing.ASSESSED, Standing.NARRATED, Standing.TREATED)
            ]
    return found


def _loser(
    chart: Chart,
    metas: Sequence[NoteMeta],
    writers: Sequence[frozenset[str]],
    stated: Statement,
    denial: Statement,
) -> Statement | None:
    later, earlier = (denial, stated) if _order(metas, denial) > _order(metas, stated) else (stated, denial)
    if metas[later.note].role == "addendum" and metas[earlier.note].role != "addendum":
        target = amended_note(later.note, metas, writers)
        if target == earlier.note and same_writer(writers[later.note], writers[earlier.note]):
            return earlier
    if writers[later.note] and writers[later.note] & writers[earlier.note]:
        return earlier
    if _is_attending(chart, metas, later.note) and not _is_attending(chart, metas, earlier.note):
        return earlier
    if (
        chart.choice("s46") == "attending"
        and _is_attending(chart, metas, earlier.note)
        and not _is_attending(chart, metas, later.note)
    ):
        return later
    return None


def _order(metas: Sequence[NoteMeta], statement: Statement) -> tuple[int, str, int]:
    return (
        int(metas[statement.note].role == "addendum"),
        metas[statement.note].note_date or "",
        statement.note,
    )


def _is_attending(chart: Chart, metas: Sequence[NoteMeta], note: int) -> bool:
    meta = metas[note]
    return bool(_ATTENDING.search(f"{meta.author or ''} {meta.note_type or ''}")) or any(
        _ATTENDING.search(a.text) for a in chart.notes[note].authors
    )


def indications(chart: Chart, metas: Sequence[NoteMeta]) -> dict[str, tuple[Statement, ...]]:
    """Conditions that a context note states and that may be the indication of today's treatment (S42, S43).

    For each nutrient the latest note in force speaks; a later one that ends the order, or calls the
    condition gone, leaves none.
    """
    latest: dict[str, tuple[tuple[str, int], list[Statement]]] = {}
    if Standing.CONTEXT not in chart.standings or not chart.context_notes:
        return {}
    for statement in chart.statements:
        if statement.standing is not Standing.CONTEXT or statement.note not in chart.context_notes:
            continue
        coding = chart.coding(statement.concept)
        if (
            coding is None
            or coding.nutrient is None
            or coding.code is None
            or coding.kind is not Kind.CONDITION
        ):
            continue
        if statement.note in chart.lapsed or _ended_later(chart, metas, statement):
            continue
        when = _when(metas, statement.note)
        known = latest.get(coding.nutrient)
        if known is None or when > known[0]:
            latest[coding.nutrient] = (when, [statement])
        elif when == known[0]:
            known[1].append(statement)
    found: dict[str, list[Statement]] = {}
    for _, statements in latest.values():
        for statement in statements:
            found.setdefault(statement.concept, []).append(statement)
    return {concept: tuple(statements) for concept, statements in found.items()}


def _ended_later(chart: Chart, metas: Sequence[NoteMeta], statement: Statement) -> bool:
    """Whether a later context note ends the treatment or calls the condition gone or absent."""
    mine = _when(metas, statement.note)
    for other in chart.by_concept.get(statement.concept, ()):
        gone = (
            other.condition.assertion is Assertion.ABSENT
            or other.condition.temporality is Temporality.RESOLVED
        )
        if other.note in chart.context_notes and gone and _when(metas, other.note) >= mine:
            return True
    return any(
        _when(metas, note) > mine and is_ended(chart.notes[note])
        for note in chart.context_notes
        if note != statement.note
    )
