"""How long an order or an earlier note gives the indication of a treatment (S42, S43)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from nlp.facts import NoteFacts
from nlp.patterns import spaced
from nlp.records import quick
from suggest.engine.chart import Chart

_ENDED = spaced(r"discontinu|\bd/c'?d?\b|stop(?:ped)? order|cancel+ed|order (?:ended|expired)", re.IGNORECASE)
_COURSE = spaced(
    r"\bx ?(\d{1,3}) ?(months?|mos?|weeks?|wks?|years?|yrs?)\b|for (\d{1,3}) (months?|weeks?|years?)\b",
    re.IGNORECASE,
)
_UNTIL = spaced(
    r"\b(?:until|through|thru|expires|expiration(?: date)?|exp|ends|"
    r"end date|stop date|valid to)(?: on)?[: ]{0,12}"
    r"(?:(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{2,4})|(?P<iso>\d{4}-\d\d-\d\d))",
    re.IGNORECASE,
)
_ORDER_TYPE = re.compile(r"\border|prescription|\brx\b", re.IGNORECASE)
_ORDER_HEAD = re.compile(r"\border\b|standing order|orders?:", re.IGNORECASE)
# choices of the options that set a limit, in months
LIMITS = {
    "s42": {"twelve_months": 12, "six_months": 6, "three_months": 3, "never": 0},
    "s43": {"twelve_months": 12, "six_months": 6, "no_limit": 10_000},
}


@quick
@dataclass(frozen=True, slots=True)
class NoteMeta:
    """What is known of a note beside its text; the fields of `suggest.note.Note` that the rules ask for."""

    role: str = "primary"
    note_id: str | None = None
    note_date: str | None = None
    note_type: str | None = field(default=None, repr=False)
    author: str | None = field(default=None, repr=False)
    credential: str | None = None
    signed: bool | None = None
    amends: str | None = None


def is_in_force(chart: Chart, meta: NoteMeta, note: int, choice: str | None = None) -> bool:
    """Whether an order or an earlier note is recent enough and has not ended (S42, S43).

    Args:
        chart: the encounter; its date is that of the treatment.
        meta: what is known of the note.
        note: its place.
        choice: of the option that sets the limit; None for that of the policy.
    """
    facts = chart.notes[note]
    order = is_order(meta, facts)
    option = limit_of(meta, facts)
    chosen = choice or chart.choice(option) or "twelve_months"
    if chosen == "never" or (order and is_ended(facts)):
        return False
    today, made = _day(chart.encounter_date), _day(meta.note_date) or _written(facts)
    end = _end_of_order(facts.text, made) if order else None
    if today is None:
        return True
    if end is not None:
        return today <= end
    return made is None or made <= today <= _months_after(made, LIMITS[option][chosen])


def limit_of(meta: NoteMeta, facts: NoteFacts) -> str:
    """The option that says how long a context note gives an indication."""
    return "s43" if is_order(meta, facts) else "s42"


def _end_of_order(text: str, made: date | None) -> date | None:
    """The last day of an order that states its end, or how long it runs."""
    until = _UNTIL.search(text)
    if until is not None:
        if until["iso"]:
            return _day(until["iso"])
        year = int(until["year"])
        return _safe_date(year + 2000 if year < 100 else year, int(until["month"]), int(until["day"]))
    course = _COURSE.search(text)
    if course is None or made is None:
        return None
    number, unit = int(course.group(1) or course.group(3)), (course.group(2) or course.group(4)).lower()
    if unit.startswith("w"):
        return made + timedelta(weeks=number)
    return _months_after(made, number * (12 if unit.startswith("y") else 1))


def _months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return next(
        found for last in range(day.day, 0, -1) if (found := _safe_date(year, month + 1, last)) is not None
    )


def is_ended(facts: NoteFacts) -> bool:
    """Whether a note says that an order or a treatment is ended."""
    return _ENDED.search(facts.text) is not None


def lapsed_orders(chart: Chart, metas: Sequence[NoteMeta]) -> dict[int, str | None]:
    """Places of the orders that are past their end or too old to stand for today, with their dates (S43)."""
    return {
        note: metas[note].note_date
        for note in sorted(chart.lapsed)
        if is_order(metas[note], chart.notes[note])
    }


def is_order(meta: NoteMeta, facts: NoteFacts) -> bool:
    """Whether a context note is an order and not an earlier visit."""
    return bool(_ORDER_TYPE.search(meta.note_type or "") or _ORDER_HEAD.search(facts.text[:200]))


def _written(facts: NoteFacts) -> date | None:
    return next((d for n in facts.dates if n.kind in ("visit", "signature") and (d := _day(n.date))), None)


def _day(value: str | None) -> date | None:
    if value is None or len(value) != 10:
        return None
    return _safe_date(*(int(part) for part in value.split("-")))


def _safe_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
