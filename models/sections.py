"""Which sentences of a text without headers are its assessment: weights of words, and a path through them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from models.artefact import read_artefact

FILE = "sections.json"
_KEYS = ("intercept", "weights", "path")


@dataclass(frozen=True, slots=True)
class Wording:
    """The parameters; `enter` and `leave` are what it costs, in log-odds, to begin and end an assessment."""

    intercept: float
    weights: Mapping[str, float]
    enter: float
    leave: float
    shift: float

    def log_odds(self, features: Mapping[str, float]) -> float:
        """Return how much speaks for a sentence being of the assessment."""
        total = self.intercept + self.shift
        return total + sum(self.weights.get(name, 0.0) * value for name, value in features.items())

    def path(self, rows: Sequence[Mapping[str, float]]) -> list[bool]:
        """Return for each sentence whether it is of the assessment: the likeliest path in and out of it."""
        odds = [max(-9.0, min(9.0, self.log_odds(row))) for row in rows]
        if not odds:
            return []
        outside, inside = 0.0, odds[0] - self.enter / 2
        steps: list[
            tuple[bool, bool]
        ] = []  # whether the best way to be outside, and inside, comes from inside
        for value in odds[1:]:
            left, entered = inside - self.leave, outside - self.enter
            steps.append((left > outside, inside > entered))
            outside, inside = max(outside, left), max(inside, entered) + value
        state = inside > outside
        found = [state]
        for from_inside, stays in reversed(steps):
            state = stays if state else from_inside
            found.append(state)
        return found[::-1]


def from_mapping(content: Mapping[str, Any]) -> Wording:
    """Make the parameters of the object that sections.json holds."""
    path = content["path"]
    weights = {name: float(weight) for name, weight in content["weights"].items()}
    if not all(math.isfinite(weight) for weight in weights.values()):
        raise ValueError("a weight is no number")
    return Wording(content["intercept"], weights, path["enter"], path["leave"], path["shift"])


@cache
def wording() -> Wording:
    """Return the parameters that come with Corrin.

    Raises:
        KnowledgeError: the file is missing or not of its form.
    """
    return from_mapping(read_artefact(FILE, _KEYS))
