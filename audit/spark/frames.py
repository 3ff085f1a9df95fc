"""From a DataFrame of notes to records of encounters, findings and errors, lazily, in fixed schemas."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.encounter import Rows, Settings
from audit.finding import COLUMNS
from audit.rows import key_of, problem_of, to_row
from audit.spark.hand import Task, hand_for
from nlp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pyspark.sql import DataFrame

_ROW = "key string, place long, where string, row string, problem string"
_ORDER = "struct<rank: int, key: string>"
_RECORD = f"order {_ORDER}, record string"
_FINDING = ", ".join(f"{name} {'double' if name == 'score' else 'string'}" for name in COLUMNS)
_FINDINGS = f"{_FINDING}, order struct<rank: int, key: string, place: int>"
_ERROR_COLUMNS = ("encounter_id", "note_id", "where", "kind", "problem")
_ERRORS = ", ".join(f"`{name}` string" for name in _ERROR_COLUMNS)
_BATCH = 256  # rows of a batch that is handed on


def audit_frame(
    frame: DataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    policy: str | None = None,
    setting: str | None = None,
    pre_bill: bool = False,
    watch: float = 120.0,
    processor: str = "audit.encounter:answer",
) -> DataFrame:
    """Return the findings of a frame of notes: the columns of `findings.parquet`, and `order` to sort by.

    Args:
        frame: a row a note, with the contract's columns (`text`, `codes`, `note_id`, `encounter_id` …).
        columns: what the frame's own columns are, `{"note_text": "text"}`.
        policy: a policy file that every executor can open; None for the default.
        setting: whose claim, where a row does not say.
        pre_bill: list what to hold before billing; the worst have the least `order`.
        watch: seconds after which an encounter is taken to hang and set aside.
        processor: the function that makes a record of the rows of an encounter.

    Raises:
        InputError: the frame has no column `text`.
    """
    return findings_of(
        audit_records(
            frame,
            columns=columns,
            policy=policy,
            setting=setting,
            pre_bill=pre_bill,
            watch=watch,
            processor=processor,
        )
    )


def audit_records(
    frame: DataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    policy: str | None = None,
    setting: str | None = None,
    pre_bill: bool = False,
    watch: float = 120.0,
    processor: str = "audit.encounter:answer",
) -> DataFrame:
    """Return a row an encounter: `order` to sort by, and its `record` as JSON. Arguments as `audit_frame`.

    Rows keep the order of the frame within their encounter. To number them as the local engine does the rows
    of each partition are counted first, which works through the frame once more.

    Raises:
        InputError: the frame has no column `text`.
    """
    from pyspark.sql import functions

    names = {c: str((columns or {}).get(c, c)) for c in frame.columns}
    if "text" not in names.values():
        raise InputError('the frame has no column "text"; name yours by columns={"its name": "text"}')
    counted = frame.groupBy(functions.spark_partition_id().alias("part")).count().collect()
    sizes = {int(row["part"]): int(row["count"]) for row in counted}
    before, starts = 0, {}
    for part in sorted(sizes):
        starts[part], before = before, before + sizes[part]
    settings = Settings(policy=policy, setting=setting, pre_bill=pre_bill, cases=False)
    numbered = frame.select("*", functions.monotonically_increasing_id().alias("__place"))
    rows = numbered.mapInArrow(_rows([*names.values()], starts), _ROW)
    met = rows.repartition("key").sortWithinPartitions("key", "place")
    return met.mapInArrow(_records(Task(settings, processor, watch)), _RECORD)


def findings_of(records: DataFrame) -> DataFrame:
    """Return the findings of records."""
    return records.mapInArrow(_each_finding, _FINDINGS)


def errors_of(records: DataFrame) -> DataFrame:
    """Return the notes that were set aside, by name, as in `errors.jsonl`."""
    return records.mapInArrow(_each_error, _ERRORS)


def write_findings(records: DataFrame, folder: str | Path) -> None:
    """Write the files of `corrin audit` in a new folder: bytes as the local engine's, no case files.

    All records are brought to this machine and sorted here; on a cluster write `findings_of` by Spark.

    Raises:
        InputError: the folder exists.
    """
    from audit.outputs import write_outputs

    out = Path(folder)
    if out.exists():
        raise InputError(f"{out}: exists; name a new folder")
    rows = sorted(records.collect(), key=lambda row: (row["order"]["rank"], row["order"]["key"]))
    out.mkdir(mode=0o700, parents=True)
    with tempfile.TemporaryDirectory(prefix=".corrin-", dir=out) as work:
        write_outputs((json.loads(row["record"]) for row in rows), out, Path(work))
    (out / "cases").rmdir()


def _rows(names: list[str], starts: dict[int, int]) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """Make of each row what the shards of the local engine hold."""

    def rows(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        for batch in batches:
            columns = [column.to_pylist() for column in batch.columns]
            found: dict[str, list[Any]] = {"key": [], "place": [], "where": [], "row": [], "problem": []}
            for *cells, place in zip(*columns, strict=True):
                number = starts[place >> 33] + (place & ((1 << 33) - 1)) + 1  # the id's upper bits: partition
                given = dict(zip(names, cells, strict=True))
                values, problem = to_row(given), problem_of(given.get("text"))
                if problem is not None:
                    values.pop("text", None)
                row = (key_of(values, number), place, f"row {number}", json.dumps(values), problem)
                for name, value in zip(found, row, strict=True):
                    found[name].append(value)
            types = [pa.string(), pa.int64(), pa.string(), pa.string(), pa.string()]
            arrays = [pa.array(v, t) for v, t in zip(found.values(), types, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, names=[*found])

    return rows


def _records(task: Task) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """Answer encounter after encounter; the rows of one stand together and may reach over batches."""

    def records(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        kind = pa.struct([("rank", pa.int32()), ("key", pa.string())])
        schema = pa.schema([("order", kind), ("record", pa.string())])
        for rows in _encounters(batches):
            line = hand_for(task).answer(rows)
            rank, key = json.loads(line)["sort"]
            row = {"order": {"rank": rank, "key": key}, "record": line.decode("ascii").rstrip("\n")}
            yield pa.RecordBatch.from_pylist([row], schema)

    return records


def _encounters(batches: Iterator[Any]) -> Iterator[Rows]:
    held: Rows | None = None
    for batch in batches:
        for row in batch.to_pylist():
            if held is not None and held.key != row["key"]:
                yield held
                held = None
            held = held or Rows(row["key"])
            note = {"where": row["where"], "values": json.loads(row["row"]), "problem": row["problem"]}
            held.notes.append(note)
    if held is not None:
        yield held


def _each_finding(batches: Iterator[Any]) -> Iterator[Any]:
    import pyarrow as pa

    from audit.outputs import finding_schema, flat_finding

    order = pa.struct([("rank", pa.int32()), ("key", pa.string()), ("place", pa.int32())])
    schema = finding_schema().append(pa.field("order", order))
    for batch in batches:
        found = []
        for row in batch.to_pylist():
            findings = json.loads(row["record"])["findings"]
            found += [
                {**flat_finding(finding), "order": {**row["order"], "place": place}}
                for place, finding in enumerate(findings)
            ]
        yield from pa.Table.from_pylist(found, schema).to_batches(_BATCH)


def _each_error(batches: Iterator[Any]) -> Iterator[Any]:
    import pyarrow as pa

    schema = pa.schema([(name, pa.string()) for name in _ERROR_COLUMNS])
    for batch in batches:
        found = [error for row in batch.to_pylist() for error in json.loads(row["record"])["errors"]]
        yield from pa.Table.from_pylist(found, schema).to_batches(_BATCH)
