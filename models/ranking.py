"""The learned score: from the features of a candidate to the probability that a coder reports it.

Many trees, each grown with chance in its questions, say how often a coder reported what looks like this one
("unspecified, and a word of cause beside it"); a line through the log-odds of their mean makes a probability
of it. All numbers stand in ranking.json; scikit-learn is needed to learn them, not here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from models.artefact import read_artefact
from nlp.errors import KnowledgeError

FILE = "ranking.json"
_KEYS = ("features", "trees", "calibration", "code_from")
_LOWEST, _HIGHEST = 0.01, 0.99  # no answer is certain

Tree = float | tuple[int, float, "Tree", "Tree"]
"""A leaf, or: the place of a feature, a threshold, what follows up to it, what follows above it."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The parameters: features by their place, trees, and the least score of band `code`."""

    names: tuple[str, ...]
    trees: tuple[Tree, ...]
    slope: float
    shift: float
    code_from: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability, from 0.01 to 0.99, that a coder reports the candidate."""
        missing = [name for name in self.names if name not in features]
        if missing:
            raise KnowledgeError(f"models/{FILE}: is of another version of Corrin; run corrin train")
        return round(self.of_row([features[name] for name in self.names]), 3)

    def of_row(self, row: Sequence[float]) -> float:
        """Return the probability, not rounded, for the features in the order of `names`."""
        log_odds = self.slope * _logit(self.raw(row)) + self.shift
        return min(_HIGHEST, max(_LOWEST, _sigmoid(log_odds)))

    def raw(self, row: Sequence[float]) -> float:
        """Return the mean of the trees, before it is made a probability."""
        return sum([_fall(tree, row) for tree in self.trees]) / len(self.trees)


def from_mapping(content: Mapping[str, Any]) -> Ranking:
    """Make the parameters of the object that ranking.json holds."""
    return Ranking(
        names=tuple(content["features"]),
        trees=tuple(_tree(node) for node in content["trees"]),
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
    content = read_artefact(FILE, _KEYS)
    try:
        return _sound(from_mapping(content))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise KnowledgeError(f"models/{FILE}: damaged; reinstall Corrin or run corrin train") from error


def _sound(known: Ranking) -> Ranking:
    """Refuse parameters that are no numbers, or ask for a feature that is not listed."""
    numbers = (known.slope, known.shift, known.code_from)
    if not known.trees or not all(math.isfinite(number) for number in numbers):
        raise ValueError("not a number")
    waiting = list(known.trees)
    while waiting:
        tree = waiting.pop()
        if isinstance(tree, tuple):
            if not 0 <= tree[0] < len(known.names):
                raise ValueError("no such feature")
            waiting += tree[2:]
    return known


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
