"""`corrin review`: parse, call, print."""

# No `annotations` from __future__: typer would evaluate each of the texts four times at every start.

from pathlib import Path
from typing import Annotated

import typer

from nlp.errors import InputError
from suggest.console import guarded, output, tell, to_bytes


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("review")(review_run)


def review_run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a finished audit.")],
    workbook: Annotated[
        Path | None,
        typer.Argument(metavar="[REVIEWED.xlsx]", help="The workbook that came back; default: the last one."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Draw encounters for review instead, into a new workbook.")
    ] = None,
    margin: Annotated[
        float | None, typer.Option(min=0.001, max=0.5, help="Draw as many as this margin needs (0.05).")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the draw.")] = 1,
    spares: Annotated[int, typer.Option(min=0, help="Spare encounters.")] = 0,
    by: Annotated[
        str | None, typer.Option(help="Strata: provider, coder, payer, setting, note_type or verdict.")
    ] = None,
    floor: Annotated[int, typer.Option(min=0, help="Encounters that each stratum gets at least.")] = 1,
    numbers: Annotated[
        Path | None, typer.Option(help="A list of random numbers from elsewhere, in its order.")
    ] = None,
    out: Annotated[str, typer.Option(help="Name of the new workbook.")] = "sample.xlsx",
    least: Annotated[int, typer.Option(min=1, help="Encounters below which nobody is ranked.")] = 30,
    confidence: Annotated[float, typer.Option(min=0.5, max=0.999, help="Of the limits.")] = 0.95,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Read dispositions back, or draw a sample. Example: corrin review audit-june reviewed.xlsx."""
    with guarded():
        if sample is not None or margin is not None or numbers is not None:
            if workbook is not None:
                raise InputError(
                    "a sample is drawn for a new workbook; read the reviewed one back first, by itself"
                )
            text = _draw(folder, sample, margin, seed, spares, by, floor, numbers, out, confidence)
        else:
            text = _read_back(folder, workbook, least, confidence, json)
        with output(None) as stream:
            stream.write(to_bytes(text))


def _read_back(folder: Path, workbook: Path | None, least: int, confidence: float, json: bool) -> str:
    from audit.review.run import review
    from audit.review.words import render_figures, to_mapping
    from suggest.serialise import json_text

    found, issue, fresh = review(folder, workbook, least=least, confidence=confidence)
    if workbook is not None:
        tell(f"{workbook.name}: {fresh} new dispositions were taken over")
    return json_text(to_mapping(found, issue), indent=2) + "\n" if json else render_figures(found, issue)


def _draw(
    folder: Path,
    sample: int | None,
    margin: float | None,
    seed: int,
    spares: int,
    by: str | None,
    floor: int,
    numbers: Path | None,
    out: str,
    confidence: float,
) -> str:
    from audit.review.draw import make_workbook, plan_of
    from audit.review.rows import load_findings

    findings = load_findings(folder)
    listed = _lines(numbers) if numbers is not None else None
    plan = plan_of(
        len(findings.frame()),
        size=sample,
        margin=margin,
        confidence=confidence,
        seed=seed,
        spares=spares,
        by=by,
        floor=floor,
        listed=listed,
    )
    issue = make_workbook(folder, findings, plan, out)
    return f"{issue.words()}\nWritten: {folder / out}\n"


def _lines(path: Path) -> list[str]:
    from readers import decode, read_bytes

    return decode(read_bytes(path)).removeprefix("\ufeff").splitlines()
