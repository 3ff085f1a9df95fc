"""Releases of ICD-10-CM, read from the official tabular list at run time."""

from __future__ import annotations

from suggest.release.catalogue import ReleaseSource, load_release, release_sources
from suggest.release.release import InstructionalNote, Release, code_key, dotted
from suggest.release.scope import family, scope_codes, scope_families

__all__ = [
    "InstructionalNote",
    "Release",
    "ReleaseSource",
    "code_key",
    "dotted",
    "family",
    "load_release",
    "release_sources",
    "scope_codes",
    "scope_families",
]
