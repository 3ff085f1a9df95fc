"""Find the ICD-10-CM codes that are printed in a note. What they are worth is for the rules to say."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nlp.authors.load import look_alikes
from nlp.facts import Condition, StatedCode
from nlp.kinds import kinds
from nlp.sieve import Sieve
from nlp.view import normalise

if TYPE_CHECKING:
    from nlp.layout import Layout

# Behind the point stands a digit, or the placeholder X; a dose or a size behind it is no code.
_DOTTED = re.compile(
    r"(?<![\w.$/-])(?P<code>[A-Z]\d[0-9A-Z]\.[0-9X][0-9A-Z]{0,3})(?![\w-]|\.\d|\s?(?:mg|mcg|"
    r"mm|cm|kg|ml|mL|%)(?!\w))"
)
_BRACKETED = re.compile(r"(?P<code>[A-Z]\d[0-9A-Z])[ \t]?[)\]]")
_BRACKET = re.compile(r"[\w.)\]][ \t]{0,2}[(\[][ \t]?\Z")  # before such a one
_BRACKET_REACH = 5
# Where one of both may begin, by kinds.
_CAPITAL = re.compile(rb"A0(?=[0A](?:/[0A]| ?\)))")
_DIAGNOSIS = re.compile(
    r"(?:an(?:a)?emias?|deficien\w{1,4}|disease|syndrome|\w{2,20}itis|\w{2,20}osis|"
    r"\w{2,20}emia|\w{2,20}pathy|failure|disorder|sprue|malabsorption|"
    r"hemorrhage|bleeding|gastritis|fatigue|dementia|neuropathy|hypertension|diabetes|"
    r"unspecified|nos|chronic|acute)[\s.)]{0,2}[(\[][ \t]?$",
    re.IGNORECASE,
)
_LABEL = Sieve(
    re.compile(
        r"(?<!\w)(?:icd(?:[ -]?10)?(?:[ -]?cm)?|dx|diagnos(?:is|es|"
        r"tic))(?:[ -]?codes?)?(?:[ -]?(?:is|are))?[ \t]?[:#=)\]]?[ \t]{0,3}[(\[]?[ \t]?"
        r"(?=[A-Z]\d[0-9A-Z])",
        re.IGNORECASE,
    )
)
_LISTED = re.compile(r"(?P<code>[A-Z]\d[0-9A-Z](?:\.?[0-9X][0-9A-Z]{0,3})?)(?![\w-]|\.\d)", re.IGNORECASE)
_SEPARATOR = re.compile(r"[ \t]?(?:,|;|/|\+|&|and\b)[ \t]?(?:and[ \t])?|[ \t]{1,3}", re.IGNORECASE)
_SURE_LABEL = re.compile(r"icd|codes?", re.IGNORECASE)
_MOST_LISTED = 24


def read_stated_codes(
    text: str, layout: Layout, conditions: Sequence[Condition] = (), note_id: str | None = None
) -> tuple[StatedCode, ...]:
    """Find codes such as `E53.8`, `[D64.9]` or `ICD-10: D509`.

    Args:
        text: the note as given.
        layout: its sections and units.
        conditions: the note's conditions in text order; `beside` is the id of the nearest one in
            the same unit, before the code, or behind it where the unit lists codes first.
        note_id: carried into the records.

    Returns:
        The codes in text order, in capitals, with the point where there is more than a category.
    """
    view = normalise(text)
    starts = [condition.start for condition in conditions]
    found: dict[int, tuple[int, str]] = {}
    for start, end, token in _tokens(view, conditions, starts):
        found.setdefault(start, (end, _canonical(token)))
    first_in_unit: dict[int, int] = {}
    for start in sorted(found):
        first_in_unit.setdefault(layout.unit_at(start), start)
    return tuple(
        StatedCode(
            note_id=note_id,
            code=code,
            beside=_beside(start, end, first_in_unit, layout, conditions, starts),
            start=start,
            end=end,
            text=text[start:end],
        )
        for start, (end, code) in sorted(found.items())
    )


def _tokens(
    view: str, conditions: Sequence[Condition], starts: Sequence[int]
) -> Iterator[tuple[int, int, str]]:
    for match in _LABEL.finditer(view):
        yield from _listed(view, match)
    lookalike = look_alikes(labelled=False)
    for match in _unlabelled(view):
        start, end = match.span("code")
        if lookalike.fullmatch(match["code"]) or not (
            match.re is _DOTTED or _follows_diagnosis(view, start, conditions, starts)
        ):
            continue
        yield start, end, match["code"]


def _unlabelled(view: str) -> Iterator[re.Match[str]]:
    """Yield the codes with a point, and those of three signs in brackets."""
    done = closed = 0
    for capital in _CAPITAL.finditer(kinds(view)):
        start = capital.start()
        if start >= done and (match := _DOTTED.match(view, start)):
            done = match.end()
            yield match
        elif (match := _BRACKETED.match(view, start)) and _BRACKET.search(
            view, max(closed, start - _BRACKET_REACH), start
        ):
            closed = match.end()
            yield match


def _listed(view: str, label: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """Read the codes behind a label; "Dx" alone also opens prose, so there a code needs its point."""
    sure = _SURE_LABEL.search(label.group()) is not None
    lookalike = look_alikes(labelled=True)
    position = label.end()
    for _ in range(_MOST_LISTED):
        match = _LISTED.match(view, position)
        if match is None or lookalike.fullmatch(match["code"].upper()) or not (sure or "." in match["code"]):
            return
        yield *match.span("code"), match["code"]
        separator = _SEPARATOR.match(view, match.end())
        if separator is None:
            return
        position = separator.end()


def _follows_diagnosis(view: str, start: int, conditions: Sequence[Condition], starts: Sequence[int]) -> bool:
    index = bisect_right(starts, start) - 1
    if index >= 0 and 0 <= start - conditions[index].end <= 4:
        return True
    return _DIAGNOSIS.search(view[max(0, start - 32) : start]) is not None


def _canonical(token: str) -> str:
    code = token.upper()
    return code if len(code) == 3 or "." in code else f"{code[:3]}.{code[3:]}"


def _beside(
    start: int,
    end: int,
    first_in_unit: dict[int, int],
    layout: Layout,
    conditions: Sequence[Condition],
    starts: Sequence[int],
) -> str | None:
    unit = layout.unit_at(start)
    if unit < 0:
        return None
    place = bisect_right(starts, start)
    before = conditions[place - 1] if place else None
    if before is not None and layout.unit_at(before.start) != unit:
        before = None
    behind = conditions[place] if place < len(conditions) else None
    if behind is not None and layout.unit_at(behind.start) != unit:
        behind = None
    opening = bisect_right(starts, first_in_unit[unit])
    opens_unit = opening == 0 or layout.unit_at(conditions[opening - 1].start) != unit
    if opens_unit and behind is not None and behind.start >= end:
        return behind.id
    return before.id if before is not None else None
