"""The audit for notebooks: a frame of notes in, frames of findings and notes out."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.call import stamps
from audit.encounter import Settings
from audit.engine import Run, execute
from audit.gather import Inputs
from audit.manifest import identity_of
from nlp.errors import InputError
from readers import Given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd

_ROWS = 400  # of a shard


@dataclass(frozen=True, slots=True, eq=False)
class AuditResult:
    """What an audit found. The columns are those of `findings.parquet` and `notes.parquet`."""

    findings: pd.DataFrame = field(repr=False)
    notes: pd.DataFrame = field(repr=False)
    errors: tuple[Mapping[str, Any], ...] = field(repr=False)
    summary: Mapping[str, Any] = field(repr=False)


def run(
    frame: pd.DataFrame,
    *,
    billed: pd.DataFrame | None = None,
    claims: pd.DataFrame | None = None,
    tables: str | Path | None = None,
    policy: str | None = None,
    setting: str | None = None,
    pre_bill: bool = False,
    columns: Mapping[str, str] | None = None,
    workers: int = 0,
    out: str | Path | None = None,
    fresh: bool = False,
) -> AuditResult:
    """Compare the notes of a frame with the codes billed for them.

    Args:
        frame: a row a note, with the contract's columns (`text`, `codes`, `note_id`, `encounter_id` …).
        billed: billed codes in a frame of their own, joined by `encounter_id` or `note_id`.
        claims: claim lines, a row a line, with the contract's columns.
        tables: a folder of dated tables that stand over the shipped ones.
        policy: a policy file; None for the default.
        setting: whose claim, where a row does not say.
        pre_bill: list what to hold before billing, the worst first.
        columns: what the frame's own columns are, `{"note_text": "text"}`.
        workers: processes; 0 works in this one, without watch over a note that hangs. Scripts that
            ask for more must guard their main part (`if __name__ == "__main__":`).
        out: a folder to keep the files in; None keeps nothing on disk.
        fresh: begin anew in a folder that holds a run.

    Raises:
        InputError: the frame has no column `text`, or the folder holds another run.
    """
    names = {c: str((columns or {}).get(c, c)) for c in frame.columns}
    if "text" not in names.values():
        raise InputError('the frame has no column "text"; name yours by columns={"its name": "text"}')
    settings = Settings(
        policy=policy,
        setting=setting,
        pre_bill=pre_bill,
        cases=out is not None,
        tables=str(tables) if tables is not None else None,
    )
    told = stamps(policy)
    with tempfile.TemporaryDirectory(prefix="corrin-audit-") as spare:
        folder = Path(out) if out is not None else Path(spare) / "run"
        outcome = execute(
            Run(
                out=folder,
                inputs=lambda: Inputs(
                    _rows(frame, names, "row"), _beside(billed, "billed row"), _beside(claims, "claim line")
                ),
                identity=identity_of(
                    {**told, "frame": _hash(frame, billed, claims), "options": repr(settings)}
                ),
                settings=settings,
                shards=max(1, len(frame) // _ROWS),
                workers=workers,
                fresh=fresh,
                quiet=True,
                told=told,
            )
        )
        return read_run(folder, outcome.summary)


def read_run(folder: Path, summary: Mapping[str, Any] | None = None) -> AuditResult:
    """Return what the files of a run hold.

    Raises:
        InputError: the folder holds no finished run.
    """
    import json

    from audit.manifest import RUN, read_json
    from audit.outputs import ERRORS, FINDINGS, NOTES

    known = summary if summary is not None else read_json(folder / RUN)
    if known is None:
        raise InputError(f"{folder}: holds no finished run of corrin audit")
    lines = (folder / ERRORS).read_text(encoding="utf-8").splitlines()
    return AuditResult(
        _frame(folder / FINDINGS),
        _frame(folder / NOTES),
        tuple(json.loads(line) for line in lines),
        known,
    )


def _frame(path: Path) -> pd.DataFrame:
    """Return a table as a frame, read in this thread alone: none is left behind when Python ends."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        frame: pd.DataFrame = file.read(use_threads=False).to_pandas(use_threads=False)
    return frame


def _rows(frame: pd.DataFrame, names: Mapping[str, str], word: str) -> Iterator[Given]:
    columns = [names[c] for c in frame.columns]
    for number, values in enumerate(frame.itertuples(index=False, name=None), start=1):
        yield Given(f"{word} {number}", dict(zip(columns, values, strict=True)))


def _beside(frame: pd.DataFrame | None, word: str) -> Callable[[], Iterator[Given]] | None:
    return None if frame is None else lambda: _rows(frame, {c: str(c) for c in frame.columns}, word)


def _hash(*frames: pd.DataFrame | None) -> list[str]:
    import hashlib

    found = []
    for frame in frames:
        digest = hashlib.sha256()
        for values in frame.itertuples(index=False, name=None) if frame is not None else ():
            digest.update(repr(values).encode("utf-8", errors="surrogatepass"))
        found.append(digest.hexdigest())
    return found
