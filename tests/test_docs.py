"""The guides say what is so: every command, option, path and exit code that they name exists."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.case_fields import Quote
from tests.case_format import read_case

ROOT = Path(__file__).resolve().parents[1]
GUIDES = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/policy.md",
    "docs/auditors.md",
    "docs/claims.md",
]
# Names that the guides use for files of the reader's own, or that come into being when something runs.
READERS_OWN = {
    "corrin-env/bin/pip",
    "corrin-env/bin/corrin",
    ".venv",
    ".venv/bin/python",
    "note.txt",
    "notes.jsonl",
    "answers.jsonl",
    "ours.yaml",
    "cases/",
    "findings.csv",
    "review/",
    "review/history.jsonl",
    "review/reviewed.csv",
    "lines.csv",
    "export.csv",
    "pairs.csv",
    "note",
}
PENDING = {"tests/coverage/pending.yaml"}  # goes when every id has a test
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"(?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:md|toml|py|yaml|csv|txt)")
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def text_of(guide: str) -> str:
    return (ROOT / guide).read_text(encoding="utf-8")


def prose(guide: str) -> str:
    return _BLOCK.sub("", text_of(guide))


def commands(guide: str) -> list[str]:
    """The lines of console blocks and the inline commands, without their comments."""
    lines = [
        line
        for kind, body in _BLOCK.findall(text_of(guide))
        if kind == "console"
        for line in body.splitlines()
    ]
    inline = [
        code
        for code in _CODE.findall(prose(guide))
        if re.match(r"(?:make|corrin|bash|pip|\.venv/bin/\w+) ", code)
    ]
    return [line.split("  #")[0].strip() for line in [*lines, *inline] if line.strip()]


def corrin_calls() -> list[list[str]]:
    """What stands after `corrin` in every command of the guides, up to a pipe or a redirection."""
    calls = []
    for guide in GUIDES:
        for line in commands(guide):
            words = shlex.split(line)
            for index, word in enumerate(words):
                if word == "corrin" or word.endswith("/corrin"):
                    rest = words[index + 1 :]
                    stop = next((i for i, w in enumerate(rest) if w in (">", "|", "<")), len(rest))
                    calls.append(rest[:stop])
    return calls


def corrin(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "import cli; cli.main()", *arguments]
    environment = {
        "COLUMNS": "200",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "PATH": "/usr/bin:/bin",
        "HOME": str(Path.home()),
    }
    return subprocess.run(
        program, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=100
    )


@pytest.mark.parametrize("guide", GUIDES)
def test_every_path_that_a_guide_names_exists(guide: str):
    named = {code for code in _CODE.findall(prose(guide)) if _PATH.fullmatch(code)}
    links = {
        link for link in _LINK.findall(prose(guide)) if not (ROOT / guide).parent.joinpath(link).exists()
    }
    assert links == set()
    if guide == "docs/architecture.md":
        named = {name for name in named if "<" not in name}
    missing = sorted(name for name in named - READERS_OWN - PENDING if not (ROOT / name).exists())
    assert missing == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_make_target_that_a_guide_names_exists(guide: str):
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    named = {line.split()[1] for line in commands(guide) if line.startswith("make ")}
    assert named - targets == set()


def test_every_command_and_option_that_the_guides_name_exists():
    calls = corrin_calls()
    assert calls
    helps: dict[str, str] = {}
    for words in calls:
        if not words or words[0].startswith("-"):
            continue
        command = words[0]
        if command not in helps:
            shown = corrin(command, "--help")
            assert shown.returncode == 0, f"corrin {command}: {shown.stderr}"
            helps[command] = shown.stdout
        for option in (word.split("=")[0] for word in words[1:] if word.startswith("--")):
            assert option in helps[command], f"corrin {command} has no {option}"


def test_every_command_of_the_program_is_in_the_readme():
    listed = corrin("--help").stdout.partition("Commands:")[2]
    program = set(re.findall(r"^  ([a-z-]+)  ", listed, re.MULTILINE))
    assert program
    assert program - {words[0] for words in corrin_calls() if words} == set()


def test_the_examples_of_the_readme_that_read_a_shipped_note_run():
    calls = [words for words in corrin_calls() if any((ROOT / word).is_file() for word in words)]
    assert len(calls) >= 2
    for words in calls:
        done = corrin(*words)
        assert done.returncode == 0, (words, done.stderr)
        assert "E53.8" in done.stdout, words


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("suggest", "corpora/demo/clinic-note.txt"), 0),
        (("suggest", "no-such-file.txt"), 2),
        (("suggest", "--format", "papyrus", "corpora/demo/clinic-note.txt"), 2),
        (("no-such-command",), 2),
    ],
)
def test_the_exit_codes_are_those_of_the_readme(arguments: tuple[str, ...], code: int):
    assert f"| {code} |" in text_of("README.md")
    assert corrin(*arguments).returncode == code


def test_the_python_example_of_the_readme_runs_and_finds_the_deficiency(capsys: pytest.CaptureFixture[str]):
    (example,) = [body for kind, body in _BLOCK.findall(text_of("README.md")) if kind == "python"]
    exec(compile(example, "README.md", "exec"), {})
    assert "E53.8" in capsys.readouterr().out


def test_the_case_in_the_contributing_guide_is_a_case():
    bodies = [
        yaml.safe_load(body) for kind, body in _BLOCK.findall(text_of("CONTRIBUTING.md")) if kind == "yaml"
    ]
    (case,) = [entry for body in bodies for entry in body if "note" in entry]
    assert read_case(case, "CONTRIBUTING.md").expect == (("E53.8", (Quote(None, "B12 deficiency"),)),)


def test_every_key_of_a_case_is_explained_in_the_contributing_guide():
    from tests.case_format import KEYS

    table = prose("CONTRIBUTING.md")
    assert sorted(key for key in KEYS if f"`{key}`" not in table) == []


def test_the_readme_leaves_one_place_for_the_figures_of_accuracy():
    readme = text_of("README.md")
    assert readme.count("<!-- accuracy: begin") == readme.count("<!-- accuracy: end -->") == 1


def test_the_readme_names_the_version_and_the_pythons_of_the_package():
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    wheels = set(re.findall(r"corrin-([\d.]+)-py3-none-any\.whl", text_of("README.md")))
    assert wheels == {project["version"]}
    minors = [line.rsplit(" ", 1)[1] for line in project["classifiers"] if re.search(r":: 3\.\d+$", line)]
    assert minors == ["3.11", "3.12", "3.13"]


def test_the_changelog_has_the_shape_of_keep_a_changelog():
    changelog = text_of("CHANGELOG.md")
    assert "\n## Unreleased\n" in changelog
    sections = set(re.findall(r"^### (.+)$", changelog, re.MULTILINE))
    assert sections <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
