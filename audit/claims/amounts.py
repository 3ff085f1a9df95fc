"""Read amounts as they stand in words, and what they come to: the dose, and how often it was given.

Waste must have been cut out of the words before (audit/claims/waste.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from audit.claims.units import convert, unit_name

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,4})?|\d{1,7}(?:\.\d{1,4})?|\.\d{1,4})"
MASS = r"(?:mcgs?|[uµμ]g|micrograms?|mgs?|milligrams?|gms?|g|grams?|units?|i\.?u\.?)"
_AMOUNT = re.compile(
    rf"(?P<low>{NUMBER})(?:\s?(?:{MASS})?\s?(?:-|to)\s?(?P<high>{NUMBER}))?[\s-]?(?P<unit>{MASS})(?!\w)"
    rf"(?:\s?(?:/|per|in(?=\s?\d*\s?(?:ml|cc)))\s?(?P<per>{NUMBER})?\s?(?P<ml>mls?|cc)(?!\w))?",
    re.IGNORECASE,
)
_VOLUME = re.compile(
    rf"(?<![/\d.,])(?P<value>{NUMBER})(?:\s?(?:-|to)\s?(?P<high>{NUMBER}))?\s?-?(?:mls?|ccs?)(?!\w)",
    re.IGNORECASE,
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


_VIAL = re.compile(
    r"\s?(?:single[- ]?(?:dose|use)\s|multi[- ]?(?:ple[- ]?)?dose\s|sterile\s)?(?:vial|ampu?le"
    r"|container|bottle|syringe|sdv|mdv)",
    re.IGNORECASE,
)


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


def dose_of(amounts: Amounts) -> tuple[Fraction | None, Fraction | None, str, bool, bool]:
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


def count_of(words: str, amounts: Amounts) -> int:
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


def as_written(amounts: Amounts) -> str:
    """Return the first amount as it stands: the dose, else a volume of a concentration."""
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
