"""The files that an input is made of. Links, devices and pipes within a folder are told and not opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from nlp.errors import InputError, reason_of, shown
from readers.documents import DOCUMENTS

TABLES = (".csv", ".tsv", ".psv", ".parquet", ".jsonl", ".ndjson")
NOTES = (".txt", ".text", ".note", ".md", *DOCUMENTS)
_BESIDE = ("Condition", "Claim", "ExplanationOfBenefit")


def check_input(path: Path) -> None:
    """Refuse an input that is no file and no folder.

    Raises:
        InputError: there is none of the name, or it is a pipe or a device.
    """
    if not path.exists():
        raise InputError(f"{shown(str(path))}: there is no such file")
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise InputError(f"{shown(str(path))}: is a pipe or a device; give a file or a folder")
    if stat.S_ISREG(mode) and path.suffix.lower() not in TABLES:
        raise InputError(f"{shown(str(path))}: is no export; use {', '.join(TABLES)} or a folder of notes")


def walk(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield the files of a folder and of those in it, by name, each with what keeps it from being read.

    Names that begin with a dot are passed over: programs leave such files behind.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield folder, f"cannot be opened: {reason_of(error)}"
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            yield path, "is a link, and links are not followed; put the file itself there"
        elif entry.is_dir():
            yield from walk(path)
        elif not entry.is_file():
            yield path, "is a pipe or a device and no file; it is not opened"
        elif path.suffix.lower() not in (*TABLES, *NOTES, ""):
            yield path, f"Corrin does not read {shown(path.suffix.lower())} files"
        else:
            yield path, None


def beside(path: Path) -> list[Path]:
    """Return the files of a FHIR export that stand beside its notes, by the names that exports give them."""
    return [
        other
        for other in sorted(path.parent.iterdir())
        if other != path
        and other.suffix.lower() == ".ndjson"
        and other.name.split(".")[0].split("_")[0].split("-")[0] in _BESIDE
        and other.is_file()
        and not other.is_symlink()
    ]
