"""Releases of ICD-10-CM, read from the official tabular list at run time."""

from __future__ import annotations

from suggest.release.catalogue import (
    find_release,
    load_release,
    open_release,
    release_faults,
    release_sources,
)
from suggest.release.diff import Change, diff_releases
from suggest.release.install import add_release, remove_release
from suggest.release.release import InstructionalNote, Release, code_key, dotted
from suggest.release.scope import family, scope_codes, scope_families
from suggest.release.source import ReleaseFault, ReleaseSource

__all__ = [
    "Change",
    "InstructionalNote",
    "Release",
    "ReleaseFault",
    "ReleaseSource",
    "add_release",
    "code_key",
    "diff_releases",
    "dotted",
    "family",
    "find_release",
    "load_release",
    "open_release",
    "release_faults",
    "release_sources",
    "remove_release",
    "scope_codes",
    "scope_families",
]
