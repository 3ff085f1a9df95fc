"""The traps that no case shows: codes with a letter in the third place, and notes with very many mentions."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from nlp.pipeline import read_note
from suggest import suggest_codes
from suggest.engine.chart import ITEM_REACH, build_chart
from suggest.release import load_release
from suggest.result import Setting

PROBLEM = "{n}. Vitamin B12 deficiency on cyanocobalamin, no anemia, ferritin {n} ng/mL.\n"


def calls_made_by(work: Callable[[], object]) -> int:
    """How many calls a piece of work makes: it grows with the work, not with the load of the machine."""
    count = 0

    def count_one(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count_one)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def problems(number: int) -> str:
    return "Assessment:\n" + "".join(PROBLEM.format(n=n) for n in range(1, number + 1))


@pytest.mark.covers("trap:T16")
def test_twice_the_mentions_are_about_twice_the_work():
    suggest_codes(problems(10))  # loads what is loaded once
    small = calls_made_by(lambda: suggest_codes(problems(60)))
    large = calls_made_by(lambda: suggest_codes(problems(120)))
    assert large / small < 2.5


@pytest.mark.covers("trap:T16")
def test_a_list_item_without_end_is_read_only_around_each_mention():
    note = read_note("Assessment: " + "B12 deficiency and anemia and " * 400)
    chart = build_chart((note,), Setting.PROFESSIONAL, None)
    longest = max(len(s.condition.text) for s in chart.statements)
    assert len(chart.statements) > 600
    assert max(len(chart.item_text(s)) for s in chart.statements) <= 2 * ITEM_REACH + longest


@pytest.mark.covers("trap:T18")
@pytest.mark.parametrize("code", ["C4A.0", "M1A.9XX0", "Z3A.20", "C7A.00"])
def test_a_code_with_a_letter_in_the_third_place_is_a_code(code: str):
    release = load_release(None)
    assert release.exists(code)
    assert release.is_billable(code)


@pytest.mark.covers("trap:T18")
@pytest.mark.parametrize("code", ["C4A.0", "M1A.9XX0", "Z3A.20"])
def test_a_code_with_a_letter_in_the_third_place_is_read_in_a_note(code: str):
    answer = suggest_codes(f"Assessment: Vitamin B12 deficiency (E53.8). Also {code}.")
    assert code in [stated.code for stated in answer.facts.stated_codes]
    assert "query:Q18" not in [query.query for query in answer.queries]


@pytest.mark.covers("trap:T18")
def test_letters_and_digits_that_are_no_code_are_not_read_as_one():
    answer = suggest_codes("Assessment: Vitamin B12 deficiency, room C4B2, call 555-1212.")
    assert answer.facts.stated_codes == ()
