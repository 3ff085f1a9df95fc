"""Figures of scores on suggestions whose rightness is known, as `corrin evaluate` counts them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

Array = NDArray[np.float64]
BINS = 10


def brier(scores: Array, right: Array) -> float:
    """Return the mean squared error."""
    return float(np.mean((scores - right) ** 2))


def skill(scores: Array, right: Array) -> float:
    """Return one minus the Brier score by that of always saying the base rate."""
    base = float(np.mean(right))
    return 1 - brier(scores, right) / (base * (1 - base))


def calibration_error(scores: Array, right: Array) -> float:
    """Return the expected calibration error over ten equal bins."""
    place = np.minimum(BINS - 1, (scores * BINS).astype(int))
    gaps = [
        abs(scores[place == b].mean() - right[place == b].mean()) * (place == b).mean()
        for b in np.unique(place)
    ]
    return float(sum(gaps))


def separation(scores: Array, right: Array) -> float:
    """Return how often a right suggestion scores above a wrong one."""
    return float(roc_auc_score(right, scores))


def mean_average_precision(scores: Array, right: Array, notes: Sequence[str] | NDArray[np.str_]) -> float:
    """Return the mean over the notes where some suggestions are right and some are not."""
    names = np.asarray(notes)
    values = [
        average_precision_score(right[names == name], scores[names == name])
        for name in sorted(set(names.tolist()))
        if len(set(right[names == name].tolist())) > 1
    ]
    return float(np.mean(values)) if values else float("nan")
