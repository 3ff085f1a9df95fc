"""An export of 50,000 notes through `corrin audit` on two cores, in one run: rate, and memory by time.

    python bench/audit_50k.py [--notes 50000] [--workers 2] [--share 2000] [--kills 3] [--out FOLDER]

The export is our own coded encounters, billed as coded, over and over under other ids; it is made in a
folder that is gone afterwards. Memory is read from /proc once a second, of the parent and of each worker
apart, and told by quarters of the run and for its end, where tables, report and workbook are made. Then
a smaller share is audited on one worker, on two, and on two with the parent killed at random moments and
the run begun again: all must give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from processes import sizes  # noqa: E402

from corpora.exports.make import gold_encounters, plain_export  # noqa: E402

COLUMNS = ("encounter_id", "note_id", "text", "codes", "encounter_date", "setting", "note_type", "author")
COLUMNS += ("credential", "signed", "role", "amends", "note_date", "provider", "coder", "payer", "patient_id")
TIMED = "run.json"  # it alone holds times


@dataclass(frozen=True)
class Moment:
    """MiB at a moment of a run, of the parent and of its workers together and at most."""

    at: float
    parent: float
    workers: float
    largest: float


def write_export(path: Path, notes: int) -> tuple[int, int]:
    """Write an export of at least so many notes; return how many notes and encounters it has."""
    encounters = gold_encounters()
    each = sum(len(e.notes) for e in encounters)
    copies = max(2, -(-notes // each))
    count, ids = 0, set()
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, list(COLUMNS), extrasaction="ignore", lineterminator="\n")
        sheet.writeheader()
        for row in plain_export(encounters, copies):
            if count >= notes and row["encounter_id"] not in ids:
                break
            sheet.writerow(row)
            ids.add(row["encounter_id"])
            count += 1
    return count, len(ids)


def start(export: Path, out: Path, workers: int, told: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-W", "ignore", str(ROOT / "cli.py"), "audit", str(export)]
    command += ["--out", str(out), "--workers", str(workers)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stdout=told, stderr=told, start_new_session=True)


def watched(export: Path, out: Path, workers: int) -> tuple[list[Moment], float]:
    """Audit an export and return what it held, second by second, and how long it took."""
    held: list[Moment] = []
    began = time.monotonic()
    process = start(export, out, workers, None)
    while process.poll() is None:
        parent, *others = sizes(process.pid) or [0.0]
        held.append(Moment(time.monotonic() - began, parent, sum(others), max(others, default=0.0)))
        time.sleep(1)
    if process.returncode != 0:
        raise SystemExit(f"corrin audit ended with {process.returncode}")
    return held, time.monotonic() - began


def killed(export: Path, out: Path, workers: int, kills: int, seconds: float, chance: random.Random) -> int:
    """Audit an export, killed at random moments and begun again; return how often it was killed."""
    done = 0
    while done < kills:
        process = start(export, out, workers, subprocess.DEVNULL)
        try:
            process.wait(timeout=chance.uniform(1, seconds / 2))
            break
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)  # the parent alone: its workers must see to themselves
            process.wait()
            done += 1
    start(export, out, workers, subprocess.DEVNULL).wait()
    return done


def files(out: Path) -> dict[str, bytes]:
    """The files of a run, but for the one that holds times."""
    found = {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}
    found.pop(TIMED)
    return found


def tell(held: list[Moment], took: float, notes: int) -> None:
    print(f"{took:.0f} s, {notes / took:.1f} notes a second, from start to last file")
    print(f"{'':<16}{'parent':>10}{'workers':>10}{'largest':>10}   MiB, the most held at once")
    parts = [(f"quarter {n + 1}", held[len(held) * n // 4 : len(held) * (n + 1) // 4]) for n in range(4)]
    parts.append(("last tenth", held[-max(len(held) // 10, 1) :]))
    for name, part in parts:
        peaks = [max(m[i] for m in ((p.parent, p.workers, p.largest) for p in part)) for i in range(3)]
        print(f"{name:<16}" + "".join(f"{peak:>10.0f}" for peak in peaks))
    print(f"peak of all together: {max(m.parent + m.workers for m in held):.0f} MiB")


def same_bytes(folder: Path, share: int, kills: int) -> bool:
    """Audit a share on one worker, on two, and on two with kills between; say whether the bytes agree."""
    export = folder / "share.csv"
    count, _ = write_export(export, share)
    began = time.monotonic()
    start(export, folder / "one", 1, subprocess.DEVNULL).wait()
    seconds = time.monotonic() - began
    start(export, folder / "two", 2, subprocess.DEVNULL).wait()
    done = killed(export, folder / "killed", 2, kills, seconds, random.Random(5))
    one = files(folder / "one")
    agree = {name: one == files(folder / name) for name in ("two", "killed")}
    print(
        f"{count} notes, {len(one)} files: the bytes of one worker and of two "
        f"{'agree' if agree['two'] else 'DIFFER'}; of two, killed {done} times and begun again, "
        f"{'agree' if agree['killed'] else 'DIFFER'}"
    )
    return all(agree.values())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--notes", type=int, default=50_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--share", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--out", type=Path, help="keep the findings of the large run here")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="corrin-bench-"))
    try:
        export = folder / "export.csv"
        notes, encounters = write_export(export, options.notes)
        commit = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True, stdout=subprocess.PIPE, check=False
        )
        print(
            f"corrin {version('corrin')} ({commit.stdout.strip()}), python {platform.python_version()}, "
            f"{os.cpu_count()} cores, {options.workers} workers"
        )
        print(
            f"{notes:,} notes of {encounters:,} encounters, {export.stat().st_size / 2**20:.0f} MiB of CSV",
            flush=True,
        )
        held, took = watched(export, options.out or folder / "large", options.workers)
        tell(held, took, notes)
        sys.stdout.flush()
        if options.share:
            raise SystemExit(0 if same_bytes(folder, options.share, options.kills) else 1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
