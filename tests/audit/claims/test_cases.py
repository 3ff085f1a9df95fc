"""Each claim rule fires where it should, keeps silent where it nearly would, and names the input it lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.claims.load import claim_rules
from tests.audit.claims.case_reader import Case, judge, note_of, read_cases

ALL = list(read_cases())
ALWAYS = {"table:payers", "table:places", "service_date", "codes"}  # what any rule may lack beside its own


def plain(rule: str) -> str:
    return rule.removeprefix("claim:")


@pytest.mark.parametrize("case", ALL, ids=[f"{case.file}: {case.name}" for case in ALL])
def test_case(case: Case, tmp_path: Path):
    found = judge(case.values, tmp_path)
    expected = {str(line): sorted(rules) for line, rules in case.values.get("expect", {}).items()}
    fired = {
        r.line.line: sorted(f.rule.removeprefix("claim:") for f in r.findings)
        for r in found.lines
        if r.findings
    }
    if "expect" in case.values:
        assert fired == {line: rules for line, rules in expected.items() if rules}
    for line, wanted in case.values.get("lacks", {}).items():
        open_ = {
            o.rule.removeprefix("claim:"): o.missing
            for r in found.lines
            if r.line.line == str(line)
            for o in r.open
        }
        assert {rule: open_.get(rule) for rule in wanted} == wanted
    for line, verdict in case.values.get("verdicts", {}).items():
        assert [r.verdict.value for r in found.lines if r.line.line == str(line)] == [verdict]
    note = note_of(case.values)
    for finding in (f for r in found.lines for f in r.findings):
        for evidence in finding.evidence:
            assert note is not None
            assert note[evidence.start : evidence.end] == evidence.text
        assert "{" not in finding.text + finding.denial + finding.remedy


def test_names_are_unique():
    names = [case.name for case in ALL]
    assert sorted(names) == sorted(set(names))


def test_each_rule_has_a_case_that_fires_nearly_fires_and_lacks_its_input():
    fires = {rule for case in ALL for rules in case.values.get("expect", {}).values() for rule in rules}
    lacks = {rule for case in ALL for wanted in case.values.get("lacks", {}).values() for rule in wanted}
    nearly = {
        rule
        for case in ALL
        for rule in case.covers
        if "expect" in case.values and not any(rule in rules for rules in case.values["expect"].values())
    }
    assert sorted(set(claim_rules()) - fires) == []
    assert sorted(set(claim_rules()) - nearly) == []
    assert sorted(set(claim_rules()) - lacks - {"C17"}) == ["C01", "C02"]  # these ask whatever is there
    assert "C17" in lacks


def test_a_missing_input_is_one_that_the_rule_declares(tmp_path: Path):
    for number, case in enumerate(ALL):
        folder = tmp_path / str(number)
        folder.mkdir()
        for line in judge(case.values, folder).lines:
            for left in line.open:
                rule = claim_rules().get(left.rule.removeprefix("claim:"))
                if rule is not None and left.missing not in (
                    "table:payers",
                    "table:places",
                    "service_date",
                    "codes",
                ):
                    assert left.missing in rule.inputs, (case.name, left.rule, left.missing)
