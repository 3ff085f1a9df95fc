"""`corrin policy` and `--policy`: what they print, and how a wrong file is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import cli
from suggest.knowledge import default_policy, load_policy

NOTE = "PMH: anemia, resolved in 2019.\nA/P: Ankle sprain. Rest."
OWN = """\
name: our hospital
options:
- id: option.s05
  choice: always
  citation_slot: Compliance committee 12
- id: option.s44
  choice: withheld
  effective: {from: 2026-10-01, to: null}
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.yaml"
    path.write_text("name: ours\noptions:\n- {id: option.s5, choice: always}\n", encoding="utf-8")
    return path


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text(NOTE, encoding="utf-8")
    return path


def test_show_lists_every_option_with_its_choices_and_marks_what_is_taken() -> None:
    lines = [line.strip() for line in run("policy", "show").stdout.splitlines()]
    for option in default_policy().options:
        assert any(line.startswith(f"{option.id}  {option.title}"[:60]) for line in lines)
        for choice in option.choices:
            start = f"* {choice.name} [default]:" if choice.name == option.default else f"{choice.name}:"
            assert any(line.startswith(start) for line in lines), (option.id, choice.name)


def test_show_of_a_file_marks_its_own_choices_and_gives_its_authority(own: Path) -> None:
    shown = run("policy", "show", own).stdout
    assert "* always:" in shown
    assert "where_addressed [default]:" in shown
    assert "* where_addressed" not in shown
    assert "by Compliance committee 12" in shown
    assert "holds from 2026-10-01; outside these dates with_care" in shown
    assert load_policy(own).sha256 in shown


def test_check_says_what_a_policy_decides_otherwise(own: Path) -> None:
    result = run("policy", "check", own)
    assert result.exit_code == 0
    assert "2 options are decided otherwise by our hospital than by default" in result.stdout
    assert [word for word in result.stdout.split() if word.startswith("option.")] == [
        "option.s05",
        "option.s44",
    ]


def test_diff_compares_with_the_default_or_with_a_second_file(own: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("name: clinic\noptions:\n- {id: option.s05, choice: always}\n", encoding="utf-8")
    assert "default: where_addressed." in run("policy", "diff", own).stdout
    both = run("policy", "diff", own, other).stdout
    assert "one" not in both.split("\n")[0]
    assert both.startswith("1 option is decided otherwise by clinic than by our hospital")
    assert "our hospital: withheld." in both
    assert "clinic: with_care." in both
    assert "our hospital: always." in both  # the same choice on another authority


def test_a_policy_does_not_differ_from_itself(own: Path) -> None:
    assert run("policy", "diff", own, own).stdout.startswith("no options are decided otherwise")


@pytest.mark.parametrize("command", ["show", "check", "diff"])
def test_a_wrong_policy_is_one_sentence_and_exit_code_2(command: str, wrong: Path) -> None:
    result = run("policy", command, wrong)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert 'unknown option "option.s5"; the nearest are option.s25, option.s05' in result.stderr


def test_suggest_decides_by_the_policy_and_stamps_it(own: Path, note: Path) -> None:
    data = json.loads(run("suggest", note, "--format", "json", "--policy", own).stdout)
    assert data["policy"] == {"name": "our hospital", "sha256": load_policy(own).sha256}
    assert [(s["code"], s["necessity"]) for s in data["suggestions"]] == [("Z86.2", "required")]
    ours = json.loads(run("suggest", note, "--format", "json").stdout)
    assert ours["policy"] == {"name": "default", "sha256": default_policy().sha256}
    assert [(s["code"], s["necessity"]) for s in ours["suggestions"]] == [("Z86.2", "optional")]


def test_the_terminal_names_a_policy_that_is_not_ours(own: Path, note: Path) -> None:
    assert "policy our hospital" in " ".join(run("suggest", note, "--policy", own).stdout.split())
    assert "policy" not in run("suggest", note).stdout


def test_suggest_refuses_a_wrong_policy_before_it_reads_a_note(
    wrong: Path, note: Path, tmp_path: Path
) -> None:
    result = run("suggest", note, "--policy", wrong, "--out", tmp_path / "out.json")
    assert result.exit_code == 2
    assert "wrong.yaml, entry option.s5" in result.stderr
    assert not (tmp_path / "out.json").exists()


def test_explain_prints_an_option() -> None:
    shown = run("explain", "option.s05").stdout
    assert shown.startswith("option.s05  Personal and family history (ruling:S05)")
    assert "* where_addressed [default]:" in shown
    assert "ruling:S05:" in shown


def test_explain_names_the_nearest_option() -> None:
    result = run("explain", "option.s5")
    assert result.exit_code == 2
    assert "there is no option.s5; the nearest are option.s25, option.s05" in result.stderr
