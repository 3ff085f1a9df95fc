"""The commands of the audit and of claim lines: parse, call, render, exit. `cli` adds them to its app."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
