"""The command as a process of its own: what it loads at the start, full disks and broken pipes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import ROOT, rows
from tests.suggest.result_samples import NOTE


def _python(*arguments: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, cwd=ROOT, env=environment, check=False, **more
    )


@pytest.mark.parametrize(
    "code", ["import cli", "import suggest", "import suggest.release", "import nlp.quiet"]
)
def test_an_import_brings_in_neither_spacy_nor_rich(code: str) -> None:
    heavy = ("spacy", "medspacy", "rich", "simple_icd_10_cm")
    probe = f"{code}; import sys; print([m for m in {heavy} if m in sys.modules])"
    assert _python("-c", probe).stdout.strip() == b"[]"


def test_help_starts_without_the_heavy_libraries() -> None:
    done = _python("-X", "importtime", "cli.py", "--help")
    assert done.returncode == 0
    assert b"suggest" in done.stdout
    heavy = ("spacy", "medspacy", "rich", "yaml", "jinja2", "pandas", "simple_icd_10_cm")
    loaded = {line.rpartition(b"|")[2].strip().decode() for line in done.stderr.splitlines()}
    assert [name for name in heavy if name in loaded] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_in_one_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "cli.py", "explain", "D51.0"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == b"corrin: the answer cannot be written: no space left on device\n"


def test_a_broken_pipe_is_quiet(tmp_path: Path) -> None:
    code = (
        "import sys, suggest, cli; from tests.cli.conftest import fake_encounter as f;"
        "suggest.suggest_encounter = f;"
        "sys.argv = ['corrin', 'suggest', sys.argv[1], '--format', 'jsonl']; cli.main()"
    )
    path = rows(tmp_path, *({"note_id": str(n), "text": NOTE} for n in range(300)))
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), errors) == (0, b"")
