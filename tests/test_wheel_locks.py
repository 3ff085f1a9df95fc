"""One hashed lock for each Python: complete, consistent, and free of this or that machine's addresses."""

from __future__ import annotations

import itertools
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MINORS = ("py311", "py312", "py313")
LOCKS = [f"{minor}{kind}" for minor in MINORS for kind in ("", "-dev")]
_PIN = re.compile(r"([a-z0-9-]+)==([^\s\\]+) \\")
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def pins(lock: str) -> dict[str, str]:
    lines = (ROOT / "locks" / f"{lock}.txt").read_text(encoding="utf-8").splitlines()
    return {match[1]: match[2] for line in lines if (match := _PIN.fullmatch(line))}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def wanted(requirements: list[str], lock: str) -> set[str]:
    """The names of the requirements whose marker fits the Python of the lock."""
    old = "python_version < '3.12'"
    fitting = [line for line in requirements if ";" not in line or (old in line) == lock.startswith("py311")]
    return {re.split(r"[<>=\[; ]", line)[0].lower().replace("_", "-") for line in fitting}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_nothing_but_pins_and_hashes(lock: str):
    lines = (ROOT / "locks" / f"{lock}.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not _PIN.fullmatch(line) and not _HASH.fullmatch(line)] == []
    follows = dict(itertools.pairwise(lines))
    assert [pin for pin in lines if _PIN.fullmatch(pin) and not _HASH.fullmatch(follows.get(pin, ""))] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_every_direct_dependency(lock: str):
    requirements = [
        *project()["dependencies"],
        *(project()["optional-dependencies"]["dev"] if "-dev" in lock else []),
    ]
    assert wanted(requirements, lock) - pins(lock).keys() == set()


@pytest.mark.parametrize("minor", MINORS)
def test_development_and_runtime_agree_on_every_version(minor: str):
    assert pins(minor).items() - pins(f"{minor}-dev").items() == set()


def test_python_3_11_keeps_the_spacy_and_numpy_that_medspacy_can_import():
    old, new = pins("py311"), pins("py312")
    assert (old["spacy"].rsplit(".", 1)[0], old["numpy"].split(".")[0]) == ("3.7", "1")
    assert (new["spacy"].rsplit(".", 1)[0], new["numpy"].split(".")[0]) == ("3.8", "2")


def test_no_file_of_the_build_names_a_registry_or_a_path_of_a_machine():
    files = [
        ROOT / "pyproject.toml",
        ROOT / "Makefile",
        *(ROOT / ".ci").iterdir(),
        *(ROOT / "locks").iterdir(),
    ]
    found = re.compile(r"pypi\.org|pythonhosted|index-url|find-links=|/opt/|/root/|/home/|file://")
    hits = [
        path.name
        for path in files
        if found.search(path.read_text(encoding="utf-8").replace("--no-emit-index-url", ""))
    ]
    assert hits == []
