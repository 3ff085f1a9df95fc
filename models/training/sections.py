"""Learn from notes with headers, with the headers taken out, how an assessment is worded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from models.artefact import FORMAT
from models.sections import from_mapping
from nlp.facts import SectionCategory
from nlp.layout import read_layout
from nlp.layout.sections import JUDGEMENT
from nlp.layout.wording import sentence_features
from nlp.view import normalise

STRENGTH = 0.05  # inverse of the penalty on the weights
LEAST = 20  # sentences in which a feature must stand
SMALLEST = 0.03  # weight below which a feature is left out
PATH = {"enter": 4.0, "leave": 4.0, "shift": 0.5}
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Bare:
    """A note without its headers: features of its sentences, and whether each stood in an assessment."""

    id: str
    rows: tuple[dict[str, float], ...]
    judged: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Worded:
    """The object of sections.json, and how well notes were read whose sentences were not learned from."""

    content: dict[str, Any]
    notes: int
    sentences: int
    f1: float


def without_headers(text: str) -> tuple[str, list[int], list[SectionCategory | None]]:
    """Return the note without its headers, where each character stood, and the section of each place.

    A place under no header has no section.
    """
    layout = read_layout(text, wordwise=False)
    keep = [True] * len(text)
    under: list[SectionCategory | None] = [None] * len(text)
    for section in layout.sections:
        if section.title:
            keep[section.start : section.start + len(section.title)] = [False] * len(section.title)
            under[section.start : section.end] = [section.category] * (section.end - section.start)
    places = [index for index, kept in enumerate(keep) if kept]
    return "".join(text[index] for index in places), places, under


def bare_note(name: str, text: str) -> Bare | None:
    """Return a note without its headers, None where no header tells of an assessment."""
    stripped, places, under = without_headers(text)
    if not any(category in JUDGEMENT for category in under):
        return None
    units = read_layout(stripped, wordwise=False).units
    judged = tuple(under[places[(unit.start + unit.end) // 2]] in JUDGEMENT for unit in units)
    return Bare(name, tuple(sentence_features(normalise(stripped), units)), judged)


def learn(notes: Iterable[tuple[str, str]]) -> Worded:
    """Return the parameters that notes give (id of the encounter, text), and a check by encounter.

    The check leaves out a fifth of the encounters at a time.
    """
    bare = [found for name, text in notes if (found := bare_note(name, text)) is not None]
    groups = np.array([note.id for note in bare])
    answers: dict[int, list[bool]] = {}
    for rest, held in GroupKFold(FOLDS).split(groups, groups=groups):
        model = from_mapping(_fit([bare[i] for i in rest]))
        answers |= {int(i): model.path([model.log_odds(row) for row in bare[i].rows]) for i in held}
    right = [value for note in bare for value in note.judged]
    given = [value for i in range(len(bare)) for value in answers[i]]
    return Worded(_fit(bare), len(bare), len(right), float(f1_score(right, given)))


def _fit(bare: Sequence[Bare]) -> dict[str, Any]:
    counts = Counter(name for note in bare for row in note.rows for name, value in row.items() if value)
    kept = {name for name, count in counts.items() if count >= LEAST}
    rows = [{name: row[name] for name in row if name in kept} for note in bare for row in note.rows]
    table = DictVectorizer(sort=True)
    x = table.fit_transform(rows)
    right = np.array([value for note in bare for value in note.judged])
    fit = LogisticRegression(C=STRENGTH, max_iter=5000, tol=1e-6).fit(x, right)
    weights = zip(table.feature_names_, fit.coef_[0], strict=True)
    return {
        "format": FORMAT,
        "intercept": round(float(fit.intercept_[0]), 3),
        "weights": {name: round(float(w), 3) for name, w in weights if abs(w) >= SMALLEST},
        "path": PATH,
    }
