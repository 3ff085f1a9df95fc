"""The command line, `corrin`: parse, call, render, exit. What it decides is decided elsewhere."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date as calendar_date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from nlp.errors import CorrinError, InputError

if TYPE_CHECKING:
    from suggest.note import Note
    from suggest.result import Result

DONE, INCOMPLETE, WRONG_CALL, INTERRUPTED = 0, 1, 2, 130

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


@dataclass(frozen=True, slots=True)
class Sourced:
    """A note and where it came from, as a message names it."""

    note: Note
    where: str


@dataclass(slots=True)
class Complaints:
    """What went wrong so far. Messages name files, lines and ids, and quote no note."""

    unusable: int = 0
    failed: int = 0

    def unusable_input(self, where: str, problem: object) -> None:
        """Tell of something that is no note."""
        self.unusable += 1
        _tell(f"{where}: {problem}")

    def failure(self, where: str, error: Exception) -> None:
        """Tell of a note that made Corrin fail: its class alone, since the message may quote it."""
        self.failed += 1
        _tell(f"{where}: could not be processed ({type(error).__name__}); please report it")

    def exit_code(self, done: int) -> int:
        """Return the exit code: a call that held no note at all was wrong."""
        if self.unusable and not done and not self.failed:
            return WRONG_CALL
        return INCOMPLETE if self.unusable or self.failed else DONE


def main() -> None:
    """Run the command line."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


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
        typer.Argument(help="Notes: .txt (one note), .jsonl (one a line), or - for standard input."),
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
    why: Annotated[bool, typer.Option("--why", help="Show each rule with its citation (terminal).")] = False,
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.")] = None,
    color: Annotated[
        bool | None, typer.Option("--color/--no-color", help="Colours; default: on a terminal.")
    ] = None,
) -> None:
    """Suggest codes for notes. Example: corrin suggest visit.txt --date 2026-06-02 --why."""
    with _guarded():
        if date is not None and not _is_date(date):
            raise InputError("--date is not a date of the form YYYY-MM-DD")
        defaults = {"setting": setting.value if setting else None, "encounter_date": date}
        complaints = Complaints()
        notes = list(_read_notes(paths, defaults, complaints))
        with _output(out) as stream:
            paint = _wants_color(color, out)
            done = _write(format_, _answers(notes, complaints), stream, paint, why)
        code = complaints.exit_code(done)
    raise typer.Exit(code)


@app.command()
def explain(
    target: Annotated[str, typer.Argument(help="A code, or rule:R10, ruling:S05, query:Q17, phrase:P07.")],
    date: Annotated[str | None, typer.Option(help="Date whose release speaks, YYYY-MM-DD.")] = None,
) -> None:
    """Tell what stands behind a code, rule, ruling, query or phrase. Example: corrin explain D51.0."""
    with _guarded():
        from suggest.explain import explain as tell_about

        text = tell_about(target, encounter_date=date, width=_width())
        with _output(None) as stream:
            stream.write(_bytes(text))


@app.command()
def doctor() -> None:
    """Tell what is installed, which releases there are and what could not be loaded."""
    with _guarded():
        from suggest.doctor import examine

        checks = examine()
        with _output(None) as stream:
            for check in checks:
                sign = {True: "ok", False: "FAULT", None: "-"}[check.ok]
                stream.write(_bytes(f"{sign:<6}{check.name}: {check.text}\n"))
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
        try:
            yield Sourced(Note.from_mapping(given.values, defaults), given.where)
        except InputError as error:
            complaints.unusable_input(given.where, error)


def _answers(notes: list[Sourced], complaints: Complaints) -> Iterator[tuple[Result, dict[str | None, str]]]:
    """Yield the answer for each encounter with the texts of its notes; one that fails is named."""
    from suggest import suggest_encounter
    from suggest.note import check_encounter, group_encounters

    places = {id(sourced.note): sourced.where for sourced in notes}
    for group in group_encounters(sourced.note for sourced in notes):
        where = places[id(group[0])]
        try:
            check_encounter(group)
            result = suggest_encounter(group)
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
    answers: Iterable[tuple[Result, dict[str | None, str]]],
    stream: BinaryIO,
    color: bool,
    why: bool,
) -> int:
    """Write the answers in a format and return how many there were."""
    from suggest import serialise

    if format_ in (Format.TERMINAL, Format.JSONL):
        done = 0
        for text in _one_by_one(format_, answers, color, why):
            stream.write(_bytes(text))
            stream.flush()
            done += 1
        return done
    found = list(answers)
    if not found:
        return 0
    if format_ is Format.HTML:
        from suggest.render.html import render_html

        stream.write(_bytes(render_html(found)))
    elif format_ is Format.FHIR:
        from suggest.render.fhir import to_fhir

        bundle = to_fhir([result for result, _ in found])
        stream.write(_bytes(serialise.json_text(bundle, indent=2) + "\n"))
    else:
        objects = [serialise.to_json(result) for result, _ in found]
        stream.write(
            _bytes(serialise.json_text(objects if len(objects) > 1 else objects[0], indent=2) + "\n")
        )
    return len(found)


def _one_by_one(
    format_: Format, answers: Iterable[tuple[Result, dict[str | None, str]]], color: bool, why: bool
) -> Iterator[str]:
    """Yield each answer as soon as it is there, so that an interrupted run keeps what was finished."""
    from suggest.render.terminal import render_terminal
    from suggest.serialise import dumps

    width, after_long, first = _width(), False, True
    for result, texts in answers:
        if format_ is Format.JSONL:
            yield dumps(result) + "\n"
        else:
            text = render_terminal(result, texts, color=color, why=why, width=width)
            is_long = text.count("\n") > 1
            yield ("\n" if after_long or (is_long and not first) else "") + text
            after_long, first = is_long, False


@contextmanager
def _guarded() -> Iterator[None]:
    """Turn what can go wrong in a command into its sentence and exit code."""
    try:
        yield
    except CorrinError as error:
        _tell(str(error))
        raise typer.Exit(WRONG_CALL) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        _drop_output()  # nobody reads any more: leave quietly
        raise typer.Exit(DONE) from None
    except OSError as error:
        _drop_output()
        _tell(f"the answer cannot be written: {(error.strerror or 'unknown reason').lower()}")
        raise typer.Exit(WRONG_CALL) from None


def _drop_output() -> None:
    """Send what is left of standard output nowhere, so that the interpreter's last flush cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


@contextmanager
def _output(out: Path | None) -> Iterator[BinaryIO]:
    """Yield where answers go. A file is the owner's alone, since it holds health information."""
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        from readers import shown

        reason = (error.strerror or "unknown reason").lower()
        raise InputError(f"{shown(str(out))}: cannot be written: {reason}") from error
    with os.fdopen(handle, "wb") as stream:
        yield stream


def _wants_color(color: bool | None, out: Path | None) -> bool:
    if color is not None:
        return color
    return out is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _width() -> int:
    return min(shutil.get_terminal_size((80, 24)).columns, 100) if sys.stdout.isatty() else 80


def _is_date(text: str) -> bool:
    try:
        return calendar_date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="backslashreplace")


def _tell(message: str) -> None:
    sys.stderr.write(f"corrin: {message}\n")


if __name__ == "__main__":
    main()
