"""Small exports for tests, and a run over them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from audit.call import stamps
from audit.encounter import Settings
from audit.engine import Outcome, Run, execute
from audit.gather import Inputs
from audit.manifest import identity_of
from readers import Given

DATE = "2026-06-02"


def note(note_id: str, text: str, codes: str = "", **more: Any) -> dict[str, Any]:
    return {"note_id": note_id, "text": text, "codes": codes, "encounter_date": DATE, **more}


def run(
    out: Path,
    rows: Sequence[Mapping[str, Any]],
    *,
    billed: Sequence[Mapping[str, Any]] | None = None,
    shards: int = 2,
    workers: int = 0,
    processor: str = "audit.encounter:answer",
    seconds: float = 60.0,
    fresh: bool = False,
    crew: Any = None,
    **settings: Any,
) -> Outcome:
    told = stamps(None)
    return execute(
        Run(
            out=out,
            inputs=lambda: Inputs(given(rows), (lambda: given(billed)) if billed is not None else None),
            identity=identity_of({**told, "rows": json.dumps([*rows, *(billed or [])]), "options": settings}),
            settings=Settings(**settings),
            shards=shards,
            workers=workers,
            seconds=seconds,
            fresh=fresh,
            quiet=True,
            processor=processor,
            crew=crew,
            told=told,
        )
    )


def given(rows: Sequence[Mapping[str, Any]]) -> list[Given]:
    return [Given(f"row {number}", dict(row)) for number, row in enumerate(rows, start=1)]


def findings(out: Path) -> list[dict[str, Any]]:
    return pq.read_table(out / "findings.parquet").to_pylist()


def notes(out: Path) -> list[dict[str, Any]]:
    return pq.read_table(out / "notes.parquet").to_pylist()


def errors(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "errors.jsonl").read_text(encoding="utf-8").splitlines()]


def outputs(out: Path) -> dict[str, bytes]:
    """The files that must be the same bytes however a run was done."""
    names = ("findings.parquet", "findings.csv", "notes.parquet", "errors.jsonl")
    found = {name: (out / name).read_bytes() for name in names}
    found |= {f"cases/{p.name}": p.read_bytes() for p in sorted((out / "cases").iterdir())}
    return found
