"""The learned score: from the features of a candidate to the probability that a coder reports it.

Many trees, each grown with chance in its questions, say how often a coder reported what looks like this one
("unspecified, and a word of cause beside it"); a line through the log-odds of their mean makes a probability
of it. All numbers stand in ranking.json; scikit-learn is needed to learn them, not here.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from operator import itemgetter, or_
from typing import Any

from models.artefact import read_artefact
from nlp.errors import KnowledgeError

FILE = "ranking.json"
_KEYS = ("features", "trees", "calibration", "code_from")
_FIRST_LEAF = len("0b1")  # where the first leaf stands among the digits of the leaves left open
_BUNDLE = 9  # features that are looked up together
_MOST_KNOWN = 256  # values of theirs that are remembered
_LOWEST, _HIGHEST = 0.01, 0.99  # no answer is certain


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """Features that are looked up together: what their values leave open is remembered for the next time."""

    places: tuple[int, ...]
    answers: Callable[[Sequence[float]], Any]
    known: dict[Any, int]

    @classmethod
    def of(cls, places: Sequence[int]) -> Bundle:
        """Make the bundle of features by their place."""
        return cls(tuple(places), itemgetter(*places), {})


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees in the form in which they are asked: all at once, a feature at a time.

    Each leaf has a bit, those of the first tree the highest, below one that is always set. A tree's questions
    about a feature close the leaves that its value does not lead to; all features together leave one open in
    each tree.
    """

    leaves: tuple[float, ...] = field(repr=False)
    questions: tuple[tuple[tuple[float, ...], tuple[int, ...]], ...]
    """Of each feature its thresholds, and the leaves left open by values up to each, and above them all."""

    bundles: tuple[Bundle, ...] = field(repr=False)

    def fall(self, row: Sequence[float]) -> list[float]:
        """Return the leaf of each tree that features lead to, in the order of the trees."""
        left = (2 << len(self.leaves)) - 1
        for bundle in self.bundles:
            answers = bundle.answers(row)
            mask = bundle.known.get(answers)
            left &= self._left_open(bundle, row) if mask is None else mask
        digits = bin(left)
        found, place = [], digits.find("1", _FIRST_LEAF)
        while place >= 0:
            found.append(self.leaves[place - _FIRST_LEAF])
            place = digits.find("1", place + 1)
        return found

    def _left_open(self, bundle: Bundle, row: Sequence[float]) -> int:
        """Return the leaves that the features of a bundle leave open, and remember some of them."""
        left = -1
        for place in bundle.places:
            thresholds, masks = self.questions[place]
            left &= masks[bisect_left(thresholds, row[place])]
        if len(bundle.known) < _MOST_KNOWN:
            bundle.known[bundle.answers(row)] = left
        return left


@dataclass(frozen=True, slots=True)
class Ranking:
    """The parameters: features by their place, trees, and the least score of band `code`."""

    names: tuple[str, ...]
    forest: Forest = field(repr=False)
    trees: int
    slope: float
    shift: float
    code_from: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability, from 0.01 to 0.99, that a coder reports the candidate."""
        try:
            row = [features[name] for name in self.names]
        except KeyError as error:
            message = f"models/{FILE}: is of another version of Corrin; run corrin train"
            raise KnowledgeError(message) from error
        return round(self.of_row(row), 3)

    def of_row(self, row: Sequence[float]) -> float:
        """Return the probability, not rounded, for the features in the order of `names`."""
        log_odds = self.slope * _logit(self.raw(row)) + self.shift
        return min(_HIGHEST, max(_LOWEST, _sigmoid(log_odds)))

    def raw(self, row: Sequence[float]) -> float:
        """Return the mean of the trees, before it is made a probability."""
        return sum(self.forest.fall(row)) / self.trees


def from_mapping(content: Mapping[str, Any]) -> Ranking:
    """Make the parameters of the object that ranking.json holds."""
    return Ranking(
        names=tuple(content["features"]),
        forest=_forest(content["trees"], len(content["features"])),
        trees=len(content["trees"]),
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
    """Refuse parameters that are no numbers."""
    numbers = (known.slope, known.shift, known.code_from)
    if not known.trees or not all(math.isfinite(number) for number in numbers):
        raise ValueError("not a number")
    return known


_Question = tuple[float, int, int, int]  # the threshold; the leaves up to it start, those above it, and end


def _forest(trees: Sequence[Any], features: int) -> Forest:
    """Make the questions of trees as ranking.json has them.

    Each is a leaf, or a list: the place of a feature, a threshold, what follows up to it, what above it.

    Raises:
        ValueError: a tree asks for a feature that is not listed.
    """
    leaves: list[float] = []
    asked: list[list[_Question]] = [[] for _ in range(features)]

    def walk(node: Any) -> None:
        if not isinstance(node, list):
            leaves.append(float(node))
            return
        place, threshold, low, high = node
        if not 0 <= place < features:
            raise ValueError("no such feature")
        start = len(leaves)
        walk(low)
        middle = len(leaves)
        walk(high)
        asked[place].append((threshold, start, middle, len(leaves)))

    for tree in trees:
        walk(tree)
    questions = tuple(_masks(sorted(rows), len(leaves)) for rows in asked)
    return Forest(tuple(leaves), questions, _bundles(questions))


def _bundles(questions: Sequence[tuple[Sequence[float], object]]) -> tuple[Bundle, ...]:
    """Put features of one threshold together, few enough for values to come again; the others stand alone."""
    plain = [place for place, (thresholds, _) in enumerate(questions) if len(thresholds) == 1]
    fine = [place for place, (thresholds, _) in enumerate(questions) if len(thresholds) > 1]
    together = [plain[at : at + _BUNDLE] for at in range(0, len(plain), _BUNDLE)]
    return tuple(Bundle.of(places) for places in (*together, *([place] for place in fine)))


def _masks(questions: Sequence[_Question], leaves: int) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Return the thresholds of one feature, and what a value up to each, or above all, leaves open.

    Args:
        questions: in the order of their thresholds.
        leaves: how many there are.
    """
    low = dict.fromkeys((threshold for threshold, *_ in questions), 0)
    high = dict.fromkeys(low, 0)
    for threshold, start, middle, end in questions:
        low[threshold] |= ((1 << (middle - start)) - 1) << (leaves - middle)
        high[threshold] |= ((1 << (end - middle)) - 1) << (leaves - end)
    shut_below = accumulate(low.values(), or_, initial=0)
    shut_above = [*accumulate(reversed(high.values()), or_, initial=0)]
    all_open = (2 << leaves) - 1
    masks = (all_open - (one | other) for one, other in zip(shut_below, reversed(shut_above), strict=True))
    return tuple(low), tuple(masks)


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def _logit(share: float) -> float:
    share = min(1 - 1e-6, max(1e-6, share))
    return math.log(share / (1 - share))
