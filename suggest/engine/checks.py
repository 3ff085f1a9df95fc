"""The documentation checklist and the warnings of an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import attrgetter

from nlp.facts import AuthorRole, MedicationStatus, NoteFacts, SectionCategory
from nlp.patterns import spaced
from suggest.engine.candidates import Candidate
from suggest.engine.chart import ANALYTES, Chart
from suggest.engine.combine import Picture
from suggest.engine.current import in_assessment
from suggest.engine.patients import second_patient
from suggest.engine.signature import is_signed
from suggest.engine.standing import TREATMENTS
from suggest.engine.statement import Standing
from suggest.result import ChecklistItem, Evidence, Kind, Necessity
from suggest.result import Warning as Caution

INJECTION_SITE = spaced(
    r"deltoid|glute(?:us|al)?|\bglut\b|thigh|abdomen|\bvastus|"
    r"ventroglut|dorsoglut|\barm\b|\bhip\b|\bL ?(?:delt|arm|glut)|\bR ?(?:delt|arm|glut)",
    re.IGNORECASE,
)
_PLACE = attrgetter("place")
_LOT = re.compile(r"\blot\b\s*(?:#|no\.?|number|:)?\s*[A-Z0-9-]{3,}", re.IGNORECASE)
_ORDER = spaced(r"\border(?:ed|s|ing)?\b|standing order|per (?:dr|protocol|md|np|provider)", re.IGNORECASE)


def checklist(
    chart: Chart,
    picture: Picture,
    suggestions: Sequence[Candidate],
    lapsed: Mapping[int, str | None],
    drift: tuple[Evidence, ...],
) -> tuple[ChecklistItem, ...]:
    """Return the items that apply; empty where nothing of ours is in the note.

    `lapsed` are the places of orders that are no longer in force, with their dates where known (S43),
    `drift` is what `drifting` returns.
    """
    if not chart.statements and not chart.labs() and not any(n.medications for n in chart.notes):
        return ()
    ours = [c for c in suggestions if c.kind in (Kind.CONDITION, Kind.CAUSE, Kind.MANIFESTATION)]
    items = [_assessment_present(chart, picture, ours)]
    if ours:
        items.append(_support(chart, picture))
        items.append(_specificity(chart, picture, ours))
    items.append(_no_drift(drift))
    injections = chart.drugs(("b12", "iv_iron"), MedicationStatus.GIVEN)
    if injections:
        evidence = tuple(chart.drug_evidence(i, d) for i, d in injections[:1])
        items.append(_separate(ours, evidence))
    items += [_eligible(chart), _signed(chart)]
    if injections:
        items += [_order_present(chart, evidence, lapsed), _recorded(chart, injections, evidence)]
    return tuple(items)


def _item(
    name: str, ok: bool, yes: str, no: str, advice: str, evidence: tuple[Evidence, ...] = ()
) -> ChecklistItem:
    if not evidence:
        return _bare_item(name, ok, yes, no, advice)
    return ChecklistItem(name, ok, yes if ok else no, None if ok else advice, evidence)


@lru_cache(maxsize=64)  # more than there are items
def _bare_item(name: str, ok: bool, yes: str, no: str, advice: str) -> ChecklistItem:
    return ChecklistItem(name, ok, yes if ok else no, None if ok else advice)


def _assessment_present(chart: Chart, picture: Picture, ours: Sequence[Candidate]) -> ChecklistItem:
    found = [
        s
        for n in (picture.nodes.values() if ours else ())
        for s in n.statements
        if s.standing is Standing.ASSESSED and in_assessment(chart, s)
    ]
    if len(found) > 1:
        found.sort(key=_PLACE)
    evidence = tuple([chart.evidence(s) for s in found[:2]])
    return _item(
        "assessment_present",
        bool(found),
        "The assessment states a condition of this scope.",
        "The assessment states no condition of this scope.",
        "The provider's own assessment of the condition that was managed is missing.",
        evidence,
    )


def _support(chart: Chart, picture: Picture) -> ChecklistItem:
    nutrients = {c.nutrient for name in picture.nodes if (c := chart.coding(name)) is not None and c.nutrient}
    evidence: list[Evidence] = []
    for nutrient in sorted(nutrients):
        evidence += [chart.lab_evidence(i, lab) for i, lab in chart.labs(*ANALYTES[nutrient])][:1]
        evidence += [chart.drug_evidence(i, d) for i, d in chart.drugs(TREATMENTS[nutrient])][:1]
    if not nutrients:
        evidence += [chart.lab_evidence(i, lab) for i, lab in chart.labs("hemoglobin", "hematocrit")][:1]
    plan = any(
        len(chart.item_text(s)) > len(s.condition.text) + 20
        for n in picture.nodes.values()
        for s in n.statements
        if s.standing is Standing.ASSESSED
    )
    return _item(
        "support_present",
        bool(evidence) or plan,
        "The note bears the condition out by a result, treatment, plan or reasoning.",
        "Nothing in the note bears the condition out.",
        "A dated result, symptom, treatment, plan or reasoning for the condition is missing.",
        tuple(evidence[:3]),
    )


def _specificity(chart: Chart, picture: Picture, ours: Sequence[Candidate]) -> ChecklistItem:
    loose = [c for c in ours if c.code in ("D64.9", "D53.9", "E53.9") and c.necessity is Necessity.REQUIRED]
    unlinked = bool(loose) and picture.has(chart.tables.group("deficiency"))
    return _item(
        "specificity_matched",
        not (unlinked or picture.hedged),
        "The codes say as much as the words do.",
        "The note comes close to a more specific statement without making it.",
        "Whether the documented conditions are related, and how, is not stated.",
        tuple(e for c in loose[:1] for e in c.evidence[:1]),
    )


_GONE = (Standing.RESOLVED, Standing.NEGATED)


def drifting(chart: Chart) -> tuple[Evidence, ...]:
    """Return where a condition is assessed, and where it is called gone or absent; empty if none is both."""
    if Standing.ASSESSED not in chart.standings or chart.standings.isdisjoint(_GONE):
        return ()
    for concept, statements in sorted(chart.by_concept.items()):
        coding = chart.coding(concept)
        if coding is None or coding.kind is not Kind.CONDITION:
            continue
        present = [s for s in statements if s.standing is Standing.ASSESSED]
        other = [
            s for s in statements if s.standing in _GONE and s.condition.section is not SectionCategory.COPIED
        ]
        if present and other:
            return chart.evidence(present[0]), chart.evidence(other[0])
    return ()


def _no_drift(drift: tuple[Evidence, ...]) -> ChecklistItem:
    return _item(
        "no_drift",
        not drift,
        "Assessment, history, problem list and plan say the same.",
        "Parts of the note speak of the condition in different ways.",
        "The parts of the note do not agree about the condition for this date.",
        drift,
    )


def _separate(ours: Sequence[Candidate], evidence: tuple[Evidence, ...]) -> ChecklistItem:
    return _item(
        "procedure_separate",
        bool(ours),
        "The injection stands beside a stated diagnosis.",
        "The injection is recorded and no diagnosis is stated for it.",
        "The indication of the injection in the provider's words is missing.",
        evidence,
    )


def _eligible(chart: Chart) -> ChecklistItem:
    roles = {a.role for n in chart.notes for a in n.authors}
    ok = (
        bool(roles & {AuthorRole.PROVIDER, AuthorRole.RESIDENT}) or not roles or roles == {AuthorRole.UNKNOWN}
    )
    return _item(
        "author_eligible",
        ok,
        "The author may state a diagnosis, as far as the note shows.",
        "The note is written by somebody whose statements make no diagnosis.",
        "A statement of the treating provider is missing.",
    )


def _signed(chart: Chart) -> ChecklistItem:
    own = [n for place, n in enumerate(chart.notes) if place not in chart.context_notes]
    states = [is_signed(n, None) for n in own if n.authors or n.conditions]
    ok = True in states and False not in states
    unknown = False not in states
    return _item(
        "signed",
        ok,
        "The note is signed.",
        "The note does not show a signature." if unknown else "The note is not signed.",
        "A dated signature with credentials is missing.",
    )


def _order_present(
    chart: Chart, evidence: tuple[Evidence, ...], lapsed: Mapping[int, str | None]
) -> ChecklistItem:
    # what the record of the injection says of an order is said of the one that has lapsed
    notes = [
        n
        for place, n in enumerate(chart.notes)
        if place not in chart.lapsed and (place in chart.context_notes or not lapsed)
    ]
    own = [n for place, n in enumerate(chart.notes) if place not in chart.lapsed]
    provider = any(a.role in (AuthorRole.PROVIDER, AuthorRole.RESIDENT) for n in own for a in n.authors)
    ok = provider or any(
        _ORDER.search(n.text) or any(s.category is SectionCategory.ORDERS for s in n.sections) for n in notes
    )
    if lapsed and not ok:
        made = max((day for day in lapsed.values() if day), default=None)
        return ChecklistItem(
            "order_present",
            False,
            "The order for the injection is no longer in force.",
            f"A new order is missing; the last one {f'is of {made}' if made else 'bears no date'}.",
            evidence,
        )
    return _item(
        "order_present",
        ok,
        "An order for the injection, or the ordering provider's own note, is there.",
        "No order for the injection is in the note.",
        "The order that the injection was given on is missing.",
        evidence,
    )


def _recorded(
    chart: Chart, injections: Sequence[tuple[int, object]], evidence: tuple[Evidence, ...]
) -> ChecklistItem:
    index = injections[0][0]
    drug = next(d for d in chart.notes[index].medications if d.status is MedicationStatus.GIVEN)
    text = chart.notes[index].text
    missing = [
        name
        for name, there in (
            ("dose", drug.dose is not None or drug.volume is not None),
            ("route", drug.route is not None),
            ("site", INJECTION_SITE.search(text) is not None),
            ("lot", _LOT.search(text) is not None),
        )
        if not there
    ]
    return _item(
        "injection_recorded",
        not missing,
        "Drug, dose, route, site and lot are recorded.",
        "The record of the injection is incomplete.",
        f"Missing in the record of the injection: {', '.join(missing)}.",
        evidence,
    )


def warnings(
    chart: Chart,
    picture: Picture,
    suggestions: Sequence[Candidate],
    covers: bool,
    release: str,
    *,
    drifts: bool,
    doubted: bool,
) -> tuple[Caution, ...]:
    """Return what the reader must know about the answer, in a fixed order.

    `drifts` tells whether `drifting` found something, `doubted` whether `validation.doubts` did.
    """
    found: list[Caution] = []
    if chart.encounter_date is None and suggestions:
        found.append(Caution("no_date", f"No date of service is known; {release} spoke."))
    found += _outside_window(chart.encounter_date, covers, release)
    visits = sorted({d.date for n in chart.notes for d in n.dates if d.kind == "visit" and len(d.date) == 10})
    if chart.encounter_date and visits and chart.encounter_date not in visits and len(visits) == 1:
        found.append(Caution("date_conflict", "The date of service given and the date in the note differ."))
    if _not_addressed(chart, picture):
        found.append(
            Caution(
                "not_addressed",
                "A condition of this scope stands on a list only and is not addressed today (R18).",
            )
        )
    if doubted:
        found.append(
            Caution(
                "clinical_validation",
                "A stated diagnosis and the results do not agree; the code stays, "
                "a clinical review is advised (R24).",
            )
        )
    if drifts:
        found.append(Caution("drift", "Parts of the note speak of the condition in different ways (R20)."))
    found += _two_patients(chart.notes)
    if suggestions and not any(a.role is not AuthorRole.UNKNOWN for n in chart.notes for a in n.authors):
        found.append(
            Caution(
                "author_unknown", "The note does not show who wrote it; it was read as a provider's (S41)."
            )
        )
    return tuple(found)


def warnings_of_nothing(
    notes: Sequence[NoteFacts], encounter_date: str | None, covers: bool, release: str
) -> tuple[Caution, ...]:
    """Return the warnings of an encounter whose notes hold nothing of ours: those that need no facts."""
    return (*_outside_window(encounter_date, covers, release), *_two_patients(notes))


def _outside_window(encounter_date: str | None, covers: bool, release: str) -> tuple[Caution, ...]:
    if encounter_date is None or covers:
        return ()
    text = f"No installed release covers the date of service; {release}, the nearest, spoke."
    return (Caution("release_window", text),)


def _two_patients(notes: Sequence[NoteFacts]) -> tuple[Caution, ...]:
    if second_patient([n.text for n in notes]) is None:
        return ()
    text = "The text seems to hold notes of two patients; check before you use the answer."
    return (Caution("two_patients", text),)


_LISTED = frozenset({Standing.LISTED, Standing.COPIED})  # on a list, or carried forward (R18)


def _not_addressed(chart: Chart, picture: Picture) -> bool:
    if chart.standings.isdisjoint(_LISTED):
        return False
    for concept, statements in chart.by_concept.items():
        coding = chart.coding(concept)
        if coding is None or coding.kind is not Kind.CONDITION or coding.code is None:
            continue
        if (
            concept not in picture.nodes
            and concept not in picture.absorbed
            and any(s.standing in _LISTED for s in statements)
        ):
            return True
    return False
