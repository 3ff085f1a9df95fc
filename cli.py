"""The command line, `corrin`: parse, call, render, exit. What it decides is decided elsewhere."""

# No `annotations` from __future__: typer would evaluate each of the texts four times at every start.

import gc
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

import audit.commands
import web.commands
from nlp.errors import CorrinError, InputError
from suggest.commands import policy_of
from suggest.commands import register as register_kept
from suggest.console import (
    DONE,
    FAILED,
    INCOMPLETE,
    INTERRUPTED,
    Complaints,
    discreet,
    guarded,
    is_date,
    output,
    tell,
    to_bytes,
    unforeseen,
    wants_color,
    width,
)

if TYPE_CHECKING:
    from suggest.knowledge import Policy
    from suggest.note import Note
    from suggest.result import Result

app = typer.Typer(
    name="corrin",
    help="Read clinical notes and say which ICD-10-CM codes they support, with the words that support them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(str, Enum):
    """How a result is written."""

    TERMINAL = "terminal"
    JSON = "json"
    JSONL = "jsonl"
    HTML = "html"
    FHIR = "fhir"


class ClaimSetting(str, Enum):
    """Whose claim the answer is for (the values of `suggest.result.Setting`)."""

    PROFESSIONAL = "professional"
    OUTPATIENT = "outpatient"
    INPATIENT = "inpatient"


# Objects made before the collector looks for rings among them. What is loaded stays, so that to look through
# it as often as Python would takes a fifth of every start.
_COLLECTED_AFTER = (50_000, 20, 20)


@dataclass(frozen=True, slots=True)
class Sourced:
    """A note and where it came from, as a message names it."""

    note: "Note"
    where: str


def main() -> None:
    """Run the command line."""
    gc.set_threshold(*_COLLECTED_AFTER)
    discreet()
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:  # noqa: BLE001 -- a bug: its message may quote a note
        tell(unforeseen(error))
        sys.exit(FAILED)


def _show_version(wanted: bool) -> None:
    if wanted:
        from suggest.version import version

        typer.echo(f"corrin {version()}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Read clinical notes and say which ICD-10-CM codes they support, with the words that support them."""


@app.command()
def suggest(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Notes: .txt, .rtf, .docx, .pdf or C-CDA .xml (one each), .jsonl (one a line), or -."
        ),
    ],
    format_: Annotated[
        Format, typer.Option("--format", "-f", help="How to write the answer.")
    ] = Format.TERMINAL,
    setting: Annotated[
        ClaimSetting | None,
        typer.Option(help="Whose claim, where a note does not say (default professional)."),
    ] = None,
    date: Annotated[
        str | None, typer.Option(help="Date of service, YYYY-MM-DD, where a note does not say.")
    ] = None,
    policy: Annotated[
        str | None, typer.Option(help="A policy file that decides where coders differ (corrin policy).")
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Show each rule with its citation (terminal).")] = False,
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.")] = None,
    text_out: Annotated[
        Path | None,
        typer.Option(help="Write the text that was read, to which offsets refer, to this file (one note)."),
    ] = None,
    color: Annotated[
        bool | None, typer.Option("--color/--no-color", help="Colours; default: on a terminal.")
    ] = None,
) -> None:
    """Suggest codes for notes. Example: corrin suggest visit.txt --date 2026-06-02 --why."""
    with guarded():
        if date is not None and not is_date(date):
            raise InputError("--date is not a date of the form YYYY-MM-DD")
        decided = policy_of(policy)
        defaults = {"setting": setting.value if setting else None, "encounter_date": date}
        complaints = Complaints()
        notes = list(_read_notes(paths, defaults, complaints))
        if text_out is not None:
            _write_text(text_out, notes)
        with output(out) as stream:
            paint = wants_color(color, out)
            done = _write(format_, _answers(notes, complaints, decided), stream, paint, why)
        code = complaints.exit_code(done)
    raise typer.Exit(code)


@app.command()
def explain(
    target: Annotated[
        str,
        typer.Argument(help="A code, or rule:R10, ruling:S05, query:Q17, phrase:P07, claim:C03, option.s05."),
    ],
    date: Annotated[str | None, typer.Option(help="Date whose release speaks, YYYY-MM-DD.")] = None,
    release: Annotated[str | None, typer.Option(help="Name of the release that speaks.")] = None,
) -> None:
    """Tell what stands behind a code or a rule. Example: corrin explain D51.0."""
    with guarded():
        from suggest.explain import explain as tell_about

        if target.lower().startswith("claim:"):
            from audit.claims.explain import explain_claim

            text = explain_claim(target, width())
        else:
            text = tell_about(target, encounter_date=date, release=release, width=width())
        with output(None) as stream:
            stream.write(to_bytes(text))


@app.command("evaluate")
def evaluate_gold(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE.jsonl]...", help="Gold encounters; default: our own corpus."),
    ] = None,
    split: Annotated[str | None, typer.Option(help="Part of our corpus: train, tune or test.")] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="RUN.json", help="A former run: print codes gained and lost.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for run.json and evaluation.html.")] = None,
    agreement: Annotated[
        bool, typer.Option("--agreement", help="How far two blind codings of our corpus agree.")
    ] = False,
    samples: Annotated[int, typer.Option(min=0, help="Bootstrap samples for the intervals.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Of the bootstrap.")] = 20261120,
) -> None:
    """Measure the answers against gold codes. Example: corrin evaluate --split tune --out report."""
    with guarded():
        from corpora.evaluate import command
        from corpora.evaluate.against import compare, read_run
        from corpora.evaluate.render import terminal

        complaints = Complaints()
        former = read_run(against) if against else None
        if agreement:
            found = command.measure_agreement(split, samples=samples, seed=seed)
            text = terminal.render_agreement(found)
        else:
            done = command.evaluate(
                files or [], split=split, samples=samples, seed=seed, on_failure=complaints.failure
            )
            comparison = compare(former, done.run) if former is not None else None
            if out is not None:
                command.write_report(out, done, comparison)
            text = terminal.render_run(done.run)
            if comparison is not None:
                text += "\n" + terminal.render_comparison(comparison)
        with output(None) as stream:
            stream.write(to_bytes(text))
    raise typer.Exit(complaints.exit_code(1))


@app.command("evaluate-audit")
def evaluate_audit(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE.jsonl]...", help="Gold encounters; default: our own corpus."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the planting.")] = 20261127,
    each: Annotated[int, typer.Option(min=1, help="Encounters of one kind of error, at most.")] = 40,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 works in this one.")] = 0,
    show: Annotated[int, typer.Option(min=0, help="Differences to list, by id.")] = 0,
) -> None:
    """Plant billing errors in coded notes and tell how well the audit finds them, verdict by verdict."""
    with guarded(), output(None) as stream:
        from corpora.exports.make import gold_encounters
        from corpora.exports.score import base_rate, render
        from corpora.load import load_files

        encounters = load_files(files) if files else None
        stream.write(to_bytes(render(encounters, seed, each, workers, show)))
        billed = encounters if encounters is not None else gold_encounters()
        stream.write(to_bytes("\nAt a real base rate: " + base_rate(billed, workers, show)))


@app.command()
def train(
    corpus: Annotated[Path, typer.Option(help="Folder of gold notes and first contacts.")] = Path("corpora"),
    out: Annotated[Path, typer.Option(help="Folder for the parameters and model cards.")] = Path("models"),
) -> None:
    """Learn the score from the corpus. Example: corrin train --out /tmp/models."""
    with guarded():
        from models.training.command import train as learn
        from models.training.command import write

        trained = learn(corpus)
        write(out, trained)
        with output(None) as stream:
            stream.writelines(to_bytes(line + "\n") for line in trained.lines)


@app.command()
def doctor() -> None:
    """Tell what is installed, which releases there are and what could not be loaded."""
    with guarded():
        from suggest.doctor import examine

        checks = examine()
        with output(None) as stream:
            for check in checks:
                sign = {True: "ok", False: "FAULT", None: "-"}[check.ok]
                stream.write(to_bytes(f"{sign:<6}{check.name}: {check.text}\n"))
    raise typer.Exit(INCOMPLETE if any(check.ok is False for check in checks) else DONE)


def _read_notes(
    paths: list[str], defaults: dict[str, str | None], complaints: Complaints
) -> Iterator[Sourced]:
    """Yield the notes of all paths in order. A path that is wrong stops the call before any is read."""
    from readers import check_paths, read_sources
    from suggest.note import Note

    check_paths(paths)
    for given in read_sources(paths):
        if given.values is None:
            complaints.unusable_input(given.where, given.problem)
            continue
        for warning in given.warnings:
            tell(f"{given.where}: {warning}")
        try:
            yield Sourced(Note.from_mapping(given.values, defaults), given.where)
        except InputError as error:
            complaints.unusable_input(given.where, error)


def _write_text(path: Path, notes: list[Sourced]) -> None:
    """Write the text of the one note that was read."""
    if len(notes) > 1:
        raise InputError("--text-out takes the text of one note; name one file that holds one")
    if notes:
        with output(path) as stream:
            stream.write(to_bytes(notes[0].note.text))


def _answers(
    notes: list[Sourced], complaints: Complaints, policy: "Policy"
) -> Iterator[tuple["Result", dict[str | None, str]]]:
    """Yield the answer for each encounter with the texts of its notes; one that fails is named."""
    from suggest import suggest_encounter
    from suggest.note import check_encounter, group_encounters

    places = {id(sourced.note): sourced.where for sourced in notes}
    for group in group_encounters(sourced.note for sourced in notes):
        where = places[id(group[0])]
        try:
            check_encounter(group)
            result = suggest_encounter(group, policy=policy)
        except InputError as error:
            complaints.unusable_input(where, error)
        except CorrinError:
            raise
        except Exception as error:  # noqa: BLE001 one note's failure must not stop the others
            complaints.failure(where, error)
        else:
            yield result, {note.note_id: note.text for note in group}


def _write(
    format_: Format,
    answers: Iterable[tuple["Result", dict[str | None, str]]],
    stream: BinaryIO,
    color: bool,
    why: bool,
) -> int:
    """Write the answers in a format and return how many there were."""
    from suggest import serialise

    if format_ in (Format.TERMINAL, Format.JSONL):
        done = 0
        for text in _one_by_one(format_, answers, color, why):
            stream.write(to_bytes(text))
            stream.flush()
            done += 1
        return done
    found = list(answers)
    if not found:
        return 0
    if format_ is Format.HTML:
        from suggest.render.html import render_html

        stream.write(to_bytes(render_html(found)))
    elif format_ is Format.FHIR:
        from suggest.render.fhir import to_fhir

        bundle = to_fhir([result for result, _ in found])
        stream.write(to_bytes(serialise.json_text(bundle, indent=2) + "\n"))
    else:
        objects = [serialise.to_json(result) for result, _ in found]
        stream.write(
            to_bytes(serialise.json_text(objects if len(objects) > 1 else objects[0], indent=2) + "\n")
        )
    return len(found)


def _one_by_one(
    format_: Format, answers: Iterable[tuple["Result", dict[str | None, str]]], color: bool, why: bool
) -> Iterator[str]:
    """Yield each answer as soon as it is there, so that an interrupted run keeps what was finished."""
    from suggest.render.terminal import render_terminal
    from suggest.serialise import dumps

    columns, after_long, first = width(), False, True
    for result, texts in answers:
        if format_ is Format.JSONL:
            yield dumps(result) + "\n"
        else:
            text = render_terminal(result, texts, color=color, why=why, width=columns)
            is_long = text.count("\n") > 1
            yield ("\n" if after_long or (is_long and not first) else "") + text
            after_long, first = is_long, False


register_kept(app)
audit.commands.register(app)
web.commands.register(app)


if __name__ == "__main__":
    main()
