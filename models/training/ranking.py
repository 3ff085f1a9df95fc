"""Learn the score: fit, check on unseen authors, make a probability, choose the edge of the band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression

from models.artefact import FORMAT
from models.ranking import from_mapping
from models.training.material import Contact

Array = NDArray[np.float64]

TREES, DEPTH, LEAF = 60, 12, 8
HALF_READ_WEIGHT = 0.5  # of a suggestion to a half-read note beside one of a first contact
RIGHT_IN_CODE = 0.97  # of the suggestions in band `code` to authors that were not learned from
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Table:
    """Suggestions as rows.

    `author` parts them for checking, `note` is their encounter; `typical` are those of a program about as
    good as this one, so that they tell how often it errs.
    """

    x: Array
    right: Array
    weight: Array
    counted: NDArray[np.bool_]
    care: NDArray[np.bool_]
    typical: NDArray[np.bool_]
    hand_made: Array
    author: NDArray[np.str_]
    note: NDArray[np.str_]

    def take(self, rows: NDArray[np.bool_]) -> Table:
        """Return some of the rows."""
        return Table(*(getattr(self, name)[rows] for name in Table.__slots__))


@dataclass(frozen=True, slots=True)
class Learned:
    """The object of ranking.json, and the rows of unseen authors, each with the score that it got.

    `required` counts the codes that the gold of the typical notes demands, found or not.
    """

    content: dict[str, Any]
    table: Table
    scores: Array
    required: int


def table_of(contacts: Sequence[Contact], names: Sequence[str], weight: float) -> Table:
    """Return the suggestions of contacts as rows, in their order."""
    rows = [(contact, example) for contact in contacts for example in contact.examples]
    return Table(
        x=np.array([[e.features[name] for name in names] for _, e in rows]).reshape(len(rows), len(names)),
        right=np.array([float(e.right) for _, e in rows]),
        weight=np.full(len(rows), weight),
        counted=np.array([e.counted for _, e in rows], dtype=bool),
        care=np.array([e.features["care"] > 0 for _, e in rows], dtype=bool),
        typical=np.array([c.is_typical for c, _ in rows], dtype=bool),
        hand_made=np.array([e.hand_made for _, e in rows]),
        author=np.array([c.author for c, _ in rows], dtype=str),
        note=np.array([c.id for c, _ in rows], dtype=str),
    )


def learn(met: Sequence[Contact], half: Sequence[Contact], names: Sequence[str], seed: int) -> Learned:
    """Return the parameters, and the scores that authors got from parameters learned without them.

    Args:
        met: answers to notes that nobody had read when they were answered.
        half: answers to half-read notes; of an author that is checked they are left out, too.
        names: of the features, in the order of the parameters.
        seed: of the trees.
    """
    real, synthetic = table_of(met, names, 1.0), table_of(half, names, HALF_READ_WEIGHT)
    raw = np.zeros(len(real.right))
    for author in sorted(set(real.author)):
        rest = [real.take(real.author != author), synthetic.take(synthetic.author != author)]
        rows = real.author == author
        raw[rows] = _raw(_fit(rest, names, seed), real.x[rows])
    scores, told = np.zeros(len(raw)), real.counted & real.typical
    for author in sorted(set(real.author)):  # the line, too, is drawn without the author
        rows = real.author == author
        others = ~rows & told
        scores[rows] = _calibrated(raw[rows], *_line(raw[others], real.right[others]))
    slope, shift = _line(raw[told], real.right[told])
    content = _fit([real, synthetic], names, seed)
    content["calibration"] = {"slope": slope, "shift": shift}
    content["code_from"] = _edge(real, scores)
    required = sum(c.required for c in met if c.is_typical)
    return Learned(content, real, scores, required)


def _fit(parts: Sequence[Table], names: Sequence[str], seed: int) -> dict[str, Any]:
    x, right, weight = (np.concatenate([getattr(p, n) for p in parts]) for n in ("x", "right", "weight"))
    grown = ExtraTreesClassifier(
        n_estimators=TREES, max_depth=DEPTH, min_samples_leaf=LEAF, random_state=seed
    ).fit(x, right, sample_weight=weight)
    plain = [bool(np.isin(column, (0.0, 1.0)).all()) for column in x.T]
    return {
        "format": FORMAT,
        "features": list(names),
        "trees": [_node(tree.tree_, 0, plain) for tree in grown.estimators_],
        "calibration": {"slope": 1.0, "shift": 0.0},
        "code_from": 0.5,
    }


def _node(tree: Any, place: int, plain: Sequence[bool]) -> Any:
    """Return a tree as nested lists; features that are either 0 or 1 are parted in the middle."""
    if tree.children_left[place] < 0:
        wrong, right = tree.value[place][0]
        return _round(right / (wrong + right))
    low, high = (_node(tree, side[place], plain) for side in (tree.children_left, tree.children_right))
    if low == high:
        return low
    feature = int(tree.feature[place])
    return [feature, 0.5 if plain[feature] else _round(tree.threshold[place]), low, high]


def _raw(content: dict[str, Any], x: Array) -> Array:
    model = from_mapping(content)
    return np.array([model.raw(row) for row in x.tolist()], dtype=np.float64)


def _logit(share: Array) -> Array:
    clipped = np.clip(share, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(clipped / (1 - clipped)), dtype=np.float64)


def _line(raw: Array, right: Array) -> tuple[float, float]:
    """Return slope and shift that make the log-odds those of what happened (Platt)."""
    fit = LogisticRegression(C=1.0, max_iter=5000, tol=1e-8).fit(_logit(raw)[:, None], right)
    return _round(fit.coef_[0][0]), _round(fit.intercept_[0])


def _calibrated(raw: Array, slope: float, shift: float) -> Array:
    return np.asarray(np.clip(1 / (1 + np.exp(-(slope * _logit(raw) + shift))), 0.01, 0.99), dtype=np.float64)


def _edge(table: Table, scores: Array) -> float:
    """Return the lowest score from which on band `code` is right as often as it should be."""
    rows = table.counted & table.typical & ~table.care
    edges = np.unique(np.round(scores[rows], 3))
    for edge in edges.tolist():
        if table.right[rows & (scores >= edge)].mean() >= RIGHT_IN_CODE:
            return float(edge)
    return float(edges[-1]) if len(edges) else 0.5


def _round(value: float, digits: int = DIGITS) -> float:
    return round(float(value), digits)
