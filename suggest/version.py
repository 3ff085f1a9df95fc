"""The version of Corrin that is installed."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed


@cache
def version() -> str:
    """Return the version of the distribution, `0+source` where Corrin runs from an uninstalled tree."""
    try:
        return installed("corrin")
    except PackageNotFoundError:
        return "0+source"
