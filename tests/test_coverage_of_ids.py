"""Every rule, phrase, ruling, query and trap of the reference has a test, or a reason why it has none."""

from __future__ import annotations

from suggest.knowledge import all_entries
from tests.case_fields import house_ids
from tests.case_format import known_ids
from tests.coverage.census import covered, out_of_reach, pending, uncovered


def test_every_id_is_covered_or_out_of_reach_or_on_the_list_of_what_is_left():
    assert set(uncovered()) - set(pending()) == set(), "add a case that covers them (CONTRIBUTING.md)"


def test_the_list_of_what_is_left_names_nothing_that_is_done():
    done = set(pending()) - set(uncovered())
    assert done == set(), "well done: run `python -m tests.coverage.refresh`"


def test_no_id_is_both_covered_and_out_of_reach():
    assert covered().keys() & out_of_reach().keys() == set()


def test_no_test_and_no_excuse_names_an_id_that_does_not_exist():
    assert {*covered(), *out_of_reach(), *pending()} - known_ids() == set()


def test_every_excuse_gives_its_reason():
    assert [name for name, reason in out_of_reach().items() if len(str(reason).split()) < 5] == []


def test_the_census_counts_the_whole_reference():
    groups = {
        group: sum(name.startswith(f"{group}:") for name in known_ids() - house_ids(all_entries()))
        for group in ("rule", "phrase", "ruling", "query", "trap")
    }
    assert groups == {"rule": 56, "phrase": 131, "ruling": 47, "query": 21, "trap": 18}
