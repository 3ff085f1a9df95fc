"""The commands of the page: parse, call, render, exit. `cli` adds them to its app."""

# No `annotations` from __future__: typer would evaluate each of the texts four times at every start.

from pathlib import Path
from typing import Annotated

import typer

from suggest.console import guarded, tell


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command("serve")(serve)


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8765,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    host: Annotated[
        str,
        typer.Option(help="Address to bind; any but this machine's own demands a token and TLS in front."),
    ] = "127.0.0.1",
    name: Annotated[
        list[str] | None,
        typer.Option(help="Host name by which a proxy reaches the server; may be given again."),
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option(help="File that holds the token (or the variable CORRIN_TOKEN).")
    ] = None,
    policy: Annotated[
        str | None, typer.Option(help="A policy file that decides where coders differ.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Notes that are read at one time.")] = 2,
) -> None:
    """Serve the page that notes are pasted into, and its API. Example: corrin serve --open."""
    with guarded():
        from web.serve import address, bind, plan
        from web.serve import serve as run

        settings = plan(host, name or [], token_file, policy, workers)
        holder = bind(host, port)
        url = address(holder, host)
        tell("loading the pipeline")
        run(settings, holder, url, show=open_, say=tell)
