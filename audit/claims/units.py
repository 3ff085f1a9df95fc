"""The arithmetic of units: amounts in one unit of mass, doses into billing units, what is left of a vial.

Exact fractions throughout, so that 0.1 mL of 1000 mcg/mL is 100 mcg and not a hair more.
"""

from __future__ import annotations

import math
from fractions import Fraction

MASS_IN_MCG = {"mcg": Fraction(1), "mg": Fraction(1000), "g": Fraction(1_000_000)}
_SPELLINGS = {
    "mcg": "mcg", "mcgs": "mcg", "ug": "mcg", "µg": "mcg", "μg": "mcg", "microgram": "mcg", "micrograms":
    "mcg",
    "mg": "mg", "mgs": "mg", "milligram": "mg", "milligrams": "mg",
    "g": "g", "gm": "g", "gms": "g", "gram": "g", "grams": "g",
    "unit": "units", "units": "units", "iu": "units", "i.u.": "units", "u": "units",
}  # fmt: skip


def unit_name(written: str) -> str | None:
    """Return `mcg`, `mg`, `g` or `units` for a unit as written; None for another."""
    return _SPELLINGS.get(written.strip().lower())


def convert(amount: Fraction, unit: str, to: str) -> Fraction | None:
    """Return an amount in another unit; None where one counts mass and the other does not."""
    if unit == to:
        return amount
    if unit in MASS_IN_MCG and to in MASS_IN_MCG:
        return amount * MASS_IN_MCG[unit] / MASS_IN_MCG[to]
    return None


def billing_units(dose: Fraction, size: Fraction, rounding: str = "up") -> int:
    """Return how many units of `size` a dose makes, at least one.

    `up`: each unit begun is billed ("up to 1000 mcg"); `nearest`: halves and more are billed.
    """
    count = math.ceil(dose / size) if rounding == "up" else math.floor(dose / size + Fraction(1, 2))
    return max(1, count)


def discarded_units(content: Fraction, dose: Fraction, size: Fraction, rounding: str = "up") -> int:
    """Return the units that may be billed as discarded: those of the containers beyond those of the dose.

    A rest that no billable unit remains of is no waste: 900 mcg of a 1000 mcg vial, with a unit of up to
    1000 mcg,
    is part of the one unit already billed.
    """
    if content <= dose:
        return 0
    return max(0, billing_units(content, size, rounding) - billing_units(dose, size, rounding))
