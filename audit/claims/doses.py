"""Read what was given: dose, route, containers and waste, from the words around a drug."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from audit.claims.units import convert, unit_name
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
_N = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,4})?|\d{1,7}(?:\.\d{1,4})?|\.\d{1,4})"
_MASS = r"(?:mcgs?|[uµμ]g|micrograms?|mgs?|milligrams?|gms?|g|grams?|units?|i\.?u\.?)"
_AMOUNT = re.compile(
    rf"(?P<low>{_N})(?:\s?(?:{_MASS})?\s?(?:-|to)\s?(?P<high>{_N}))?[\s-]?(?P<unit>{_MASS})(?!\w)"
    rf"(?:\s?(?:/|per|in(?=\s?\d*\s?(?:ml|cc)))\s?(?P<per>{_N})?\s?(?P<ml>mls?|cc)(?!\w))?",
    re.IGNORECASE,
)
_VOLUME = re.compile(
    rf"(?<![/\d.,])(?P<value>{_N})(?:\s?(?:-|to)\s?(?P<high>{_N}))?\s?-?(?:mls?|ccs?)(?!\w)", re.IGNORECASE
)
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "both": 2, "each": 2, "a": 1}
_COUNT = re.compile(
    r"(?<![\w.,])(?P<count>[1-6]|one|two|three|four)\s(?:separate\s|full\s|whole\s|single[- ]dose\s"
    r"|\d ?ml\s)?"
    r"(?:vials?|ampu?les?|amps?|syringes|injections|shots|doses)(?!\w)(?!\s(?:per|a|every|left|remaining|weekly|monthly))"
    r"|(?<!\w)[x×]\s?(?P<times>[2-4])(?![\w.])(?!\s?(?:weeks?|wks?|days?|d\b|months?|mos?|doses?|years?|/|then|monthly))",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"(?<!\w)(?:(?:in|into|to)\s)?(?:each|both)\s(?:deltoids?|arms?|sides?|glute\w*|buttocks?|thighs?|hips?|shoulders?|syringe)"
    r"|\bbilateral(?:ly)? (?:deltoids?|glute\w*|arms?|thighs?)",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\b(?:split|divided|drawn up|given|administered|delivered)\b[^.;\n]{0,40}?\b(?:into|in|as"
    r"|between|among|using|over|via|with)\s(?:2|two|both|separate)\b"
    r"|\b(?:split|divided)\s(?:dose|injection|equally|evenly|between)|\bin\s(?:2|two)\s(?:separate\s)?(?:syringes|injections|sites)",
    re.IGNORECASE,
)
_WASTE_WORD = r"(?:wast(?:ed|age|e)|discard(?:ed|s|ing)?|thrown away|unused)"
_NO_WASTE = re.compile(
    rf"\b(?:no|none|zero|0 ?(?:ml|mcg|mg)?|without|nothing)\s(?:\w+\s){{0,3}}?{_WASTE_WORD}\b"
    rf"|\b{_WASTE_WORD}\s?[:=-]?\s?(?:none|0 ?(?:ml|mcg|mg)?\b|zero|nil|no\b)|\bentire (?:vial"
    rf"|contents?|dose)\b|\bfull vial\b|\bwhole vial\b",
    re.IGNORECASE,
)
_WASTE = re.compile(
    rf"(?P<a>{_N})\s?(?P<au>{_MASS}|mls?|cc)\s(?:\w+\s){{0,4}}?{_WASTE_WORD}\b|\b{_WASTE_WORD}\b\s?[:=]?\s?(?:of\s|was\s|is\s|remaining\s|the\s|amount\s){{0,3}}(?P<b>{_N})\s?(?P<bu>{_MASS}|mls?|cc)(?!\w)"
    rf"|\b(?:remainder|remaining|rest|balance)\b[^.;\n]{{0,30}}\b{_WASTE_WORD}\b",
    re.IGNORECASE,
)
_VIAL = re.compile(
    r"\s?(?:single[- ]?(?:dose|use)\s|multi[- ]?(?:ple[- ]?)?dose\s|sterile\s)?(?:vial|ampu?le"
    r"|container|bottle|syringe|sdv|mdv)",
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


@dataclass(frozen=True, slots=True)
class Amounts:
    """The amounts of a dose group as they stand: doses, a concentration per millilitre, volumes."""

    doses: tuple[tuple[Fraction, Fraction, str], ...]
    concentration: tuple[Fraction, str] | None
    volumes: tuple[tuple[Fraction, Fraction], ...]
    vials: tuple[Fraction, ...]
    vial_mass: tuple[Fraction, str] | None = None


def read_amounts(words: str) -> Amounts:
    """Read the amounts in a stretch of words; waste must have been cut out before."""
    doses: list[tuple[Fraction, Fraction, str]] = []
    concentration: tuple[Fraction, str] | None = None
    volumes: list[tuple[Fraction, Fraction]] = []
    vials: list[Fraction] = []
    vial_mass: tuple[Fraction, str] | None = None
    taken: list[tuple[int, int]] = []
    for match in _AMOUNT.finditer(words):
        unit = unit_name(match["unit"])
        if unit is None or re.match(r"\s?/\s?(?:dl|l)\b", words[match.end() :], re.IGNORECASE):
            continue
        taken.append(match.span())
        low = number(match["low"])
        if match["ml"]:
            per = number(match["per"]) if match["per"] else Fraction(1)
            if per and concentration is None:
                concentration = (low / per, unit)
            if match["per"] and _VIAL.match(words, match.end()):
                vials.append(per)
            continue
        if _VIAL.match(words, match.end()):
            vial_mass = vial_mass or (low, unit)
            continue
        doses.append((low, number(match["high"]) if match["high"] else low, unit))
    for match in _VOLUME.finditer(words):
        if any(a <= match.start() < b for a, b in taken):
            continue
        low = number(match["value"])
        high = number(match["high"]) if match["high"] else low
        if _VIAL.match(words, match.end()):
            vials.append(low)
        else:
            volumes.append((low, high))
    return Amounts(tuple(doses), concentration, tuple(volumes), tuple(vials), vial_mass)


def number(text: str) -> Fraction:
    """Return a number as printed, `1,000` and `.5` among them."""
    return Fraction(text.replace(",", "").lstrip() if not text.startswith(".") else f"0{text}")


def read_given(medications: Iterable[Medication], texts: Mapping[str | None, str]) -> tuple[Given, ...]:
    """Return the drugs given at the visit in text order, with dose and waste.

    Where a drug is said to be given without a dose, an order of the same drug in the same note lends its
    own, if
    there is only one. Drugs that are merely taken or ordered come with `is_given` False.
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
    own = _without(words, _WASTE, _NO_WASTE)
    amounts = read_amounts(own)
    low, high, unit, assumed, clash = _dose(amounts)
    is_split = _SPLIT.search(own) is not None
    count = 1 if is_split else _count(own, amounts)
    if low is not None and high is not None:
        low, high = low * count, high * count
    wasted, has_waste = _waste(behind, amounts, unit)
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
        written=_written(amounts),
        assumed=assumed,
        count=count,
        content=_content(amounts, low, wasted, unit, count),
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


def _without(words: str, *patterns: re.Pattern[str]) -> str:
    for pattern in patterns:
        words = pattern.sub(lambda match: " " * len(match.group()), words)
    return words


def _dose(amounts: Amounts) -> tuple[Fraction | None, Fraction | None, str, bool, bool]:
    """Return lowest and highest dose, unit, whether one millilitre was assumed, and whether amounts clash."""
    product: tuple[Fraction, Fraction, str] | None = None
    if amounts.concentration is not None:
        per_ml, unit = amounts.concentration
        volume = amounts.volumes[0] if amounts.volumes else None
        if volume is not None:
            product = (per_ml * volume[0], per_ml * volume[1], unit)
    if amounts.doses:
        low, high, unit = amounts.doses[0]
        clash = False
        if product is not None:
            same = convert(product[0], product[2], unit)
            ratio = same / low if same and low else None
            clash = ratio is not None and low == high and (ratio >= 100 or ratio <= Fraction(1, 100))
        return low, high, unit, False, clash
    if product is not None:
        return (*product, False, False)
    if amounts.concentration is not None:
        per_ml, unit = amounts.concentration
        volume_of_vial = amounts.vials[0] if amounts.vials else Fraction(1)
        return per_ml * volume_of_vial, per_ml * volume_of_vial, unit, True, False
    if amounts.vial_mass is not None:
        return amounts.vial_mass[0], amounts.vial_mass[0], amounts.vial_mass[1], True, False
    return None, None, "mcg", False, False


def _count(words: str, amounts: Amounts) -> int:
    """Return how often the stated amount was given: "x 2", "two vials of", "in each deltoid"."""
    if len(amounts.doses) > 1 and amounts.doses[0][0] > amounts.doses[1][0] == amounts.doses[1][1]:
        return 1  # "2000 mcg, given as 1000 mcg in each deltoid": the whole stands first
    if _EACH.search(words):
        return 2
    match = _COUNT.search(words)
    if match is None:
        return 1
    if match["times"]:
        return int(match["times"])
    count = match["count"].lower()
    times = _WORDS.get(count) or int(count)
    total = re.search(r"\btotal(?:ing| dose| of)?\b|=\s?\d", words, re.IGNORECASE)
    if times == 1 or total:
        return 1
    # "2000 mcg IM (2 vials of 1000 mcg/mL)": the dose is stated as a whole, the vials only make it up
    if (
        amounts.doses
        and amounts.concentration is not None
        and convert(*amounts.concentration, amounts.doses[0][2]) != amounts.doses[0][0]
    ):
        return 1
    if amounts.doses and amounts.vial_mass is not None:
        return 1
    if amounts.volumes and not amounts.doses and amounts.volumes[0][0] == times:
        return 1  # "2 mL (2 vials)"
    return times


def _waste(words: str, amounts: Amounts, unit: str) -> tuple[Fraction | None, bool]:
    """Return the wasted amount in the dose's unit where it is told, and whether waste is spoken of at all."""
    match = _WASTE.search(words)
    nothing = _NO_WASTE.search(words)
    if nothing is not None and (match is None or nothing.start() <= match.start()):
        return Fraction(0), False
    if match is None:
        return None, False
    text, written = (match["a"], match["au"]) if match["a"] else (match["b"], match["bu"])
    if text is None:
        return None, True
    value = number(text)
    if value == 0:
        return Fraction(0), False
    known = unit_name(written)
    if known is not None:
        return convert(value, known, unit), True
    if amounts.concentration is not None:
        return convert(value * amounts.concentration[0], amounts.concentration[1], unit), True
    return None, True


def _content(
    amounts: Amounts, dose: Fraction | None, wasted: Fraction | None, unit: str, count: int
) -> Fraction | None:
    """Return what the opened containers held: dose and waste together, else the printed vials."""
    if dose is not None and wasted is not None:
        return dose + wasted
    if amounts.vial_mass is not None:
        held = convert(amounts.vial_mass[0], amounts.vial_mass[1], unit)
        return held * count if held is not None else None
    if amounts.concentration is not None and amounts.vials:
        held = convert(amounts.concentration[0] * amounts.vials[0], amounts.concentration[1], unit)
        return held * count if held is not None else None
    return None


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


def _written(amounts: Amounts) -> str:
    parts = [_shown(*dose) for dose in amounts.doses[:1]]
    if not parts:
        parts += [_shown(low, high, "mL") for low, high in amounts.volumes[:1]]
        if amounts.concentration is not None:
            parts.append(f"{show(amounts.concentration[0])} {amounts.concentration[1]}/mL")
    return " of ".join(parts)


def _shown(low: Fraction, high: Fraction, unit: str) -> str:
    return f"{show(low)} {unit}" if low == high else f"{show(low)}-{show(high)} {unit}"


def show(value: Fraction) -> str:
    """Return a number as a person writes it."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.4f}".rstrip("0").rstrip(".")


def _lend(found: list[Given]) -> Iterator[Given]:
    """Give a dose or a name to what was given without one, where a single order of the same note tells it."""
    from dataclasses import replace

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
