"""Read what was given: dose, route, containers and waste, from the words around a drug."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from audit.claims.amounts import as_written, count_of, dose_of, read_amounts
from audit.claims.units import convert
from audit.claims.waste import content_of, read_waste, without_waste
from nlp.facts import MedicationStatus
from nlp.layout import read_layout
from nlp.view import normalise
from suggest.result import Evidence, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nlp.facts import Medication
    from nlp.layout import Layout

INJECTED = ("IM", "SC", "IV")
SWALLOWED = ("PO", "SL", "IN", "BUCCAL")
_SPLIT = re.compile(
    r"\b(?:split|divided|drawn up|given|administered|delivered)\b[^.;\n]{0,40}?\b(?:into|in|as"
    r"|between|among|using|over|via|with)\s(?:2|two|both|separate)\b"
    r"|\b(?:split|divided)\s(?:dose|injection|equally|evenly|between)|\bin\s(?:2|two)\s(?:separate\s)?(?:syringes|injections|sites)",
    re.IGNORECASE,
)
_NEAR = 220


@dataclass(frozen=True, slots=True)
class Given:
    """A drug that was given at the visit.

    `low` and `high` are the dose of the visit in `unit` (`mcg`, `mg` or `units`), None where the words do not
    tell; they differ where a range stands. `assumed` says that a concentration alone was taken as one
    millilitre of it.
    `content` is what the opened containers held, `wasted` the amount said to be thrown away (0: said
    that nothing was).
    """

    drug: str
    drug_class: str
    route: str | None
    note_id: str | None
    start: int
    end: int
    evidence: Evidence
    low: Fraction | None = None
    high: Fraction | None = None
    unit: str = "mcg"
    written: str = field(default="", repr=False)
    assumed: bool = False
    count: int = 1
    content: Fraction | None = None
    wasted: Fraction | None = None
    has_waste: bool = False
    is_split: bool = False
    is_given: bool = True
    is_clash: bool = False  # the dose and volume times concentration differ

    def dose_in(self, unit: str) -> tuple[Fraction, Fraction] | None:
        """Return the dose (lowest, highest) in another unit; None where it is not told."""
        if self.low is None or self.high is None:
            return None
        low, high = convert(self.low, self.unit, unit), convert(self.high, self.unit, unit)
        return None if low is None or high is None else (low, high)


def read_given(medications: Iterable[Medication], texts: Mapping[str | None, str]) -> tuple[Given, ...]:
    """Return the drugs given at the visit in text order, with dose and waste.

    Where a drug is said to be given without a dose, an order of the same drug in the same note lends its
    own, if there is only one. Drugs that are merely taken or ordered come with `is_given` False.
    """
    found: list[Given] = []
    by_note: dict[str | None, list[Medication]] = {}
    for medication in medications:
        if medication.status not in (
            MedicationStatus.ALLERGIC,
            MedicationStatus.STOPPED,
            MedicationStatus.HYPOTHETICAL,
        ):
            by_note.setdefault(medication.note_id, []).append(medication)
    for note_id, named in by_note.items():
        text = texts.get(note_id)
        if text is None:
            continue
        view, layout = normalise(text), read_layout(text)
        found += [_read(m, named, text, view, layout) for m in named]
    return tuple(_lend(found))


def _read(medication: Medication, named: Sequence[Medication], text: str, view: str, layout: Layout) -> Given:
    start, end = _window(medication, named, view, layout)
    words = view[start:end]
    behind = view[medication.start : min(len(view), medication.start + 2 * _NEAR)]
    own = without_waste(words)
    amounts = read_amounts(own)
    low, high, unit, assumed, clash = dose_of(amounts)
    is_split = _SPLIT.search(own) is not None
    count = 1 if is_split else count_of(own, amounts)
    if low is not None and high is not None:
        low, high = low * count, high * count
    wasted, has_waste = read_waste(behind, amounts, unit)
    return Given(
        drug=medication.drug,
        drug_class=medication.drug_class,
        route=medication.route or _route(words),
        note_id=medication.note_id,
        start=medication.start,
        end=medication.end,
        evidence=Evidence.cut(
            medication.note_id,
            text,
            medication.start,
            medication.end,
            medication.section.value,
            Role.TREATMENT,
        ),
        low=low,
        high=high,
        unit=unit,
        written=as_written(amounts),
        assumed=assumed,
        count=count,
        content=content_of(amounts, low, wasted, unit, count),
        wasted=wasted,
        has_waste=has_waste,
        is_split=is_split,
        is_given=medication.status is MedicationStatus.GIVEN or _said_given(view, medication, end),
        is_clash=clash,
    )


_GIVEN_WORDS = re.compile(r"\b(?:given|administered|injected|received|gave|tolerated)\b", re.IGNORECASE)
_NOT_YET = re.compile(
    r"\b(?:will|to be|should|can be|may be|not|held|declin\w+|refus\w+|if|plan|next|last|previously"
    r"|has been|monthly|weekly|every|q\d|at home)\b",
    re.IGNORECASE,
)


def _said_given(view: str, medication: Medication, end: int) -> bool:
    """Whether the words right behind say that it was given ("... 1 mL. Given IM in left deltoid")."""
    if medication.status not in (MedicationStatus.ACTIVE, MedicationStatus.STARTED):
        return False
    near = view[max(0, medication.start - 40) : min(end, medication.end + 70)]
    return bool(_GIVEN_WORDS.search(near)) and not _NOT_YET.search(near) and medication.frequency is None


def _window(
    medication: Medication, named: Sequence[Medication], view: str, layout: Layout
) -> tuple[int, int]:
    """Return the stretch that speaks of this drug: its unit and on to the next drug or blank line."""
    unit = layout.unit_at(medication.start)
    floor = layout.units[unit].start if unit >= 0 else max(0, medication.start - 60)
    before = [m.end for m in named if m.end <= medication.start]
    start = max(floor, medication.start - 60, *before) if before else max(floor, medication.start - 60)
    after = [
        m.start
        for m in named
        if m.start >= medication.end and m.drug != medication.drug and not _same(m, medication)
    ]
    stop = min([len(view), medication.end + _NEAR, *after])
    blank = re.search(r"\n\s*\n", view[medication.end : stop])
    if blank:
        stop = medication.end + blank.start()
    section = layout.section_of(unit) if unit >= 0 else None
    return start, max(medication.end, min(stop, section.end) if section is not None else stop)


def _same(one: Medication, other: Medication) -> bool:
    return one.drug_class == other.drug_class == "b12" and "vitamin B12" in (one.drug, other.drug)


def _route(words: str) -> str | None:
    found = re.search(
        r"\b(?:(?P<IM>i\.?m\.?|intramuscular(?:ly)?)|(?P<SC>s\.?c\.?|s\.?q\.?|sub-?q|subcut\w*)|(?P<IV>i\.?v\.?|intravenous(?:ly)?))(?!\w)",
        words,
        re.IGNORECASE,
    )
    if found is None:
        return (
            "IM"
            if re.search(
                r"\b(?:deltoid|ventroglut\w*|dorsoglut\w*|vastus|gluteal|gluteus)\b", words, re.IGNORECASE
            )
            else None
        )
    return found.lastgroup


def _lend(found: list[Given]) -> Iterator[Given]:
    """Give a dose or a name to what was given without one, where a single order of the same note tells it."""
    for given in found:
        if given.low is not None and given.drug != "vitamin B12":
            yield given
            continue
        others = [
            o
            for o in found
            if o is not given
            and o.drug_class == given.drug_class
            and o.note_id == given.note_id
            and (o.drug == given.drug or "vitamin B12" in (o.drug, given.drug))
            and (o.route is None or o.route in INJECTED)
        ]
        changed = given
        doses = {(o.low, o.high, o.unit) for o in others if o.low is not None}
        if given.low is None and len(doses) == 1:
            lender = next(o for o in others if o.low is not None)
            changed = replace(
                changed, low=lender.low, high=lender.high, unit=lender.unit, written=lender.written,
                assumed=lender.assumed, count=lender.count, content=changed.content or lender.content,
                is_split=changed.is_split or lender.is_split,
            )  # fmt: skip
        names = {o.drug for o in others if o.drug != "vitamin B12"}
        if given.drug == "vitamin B12" and len(names) == 1 and given.is_given:
            changed = replace(changed, drug=next(iter(names)))
        if changed.route is None:
            routes = {o.route for o in others if o.route in INJECTED}
            if len(routes) == 1:
                changed = replace(changed, route=next(iter(routes)))
        yield changed
