"""One encounter from facts to answer: the stages in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter

from nlp.facts import NoteFacts
from nlp.steps import spend
from suggest.drafts import Indicator
from suggest.drafts import draft as write_draft
from suggest.engine.asks import Ask, asks, denied_pairs
from suggest.engine.candidates import Candidate, Draft, simple_candidates
from suggest.engine.chart import Chart, build_chart
from suggest.engine.checks import checklist, drifting, warnings, warnings_of_nothing
from suggest.engine.combine import Picture, build_picture
from suggest.engine.conventions import apply_excludes1, drop_invalid, order
from suggest.engine.current import current_concepts, indicated, without_disputed
from suggest.engine.drugs import drugs
from suggest.engine.encounter import attested_notes, discharge_summaries, indications, settle
from suggest.engine.history import examinations, history
from suggest.engine.indicators import fills, note_indicators
from suggest.engine.kidney import kidney
from suggest.engine.named import name_chronic_disease
from suggest.engine.options import apply_to_draft, apply_to_picture
from suggest.engine.otherwise import name_other_ways
from suggest.engine.pairs import bleeding, manifestations, underlying
from suggest.engine.pregnancy import pregnancy
from suggest.engine.signature import apply_unsigned, unsigned_notes
from suggest.engine.surgery import crohn, short_bowel, surgery
from suggest.engine.symptoms import symptoms
from suggest.engine.terms import NoteMeta, lapsed_orders
from suggest.engine.validation import doubts
from suggest.engine.withhold import refusals
from suggest.engine.words import query_text
from suggest.engine.words import reason as _reason
from suggest.knowledge import Policy
from suggest.rank import rank
from suggest.release import Release
from suggest.result import (
    SCOPE,
    Facts,
    PolicyStamp,
    Query,
    Result,
    SequenceAfter,
    Setting,
    Suggestion,
    Withheld,
)

_RECORDS = attrgetter("sections", "conditions", "labs", "medications", "stated_codes", "authors", "dates")
_STEPS_A_FACT = 1000  # what the rules look at for each fact, in steps of nlp.steps
# concepts whose codes ask for more than coding.yaml; their own functions make the candidates
_BY_FUNCTION = frozenset(
    {
        "ckd",
        "esrd",
        "bariatric_surgery",
        "gastric_band",
        "gastrectomy",
        "ileal_resection",
        "intestinal_bypass",
        "short_bowel",
    }
)


def build_draft(chart: Chart, picture: Picture) -> Draft:
    """Run the rules that make and amend candidates: presumptions first, then codes, then what amends them."""
    apply_to_picture(chart, picture)
    draft = Draft()
    name_chronic_disease(chart, picture)
    kidney(chart, picture, draft)  # may turn "anemia" into anemia in CKD, so before the table
    for candidate in simple_candidates(chart, picture, _BY_FUNCTION):
        draft.add(candidate)
    short_bowel(chart, picture, draft)
    crohn(chart, picture, draft)
    drugs(chart, picture, draft)
    surgery(chart, picture, draft)
    pregnancy(chart, picture, draft)
    symptoms(chart, picture, draft)
    manifestations(chart, draft)
    underlying(chart, picture, draft)
    bleeding(chart, picture, draft)
    history(chart, picture, draft)
    examinations(chart, picture, draft)  # late: it looks at what the others found
    apply_to_draft(chart, picture, draft)
    return draft


def answer(
    notes: Sequence[NoteFacts],
    *,
    setting: Setting,
    encounter_date: str | None,
    release: Release,
    policy: Policy,
    version: str,
    encounter_id: str | None = None,
    metas: Sequence[NoteMeta] = (),
    ranker: Callable[[Draft, Chart], dict[str, float]] = rank,
) -> Result:
    """Return the answer for one encounter.

    Args:
        notes: the facts of its notes, in the order given.
        setting: whose claim.
        encounter_date: ISO date of service (inpatient: of discharge), None if unknown.
        release: the release of the classification that speaks.
        policy: the policy in force.
        version: of Corrin.
        encounter_id: carried into the answer.
        metas: what is known of each note beside its text, in the order of `notes`.
        ranker: gives the score of each candidate and may add caution; training puts its own here.
    """
    if not any(map(_holds_something, notes)):
        return _nothing(notes, setting, encounter_date, release, policy, version, encounter_id)
    facts = [len(n.conditions) + len(n.labs) + len(n.medications) + len(n.links) for n in notes]
    spend(_STEPS_A_FACT * sum(facts))
    known = tuple(metas) or tuple(NoteMeta(note_id=n.note_id) for n in notes)
    chart = build_chart(
        tuple(notes),
        setting,
        encounter_date,
        context_notes=frozenset([i for i, meta in enumerate(known) if meta.role == "context"]),
        attested=attested_notes(notes, known),
        discharge_summaries=discharge_summaries(known),
        options=policy.choices(encounter_date),
    )
    before, chart = chart, settle(chart, known)
    current = without_disputed(chart, indicated(chart, indications(chart, known), current_concepts(chart)))
    picture = build_picture(chart, current)
    draft = build_draft(chart, picture)
    excluded = apply_excludes1(draft, release)
    invalid = drop_invalid(draft, release)
    pairs = denied_pairs(chart)
    doubted = doubts(chart, picture)
    queries = _queries(chart, list(asks(chart, picture, draft, pairs, doubted)))
    name_other_ways(chart, before, known, current, picture, draft)
    unsigned = apply_unsigned(chart, draft, unsigned_notes(notes, [meta.signed for meta in known]))
    scores = ranker(draft, chart)
    ordered = order(list(draft.candidates.values()), scores)
    suggestions = tuple(
        [_suggestion(place, c, scores[c.code], release, ordered) for place, c in enumerate(ordered, 1)]
    )
    refused = [*((c, "S44") for c in unsigned), *((c, "R39") for c, _ in excluded)]
    withheld = (*_invalid(invalid, release), *_withheld(chart, picture, draft, refused, release))
    single = len(notes) == 1
    drift = drifting(chart)
    return Result(
        encounter_id=encounter_id,
        note_id=notes[0].note_id if single else None,
        note_ids=tuple([n.note_id for n in notes]),
        setting=setting,
        encounter_date=encounter_date,
        release=release.name,
        policy=PolicyStamp(policy.name, policy.sha256),
        version=version,
        scope=SCOPE,
        facts=_facts(notes),
        suggestions=suggestions,
        queries=queries,
        withheld=withheld,
        checklist=checklist(chart, picture, [*ordered, *unsigned], lapsed_orders(chart, known), drift),
        warnings=warnings(
            chart,
            picture,
            ordered,
            release.covers(encounter_date),
            release.name,
            drifts=bool(drift),
            doubted=bool(doubted),
        ),
    )


def _holds_something(note: NoteFacts) -> bool:
    return any(_RECORDS(note))


def _nothing(
    notes: Sequence[NoteFacts],
    setting: Setting,
    encounter_date: str | None,
    release: Release,
    policy: Policy,
    version: str,
    encounter_id: str | None,
) -> Result:
    """The answer where no note holds anything of ours: what the rules would say of it, unasked."""
    return Result(
        encounter_id=encounter_id,
        note_id=notes[0].note_id if len(notes) == 1 else None,
        note_ids=tuple([n.note_id for n in notes]),
        setting=setting,
        encounter_date=encounter_date,
        release=release.name,
        policy=PolicyStamp(policy.name, policy.sha256),
        version=version,
        scope=SCOPE,
        facts=Facts(),
        suggestions=(),
        queries=(),
        withheld=(),
        checklist=(),
        warnings=warnings_of_nothing(notes, encounter_date, release.covers(encounter_date), release.name),
    )


def _suggestion(
    place: int, c: Candidate, value: float, release: Release, ordered: Sequence[Candidate]
) -> Suggestion:
    after: SequenceAfter | str | None = None
    codes = {other.code for other in ordered} if c.after else ()
    before = [a for a in c.after if a in codes]
    if before:
        after = before[0]
    elif c.follows is not None:
        after = SequenceAfter(None, c.follows, ())
    return Suggestion(
        rank=place,
        code=c.code,
        title=release.title(c.code),
        kind=c.kind,
        temporality=c.temporality,
        necessity=c.necessity,
        band=c.band,
        score=value,
        evidence=c.evidence,
        reasons=tuple([_reason(rule) for rule in dict.fromkeys(c.rules)]),
        sequence_after=after,
        needs=c.needs,
        alternatives=c.alternatives,
        conflicts=c.conflicts,
    )


def _queries(chart: Chart, wanted: Sequence[Ask]) -> tuple[Query, ...]:
    """Write each query once a topic: of two on the same codes the first stays."""
    found: list[Query] = []
    if not wanted:
        return ()
    seen: set[str] = set()
    held = note_indicators(chart)
    dates = {(lab.start, lab.end): lab.date for n in chart.notes for lab in n.labs}
    for ask in wanted:
        if ask.query in seen:
            continue
        seen.add(ask.query)
        evidence = tuple(
            e
            for i, e in enumerate(ask.evidence)
            if not any(
                e.start < o.end and o.start < e.end and e.note_id == o.note_id for o in ask.evidence[:i]
            )
        )
        text = query_text(ask.query, fills(chart, evidence), ask.indicators | held)
        indicators = [Indicator(e, dates.get((e.start, e.end)) or chart.encounter_date) for e in evidence]
        found.append(
            Query(
                query=f"query:{ask.query}",
                topic=text.topic,
                codes=tuple(dict.fromkeys(ask.codes)),
                question=text.question,
                options=text.options,
                changes=text.changes,
                evidence=evidence,
                reasons=tuple(_reason(rule) for rule in text.rules),
                draft=write_draft(text.topic, indicators, text.question, text.options),
            )
        )
    return tuple(found)


def _invalid(candidates: Sequence[Candidate], release: Release) -> Iterator[Withheld]:
    """What the words support and the release that speaks does not hold, or holds as a header only (R41)."""
    for c in candidates:
        title = release.title(c.code) if release.exists(c.code) else f"not a code of {release.name}"
        yield Withheld(c.code, title, c.evidence, (_reason("R41"),))


def _withheld(
    chart: Chart, picture: Picture, draft: Draft, refused: list[tuple[Candidate, str]], release: Release
) -> tuple[Withheld, ...]:
    found: dict[str, Withheld] = {}
    for code, rule, evidence in refusals(chart, picture, refused):
        if code in draft.candidates or not release.exists(code):
            continue
        known = found.get(code)
        if known is None:
            found[code] = Withheld(code, release.title(code), evidence, (_reason(rule),))
        elif all(r.rule != _reason(rule).rule for r in known.reasons) and len(known.reasons) < 3:
            found[code] = Withheld(
                code,
                known.title,
                (*known.evidence, *(e for e in evidence if e not in known.evidence))[:3],
                (*known.reasons, _reason(rule)),
            )
    return tuple(found.values())


def _facts(notes: Sequence[NoteFacts]) -> Facts:
    """The facts of all notes in one; ids are made unique where there are several notes."""
    if len(notes) == 1:
        (note,) = notes
        return Facts(
            note.sections,
            note.conditions,
            note.labs,
            note.medications,
            note.links,
            note.stated_codes,
            note.authors,
            note.dates,
        )
    from suggest.engine.ids import unique_ids

    renamed = unique_ids(notes)
    return Facts(
        sections=tuple(s for n in renamed for s in n.sections),
        conditions=tuple(c for n in renamed for c in n.conditions),
        labs=tuple(lab for n in renamed for lab in n.labs),
        medications=tuple(m for n in renamed for m in n.medications),
        links=tuple(link for n in renamed for link in n.links),
        stated_codes=tuple(s for n in renamed for s in n.stated_codes),
        authors=tuple(a for n in renamed for a in n.authors),
        dates=tuple(d for n in renamed for d in n.dates),
    )
