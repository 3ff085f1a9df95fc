"""The readable knowledge is complete, says what it must, and asks without leading."""

from __future__ import annotations

import pickle
import re
from collections import Counter

import pytest

from suggest.drafts import OTHER, UNABLE, Indicator, compliance_problems, draft
from suggest.knowledge import (
    Entry,
    all_entries,
    find,
    phrase,
    phrases_for,
    query,
    rule,
    ruling,
)
from suggest.knowledge.load import phrases, queries, rules, rulings
from suggest.release import load_release
from suggest.result import Evidence, Role

_PHRASES = (
    (1, 26), (30, 52), (60, 75), (80, 99), (110, 129), (140, 165),
)  # fmt: skip
REFERENCE = {
    "rule": [f"R{n:02d}" for n in range(1, 57)],
    "ruling": [f"S{n:02d}" for n in range(1, 48)],
    "phrase": [f"P{n:02d}" for first, last in _PHRASES for n in range(first, last + 1)],
    "query": [f"Q{n:02d}" for n in range(1, 22)],
}
FIXED = [f"{kind}:{name}" for kind, names in REFERENCE.items() for name in names]
IDS = [entry.prefixed for entry in all_entries()]  # those of a house (PH01) among them
NOTE = "Assessment: the words of the note."


def _filled(template: str, fill: bool) -> str:
    names = {"condition": "neuropathy", "other": "celiac disease", "drug": "metformin"}
    plain = {"condition": "the condition", "other": "the other condition", "drug": "the drug"}
    return template.format(**(names if fill else plain))


def _draft(name: str, fill: bool = True) -> str:
    entry = query(name)
    indicator = Indicator(Evidence.cut("n1", NOTE, 0, len(NOTE), "assessment", Role.DIAGNOSIS), "2026-06-02")
    options = [_filled(option.text, fill) for option in entry.options]
    return draft(entry.topic, [indicator], _filled(entry.question, fill), options)


def test_every_id_of_the_reference_is_there_exactly_once_and_in_order() -> None:
    assert [entry.prefixed for entry in all_entries() if not entry.is_house] == FIXED


def test_the_reference_counts_are_those_of_the_census() -> None:
    assert Counter(name.partition(":")[0] for name in FIXED) == {
        "rule": 56,
        "ruling": 47,
        "phrase": 131,
        "query": 21,
    }


@pytest.mark.parametrize("name", IDS)
def test_an_entry_has_title_text_and_citation_as_sentences(name: str) -> None:
    entry = find(name)
    assert entry is not None
    assert entry.title == entry.title.strip() != ""
    assert re.fullmatch(r"['A-Z].{20,320}\.", entry.text)
    assert entry.citation == entry.citation.strip() != ""


@pytest.mark.parametrize("name", IDS)
def test_a_reason_is_readable_without_looking_up_other_ids(name: str) -> None:
    entry = find(name)
    assert entry is not None
    assert not re.search(r"\b(?:[RQ]\d\d|S[0-4]\d)\b(?!\.)|\bP\d{2,3}\b(?!\.)|\[[TGXJS]\b", entry.text)


def test_titles_are_short_and_no_two_are_the_same_within_a_kind() -> None:
    assert [e.prefixed for e in all_entries() if len(e.title) > 100] == []
    twice = Counter((e.kind, e.title) for e in all_entries())
    assert [title for title, count in twice.items() if count > 1] == []


@pytest.mark.parametrize("entry", [*rules().values(), *rulings().values()], ids=lambda e: e.prefixed)
def test_a_rule_shows_what_fires_it_and_what_nearly_does(entry: Entry) -> None:
    assert entry.fires
    assert entry.nearly
    assert entry.fires != entry.nearly


def test_no_example_sentence_serves_two_rules() -> None:
    examples = [
        sentence for e in (*rules().values(), *rulings().values()) for sentence in (e.fires, e.nearly)
    ]
    assert [sentence for sentence, count in Counter(examples).items() if count > 1] == []


def test_guideline_rules_cite_the_guidelines_and_rulings_cite_themselves() -> None:
    assert [e.id for e in rules().values() if e.basis == "guideline" and "OCG FY2026" not in e.citation] == []
    assert [e.id for e in rules().values() if e.basis == "tabular" and "Tabular List" not in e.citation] == []
    assert [e.id for e in rulings().values() if e.citation != f"Corrin ruling {e.id}"] == []


def test_an_index_entry_that_nobody_has_read_says_so() -> None:
    unread = [e for e in phrases().values() if e.basis == "index" and "not verified" not in e.citation]
    assert unread == []


def test_every_code_of_a_phrase_exists_in_the_release() -> None:
    release = load_release("2026-06-01")
    named = {code for e in phrases().values() for codes in (e.codes, *e.alternatives) for code in codes}
    families = {code for code in named if code.endswith("-")}
    assert [code for code in sorted(named - families) if not release.is_billable(code)] == []
    stems = [family.rstrip("-.") for family in sorted(families)]
    assert [stem for stem in stems if not release.exists(stem)] == []


def test_a_phrase_of_low_confidence_comes_with_a_query_or_without_a_safe_code() -> None:
    bare = [e.id for e in phrases().values() if e.confidence == "L" and not e.queries and e.codes]
    assert bare == ["P19", "P42"]


def test_the_ids_that_entries_name_exist() -> None:
    named = {f"query:{q}" for e in phrases().values() for q in e.queries}
    kinds = {"R": "rule", "S": "ruling"}
    named |= {f"{kinds[r[0]]}:{r}" for e in queries().values() for r in e.rules}
    assert named - set(IDS) == set()


def test_every_query_gives_its_rules_and_says_what_its_answer_changes() -> None:
    assert [e.id for e in queries().values() if not e.rules or e.changes not in ("code", "coverage")] == []


@pytest.mark.parametrize("fill", [True, False], ids=["filled", "unfilled"])
@pytest.mark.parametrize("name", list(queries()))
def test_a_query_with_all_its_options_makes_a_compliant_draft(name: str, fill: bool) -> None:
    assert compliance_problems(_draft(name, fill)) == ()


@pytest.mark.parametrize("name", list(queries()))
def test_no_word_of_a_query_names_a_code(name: str) -> None:
    entry = query(name)
    words = " ".join(
        (entry.topic, entry.trigger, entry.question, entry.text, *(o.text for o in entry.options))
    )
    assert not re.search(r"\b[A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]|\b(?:D5\d|D6\d|E53|E61|Z\d\d|ICD)\b", words)


@pytest.mark.parametrize("name", list(queries()))
def test_a_query_asks_one_question_and_not_for_yes_or_no(name: str) -> None:
    question = query(name).question
    assert question.count("?") == 1
    assert question.endswith("?")
    assert not re.match(r"(?:Is|Are|Was|Were|Do|Does|Did|Can|Could|Would|Should|Has|Have)\b", question)


def test_the_fixed_options_are_left_to_the_draft() -> None:
    fixed = {OTHER.casefold(), UNABLE.casefold()}
    offered = {option.text.casefold() for e in queries().values() for option in e.options}
    assert offered & fixed == set()


def test_validation_and_missing_indication_are_open_questions() -> None:
    assert [e.id for e in queries().values() if not e.options and not e.is_house] == ["Q20", "Q21"]
    assert "in your own words" in _draft("Q20")


def test_topics_favor_no_answer() -> None:
    """A topic that repeats an option would give the title an answer (G-2)."""
    for entry in queries().values():
        assert entry.topic.casefold() not in {option.text.casefold() for option in entry.options}


def test_a_diagnosis_that_the_trigger_does_not_hold_needs_an_indicator() -> None:
    assert [(e.id, o.text) for e in queries().values() for o in e.options if o.needs is None] == [
        ("Q12", "Iron deficiency without related anemia")
    ]


def test_an_entry_is_found_by_its_kind_and_id() -> None:
    assert find("rule:R10") is rule("R10")
    assert find("ruling:S05") is ruling("S05")
    assert find("phrase:P143") is phrase("P143")
    assert find(" Query:q17 ") is query("Q17")


@pytest.mark.parametrize(
    "target", ["R12", "P60", "Q02", "S05", "r10", "", ":", "rule:", "rule:S05", "code:R10"]
)
def test_a_bare_id_has_the_shape_of_a_code_and_is_not_taken(target: str) -> None:
    assert find(target) is None


def test_an_unknown_id_is_a_key_error_where_a_programmer_asks() -> None:
    for ask in (rule, ruling, phrase, query):
        with pytest.raises(KeyError):
            ask("X99")


def _named(code: str) -> list[str]:
    return [entry.id for entry in phrases_for(code) if not entry.is_house]


def test_phrases_are_found_by_code_and_by_family() -> None:
    assert "P09" in [e.id for e in phrases_for("D51.0")]
    assert _named("T38.3X5A") == ["P30"]
    assert _named("D52.9") == ["P19", "P123", "P17"]
    assert _named("K90.1") == ["P48"]
    assert "P114" in [e.id for e in phrases_for("N18.31")]
    assert phrases_for("E11.9") == ()


def test_entries_are_records_that_travel_between_processes() -> None:
    assert pickle.loads(pickle.dumps(all_entries())) == all_entries()
