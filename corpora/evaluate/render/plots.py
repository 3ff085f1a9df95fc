"""Plots as inline SVG: a reliability diagram, and bars with their intervals."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from corpora.evaluate.render.words import NAMES, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SIDE, _MARGIN = 260, 40
_BAR, _LABEL, _LENGTH = 20, 230, 300


def reliability_plot(bins: Sequence[Mapping[str, Any]]) -> str:
    """Return the share right at each score (points; larger is more) beside what the score claims (line)."""
    most = max((entry["suggestions"] for entry in bins), default=1)
    size = _SIDE + 2 * _MARGIN
    points = [
        f'<circle cx="{_x(entry["mean_score"]):.1f}" cy="{_y(entry["right"]):.1f}" '
        f'r="{3 + 7 * (entry["suggestions"] / most) ** 0.5:.1f}"><title>{entry["suggestions"]} suggestions, '
        f"mean score {entry['mean_score']:.3f}, right {entry['right']:.3f}</title></circle>"
        for entry in bins
    ]
    ticks = [
        f'<text x="{_x(at):.1f}" y="{size - _MARGIN + 16}" text-anchor="middle">{at:.1f}</text>'
        f'<text x="{_MARGIN - 6}" y="{_y(at) + 4:.1f}" text-anchor="end">{at:.1f}</text>'
        for at in (0.0, 0.5, 1.0)
    ]
    return (
        f'<svg viewBox="0 0 {size} {size}" width="{size}" height="{size}" role="img" '
        f'aria-label="Reliability: share right by score">'
        f'<rect class="frame" x="{_MARGIN}" y="{_MARGIN}" width="{_SIDE}" height="{_SIDE}"/>'
        f'<line class="ideal" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
        f"{''.join(points)}{''.join(ticks)}"
        f'<text x="{size / 2}" y="{size - 4}" text-anchor="middle">score</text>'
        f'<text x="12" y="{size / 2}" text-anchor="middle" transform="rotate(-90 12 {size / 2})">right</text>'
        "</svg>"
    )


def interval_plot(figures: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> str:
    """Return one bar a figure, from 0 to 1, with its interval as a whisker."""
    known = [name for name in names if name in figures and figures[name]["value"] is not None]
    rows = [
        _bar(NAMES[name], number(name, figures[name]["value"]), place, figures[name])
        for place, name in enumerate(known)
    ]
    return _bars(rows, "Figures with their intervals")


def share_plot(shares: Mapping[str, float | None], label: str) -> str:
    """Return one bar a name, from 0 to 1."""
    known = [(name, value) for name, value in shares.items() if value is not None]
    rows = [
        _bar(name, f"{100 * value:.1f}%", place, {"value": value, "low": None, "high": None})
        for place, (name, value) in enumerate(known)
    ]
    return _bars(rows, label)


def _bars(rows: Sequence[str], label: str) -> str:
    width, height = _LABEL + _LENGTH + 70, len(rows) * _BAR + 8
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(label)}">{"".join(rows)}</svg>'
    )


def _bar(label: str, shown: str, place: int, figure: Mapping[str, Any]) -> str:
    top = place * _BAR + 4
    middle = top + _BAR / 2 - 2
    whisker = ""
    if figure["low"] is not None:
        left, right = (_LABEL + _LENGTH * _inside(figure[side]) for side in ("low", "high"))
        whisker = f'<line class="whisker" x1="{left:.1f}" y1="{middle}" x2="{right:.1f}" y2="{middle}"/>'
    return (
        f'<text x="{_LABEL - 8}" y="{middle + 4}" text-anchor="end">{escape(label)}</text>'
        f'<rect x="{_LABEL}" y="{top}" width="{_LENGTH * _inside(figure["value"]):.1f}" height="{_BAR - 5}"/>'
        f'{whisker}<text x="{_LABEL + _LENGTH + 8}" y="{middle + 4}">{escape(shown)}</text>'
    )


def _inside(value: float) -> float:
    return min(1.0, max(0.0, value))


def _x(value: float) -> float:
    return _MARGIN + _SIDE * value


def _y(value: float) -> float:
    return _MARGIN + _SIDE * (1 - value)
