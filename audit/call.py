"""From the options of a call to a run: what is read, what it is of, who works on it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.encounter import Settings
from audit.engine import Outcome, Run, execute
from audit.gather import Inputs
from audit.manifest import identity_of, input_hashes
from audit.sources import read_table
from audit.spill import shards_for
from nlp.errors import InputError, shown
from suggest.version import version

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Call:
    """The options of `corrin audit`."""

    source: Path
    out: Path
    billed: Path | None = None
    policy: str | None = None
    setting: str | None = None
    pre_bill: bool = False
    workers: int | None = None
    watch: float = 120.0
    fresh: bool = False
    cases: bool = True
    quiet: bool = False

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files that the answer depends on."""
        return tuple(p for p in (self.source, self.billed) if p is not None)


def audit(call: Call) -> Outcome:
    """Do what a call asks for.

    Raises:
        InputError: a file cannot be read, or the folder holds another run.
    """
    for path in call.inputs:
        if not path.exists():
            raise InputError(f"{shown(str(path))}: there is no such file")
    settings = Settings(
        policy=call.policy,
        setting=call.setting,
        pre_bill=call.pre_bill,
        cases=call.cases,
    )
    told = stamps(call.policy)
    told["options"] = _options(call)
    identity = identity_of({**told, "inputs": input_hashes(call.inputs)})
    return execute(
        Run(
            out=call.out,
            inputs=_inputs(call),
            identity=identity,
            settings=settings,
            shards=shards_for(_size(call.source)),
            workers=call.workers or os.cpu_count() or 1,
            seconds=call.watch,
            fresh=call.fresh,
            quiet=call.quiet,
            told=told,
        )
    )


def _inputs(call: Call) -> Callable[[], Inputs]:
    return lambda: Inputs(
        read_table(call.source),
        read_table(call.billed) if call.billed else None,
    )


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
        "setting": call.setting,
        "pre_bill": call.pre_bill,
        "cases": call.cases,
    }


def _size(path: Path) -> int:
    """Return the bytes of an input; of compressed columns about what they hold."""
    files = [p for p in path.rglob("*") if p.is_file()] if path.is_dir() else [path]
    return sum(p.stat().st_size * (6 if p.suffix.lower() == ".parquet" else 1) for p in files)
