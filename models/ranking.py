"""The learned score: from the features of a candidate to the probability that a coder reports it.

Two readings are averaged, a weighted sum that anyone can check and a few small trees that hear what
holds only together ("unspecified, and a word of cause beside it"); a line through their log-odds makes a
probability of the mean. All numbers stand in ranking.json; scikit-learn is needed to learn them, not here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from models.artefact import read_artefact

FILE = "ranking.json"
_KEYS = ("features", "sum", "trees", "calibration", "code_from")
_LOWEST, _HIGHEST = 0.01, 0.99  # no answer is certain

Tree = float | tuple[int, float, "Tree", "Tree"]
"""A leaf, or: the place of a feature, a threshold, what follows up to it, what follows above it."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The parameters; `weights` in the order of `names`; `code_from` is the least score of band `code`."""

    names: tuple[str, ...]
    intercept: float
    weights: tuple[float, ...]
    start: float
    trees: tuple[Tree, ...]
    slope: float
    shift: float
    code_from: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability, from 0.01 to 0.99, that a coder reports the candidate."""
        row = [features[name] for name in self.names]
        log_odds = self.slope * _logit(self.raw(row)) + self.shift
        return round(min(_HIGHEST, max(_LOWEST, _sigmoid(log_odds))), 3)

    def raw(self, row: Sequence[float]) -> float:
        """Return the mean of both readings, before it is made a probability."""
        total = self.intercept + sum(w * x for w, x in zip(self.weights, row, strict=True))
        grown = self.start + sum(_fall(tree, row) for tree in self.trees)
        return (_sigmoid(total) + _sigmoid(grown)) / 2


def from_mapping(content: Mapping[str, Any]) -> Ranking:
    """Make the parameters of the object that ranking.json holds."""
    return Ranking(
        names=tuple(content["features"]),
        intercept=content["sum"]["intercept"],
        weights=tuple(content["sum"]["weights"][name] for name in content["features"]),
        start=content["trees"]["start"],
        trees=tuple(_tree(node) for node in content["trees"]["trees"]),
        slope=content["calibration"]["slope"],
        shift=content["calibration"]["shift"],
        code_from=content["code_from"],
    )


@cache
def ranking() -> Ranking:
    """Return the parameters that come with Corrin.

    Raises:
        KnowledgeError: the file is missing or not of its form.
    """
    return from_mapping(read_artefact(FILE, _KEYS))


def _tree(node: Any) -> Tree:
    if isinstance(node, list):
        place, threshold, low, high = node
        return place, threshold, _tree(low), _tree(high)
    return float(node)


def _fall(tree: Tree, row: Sequence[float]) -> float:
    while isinstance(tree, tuple):
        place, threshold, low, high = tree
        tree = low if row[place] <= threshold else high
    return tree


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def _logit(share: float) -> float:
    share = min(1 - 1e-6, max(1e-6, share))
    return math.log(share / (1 - share))
