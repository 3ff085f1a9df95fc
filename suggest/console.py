"""What every command of `corrin` shares: exit codes, messages, where output goes, how errors end it."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date as calendar_date
from pathlib import Path
from typing import BinaryIO

import typer

from nlp.errors import CorrinError, InputError, reason_of, shown

DONE, INCOMPLETE, WRONG_CALL, FAILED, INTERRUPTED = 0, 1, 2, 3, 130
_HOME = str(Path(__file__).resolve().parents[1])


@dataclass(slots=True)
class Complaints:
    """What went wrong so far. Messages name files, lines and ids, and quote no note."""

    unusable: int = 0
    failed: int = 0

    def unusable_input(self, where: str, problem: object) -> None:
        """Tell of something that is no note."""
        self.unusable += 1
        tell(f"{where}: {problem}")

    def failure(self, where: str, error: Exception) -> None:
        """Tell of a note that made Corrin fail: its class alone, since the message may quote it."""
        self.failed += 1
        tell(f"{where}: could not be processed ({type(error).__name__}); please report it")

    def exit_code(self, done: int) -> int:
        """Return the exit code: a call that held no note at all was wrong."""
        if self.unusable and not done and not self.failed:
            return WRONG_CALL
        return INCOMPLETE if self.unusable or self.failed else DONE


def discreet() -> None:
    """Have nothing print the message of an error, a warning or a log that is not ours: it may quote a note.

    For a process of Corrin's own. What nobody caught is told by its kind and place; what libraries warn
    of or log goes nowhere, unless somebody sets a handler.
    """
    sys.excepthook = lambda _, error, __: tell(unforeseen(error))
    threading.excepthook = lambda given: tell(unforeseen(given.exc_value))
    sys.unraisablehook = lambda given: tell(unforeseen(given.exc_value))
    warnings.showwarning = lambda *_, **__: None
    logging.lastResort = logging.NullHandler()


@contextmanager
def sheltered() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach: it is ours, and one that begins would print a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def unforeseen(error: BaseException | None) -> str:
    """Return what may be said of an error that is a bug: its kind and where in Corrin it came up."""
    frames = traceback.extract_tb(error.__traceback__) if error is not None else []
    ours = [frame for frame in frames if frame.filename.startswith(_HOME)]
    place = f" at {Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else ""
    return f"Corrin failed ({type(error).__name__}{place}); please report it, without the note"


@contextmanager
def guarded() -> Iterator[None]:
    """Turn what can go wrong in a command into its sentence and exit code."""
    try:
        yield
    except CorrinError as error:
        tell(str(error))
        raise typer.Exit(WRONG_CALL) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        drop_output()  # nobody reads any more: leave quietly
        raise typer.Exit(DONE) from None
    except OSError as error:
        drop_output()
        tell(f"the answer cannot be written: {reason_of(error)}")
        raise typer.Exit(WRONG_CALL) from None


def drop_output() -> None:
    """Send what is left of standard output nowhere, so that the interpreter's last flush cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


@contextmanager
def output(out: Path | None) -> Iterator[BinaryIO]:
    """Yield where answers go. A file is whole or not there, and its owner's alone."""
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    from suggest.whole import whole_file

    try:
        with whole_file(out) as stream:
            yield stream
    except OSError as error:
        raise InputError(f"{shown(str(out))}: cannot be written: {reason_of(error)}") from error


def wants_color(color: bool | None, out: Path | None) -> bool:
    """Say whether an answer is painted: as asked, else where a terminal reads it."""
    if color is not None:
        return color
    return out is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def width() -> int:
    """Return the columns to fill: those of the terminal, 100 at most; 80 where none reads."""
    return min(shutil.get_terminal_size((80, 24)).columns, 100) if sys.stdout.isatty() else 80


def is_date(text: str) -> bool:
    """Say whether a text is a date of the form YYYY-MM-DD."""
    try:
        return calendar_date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def to_bytes(text: str) -> bytes:
    """Return text as UTF-8; a lone surrogate becomes an escape, so that writing never fails."""
    return text.encode("utf-8", errors="backslashreplace")


def tell(message: str) -> None:
    """Write one line to standard error, under the name of the program."""
    sys.stderr.write(f"corrin: {message}\n")


def say(text: Callable[[], str]) -> None:
    """Write a text that a command makes."""
    with guarded(), output(None) as stream:
        stream.write(to_bytes(text()))
