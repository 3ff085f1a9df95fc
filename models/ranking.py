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
from operator import getitem, itemgetter, or_
from struct import Struct
from typing import Any

from models.artefact import read_artefact
from nlp.errors import KnowledgeError

FILE = "ranking.json"
_KEYS = ("features", "trees", "calibration", "code_from")
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


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Trees in the form in which they are asked: all at once, a feature at a time.

    Each leaf has a bit in the field of its tree; fields are of one length and follow each other. A tree's
    questions about a feature close the leaves that its value does not lead to; all features together leave
    one open in each tree.
    """

    leaves: tuple[dict[bytes, float], ...] = field(repr=False)
    """Of each tree its leaves, by the bytes of a field in which one is open."""

    questions: tuple[tuple[tuple[float, ...], tuple[int, ...]], ...] = field(repr=False)
    """Of each feature its thresholds, and the leaves left open by values up to each, and above them all."""

    bundles: tuple[Bundle, ...] = field(repr=False)
    open_at_first: int = field(repr=False)
    fields: Struct = field(repr=False)

    def fall(self, row: Sequence[float]) -> list[float]:
        """Return the leaf of each tree that features lead to, in the order of the trees."""
        left = self.open_at_first
        for bundle in self.bundles:
            answers = bundle.answers(row)
            mask = bundle.known.get(answers)
            left &= self._left_open(bundle, row) if mask is None else mask
        fields = self.fields.unpack(left.to_bytes(self.fields.size, "big"))
        return list(map(getitem, self.leaves, fields))

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

    def score(self, names: Sequence[str], row: Sequence[float]) -> float:
        """Return the probability for features in the order of `names`, as `probability` does."""
        if names != self.names:
            return self.probability(dict(zip(names, row, strict=True)))
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


_Question = tuple[float, int, int, int, int]  # the threshold, and of which leaves: see _Walk


@dataclass(slots=True)
class _Walk:
    """Gathers the leaves of a tree and its questions.

    A question is kept by its feature: the threshold, the place of the tree, and where the leaves up to the
    threshold start, those above it start, and they end.
    """

    tree: int
    asked: Sequence[list[_Question]]
    leaves: list[float] = field(default_factory=list)

    def walk(self, node: Any) -> None:
        if not isinstance(node, list):
            self.leaves.append(float(node))
            return
        place, threshold, low, high = node
        if not 0 <= place < len(self.asked):
            raise ValueError("no such feature")
        start = len(self.leaves)
        self.walk(low)
        middle = len(self.leaves)
        self.walk(high)
        self.asked[place].append((threshold, self.tree, start, middle, len(self.leaves)))


def _forest(trees: Sequence[Any], features: int) -> Forest:
    """Make the questions of trees as ranking.json has them.

    Each is a leaf, or a list: the place of a feature, a threshold, what follows up to it, what above it.

    Raises:
        ValueError: a tree asks for a feature that is not listed.
    """
    asked: list[list[_Question]] = [[] for _ in range(features)]
    walks = [_Walk(place, asked) for place in range(len(trees))]
    for walk, tree in zip(walks, trees, strict=True):
        walk.walk(tree)
    leaves = tuple(tuple(walk.leaves) for walk in walks)
    length = (max(map(len, leaves), default=0) + 7) // 8  # of a field, in bytes
    open_at_first = 0
    for own in leaves:
        open_at_first = (open_at_first << (8 * length)) | (((1 << len(own)) - 1) << (8 * length - len(own)))
    questions = tuple(_masks(sorted(rows), length, open_at_first, len(trees)) for rows in asked)
    opened = [(1 << (8 * length - 1 - leaf)).to_bytes(length, "big") for leaf in range(8 * length)]
    return Forest(
        tuple(dict(zip(opened, own, strict=False)) for own in leaves),  # no tree has more leaves than bits
        questions,
        _bundles(questions),
        open_at_first,
        Struct(f"{length}s" * len(trees)),
    )


def _bundles(questions: Sequence[tuple[Sequence[float], object]]) -> tuple[Bundle, ...]:
    """Put features of one threshold together, few enough for values to come again; the others stand alone."""
    plain = [place for place, (thresholds, _) in enumerate(questions) if len(thresholds) == 1]
    fine = [place for place, (thresholds, _) in enumerate(questions) if len(thresholds) > 1]
    together = [plain[at : at + _BUNDLE] for at in range(0, len(plain), _BUNDLE)]
    return tuple(Bundle.of(places) for places in (*together, *([place] for place in fine)))


def _masks(
    questions: Sequence[_Question], length: int, open_at_first: int, trees: int
) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Return the thresholds of one feature, and what a value up to each, or above all, leaves open.

    Args:
        questions: in the order of their thresholds.
        length: of the field of a tree, in bytes.
        open_at_first: all leaves.
        trees: how many there are.
    """
    low = dict.fromkeys((threshold for threshold, *_ in questions), 0)
    high = dict.fromkeys(low, 0)
    for threshold, tree, start, middle, end in questions:
        last = 8 * length * (trees - tree)
        low[threshold] |= ((1 << (middle - start)) - 1) << (last - middle)
        high[threshold] |= ((1 << (end - middle)) - 1) << (last - end)
    shut_below = accumulate(low.values(), or_, initial=0)
    shut_above = [*accumulate(reversed(high.values()), or_, initial=0)]
    masks = (
        open_at_first - (one | other) for one, other in zip(shut_below, reversed(shut_above), strict=True)
    )
    return tuple(low), tuple(masks)


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def _logit(share: float) -> float:
    share = min(1 - 1e-6, max(1e-6, share))
    return math.log(share / (1 - share))
