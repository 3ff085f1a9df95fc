"""Run something in a forked child whose every outlet is watched: output, logs, folders, environment, titles.

The pipeline is built once and forked, so that hundreds of trials take seconds and none stands on another.
"""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import signal
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60.0
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(slots=True)
class Ran:
    """How a trial ended: exit code (negative: the signal), what it said, what it left, what it took."""

    code: int
    out: bytes = b""
    err: str = ""
    logs: str = ""
    left: dict[str, bytes] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    about: str = ""  # environment, command line and name of the process at its end
    seconds: float = 0.0
    kib: int = 0
    cpu: float = 0.0


def forked(
    work: Callable[[], Any],
    folder: Path,
    *,
    given: bytes = b"",
    logs: bool = True,
    limits: Mapping[int, int] | None = None,
    seconds: float = SECONDS,
) -> Ran:
    """Run `work` in a child; `folder` is emptied for it and becomes its HOME, TMPDIR and working folder."""
    places = {name: folder / name for name in ("home", "tmp", "here")}
    for place in places.values():
        place.mkdir(parents=True)
    (folder / "stdin").write_bytes(given)
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        _child(work, folder, places, logs, limits or {})
    status, usage = _wait(child, seconds)
    code = os.waitstatus_to_exitcode(status)
    text = {name: _text(folder / name) for name in ("stderr", "logs", "written", "about")}
    left = {
        str(path.relative_to(folder)): path.read_bytes()
        for place in places.values()
        for path in sorted(place.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
    return Ran(
        code,
        (folder / "stdout").read_bytes(),
        text["stderr"],
        text["logs"],
        left,
        text["written"].splitlines(),
        text["about"],
        time.monotonic() - began,
        usage.ru_maxrss,
        usage.ru_utime + usage.ru_stime,
    )


def _text(path: Path) -> str:
    return path.read_text(errors="replace") if path.exists() else ""


def _wait(child: int, seconds: float) -> tuple[int, resource.struct_rusage]:
    end = time.monotonic() + seconds
    pause = 0.002
    while True:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            return status, usage
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            _, status, usage = os.wait4(child, 0)
            return status, usage
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)


def _child(
    work: Callable[[], Any], folder: Path, places: Mapping[str, Path], logs: bool, limits: Mapping[int, int]
) -> None:
    """The body of a child; it never returns."""
    code = 99
    try:
        _redirect(folder)
        os.environ.update(TMPDIR=str(places["tmp"]), HOME=str(places["home"]))
        for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "CORRIN_TOKEN"):
            os.environ.pop(name, None)
        tempfile.tempdir = None
        os.chdir(places["here"])
        warnings.resetwarnings()
        warnings.simplefilter("always")
        if logs:
            logging.basicConfig(filename=folder / "logs", level=logging.DEBUG, force=True)
        _watch_writes(folder)
        for what, limit in limits.items():
            resource.setrlimit(what, (limit, limit))
        code = _run(work)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.setprofile(None)
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        with contextlib.suppress(Exception):
            told = [f"{name}={value}" for name, value in os.environ.items()]
            told += [Path(f"/proc/self/{name}").read_text(errors="replace") for name in ("comm", "cmdline")]
            (folder / "about").write_text("\n".join(told))
        os._exit(code & 0xFF)


def _run(work: Callable[[], Any]) -> int:
    """Run as the interpreter does: what is not caught goes to the hooks."""
    try:
        found = work()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except BaseException:
        sys.setprofile(None)
        sys.excepthook(*sys.exc_info())
        return 1
    return found if isinstance(found, int) else 0


def _redirect(folder: Path) -> None:
    for number, name, flags in (
        (0, "stdin", os.O_RDONLY),
        (1, "stdout", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, "stderr", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        handle = os.open(folder / name, flags, 0o600)
        os.dup2(handle, number)
        os.close(handle)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)


def _watch_writes(folder: Path) -> None:
    """Note the path of every file that is opened for writing."""
    seen: set[str] = set()
    notes = os.open(folder / "written", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    own = {str(folder / name) for name in ("written", "about", "logs")}

    def heard(event: str, given: tuple[Any, ...]) -> None:
        if event != "open" or not isinstance(given[2], int) or not given[2] & _WRITES:
            return
        path = os.fspath(given[0]) if isinstance(given[0], str | os.PathLike) else ""
        name = os.path.normpath(Path.cwd() / path) if path else ""
        if name and name not in seen and name not in own and not name.startswith("/dev/"):
            seen.add(name)
            os.write(notes, f"{name}\n".encode(errors="replace"))

    sys.addaudithook(heard)


class Reached:
    """Keeps which functions of ours are called, in the order of their first call."""

    def __init__(self) -> None:
        self.found: dict[str, None] = {}

    def __call__(self, frame: Any, event: str, _: Any) -> None:
        if event == "call":
            place = place_of(frame.f_code)
            if place is not None:
                self.found[place] = None


class Breaker:
    """Makes a function of ours fail when it is called for the first time."""

    def __init__(self, place: str, fail: Callable[[], None]) -> None:
        self._place, self._fail, self.hit = place, fail, False

    def __call__(self, frame: Any, event: str, _: Any) -> None:
        if event == "call" and not self.hit and place_of(frame.f_code) == self._place:
            self.hit = True
            self._fail()


_PLACES: dict[Any, str | None] = {}
_OURS = tuple(
    f"{ROOT}/{name}"
    for name in ("nlp/", "suggest/", "readers/", "audit/", "web/", "models/", "corpora/", "cli.py")
)


def place_of(code: Any) -> str | None:
    """The name of a function of ours as `path:name`; None of others, of modules and of comprehensions."""
    try:
        return _PLACES[code]
    except KeyError:
        name = code.co_qualname
        ours = code.co_filename.startswith(_OURS) and not name.endswith(">")
        place = f"{code.co_filename.removeprefix(f'{ROOT}/')}:{name}" if ours else None
        _PLACES[code] = place
        return place


def profiled(hook: Callable[[Any, str, Any], None], work: Callable[[], Any]) -> Any:
    """Run `work` with a hook on every call in this thread and those it starts."""
    threading.setprofile(hook)
    sys.setprofile(hook)
    try:
        return work()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]
