"""Hostile files: each gets a clear sentence in bounded memory and time, and what stands beside it is done."""

from __future__ import annotations

import csv
import json
import os
import resource
import socket
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq

from tests.trust import hostile
from tests.trust.apart import Ran, forked
from tests.trust.calls import Ask, Call, request, run_command, warm
from tests.trust.tally import Tally

MEMORY = 600 * 1024  # KiB that reading a file may take beside the program; a note has 16 MiB at most
CPU = 20.0  # seconds of computing; none takes a fifth of it here
LIMITS = {
    resource.RLIMIT_CPU: 50,
    resource.RLIMIT_AS: 12 << 30,
}  # beyond these the system itself ends a trial
GOOD = "A/P: Vitamin B12 deficiency, start cyanocobalamin."
FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", " =1+1", "\n=1+1")


class Files:
    """Runs commands on files in children and judges how they end."""

    def __init__(self, folder: Path, tally: Tally) -> None:
        self.folder, self.tally, self.count = folder, tally, 0
        self.base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def run(self, part: str, name: str, work: Callable[[], Any]) -> Ran:
        """Run in a child with a limit; what takes too much or shows a traceback is a fault."""
        self.count += 1
        ran = forked(work, self.folder / f"run-{self.count}", limits=LIMITS, seconds=60)
        told = []
        if ran.kib - self.base > MEMORY:
            told.append(f"took {(ran.kib - self.base) // 1024} MiB")
        if ran.cpu > CPU:
            told.append(f"took {ran.cpu:.0f} s of computing")
        if ran.code < 0 or ran.code in (3, 99):
            told.append(f"ended with {ran.code}: {ran.err[-200:]}")
        if "Traceback" in ran.err or hostile.SECRET in ran.err + ran.out.decode(errors="replace"):
            told.append("a traceback, or a file of this machine, is shown")
        if ran.left:
            told.append(f"left {', '.join(ran.left)}")
        self.tally.check(f"{part}: memory, time, no traceback", not told, f"{name}: {'; '.join(told)}")
        return ran

    def command(self, part: str, name: str, arguments: Sequence[object], code: int, said: str) -> Ran:
        """Run a command, and see that its exit code and sentence are those expected."""
        call = Call(name, tuple(map(str, arguments)), code)
        ran = self.run(part, name, lambda: run_command(call))
        self.tally.check(
            f"{part}: exit code", ran.code == code, f"{name}: {ran.code} and not {code}: {ran.err[-200:]}"
        )
        sentences = [line for line in ran.err.splitlines() if said in line]
        clear = all(line.startswith("corrin: ") and len(line) < 600 for line in ran.err.splitlines())
        held = clear and bool(sentences or not said)
        self.tally.check(f"{part}: a clear sentence", held, f"{name}: {ran.err[-300:]!r}")
        return ran

    def rest(self, part: str, name: str, done: bool, what: str = "") -> None:
        """What stood beside the file was done."""
        self.tally.check(f"{part}: the rest is done", done, f"{name}: {what}")


def prove(long: bool = False) -> Tally:
    """Try hostile files of every kind."""
    tally = Tally("files")
    warm()
    with tempfile.TemporaryDirectory(prefix="trust-") as name:
        files = Files(Path(name), tally)
        for part in (_documents, _tables, _folder, _formulas, _workbooks, _forged):
            part(files, Path(name))
            if long:
                print(part.__name__.strip("_"), tally.tried.total(), tally.survived, flush=True)
    return tally


def _documents(files: Files, folder: Path) -> None:
    here = folder / "documents"
    here.mkdir()
    good = here / "good-note.txt"
    good.write_text(GOOD)
    for name, (file, data, said) in hostile.documents(here).items():
        path = here / file
        path.write_bytes(data)
        alone = 0 if not said else 1
        ran = files.command("documents", name, ("suggest", "-f", "jsonl", path, good), alone, said)
        notes = [json.loads(line)["note_id"] for line in ran.out.splitlines()]
        files.rest("documents", name, "good-note" in notes)
        if path.suffix in (".csv", ".jsonl") or len(data) > 15 * hostile.MIB:
            continue
        ask = Ask(name, "POST", "/api/read", file=(file, data))
        ran = files.run("uploads", name, request(ask))
        body = ran.out.decode(errors="replace")
        refused = body.startswith("422") and (said in body or name == "an empty file")
        files.tally.check("uploads: a clear refusal", refused or not said, f"{name}: {body[-200:]}")


def findings(out: Path) -> list[dict[str, Any]]:
    path = out / "findings.parquet"
    return pq.read_table(path).to_pylist() if path.exists() else []


def _tables(files: Files, folder: Path) -> None:
    here = folder / "tables"
    here.mkdir()
    for name, (file, data, said, code, right) in hostile.tables().items():
        path, out = here / file, here / f"out-{file}"
        path.write_bytes(data)
        arguments = ("audit", path, "--out", out, "--no-cases")
        if "swells" in name:
            arguments += ("--where", "note_id=400")
        ran = files.command("tables", name, arguments, code, said if code == 2 else "")
        if code != 2:
            told = (out / "errors.jsonl").read_text() if (out / "errors.jsonl").exists() else ""
            held = said in told + ran.err
            files.tally.check("tables: a clear sentence", held, f"{name}: {told[-300:]} {ran.err[-200:]}")
            done = sum(row["verdict"] == "supported" for row in findings(out))
            files.rest("tables", name, done >= right, f"{done} and not {right} rows answered")


def _folder(files: Files, folder: Path) -> None:
    """A folder of links, pipes, sockets and devices: each is named, none opened, the notes are read."""
    here, out = folder / "in", folder / "out-folder"
    (here / "sub").mkdir(parents=True)
    (here / "a.txt").write_text(GOOD)
    (here / "sub" / "b.txt").write_text(GOOD)
    (here / "link.txt").symlink_to("/etc/hostname")
    (here / "loop").symlink_to(here)
    (here / "nowhere.txt").symlink_to(here / "gone.txt")
    os.mkfifo(here / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as served:
        home = Path.cwd()
        os.chdir(here)
        served.bind("socket.txt")
        os.chdir(home)
        named = {
            "link.txt": "link",
            "loop": "link",
            "nowhere.txt": "link",
            "pipe.txt": "pipe",
            "socket.txt": "pipe",
        }
        try:
            os.mknod(here / "zero.txt", stat.S_IFCHR | 0o600, os.makedev(1, 5))
            named["zero.txt"] = "device"
        except OSError:
            files.tally.remark("no device file could be made here")
        ran = files.command(
            "folders", "links, pipes, devices", ("audit", here, "--out", out), 1, "errors.jsonl"
        )
    errors = {
        e["where"]: e["problem"] for e in map(json.loads, (out / "errors.jsonl").read_text().splitlines())
    }
    for name, word in named.items():
        files.tally.check(
            "folders: a clear sentence", word in errors.get(name, ""), f"{name}: {errors.get(name)}"
        )
    read = [
        row["note_id"] for row in pq.read_table(out / "notes.parquet").to_pylist() if row["status"] == "read"
    ]
    files.rest("folders", "links, pipes, devices", sorted(read) == ["a", "b"], f"{read} {ran.err[-200:]}")
    if "zero.txt" in named:
        files.command("folders", "a device by its name", ("suggest", here / "zero.txt"), 2, "a device")


def _formulas(files: Files, folder: Path) -> None:
    """Cells that a spreadsheet would run, in every text column: none comes out as one."""
    here, out = folder / "formulas", folder / "out-formulas"
    here.mkdir()
    columns = ("note_id", "encounter_id", "note_type", "author", "provider", "coder", "payer", "patient_id")
    path, lines = here / "export.csv", here / "lines.csv"
    with path.open("w", newline="") as file:
        sheet = csv.DictWriter(file, [*columns, "encounter_date", "text", "codes"])
        sheet.writeheader()
        for number, formula in enumerate(FORMULAS):
            known = dict.fromkeys(columns, f"{formula}{number}")
            text = f"{formula}\nA/P: {formula} Vitamin B12 deficiency {formula}. Iron deficiency anemia."
            sheet.writerow(
                {**known, "encounter_date": "2026-06-02", "text": text, "codes": f"E53.8;{formula}"}
            )
    with lines.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["encounter_id", "procedure", "units", "payer"])
        writer.writerows([f"{formula}{n}", formula, formula, formula] for n, formula in enumerate(FORMULAS))
    arguments = ("audit", path, "--claims", lines, "--out", out, "--sample", 3)
    files.command("formulas", "in every column", arguments, 0, "")
    cells = 0
    with (out / "findings.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.reader(file):
            cells += len(row)
            wrong = [cell for cell in row if _runs(cell)]
            files.tally.check("formulas: rows of findings.csv", not wrong, f"{wrong[:2]}")
    for name in ("findings.xlsx", "sample.xlsx"):
        for sheet in openpyxl.load_workbook(out / name):
            wrong = [c for row in sheet.iter_rows() for c in row if c.data_type == "f" or _runs(c.value)]
            files.tally.check(
                "formulas: sheets of workbooks", not wrong, f"{name} {sheet.title}: {wrong[:2]}"
            )
    page = "".join(p.read_text() for p in [out / "report.html", *(out / "cases").iterdir()])
    files.tally.check("formulas: pages without a script", "<script" not in page, "")
    files.tally.check("formulas: something was tried", cells > 100, f"{cells} cells")


def _runs(value: object) -> bool:
    return (
        isinstance(value, str)
        and value.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
        and len(value.strip()) > 1
    )


def _workbooks(files: Files, folder: Path) -> None:
    """Workbooks that swell or are none, as claim lines and as a review that comes back."""
    here, out = folder / "workbooks", folder / "out-formulas"
    here.mkdir()
    note = here / "note.txt"
    note.write_text(GOOD)
    made = {
        "a workbook that swells": hostile.swelling("xl/worksheets/sheet1.xml", mib=600),
        "a workbook that swells and lies": hostile.swelling("xl/worksheets/sheet1.xml", mib=600, lies=True),
        "an archive that is no workbook": hostile.an_archive(a=b"x"),
        "a workbook cut short": (out / "findings.xlsx").read_bytes()[:2000],
        "no archive": b"PK\x03\x04 no",
        "laughs in a workbook": hostile.altered(
            (out / "findings.xlsx").read_bytes(),
            "xl/workbook.xml",
            lambda body: body.replace(
                b"<workbook", f"<!DOCTYPE x [{hostile.LAUGHS}]><workbook".encode(), 1
            ).replace(b"Read me", b"&l9;"),
        ),
    }
    for number, (name, data) in enumerate(made.items()):
        path = here / f"book{number}.xlsx"
        path.write_bytes(data)
        files.command("workbooks", f"{name}, as claim lines", ("claim", note, "--lines", path), 2, path.name)
        files.command("workbooks", f"{name}, come back", ("review", out, path), 2, path.name)
    path = here / "lines.parquet"
    path.write_bytes(b"PAR1 cut")
    files.command(
        "workbooks", "Parquet cut short, as claim lines", ("claim", note, "--lines", path), 2, path.name
    )
    path = here / "lines.json"
    path.write_text('{"lines": ' + "[" * 90_000)
    files.command(
        "workbooks", "JSON without a bottom, as claim lines", ("claim", note, "--lines", path), 2, path.name
    )


def _forged(files: Files, folder: Path) -> None:
    """Policies, tables, releases and models that were tampered with."""
    here = folder / "forged"
    here.mkdir()
    note = here / "note.txt"
    note.write_text(GOOD)
    laughs = "a: &a [x]\n" + "".join(
        f"{c}: &{c} [{', '.join([f'*{b}'] * 9)}]\n" for b, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    touched = here / "touched"
    policies = {
        "a policy that calls a program": (
            f"name: x\noptions: !!python/object/apply:os.system ['touch {touched}']\n"
        ),
        "a policy that laughs": laughs,
        "a policy without a bottom": "name: " + "[" * 50_000,
        "a policy of a megabyte": "name: x\n" + "#" * 1_000_000,
        "a policy of no option that there is": "name: x\noptions:\n- {id: option.s99, choice: always}\n",
        "a policy that calls itself default": "name: default\noptions:\n- {id: option.s05, choice: always}\n",
        "a policy that is no YAML": "name: 'x\n",
        "a policy of bytes": "\x00\x01",
    }
    for number, (name, text) in enumerate(policies.items()):
        path = here / f"policy{number}.yaml"
        path.write_text(text)
        files.command("policies", name, ("policy", "check", path), 2, path.name)
        files.command("policies", f"{name}, with a note", ("suggest", "--policy", path, note), 2, path.name)
    files.tally.check("policies: nothing was run", not touched.exists(), "a program was called")
    _forged_tables(files, here)
    _forged_releases(files, here, note)
    _forged_models(files, here, note)


def _forged_tables(files: Files, here: Path) -> None:
    rows = {
        "a table of no columns that there are": "one,two\n1,2\n",
        "a table with a lone quote": 'payer,kind,mac,start,end,source,status\n"a,b\n',
        "a table of binary data": "\x00" * 5000,
        "an empty table": "",
    }
    for number, (name, text) in enumerate(rows.items()):
        folder = here / f"tables{number}"
        folder.mkdir()
        (folder / "payers.csv").write_text(text)
        files.command("tables of claim rules", name, ("tables", "check", folder), 2, "payers.csv")


def _forged_releases(files: Files, here: Path, note: Path) -> None:
    official = hostile.FILES.parents[1] / "releases" / "icd10cm-tabular-October-2025.xml"
    forged: Iterable[tuple[str, bytes]] = (
        (
            "a release that laughs",
            f"<?xml version='1.0'?><!DOCTYPE x [{hostile.LAUGHS}]><x>&l9;</x>".encode(),
        ),
        ("a release cut short", official.read_bytes()[:9000]),
        ("a release that is none", b"<x/>"),
        ("a release of nothing", b""),
    )
    for number, (name, data) in enumerate(forged):
        path = here / f"release{number}.xml"
        path.write_bytes(data)
        files.command("releases", name, ("release", "add", path, "--name", "X"), 2, path.name)
    # One that was added and then changed: it is refused by its hash, and the others speak.
    ran = forked(lambda: _add_and_forge(official, note), files.folder / "release")
    said = ran.out.decode()
    refused = "FAULT ICD-10-CM October 2025" in said and "Traceback" not in ran.err
    files.tally.check("releases: one that was changed is refused", refused, said[-600:])
    files.tally.check("releases: the others speak", "E53.8" in said, ran.err[-300:])


def _add_and_forge(official: Path, note: Path) -> int:
    import contextlib

    from suggest.release.folders import releases_folder

    home = releases_folder()
    assert home is not None
    for arguments in (
        ("release", "add", str(official)),
        None,
        ("doctor",),
        ("suggest", "--date", "2026-06-02", str(note)),
    ):
        if arguments is None:
            for path in home.rglob("*.xml"):
                path.write_bytes(path.read_bytes().replace(b"Vitamin", b"Vitamim"))
            continue
        with contextlib.suppress(SystemExit):
            run_command(Call("", arguments))
    return 0


def _forged_models(files: Files, here: Path, note: Path) -> None:
    import models

    shipped = json.loads((Path(models.__file__).parent / "ranking.json").read_text())
    forged = {
        "a model that is no JSON": b"cos\nsystem\n(S'true'\ntR.",
        "a model of another format": json.dumps({**shipped, "format": 99}).encode(),
        "a model that lacks its trees": json.dumps(
            {k: v for k, v in shipped.items() if k != "trees"}
        ).encode(),
        "a model of words for numbers": json.dumps({**shipped, "trees": [["x", "y", 1, 2]]}).encode(),
        "a model of no number": json.dumps(
            {**shipped, "calibration": {"slope": float("nan"), "shift": 0}}
        ).encode(),
        "a model whose trees have no bottom": b'{"format": 1, "trees": ' + b"[" * 90_000,
        "a model of features that there are not": json.dumps({**shipped, "features": ["a", "b"]}).encode(),
    }
    for name, data in forged.items():

        def work(data: bytes = data) -> None:
            from models import artefact, ranking

            (here / "ranking.json").write_bytes(data)
            artefact.files = lambda _: here  # type: ignore[assignment]
            for loaded in vars(ranking).values():
                if hasattr(loaded, "cache_clear"):
                    loaded.cache_clear()
            run_command(Call("", ("suggest", str(note))))

        ran = files.run("models", name, work)
        files.tally.check(
            "models: a clear sentence",
            ran.code == 2 and "ranking.json" in ran.err,
            f"{name}: {ran.code} {ran.err[-300:]}",
        )


if __name__ == "__main__":
    from tests.trust.__main__ import main

    sys.exit(main(["files", *sys.argv[1:]]))
