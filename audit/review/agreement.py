"""How far two reviewers agree: the share of rows they dispose of alike, and Cohen's kappa."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """Rows that two reviewers disposed of, those alike, and kappa (None where chance leaves nothing)."""

    rows: int
    alike: int
    kappa: float | None


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Return the agreement of two reviewers.

    Kappa is (observed − expected) / (1 − expected), the expected share being that of two reviewers who
    give the same dispositions as often, but at random (Cohen 1960).
    """
    rows = len(pairs)
    alike = sum(first == second for first, second in pairs)
    if not rows:
        return Agreement(0, 0, None)
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    expected = sum(firsts[name] * seconds[name] for name in firsts) / rows**2
    kappa = None if expected == 1 else (alike / rows - expected) / (1 - expected)
    return Agreement(rows, alike, kappa)
