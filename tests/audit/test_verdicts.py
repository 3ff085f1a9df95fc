"""Each verdict by a note that a coder can read (verdicts.yaml), and what every finding keeps to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from audit.finding import Direction, Severity, Verdict
from audit.judge import Case, judge, read_codes
from audit.judge.elsewhere import elsewhere, patterns
from audit.judge.ruling import load_sentences, sentences
from audit.judge.specificity import is_more_specific
from nlp.knowledge import load_yaml
from suggest import suggest_codes
from suggest.release import load_release
from tests.audit.samples import DATE

CASES = yaml.safe_load((Path(__file__).parent / "verdicts.yaml").read_text(encoding="utf-8"))
KEYS = {"name", "note", "billed", "expect", "missed", "rules", "date", "differs"}


def _judged(case: dict[str, Any]) -> tuple[Any, ...]:
    date = case.get("date", DATE)
    result = suggest_codes(case["note"], note_id="n1", encounter_date=date)
    release = load_release(date)
    texts = {"n1": case["note"]}
    return judge(
        Case(
            read_codes(case["billed"]),
            result,
            release,
            release.covers(date),
            elsewhere=elsewhere(result, texts),
        )
    )


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_each_code_gets_its_verdict(case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    found = _judged(case)
    verdicts = {f.billed_code: f.verdict for f in found if f.billed_code}
    better = {f.billed_code: f.supported_code for f in found if f.billed_code}
    wanted = {code: v if isinstance(v, list) else [v] for code, v in case["expect"].items()}
    assert verdicts == {code: v[0] for code, v in wanted.items()}
    assert {code: better[code] for code, v in wanted.items() if len(v) > 1} == {
        code: v[1] for code, v in wanted.items() if len(v) > 1
    }
    assert [f.supported_code for f in found if f.verdict == "missed-code"] == case.get("missed", [])
    for code, rule in case.get("rules", {}).items():
        assert rule in next(f.rules for f in found if f.billed_code == code)
    if "differs" in case:
        told = [
            (f.billed_code, f.reason.partition("differ about ")[2]) for f in found if "rule:R20" in f.rules
        ]
        assert dict(told) == {code: f"{about}." for code, about in case["differs"].items()}


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_every_finding_is_whole(case: dict[str, Any]) -> None:
    for finding in _judged(case):
        assert finding.reason.endswith(".")
        assert "{" not in finding.reason + (finding.action or "") + (finding.denial_risk or "")
        assert finding.verdict in {v.value for v in Verdict}
        assert finding.direction in {d.value for d in Direction}
        assert finding.severity in {s.value for s in Severity}
        for proof in finding.evidence:
            assert case["note"][proof.start : proof.end] == proof.text
            assert proof.stance in ("for", "against")


def test_every_verdict_has_a_case() -> None:
    seen = {v[0] if isinstance(v, list) else v for c in CASES for v in c["expect"].values()}
    seen |= {"missed-code" for c in CASES if c.get("missed")}
    assert seen == {v.value for v in Verdict}


def test_a_code_billed_twice_is_judged_once() -> None:
    assert [c.code for c in read_codes(["E53.8", "e538", "D50.9"])] == ["E53.8", "D50.9"]


def test_unread_notes_accuse_nobody() -> None:
    result = suggest_codes("A/P: Hypertension.", note_id="n1")
    found = judge(Case(read_codes(["E53.8"]), result, load_release(None), unread=("n2",)))
    assert [f.verdict for f in found] == ["not-assessed"]
    nothing = judge(Case(read_codes(["E53.8"]), None, load_release(None)))
    assert [f.verdict for f in nothing] == ["not-assessed"]


def test_the_words_that_point_elsewhere_fit_their_examples() -> None:
    for entry, pattern in zip(load_yaml("audit.judge", "elsewhere.yaml"), patterns(), strict=True):
        assert pattern.search(entry["example"]), entry["id"]


def test_every_ground_belongs_to_its_verdict_and_holds_have_words() -> None:
    for name, sentence in sentences().items():
        assert name.startswith(sentence.verdict.value + "."), name
    assert all(name.startswith("hold.") for name in load_sentences("holds.yaml"))


def test_specificity_is_one_way() -> None:
    assert is_more_specific("D51.0", "D51.9")
    assert not is_more_specific("D51.9", "D51.0")
    assert not is_more_specific("D51.9", "E53.8")
