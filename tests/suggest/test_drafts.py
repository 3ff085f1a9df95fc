"""Query drafts keep points G-1 to G-10, and the checker finds a draft that does not."""

from __future__ import annotations

import pytest

from suggest.drafts import OTHER, UNABLE, Indicator, compliance_problems, draft
from suggest.result import Evidence, Role

NOTE = "Labs: B12 142 pg/mL on 5/28/26.\nA/P: low B12 (E53.8), start IM cyanocobalamin, pt denied by payer\n"


def _indicator(
    words: str, section: str = "labs", date: str | None = "2026-05-28", earlier: bool = False
) -> Indicator:
    start = NOTE.index(words)
    return Indicator(Evidence.cut("n1", NOTE, start, start + len(words), section, Role.LAB), date, earlier)


def _draft(
    options: tuple[str, ...] = ("Vitamin B12 deficiency", "Low level, not clinically significant"),
) -> str:
    return draft(
        "vitamin B12 level",
        [_indicator("B12 142 pg/mL"), _indicator("start IM cyanocobalamin", "assessment_plan", None)],
        "What is the clinical significance of these findings?",
        options,
    )


def test_a_draft_is_compliant() -> None:
    assert compliance_problems(_draft()) == ()


def test_a_draft_quotes_each_indicator_with_date_and_place() -> None:
    text = _draft()
    assert '- 2026-05-28, labs, note n1: "B12 142 pg/mL"' in text
    assert '- date not stated, assessment and plan, note n1: "start IM cyanocobalamin"' in text


def test_the_two_fixed_options_stand_last_and_once() -> None:
    text = _draft(("Vitamin B12 deficiency", "other (please specify)", "Unable to determine"))
    options = [line for line in text.splitlines() if line.startswith("[ ] ")]
    assert options[0] == "[ ] Vitamin B12 deficiency"
    assert [line[4 : 4 + len(OTHER)] for line in options[1:2]] == [OTHER]
    assert options[2:] == [f"[ ] {UNABLE}"]


def test_an_open_question_leaves_room_for_the_answer() -> None:
    text = draft(
        "indication of the injection", [_indicator("start IM cyanocobalamin")], "What is it given for?", ()
    )
    assert "in your own words" in text
    assert compliance_problems(text) == ()


def test_a_code_in_the_quoted_words_is_left_out_and_marked() -> None:
    text = draft("B12", [_indicator("low B12 (E53.8)")], "What does it mean?", ("Vitamin B12 deficiency",))
    assert "low B12 ([code omitted])" in text
    assert compliance_problems(text) == ()


def test_words_of_payment_inside_a_quote_are_the_providers_own() -> None:
    text = draft("B12", [_indicator("pt denied by payer")], "What does it mean?", ("Vitamin B12 deficiency",))
    assert compliance_problems(text) == ()


def test_what_another_encounter_said_is_labelled() -> None:
    assert "- earlier encounter, 2026-05-28, labs" in draft(
        "B12", [_indicator("142", earlier=True)], "What?", ()
    )


def test_a_quote_is_kept_on_one_line_and_to_a_length() -> None:
    note = 'B12\n\tlow "today" ' + "x" * 900 + " end"
    evidence = Evidence.cut(None, note, 0, len(note), "unknown", Role.CONTEXT)
    line = next(
        line
        for line in draft("B12", [Indicator(evidence)], "What?", ()).splitlines()
        if line.startswith("- ")
    )
    assert line.startswith("- date not stated, section not named: \"B12 low 'today' ")
    assert line.endswith('end"')
    assert len(line) < 300


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("What is the clinical", "Is D51.0 right? What is the clinical", "code"),
        ("What is the clinical", "Is G63 right? What is the clinical", "code"),
        ("What is the clinical", "Is E538 right? What is the clinical", "code"),
        ("What is the clinical", "For reimbursement: what is the clinical", "payment"),
        ("What is the clinical", "To improve our quality score: what is the clinical", "payment"),
        ("What is the clinical", "The payer asks: what is the clinical", "payment"),
        ("What is the clinical", "Please document B12 deficiency. What is the clinical", "leads"),
        ("What is the clinical", "Would you agree? What is the clinical", "leads"),
        (f"[ ] {UNABLE}", "", "Unable"),
        (f"[ ] {OTHER}", "[ ] none", "Other"),
        ("[ ] Vitamin B12 deficiency", "[ ] Yes", "yes or no"),
        ("[ ] Low level, not clinically significant", "[ ] vitamin B12 deficiency", "twice"),
        ("Corrin does not change the note.", "", "stays"),
    ],
)
def test_the_checker_finds_what_is_wrong(old: str, new: str, problem: str) -> None:
    assert old in _draft()
    found = compliance_problems(_draft().replace(old, new, 1))
    assert len(found) == 1
    assert problem in found[0]


def test_a_draft_without_indicators_is_not_compliant() -> None:
    found = compliance_problems(draft("B12", [], "What does it mean?", ("Vitamin B12 deficiency",)))
    assert found == ("it quotes no clinical indicator of this patient",)


@pytest.mark.parametrize(
    "word", ["B12", "vitamin B6", "T12 vertebra", "L5", "CT of T10", "MCV 104.2", "A1C 6.1"]
)
def test_what_only_looks_like_a_code_is_kept(word: str) -> None:
    assert word in draft(word, [_indicator("142")], "What does it mean?", ())
