"""Which ids the tests cover: `covers` of the YAML cases, and `@pytest.mark.covers("rule:R09")`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.case_format import CASES, TESTS, full_id, known_ids

HERE = Path(__file__).parent
OUT_OF_REACH = HERE / "out_of_reach.yaml"
PENDING = HERE / "pending.yaml"


def covered() -> dict[str, list[str]]:
    """Map each id that a test covers to the files that do."""
    found: dict[str, list[str]] = {}
    for path in sorted(CASES.rglob("*.yaml")):
        for name in _covers_of(yaml.safe_load(path.read_text(encoding="utf-8"))):
            found.setdefault(full_id(name), []).append(path.relative_to(TESTS).as_posix())
    for path in sorted(TESTS.rglob("test_*.py")):
        for name in _marks_of(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(full_id(name), []).append(path.relative_to(TESTS).as_posix())
    return found


def out_of_reach() -> dict[str, str]:
    """Map each id that no test can cover to the reason."""
    return yaml.safe_load(OUT_OF_REACH.read_text(encoding="utf-8")) or {}


def pending() -> list[str]:
    """The ids that wait for a test."""
    return yaml.safe_load(PENDING.read_text(encoding="utf-8")) or [] if PENDING.exists() else []


def uncovered() -> list[str]:
    """The ids that are neither covered nor out of reach, sorted."""
    return sorted(known_ids() - covered().keys() - out_of_reach().keys())


def _covers_of(entries: Any) -> Iterator[str]:
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("covers"), list):
            yield from map(str, entry["covers"])


def _marks_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.covers":
            yield from (ast.literal_eval(argument) for argument in node.args)
