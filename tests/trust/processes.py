"""The server and the audit as real processes: what the system shows of them, what they say and leave."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx

from tests.trust.apart import ROOT
from tests.trust.calls import asks, sent_of
from tests.trust.planted import NAMES, NOTE, SECRETS, SPILL, row, table
from tests.trust.tally import Tally

_TOLD = {**SECRETS, "message of an error": SPILL}
_ALL = {**_TOLD, **NAMES}
_START = 120.0
# A module of this name is imported by every Python that finds it on its path, workers included.
_HOOK = """\
import importlib, pathlib
from tests.trust.leak import fail
here = pathlib.Path(__file__).parent
module, _, name = (here / "place").read_text().partition(":")
def broken(*_, **__):
    (here / "hit").touch()
    fail("careless")
setattr(importlib.import_module(module), name, broken)
"""


def real_processes(folder: Path, made: Mapping[str, Path], tally: Tally, long: bool) -> None:
    """Try the server and the audit."""
    _server(folder / "server", made, tally)
    _audit(folder / "verbose", made["csv"], tally)
    one = made["csv"].with_name(f"{NAMES['file name']}-one.csv")
    one.write_text(table([row(1)]))
    places = ("audit.worker:alarm", "audit.encounter:answer")
    for number, place in enumerate(places if long else places[:1]):
        _audit(folder / f"broken-{number}", one, tally, place)


def found(text: str, words: Mapping[str, str]) -> str:
    small = text.lower()
    return ", ".join(what for what, word in words.items() if word.lower() in small)


def _start(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    for name in ("home", "tmp", "here"):
        (folder / name).mkdir(parents=True)
    home = folder / "home"
    known = {name: value for name, value in os.environ.items() if not name.startswith(("CORRIN", "XDG"))}
    places = {"HOME": str(home), "TMPDIR": str(folder / "tmp"), "PYTHONPATH": str(ROOT), "CORRIN_DEBUG": "1"}
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        return subprocess.Popen(
            [sys.executable, "-X", "dev", "-W", "always", "-c", "import cli; cli.main()", *arguments],
            cwd=folder / "here",
            env={**known, **places, **environment},
            stdout=out,
            stderr=err,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def descendants(process: int) -> Iterator[int]:
    """A process and all that it started."""
    yield process
    try:
        listed = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in listed:
        yield from descendants(int(child))


def titles(process: int) -> str:
    """What anybody on the machine, or its owner, reads of the processes: name, command line, environment."""
    told = []
    for one in descendants(process):
        for name in ("comm", "cmdline", "environ"):
            try:
                told.append(Path(f"/proc/{one}/{name}").read_text(errors="replace"))
            except OSError:
                continue
    return "\n".join(told)


def _left(folder: Path, tally: Tally, what: str) -> None:
    """Search what a process said and left. A release that was parsed may stay in the cache."""
    said = (folder / "err").read_text(errors="replace")
    words = found(said, _TOLD)
    tally.check(
        "a process: standard error", not words and "Traceback" not in said, f"{what}: {words or said[-400:]}"
    )
    for place in ("home", "tmp", "here"):
        for path in (folder / place).rglob("*"):
            if path.is_file():
                words = found(path.read_text(errors="replace"), _ALL)
                tally.check("a process: files it leaves", not words, f"{what}: {words} in {path.name}")
                if place != "home":
                    tally.check("a process: files it leaves", False, f"{what}: {path.name} stays")


def _server(folder: Path, made: Mapping[str, Path], tally: Tally) -> None:
    folder.mkdir()
    token = SECRETS["token"]
    arguments = ("serve", "--port", "0", "--workers", "2", "--token-file", str(made["token"]))
    server = _start(folder, *arguments, "--name", "127.0.0.1")
    try:
        address = _address(folder / "err", server)
        base = {"X-Forwarded-Proto": "https", "Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=address, timeout=60) as client:
            for ask in asks():
                sent = sent_of(ask)
                headers = {**base, **sent.pop("headers")}
                headers = (
                    {"Origin": address.replace("http:", "https:").rstrip("/"), **headers}
                    if ask.method == "POST"
                    else headers
                )
                answer = client.request(ask.method, ask.path, headers=headers, **sent)
                told = found("\n".join(f"{n}: {v}" for n, v in answer.headers.items()), _ALL)
                if answer.status_code != 200:
                    told += found(answer.text, _ALL)
                status = (
                    303 if ask.path == "/" and ask.status == 200 else ask.status
                )  # the page leads to the login
                wrong = "" if answer.status_code == status else f"answered {answer.status_code}"
                tally.check("a process: answers", not told and not wrong, f"{ask.name}: {told} {wrong}")
            told = found(titles(server.pid), _TOLD)
            tally.check("a process: names, command lines and environments", not told, f"serve: {told}")
            _killed_reader(client, base, server, tally)
    finally:
        os.killpg(server.pid, signal.SIGINT)
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
    out = (folder / "out").read_text(errors="replace")
    tally.check("a process: standard output", out == "", f"serve: {found(out, _ALL) or 'something'}")
    _left(folder, tally, "serve")


def _address(err: Path, server: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + _START
    while time.monotonic() < end and server.poll() is None:
        if match := re.search(r"http://\S+", err.read_text(errors="replace")):
            return match[0]
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start: {err.read_text(errors='replace')[-300:]}")


def _killed_reader(
    client: httpx.Client, headers: dict[str, str], server: subprocess.Popen[bytes], tally: Tally
) -> None:
    """Kill the readers while they read a long note: the answer is an error that quotes nothing."""
    readers = [one for one in descendants(server.pid) if one != server.pid and b"spawn_main" in _cmdline(one)]

    def kill() -> None:
        time.sleep(0.6)
        for reader in readers:
            os.kill(reader, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    answer = client.post("/api/suggest", headers=headers, json={"text": NOTE * 400})
    killer.join()
    told = found(answer.text, _ALL)
    held = answer.status_code == 500 and not told
    tally.check("a process: a reader killed", held, f"answered {answer.status_code} {told}")


def _cmdline(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def _audit(folder: Path, export: Path, tally: Tally, broken: str = "") -> None:
    """Run the audit with two workers, verbose, with a function of the workers made to fail."""
    folder.mkdir()
    what = f"audit, {broken or 'nothing'} broken"
    path = {}
    if broken:
        (folder / "hook").mkdir()
        (folder / "hook" / "sitecustomize.py").write_text(_HOOK)
        (folder / "hook" / "place").write_text(broken)
        path = {"PYTHONPATH": f"{folder / 'hook'}:{ROOT}"}
    run = _start(folder, "audit", str(export), "--workers", "2", "--out", str(folder / "run"), **path)
    told = ""
    end = time.monotonic() + _START
    while run.poll() is None and time.monotonic() < end:
        told = told or found(titles(run.pid), _TOLD)
        time.sleep(0.2)
    if run.poll() is None:
        os.killpg(run.pid, signal.SIGKILL)
    code = run.wait()
    tally.check("a process: names, command lines and environments", not told, f"{what}: {told}")
    tally.check("a process: exit code", code == 1, f"{what}: {code}: {(folder / 'err').read_text()[-300:]}")
    if broken:
        tally.check("a process: the function was reached", (folder / "hook" / "hit").exists(), what)
    _left(folder, tally, what)
    for name, words in (("report.html", _ALL), ("errors.jsonl", _TOLD)):
        path_of = folder / "run" / name
        told = found(path_of.read_text(errors="replace"), words) if path_of.exists() else "no such file"
        tally.check(f"a process: {name}", not told, f"{what}: {told}")
    shutil.rmtree(folder)
