"""Where the user's own files of Corrin lie: official releases (data) and what is parsed of them (cache)."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path


def cache_folder() -> Path | None:
    """Return the folder for parsed releases: `$XDG_CACHE_HOME/corrin`, else `~/.cache/corrin`."""
    return _folder("XDG_CACHE_HOME", "~/.cache")


def releases_folder() -> Path | None:
    """Return the user's releases: `$XDG_DATA_HOME/corrin/releases`, else below `~/.local/share`."""
    return _folder("XDG_DATA_HOME", "~/.local/share", "releases")


def _folder(variable: str, default: str, below: str = "") -> Path | None:
    """Return a folder of ours below a base; a relative base is ignored; None for a user without a home."""
    return _below(os.environ.get(variable, ""), default, below, os.environ.get("HOME"))


@lru_cache(maxsize=8)
def _below(base: str, default: str, below: str, _home: str | None) -> Path | None:
    """Find the folder once for each state of the environment; every note asks whether releases changed."""
    if Path(base).is_absolute():
        return Path(base, "corrin", below)
    try:
        return Path(default).expanduser() / "corrin" / below
    except RuntimeError:
        return None
