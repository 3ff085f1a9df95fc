"""What every test run shares: Hypothesis profiles, and no silent skips in CI."""

from __future__ import annotations

import atexit
import fnmatch
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
ALLOWED_SKIPS = ROOT / ".ci" / "allowed-skips"

settings.register_profile(
    "corrin",
    max_examples=60,
    deadline=None,  # a shared machine is slow at times, and no test of ours measures time
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("long", settings.get_profile("corrin"), max_examples=1000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "corrin"))

# A developer's own releases must not change what the tests see; a test that installs some has its own folder.
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="corrin-tests-")
atexit.register(shutil.rmtree, os.environ["XDG_DATA_HOME"], ignore_errors=True)

_skipped: dict[str, str] = {}


def allowed_skips() -> list[str]:
    """The patterns of .ci/allowed-skips; each line holds a pattern and the reason."""
    lines = ALLOWED_SKIPS.read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if line.strip() and not line.lstrip().startswith("#")]


def unexplained(skipped: dict[str, str]) -> list[str]:
    """The skipped tests that no pattern allows."""
    patterns = allowed_skips()
    return [name for name in skipped if not any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)]


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() == "true"


def _note_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _skipped[report.nodeid] = reason


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note_skip(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note_skip(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _in_ci() and unexplained(_skipped) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if _in_ci() and (names := unexplained(_skipped)):
        terminalreporter.section("skipped without leave (.ci/allowed-skips)", red=True)
        for name in names:
            terminalreporter.write_line(f"{name}: {_skipped[name]}")
