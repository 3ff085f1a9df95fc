"""The commands of the audit and of claim lines: parse, call, render, exit. `cli` adds them to its app."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audit import claim_commands
from suggest.console import DONE, INCOMPLETE, guarded, tell


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    claim_commands.register(app)
    app.command("audit")(audit_export)


def audit_export(
    source: Annotated[
        Path, typer.Argument(metavar="INPUT", help="An export: CSV, TSV, Parquet, JSONL, FHIR, a folder.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the findings.")],
    billed: Annotated[
        Path | None, typer.Option(help="Billed codes in a table of their own, joined by id.")
    ] = None,
    policy: Annotated[
        str | None, typer.Option(help="A policy file that decides where coders differ (corrin policy).")
    ] = None,
    setting: Annotated[
        str | None, typer.Option(help="Whose claim, where a row does not say (default professional).")
    ] = None,
    pre_bill: Annotated[
        bool, typer.Option("--pre-bill", help="List what to hold before billing, worst first.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default one a core.")] = None,
    watch: Annotated[
        float, typer.Option(min=1, help="Seconds after which an encounter is taken to hang.")
    ] = 120.0,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew in a folder that holds a run.")] = False,
    cases: Annotated[bool, typer.Option("--cases/--no-cases", help="Write case files.")] = True,
) -> None:
    """Compare notes with billed codes. Example: corrin audit export.csv --out audit-june."""
    with guarded():
        from audit.call import Call, audit

        outcome = audit(
            Call(
                source,
                out,
                billed,
                policy,
                setting,
                pre_bill,
                workers,
                watch,
                fresh,
                cases,
            )
        )
    if outcome.again:
        tell(f"{out}: this very run is done already; nothing was changed")
    if outcome.failed:
        tell(f"{outcome.failed} notes could not be processed; see {out / 'errors.jsonl'}")
    raise typer.Exit(INCOMPLETE if outcome.failed else DONE)
