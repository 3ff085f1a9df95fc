"""Imports point one way, the rules know no spaCy, and the program starts without it."""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("spacy", "medspacy", "thinc", "sklearn", "pandas", "simple_icd_10_cm")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def loaded_after(code: str, looked_for: tuple[str, ...] = HEAVY) -> set[str]:
    """The heavy packages that a fresh interpreter holds after running `code`."""
    probe = f"import sys\n{code}\nprint('loaded:', *sorted(set(sys.modules) & {set(looked_for)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("loaded:")[2].split())


def modules_of(package: str) -> list[str]:
    """Every module of a package, found without importing any but the packages' own."""
    path = [str(ROOT / package)]
    return [package, *(module.name for module in pkgutil.walk_packages(path, f"{package}."))]


def test_the_import_contracts_hold():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_of_the_repository_is_under_the_import_contracts():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {
        "tests",
        "corpora",
        "models",
        "bench",
    }
    assert packages == set(project()["tool"]["importlinter"]["root_packages"])


def test_the_records_of_a_note_import_no_spacy():
    assert loaded_after("import nlp.facts, nlp.view, nlp.knowledge, nlp.errors") == set()


def test_importing_all_of_suggest_imports_no_spacy():
    assert (
        loaded_after("import " + ", ".join(modules_of("suggest"))) & {"spacy", "medspacy", "thinc"} == set()
    )


def test_the_reading_functions_import_no_spacy():
    readers = [name for name in modules_of("nlp") if name.endswith((".process", ".load"))]
    assert readers
    assert loaded_after("import " + ", ".join(readers)) & {"spacy", "medspacy", "thinc"} == set()


def test_the_help_of_the_command_imports_nothing_heavy():
    call = [
        "import cli",
        "sys.argv = ['corrin', '--help']",
        "try: cli.main()",
        "except SystemExit as ended: assert not ended.code",
    ]
    slow = ("nlp.facts", "suggest.api", "suggest.result", "importlib.metadata", "yaml")
    assert loaded_after("\n".join(call), (*HEAVY, *slow)) == set()


def test_every_entry_point_names_a_function_that_exists():
    points = project()["project"].get("entry-points", {}).get("spacy_factories", {})
    for name, target in points.items():
        module, _, attribute = target.partition(":")
        assert callable(getattr(importlib.import_module(module), attribute)), name


def test_every_spacy_factory_has_an_entry_point_under_its_name():
    declared = re.compile(r'@Language\.factory\(\s*"(corrin_\w+)"')
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "nlp").rglob("*.py")]
    factories = {name for source in sources for name in declared.findall(source)}
    assert factories == project()["project"].get("entry-points", {}).get("spacy_factories", {}).keys()


def test_every_package_is_in_the_wheel_or_left_out_on_purpose():
    shipped = set(project()["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"])
    here = {path.parent.name for path in ROOT.glob("*/*.py")} | {path.name for path in ROOT.glob("*.py")}
    assert here - shipped - {"tests", "bench", "docs"} == set()


def test_every_vocabulary_says_in_its_first_line_what_it_is():
    files = sorted(path for package in ("nlp", "suggest") for path in (ROOT / package).rglob("*.yaml"))
    assert files
    assert [path.name for path in files if not path.read_text(encoding="utf-8").startswith("# ")] == []
