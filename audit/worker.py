"""A worker process: it builds its own pipeline, takes shards of encounters, sends plain records back.

What the parent sends is `(shard, from)`; what comes back is `("begin", n)` before an encounter,
`("done", n, line)` after it and `("end", shard)`. The parent writes; a worker writes nothing, so one
that outlives its parent spoils nothing.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from audit.encounter import Rows, Settings

DIED = "ended the process that read it; please report it"
GRACE = 30  # seconds after which a worker whose parent is gone or blind ends itself


def work(pipe: Connection, folder: str, settings: Settings, processor: str, seconds: float) -> None:
    """Answer shards until the pipe is closed. Runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us when it has put its work down
    silence()
    process = find_processor(processor)
    from audit.spill import read_shard
    from suggest import warm

    warm()  # before the first encounter, so that its watch does not count the building

    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            shard, start = pipe.recv()
            rows = read_shard(Path(folder), shard)
            for number in range(start, len(rows)):
                pipe.send(("begin", number))
                alarm(seconds + GRACE)
                line = dump(attempt(rows[number], settings, process))
                alarm(0)
                pipe.send(("done", number, line))
            pipe.send(("end", shard))


def find_processor(name: str) -> Callable[[Rows, Settings], dict[str, Any]]:
    """Return the function `module:name`, which makes a record of the rows of an encounter."""
    module, _, function = name.partition(":")
    found: Callable[[Rows, Settings], dict[str, Any]] = getattr(importlib.import_module(module), function)
    return found


def attempt(
    rows: Rows, settings: Settings, process: Callable[[Rows, Settings], dict[str, Any]]
) -> dict[str, Any]:
    """Return the record of an encounter; one that makes Corrin fail is set aside by name."""
    from audit.encounter import failed
    from nlp.errors import CorrinError

    try:
        return process(rows, settings)
    except CorrinError as error:
        return failed(rows, settings, "failed", str(error))
    except (Exception, RecursionError) as error:  # noqa: BLE001 its message may quote the note
        return failed(
            rows, settings, "failed", f"could not be processed ({type(error).__name__}); please report it"
        )


def dump(record: dict[str, Any]) -> bytes:
    """Return a record as one line."""
    return json.dumps(record, separators=(",", ":")).encode("ascii") + b"\n"


def hung(seconds: float) -> str:
    """Return what is said of an encounter that took too long."""
    return f"was stopped: it took more than {seconds:g} seconds (--watch)"


def alarm(seconds: float) -> None:
    """Have the kernel end this process if it is stuck where Python no longer listens."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def silence() -> None:
    """Send what libraries print nowhere: it might hold words of a note."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    if not os.environ.get("CORRIN_DEBUG"):
        os.dup2(null, 2)
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
