"""A run from its inputs to its files: gather, answer, write. Each step can be killed and gone on with."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from audit.crew import Crew, Job, done_path, part_path, run_here
from audit.gather import Inputs, gather
from audit.manifest import RUN, RunFolder, write_json
from audit.merge import merged
from audit.outputs import write_outputs
from audit.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from audit.encounter import Settings


@dataclass(frozen=True, slots=True)
class Run:
    """One run.

    Attributes:
        out: the folder of its files.
        inputs: makes the rows anew each time it is called; a run that goes on may not need them.
        identity: what the run is of (see manifest).
        settings: what a worker must know.
        shards: into how many parts the export is put; set by the size of the input alone.
        workers: processes; 0 answers in this one.
        seconds: wall time after which an encounter is taken to hang.
        crew: answers the shards in place of our own workers (`audit.spark.shards`).
        told: what run.json says of the call: options, release, policy, version.
    """

    out: Path
    inputs: Callable[[], Inputs]
    identity: str
    settings: Settings
    shards: int
    workers: int = 1
    seconds: float = 120.0
    fresh: bool = False
    quiet: bool = False
    processor: str = "audit.encounter:answer"
    crew: Callable[[Job, Callable[[int], None]], None] | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    finish: Callable[[Path], None] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended. `again` says that the very same one was done before."""

    summary: Mapping[str, Any]
    failed: int
    again: bool = False


def execute(run: Run) -> Outcome:
    """Do a run, or what is left of it.

    Raises:
        InputError: the folder holds another run, or an input cannot be read.
    """
    folder = RunFolder(run.out, run.identity)
    before = folder.open(fresh=run.fresh)
    if before is not None:
        return Outcome(before, int(before.get("failed", 0)), again=True)
    done = False
    try:
        summary = _work(run, folder)
        done = True
    finally:
        folder.close(done=done)
    return Outcome(summary, int(summary["failed"]))


def _work(run: Run, folder: RunFolder) -> dict[str, Any]:
    begun = time.time()
    state = folder.state()
    if state is None:
        counts = gather(run.inputs(), folder.work, run.shards)
        encounters = _encounters(folder.work, run.shards)
        state = {"read": counts.to_mapping(), "encounters": encounters, "shards": run.shards, "begun": begun}
        folder.keep_state(state)
    shards = tuple(range(int(state["shards"])))
    progress = Progress(quiet=run.quiet)
    progress.start(int(state["encounters"]), _done(folder.work, shards))
    job = Job(folder.work, shards, run.settings, run.processor, run.workers, run.seconds)
    if run.crew is not None:
        run.crew(job, progress.add)
    elif run.workers:
        Crew(job, progress.add).run()
    else:
        run_here(job, progress.add)
    progress.end()
    records = merged(folder.work / "merge", [done_path(folder.work, shard) for shard in shards])
    tally = write_outputs(records, run.out, folder.work, fhir=run.settings.fhir)
    if run.finish is not None:
        run.finish(run.out)
    summary = {
        "identity": run.identity,
        **run.told,
        "read": state["read"],
        **tally.to_mapping(),
        "failed": tally.failed,
        "settings": asdict(run.settings),
        "times": {"begun": state["begun"], "ended": time.time(), "workers": run.workers},
    }
    write_json(run.out / RUN, summary)
    return summary


def _encounters(work: Path, shards: int) -> int:
    """Count the encounters by their keys, a shard at a time."""
    import json

    from audit.spill import shard_path

    total = 0
    for shard in range(shards):
        path = shard_path(work / "in", shard)
        if path.exists():
            with path.open("rb") as file:
                total += len({json.loads(line)[1] for line in file})
    return total


def _done(work: Path, shards: tuple[int, ...]) -> int:
    done = 0
    for shard in shards:
        for path in (done_path(work, shard), part_path(work, shard)):
            if path.exists():
                with path.open("rb") as file:
                    done += sum(1 for line in file if line.endswith(b"\n"))
    return done
