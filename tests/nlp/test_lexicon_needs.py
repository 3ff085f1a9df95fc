"""The letters that an entry of the lexicon `needs` stand in every term that its patterns can match.

An entry is only tried where one of its `needs` occurs. A term without any of them is never found, and nothing
else would tell.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from nlp.concepts.load import ConceptRule, lexicon
from nlp.expression import Expression

SAMPLES = 60
# Entries whose needs are several words or bare letters by nature ("H and H", "30 w by LMP", "IF ab"): a hard
# line break between them is not looked for.
BROKEN_LINES_APART = frozenset(
    {
        "low_hemoglobin",
        "neoplasm",
        "postpartum",
        "pregnancy",
        "pregnancy.weeks",
        "if_antibody_positive",
        "iron_deficiency_anemia.abbreviated",
        "b12_iron_folate_deficiency",
    }
)


def _term(parsed: Sequence[Any], pick: random.Random, blank: str) -> str:
    """One text that the parsed pattern matches, chosen at random; white space is `blank`, once."""
    out: list[str] = []
    for op, value in parsed:
        name = str(op)
        if name == "LITERAL":
            out.append(chr(value))
        elif name == "NOT_LITERAL":
            out.append("x")
        elif name == "IN":
            out.append(_one_of(value, pick, blank))
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            low, high, inner = value
            times = low if low or pick.random() < 0.6 else min(1, int(high))
            out.extend(_term(inner, pick, blank) for _ in range(times))
        elif name == "SUBPATTERN":
            out.append(_term(value[3], pick, blank))
        elif name == "BRANCH":
            out.append(_term(pick.choice(value[1]), pick, blank))
    return "".join(out)


def _one_of(members: Sequence[Any], pick: random.Random, blank: str) -> str:
    kinds = {str(kind) for kind, _ in members}
    if "NEGATE" in kinds or any("SPACE" in str(value) for _, value in members):
        return blank
    kind, value = pick.choice([(str(k), v) for k, v in members])
    if kind == "LITERAL":
        return blank if chr(value).isspace() else chr(value)
    return chr(pick.randint(*value)) if kind == "RANGE" else "5"


def _terms_without(rule: ConceptRule, blank: str) -> list[str]:
    pick = random.Random(rule.id)
    missed: list[str] = []
    for pattern in rule.patterns:
        parsed = _parser.parse(pattern.pattern, pattern.flags)
        for _ in range(SAMPLES):
            term = _term(parsed, pick, blank)
            if pattern.compiled.fullmatch(term) and not any(need in term.lower() for need in rule.needs):
                missed.append(term)
    return missed


@pytest.mark.parametrize("rule", lexicon(), ids=lambda rule: rule.id)
def test_every_term_holds_letters_that_the_entry_needs(rule: ConceptRule) -> None:
    assert _terms_without(rule, " ")[:3] == []


@pytest.mark.parametrize(
    "rule", [r for r in lexicon() if r.id not in BROKEN_LINES_APART], ids=lambda rule: rule.id
)
def test_every_term_is_found_across_a_hard_line_break(rule: ConceptRule) -> None:
    assert _terms_without(rule, "\n")[:3] == []


def test_a_term_without_the_needed_letters_would_be_told() -> None:
    rule = next(r for r in lexicon() if r.id == "pallor")
    blind = ConceptRule(
        rule.id, rule.concepts, rule.category, (Expression("pale(?:ness)?"),), ("pallor",), False, 0, ""
    )
    assert _terms_without(blind, " ") != []
