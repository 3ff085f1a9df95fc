"""The wheel holds the program with its data and nothing else, and runs where no development tool is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ("nlp", "suggest", "models", "corpora", "readers", "audit", "web")
MINOR = f"py{sys.version_info.major}{sys.version_info.minor}"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment with the locked dependencies, the wheel, and no development tools."""
    home = tmp_path_factory.mktemp("install") / "env"
    venv.create(home, with_pip=True)
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for arguments in (
        ["--require-hashes", "-r", str(ROOT / "locks" / f"{MINOR}.txt")],
        ["--no-deps", str(wheel)],
    ):
        done = subprocess.run([*pip, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
    return home / "bin"


def run(program: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    return subprocess.run(
        [program, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_every_file_that_git_tracks_in_the_packages(wheel: Path):
    listed = subprocess.run(
        ["git", "ls-files", "-z", *SHIPPED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    tracked = {name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()}
    assert tracked - names(wheel) == set()
    assert "cli.py" in names(wheel)


def test_the_wheel_holds_no_tests_benchmarks_or_documentation(wheel: Path):
    tops = {name.split("/")[0] for name in names(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} <= {*SHIPPED, "cli.py"}


def test_the_wheel_carries_its_licence_and_its_command(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        metadata = {
            name.split("/", 1)[1]: archive.read(name).decode()
            for name in archive.namelist()
            if ".dist-info/" in name
        }
    assert "License-Expression: Apache-2.0" in metadata["METADATA"]
    assert "licenses/LICENSE" in metadata
    assert "corrin = cli:main" in metadata["entry_points.txt"]


def test_the_installed_command_starts_without_the_development_tools(installed: Path, tmp_path: Path):
    # pytest itself does come along: medspacy-quickumls asks for it at run time.
    for tool in ("hypothesis", "mypy", "hatchling"):
        assert run(installed / "python", "-c", f"import {tool}", cwd=tmp_path).returncode != 0, tool
    helped = run(installed / "corrin", "--help", cwd=tmp_path)
    assert helped.returncode == 0, helped.stderr
    assert "suggest" in helped.stdout


def test_the_installed_command_reads_a_note_far_from_the_sources(installed: Path, tmp_path: Path):
    note = tmp_path / "note.txt"
    note.write_text("Assessment: vitamin B12 deficiency, start cyanocobalamin 1000 mcg IM.", encoding="utf-8")
    done = run(installed / "corrin", "suggest", "--format", "json", str(note), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [entry["code"] for entry in json.loads(done.stdout)["suggestions"]][:1] == ["E53.8"]


def test_any_spacy_pipeline_can_use_the_components_by_name(installed: Path, tmp_path: Path):
    factories = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "entry-points"
    ]
    code = (
        f"import spacy\nnlp = spacy.blank('en')\n"
        f"for name in {sorted(factories['spacy_factories'])}: nlp.add_pipe(name)\n"
        "doc = nlp('A/P: B12 deficiency. Vitamin B12 142 pg/mL (200-900) L')\nprint(nlp.pipe_names)"
    )
    done = run(installed / "python", "-W", "ignore", "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "corrin_labs" in done.stdout
