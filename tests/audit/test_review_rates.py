"""Rates and samples equal what is published."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.review.agreement import agreement
from audit.review.rates import clopper_pearson, finite_limits, rate, sample_size
from audit.review.sample import Plan, allocate, draw, read_numbers
from nlp.errors import InputError

# Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 5 (Clopper–Pearson).
NEWCOMBE = [
    (81, 263, 0.2527, 0.3676),
    (15, 148, 0.0578, 0.1617),
    (0, 20, 0.0000, 0.1684),
    (1, 29, 0.0009, 0.1776),
]
# The exact 95% limits for ten trials in per cent, as in the Geigy Scientific Tables.
TEN = [
    (0, 0.00, 30.85),
    (1, 0.25, 44.50),
    (2, 2.52, 55.61),
    (3, 6.67, 65.25),
    (4, 12.16, 73.76),
    (5, 18.71, 81.29),
]
# Krejcie and Morgan, Educational and Psychological Measurement 30 (1970) 607-610, table 1.
KREJCIE_MORGAN = [
    (10, 10), (15, 14), (50, 44), (100, 80), (200, 132), (250, 152), (300, 169), (400, 196), (500, 217),
    (600, 234),
    (800, 260), (1000, 278), (1500, 306), (2000, 322), (3000, 341), (5000, 357), (10000, 370), (20000, 377),
    (75000, 382), (1000000, 384),
]  # fmt: skip


@pytest.mark.parametrize(("count", "of", "low", "high"), NEWCOMBE)
def test_limits_are_those_of_newcombe(count: int, of: int, low: float, high: float):
    assert [round(limit, 4) for limit in clopper_pearson(count, of)] == [low, high]


@pytest.mark.parametrize(("count", "low", "high"), TEN)
def test_limits_of_ten_trials_are_those_of_the_tables(count: int, low: float, high: float):
    assert [round(100 * limit, 2) for limit in clopper_pearson(count, 10)] == [low, high]
    assert [round(100 * limit, 2) for limit in clopper_pearson(10 - count, 10)] == [
        pytest.approx(100 - high, abs=0.011),
        pytest.approx(100 - low, abs=0.011),
    ]


@pytest.mark.parametrize(("frame", "size"), KREJCIE_MORGAN)
def test_sample_sizes_are_those_of_krejcie_and_morgan(frame: int, size: int):
    assert sample_size(frame) == size


def test_kappa_is_that_of_the_textbook_example():
    # Two readers of 50 proposals: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no; observed 0.70, expected 0.50.
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    found = agreement(pairs)
    assert (found.rows, found.alike) == (50, 35)
    assert found.kappa == pytest.approx(0.4)
    assert agreement([("agree", "agree")] * 3).kappa is None


@given(st.data())
def test_limits_of_a_frame_are_the_numbers_that_the_sample_does_not_contradict(data: st.DataObject):
    from math import comb

    frame = data.draw(st.integers(1, 60))
    of = data.draw(st.integers(1, frame))
    count = data.draw(st.integers(0, of))

    def chance(units: int, counts: range) -> float:
        return sum(comb(units, k) * comb(frame - units, of - k) for k in counts) / comb(frame, of)

    possible = range(count, frame - (of - count) + 1)
    low = next(u for u in possible if chance(u, range(count, of + 1)) > 0.025)
    high = next(u for u in reversed(possible) if chance(u, range(count + 1)) > 0.025)
    assert finite_limits(count, of, frame) == (low / frame, high / frame)


def test_a_whole_frame_leaves_no_doubt_and_an_endless_one_as_much_as_clopper_and_pearson():
    assert finite_limits(5, 20, 20) == (0.25, 0.25)
    assert finite_limits(5, 20, 10**8) == pytest.approx(clopper_pearson(5, 20), abs=1e-6)


def test_nothing_reviewed_gives_no_limits():
    assert rate(0, 0).low is None
    with pytest.raises(ValueError, match="larger"):
        rate(3, 2)


FRAME = [f"E{n}" for n in range(1, 101)]


def test_the_same_seed_draws_the_same_sample_and_another_one_another():
    first, again, other = (draw(FRAME, Plan(10, seed, spares=5)) for seed in (7, 7, 8))
    assert first == again != other
    assert [one.order for one in first] == list(range(1, 16))
    assert [one.spare for one in first] == [False] * 10 + [True] * 5
    assert len({one.unit for one in first}) == 15
    assert all(FRAME[one.number - 1] == one.unit for one in first)


def test_every_encounter_is_drawn_about_as_often():
    drawn = Counter(one.unit for seed in range(2000) for one in draw(FRAME, Plan(10, seed)))
    assert len(drawn) == 100
    assert 130 < min(drawn.values()) <= max(drawn.values()) < 270  # 200 expected, deviation 13.4


def test_strata_get_their_share_and_the_floor():
    shares = allocate({"a": 800, "b": 150, "c": 45, "d": 2}, 40, 3)
    assert sum(shares.values()) == 40
    assert shares["d"] == 2  # all that it has
    assert min(shares[name] for name in "abc") >= 3
    assert shares["a"] > shares["b"] > shares["c"]
    strata = {unit: "big" if number > 5 else "small" for number, unit in enumerate(FRAME)}
    sample = draw(FRAME, Plan(10, 1, by="provider", floor=3, spares=4), strata)
    assert Counter(one.stratum for one in sample if not one.spare)["small"] >= 3
    assert len(sample) == 14


def test_floors_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="a floor of 3 in 4 strata"):
        allocate(dict.fromkeys("abcd", 10), 11, 3)
    with pytest.raises(InputError, match="cannot be drawn"):
        draw(FRAME, Plan(101))


def test_an_outside_list_is_taken_in_its_order():
    numbers = read_numbers(["17, 3", "99"])
    sample = draw(FRAME, Plan(2, numbers=numbers))
    assert [(one.unit, one.spare) for one in sample] == [("E17", False), ("E3", False), ("E99", True)]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [(["3", "x7"], "line 2"), (["3", "3"], "twice"), ([""], "empty"), (["101"], "1 to 100")],
)
def test_a_list_that_cannot_be_followed_is_refused(lines: list[str], sentence: str):
    with pytest.raises(InputError, match=sentence):
        draw(FRAME, Plan(1, numbers=read_numbers(lines)))
