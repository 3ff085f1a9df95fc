"""Whatever the description of the API allows, and much that it does not, never makes the server fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import Served

pytestmark = pytest.mark.slow


def test_schemathesis_finds_no_failure_of_the_server(server: Served, tmp_path: Path):
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "schemathesis"),
            "run",
            f"{server.url}api/openapi.json",
            "--checks",
            "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
            "--max-examples",
            "25",
            "--generation-database",
            "none",
            "--seed",
            "20261127",
            "--phases",
            "examples,coverage,fuzzing",
            "--request-timeout",
            "60",
        ],
        cwd=tmp_path,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
