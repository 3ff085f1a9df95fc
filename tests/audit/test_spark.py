"""Spark gives the files of the local engine, byte for byte; what is missing is said in one sentence."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from audit.spark.session import own_session
from cli import app
from corpora.exports.files import HOME
from nlp.errors import InputError
from tests.audit.samples import errors, note, outputs, run

TROUBLES = "tests.audit.troubles:troubled"
TABLES = ("findings.parquet", "findings.csv", "notes.parquet", "errors.jsonl")


def _some_encounters(number: int) -> list[dict[str, Any]]:
    """The first encounters of the example export, whole, one that crashes and one that dies among them."""
    with (HOME / "clinic.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = list(dict.fromkeys(row["encounter_id"] for row in rows))[:number]
    kept = [row for row in rows if row["encounter_id"] in wanted]
    kept.insert(3, note("crash", "CRASHING on purpose", "E53.8", encounter_id="E10"))
    kept.insert(9, note("dead", "DYING on purpose", "D50.9", encounter_id="E9"))
    kept.append({"text": "A/P: Iron deficiency anemia.", "codes": "D50.9"})
    kept.append({"text": "", "codes": "D50.9", "note_id": "empty"})
    return kept[::2] + kept[1::2]  # so that notes of an encounter stand apart


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_spark_writes_the_bytes_of_the_local_engine(tmp_path: Path) -> None:
    from audit.spark.shards import answer_shards

    rows = _some_encounters(30)
    run(tmp_path / "local", rows, workers=1, processor=TROUBLES, shards=4)
    local = outputs(tmp_path / "local")
    assert {e["note_id"] for e in errors(tmp_path / "local")} >= {"crash", "dead", "empty"}

    run(tmp_path / "shards", rows, workers=2, processor=TROUBLES, shards=4, crew=answer_shards)
    assert outputs(tmp_path / "shards") == local

    from audit.spark import audit_records, errors_of, findings_of, write_findings

    names = list(dict.fromkeys(name for row in rows for name in row))
    table = [tuple(row.get(name) for name in names) for row in rows]
    with own_session(2) as session:
        session.conf.set("spark.sql.shuffle.partitions", 4)
        frame = session.createDataFrame(table, ", ".join(f"`{name}` string" for name in names))
        records = audit_records(frame, processor=TROUBLES).persist()
        write_findings(records, tmp_path / "frame")
        assert {e["note_id"] for e in errors_of(records).collect()} >= {"crash", "dead", "empty"}
        found = findings_of(records).orderBy("order").drop("order").toArrow().to_pylist()
    assert {name: (tmp_path / "frame" / name).read_bytes() for name in TABLES} == {
        n: local[n] for n in TABLES
    }
    import pyarrow.parquet as pq

    assert found == pq.read_table(tmp_path / "local" / "findings.parquet").to_pylist()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_command_is_quiet_and_leaves_nothing_in_temporary_folders(tmp_path: Path) -> None:
    export, spare = tmp_path / "export.jsonl", tmp_path / "tmp"
    spare.mkdir()
    lines = [note("a", "A/P: Vitamin B12 deficiency.", "E53.8"), note("b", "A/P: Fatigue.", "D50.9")]
    export.write_text("".join(json.dumps(line) + "\n" for line in lines))
    call = [sys.executable, "-m", "cli", "audit", str(export), "--engine", "spark", "--workers", "1"]
    done = subprocess.run(
        [*call, "--out", str(tmp_path / "out")],
        env={**os.environ, "TMPDIR": str(spare), "PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
    # the summary is ours; Spark and Java say nothing, and nobody tells words of a note
    assert [line for line in done.stderr.splitlines() if not line.startswith("corrin: ")] == []
    assert "2 encounters, 2 notes read" in done.stderr
    assert "Fatigue" not in done.stderr
    assert [*spare.iterdir()] == []
    assert sorted(p.name for p in tmp_path.iterdir()) == ["export.jsonl", "out", "tmp"]


def test_without_java_one_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    export = tmp_path / "export.csv"
    export.write_text("text,codes\nA/P: Fatigue.,E53.8\n")
    done = CliRunner().invoke(
        app, ["audit", str(export), "--engine", "spark", "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 2
    assert "needs Java 17" in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_engine_that_is_not_there_is_refused(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text("text,codes\nA/P: Fatigue.,E53.8\n")
    done = CliRunner().invoke(
        app, ["audit", str(export), "--engine", "sparks", "--out", str(tmp_path / "out")]
    )
    assert (done.exit_code, "local or spark" in done.stderr) == (2, True)


def test_a_frame_without_text_is_refused() -> None:
    from types import SimpleNamespace

    from audit.spark import audit_frame

    pytest.importorskip("pyspark")
    with pytest.raises(InputError, match="columns="):
        audit_frame(SimpleNamespace(columns=["note_text"]))
