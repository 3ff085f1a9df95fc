"""Every command of `corrin` on given files, as it is typed, and every address of its server."""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import pkgutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.trust.planted import NAMES, NOTE, SECRETS, rows

BASE = "http://127.0.0.1:8765"


@dataclass(frozen=True, slots=True)
class Call:
    """A command on files. `out` is its folder for files; `printed` says that its output is one of JSON."""

    name: str
    arguments: tuple[str, ...]
    code: int = 0
    given: bytes = b""
    printed: str = "text"  # text, json, jsonl
    needs: tuple[str, ...] = ()  # what former commands left in `out`


def calls(made: Mapping[str, Path], out: Path) -> list[Call]:
    """The commands, those that go well before those that are given something broken."""
    f = {name: str(path) for name, path in made.items()}
    o = {
        name: str(out / name) for name in ("a.json", "text", "june", "july", "eval", "claim.txt", "page.html")
    }
    audit = (
        "audit",
        f["csv"],
        "--billed",
        f["billed"],
        "--claims",
        f["lines"],
        "--sample",
        "1",
        "--out",
        o["june"],
    )
    return [
        Call("suggest, terminal", ("suggest", "--why", "--date", "2026-05-07", f["note"])),
        Call("suggest, JSON", ("suggest", "-f", "json", f["note"]), printed="json"),
        Call("suggest, rows", ("suggest", "-f", "jsonl", f["rows"]), 1, printed="jsonl"),
        Call("suggest, FHIR", ("suggest", "-f", "fhir", f["note"]), printed="json"),
        Call("suggest, HTML to a file", ("suggest", "-f", "html", "--out", o["page.html"], f["note"])),
        Call(
            "suggest, documents",
            ("suggest", "-f", "json", f["docx"], f["rtf"], f["ccda"], "--policy", f["policy"]),
            printed="json",
        ),
        Call("suggest, text out", ("suggest", "--text-out", o["text"], "--out", o["a.json"], f["docx"])),
        Call("suggest, standard input", ("suggest", "-f", "json", "-"), given=NOTE.encode(), printed="json"),
        Call(
            "claim, terminal",
            ("claim", f["note"], "--lines", f["lines"], "--codes", "E53.8", "--out", o["claim.txt"]),
        ),
        Call("claim, JSON", ("claim", f["note"], "--lines", f["lines"], "-f", "json"), printed="json"),
        Call("audit", audit, 1),
        Call("audit, Parquet before billing", ("audit", f["parquet"], "--pre-bill", "--out", o["july"]), 1),
        Call("audit, FHIR", ("audit", f["fhir"], "--fresh", "--out", o["july"]), 1),
        Call("audit, a folder", ("audit", f["folder"], "--fresh", "--out", o["july"]), 1),
        Call("audit, columns", ("audit", f["csv"], "--columns")),
        Call(
            "compare", ("compare", o["june"], o["july"], "-f", "json"), printed="json", needs=("june", "july")
        ),
        Call("review, a sample", ("review", o["june"], "--sample", "1", "--by", "provider"), needs=("june",)),
        Call(
            "review",
            ("review", o["june"], str(Path(o["june"]) / "reviewed.xlsx"), "--json"),
            printed="json",
            needs=("june",),
        ),
        Call("evaluate", ("evaluate", f["gold"], "--samples", "10", "--out", o["eval"])),
        Call(
            "evaluate against",
            ("evaluate", f["gold"], "--samples", "10", "--against", str(Path(o["eval"]) / "run.json")),
            needs=("eval",),
        ),
        Call("evaluate-audit", ("evaluate-audit", f["gold"], "--each", "1", "--show", "9")),
        Call("explain", ("explain", "D51.0")),
        Call("explain a rule", ("explain", "claim:C03")),
        Call("policy show", ("policy", "show", f["policy"])),
        Call("policy diff", ("policy", "diff", f["policy"])),
        Call("tables check", ("tables", "check", "--date", "2026-05-07")),
        Call("release list", ("release", "list")),
        Call("release show", ("release", "show", "april-2026")),
        Call("doctor", ("doctor",)),
        Call("no note among the rows", ("suggest", "-f", "jsonl", f["torn"]), 1, printed="jsonl"),
        Call("a broken PDF", ("suggest", f["pdf"]), 2),
        Call("a broken line of a claim", ("claim", f["note"], "--lines", f["nolines"]), 2),
        Call("no policy", ("suggest", "--policy", f["nopolicy"], f["note"]), 2),
        Call("policy check", ("policy", "check", f["nopolicy"]), 2),
        Call("no column", ("audit", f["bare"], "--out", o["july"]), 2),
        Call("a lone quote", ("audit", f["quote"], "--fresh", "--out", o["july"]), 1),
        Call("no tables", ("tables", "check", f["tables"]), 2),
        Call("no release", ("release", "add", f["release"]), 2),
        Call("no gold", ("evaluate", f["nogold"]), 2),
        Call("no former run", ("evaluate", f["gold"], "--against", f["note"]), 2),
        Call("no workbook", ("review", o["june"], f["note"]), 2, needs=("june",)),
        Call("no run", ("compare", str(made["folder"]), o["june"]), 2, needs=("june",)),
        Call("no such file", ("suggest", f["note"] + "x"), 2),
        Call("a bad option", ("suggest", "--format", NAMES["word of the caller"], f["note"]), 2),
    ]


def reviewed(folder: Path) -> None:
    """Fill in the workbook of a run as a reviewer would."""
    import openpyxl

    from audit.review.sheet import SHEET

    book = openpyxl.load_workbook(folder / "findings.xlsx")
    sheet = book[SHEET]
    titles = {str(cell.value): cell.column for cell in sheet[1]}
    for line in range(2, sheet.max_row + 1):
        filled = {
            "Disposition": "disagree",
            "Corrected codes": "none",
            "Reviewer": "R1",
            "Review date": "2026-06-01",
        }
        for title, value in {**filled, "Reason": SECRETS["reason of a reviewer"]}.items():
            sheet.cell(line, titles[title], value)
    book.save(folder / "reviewed.xlsx")


def run_command(call: Call) -> None:
    """Run a command as the shell would, in this process; the audit answers here as well."""
    import cli

    sys.argv = ["corrin", *call.arguments]
    cli.main()


def warm() -> None:
    """Import all of Corrin and build its pipeline, so that children are forked warm."""
    import audit
    import cli
    import corpora
    import models
    import nlp
    import readers
    import suggest
    import web

    _ = cli
    for package in (nlp, suggest, readers, audit, web, models, corpora):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "spark" not in module.name:
                importlib.import_module(module.name)
    for library in (
        "docx",
        "striprtf.striprtf",
        "pypdfium2",
        "defusedxml.ElementTree",
        "openpyxl",
        "xlsxwriter",
        "pandas",
    ):
        importlib.import_module(library)
    from suggest import suggest_codes
    from suggest import warm as build

    build()
    suggest_codes(NOTE)
    _answer_here()


def _answer_here() -> None:
    """Have the audit answer in this process: its workers would be new ones, which no child could break."""
    from audit import call as audit_call

    execute = audit_call.execute
    audit_call.execute = lambda run: execute(replace(run, workers=0))  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Ask:
    """A request to the server: its body is JSON, or one file of a form."""

    name: str
    method: str
    path: str
    body: Any = None
    file: tuple[str, bytes] | None = None
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200


def asks() -> list[Ask]:
    """A request to every address, those that are answered before those that are refused."""
    known = {
        key: value
        for key, value in rows()[0].items()
        if key in ("note_id", "encounter_id", "encounter_date", "text", "author", "note_type")
    }
    lines = f"procedure,units,payer\n96372,1,{SECRETS['cell of a claim line']}"
    word, upload, head = (
        SECRETS["query of an address"],
        SECRETS["name of an upload"],
        SECRETS["header of a request"],
    )
    sent = (("X-Note", head), ("User-Agent", head))
    return [
        Ask("suggest", "POST", "/api/suggest", {**known, SECRETS["key of JSON"]: 1}, headers=sent),
        Ask("several notes", "POST", "/api/suggest", {"notes": [known, {**known, "note_id": "b"}]}),
        Ask("FHIR", "POST", "/api/fhir", {**known, "accepted": ["E53.8"]}),
        Ask("the answer of the page", "POST", "/page/answer", known),
        Ask("claim lines", "POST", "/page/claim", {**known, "lines": lines, "accepted": ["E53.8"]}),
        Ask("an upload", "POST", "/api/read", file=(f"{upload}.txt", NOTE.encode())),
        Ask("rows", "POST", "/api/read", file=(f"{upload}.jsonl", json.dumps(known).encode())),
        Ask("a code", "GET", "/api/codes/D51.0?date=2026-05-07"),
        Ask("health", "GET", "/healthz"),
        Ask("the page", "GET", "/"),
        Ask("the login", "GET", "/login"),
        Ask("the schema", "GET", "/api/openapi.json"),
        Ask("the documents", "GET", "/api/docs"),
        Ask("no JSON", "POST", "/api/suggest", NOTE, status=400),
        Ask("no text", "POST", "/api/suggest", {**known, "text": 7}, status=422),
        Ask("a wrong date", "POST", "/api/suggest", {**known, "encounter_date": known["author"]}, status=422),
        Ask("a wrong setting", "POST", "/page/answer", {**known, "setting": known["author"]}, status=422),
        Ask(
            "claim lines that are none",
            "POST",
            "/page/claim",
            {**known, "lines": f"{NAMES['column name']}\n{SECRETS['cell of a claim line']}"},
        ),
        Ask(
            "a broken upload",
            "POST",
            "/api/read",
            file=(f"{upload}.pdf", b"%PDF-1.4 " + NOTE.encode()),
            status=422,
        ),
        Ask("an upload of no kind", "POST", "/api/read", file=(f"a.{upload}", NOTE.encode()), status=422),
        Ask("no such code", "GET", f"/api/codes/{word}", status=404),
        Ask("no such date", "GET", f"/api/codes/D51.0?date={word}", status=422),
        Ask("no such address", "GET", f"/{word}?{word}={word}", status=404),
        Ask("no such file", "GET", f"/static/{word}", status=404),
        Ask("a wrong method", "GET", "/api/suggest", status=405),
        Ask("a foreign host", "GET", "/", headers=(("Host", f"{word}.example"),), status=403),
        Ask(
            "a foreign page",
            "POST",
            "/api/suggest",
            known,
            headers=(("Origin", f"http://{word}.example"),),
            status=403,
        ),
        Ask(
            "a wrong type",
            "POST",
            "/api/suggest",
            known,
            headers=(("Content-Type", f"text/{word}"),),
            status=415,
        ),
    ]


def request(ask: Ask, settings: Any = None) -> Callable[[], None]:
    """A function that asks a server in this process and prints status, headers and body."""

    def work() -> None:
        import httpx

        from suggest.console import discreet
        from web.app import create_app
        from web.settings import Settings
        from web.workers import Inline

        discreet()
        logging.getLogger("httpx").disabled = True  # the log of who asks

        async def send() -> httpx.Response:
            known = settings or Settings()
            engine = Inline(known)
            engine.is_warm = True
            server = httpx.ASGITransport(create_app(known, engine), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=server, base_url=BASE) as client:
                return await client.request(ask.method, ask.path, **sent_of(ask))

        answer = asyncio.run(send())
        head = [f"{answer.status_code}", *(f"{name}: {value}" for name, value in answer.headers.items())]
        sys.stdout.write("\n".join(head) + "\n\n" + answer.text)

    return work


def sent_of(ask: Ask) -> dict[str, Any]:
    """What httpx sends with a request."""
    headers = dict(ask.headers)
    if ask.file is not None:
        return {"headers": headers, "files": {"file": ask.file}}
    if ask.body is None:
        return {"headers": headers}
    text = ask.body if isinstance(ask.body, str) else json.dumps(ask.body)
    return {"headers": {"Content-Type": "application/json", **headers}, "content": text.encode()}
