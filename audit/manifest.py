"""What a run is of, on disk: so that a killed one goes on where it stood and no other is touched.

The identity is a hash of the inputs, the options that bear on the answer, the policy, the releases
and Corrin's version. Workers, engine and watch are not in it: they change nothing in the answer.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audit.spill import private_open
from nlp.errors import InputError, reason_of, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

WORK, RUN = ".corrin-work", "run.json"
_STATE = "state.json"
_CHUNK = 1024 * 1024


def identity_of(parts: Mapping[str, Any]) -> str:
    """Return the hash of what a run is of."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def input_hashes(paths: Sequence[Path]) -> dict[str, str]:
    """Return the hash of each file of the inputs, those of a folder by their names in it.

    Raises:
        InputError: a file cannot be read.
    """
    found: dict[str, str] = {}
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            name = str(file.relative_to(path)) if path.is_dir() else file.name
            found[f"{len(found)}:{name}"] = _hash(file)
    return found


def _hash(file: Path) -> str:
    digest = hashlib.sha256()
    try:
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        reason = reason_of(error)
        raise InputError(f"{shown(str(file))}: cannot be read: {reason}") from error
    return digest.hexdigest()


@dataclass(slots=True)
class RunFolder:
    """The folder of a run, locked while one is at work in it."""

    out: Path
    identity: str
    _lock: int = -1

    @property
    def work(self) -> Path:
        """Where what is not yet whole lies; gone when the run is done."""
        return self.out / WORK

    def open(self, *, fresh: bool) -> dict[str, Any] | None:
        """Make the folder ready; return the former run's summary where the very same one is done already.

        Raises:
            InputError: the folder holds another run or other files, or a run is at work in it.
        """
        if fresh:
            self._refuse_foreign()
        else:
            self._refuse_other()
        try:
            self.out.mkdir(mode=0o700, parents=True, exist_ok=True)
            done = self._finished()
            if done is not None and not fresh and not self.work.exists():
                return done
            self.work.mkdir(mode=0o700, exist_ok=True)
            self._acquire()
            if fresh:
                self._clear()
            write_json(self.work / "identity.json", {"identity": self.identity})
        except OSError as error:
            reason = reason_of(error)
            raise InputError(f"{shown(str(self.out))}: cannot be written: {reason}") from error
        return None

    def _acquire(self) -> None:
        self._lock = os.open(self.work / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            self._lock = -1
            raise InputError(
                f"{shown(str(self.out))}: another run is at work in this folder; wait for it or use another"
            ) from None

    def _refuse_other(self) -> None:
        known = read_json(self.work / "identity.json") or read_json(self.out / RUN)
        if known is None:
            self._refuse_foreign()
        elif known.get("identity") != self.identity:
            raise InputError(
                f"{shown(str(self.out))}: holds a run of other options, input, policy or release; "
                "use --fresh to begin anew, or another folder"
            )

    def _refuse_foreign(self) -> None:
        """Refuse a folder that holds files of somebody else."""
        if not self.out.exists():
            return
        if not self.out.is_dir():
            raise InputError(f"{shown(str(self.out))}: is no folder; --out names one")
        ours = (self.work / "identity.json").exists() or (self.out / RUN).exists()
        if not ours and any(self.out.iterdir()):
            raise InputError(f"{shown(str(self.out))}: is not empty and holds no run; use another folder")

    def _finished(self) -> dict[str, Any] | None:
        known = read_json(self.out / RUN)
        return known if known is not None and known.get("identity") == self.identity else None

    def _clear(self) -> None:
        """Take away what a former run left; what is not ours stays."""
        for name in OUTPUTS:
            (self.out / name).unlink(missing_ok=True)
        for name in FOLDERS:
            shutil.rmtree(self.out / name, ignore_errors=True)
        for item in self.work.iterdir():
            if item.is_dir():
                shutil.rmtree(item)
            elif item.name != "lock":
                item.unlink()

    def state(self) -> dict[str, Any] | None:
        """Return what was gathered, where that was finished."""
        return read_json(self.work / _STATE)

    def keep_state(self, state: Mapping[str, Any]) -> None:
        """Remember that all rows are gathered."""
        write_json(self.work / _STATE, state)

    def close(self, *, done: bool) -> None:
        """Let go of the folder; what was only for the way is taken away when the run is done."""
        if done:
            shutil.rmtree(self.work, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


FOLDERS = ("cases", "fhir")
OUTPUTS = (
    RUN,
    "findings.parquet",
    "findings.csv",
    "notes.parquet",
    "errors.jsonl",
    "findings.xlsx",
    "report.html",
)


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write a file of JSON in one step, for its owner alone."""
    half = path.with_suffix(".tmp")
    with os.fdopen(private_open(half), "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, ensure_ascii=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def read_json(path: Path) -> dict[str, Any] | None:
    """Return a file of JSON; None where there is none that can be read."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None
