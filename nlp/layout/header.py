"""A candidate for the header of a section, as it is found in a line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.layout.lines import Line
from nlp.layout.load import HeaderRule, load_headers
from nlp.layout.titles import Title

# "P: 76" is a pulse; "P: 1. Iron" and "P: 40 mg of iron" are plans.
PULSE = re.compile(
    r"(?:[3-9]\d|1\d\d|2[01]\d)\b(?![.)]\s|[ -]?(?:mc?g|units?|da?ys?|we?e?ks?|mos?|min|ml|%))"
)


@dataclass(slots=True)
class Header:
    """A candidate. `start`..`end` is the title as written with its colon; `body` is where the text begins.

    `title` is None for an unknown line in capitals; `noun` then tells whether it ends like a header.
    `opening` means at the start of a line, `alone` that nothing else stands on it.
    """

    start: int
    end: int
    body: int
    title: Title | None
    caps: bool
    opening: bool
    alone: bool
    marker: str
    indent: int
    blank_before: bool
    noun: bool = False
    pulse: bool = False
    rule: HeaderRule | None = None  # of the title, None where the title is unknown


def letter_title(text: str) -> Title | None:
    """Return the title that a single capital letter of SOAP is, None for another."""
    rule = load_headers().letters.get(text.lower()) if text.isupper() else None
    return Title(rule, text.lower(), copied=False, qualified=False) if rule else None


def make_header(
    view: str,
    line: Line,
    start: int,
    end: int,
    title: Title | None,
    *,
    caps: bool,
    opening: bool = True,
    alone: bool = False,
    marker: str = "",
    noun: bool = False,
) -> Header:
    """Return the candidate whose title is `view[start:end]`, with what stands around it."""
    body, stop = end, line.end
    gap = " \t,:*_-" if alone else " \t,:"  # a dash or star right before the text is a bullet
    while body < stop and view[body] in gap:
        body += 1
    return Header(
        start,
        end,
        body,
        title,
        caps,
        opening,
        alone or body >= stop,
        marker,
        line.start - line.first,
        line.blank_before,
        noun,
        body < stop and view[body].isdigit() and PULSE.match(view, body, stop) is not None,
        title.rule if title else None,
    )
