"""The commands of the audit and of claim lines: parse, call, render, exit. `cli` adds them to its app."""

# No `annotations` from __future__: typer would evaluate each of the texts four times at every start.

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from audit import claim_commands
from audit.review import command as review_command
from nlp.errors import InputError
from suggest.console import DONE, INCOMPLETE, guarded, output, tell, to_bytes


class ReportFormat(str, Enum):
    """How a comparison is written."""

    TERMINAL = "terminal"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    claim_commands.register(app)
    review_command.register(app)
    app.command("audit")(audit_export)
    app.command("compare")(compare_runs)


def audit_export(
    source: Annotated[
        Path, typer.Argument(metavar="INPUT", help="An export: CSV, TSV, Parquet, JSONL, FHIR, a folder.")
    ],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the findings.")] = None,
    billed: Annotated[
        Path | None, typer.Option(help="Billed codes in a table of their own, joined by id.")
    ] = None,
    claims: Annotated[Path | None, typer.Option(help="Claim lines, joined by id.")] = None,
    tables: Annotated[
        Path | None, typer.Option(help="Folder of dated tables for the claim rules, over the shipped ones.")
    ] = None,
    policy: Annotated[
        str | None, typer.Option(help="A policy file that decides where coders differ (corrin policy).")
    ] = None,
    setting: Annotated[
        str | None, typer.Option(help="Whose claim, where a row does not say (default professional).")
    ] = None,
    columns: Annotated[
        bool, typer.Option("--columns", help="Show which column is taken for what, and stop.")
    ] = False,
    column: Annotated[
        list[str] | None, typer.Option(metavar="NAME=COLUMN", help="The column of the export for a name.")
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN=VALUE", help="Only rows with this value.")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="Of a text table; default: sensed.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Of a text table; default: sensed.")] = None,
    pre_bill: Annotated[
        bool, typer.Option("--pre-bill", help="List what to hold before billing, worst first.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default one a core.")] = None,
    watch: Annotated[
        float, typer.Option(min=1, help="Seconds after which an encounter is taken to hang.")
    ] = 120.0,
    engine: Annotated[
        str,
        typer.Option(
            help="local: our own workers; spark: PySpark on this machine, same files (docs/spark.md)."
        ),
    ] = "local",
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew in a folder that holds a run.")] = False,
    cases: Annotated[bool, typer.Option("--cases/--no-cases", help="Write case files.")] = True,
    fhir: Annotated[
        bool, typer.Option("--fhir", help="Write FHIR too: DetectedIssue and Condition, a resource a line.")
    ] = False,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Draw encounters for review, into sample.xlsx (corrin review).")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the sample.")] = 1,
) -> None:
    """Compare notes with billed codes. Example: corrin audit export.csv --out audit-june."""
    with guarded():
        from audit.call import Call, audit
        from audit.summary import summary_lines
        from readers.tables import TableOptions, guess_columns, render_guess

        reading = TableOptions(
            dict(_pairs(column, "--column")), encoding, delimiter, _pairs(where, "--where")
        )
        if columns:
            with output(None) as stream:
                stream.write(to_bytes(render_guess(guess_columns(source, reading))))
            raise typer.Exit(DONE)
        if out is None:
            raise InputError("--out DIR is missing: the folder for the findings")
        outcome = audit(
            Call(
                source=source,
                out=out,
                billed=billed,
                claims=claims,
                tables=tables,
                policy=policy,
                setting=setting,
                pre_bill=pre_bill,
                workers=workers,
                watch=watch,
                fresh=fresh,
                engine=engine,
                cases=cases,
                fhir=fhir,
                reading=reading,
            )
        )
        if sample is not None:
            from audit.review.draw import draw_sample

            tell(draw_sample(out, sample, seed))
    if outcome.again:
        tell(f"{out}: this very run is done already; nothing was changed")
    for line in summary_lines(out, outcome.summary):
        tell(line)
    if outcome.failed:
        tell(f"{outcome.failed} notes could not be processed; see {out / 'errors.jsonl'}")
    raise typer.Exit(INCOMPLETE if outcome.failed else DONE)


def compare_runs(
    first: Annotated[
        Path, typer.Argument(metavar="RUN1", help="The --out folder of the former corrin audit.")
    ],
    second: Annotated[Path, typer.Argument(metavar="RUN2", help="The --out folder of the later one.")],
    format_: Annotated[
        ReportFormat, typer.Option("--format", "-f", help="How to write the answer.")
    ] = ReportFormat.TERMINAL,
) -> None:
    """Say what changed between two audits, and why. Example: corrin compare audit-june audit-july."""
    with guarded():
        from audit.compare import compare
        from audit.compare_text import to_mapping, to_text
        from suggest.serialise import json_text

        found = compare(first, second)
        as_json = format_ is ReportFormat.JSON
        text = json_text(to_mapping(found), indent=2) + "\n" if as_json else to_text(found)
        with output(None) as stream:
            stream.write(to_bytes(text))


def _pairs(values: list[str] | None, option: str) -> tuple[tuple[str, str], ...]:
    """Part `NAME=VALUE`.

    Raises:
        InputError: there is no equals sign.
    """
    found = []
    for value in values or ():
        name, sign, rest = value.partition("=")
        if not sign or not name.strip():
            raise InputError(f"{option} wants NAME=VALUE")
        found.append((name.strip(), rest.strip()))
    return tuple(found)
