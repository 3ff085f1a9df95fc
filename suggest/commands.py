"""The commands of kept releases and of policies: parse, call, render, exit. `cli` adds them to its app."""

# No `annotations` from __future__: typer would evaluate each of the texts four times at every start.

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from suggest.console import guarded, output, say, to_bytes, width

if TYPE_CHECKING:
    from suggest.knowledge import Policy

releases = typer.Typer(
    help="Keep official releases of ICD-10-CM side by side; the encounter date chooses.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
policies = typer.Typer(name="policy", help="See, check and compare policies.", no_args_is_help=True)

PolicyFile = Annotated[str, typer.Argument(metavar="FILE", help="A policy file (YAML).")]


class ReportFormat(str, Enum):
    """How a report is written."""

    TERMINAL = "terminal"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.add_typer(releases, name="release")
    app.add_typer(policies)
    app.command("diff-release")(diff_release)


def policy_of(file: str | None) -> "Policy":
    """Return the policy of a file, or the default one."""
    from suggest.knowledge import default_policy, load_policy

    return default_policy() if file is None else load_policy(file)


@releases.command("list")
def list_releases() -> None:
    """List the releases that are installed, with their windows."""
    with guarded(), output(None) as stream:
        from suggest.release.report import list_releases as listed

        stream.write(to_bytes(listed()))


@releases.command("show")
def show_release(
    name: Annotated[str, typer.Argument(help="Its name, or the end of it: april-2026.")],
) -> None:
    """Show one release: window, files, hash, and how much of our scope it holds."""
    with guarded(), output(None) as stream:
        from suggest.release.report import show_release as shown_release

        stream.write(to_bytes(shown_release(name)))


@releases.command("add")
def add_release(
    tabular: Annotated[Path, typer.Argument(help="The official tabular list, an XML file.")],
    codes: Annotated[
        Path | None,
        typer.Option(help="The official order file of the same release, such as icd10cm_order_2026.txt."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help='What to call it; default "ICD-10-CM October 2025".')
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", help="First day of its window, YYYY-MM-DD.")] = None,
    to: Annotated[
        str | None, typer.Option(help="Last day; default the day before the next 1 April or 1 October.")
    ] = None,
) -> None:
    """Keep an official release beside the packaged one."""
    with guarded(), output(None) as stream:
        from suggest.release import add_release as add
        from suggest.release.report import added_line

        source = add(tabular, codes, name=name, valid_from=from_, valid_to=to)
        stream.write(to_bytes(added_line(source)))


@releases.command("remove")
def remove_release(name: Annotated[str, typer.Argument(help="Its whole name.")]) -> None:
    """Remove a release that you added."""
    with guarded(), output(None) as stream:
        from suggest.release import remove_release as remove

        stream.write(to_bytes(f"removed {remove(name)}\n"))


def diff_release(
    a: Annotated[str, typer.Argument(help="The earlier release, by name.")],
    b: Annotated[str, typer.Argument(help="The later release, by name.")],
    format_: Annotated[
        ReportFormat, typer.Option("--format", "-f", help="How to write the changes.")
    ] = ReportFormat.TERMINAL,
) -> None:
    """List what changes for our codes. Example: corrin diff-release october-2025 april-2026."""
    with guarded(), output(None) as stream:
        from suggest.release import diff_releases, find_release, open_release
        from suggest.release.diff import to_mapping
        from suggest.release.report import diff_report
        from suggest.serialise import json_text

        earlier, later = open_release(find_release(a)), open_release(find_release(b))
        changes = diff_releases(earlier, later)
        if format_ is ReportFormat.JSON:
            text = json_text(to_mapping(earlier, later, changes), indent=2) + "\n"
        else:
            text = diff_report(earlier, later, changes, width())
        stream.write(to_bytes(text))


@policies.command("show")
def show_policy(
    file: Annotated[str | None, typer.Argument(help="Default: our own policy.")] = None,
) -> None:
    """Show every option of a policy with its choices. Example: corrin policy show."""
    from suggest.render.policy import render_policy

    say(lambda: render_policy(policy_of(file), width()))


@policies.command("check")
def checkpolicy_of(file: PolicyFile) -> None:
    """Tell whether a file is a policy, and what it changes. Example: corrin policy check ours.yaml."""
    from suggest.render.policy import render_check

    say(lambda: render_check(policy_of(file), width()))


@policies.command("diff")
def diff_policies(
    file: PolicyFile,
    other: Annotated[
        str | None, typer.Argument(help="A second file; without it FILE meets the default.")
    ] = None,
) -> None:
    """Show where two policies decide differently. Example: corrin policy diff ours.yaml theirs.yaml."""
    from suggest.render.policy import render_diff

    one, two = (None, file) if other is None else (file, other)
    say(lambda: render_diff(policy_of(one), policy_of(two), width()))
