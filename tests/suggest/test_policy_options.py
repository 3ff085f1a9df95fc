"""Every option of a policy works: each choice has a case that only it passes; the defaults change nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from suggest import serialise, suggest_codes
from suggest.engine.terms import LIMITS
from suggest.knowledge import PolicyOption, default_policy, read_policy
from suggest.result import PolicyStamp, Result
from tests.case_format import Case, case_files, policy_of, read_cases
from tests.case_judge import answer_to, disagreements

OPTIONS = default_policy().options
CHOICES = [(option, choice.name) for option in OPTIONS for choice in option.choices]
# What these options decide is asked or not; there is no suggestion that could name them.
ASK_ONLY = {"option.s03", "option.s36", "option.p90"}


@cache
def cases() -> tuple[Case, ...]:
    return tuple(case for path in case_files() for case in read_cases(path))


def short(option: PolicyOption) -> str:
    return option.id.removeprefix("option.")


def cases_for(option: PolicyOption, choice: str) -> list[Case]:
    return [case for case in cases() if (short(option), choice) in case.policy]


def with_choice(case: Case, option: PolicyOption, choice: str) -> Result:
    return answer_to(case, policy_of({**dict(case.policy), short(option): choice}))


@pytest.mark.parametrize(("option", "choice"), CHOICES, ids=lambda value: getattr(value, "id", value))
def test_every_choice_has_a_case_that_another_choice_would_fail(option: PolicyOption, choice: str) -> None:
    written = cases_for(option, choice)
    assert written, f"write a case with `policy: {{{short(option)}: {choice}}}` (tests/cases/policy)"
    others = [other.name for other in option.choices if other.name != choice]
    telling = [c for c in written if any(disagreements(c, with_choice(c, option, other)) for other in others)]
    assert telling, "the cases would pass whichever way the option is decided"


@pytest.mark.parametrize(("option", "choice"), CHOICES, ids=lambda value: getattr(value, "id", value))
def test_an_answer_names_the_option_that_would_decide_otherwise(option: PolicyOption, choice: str) -> None:
    for case in cases_for(option, choice):
        here = with_choice(case, option, choice)
        named = {s.code for s in here.suggestions if option.id in {a.option for a in s.alternatives}}
        for other in (way.name for way in option.choices if way.name != choice):
            there = {s.code for s in with_choice(case, option, other).suggestions}
            gone = {s.code for s in here.suggestions} - there
            # of codes that come and go together, one names the option
            assert not gone or named, f"{case.name}: {sorted(gone)} by {other}"


def test_options_that_only_ask_name_nothing() -> None:
    """The list above is right: such an option never changes a suggestion of its cases."""
    for option in OPTIONS:
        changed = any(
            {s.code for s in with_choice(case, option, one.name).suggestions}
            != {s.code for s in with_choice(case, option, two.name).suggestions}
            for one in option.choices
            for two in option.choices
            for case in cases_for(option, one.name)
        )
        assert changed is not (option.id in ASK_ONLY), option.id


def test_a_policy_that_spells_out_the_defaults_changes_no_answer() -> None:
    spelled = {"name": "ours", "options": [{"id": o.id, "choice": o.default} for o in OPTIONS]}
    policy = read_policy(yaml.safe_dump(spelled), "spelled.yaml")
    changed = []
    for case in cases():
        given = answer_to(case, policy)
        assert given.policy == PolicyStamp("ours", policy.sha256)
        ours = answer_to(case, None)
        if serialise.dumps(replace(given, policy=ours.policy)) != serialise.dumps(ours):
            changed.append(case.name)
    assert changed == []


def test_a_choice_holds_in_its_dates_only() -> None:
    window = {"from": "2026-10-01", "to": None}
    source = {"name": "x", "options": [{"id": "option.s05", "choice": "always", "effective": window}]}
    policy = read_policy(yaml.safe_dump(source), "dated.yaml")
    note = "PMH: anemia, resolved in 2019.\nA/P: Ankle sprain. Rest."
    found = {
        day: suggest_codes(note, encounter_date=day, policy=policy).suggestions[0].necessity.value
        for day in ("2026-09-30", "2026-10-01")
    }
    assert found == {"2026-09-30": "optional", "2026-10-01": "required"}


def test_the_examples_of_the_guide_are_a_policy_and_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^```(yaml|py)\n(.*?)^```", guide, re.MULTILINE | re.DOTALL))
    (tmp_path / "ours.yaml").write_text(blocks["yaml"], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    scope: dict[str, Any] = {}
    exec(compile(blocks["py"], "policy.md", "exec"), scope)
    assert scope["result"].policy.name == "General Hospital 2026"
    assert [s.code for s in scope["result"].suggestions] == ["D50.9"]


def test_the_limits_of_orders_and_visits_are_the_choices_of_their_options() -> None:
    choices = {short(option): {choice.name for choice in option.choices} for option in OPTIONS}
    assert {option: set(limits) for option, limits in LIMITS.items()} == {o: choices[o] for o in LIMITS}
