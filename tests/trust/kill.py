"""Killed, no room, read only: an audit goes on to the same bytes, and nothing half written looks whole.

The audit is killed before operations on files that it is about to make, one trial each, and as a real process
with two workers at moments drawn by chance. Where the disk is full or read only, each command says so in one
sentence with exit code 2, an older file stays as it was, and the audit goes on once there is room.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.trust.apart import ROOT, Ran, forked
from tests.trust.calls import Call, reviewed, run_command, warm
from tests.trust.planted import plant, row, table
from tests.trust.tally import Tally

TRIALS = 10  # operations before which the audit is killed in bounded form
RANDOM = 2  # real runs that are killed
SIZES = (16, 64, 128, 256, 400)  # KiB of the disks that are too small
NOTES = ("A/P: Vitamin B12 deficiency.", "A/P: Iron deficiency anemia.", "A/P: Sprain.")
SEED = 20261127
_CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect", "os.truncate")
_DRAWN = ("sample.xlsx",)


def prove(long: bool = False) -> Tally:
    """Kill, fill and forbid."""
    tally = Tally("kill")
    with tempfile.TemporaryDirectory(prefix="trust-") as name:
        folder = Path(name)
        # Disks of our own need a mount namespace; without one a limit on the size of files stands for them.
        apart = ["unshare", "-rm"] if _may_mount() else []
        call = [sys.executable, "-m", "tests.trust.kill", str(folder), *(["--long"] if long else [])]
        done = subprocess.run([*apart, *call, *(["--mount"] if apart else [])], cwd=ROOT, check=False)
        if not (folder / "tally").exists():
            tally.check("the proof itself", False, f"ended with {done.returncode}")
            return tally
        tally.add(pickle.loads((folder / "tally").read_bytes()))
    return tally


def _may_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    tried = ["unshare", "-rm", "sh", "-c", 'd=$(mktemp -d) && mount -t tmpfs none "$d"']
    return subprocess.run(tried, check=False, capture_output=True).returncode == 0


def export(path: Path, count: int) -> Path:
    """An export of so many encounters."""
    path.write_text(table([row(n, NOTES[n % 3], "E53.8;D51") for n in range(count)]))
    return path


def outputs(out: Path) -> dict[str, bytes]:
    """The files of a run that must be the same bytes however it was done."""
    found = {p.name: p.read_bytes() for p in out.iterdir() if p.is_file() and not p.name.startswith(".")}
    if "run.json" in found:
        summary = json.loads(found["run.json"])
        found["run.json"] = json.dumps({k: v for k, v in summary.items() if k != "times"}).encode()
    if (out / "cases").is_dir():
        found |= {f"cases/{p.name}": p.read_bytes() for p in (out / "cases").iterdir() if p.name[0] != "."}
    return found


def half(out: Path, whole: dict[str, bytes]) -> list[str]:
    """Files under their own names that are not what the whole run left there."""
    return [name for name, data in (outputs(out) if out.is_dir() else {}).items() if whole.get(name) != data]


class Kill:
    """The audit of one export, killed here and there."""

    def __init__(self, folder: Path, tally: Tally) -> None:
        self.folder, self.tally, self.count = folder, tally, 0
        self.export = export(folder / "export.csv", 12)
        self.whole = self._whole()

    def run(self, out: Path, before: Callable[[], None] | None = None) -> Ran:
        """Run the audit in a child."""
        self.count += 1

        def work() -> None:
            if before is not None:
                before()
            run_command(Call("", ("audit", str(self.export), "--out", str(out), "--sample", "3")))

        return forked(work, self.folder / f"run-{self.count}")

    def _whole(self) -> dict[str, bytes]:
        out = self.folder / "whole"
        ran = self.run(out)
        self.tally.check("a whole run", ran.code == 0, ran.err[-300:])
        return outputs(out)

    def at_operations(self, long: bool) -> None:
        """Kill before operations on files."""
        seen = self.folder / "operations"
        out = self.folder / "counted"
        self.run(out, lambda: _at(0, seen, out))
        total = int(seen.read_text())
        chosen: Sequence[int] = range(1, total + 1)
        if not long:
            chosen = sorted(random.Random(SEED).sample(chosen, min(TRIALS, total)))
        self.tally.remark(f"{total} operations on files in a run, {len(chosen)} of them killed before")
        for number in chosen:
            out = self.folder / f"killed-{number}"
            ran = self.run(out, lambda number=number, out=out: _at(number, seen, out))
            self.tally.check(
                "killed before an operation", ran.code == -signal.SIGKILL, f"{number}: {ran.code}"
            )
            self.goes_on(f"operation {number}", out, lambda out=out: self.run(out))
            shutil.rmtree(out)

    def goes_on(self, name: str, out: Path, again: Callable[[], Ran]) -> None:
        """After a stop: nothing looks whole that is not, and the run goes on to the same bytes."""
        wrong = half(out, self.whole)
        self.tally.check("nothing half written looks whole", not wrong, f"{name}: {', '.join(wrong)}")
        ran = again()
        self.tally.check("goes on", ran.code == 0, f"{name}: {ran.code}: {ran.err[-300:]}")
        found = outputs(out)
        other = sorted(n for n in found.keys() | self.whole.keys() if found.get(n) != self.whole.get(n))
        self.tally.check("the same bytes", not other, f"{name}: {', '.join(other)}")
        left = [p.name for p in out.iterdir() if p.name.startswith(".") and p.name != ".corrin-work"]
        left += [".corrin-work"] * (out / ".corrin-work").exists()
        self.tally.check("nothing is left in between", not left, f"{name}: {', '.join(left)}")


def _at(number: int, seen: Path, out: Path) -> None:
    """Kill this process before an operation on the run's files; with 0 count them."""
    count = 0

    def heard(event: str, given: tuple[Any, ...]) -> None:
        nonlocal count
        writes = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
        if not (writes or event in _CHANGES) or not str(given[0]).startswith(str(out)):
            return
        count += 1
        if number == 0:
            seen.write_text(str(count))
        elif count == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(heard)


def killed_for_real(folder: Path, tally: Tally, long: bool) -> None:
    """Kill `corrin audit --workers 2` at moments drawn by chance, until it ends by itself."""
    source = export(folder / "real.csv", 400 if long else 150)
    chance = random.Random(SEED)
    whole, out = folder / "real-whole", folder / "real-out"
    began = time.monotonic()
    tally.check("a whole run", _audit(source, whole).wait() == 0, "two workers")
    lasts = time.monotonic() - began
    for number in range(10 if long else RANDOM):
        run = _audit(source, out)
        try:
            run.wait(chance.uniform(0.5, 0.95) * lasts)
        except subprocess.TimeoutExpired:
            run.kill()
        run.wait()
        wrong = half(out, outputs(whole))
        tally.check("nothing half written looks whole", not wrong, f"kill {number}: {', '.join(wrong)}")
        if run.returncode == 0:
            break
    tally.check("goes on", _audit(source, out).wait() == 0, "with two workers")
    found, known = outputs(out), outputs(whole)
    other = sorted(n for n in found.keys() | known.keys() if found.get(n) != known.get(n))
    tally.check("the same bytes", not other, f"two workers, killed: {', '.join(other)}")


def _audit(source: Path, out: Path) -> subprocess.Popen[bytes]:
    call = [
        sys.executable,
        "-c",
        "import cli; cli.main()",
        "audit",
        str(source),
        "--out",
        str(out),
        "--workers",
        "2",
    ]
    return subprocess.Popen(call, cwd=ROOT, stderr=subprocess.DEVNULL)


class Disk:
    """A small disk of its own where that is allowed; else a folder and a limit on the size of files."""

    def __init__(self, place: Path, mounts: bool) -> None:
        self.place, self.mounts = place, mounts
        place.mkdir()

    def make(self, kib: int) -> dict[int, int]:
        """Begin with an empty disk of a size; return the limits of the children that write to it."""
        if not self.mounts:
            shutil.rmtree(self.place)
            self.place.mkdir()
            return {resource.RLIMIT_FSIZE: kib * 256}
        subprocess.run(["umount", self.place], check=False, capture_output=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k", "none", self.place], check=True)
        return {}

    def again(self, options: str) -> None:
        """Change the options of the disk."""
        if self.mounts:
            subprocess.run(["mount", "-o", f"remount,{options}", self.place], check=True)


def no_room(kill: Kill, disk: Disk, made: dict[str, Path]) -> None:
    """Fill the disk under every command that writes, then forbid writing."""
    tally = kill.tally
    whole = kill.whole
    for kib in SIZES:
        limits = disk.make(kib)
        out = disk.place / "run"
        call = ("audit", str(kill.export), "--out", str(out), "--sample", "3")
        ran = forked(
            lambda call=call: run_command(Call("", call)), kill.folder / f"full-{kib}", limits=limits
        )
        if ran.code != 0:  # a disk that is large enough proves nothing
            _says(tally, f"audit, {kib} KiB", ran)
            disk.again("size=64m")
            kill.goes_on(f"disk of {kib} KiB", out, lambda out=out: kill.run(out))
    good = kill.folder / "good-run"
    shutil.copytree(kill.folder / "whole", good)
    reviewed(good)
    for what, forbidden in (("no room", False), ("read only", True)):
        limits = disk.make(4096)
        shutil.copytree(good, disk.place / "run", copy_function=shutil.copyfile)
        places = {name: disk.place / name for name in ("a.json", "a.html", "claim.txt", "text.txt")}
        for place in places.values():
            place.write_text("what stood there before")
        before = outputs(disk.place / "run")
        if forbidden and disk.mounts:
            disk.again("ro")
        elif forbidden:
            continue  # nothing is read only for root without a mount
        elif disk.mounts:
            _fill(disk.place)
        else:
            limits = {resource.RLIMIT_FSIZE: 100}
        for name, arguments in _writers(made, disk.place).items():
            ran = forked(
                lambda a=arguments: run_command(Call("", a)), kill.folder / f"{what}-{name}", limits=limits
            )
            _says(tally, f"{name}, {what}", ran)
        kept = [p.name for p in places.values() if p.read_text() != "what stood there before"]
        tally.check("an older file stays as it was", not kept, f"{what}: {', '.join(kept)}")
        changed = half(disk.place / "run", before)
        tally.check("nothing half written looks whole", not changed, f"{what}: {', '.join(changed)}")
        parts = [str(p) for p in disk.place.rglob("*.part")]
        tally.check("nothing is left in between", not parts, f"{what}: {parts}")
    if disk.mounts:
        subprocess.run(["umount", disk.place], check=False)
    if Path("/dev/full").exists():
        for name, arguments in {
            "suggest": ("suggest", "-f", "json", str(made["note"])),
            "explain": ("explain", "D51.0"),
        }.items():
            ran = forked(lambda a=arguments: _onto_full(a), kill.folder / f"stdout-{name}")
            _says(tally, f"{name}, standard output full", ran)
    _ = whole


def _onto_full(arguments: tuple[str, ...]) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, 1)
    run_command(Call("", arguments))


def _fill(place: Path) -> None:
    with (place / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def _writers(made: dict[str, Path], disk: Path) -> dict[str, tuple[str, ...]]:
    f = {name: str(path) for name, path in made.items()}
    run = str(disk / "run")
    return {
        "suggest JSON": ("suggest", "-f", "json", "--out", str(disk / "a.json"), f["note"]),
        "suggest HTML": ("suggest", "-f", "html", "--out", str(disk / "a.html"), f["note"]),
        "suggest text": ("suggest", "--text-out", str(disk / "text.txt"), f["note"]),
        "claim": ("claim", f["note"], "--lines", f["lines"], "--out", str(disk / "claim.txt")),
        "audit": ("audit", f["csv"], "--out", str(disk / "new")),
        "audit anew": ("audit", f["csv"], "--fresh", "--out", str(disk / "new2")),
        "evaluate": ("evaluate", f["gold"], "--samples", "5", "--out", str(disk / "eval")),
        "a sample": ("review", run, "--sample", "2", "--seed", "7"),
        "a review": ("review", run, f"{run}/reviewed.xlsx"),
    }


def _says(tally: Tally, name: str, ran: Ran) -> None:
    """One sentence, and exit code 2."""
    lines = [line for line in ran.err.splitlines() if "encounters, " not in line]  # how far it is
    tally.check(
        "one sentence", len(lines) == 1 and "cannot be written" in lines[0], f"{name}: {ran.err[-300:]!r}"
    )
    tally.check("exit code 2", ran.code == 2, f"{name}: {ran.code} {ran.err[-200:]!r}")


if __name__ == "__main__":
    place = Path(sys.argv[1])
    found = Tally("kill")
    mounts = "--mount" in sys.argv
    full = (
        "tmpfs of its own (unshare -rm)" if mounts else "limit on the size of files: no mount is allowed here"
    )
    found.remark(f"the disk that is full or read only: a {full}")
    killed_for_real(place, found, "--long" in sys.argv)
    warm()
    files = plant(place / "in")
    trial = Kill(place, found)
    trial.at_operations("--long" in sys.argv)
    no_room(trial, Disk(place / "disk", mounts), files)
    (place / "tally").write_bytes(pickle.dumps(found))
