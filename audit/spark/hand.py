"""The process that answers for one Python worker of Spark: it holds the pipeline, and may die without harm.

Spark ends a job whose Python worker dies again and again. So the worker itself reads no note: it sends
each encounter to a child of its own, and sets aside by name what ends or hangs the child.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audit.encounter import failed
from audit.worker import DIED, GRACE, alarm, attempt, dump, find_processor, hung, silence

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from audit.encounter import Rows, Settings

_TRIES = 2  # an encounter whose process died is tried once more: the system may have killed it
_START = 180.0  # seconds a child may take to build its pipeline
_hands: dict[Task, Hand] = {}


@dataclass(frozen=True, slots=True)
class Task:
    """What a hand is to do with encounters; plain values, so that Spark can send them."""

    settings: Settings
    processor: str = "audit.encounter:answer"
    seconds: float = 120.0  # wall time after which an encounter is taken to hang


def hand_for(task: Task) -> Hand:
    """Return the hand of this Python worker; its pipeline is built once and used by every task after."""
    for other in [t for t in _hands if t != task]:
        _hands.pop(other).close()
    if task not in _hands:
        _hands[task] = Hand(task)
    return _hands[task]


class Hand:
    """Answers encounters in a child process that is started when first needed, and anew after it ended."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._child: Any = None
        self._pipe: Connection | None = None

    def answer(self, rows: Rows) -> bytes:
        """Return the record of an encounter as one line."""
        for _ in range(_TRIES):
            pipe = self._pipe or self._start()
            try:
                pipe.send(rows)
                if pipe.poll(self._task.seconds):
                    line: bytes = pipe.recv()
                    return line
            except (EOFError, OSError):
                self.close()
                continue
            self.close()
            return dump(failed(rows, self._task.settings, "hung", hung(self._task.seconds)))
        return dump(failed(rows, self._task.settings, "failed", DIED))

    def _start(self) -> Connection:
        for _ in range(_TRIES):
            context = multiprocessing.get_context("spawn")
            here, there = context.Pipe()
            self._child = context.Process(target=serve, args=(there, self._task), daemon=True)
            self._child.start()
            there.close()
            self._pipe = here
            with contextlib.suppress(EOFError, OSError):
                if here.poll(_START):
                    here.recv()
                    return here
            self.close()
        raise RuntimeError("workers end before they begin; corrin doctor may tell why")

    def close(self) -> None:
        """End the child."""
        if self._pipe is not None:
            self._pipe.close()
            self._child.kill()
            self._child.join()
            self._pipe = None


def serve(pipe: Connection, task: Task) -> None:
    """Answer encounters until the pipe is closed. Runs in a process of its own."""
    silence()
    process = find_processor(task.processor)
    from suggest import warm

    warm()
    with contextlib.suppress(EOFError, OSError):
        pipe.send("ready")
        while True:
            rows = pipe.recv()
            alarm(task.seconds + GRACE)
            line = dump(attempt(rows, task.settings, process))
            alarm(0)
            pipe.send(line)
