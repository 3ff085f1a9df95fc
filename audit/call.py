"""From the options of a call to a run: what is read, what it is of, who works on it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.after import write_report_and_workbook
from audit.encounter import Settings
from audit.engine import Outcome, Run, execute
from audit.gather import Inputs
from audit.manifest import identity_of, input_hashes
from audit.spill import shards_for
from nlp.errors import InputError, shown
from readers.tables import TableOptions, read_billed_beside, read_table, source_files
from suggest.version import version

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit.crew import Job
    from readers import Given


@dataclass(frozen=True, slots=True)
class Call:
    """The options of `corrin audit`."""

    source: Path
    out: Path
    billed: Path | None = None
    claims: Path | None = None
    tables: Path | None = None
    policy: str | None = None
    setting: str | None = None
    pre_bill: bool = False
    workers: int | None = None
    watch: float = 120.0
    fresh: bool = False
    cases: bool = True
    fhir: bool = False
    quiet: bool = False
    engine: str = "local"
    reading: TableOptions = field(default_factory=TableOptions)

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files that the answer depends on."""
        beside = [p for p in (self.billed, self.claims, self.tables) if p is not None]
        return (*source_files(self.source), *beside)


def audit(call: Call) -> Outcome:
    """Do what a call asks for.

    Raises:
        InputError: a file cannot be read, or the folder holds another run.
    """
    for path in (call.source, call.billed, call.claims, call.tables):
        if path is not None and not path.exists():
            raise InputError(f"{shown(str(path))}: there is no such file")
    crew = _crew(call.engine)
    settings = Settings(
        policy=call.policy,
        setting=call.setting,
        pre_bill=call.pre_bill,
        cases=call.cases,
        fhir=call.fhir,
        tables=str(call.tables) if call.tables else None,
    )
    told = stamps(call.policy)
    told["options"] = _options(call)
    if call.claims is not None:
        told["claims"] = _claims_of(call.claims, call.tables)
    inputs = _inputs(call)
    inputs()  # what cannot be read as a whole is refused before anything is written
    return execute(
        Run(
            out=call.out,
            inputs=inputs,
            identity=identity_of({**told, "inputs": input_hashes(call.inputs)}),
            settings=settings,
            shards=shards_for(_size(call.source)),
            workers=call.workers or os.cpu_count() or 1,
            seconds=call.watch,
            fresh=call.fresh,
            quiet=call.quiet,
            crew=crew,
            told=told,
            finish=partial(write_report_and_workbook, told=told),
        )
    )


def _claims_of(lines: Path, tables: Path | None) -> dict[str, Any]:
    """Return the hashes of the claim lines and of the tables that judge them, for `corrin compare`."""
    from audit.claims.tables import data

    shipped = Path(str(data.__file__)).parent
    folders = [*sorted(shipped.glob("*.csv")), *([tables] if tables is not None else ())]
    return {"lines": [*input_hashes([lines]).values()], "tables": [*input_hashes(folders).values()]}


def _crew(engine: str) -> Callable[[Job, Callable[[int], None]], None] | None:
    """Return who answers; None for our own workers.

    Raises:
        InputError: there is no such engine, or Spark is not installed.
    """
    if engine == "local":
        return None
    if engine != "spark":
        raise InputError(f"{shown(engine)}: there is no such engine; --engine wants local or spark")
    from audit.spark.session import check_installed
    from audit.spark.shards import answer_shards

    check_installed()
    return answer_shards


def _inputs(call: Call) -> Callable[[], Inputs]:
    billed, claims = call.billed, call.claims

    def codes() -> Iterable[Given]:
        beside = read_billed_beside(call.source, call.reading)
        return beside if billed is None else chain(beside, read_table(billed, call.reading, "billed"))

    def lines() -> Iterator[Given]:
        assert claims is not None
        return read_table(claims, TableOptions(call.reading.columns), "line")

    def make() -> Inputs:
        if billed is not None:
            codes()
        if claims is not None:
            lines()
        wanted = billed is not None or is_ndjson(call.source)
        return Inputs(
            read_table(call.source, call.reading),
            codes if wanted else None,
            lines if claims is not None else None,
        )

    return make


def is_ndjson(source: Path) -> bool:
    """Say whether an input may hold billed codes in files of FHIR beside its notes."""
    return any(path.suffix.lower() == ".ndjson" for path in source_files(source))


def stamps(policy: str | None) -> dict[str, Any]:
    """Return what decides beside the input: version, policy and releases, each with its hash."""
    from suggest.knowledge import default_policy, load_policy
    from suggest.release import open_release, release_sources

    decided = default_policy() if policy is None else load_policy(policy)
    return {
        "version": version(),
        "policy": {"name": decided.name, "sha256": decided.sha256},
        "releases": [
            {
                "name": source.name,
                "valid_from": source.valid_from,
                "valid_to": source.valid_to,
                "sha256": open_release(source).sha256,
            }
            for source in release_sources()
        ],
    }


def _options(call: Call) -> dict[str, Any]:
    """Return the options that bear on the answer."""
    return {
        "source": call.source.name,
        "billed": call.billed.name if call.billed else None,
        "claims": call.claims.name if call.claims else None,
        "tables": call.tables.name if call.tables else None,
        "setting": call.setting,
        "pre_bill": call.pre_bill,
        "cases": call.cases,
        "fhir": call.fhir,
        "columns": dict(call.reading.columns),
        "encoding": call.reading.encoding,
        "delimiter": call.reading.delimiter,
        "where": [list(pair) for pair in call.reading.where],
    }


def _size(path: Path) -> int:
    """Return the bytes of an input; of compressed columns about what they hold."""
    files = source_files(path)
    return sum(p.stat().st_size * (6 if p.suffix.lower() == ".parquet" else 1) for p in files)
