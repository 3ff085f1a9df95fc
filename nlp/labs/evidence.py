"""Tell a result from a dose, a year, a count or a number of something else."""

from __future__ import annotations

import re

from nlp.facts import SectionCategory
from nlp.labs import tokens as t
from nlp.labs.around import Around
from nlp.labs.judge import is_plausible
from nlp.labs.reading import Reading, is_year

_PROCEDURE_CODE = re.compile(r"8\d{4}")  # "B12 82607": the code of the test
_LABS = re.compile(r"(?i)\b(?:labs?|results?|bloodwork)\b")
_BETWEEN = re.compile(r"[ \t]{0,4}[,;|/]?[ \t]{1,4}")  # values in one row
_WITH = re.compile(r"(?i)\s?with\s(?:an?\s)?")
_IN_BLOOD = frozenset({"wbc", "rbc", "hemoglobin", "creatinine", "platelets"})


def is_result(around: Around, reading: Reading, bare: str, index: int, *, is_guess: bool) -> bool:
    """Return whether a number is a result, not a dose, a year, a count or a number of something else.

    Args:
        reading: the candidate.
        bare: its number as written.
        index: the hit that names it.
        is_guess: the name does not stand right before the number, so the number itself must convince.
    """
    analyte, support = reading.analyte, reading.has_support
    if analyte.is_qualitative and not support:
        return False
    if is_year(bare) and not support and reading.comparator is None and (is_guess or not reading.is_evident):
        return False
    if _PROCEDURE_CODE.fullmatch(bare) and not support:
        return False
    plausible = is_plausible(analyte, reading.value, reading.unit)
    if (is_guess and plausible is not True) or (plausible is False and not support and _is_absurd(reading)):
        return False
    left = around.left(reading.start)
    if analyte.analyte in _IN_BLOOD and t.LEFT_ELSEWHERE.stands_in(left):
        return False
    if support or not (analyte.drug or analyte.analyte in ("hematocrit", "creatinine")):
        return True
    if (
        not _continues_row(around, reading)
        and not _LABS.search(left)
        and around.category(reading.start)
        in (
            SectionCategory.MEDICATIONS,
            SectionCategory.ALLERGIES,
        )
    ):
        return False
    if not analyte.drug or reading.is_evident:
        return True
    if t.LEFT_DRUG.search(left) and not _goes_with_result(around, reading, left):
        return False
    return reading.value not in analyte.doses or _is_listed(around, reading, left, index)


def _continues_row(around: Around, reading: Reading) -> bool:
    """Return whether a number stands in one row with the value before it, whatever the header above says."""
    between = around.view[around.floor : min(reading.start, around.floor + 6)]
    return around.floor > 0 and _BETWEEN.fullmatch(between) is not None


def _goes_with_result(around: Around, reading: Reading, left: str) -> bool:
    """Return whether "with" joins a number to the value before it: "MMA 611 with B12 261"."""
    return (
        around.floor > 0
        and reading.start - around.floor <= 12
        and _WITH.fullmatch(left) is not None
        and reading.value not in reading.analyte.doses
    )


def _is_listed(around: Around, reading: Reading, left: str, index: int) -> bool:
    """Return whether a bare number stands among other results, where it is no dose."""
    before = around.view[around.floor : min(reading.start, around.floor + 61)]
    if around.floor > 0 and len(before) <= 60 and ":" not in before and "\n\n" not in before:
        return True
    following = around.hits[index + 1] if index + 1 < len(around.hits) else None
    if following is not None and following.analytes and following.start - reading.end <= 4:
        return True
    return _LABS.search(left) is not None


def _is_absurd(reading: Reading) -> bool:
    """Return whether a bare implausible number is more likely no value at all than a typing error."""
    bounds, value = reading.analyte.plausible, reading.value
    if bounds is None or value is None:
        return False
    if (
        (reading.analyte.drug or reading.analyte.analyte == "hematocrit")
        and value < bounds[0]
        and reading.comparator is None
    ):
        return True
    return value > 100 * bounds[1] or (value > bounds[1] and 1950 <= value <= 2049 and value.is_integer())
