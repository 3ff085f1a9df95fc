"""The libraries under us write nothing on the user's terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RARE = "Zebrafishlake"


def _run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)


def test_pyrush_writes_no_token_of_a_note_on_standard_error() -> None:
    sentences = (
        "import spacy, medspacy; nlp = spacy.blank('en'); nlp.add_pipe('medspacy_pyrush');"
        f"nlp('A {RARE} note. No anemia.')"
    )
    code = f"from nlp.quiet import silence; silence(); {sentences}"
    assert RARE in _run(sentences).stderr  # what silence is for; drop it once this is gone
    done = _run(code)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_warning_about_pysbds_patterns_is_not_shown_and_others_are() -> None:
    code = (
        "from nlp.quiet import silence; silence(); import warnings;"
        "warnings.warn_explicit('x', SyntaxWarning, '/lib/pysbd/a.py', 1, module='/lib/pysbd/a');"
        "warnings.warn_explicit('y', SyntaxWarning, '/lib/other/a.py', 1, module='/lib/other/a')"
    )
    assert [line for line in _run(code).stderr.splitlines() if "SyntaxWarning" in line] == [
        "/lib/other/a.py:1: SyntaxWarning: y"
    ]


def test_a_hosts_own_loguru_sink_is_left_as_it_is() -> None:
    code = "from nlp.quiet import silence; silence(); from loguru import logger; logger.info('mine')"
    assert "mine" in _run(code).stderr
