"""In CI a skipped test that .ci/allowed-skips does not name fails the run (tests/conftest.py)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import unexplained

ROOT = Path(__file__).resolve().parents[1]
SKIPPED_TEST = (
    "import pytest\n\ndef test_one():\n    pytest.skip('no browser')\n\ndef test_two():\n    pass\n"
)
SKIPPED_FILE = "import pytest\n\npytest.importorskip('no_such_module_at_all')\n\ndef test_one():\n    pass\n"
EXPECTED_FAILURE = "import pytest\n\n@pytest.mark.xfail(reason='known')\ndef test_one():\n    assert False\n"


def run(folder: Path, source: str, *, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(source, encoding="utf-8")
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-c",
            os.devnull,
            "--rootdir",
            str(folder),
            "-p",
            "tests.conftest",
            str(folder),
        ],
        cwd=ROOT,
        env={**os.environ, "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("source", [SKIPPED_TEST, SKIPPED_FILE])
def test_a_silent_skip_fails_the_run_in_ci(tmp_path: Path, source: str):
    done = run(tmp_path, source, ci="true")
    assert done.returncode != 0
    assert "skipped without leave" in done.stdout
    assert "no browser" in done.stdout or "no_such_module_at_all" in done.stdout


def test_a_skip_is_just_a_skip_elsewhere(tmp_path: Path):
    done = run(tmp_path, SKIPPED_TEST, ci="")
    assert done.returncode == 0, done.stdout
    assert "skipped without leave" not in done.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path):
    assert run(tmp_path, EXPECTED_FAILURE, ci="true").returncode == 0


def test_a_pattern_of_the_list_gives_leave(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tests.conftest.allowed_skips", lambda: ["tests/browser/*"])
    skipped = {"tests/browser/test_page.py::test_opens": "", "tests/test_cases.py::test_case": ""}
    assert unexplained(skipped) == ["tests/test_cases.py::test_case"]
