"""Exact intervals for rates, and the size of a sample. Nothing here knows what is counted.

Clopper and Pearson (Biometrika 26, 1934) give the interval of a proportion; where the sample is drawn
without replacement from a frame of known size, the same two tests by the hypergeometric distribution
give the exact limits with the finite population taken into account. Sample sizes are Cochran's with his
correction for a finite population, in the form of Krejcie and Morgan (1970).
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """A count out of another with its exact limits at a level of confidence.

    `low`, `high` are Clopper–Pearson; `finite_low`, `finite_high` those for a sample of a frame of
    `frame` units, None where its size is unknown. All are None where nothing was counted.
    """

    count: int
    of: int
    confidence: float
    low: float | None
    high: float | None
    frame: int | None = None
    finite_low: float | None = None
    finite_high: float | None = None

    @property
    def value(self) -> float | None:
        """The rate itself."""
        return self.count / self.of if self.of else None


def rate(count: int, of: int, *, frame: int | None = None, confidence: float = 0.95) -> Rate:
    """Return a rate with its exact limits.

    Args:
        count: units that have the property, of those looked at.
        of: units looked at.
        frame: units from which they were drawn at random; None where that is unknown.
        confidence: of the two-sided interval.

    Raises:
        ValueError: the counts contradict each other.
    """
    if not 0 <= count <= of or (frame is not None and of > frame):
        raise ValueError("a count is larger than what it is of")
    if of == 0:
        return Rate(count, of, confidence, None, None, frame)
    low, high = clopper_pearson(count, of, confidence)
    if frame is None:
        return Rate(count, of, confidence, low, high)
    finite_low, finite_high = finite_limits(count, of, frame, confidence)
    return Rate(count, of, confidence, low, high, frame, finite_low, finite_high)


def clopper_pearson(count: int, of: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact limits of a binomial proportion."""
    from scipy.stats import beta

    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(beta.ppf(tail, count, of - count + 1))
    high = 1.0 if count == of else float(beta.ppf(1 - tail, count + 1, of - count))
    return low, high


def finite_limits(count: int, of: int, frame: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact limits of a proportion of a frame, from a sample without replacement.

    The limits are the least and the largest number of units of the frame that the sample does not
    contradict, each at half of what confidence leaves, divided by the frame.
    """
    from scipy.stats import hypergeom

    tail = (1 - confidence) / 2
    least, most = count, frame - (of - count)

    def is_not_too_few(units: int) -> bool:
        return float(hypergeom.sf(count - 1, frame, units, of)) > tail

    def is_not_too_many(units: int) -> bool:
        return float(hypergeom.cdf(count, frame, units, of)) > tail

    low, high = least, most
    begin, end = least, most  # the first number of units that is not too few
    while begin < end:
        middle = (begin + end) // 2
        if is_not_too_few(middle):
            end = middle
        else:
            begin = middle + 1
    low = begin
    begin, end = least, most  # the last that is not too many
    while begin < end:
        middle = (begin + end + 1) // 2
        if is_not_too_many(middle):
            begin = middle
        else:
            end = middle - 1
    high = begin
    return low / frame, high / frame


def sample_size(frame: int, *, margin: float = 0.05, expected: float = 0.5, confidence: float = 0.95) -> int:
    """Return how many units to draw so that a rate is known within a margin.

    Args:
        frame: units to draw from.
        margin: half of the width of the interval that is wished for.
        expected: the rate as it is thought to be; 0.5 asks for the most units.
        confidence: of the interval.

    Raises:
        ValueError: a rate or margin is not between 0 and 1.
    """
    from scipy.stats import norm

    if not (0 < margin < 1 and 0 < expected < 1 and 0 < confidence < 1):
        raise ValueError("margin, expected rate and confidence lie between 0 and 1")
    if frame <= 0:
        return 0
    spread = float(norm.ppf(1 - (1 - confidence) / 2)) ** 2 * expected * (1 - expected)
    return min(frame, math.ceil(spread * frame / (margin**2 * (frame - 1) + spread) - 0.5))
