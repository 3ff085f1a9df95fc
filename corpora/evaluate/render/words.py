"""The figures as people read them: their names, their order, and how a number is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

COUNTED = frozenset({"wrong_per_note", "queries_unasked_for_per_note", "brier", "brier_skill", "ece"})
"""Figures that are no share of a whole, so that they are not written as a percentage."""

SECTIONS: Mapping[str, Mapping[str, str]] = {
    "Codes": {
        "exact": "exact set of codes",
        "precision": "precision, over all codes",
        "recall": "recall",
        "f1": "F1",
        "macro_precision": "precision, mean over codes",
        "macro_recall": "recall, mean over codes",
        "macro_f1": "F1, mean over codes",
        "first_listed": "first of our codes right",
    },
    "Wrong codes": {
        "over_coded": "notes with a code too many",
        "under_coded": "notes with a code missing",
        "wrong_per_note": "wrong or missing codes a note",
        "trap_rate": "traps fallen into",
        "history_confusion": "history and present confused",
    },
    "Evidence": {
        "evidence_hit": "evidence meets the gold's",
        "evidence_exact_span": "one span exactly the gold's",
        "evidence_shared": "words in common (Jaccard)",
        "offsets_right": "offsets that say what they quote",
    },
    "Queries": {
        "query_recall": "queries raised that were asked",
        "queries_unasked_for_per_note": "queries nobody asked for, a note",
    },
    "Laboratory values (B12, MCV, ferritin)": {
        "lab_recall": "stated values that were read",
        "lab_precision": "values read that are stated",
    },
    "Score and band": {
        "band_code_precision": 'right in band "code"',
        "band_code_share": 'required codes in band "code"',
        "mean_average_precision": "mean average precision",
        "base_rate": "suggestions that are right",
        "brier": "Brier score",
        "brier_skill": "skill against the base rate",
        "ece": "expected calibration error",
    },
}
NAMES: Mapping[str, str] = {name: words for rows in SECTIONS.values() for name, words in rows.items()}


def number(name: str, value: float | None) -> str:
    """Return a figure as people read it: a share in per cent, anything else with three decimals."""
    if value is None:
        return "-"
    return f"{value:.3f}" if name in COUNTED else f"{100 * value:.1f}%"


def interval(name: str, figure: Mapping[str, Any]) -> str:
    """Return the interval of a figure, empty where it has none."""
    if figure["low"] is None:
        return ""
    return f"{number(name, figure['low'])} to {number(name, figure['high'])}"


def share(value: float | None) -> str:
    """Return a share in per cent."""
    return "-" if value is None else f"{100 * value:.1f}%"
