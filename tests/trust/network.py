"""No network: every command, every address of the server and the tests do their work with loopback alone.

They run in a network namespace that holds loopback and nothing else (`unshare -rn`); where the system allows
none, a guard in every Python process refuses what goes beyond this machine. Either way each attempt is
written down, since a library that tries, fails and says nothing would otherwise go unseen.
"""

from __future__ import annotations

import errno
import fcntl
import os
import pickle
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.trust.apart import ROOT, forked
from tests.trust.calls import asks, calls, request, reviewed, run_command, warm
from tests.trust.planted import plant
from tests.trust.sockets import GUARD, NOTES, watch
from tests.trust.tally import Tally

HOOKS = Path(__file__).with_name("hooks")
OUTSIDE = ("192.0.2.1", 9)  # an address that documents may name and nobody has
# What of the tests is run in bounded form: the server on real sockets, files, the command line, the library.
CHOSEN = (
    "tests/web",
    "tests/readers",
    "tests/cli/test_cli.py",
    "tests/cli/test_refusals.py",
    "tests/cli/test_process.py",
    "tests/suggest/registry",
)
_UP = 0x1


def prove(long: bool = False) -> Tally:
    """Run inside a namespace where that is allowed, else behind the guard."""
    with tempfile.TemporaryDirectory(prefix="trust-") as name:
        folder = Path(name)
        environment = {**os.environ, NOTES: str(folder / "asked"), "PYTHONPATH": f"{HOOKS}:{ROOT}"}
        call = [sys.executable, "-m", "tests.trust.network", str(folder), *(["--long"] if long else [])]
        apart = _namespace()
        if not apart:
            environment[GUARD] = "1"
        done = subprocess.run([*apart, *call], cwd=ROOT, env=environment, check=False)
        if not (folder / "tally").exists():
            tally = Tally("network")
            tally.check("the proof itself", False, f"ended with {done.returncode}")
            return tally
        found: Tally = pickle.loads((folder / "tally").read_bytes())
        return found


def _namespace() -> list[str]:
    """The command that gives a process a network of its own; nothing where the system allows none."""
    if shutil.which("unshare") is None:
        return []
    allowed = subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True).returncode == 0
    return ["unshare", "-rn"] if allowed else []


def inside(folder: Path, long: bool) -> Tally:
    """Try all of it; the body of the process that stands apart."""
    tally = Tally("network")
    if os.environ.get(GUARD):
        tally.remark("behind a socket guard: this system allows no network namespace")
    else:
        tally.remark("in a network namespace of its own (unshare -rn), with loopback alone")
        _loopback_up()
        names = sorted(name for _, name in socket.if_nameindex())
        tally.check("what there is", names == ["lo"], f"interfaces {names}")
        tally.check("what there is", _unreachable(), "an address beyond this machine can be reached")
        Path(os.environ[NOTES]).unlink(missing_ok=True)  # that attempt was ours
    _tests(tally, long)
    warm()
    made = plant(folder / "in")
    out = folder / "out"
    out.mkdir()
    for number, call in enumerate(calls(made, out)):
        if call.name == "review":
            reviewed(out / "june")
        ran = forked(lambda call=call: run_command(call), folder / f"run-{number}", given=call.given)
        fault = f"{call.name}: ended with {ran.code} and not {call.code}: {ran.err[-200:]}"
        tally.check("commands", ran.code == call.code, fault)
    for number, ask in enumerate(asks()):
        ran = forked(request(ask), folder / f"ask-{number}")
        held = ran.out[:3].decode() == str(ask.status)
        tally.check("requests", held, f"{ask.name}: answered {ran.out[:3]!r} and not {ask.status}")
    asked = Path(os.environ[NOTES])
    lines = sorted(set(asked.read_text().splitlines())) if asked.exists() else []
    tally.check("addresses beyond this machine that were asked for: none", not lines, ", ".join(lines[:9]))
    return tally


def _loopback_up() -> None:
    """Set the one interface of a new namespace up."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh22x", b"lo", _UP))  # SIOCSIFFLAGS


def _unreachable() -> bool:
    try:
        socket.create_connection(OUTSIDE, timeout=2).close()
    except OSError as error:
        return error.errno == errno.ENETUNREACH
    return False


def _tests(tally: Tally, long: bool) -> None:
    """Run the tests: all of `make test`, or those that are chosen."""
    call = [sys.executable, "-m", "pytest", "-q", "-m", "not slow", "-p", "no:cacheprovider"]
    call += () if long else CHOSEN
    done = subprocess.run(call, cwd=ROOT, check=False, capture_output=True, text=True)
    counts = {word: int(count) for count, word in re.findall(r"(\d+) (passed|failed|errors?)", done.stdout)}
    for _ in range(counts.get("passed", 0)):
        tally.check("tests", True)
    if done.returncode or not counts.get("passed"):
        for line in re.findall(r"^(?:FAILED|ERROR) (.+)$", done.stdout, re.MULTILINE) or [done.stdout[-300:]]:
            tally.check("tests", False, line)


if __name__ == "__main__":
    watch()
    place = Path(sys.argv[1])
    (place / "tally").write_bytes(pickle.dumps(inside(place, "--long" in sys.argv)))
