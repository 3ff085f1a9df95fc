"""The assertion of mentions: every cue's own example, the sentences of tests/cases/context, and sections."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from nlp.context import SpanAssertion, assert_span, resolve
from nlp.context.load import Cue, build_vocabulary, load_vocabulary
from nlp.context.markup import MarkedText, read_marked
from nlp.context.phrases import expand
from nlp.errors import KnowledgeError
from nlp.facts import Assertion, Experiencer, ModifierSource, Temporality
from nlp.layout import read_layout

CASES = Path(__file__).parents[1] / "cases" / "context"
CUES = load_vocabulary().cues
TREATED_NOW = {"current.on_treatment", "current.treatment_for"}


def labels(found: SpanAssertion) -> tuple[str, str, str]:
    return found.assertion.value, found.temporality.value, found.experiencer.value


def check(marked: MarkedText) -> list[SpanAssertion]:
    answers = [assert_span(marked.text, mark.start, mark.end) for mark in marked.marks]
    for mark, answer in zip(marked.marks, answers, strict=True):
        wanted = mark.assertion.value, mark.temporality.value, mark.experiencer.value
        assert labels(answer) == wanted, marked.text[mark.start : mark.end]
    return answers


def cues_of(answers: list[SpanAssertion]) -> set[str | None]:
    return {modifier.cue for answer in answers for modifier in answer.modifiers}


def case_entries() -> Iterator[tuple[str, object]]:
    for path in sorted(CASES.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield path.name, entry


ENTRIES = list(case_entries())


@pytest.mark.parametrize("file, entry", ENTRIES, ids=[str(entry["name"]) for _, entry in ENTRIES])
def test_the_sentence_reads_as_marked(file: str, entry: dict[str, str]) -> None:
    assert set(entry) == {"name", "text"}
    check(read_marked(entry["text"], f"{file}, {entry['name']}"))


def test_case_names_are_unique() -> None:
    names = [entry["name"] for _, entry in ENTRIES]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: cue.id)
def test_the_example_of_a_cue_holds_and_the_cue_decides_it(cue: Cue) -> None:
    fired = cues_of([answer for marked in cue.examples for answer in check(marked)])
    assert cue.kind == "none" or cue.id in fired


@pytest.mark.parametrize("cue", [cue for cue in CUES if cue.near_misses], ids=lambda cue: cue.id)
def test_a_near_miss_does_not_fire_the_cue(cue: Cue) -> None:
    for marked in cue.near_misses:
        assert cue.id not in cues_of(check(marked))


@pytest.mark.parametrize("rule", load_vocabulary().breaks, ids=lambda rule: rule.id)
def test_the_example_of_a_break_holds(rule: object) -> None:
    for marked in rule.examples:  # type: ignore[attr-defined]
        check(marked)


@pytest.mark.parametrize(
    "sentence",
    [
        "No [[anemia|absent current patient",
        "No anemia",
        "No [[anemia]]",
        "[[a|absent]]",
        "[[a|absent now patient]]",
        "a]]",
    ],
)
def test_markup_that_cannot_fail_is_refused(sentence: str) -> None:
    with pytest.raises(KnowledgeError, match="here"):
        read_marked(sentence, "here")


@pytest.mark.parametrize("phrase", ["no (evidence", "no)", "<nonsense> of", "", "a ? ?", "(a|)"])
def test_a_malformed_phrase_is_refused(phrase: str) -> None:
    with pytest.raises(KnowledgeError, match="entry x"):
        expand(phrase, {}, "entry x")


def test_a_phrase_stands_for_all_its_wordings() -> None:
    rows = {variant.steps for variant in expand("no (clear|good) (sign of)? b12", {}, "x")}
    assert rows == {
        ("no", frozenset({"clear", "good"}), "b", "12"),
        ("no", frozenset({"clear", "good"}), "sign", "of", "b", "12"),
    }


def cue_entry(**changes: object) -> dict[str, object]:
    entry: dict[str, object] = {
        "id": "x.y", "sets": {"assertion": "absent"}, "match": ["nix"], "direction": "forward", "why": "w",
        "example": "nix [[a|absent current patient]]",
    }  # fmt: skip
    return {**entry, **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"direction": "foward"},
        {"sets": {"assertion": "missing"}},
        {"sets": {"mood": "absent"}},
        {"match": [False]},
        {"reach": "far"},
        {"example": "nix a"},
        {"colour": "red"},
        {"kind": "odd"},
        {"only": "no_such_class"},
    ],
)
def test_a_wrong_cue_is_refused_by_file_and_entry(changes: dict[str, object]) -> None:
    with pytest.raises(KnowledgeError, match=r"cues\.yaml, entry x\.y"):
        build_vocabulary([cue_entry(**changes)], {"classes": [], "breaks": [], "sections": []})


def test_two_cues_of_one_id_are_refused() -> None:
    with pytest.raises(KnowledgeError, match=r"x\.y stands twice"):
        build_vocabulary([cue_entry(), cue_entry()], {"classes": [], "breaks": [], "sections": []})


def read(text: str, *words: str) -> list[SpanAssertion]:
    spans = [(text.index(word), text.index(word) + len(word)) for word in words]
    return list(resolve(text, read_layout(text), spans))


def test_the_family_section_makes_it_the_family_s() -> None:
    (found,) = read("FAMILY HISTORY:\nPernicious anemia.\n\nASSESSMENT:\nGout.\n", "Pernicious anemia")
    assert labels(found) == ("present", "current", "family")
    (modifier,) = found.modifiers
    assert (modifier.kind, modifier.source, modifier.cue) == ("family", ModifierSource.SECTION, None)
    assert modifier.text.startswith("FAMILY HISTORY")


def test_the_past_section_makes_it_past() -> None:
    found = read("PAST MEDICAL HISTORY:\n1. Gout\n2. B12 deficiency\n", "Gout", "B12 deficiency")
    assert [item.temporality for item in found] == [Temporality.HISTORICAL] * 2


def test_a_treatment_in_the_past_section_keeps_it_current() -> None:
    (found,) = read(
        "PAST MEDICAL HISTORY:\n- B12 deficiency, still on monthly shots\n- Gout\n", "B12 deficiency"
    )
    assert labels(found) == ("present", "current", "patient")
    assert [modifier.cue for modifier in found.modifiers] == ["current.on_treatment"]


def test_wording_beats_the_family_section() -> None:
    (found,) = read("FAMILY HISTORY:\nThe patient herself has pernicious anemia.\n", "pernicious anemia")
    assert found.experiencer is Experiencer.PATIENT


def test_a_denial_in_the_family_section_stays_the_family_s() -> None:
    (found,) = read("FAMILY HISTORY:\nNo anemia.\n", "anemia")
    assert labels(found) == ("absent", "current", "family")


def test_other_sections_change_nothing() -> None:
    note = (
        "SOCIAL HISTORY:\nVegan diet.\n\nREVIEW OF SYSTEMS:\nHas fatigue.\n\nASSESSMENT:\nB12 deficiency.\n"
    )
    for found in read(note, "Vegan diet", "fatigue", "B12 deficiency"):
        assert labels(found) == ("present", "current", "patient")


def test_one_condition_three_times_gets_three_readings() -> None:
    note = (
        "FAMILY HISTORY:\nMother with B12 deficiency.\n\nPAST MEDICAL HISTORY:\nB12 deficiency.\n\n"
        "ASSESSMENT:\nB12 deficiency, continue injections.\n"
    )
    starts = [index for index in range(len(note)) if note.startswith("B12 deficiency", index)]
    found = resolve(note, read_layout(note), [(start, start + 14) for start in starts])
    assert [labels(item)[1:] for item in found] == [
        ("current", "family"), ("historical", "patient"), ("current", "patient"),
    ]  # fmt: skip


def test_context_does_not_reach_into_the_next_unit() -> None:
    found = read("ASSESSMENT:\n1. No anemia\n2. B12 deficiency\n", "anemia", "B12 deficiency")
    assert [item.assertion for item in found] == [Assertion.ABSENT, Assertion.PRESENT]


def test_resolve_keeps_the_order_of_the_spans_and_agrees_with_assert_span() -> None:
    text = "No anemia, gout or fatigue. Possible celiac disease."
    words = ["celiac disease", "fatigue", "anemia"]
    found = read(text, *words)
    assert [item.assertion.value for item in found] == ["possible", "absent", "absent"]
    for word, item in zip(words, found, strict=True):
        assert item == assert_span(text, text.index(word), text.index(word) + len(word))


def test_modifiers_quote_the_text_as_given() -> None:
    text = "She does not have B12 deficiency; h/o\u00a0\u201canemia\u201d, resolved."
    for word in ("B12 deficiency", "anemia"):
        found = assert_span(text, text.index(word), text.index(word) + len(word))
        assert found.modifiers
        for modifier in found.modifiers:
            assert text[modifier.start : modifier.end] == modifier.text


@pytest.mark.parametrize("treatment", [", on monthly injections", " for which she receives monthly shots"])
def test_history_under_treatment_shows_both(treatment: str) -> None:
    text = "Hx of B12 deficiency" + treatment
    found = assert_span(text, 6, 20)
    assert found.temporality is Temporality.HISTORICAL
    assert [modifier.kind for modifier in found.modifiers] == ["historical", "current"]


@pytest.mark.parametrize(
    "text",
    [
        "H/o IDA, takes iron daily",
        "PMH: IDA, maintained on oral iron",
        "IV iron today for history of IDA",
        "Ferrous sulfate daily for hx of IDA",
    ],
)
def test_treatment_of_today_is_said_by_its_cue(text: str) -> None:
    found = assert_span(text, text.index("IDA"), text.index("IDA") + 3)
    assert {modifier.cue for modifier in found.modifiers} & TREATED_NOW


@pytest.mark.parametrize(
    "text",
    [
        "Had IDA in 2024; IV iron in 9/2024, then oral until 5/2025 when it was stopped",
        "H/o IDA, on monthly infusions till he lost coverage in Feb",
        "H/o IDA, on iron, stopped in March",
        "H/o IDA, treated with iron in 2019",
        "Hx of IDA, was on iron in the past",
        "IDA, needs iron",
        "Chronic IDA, stable, known",
        "Received iron for IDA in 2018",
    ],
)
def test_treatment_that_is_past_or_only_needed_is_no_present_treatment(text: str) -> None:
    found = assert_span(text, text.index("IDA"), text.index("IDA") + 3)
    assert not {modifier.cue for modifier in found.modifiers} & TREATED_NOW


def test_an_answer_is_read_across_the_border_of_the_unit() -> None:
    found = read(
        "ASSESSMENT:\nCeliac disease? No. Gout? Yes.\nSprue?\nNo fever.\n", "Celiac", "Gout", "Sprue"
    )
    assert [item.assertion.value for item in found] == ["absent", "present", "possible"]


def test_a_mention_of_a_crowded_unit_reads_like_a_lonely_one() -> None:
    text = "No " + ", ".join(["anemia"] * 400) + ", B12 deficiency was noted"
    spans = [(index, index + 6) for index in range(len(text)) if text.startswith("anemia", index)]
    found = resolve(text, read_layout(text), [*spans, (text.index("B12"), text.index("B12") + 14)])
    assert {item.assertion for item in found[:-1]} == {Assertion.ABSENT}
    assert found[-1].assertion is Assertion.PRESENT


@pytest.mark.parametrize("text", ["", " ", "((((", "))))", ",,,,", "no", "no no no (", "? ?", "\x00\r\n\t"])
def test_odd_text_is_read_without_a_fall(text: str) -> None:
    assert assert_span(text, 0, len(text)).experiencer is Experiencer.PATIENT


def test_importing_the_package_imports_no_spacy() -> None:
    code = "import sys, nlp.context; sys.exit('spacy' in sys.modules or 'medspacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
