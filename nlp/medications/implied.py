"""Find treatment that leaves the drug unsaid: "B12 deficiency, on monthly injections"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nlp.medications.load import Name, drug_names, key_of
from nlp.pattern_nodes import width
from nlp.patterns import spaced
from nlp.sieve import Sieve

if TYPE_CHECKING:
    from nlp.layout import Layout

_FORM = Sieve(
    re.compile(
        r"(?<![A-Za-z0-9])(?:shots?|injections?|inj|supplements?|supplementation|replacement|repletion|"
        r"infusions?|pills|tablets)(?!\w)",
        re.IGNORECASE,
    )
)
# The form needs a word before it that takes a drug, so that "knee injection" is not B12.
_TAKES = re.compile(
    r"(?<!\w)(?:on|off|with|of|receiv(?:e|es|ed|ing)|gets?|got|getting|continu(?:e|es|ed|"
    r"ing)|resum(?:e|ed)|start(?:s|ed|ing)?|stop(?:s|ped)?|oral|im|sq|parenteral|"
    r"needs?|takes?|taking|took|given|gave|his|her|their|the|a|for|daily|weekly|monthly|"
    r"regular|lifelong|maintenance)[ \t]{1,2}\Z",
    re.IGNORECASE,
)
_TAKES_REACH = width(_TAKES)
_SUBJECT = spaced(
    r"(?<!\w)(?:(?P<b12>b-?\s?12|cobalamin|pernicious an(?:a)?emia)|(?P<iron>iron[- ]def|"
    r"ida(?!\w)|iron[- ]poor)|(?P<folate>folate|folic acid))",
    re.IGNORECASE,
)
_NAMES = {"b12": "vitamin b12", "iron": "iron", "folate": "folic acid"}
_REACH = 140
_NO_INFUSION = ("b12", "folate")
_NO_SHOT = ("folate",)
_COMPOUND = spaced(
    r"\s(?:site|nurse|room|clinic|visit|technique|tech|of|for (?:pain|the knee|the shoulder|"
    r"migraine)|procedure|fluoro\w*|hip)\b",
    re.I,
)


def find_implied(view: str, layout: Layout, taken: Sequence[int]) -> Iterator[tuple[int, int, Name]]:
    """Yield the start, the end and the drug of each form that stands for an unsaid drug.

    The deficiency or its anemia must be named earlier in the same sentence or the one before it in
    the same item or paragraph; the nearest one speaks.
    A form right behind a drug's name (`taken` holds where names start) belongs to that name.
    """
    for match in _FORM.finditer(view):
        start, end = match.span()
        taker = _TAKES.search(view, max(0, start - _TAKES_REACH), start)
        unit = layout.unit_at(start) if taker is not None else -1
        if taker is None or unit < 0 or _COMPOUND.match(view, end):
            continue
        floor = max(_opening(layout, unit), taker.start() - _REACH)
        subjects = list(_SUBJECT.finditer(view, floor, taker.start() + 1))
        if not subjects or not subjects[-1].lastgroup:
            continue
        kind = subjects[-1].lastgroup
        form = match.group().lower()
        if (form.startswith("infusion") and kind in _NO_INFUSION) or (
            form.startswith(("shot", "inj")) and kind in _NO_SHOT
        ):
            continue
        following = bisect_left(taken, start)
        if (
            following < len(taken)
            and taken[following] - end < 5
            and view[end : taken[following]].strip() in ("", "of")
        ):
            continue
        name = drug_names().get(key_of(_NAMES[kind]))
        if name is not None:
            yield start, end, Name(name.drug, "names")


def _opening(layout: Layout, unit: int) -> int:
    """Return where the sentence before this one starts, or this one where that is another matter."""
    this = layout.units[unit]
    if unit == 0:
        return this.start
    last = layout.units[unit - 1]
    goes_on = last.section == this.section and last.paragraph == this.paragraph
    return last.start if goes_on and this.marker is None else this.start
