"""`corrin claim` and `corrin tables`: parse, call, render, exit."""

# No `annotations` from __future__: typer would evaluate each of the texts four times at every start.

from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from nlp.errors import InputError
from suggest.console import (
    DONE,
    INCOMPLETE,
    WRONG_CALL,
    guarded,
    is_date,
    output,
    tell,
    to_bytes,
    wants_color,
    width,
)

tables_app = typer.Typer(
    name="tables", help="See and check the dated tables of claim rules.", no_args_is_help=True
)


class ReportFormat(str, Enum):
    """How the lines are written."""

    TERMINAL = "terminal"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command("claim")(judge_claim)
    app.add_typer(tables_app)


def judge_claim(
    note: Annotated[
        str,
        typer.Argument(metavar="NOTE", help="The note of the visit: a file, .jsonl for several notes, or -."),
    ],
    lines: Annotated[
        Path, typer.Option(metavar="LINES", help="The claim lines: CSV, TSV, JSON, JSONL, Parquet, .xlsx.")
    ],
    tables: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Your own dated tables, over the shipped examples.")
    ] = None,
    codes: Annotated[
        str | None,
        typer.Option(help='Billed diagnoses in order, "E53.8;I10", where neither lines nor note list them.'),
    ] = None,
    format_: Annotated[
        ReportFormat, typer.Option("--format", "-f", help="How to write the answer.")
    ] = ReportFormat.TERMINAL,
    setting: Annotated[
        str | None, typer.Option(help="Whose claim, where the note does not say (default professional).")
    ] = None,
    date: Annotated[str | None, typer.Option(help="Date of service, YYYY-MM-DD, where neither says.")] = None,
    policy: Annotated[
        str | None, typer.Option(metavar="FILE", help="A policy that decides where coders differ.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write to a file that you alone can read.")
    ] = None,
    color: Annotated[
        bool | None, typer.Option("--color/--no-color", help="Default: where a terminal reads it.")
    ] = None,
) -> None:
    """Say what would deny the lines of a visit. Example: corrin claim note.txt --lines lines.csv."""
    with guarded():
        from audit.claims.command import judge, prepare
        from audit.claims.render import render_terminal, to_mapping
        from suggest.knowledge import default_policy, load_policy
        from suggest.serialise import json_text

        if date is not None and not is_date(date):
            raise InputError("--date is not a date of the form YYYY-MM-DD")
        job = prepare(
            note, lines, tables=tables, codes=codes, defaults={"setting": setting, "encounter_date": date}
        )
        decided = default_policy() if policy is None else load_policy(policy)
        judged = list(judge(job, decided))
        if format_ is ReportFormat.JSON:
            found = [
                {"release": j.result.release, "version": j.result.version, **to_mapping(j.claim)}
                for j in judged
            ]
            text = json_text(found if len(found) > 1 else found[0], indent=2) + "\n"
        else:
            painted = wants_color(color, out)
            text = "\n".join(render_terminal(j.claim, color=painted, width=width()) for j in judged)
        with output(out) as stream:
            stream.write(to_bytes(text))
    for sentence in dict.fromkeys(s for j in judged for s in j.claim.refused):
        tell(sentence)
    for problem in job.problems:
        tell(problem)
    raise typer.Exit(INCOMPLETE if job.problems else DONE)


@tables_app.command("check")
def check_tables(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Your tables; default: those that ship.")
    ] = None,
    date: Annotated[
        str | None, typer.Option(help="The date that they must cover, YYYY-MM-DD; default today.")
    ] = None,
) -> None:
    """Tell whether tables are sound and in force. Example: corrin tables check ours --date 2026-06-01."""
    with guarded():
        from audit.claims.tables import read_tables
        from audit.claims.tables.report import refusals, table_lines

        if date is not None and not is_date(date):
            raise InputError("--date is not a date of the form YYYY-MM-DD")
        day = date or datetime.now(UTC).date().isoformat()
        found = read_tables(folder)
        with output(None) as stream:
            stream.write(to_bytes("\n".join(table_lines(found)) + "\n"))
        past = refusals(found, day)
    for sentence in past:
        tell(sentence)
    raise typer.Exit(WRONG_CALL if past else DONE)
