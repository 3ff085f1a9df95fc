"""A note that says one thing a thousand times is read in steps that grow with its length, and no faster."""

from __future__ import annotations

import pytest

from nlp.pipeline import read_note
from suggest import suggest_codes


@pytest.mark.parametrize("text", ["anemia due to ", "anemia, iron deficiency, due to ", "metformin, "])
def test_the_links_of_a_chain_grow_with_its_length(text: str):
    few, many = (len(read_note("A/P: " + text * n + "B12 deficiency").links) for n in (100, 200))
    assert many <= 2.3 * few


def test_a_chain_said_many_times_has_the_answer_of_the_same_said_once():
    once, often = (
        suggest_codes("A/P: " + "anemia due to iron deficiency. " * times).suggestions for times in (1, 200)
    )
    assert [s.code for s in often] == [s.code for s in once] == ["D50.9"]
