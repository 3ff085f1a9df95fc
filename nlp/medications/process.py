"""Read the drugs of a note: name, dose group, and what is done with them. No spaCy here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nlp.facts import Amount, Medication, MedicationStatus, SectionCategory
from nlp.medications.context import is_drug, is_measured, reads_as_lab
from nlp.medications.implied import find_implied
from nlp.medications.load import Drug, Name, all_names, drug_names, key_of
from nlp.medications.signature import Signature, read_before, read_signature
from nlp.medications.status import settle, status_after, status_before
from nlp.patterns import spaced
from nlp.steps import spend
from nlp.view import normalise

if TYPE_CHECKING:
    from nlp.layout import Layout

_PLANS = (
    SectionCategory.PLAN,
    SectionCategory.ASSESSMENT_PLAN,
    SectionCategory.ORDERS,
    SectionCategory.INSTRUCTIONS,
)
_UNITS_NAME = re.compile(r"units?\b", re.IGNORECASE)
_UNITS_BEFORE = re.compile(r"(?<!\w)(\d{1,2}|one|two|three|four|five|six|a)\s$", re.IGNORECASE)
_NOT_BLOOD_BEFORE = re.compile(
    r"(?<!\w)(?:platelets?|plts?|ffp|plasma|cryo\w*|exchange|iron|parvo\w*)[\s-]$", re.IGNORECASE
)
_NOT_BLOOD_AFTER = spaced(
    r"\s(?:of (?:\d+ units? )?(?:platelets|ffp|plasma|cryo)|reactions?|threshold|medicine|"
    r"service|related|history|consent)\b",
    re.I,
)
_NEAR = 60
_Hit = tuple[int, int, Name | None]


@dataclass(frozen=True, slots=True)
class _Mention:
    """A drug found in the text, before its status is settled."""

    drug: Drug
    start: int
    end: int
    unit: int
    found: Signature
    following: int  # where the next name starts


def read_medications(text: str, layout: Layout, note_id: str | None = None) -> tuple[Medication, ...]:
    """Find the drugs that treat, explain or bear on hematinic deficiencies.

    A drug that the words deny ("not on metformin") or give to somebody else is left out. The span
    reaches from the name to the end of its dose, route and frequency. Records come in text order
    and never overlap.

    Args:
        text: the note as given.
        layout: its sections and units; nothing is read across the border of a unit.
        note_id: carried into the records.
    """
    view = normalise(text)
    found: list[Medication] = []
    taken: set[str] = set()  # classes that the note shows taken before
    floor, unit = 0, -1
    for mention in _mentions(view, layout):
        bounds = layout.units[mention.unit] if mention.unit >= 0 else None
        if mention.unit != unit:
            unit, floor = mention.unit, bounds.start if bounds else max(0, mention.start - _NEAR)
        limit = bounds.end if bounds else min(len(view), mention.end + _NEAR)
        section = _section(layout, mention.unit, mention.start)
        before = status_before(view, floor, mention.start, section, mention.found.dose is not None)
        after, after_end = status_after(
            view, mention.found, mention.end, limit, mention.following, before is None
        )
        if after:
            floor = after_end
        if section is SectionCategory.FAMILY:
            continue
        status = settle(before, after, mention.found, section, mention.drug.drug_class)
        if status is None:
            continue
        route = _route(mention)
        drug_class = _class(mention.drug, route)
        if status is MedicationStatus.ACTIVE:
            if before is None and after is None and section in _PLANS and drug_class not in taken:
                status = MedicationStatus.STARTED  # a drug that a plan names without a verb begins there
            else:
                taken.add(drug_class)
        found.append(
            Medication(  # by position: most notes that are read to the end have some
                f"m{len(found) + 1}",
                note_id,
                mention.drug.name,
                route,
                _dose(text, mention, drug_class),
                mention.found.concentration,
                mention.found.volume,
                mention.found.frequency,
                status,
                mention.start,
                mention.end,
                text[mention.start : mention.end],
                section,
                drug_class,
                mention.unit,
                bounds.item if bounds else -1,
            )
        )
    return _merge_blood(text, found)


def _mentions(view: str, layout: Layout) -> Iterator[_Mention]:
    names = drug_names()
    matches = [(m.start(), m.end(), names.get(key_of(m.group()))) for m in all_names().finditer(view)]
    implied = find_implied(view, layout, [start for start, _, _ in matches])
    hits: list[_Hit] = sorted(
        [*matches, *((start, end, name) for start, end, name in implied)], key=lambda hit: hit[:2]
    )
    spend(len(view) + 200 * len(hits))
    covered = -1
    for index, (start, end, written) in enumerate(hits):
        if written is None or start < covered:
            continue
        unit = layout.unit_at(start)
        bounds = layout.units[unit] if unit >= 0 else None
        floor = max(bounds.start if bounds else 0, covered, 0)
        limit = bounds.end if bounds else min(len(view), end + 120)
        if end > limit:
            continue
        name, name_end, after = _with_brand(view, hits, index, written)
        following = hits[after][0] if after < len(hits) else len(view)
        signature = read_signature(view, name_end, max(name_end, min(limit, following)))
        has_before = read_before(view, floor, start, signature)
        section = _section(layout, unit, start)
        if name.reading == "bare" and not is_drug(
            view, start, end, bounds.start if bounds else 0, limit, section, signature, has_before
        ):
            continue
        if name.reading == "guarded" and (
            reads_as_lab(view, end, limit) or is_measured(view, end, limit, section, signature)
        ):
            continue
        if name.drug.drug_class == "none" or _is_other(view, start, end, name.drug):
            continue
        covered = max(name_end, signature.end)
        yield _Mention(name.drug, start, covered, unit, signature, following)


def _with_brand(view: str, hits: Sequence[_Hit], index: int, name: Name) -> tuple[Name, int, int]:
    """Take "famotidine (PEPCID)" and "vitamin B12 (cyanocobalamin)" as one name.

    Returns:
        The name that says more, where the names end, and the index of the next hit.
    """
    end = hits[index][1]
    if index + 1 == len(hits):
        return name, end, index + 1
    start, brand_end, brand = hits[index + 1]
    same = brand is not None and brand.drug.drug_class == name.drug.drug_class
    if brand is None or not same or view[end:start].strip() not in ("(", "["):
        return name, end, index + 1
    if view[brand_end : brand_end + 1] in (")", "]"):
        brand_end += 1
    better = brand if name.reading == "bare" and brand.reading != "bare" else name
    return better, brand_end, index + 2


def _is_other(view: str, start: int, end: int, drug: Drug) -> bool:
    if drug.drug_class == "transfusion":
        return bool(
            _NOT_BLOOD_BEFORE.search(view[max(0, start - 16) : start]) or _NOT_BLOOD_AFTER.match(view, end)
        )
    if not drug.unless:
        return False
    near = view[max(0, start - _NEAR) : end + _NEAR].lower()
    return any(word in near for word in drug.unless)


def _section(layout: Layout, unit: int, start: int) -> SectionCategory:
    section = layout.section_of(unit) if unit >= 0 else layout.section_at(start)
    return section.category if section else SectionCategory.UNKNOWN


def _route(mention: _Mention) -> str | None:
    form = mention.found.form
    return mention.found.route or (form.value if form else None) or mention.drug.route


def _class(drug: Drug, route: str | None) -> str:
    return "iv_iron" if drug.id == "iron.unnamed" and route == "IV" else drug.drug_class


def _dose(text: str, mention: _Mention, drug_class: str) -> Amount | None:
    dose = mention.found.dose
    if drug_class == "transfusion" and dose is None and _UNITS_NAME.match(text, mention.start):
        counted = _UNITS_BEFORE.search(text, max(0, mention.start - 8), mention.start)
        dose = _units(counted.group(1)) if counted else None
    return dose


def _units(count: str) -> Amount:
    words = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "a": 1.0}
    return Amount(words.get(count.lower()) or float(count), "units")


def _merge_blood(text: str, found: list[Medication]) -> tuple[Medication, ...]:
    """Join what names one transfusion twice ("transfused 2 units of packed cells")."""
    result: list[Medication] = []
    for medication in found:
        last = result[-1] if result else None
        if (
            last is not None
            and last.drug_class == medication.drug_class == "transfusion"
            and medication.start - last.end <= 24
            and last.end - last.start <= _NEAR
            and last.unit_index == medication.unit_index
        ):
            result[-1] = replace(
                last,
                dose=last.dose or medication.dose,
                volume=last.volume or medication.volume,
                end=medication.end,
                text=text[last.start : medication.end],
            )
            continue
        result.append(medication)
    if len(result) == len(found):
        return tuple(found)
    return tuple(replace(medication, id=f"m{number}") for number, medication in enumerate(result, start=1))
