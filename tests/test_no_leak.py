"""Words of a note never reach standard error, a log or an exception, whatever fails.

The program runs in a process of its own with a rare word planted in the note; then with each stage made
to fail with the whole note in its message, as a careless library would.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from suggest import suggest_codes

ROOT = Path(__file__).resolve().parents[1]
RARE = "Quorvexland"
NOTE = f"""\
Patient of {RARE} Clinic.
HPI: seen with {RARE} for fatigue. Mother had pernicious anemia.
Medications: cyanocobalamin 1000 mcg IM monthly
Labs 05/07/2026: Vitamin B12 142 pg/mL (200-900) L, Ferritin {RARE}
A/P: 1. Vitamin B12 deficiency ({RARE}) due to metformin. E53.8
Electronically signed by {RARE} Rowe, MD
"""
STAGES = (
    "nlp.layout:read_outline",
    "nlp.layout:finish",
    "nlp.concepts:find_mentions",
    "nlp.labs:read_labs",
    "nlp.medications:read_medications",
    "nlp.context:resolve",
    "nlp.links:read_links",
    "nlp.authors:read_authors",
    "nlp.authors:read_dates",
    "nlp.authors:read_stated_codes",
)

# Replaces a function wherever it has been imported, then runs the command. `hit` proves that it was reached.
DRIVER = textwrap.dedent(
    """
    import importlib, pkgutil, sys
    stage, hit, *arguments = sys.argv[1:]
    import nlp, suggest, cli
    for package in (nlp, suggest):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            importlib.import_module(module.name)
    def break_stage():
        home, name = stage.split(":")
        original = getattr(importlib.import_module(home), name)
        def fail(*args, **kwargs):
            open(hit, "w").close()
            raise ValueError("cannot read: " + open(arguments[-1]).read())
        for module in list(sys.modules.values()):
            for key, value in list(getattr(module, "__dict__", {}).items()):
                if value is original:
                    setattr(module, key, fail)
    if stage:
        break_stage()
    sys.argv = ["corrin", *arguments]
    cli.main()
    """
)


def run(
    *arguments: str, stage: str = "", hit: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore::SyntaxWarning", "-c", DRIVER, stage, str(hit or ""), *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text(NOTE, encoding="utf-8")
    return path


def test_a_good_run_says_nothing_of_the_note_on_standard_error(note: Path):
    done = run("suggest", "--format", "json", str(note))
    assert done.returncode == 0, done.stderr
    assert '"E53.8"' in done.stdout
    assert RARE not in done.stderr


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_fails_with_the_note_in_its_message_does_not_spill_it(
    note: Path, tmp_path: Path, stage: str
):
    hit = tmp_path / "hit"
    done = run("suggest", "--format", "json", str(note), stage=stage, hit=hit)
    assert hit.exists(), f"{stage} was not reached: {done.stderr}"
    assert done.returncode == 1, done.stderr
    assert RARE not in done.stderr + done.stdout
    assert "cannot read" not in done.stderr + done.stdout


def test_a_note_that_cannot_be_decoded_is_named_and_not_quoted(tmp_path: Path):
    path = tmp_path / "note.jsonl"
    path.write_text(f'{{"note_id": "n1", "text": "{RARE} B12 deficiency"\n', encoding="utf-8")
    done = run("suggest", "--format", "jsonl", str(path))
    assert done.returncode in (1, 2)
    assert done.stderr
    assert RARE not in done.stderr + done.stdout


def test_the_library_logs_nothing_of_the_note(caplog: pytest.LogCaptureFixture, capfd: Any):
    with caplog.at_level(logging.DEBUG):
        result = suggest_codes(NOTE)
    captured = capfd.readouterr()
    assert RARE not in caplog.text + captured.out + captured.err
    assert RARE not in repr(result)
    assert "deficiency (" not in repr(result)
