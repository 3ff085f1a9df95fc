"""The figures over many outcomes, with bootstrap intervals over encounters.

Every figure is a function of sums over encounters, so that a resample is a vector of weights: how many
times each encounter was drawn. The point estimate is the one where each weighs one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from corpora.evaluate.outcome import Outcome

Array = NDArray[np.float64]
Ratio = tuple[Callable[[Outcome], float], Callable[[Outcome], float]]

BINS = 10
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval; None where there is nothing to measure it on."""

    value: float | None
    low: float | None = None
    high: float | None = None


def _ranked(outcome: Outcome) -> bool:
    """Say whether an order can be right or wrong: some candidates are right and some are not."""
    return len({candidate.right for candidate in outcome.candidates if candidate.score is not None}) > 1


def average_precision(outcome: Outcome) -> float:
    """Return the average precision of the candidates by score; 0 where their order says nothing."""
    if not _ranked(outcome):
        return 0.0
    scored = [candidate for candidate in outcome.candidates if candidate.score is not None]
    return float(average_precision_score([c.right for c in scored], [c.score for c in scored]))


def squared_errors(outcome: Outcome) -> list[float]:
    """Return (score - right)² of each counted suggestion that has a score."""
    return [(score - right) ** 2 for score, right in scores(outcome)]


def scores(outcome: Outcome) -> list[tuple[float, bool]]:
    """Return score and rightness of each counted suggestion."""
    return [(c.score, c.right) for c in outcome.candidates if c.counted and c.score is not None]


RATIOS: Mapping[str, Ratio] = {
    "precision": (lambda o: len(o.found), lambda o: len(o.found) + len(o.added)),
    "recall": (lambda o: len(o.found), lambda o: len(o.found) + len(o.missed)),
    "f1": (lambda o: 2 * len(o.found), lambda o: 2 * len(o.found) + len(o.added) + len(o.missed)),
    "exact": (lambda o: o.is_exact, lambda _: 1),
    "wrong_per_note": (lambda o: len(o.added) + len(o.missed), lambda _: 1),
    "over_coded": (lambda o: bool(o.added), lambda _: 1),
    "under_coded": (lambda o: bool(o.missed), lambda _: 1),
    "trap_rate": (lambda o: len(o.trap_hits), lambda o: len(o.traps)),
    "history_confusion": (lambda o: o.is_history and o.history_confused, lambda o: o.is_history),
    "query_recall": (lambda o: o.queries.asked, lambda o: o.queries.asked + o.queries.missed),
    "queries_unasked_for_per_note": (lambda o: o.queries.unasked_for, lambda _: 1),
    "evidence_hit": (lambda o: o.spans.hit, lambda o: o.spans.judged),
    "evidence_exact_span": (lambda o: o.spans.exact, lambda o: o.spans.judged),
    "evidence_shared": (lambda o: o.spans.shared, lambda o: o.spans.judged),
    "offsets_right": (lambda o: o.offsets - o.offsets_wrong, lambda o: o.offsets),
    "first_listed": (lambda o: o.first_right is True, lambda o: o.first_right is not None),
    "lab_recall": (lambda o: o.labs.found, lambda o: o.labs.found + o.labs.missed),
    "lab_precision": (lambda o: o.labs.read - o.labs.read_wrong, lambda o: o.labs.read),
    "mean_average_precision": (average_precision, _ranked),
    "brier": (lambda o: sum(squared_errors(o)), lambda o: len(squared_errors(o))),
    "band_code_precision": (
        lambda o: sum(c.right for c in o.candidates if c.counted and c.band == "code"),
        lambda o: sum(c.counted and c.band == "code" for c in o.candidates),
    ),
    "band_code_share": (
        lambda o: sum(c.right and c.counted and c.band == "code" for c in o.candidates),
        lambda o: len(o.required),
    ),
}
"""Name -> what is summed above and below the line."""


def measure(outcomes: Sequence[Outcome], *, samples: int = 0, seed: int = 0) -> dict[str, Figure]:
    """Return every figure, with intervals of the percentile bootstrap where samples are asked for.

    Args:
        outcomes: one an encounter; they are resampled in this order, so the same order gives the same bytes.
        samples: resamples of encounters with replacement; 0 for none.
        seed: of the random generator.
    """
    count = len(outcomes)
    if not count:
        return {}
    table = _Table(outcomes)
    points = table.figures(np.ones((1, count)))
    if not samples:
        return {name: Figure(_plain(values[0])) for name, values in points.items()}
    spread = table.figures(_draw(count, samples, seed))
    return {name: _interval(values[0], spread[name]) for name, values in points.items()}


def with_interval(function: Callable[[Array], Array], count: int, samples: int, seed: int) -> Figure:
    """Return a figure that is a function of weights (samples by encounters), with its interval."""
    value = function(np.ones((1, count)))[0]
    return _interval(value, function(_draw(count, samples, seed))) if samples else Figure(_plain(value))


def _draw(count: int, samples: int, seed: int) -> Array:
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=samples)
    return drawn.astype(np.float64)


def _interval(value: float, drawn: Array) -> Figure:
    known = drawn[~np.isnan(drawn)]
    if np.isnan(value) or not known.size:
        return Figure(_plain(value))
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Figure(_plain(value), _plain(low), _plain(high))


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)


class _Table:
    """The sums that the figures are made of, a row an encounter."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self.above = _columns(outcomes, [above for above, _ in RATIOS.values()])
        self.below = _columns(outcomes, [below for _, below in RATIOS.values()])
        codes = sorted({code for o in outcomes for code in (*o.required, *o.suggested)})
        self.found = _membership(codes, (o.found for o in outcomes))
        self.required = _membership(codes, (o.required for o in outcomes))
        self.suggested = _membership(codes, (o.suggested for o in outcomes))
        self.bin_score, self.bin_right, self.bin_count = _bins(outcomes)

    def figures(self, weights: Array) -> dict[str, Array]:
        """Return each figure for each row of weights (samples by encounters); nan for nothing to measure."""
        found = dict(zip(RATIOS, _divide(weights @ self.above, weights @ self.below).T, strict=True))
        found |= self._by_code(weights)
        found |= self._calibration(weights, found["brier"])
        return found

    def _by_code(self, weights: Array) -> dict[str, Array]:
        """Return the means over codes; one that nobody requires has no recall but spoils precision and F1."""
        right, required, suggested = (weights @ m for m in (self.found, self.required, self.suggested))
        each = {
            "macro_precision": _divide(right, suggested),
            "macro_recall": _divide(right, required),
            "macro_f1": _divide(2 * right, required + suggested),
        }
        return {name: _mean_of_known(values) for name, values in each.items()}

    def _calibration(self, weights: Array, brier: Array) -> dict[str, Array]:
        score, right, count = (weights @ m for m in (self.bin_score, self.bin_right, self.bin_count))
        total = count.sum(axis=1)
        base = _divide(right.sum(axis=1), total)
        return {
            "base_rate": base,
            "brier_skill": 1 - _divide(brier, base * (1 - base)),
            "ece": _divide(np.abs(score - right).sum(axis=1), total),
        }


def _columns(outcomes: Sequence[Outcome], functions: Iterable[Callable[[Outcome], float]]) -> Array:
    return np.array([[float(f(outcome)) for outcome in outcomes] for f in functions]).T


def _membership(codes: Sequence[str], rows: Iterable[Iterable[str]]) -> Array:
    places = {code: place for place, code in enumerate(codes)}
    each = [set(row) for row in rows]
    matrix = np.zeros((len(each), len(codes)))
    for number, row in enumerate(each):
        for code in row:
            matrix[number, places[code]] = 1
    return matrix


def bin_of(score: float) -> int:
    """Return the tenth that a score lies in, 0 to 9."""
    return min(BINS - 1, int(score * BINS))


def _bins(outcomes: Sequence[Outcome]) -> tuple[Array, Array, Array]:
    score, right, count = (np.zeros((len(outcomes), BINS)) for _ in range(3))
    for number, outcome in enumerate(outcomes):
        for value, is_right in scores(outcome):
            place = bin_of(value)
            score[number, place] += value
            right[number, place] += is_right
            count[number, place] += 1
    return score, right, count


def _divide(above: Array, below: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(below > 0, above / below, np.nan)


def _mean_of_known(values: Array) -> Array:
    known = ~np.isnan(values)
    return _divide(np.where(known, values, 0).sum(axis=1), known.sum(axis=1).astype(np.float64))


def reliability(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """Return the bins that hold suggestions: mean score and share that was right."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for outcome in outcomes:
        for pair in scores(outcome):
            bins.setdefault(bin_of(pair[0]), []).append(pair)
    return [
        {
            "from": place / BINS,
            "to": (place + 1) / BINS,
            "suggestions": len(pairs),
            "mean_score": round(sum(score for score, _ in pairs) / len(pairs), 6),
            "right": round(sum(right for _, right in pairs) / len(pairs), 6),
        }
        for place, pairs in sorted(bins.items())
    ]
