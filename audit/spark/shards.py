"""The shards of a run, answered by Spark instead of our own workers (`corrin audit --engine spark`).

What Spark is given is the numbers of shards: notes and records go by the files of the work folder, as with
our own workers, so that a run can be ended and gone on with by either, and no note passes through Java.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.crew import answer_shard, done_path
from audit.spark.hand import Task, hand_for
from audit.spark.session import own_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audit.crew import Job

_WAVE = 16  # shards a worker between two reports
_SCHEMA = "shard int, encounters int"


def answer_shards(job: Job, report: Callable[[int], None]) -> None:
    """Answer every shard that is not done; `report` is called with the encounters done."""
    (job.folder / "out").mkdir(mode=0o700, exist_ok=True)
    left = [shard for shard in job.shards if not done_path(job.folder, shard).exists()]
    if not left:
        return
    task = Task(job.settings, job.processor, job.seconds)
    workers = max(1, min(job.workers, len(left)))
    with own_session(workers) as session:
        for start in range(0, len(left), workers * _WAVE):
            wave = left[start : start + workers * _WAVE]
            numbers = session.range(0, len(wave), 1, len(wave))
            rows = numbers.mapInArrow(_answers(job.folder.resolve(), wave, task), _SCHEMA).collect()
            report(sum(row.encounters for row in rows))


def _answers(folder: Path, wave: list[int], task: Task) -> Callable[[Iterator[Any]], Iterator[Any]]:
    def answers(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        schema = pa.schema([("shard", pa.int32()), ("encounters", pa.int32())])
        for batch in batches:
            for place in batch.column(0).to_pylist():
                done = answer_shard(folder, wave[place], hand_for(task).answer)
                yield pa.RecordBatch.from_pylist([{"shard": wave[place], "encounters": done}], schema)

    return answers
