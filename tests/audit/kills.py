"""A real `corrin audit` that is killed and begun again, for tests and proofs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TIMED = "run.json"  # it alone holds times


def audit(*arguments: object, kill_after: float | None = None) -> int | None:
    """Run the command in a process of its own; None where it was killed before its end.

    The parent alone is killed, as the system does it: its workers must see to themselves.
    """
    command = [sys.executable, "-W", "ignore", str(ROOT / "cli.py"), "audit", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        return process.wait(timeout=kill_after)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        return None


def killed_and_gone_on_with(moments: Sequence[float], *arguments: object) -> int:
    """Run the command, killed after each of so many seconds and begun again; say how often it was."""
    kills = sum(audit(*arguments, kill_after=seconds) is None for seconds in moments)
    assert audit(*arguments) in (0, 1)
    return kills


def files(out: Path) -> dict[str, bytes]:
    """The files of a run, but for the one that holds times."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != TIMED
    }
