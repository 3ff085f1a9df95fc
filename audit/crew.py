"""The parent's side of the workers: gives out shards, writes what comes back, stops what hangs.

Each shard has a file of finished encounters, one a line in a fixed order. A run that was killed finds
them, drops a last line that is not whole, and goes on behind it.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from audit.encounter import failed
from audit.spill import private_open, read_shard, shard_path
from audit.worker import DIED, attempt, dump, find_processor, hung, work
from nlp.errors import CorrinError
from suggest.console import sheltered

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from pathlib import Path

    from audit.encounter import Rows, Settings

_TRIES = 2  # an encounter whose worker died is tried once more: the system may have killed it
_START = 180.0  # seconds a worker may take to build its pipeline


@dataclass(frozen=True, slots=True)
class Job:
    """What the crew has to do: the shards of a folder, with what function, watched how."""

    folder: Path
    shards: tuple[int, ...]
    settings: Settings
    processor: str = "audit.encounter:answer"
    workers: int = 1
    seconds: float = 120.0  # wall time after which an encounter is taken to hang


@dataclass(slots=True)
class _Hand:
    """A worker and what it has in hand."""

    process: SpawnProcess
    pipe: Connection
    shard: int | None = None
    number: int | None = None
    since: float = 0.0
    out: int | None = None


@dataclass(slots=True)
class Crew:
    """The workers of a run. `report` is called with the encounters done."""

    job: Job
    report: Callable[[int], None]
    _left: list[int] = field(default_factory=list)
    _tries: dict[tuple[int, int], int] = field(default_factory=dict)

    def run(self) -> None:
        """Answer every shard; return when all are done."""
        (self.job.folder / "out").mkdir(mode=0o700, exist_ok=True)
        self._left = [s for s in self.job.shards if not done_path(self.job.folder, s).exists()][::-1]
        hands: list[_Hand] = []
        try:
            for _ in range(min(self.job.workers, len(self._left))):
                hands.append(self._hire())  # noqa: PERF401 those hired must be known if one fails
            while hands:
                self._listen(hands)
        finally:
            for hand in hands:
                self._dismiss(hand)

    def _hire(self) -> _Hand:
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(
            target=work,
            args=(
                there,
                str(self.job.folder / "in"),
                self.job.settings,
                self.job.processor,
                self.job.seconds,
            ),
            daemon=True,
        )
        with sheltered():
            process.start()
        there.close()
        hand = _Hand(process, here)
        self._next(hand)
        return hand

    def _next(self, hand: _Hand, shard: int | None = None) -> bool:
        """Give a worker its next shard, or the rest of one; False where nothing is left."""
        if shard is None:
            if not self._left:
                return False
            shard = self._left.pop()
        start = _whole_lines(part_path(self.job.folder, shard))
        hand.shard, hand.number, hand.since = shard, None, time.monotonic()
        hand.out = private_open(part_path(self.job.folder, shard), append=True)
        hand.pipe.send((shard, start))
        return True

    def _listen(self, hands: list[_Hand]) -> None:
        ready = wait([h.pipe for h in hands], timeout=0.5)
        for hand in [*hands]:
            if hand.pipe in ready:
                try:
                    message = hand.pipe.recv()
                except (EOFError, OSError):
                    self._lost(hands, hand)
                    continue
                self._hear(hands, hand, message)
            limit = self.job.seconds + (_START if hand.number is None else 0.0)
            if hand in hands and time.monotonic() - hand.since > limit:
                self._hangs(hands, hand)

    def _hear(self, hands: list[_Hand], hand: _Hand, message: tuple[object, ...]) -> None:
        hand.since = time.monotonic()
        if message[0] == "begin":
            assert isinstance(message[1], int)
            hand.number = message[1]
        elif message[0] == "done":
            assert isinstance(message[2], bytes)
            self._write(hand, message[2])
        else:
            self._finish(hand)
            if not self._next(hand):
                hands.remove(hand)
                self._dismiss(hand)

    def _write(self, hand: _Hand, line: bytes) -> None:
        assert hand.out is not None
        view = memoryview(line)
        while view:
            view = view[os.write(hand.out, view) :]
        self.report(1)

    def _finish(self, hand: _Hand) -> None:
        assert hand.shard is not None
        assert hand.out is not None
        os.close(hand.out)
        part_path(self.job.folder, hand.shard).replace(done_path(self.job.folder, hand.shard))
        hand.shard = hand.out = hand.number = None

    def _lost(self, hands: list[_Hand], hand: _Hand) -> None:
        """A worker died: its encounter is tried once more, then set aside."""
        assert hand.shard is not None
        if hand.number is None:
            tries = self._tries[hand.shard, -1] = self._tries.get((hand.shard, -1), 0) + 1
            if tries > _TRIES:
                raise CorrinError("the workers end before they begin; corrin doctor may tell why")
        else:
            place = (hand.shard, hand.number)
            self._tries[place] = self._tries.get(place, 0) + 1
            if self._tries[place] >= _TRIES:
                self._set_aside(hand, "failed", DIED)
        self._replace(hands, hand)

    def _hangs(self, hands: list[_Hand], hand: _Hand) -> None:
        """An encounter took too long: its worker is ended, it is set aside, the rest goes on."""
        hand.process.kill()
        hand.process.join()
        if hand.number is not None:
            self._set_aside(hand, "hung", hung(self.job.seconds))
        else:
            self._tries[hand.shard or 0, -1] = self._tries.get((hand.shard or 0, -1), 0) + 1
            if self._tries[hand.shard or 0, -1] > _TRIES:
                raise CorrinError("the workers do not begin their work; corrin doctor may tell why")
        self._replace(hands, hand)

    def _set_aside(self, hand: _Hand, kind: str, problem: str) -> None:
        assert hand.shard is not None
        assert hand.number is not None
        rows = read_shard(self.job.folder / "in", hand.shard)[hand.number]
        self._write(hand, dump(failed(rows, self.job.settings, kind, problem)))

    def _replace(self, hands: list[_Hand], hand: _Hand) -> None:
        hands.remove(hand)
        shard = hand.shard
        self._dismiss(hand)
        if shard is not None:
            self._left.append(shard)
        hands.append(self._hire())

    def _dismiss(self, hand: _Hand) -> None:
        if hand.out is not None:
            os.close(hand.out)
            hand.out = None
        hand.pipe.close()
        if hand.shard is not None:
            hand.process.kill()
        hand.process.join()


def run_here(job: Job, report: Callable[[int], None]) -> None:
    """Answer every shard in this process: for notebooks and small tables, without watch over wall time."""
    process = find_processor(job.processor)

    def answer(rows: Rows) -> bytes:
        line = dump(attempt(rows, job.settings, process))
        report(1)
        return line

    (job.folder / "out").mkdir(mode=0o700, exist_ok=True)
    for shard in job.shards:
        answer_shard(job.folder, shard, answer)


def answer_shard(folder: Path, shard: int, answer: Callable[[Rows], bytes]) -> int:
    """Answer what is left of a shard, an encounter a line; return how many that were."""
    done = done_path(folder, shard)
    if done.exists():
        return 0
    part = part_path(folder, shard)
    left = read_shard(folder / "in", shard)[_whole_lines(part) :]
    with os.fdopen(private_open(part, append=True), "ab") as file:
        for rows in left:
            file.write(answer(rows))
    part.replace(done)
    return len(left)


def done_path(folder: Path, shard: int) -> Path:
    """Return the file of a shard whose encounters are all answered."""
    return shard_path(folder / "out", shard)


def part_path(folder: Path, shard: int) -> Path:
    """Return the file of a shard that is being answered."""
    return done_path(folder, shard).with_suffix(".part")


def _whole_lines(path: Path) -> int:
    """Return how many whole lines a file has, and cut off what stands behind the last of them."""
    if not path.exists():
        return 0
    lines = size = 0
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                lines, size = lines + 1, size + len(line)
    os.truncate(path, size)
    return lines
