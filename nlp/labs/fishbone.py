"""Read the blood count that is drawn on one line: "8.1 > 9.2 / 28.4 < 310" is WBC, Hgb, Hct, platelets."""

from __future__ import annotations

import re

from nlp.labs.judge import is_plausible
from nlp.labs.load import Knowledge
from nlp.labs.reading import Reading, to_float

_ORDER = ("wbc", "hemoglobin", "hematocrit", "platelets")
_DRAWN = re.compile(
    r"(?<![\w.,/])(?P<wbc>\d{1,3}(?:\.\d{1,2})?)\s{0,3}[>\\]-{0,3}\s{0,3}(?P<hemoglobin>\d{1,2}(?:\.\d)?)"
    r"(?:\s{0,3}[/|-]\s{0,3}(?P<hematocrit>\d{2}(?:\.\d)?))?\s{0,3}-{0,3}[</]\s{0,3}(?P<platelets>\d{1,4})(?![\w/]|\.\d)"
)


def may_be_drawn(view: str) -> bool:
    """Return False only where no blood count is drawn."""
    return ">" in view or "\\" in view


def read_fishbones(view: str, known: Knowledge) -> list[Reading]:
    """Return the values of each drawn blood count whose numbers all make sense in their places."""
    if not may_be_drawn(view):
        return []
    by_name = {analyte.id: analyte for analyte in known.analytes}
    found: list[Reading] = []
    for drawn in _DRAWN.finditer(view):
        values = [(by_name[name], drawn.span(name), to_float(drawn[name])) for name in _ORDER if drawn[name]]
        if not all(is_plausible(a, v, None) for a, _, v in values):
            continue
        if drawn["hematocrit"] is None:  # "5.1 > 9.8 < 188": both signs must be there
            if ">" not in drawn.group() or "<" not in drawn.group() or values[2][2] < 20:
                continue
        elif not 2.5 <= values[2][2] / values[1][2] <= 3.7:
            continue
        found.extend(Reading(a, start, end, v, is_evident=True) for a, (start, end), v in values)
    return found
