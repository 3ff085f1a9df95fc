"""The limit on a note counts steps: the same note is refused everywhere, whatever the machine."""

from __future__ import annotations

import pytest

from nlp.errors import InputError
from nlp.steps import TooLongError, limited, spend
from suggest import suggest_codes

NOTE = "A/P: Vitamin B12 deficiency due to metformin, start cyanocobalamin. Ferritin 9.\n"


def steps_of(text: str) -> int:
    with limited(None) as budget:
        suggest_codes(text)
    return budget.taken


def test_the_same_note_takes_the_same_steps_every_time() -> None:
    assert steps_of(NOTE) == steps_of(NOTE) > len(NOTE)


def test_steps_grow_in_line_with_the_note() -> None:
    short, long = steps_of(NOTE * 20), steps_of(NOTE * 200)
    assert 8 * short < long < 12 * short


def test_a_note_beyond_its_limit_is_refused_and_the_message_holds_none_of_it() -> None:
    with pytest.raises(TooLongError) as refused, limited(50):
        suggest_codes(NOTE)
    assert "50 steps" in str(refused.value)
    assert "metformin" not in str(refused.value)
    assert isinstance(refused.value, InputError)


def test_a_note_that_keeps_to_its_limit_is_answered_as_without_one() -> None:
    with limited(steps_of(NOTE)):
        within = suggest_codes(NOTE)
    assert within == suggest_codes(NOTE)


def test_a_limit_ends_with_its_block() -> None:
    with pytest.raises(TooLongError), limited(1):
        spend(2)
    spend(10_000_000)
    assert suggest_codes(NOTE).suggestions


def test_an_inner_limit_leaves_the_outer_one_as_it_was() -> None:
    with limited(10) as outer:
        with limited(None):
            spend(1_000)
        spend(3)
        assert outer.taken == 3
