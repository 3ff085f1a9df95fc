"""How far two blind codings of the same encounters agree: the ceiling for any program.

A coding is judged like an answer, by the same function, so that ceiling and score mean the same.
"""

from __future__ import annotations

import warnings
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.metrics import cohen_kappa_score

from corpora.evaluate.figures import Array, Figure, measure, with_interval
from corpora.evaluate.outcome import Outcome, judge
from corpora.evaluate.places import find_quotes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corpora.gold import Gold, GoldEncounter, Quote

FIGURES = (
    *("exact", "f1", "precision", "recall", "trap_rate", "first_listed"),
    *("evidence_hit", "evidence_exact_span", "evidence_shared"),
    *("query_recall", "queries_unasked_for_per_note"),
)


def as_answer(coding: Gold, encounter: GoldEncounter) -> dict[str, Any]:
    """Return a coding in the shape of an answer; each quote counts where it first stands."""
    required = [
        {"code": entry.code, "necessity": "required", "evidence": _evidence(encounter, entry.evidence)}
        for entry in _in_order(coding)
    ]
    optional = [{"code": code, "necessity": "optional", "evidence": []} for code in coding.optional]
    queries = [
        {"codes": list(query.codes), "evidence": _evidence(encounter, query.evidence)}
        for query in coding.queries
    ]
    return {"suggestions": required + optional, "queries": queries}


def _in_order(coding: Gold) -> list[Any]:
    """Put one of the codes that may lead first, as the coder would report them."""
    return sorted(coding.codes, key=lambda entry: bool(coding.first) and entry.code not in coding.first)


def _evidence(encounter: GoldEncounter, quotes: Iterable[Quote]) -> list[dict[str, Any]]:
    places = (find_quotes(encounter.texts, [quote])[:1] for quote in quotes)
    return [{"note_id": note, "start": start, "end": end} for place in places for note, start, end in place]


def agree(
    encounters: Sequence[GoldEncounter],
    first: Mapping[str, Gold],
    second: Mapping[str, Gold],
    *,
    samples: int = 0,
    seed: int = 0,
) -> dict[str, Any]:
    """Return how the codings agree, on the encounters that were coded twice.

    Args:
        encounters: with the settled gold.
        first: what the first coder said where settling changed it; elsewhere the gold is the first coding.
        second: what the second coder said, blind.
        samples: bootstrap resamples for the intervals.
        seed: of the bootstrap.
    """
    twice = [encounter for encounter in encounters if encounter.id in second]
    blind = [
        judge(
            replace(encounter, gold=first.get(encounter.id, encounter.gold)),
            as_answer(second[encounter.id], encounter),
        )
        for encounter in twice
    ]
    settled = [judge(encounter, as_answer(second[encounter.id], encounter)) for encounter in twice]
    return {
        "notes": len(twice),
        "second_against_first": _figures(blind, samples, seed),
        "second_against_settled": _figures(settled, samples, seed),
        "kappa": asdict(pooled_kappa(blind, samples=samples, seed=seed)),
        "kappa_by_code": kappa_by_code(blind),
        "differing": [
            {"id": o.id, "first_only": list(o.missed), "second_only": list(o.added)}
            for o in blind
            if not o.is_exact
        ],
    }


def _figures(outcomes: Sequence[Outcome], samples: int, seed: int) -> dict[str, Any]:
    figures = measure(outcomes, samples=samples, seed=seed)
    return {name: asdict(figures[name]) for name in FIGURES if name in figures}


def kappa_by_code(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Any]]:
    """Return Cohen's kappa of each code that either reported; None where chance alone explains all."""
    codes = sorted({code for o in outcomes for code in (*o.required, *o.suggested)})
    rows = {}
    for code in codes:
        first = [code in o.required for o in outcomes]
        second = [code in o.suggested for o in outcomes]
        rows[code] = {
            "first": sum(first),
            "second": sum(second),
            "both": sum(a and b for a, b in zip(first, second, strict=True)),
            "kappa": _kappa(first, second),
        }
    return rows


def _kappa(first: Sequence[bool], second: Sequence[bool]) -> float | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sklearn warns where both say the same everywhere
        value = float(cohen_kappa_score(first, second))
    return None if np.isnan(value) else round(value, 6)


def pooled_kappa(outcomes: Sequence[Outcome], *, samples: int = 0, seed: int = 0) -> Figure:
    """Return Cohen's kappa over all decisions: each encounter by each code that either ever reported."""
    codes = {code for o in outcomes for code in (*o.required, *o.suggested)}
    cells = len(outcomes) * len(codes)
    both, first, second = (
        np.array([float(len(set(row))) for row in rows])
        for rows in (
            [o.found for o in outcomes],
            [o.required for o in outcomes],
            [o.suggested for o in outcomes],
        )
    )

    def kappa(weights: Array) -> Array:
        return _kappa_of_sums(weights @ both, weights @ first, weights @ second, cells)

    return with_interval(kappa, len(outcomes), samples, seed) if cells else Figure(None)


def _kappa_of_sums(both: Array, first: Array, second: Array, cells: int) -> Array:
    """Return kappa of how many cells both, the first and the second filled; nan where chance explains all."""
    observed = (cells - first - second + 2 * both) / cells
    expected = (first * second + (cells - first) * (cells - second)) / cells**2
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected < 1, (observed - expected) / (1 - expected), np.nan)
