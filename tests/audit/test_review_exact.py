"""The exact limits by another way: sums of whole numbers and halving, without the library that we use.

The limits that are printed come from the quantiles of the beta and hypergeometric distributions (scipy).
Here they are found anew from the definition of Clopper and Pearson: the lower limit is the share at which
so many or more in the sample are seen in half of what confidence leaves, the upper one at which so many
or fewer.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import comb

import pytest

from audit.review.rates import clopper_pearson, finite_limits

SMALL = [
    (c, n, level) for c, n in ((0, 1), (1, 1), (1, 29), (3, 10), (59, 60)) for level in (0.9, 0.95, 0.99)
]
GRID = [*SMALL, (0, 20, 0.95), (15, 148, 0.95), (81, 263, 0.95), (2, 300, 0.95), (30, 30, 0.95)]


_PLACES = 2**34


def _at_least(count: int, of: int, share: Fraction) -> Fraction:
    top, base = share.numerator, share.denominator
    return Fraction(
        sum(comb(of, k) * top**k * (base - top) ** (of - k) for k in range(count, of + 1)), base**of
    )


def _halve(rises: Callable[[Fraction], bool]) -> float:
    """The share at which a condition begins to hold, within 2^-34."""
    low, high = 0, _PLACES
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if rises(Fraction(middle, _PLACES)) else (middle, high)
    return high / _PLACES


@pytest.mark.parametrize(("count", "of", "confidence"), GRID)
def test_limits_of_a_proportion_are_those_of_its_definition(count: int, of: int, confidence: float):
    tail = (1 - Fraction(str(confidence))) / 2
    low = 0.0 if count == 0 else _halve(lambda share: _at_least(count, of, share) >= tail)
    high = 1.0 if count == of else _halve(lambda share: 1 - _at_least(count + 1, of, share) <= tail)
    assert clopper_pearson(count, of, confidence) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize(("of", "confidence"), [(20, 0.95), (60, 0.95), (59, 0.90), (300, 0.99)])
def test_none_found_gives_the_limit_in_closed_form(of: int, confidence: float):
    tail = (1 - confidence) / 2
    assert clopper_pearson(0, of, confidence) == (0.0, pytest.approx(1 - tail ** (1 / of)))
    assert clopper_pearson(of, of, confidence) == (pytest.approx(tail ** (1 / of)), 1.0)


@pytest.mark.parametrize(
    ("count", "of", "frame"), [(3, 60, 5000), (0, 60, 800), (60, 60, 800), (12, 217, 500), (1, 30, 44108)]
)
def test_limits_of_a_large_frame_are_the_shares_that_the_sample_does_not_contradict(
    count: int, of: int, frame: int
):
    def seen(units: int, counts: range) -> Fraction:
        ways = sum(comb(units, k) * comb(frame - units, of - k) for k in counts)
        return Fraction(ways, comb(frame, of))

    low, high = (round(limit * frame) for limit in finite_limits(count, of, frame))
    half = Fraction(25, 1000)
    at_least, at_most = range(count, of + 1), range(count + 1)
    assert seen(low, at_least) > half
    assert seen(high, at_most) > half
    if low > count:
        assert seen(low - 1, at_least) <= half
    if high < frame - (of - count):
        assert seen(high + 1, at_most) <= half
