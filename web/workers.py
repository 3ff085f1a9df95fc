"""Readers of notes in processes of their own: two cores are used, and one that hangs is stopped and replaced.

The notes travel through pipes and are never written anywhere. A reader says nothing on standard output or
error, so that not even a crash can spill a note.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Protocol

from suggest.console import sheltered
from web import tasks
from web.refusals import RefusalError
from web.settings import MAX_WAITING, Settings

WARM_SECONDS = 300.0
_READY = b"ready"


class Engine(Protocol):
    """Who runs the tasks."""

    @property
    def is_warm(self) -> bool:
        """Whether a request would be answered at once."""

    async def start(self) -> None:
        """Make it warm; returns once it is."""

    async def stop(self) -> None:
        """Let go of everything."""

    async def run(self, task: str, data: bytes, given: Mapping[str, str]) -> bytes:
        """Run a task of `web.tasks`."""


class Inline:
    """Runs the tasks in this very process, one at a time: for tests, and for whoever embeds the app."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turn = asyncio.Lock()
        self.is_warm = False

    async def start(self) -> None:
        """Make it warm."""
        await asyncio.to_thread(tasks.warm, self._settings.policy)
        self.is_warm = True

    async def stop(self) -> None:
        """Nothing is held."""
        self.is_warm = False

    async def run(self, task: str, data: bytes, given: Mapping[str, str]) -> bytes:
        """Run a task in a thread, so that the server goes on listening."""
        async with self._turn:
            return await asyncio.to_thread(tasks.run, task, data, given)


class _Reader:
    """One process and the pipe to it."""

    def __init__(self, policy: str | None) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, policy), daemon=True)
        with sheltered():
            self._process.start()
        theirs.close()

    def wait_until_warm(self) -> None:
        if not self._pipe.poll(WARM_SECONDS):
            raise RefusalError("busy", "A reader did not start in time.")
        first = self._pipe.recv()
        if first != _READY:
            raise first

    def ask(self, task: str, data: bytes, given: Mapping[str, str], seconds: float) -> bytes:
        """Return the answer.

        Raises:
            RefusalError: of the task; or `too_slow`, `failed`, after which the reader is of no more use.
        """
        try:
            self._pipe.send((task, data, dict(given)))
            if not self._pipe.poll(seconds):
                raise _ReaderLostError(
                    RefusalError(
                        "too_slow", f"Reading was stopped after {seconds:g} seconds; split the note."
                    )
                )
            answer = self._pipe.recv()
        except (EOFError, OSError):
            raise _ReaderLostError(
                RefusalError("failed", "A reader ended unexpectedly; please report it.")
            ) from None
        if isinstance(answer, RefusalError):
            raise answer
        assert isinstance(answer, bytes)
        return answer

    def end(self) -> None:
        with contextlib.suppress(OSError):
            self._pipe.close()
        self._process.kill()
        self._process.join(5)


class _ReaderLostError(Exception):
    """A reader that must be replaced, and what its request is told."""

    def __init__(self, refusal: RefusalError) -> None:
        super().__init__(refusal.kind)
        self.refusal = refusal


class Readers:
    """A fixed number of readers; a request takes one that is free, in the order of coming."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._all: set[_Reader] = set()
        self._free: asyncio.Queue[_Reader] = asyncio.Queue()
        self._waiting = 0
        self._renewals: set[asyncio.Task[None]] = set()

    @property
    def is_warm(self) -> bool:
        """Whether there is a reader that is warm."""
        return bool(self._all)

    async def start(self) -> None:
        """Start all readers and wait until each is warm."""
        await asyncio.gather(*(self._add() for _ in range(self._settings.workers)))

    async def stop(self) -> None:
        """End the readers."""
        for renewal in self._renewals:
            renewal.cancel()
        for reader in self._all:
            reader.end()
        self._all.clear()

    async def run(self, task: str, data: bytes, given: Mapping[str, str]) -> bytes:
        """Run a task in the next free reader.

        Raises:
            RefusalError: of the task; `busy` where too many wait; `too_slow` or `failed` from a lost reader.
        """
        if self._waiting >= MAX_WAITING:
            raise RefusalError("busy", "Too many requests wait; try again in a moment.")
        self._waiting += 1
        try:
            reader = await self._free.get()
        finally:
            self._waiting -= 1
        # Shielded: a browser that goes away must not leave a reader with somebody else's answer in its pipe.
        return await asyncio.shield(asyncio.create_task(self._ask(reader, task, data, given)))

    async def _ask(self, reader: _Reader, task: str, data: bytes, given: Mapping[str, str]) -> bytes:
        try:
            answer = await asyncio.to_thread(reader.ask, task, data, given, self._settings.note_seconds)
        except _ReaderLostError as spent:
            self._replace(reader)
            raise spent.refusal from None
        except RefusalError:
            self._free.put_nowait(reader)
            raise
        self._free.put_nowait(reader)
        return answer

    def _replace(self, reader: _Reader) -> None:
        self._all.discard(reader)
        reader.end()
        renewal = asyncio.create_task(self._add())
        self._renewals.add(renewal)
        renewal.add_done_callback(self._renewals.discard)

    async def _add(self) -> None:
        reader = _Reader(self._settings.policy)
        try:
            await asyncio.to_thread(reader.wait_until_warm)
        except BaseException:
            reader.end()
            raise
        self._all.add(reader)
        self._free.put_nowait(reader)


def _serve(pipe: Connection, policy: str | None) -> None:
    """Answer what comes through the pipe until it closes. The body of a reader's process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's; it closes the pipe
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    try:
        tasks.warm(policy)
    except Exception as error:  # noqa: BLE001 -- told by its class; the server says so and ends
        pipe.send(
            RefusalError(
                "failed", f"the pipeline cannot be loaded ({type(error).__name__}); run corrin doctor"
            )
        )
        return
    pipe.send(_READY)
    while True:
        try:
            task, data, given = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer: bytes | RefusalError = tasks.run(task, data, given)
        except RefusalError as refusal:
            answer = refusal
        try:
            pipe.send(answer)
        except OSError:
            return
