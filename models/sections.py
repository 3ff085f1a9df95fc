"""Which sentences of a text without headers are its assessment: weights of words, and a path through them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from models.artefact import read_artefact

FILE = "sections.json"
_KEYS = ("intercept", "weights", "path")


@dataclass(frozen=True, slots=True)
class Wording:
    """The parameters; `enter` and `leave` are what it costs, in log-odds, to begin and end an assessment.

    `words` and `firsts` are the weights of words anywhere in a sentence and at its head, by the bare word.
    """

    base: float
    weights: Mapping[str, float]
    enter: float
    leave: float
    words: Mapping[str, float] = field(repr=False)
    firsts: Mapping[str, float]

    def log_odds(self, features: Mapping[str, float]) -> float:
        """Return how much speaks for a sentence being of the assessment."""
        return self.base + sum(self.weights.get(name, 0.0) * value for name, value in features.items())

    def path(self, log_odds: Sequence[float]) -> list[bool]:
        """Return for each sentence whether it is of the assessment: the likeliest path in and out of it."""
        odds = [max(-9.0, min(9.0, value)) for value in log_odds]
        if not odds:
            return []
        outside, inside = 0.0, odds[0] - self.enter / 2
        # whether the best way to be outside, and to be inside, comes from inside
        steps: list[tuple[bool, bool]] = []
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
    return Wording(
        content["intercept"] + path["shift"],
        weights,
        path["enter"],
        path["leave"],
        *(
            {n[len(kind) :]: w for n, w in weights.items() if n.startswith(kind)}
            for kind in ("word ", "first ")
        ),
    )


_instead: ContextVar[Wording | None] = ContextVar("wording", default=None)


def wording() -> Wording:
    """Return the parameters that come with Corrin, or those that `speaking` has put in their place.

    Raises:
        KnowledgeError: the file is missing or not of its form.
    """
    return _instead.get() or _shipped()


@contextmanager
def speaking(model: Wording) -> Iterator[None]:
    """Read notes by other parameters, as training does by those that it has just learned."""
    token = _instead.set(model)
    try:
        yield
    finally:
        _instead.reset(token)


@cache
def _shipped() -> Wording:
    return from_mapping(read_artefact(FILE, _KEYS))
