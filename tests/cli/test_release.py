"""`corrin release`, `corrin diff-release` and `--release`: what they print and how they exit."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import cli

ROOT = Path(__file__).resolve().parents[2]
MADE = ROOT / "tests" / "releases"
OCTOBER, APRIL = (MADE / f"icd10cm-tabular-{name}.xml" for name in ("October-2024", "April-2025"))
ORDER = MADE / "icd10cm_order_October-2024.txt"
GUIDE = ROOT / "docs" / "releases.md"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "data" / "corrin" / "releases"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def done(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def refused(*arguments: str | Path) -> str:
    """The one sentence of a call that was wrong."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("corrin: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("corrin: ").rstrip("\n")


def test_a_release_is_added_listed_shown_and_removed(store: Path) -> None:
    assert done("release", "add", OCTOBER, "--codes", ORDER) == (
        "added ICD-10-CM October 2024, for dates of service from 2024-10-01 to 2025-03-31\n"
    )
    assert done("release", "list") == (
        "ICD-10-CM October 2024  2024-10-01 to 2025-03-31  yours\n"
        "ICD-10-CM April 2026    2026-04-01 to 2026-09-30  packaged\n"
    )
    shown = done("release", "show", "october-2024")
    assert f"order file    {store}/icd-10-cm-october-2024/codes.txt\n" in shown
    assert re.search(r"^sha256 +[0-9a-f]{64}$", shown, re.MULTILINE)
    assert re.search(r"^our scope +\d+ of \d+ codes; without ", shown, re.MULTILINE)
    assert done("release", "remove", "ICD-10-CM October 2024") == "removed ICD-10-CM October 2024\n"
    assert "October" not in done("release", "list")


def test_a_release_without_an_order_file_says_so_when_it_is_added() -> None:
    assert "(no order file: 7th-character codes are formed" in done("release", "add", APRIL)


def test_window_and_name_can_be_given() -> None:
    done("release", "add", OCTOBER, "--name", "Whole year", "--from", "2024-10-01", "--to", "2025-09-30")
    assert "Whole year            2024-10-01 to 2025-09-30  yours, without order file\n" in done(
        "release", "list"
    )


def test_what_cannot_be_added_is_refused_with_one_sentence_and_exit_code_2(
    tmp_path: Path, store: Path
) -> None:
    plain = tmp_path / "tabular.xml"
    plain.write_bytes(APRIL.read_bytes())
    assert refused("release", "add", plain).endswith("give --from 2024-10-01 or --from 2025-04-01")
    assert "no such file" in refused("release", "add", tmp_path / "absent.xml")
    assert "does not fit" in refused("release", "add", APRIL, "--codes", ORDER)
    assert "well-formed" in refused("release", "add", ORDER)
    assert not store.exists()
    done("release", "add", APRIL)
    assert "installed already" in refused("release", "add", APRIL)
    assert "comes with Corrin" in refused("release", "remove", "april-2026")
    assert "there is no release 1999" in refused("release", "show", "1999")
    assert "there is no release 1999" in refused("diff-release", "april-2025", "1999")


def test_a_name_that_steers_the_terminal_is_shown_harmless(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\n.xml"
    path.write_text("<a/>", encoding="utf-8")
    assert "\x1b" not in refused("release", "add", path)
    assert "\x1b" not in refused("release", "show", "\x1b[31m")


def test_a_diff_is_a_table_or_json() -> None:
    done("release", "add", OCTOBER, "--codes", ORDER)
    done("release", "add", APRIL)
    table = done("diff-release", "october-2024", "april-2025")
    assert "\nAdded\n  + D51.3     Dietary vitamin B12 deficiency anemia\n" in table
    assert "\nExcludes2\n  + E61.1     vitamin B12 deficiency (E53.8)\n" in table
    answer = json.loads(done("diff-release", "october-2024", "april-2025", "--format", "json"))
    assert list(answer) == ["from", "to", "changes"]
    assert (answer["from"]["name"], answer["to"]["has_order_file"]) == ("ICD-10-CM October 2024", False)
    assert {
        "change": "inclusionTerm",
        "at": "D51.0",
        "place": "code",
        "before": None,
        "after": "Biermer anemia",
        "codes": ["D51.0"],
    } in answer["changes"]


def test_the_release_of_an_explanation_can_be_named() -> None:
    done("release", "add", APRIL)
    assert "as of April 2025" in done("explain", "D51.0", "--release", "april-2025")
    assert "not both" in refused("explain", "D51.0", "--release", "april-2025", "--date", "2025-04-01")


def test_doctor_names_a_release_that_cannot_be_loaded(store: Path) -> None:
    done("release", "add", APRIL)
    (store / "icd-10-cm-april-2025" / "tabular.xml").unlink()
    result = run("doctor")
    assert "FAULT release icd-10-cm-april-2025: its tabular.xml is missing" in result.stdout
    assert result.exit_code == 1


def test_suggest_takes_the_release_of_the_date(tmp_path: Path) -> None:
    done("release", "add", OCTOBER, "--codes", ORDER)
    done("release", "add", APRIL)
    note = tmp_path / "note.txt"
    note.write_text("Assessment: Pernicious anemia.", encoding="utf-8")
    for day, name in (("2025-03-31", "October 2024"), ("2025-04-01", "April 2025")):
        assert f"Pernicious anemia as of {name}" in done("suggest", note, "--date", day)


def test_every_command_of_the_guide_exists_with_its_options() -> None:
    blocks = re.findall(
        r"^```console\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    calls = [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]
    assert {words[2] for words in calls if words[1] == "release"} == {"add", "list", "show", "remove"}
    for words in calls:
        assert words[0] == "corrin"
        command = words[1:3] if words[1] == "release" else words[1:2]
        shown = done(*command, "--help")
        assert [word for word in words if word.startswith("--") and word not in shown] == []
