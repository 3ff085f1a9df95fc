"""The default policy holds our rulings; another policy may decide otherwise, and its hash tells."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from nlp.errors import InputError, KnowledgeError
from nlp.knowledge import load_yaml
from suggest.knowledge import default_policy, find, find_policy, load_policy, read_policy
from suggest.knowledge.policy import parse_default
from suggest.knowledge.policy_file import MAX_BYTES

RULINGS = ("02", "03", "04", "05", "11", "20", "25", "28", "29", "32", "36", "38", "42", "43", "44", "46")
PHRASES = ("17", "23", "36", "63", "90", "96", "97", "128")
DECIDED = {
    **{f"option.s{n}": f"ruling:S{n}" for n in RULINGS},
    **{f"option.p{n}": f"phrase:P{n}" for n in PHRASES},
}


def _content() -> Any:
    return deepcopy(load_yaml("suggest.knowledge", "policy.yaml"))


def _policy(*options: str, name: str = "hospital") -> str:
    return "\n".join((f"name: {name}", "options:", *(f"- {{{option}}}" for option in options)))


def test_the_options_are_those_that_the_rulings_leave_to_a_policy() -> None:
    assert {option.id: option.decides for option in default_policy().options} == DECIDED


def test_every_option_belongs_to_an_entry_that_exists() -> None:
    assert [option.id for option in default_policy().options if find(option.decides) is None] == []


def test_every_choice_has_its_meaning_and_the_default_is_one_of_them() -> None:
    for option in default_policy().options:
        assert option.default in {choice.name for choice in option.choices}
        assert all(choice.text.endswith(".") for choice in option.choices)
        assert len({choice.text for choice in option.choices}) == len(option.choices) >= 2


def test_the_default_policy_takes_every_default() -> None:
    policy = default_policy()
    assert policy.name == "default"
    assert policy.choices() == {option.id: option.default for option in policy.options}
    assert policy.choice("option.s05") == "where_addressed"


def test_the_citations_of_phrases_point_to_options_that_exist() -> None:
    from suggest.knowledge import all_entries

    pointed = {
        word.strip(";,.")
        for entry in all_entries()
        for word in entry.citation.split()
        if word.startswith("option.")
    }
    assert pointed == {name for name in DECIDED if name.startswith("option.p")}


def test_the_hash_is_of_the_content_and_not_of_the_layout() -> None:
    content = _content()
    same = {"options": [dict(reversed(row.items())) for row in content["options"]], "name": content["name"]}
    assert parse_default(same, "policy.yaml").sha256 == default_policy().sha256
    assert len(default_policy().sha256) == 64


def test_the_hash_changes_with_what_is_decided() -> None:
    default = default_policy().sha256
    other = read_policy(_policy("id: option.s05, choice: always"), "own.yaml")
    cited = read_policy(_policy("id: option.s05, choice: always, citation_slot: Board 12"), "own.yaml")
    dated = read_policy(
        _policy("id: option.s05, choice: always, effective: {from: 2026-10-01, to: null}"), "own.yaml"
    )
    renamed = read_policy("name: clinic\noptions: []", "own.yaml")
    assert len({default, other.sha256, cited.sha256, dated.sha256, renamed.sha256}) == 5


def test_a_users_policy_changes_what_it_names_and_keeps_the_rest() -> None:
    policy = read_policy(
        _policy("id: option.p96, choice: unspecified", "id: option.s03, choice: never"), "own.yaml"
    )
    changed = {name: way for name, way in policy.choices().items() if way != default_policy().choice(name)}
    assert changed == {"option.p96": "unspecified", "option.s03": "never"}
    assert policy.name == "hospital"


def test_a_copy_of_our_file_is_a_policy() -> None:
    import yaml

    content = _content()
    assert read_policy(yaml.safe_dump(content), "copy.yaml").sha256 == default_policy().sha256


def test_a_choice_holds_in_its_window_and_the_default_outside() -> None:
    policy = read_policy(
        _policy("id: option.s44, choice: withheld, effective: {from: 2026-10-01, to: 2027-09-30}"), "own.yaml"
    )
    on = {
        day: policy.choice("option.s44", day)
        for day in ("2026-09-30", "2026-10-01", "2027-09-30", "2027-10-01")
    }
    assert on == {
        "2026-09-30": "with_care",
        "2026-10-01": "withheld",
        "2027-09-30": "withheld",
        "2027-10-01": "with_care",
    }
    assert policy.choice("option.s44") == "withheld"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("name: [", "own.yaml, line 1: not valid YAML"),
        ("- option.s05", "own.yaml: must hold a mapping"),
        ("name: ''\noptions: []", "own.yaml: name must be words"),
        ("name: x\noptions: [option.s05]", "own.yaml: options must be a list"),
        (_policy("id: option.s01, choice: never"), 'entry option.s01: unknown option "option.s01"'),
        (_policy("id: option.s05, choice: sometimes"), 'entry option.s05: unknown choice "sometimes"'),
        (_policy("id: option.s05, chioce: always"), "entry option.s05: unknown key chioce"),
        (_policy("id: option.s05, choice: always", "id: option.s05"), "the id option.s05 stands twice"),
        (_policy("id: option.s05, citation_slot: 7"), "entry option.s05: citation_slot must be words"),
        (_policy("id: option.s05, choice: always", name="default"), "give it a name of its own"),
        (_policy("id: option.s5, choice: always"), "the nearest are option.s25, option.s05"),
        (_policy("id: s05, choice: always"), "the nearest are option.s05, "),
        (_policy("id: Option.P97, choice: query_only"), "the nearest are option.p97, "),
        (_policy("id: option.histories, choice: always"), "`corrin policy show` lists all"),
        (_policy("id: option.s44, choice: witheld"), "the nearest is withheld; the choices are with_care"),
        (_policy("id: option.s44, choice: [withheld]"), "unknown choice"),
        (_policy("id: option.s44, choice: true"), "unknown choice"),
        (_policy("id: 5, choice: always"), 'unknown option "5"'),
        (_policy("choice: always"), "an entry lacks its id"),
        (_policy("id: option.s05, 1: always"), "a key that is not a word"),
        (_policy("id: option.s05, default: always"), "write choice to decide otherwise"),
        (_policy("id: option.s05, choice: always, choice: always"), 'the key "choice" stands twice'),
        ("name: a\nname: b\noptions: []", 'line 2: the key "name" stands twice'),
        (_policy("id: !!str option.s05, choice: always"), "tags are not read"),
        ("!!python/object:os.system\nname: a\noptions: []", "tags are not read"),
        (_policy("id: &a option.s05, choice: always"), "anchors and aliases are not read"),
        ("name: x\noptions: {option.s05: always}", "options must be a list"),
        ("name: [x]\noptions: []", "name must be words"),
        ("name: |\n  two\n  lines\noptions: []", "name must be one line"),
        (f"name: {'x' * 81}\noptions: []", "name must be one line"),
        ("name: x", "the keys name and options"),
        ("", "the keys name and options"),
        ("name: x\noptions: " + "[" * 5000 + "]" * 5000, "nested too deeply"),
        (_policy("id: option.s05, effective: {from: soon, to: null}"), "effective takes dates"),
        (_policy("id: option.s05, effective: {from: 2026-10-01, to: 2026-09-30}"), "ends before it begins"),
        (_policy('id: option.s05, citation_slot: "a\\nb"'), "citation_slot must be words on one line"),
    ],
)
def test_a_wrong_policy_is_refused_with_file_and_option(source: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_policy(source, "own.yaml")
    assert str(caught.value).startswith("own.yaml")
    assert said in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name: x\noptions: []\n" + b"#" * MAX_BYTES, "larger than 256 KiB"),
        (b"name: caf\xe9\noptions: []", "not text in UTF-8"),
    ],
)
def test_a_file_that_is_no_text_or_too_large_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        load_policy(path)


@pytest.mark.parametrize("name", ["missing.yaml", ".", "a\x00b"])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="the policy cannot be read"):
        load_policy(f"{tmp_path}/{name}")


def test_a_name_that_could_steer_the_terminal_is_not_repeated() -> None:
    with pytest.raises(InputError) as caught:
        read_policy(_policy('id: "option.s05\\e[31m", choice: always'), "own.yaml")
    assert str(caught.value).isprintable()
    assert "option.s05?[31m" in str(caught.value)


def test_a_policy_can_be_given_as_a_path_as_itself_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("\ufeff" + _policy("id: option.s05, choice: always"), encoding="utf-8")
    policy = find_policy(path)
    assert policy.choice("option.s05") == "always"
    assert find_policy(str(path)) == find_policy(policy) == policy
    assert find_policy(None) is find_policy("default") is default_policy()


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("id", "s02", "is called option."),
        ("choices", {"one": "Only way."}, "two ways or more"),
        ("choices", {"with_adverse_effect": "A way.", "always": None}, "a name with its meaning"),
        ("choices", {"with_adverse_effect": "A way.", True: "YAML's yes."}, "a name with its meaning"),
        ("default", "rarely", 'unknown default "rarely"'),
        ("effective", "always", "effective has the keys"),
    ],
)
def test_a_wrong_option_of_ours_is_refused(key: str, value: Any, said: str) -> None:
    content = _content()
    content["options"][0][key] = value
    with pytest.raises(KnowledgeError) as caught:
        parse_default(content, "policy.yaml")
    assert "policy.yaml, entry" in str(caught.value)
    assert said in str(caught.value)
