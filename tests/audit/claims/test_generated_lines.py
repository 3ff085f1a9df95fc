"""Of errors planted in a generated export, nearly all are found, and little else is."""

from __future__ import annotations

from audit.claims.load import claim_rules
from bench.claim_lines import make, measure, rows_of


def test_planted_errors_of_every_rule_are_found_and_nothing_else():
    visits = make(170, seed=7)
    planted, found = measure(visits, rows_of(visits, seed=7))
    assert {rule for *_, rule in planted} == set(claim_rules())
    right = len(planted & found)
    assert right >= 0.98 * len(planted), sorted(planted - found)
    assert right >= 0.98 * len(found), sorted(found - planted)


def test_the_same_seed_makes_the_same_lines():
    one, two = make(60, seed=3), make(60, seed=3)
    assert rows_of(one, 3) == rows_of(two, 3)
    assert [v.note for v in one] == [v.note for v in two]
    assert rows_of(one, 3) != rows_of(make(60, seed=4), 4)
