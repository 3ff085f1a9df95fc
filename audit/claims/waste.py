"""Read what was thrown away of a drug, and tell what the opened containers held."""

from __future__ import annotations

import re
from fractions import Fraction

from audit.claims.amounts import MASS, NUMBER, Amounts, number
from audit.claims.units import convert, unit_name

_WASTE_WORD = r"(?:wast(?:ed|age|e)|discard(?:ed|s|ing)?|thrown away|unused)"
_NO_WASTE = re.compile(
    rf"\b(?:no|none|zero|0 ?(?:ml|mcg|mg)?|without|nothing)\s(?:\w+\s){{0,3}}?{_WASTE_WORD}\b"
    rf"|\b{_WASTE_WORD}\s?[:=-]?\s?(?:none|0 ?(?:ml|mcg|mg)?\b|zero|nil|no\b)|\bentire (?:vial"
    rf"|contents?|dose)\b|\bfull vial\b|\bwhole vial\b",
    re.IGNORECASE,
)
_WASTE = re.compile(
    rf"(?P<a>{NUMBER})\s?(?P<au>{MASS}|mls?|cc)\s(?:\w+\s){{0,4}}?{_WASTE_WORD}\b|\b{_WASTE_WORD}\b\s?[:=]?\s?(?:of\s|was\s|is\s|remaining\s|the\s|amount\s){{0,3}}(?P<b>{NUMBER})\s?(?P<bu>{MASS}|mls?|cc)(?!\w)"
    rf"|\b(?:remainder|remaining|rest|balance)\b[^.;\n]{{0,30}}\b{_WASTE_WORD}\b",
    re.IGNORECASE,
)


def without_waste(words: str) -> str:
    """Return the words with blanks, one for one, where they speak of waste or of none."""
    for pattern in (_WASTE, _NO_WASTE):
        words = pattern.sub(lambda match: " " * len(match.group()), words)
    return words


def read_waste(words: str, amounts: Amounts, unit: str) -> tuple[Fraction | None, bool]:
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


def content_of(
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
