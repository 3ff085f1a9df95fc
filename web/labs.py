"""Lab values as the page shows them: newest first, beside their range, with a drawing of their course."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from nlp.facts import LabValue
from nlp.labs.load import analyte_titles

_FLAGS = {"low": "low", "high": "high", "normal": "in range"}
WIDTH, HEIGHT, _EDGE = 132, 26, 5


@dataclass(frozen=True, slots=True)
class Point:
    """One value in the drawing; `y` of 0 is its top."""

    x: float
    y: float
    flag: str | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """The band of the range (`top`, `bottom`; None where no range is printed) and the values in it."""

    top: float | None
    bottom: float | None
    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        """The line through the points."""
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)


@dataclass(frozen=True, slots=True)
class Reading:
    """One value in words."""

    text: str
    flag: str | None
    flag_text: str
    date: str | None
    lab: LabValue = field(repr=False)


@dataclass(frozen=True, slots=True)
class Row:
    """An analyte: its newest value, those before, the range, and the drawing where a number stands."""

    name: str
    readings: tuple[Reading, ...]
    range_text: str | None
    drawing: Drawing | None
    spoken: str


def lab_rows(labs: Sequence[LabValue]) -> list[Row]:
    """Return a row for each analyte, in the order in which the notes first give them."""
    grouped: dict[str, list[LabValue]] = {}
    for lab in labs:
        if lab.value is not None or lab.result is not None:
            grouped.setdefault(lab.analyte, []).append(lab)
    return [_row(analyte, values) for analyte, values in grouped.items()]


def _row(analyte: str, labs: Sequence[LabValue]) -> Row:
    by_time = [lab for _, lab in sorted(enumerate(labs), key=lambda item: (item[1].date or "", item[0]))]
    known = dict.fromkeys((_words(lab), lab.date) for lab in by_time)
    distinct = [next(lab for lab in by_time if (_words(lab), lab.date) == key) for key in known]
    ranged = next((lab for lab in reversed(distinct) if lab.reference_low is not None), None)
    ranged = ranged or next((lab for lab in reversed(distinct) if lab.reference_high is not None), None)
    readings = tuple(_reading(lab) for lab in reversed(distinct))
    name = analyte_titles().get(analyte, analyte)
    range_text = _range(ranged) if ranged is not None else None
    told = "; ".join(f"{r.text} {r.flag_text}{f' on {r.date}' if r.date else ''}".strip() for r in readings)
    spoken = f"{name}: {told}" + (f"; range {range_text}" if range_text else "; no range printed")
    return Row(name, readings, range_text, _drawing(distinct, ranged), spoken)


def _reading(lab: LabValue) -> Reading:
    flag = lab.flag.value if lab.flag is not None else None
    return Reading(_words(lab), flag, _FLAGS.get(flag or "", ""), lab.date, lab)


def _words(lab: LabValue) -> str:
    if lab.value is None:
        return lab.result or ""
    return " ".join(part for part in (f"{lab.comparator or ''}{lab.value:g}", lab.unit) if part)


def _range(lab: LabValue) -> str:
    low, high = lab.reference_low, lab.reference_high
    if low is None or high is None:
        return f"above {low:g}" if high is None else f"below {high:g}"
    return f"{low:g}–{high:g}"


def _drawing(labs: Sequence[LabValue], ranged: LabValue | None) -> Drawing | None:
    """Return the drawing of the values that share the unit of the newest; without dates, of that one."""
    numbered = [lab for lab in labs if lab.value is not None and lab.plausible is not False]
    if not numbered:
        return None
    unit = numbered[-1].unit
    shown = [lab for lab in numbered if lab.unit == unit]
    if any(lab.date is None for lab in shown):
        shown = shown[-1:]
    low = ranged.reference_low if ranged is not None and ranged.unit == unit else None
    high = ranged.reference_high if ranged is not None and ranged.unit == unit else None
    values = [lab.value for lab in shown if lab.value is not None]
    if low is None and high is None and len(values) < 2:
        return None
    bounds = [*values, *(bound for bound in (low, high) if bound is not None)]
    y = _scale(min(bounds), max(bounds))
    step = (WIDTH - 2 * _EDGE) / max(len(values) - 1, 1)
    first = WIDTH - _EDGE if len(values) == 1 else _EDGE
    points = tuple(
        Point(round(first + i * step, 1), y(value), lab.flag.value if lab.flag is not None else None)
        for i, (value, lab) in enumerate(zip(values, shown, strict=True))
    )
    if low is None and high is None:
        return Drawing(None, None, points)
    return Drawing(0.0 if high is None else y(high), float(HEIGHT) if low is None else y(low), points)


def _scale(low: float, high: float) -> Callable[[float], float]:
    span = high - low
    room = HEIGHT - 2 * _EDGE

    def y(value: float) -> float:
        if span == 0:
            return HEIGHT / 2
        return round(_EDGE + room * (1 - (value - low) / span), 1)

    return y
