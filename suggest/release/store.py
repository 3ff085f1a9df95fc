"""The user's releases on disk, a folder each, written and taken away in one step.

A folder holds `release.json` (name, window, hash), `tabular.xml` and, where one was given,
`codes.txt`: the official files as they came. What is being written or taken away has a name with a
leading dot and is seen by nobody.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.errors import ReleaseError, reason_of
from suggest.release.folders import releases_folder
from suggest.release.source import ReleaseFault, ReleaseSource, shown, slug

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = 1
_RECORD, _TABULAR, _ORDER = "release.json", "tabular.xml", "codes.txt"


def read_store() -> tuple[tuple[ReleaseSource, ...], tuple[ReleaseFault, ...]]:
    """Return the user's releases by the start of their window, and what could not be read."""
    folder = releases_folder()
    sources: list[ReleaseSource] = []
    faults: list[ReleaseFault] = []
    try:
        places = _places(folder) if folder is not None else []
    except OSError as error:
        return (), (ReleaseFault("releases", f"{folder} cannot be read: {_reason(error)}"),)
    for place in places:
        try:
            sources.append(_read(place))
        except ReleaseError as error:
            faults.append(ReleaseFault(shown(place.name), str(error)))
    return tuple(sorted(sources, key=lambda source: (source.valid_from, source.name))), tuple(faults)


def store_stamp() -> tuple[str, int]:
    """Return what changes whenever a release is added or removed, by this process or another."""
    folder = releases_folder()
    name = str(folder)
    if folder is None or not os.access(name, os.F_OK):  # mostly it is not there, and an error costs more
        return name, 0
    try:
        return name, folder.stat().st_mtime_ns
    except OSError:
        return name, 0


def write_release(source: ReleaseSource, tabular: bytes, order: bytes | None) -> ReleaseSource:
    """Keep a release; all of it or nothing. Return it with the paths of the kept files.

    Raises:
        ReleaseError: the folder cannot be written, or holds a release of this name.
    """
    target = _home() / slug(source.name)
    record = {
        "format": FORMAT,
        "name": source.name,
        "valid_from": source.valid_from,
        "valid_to": source.valid_to,
        "sha256": source.sha256,
        "codes": order is not None,
    }
    content = {_RECORD: json.dumps(record, indent=2).encode() + b"\n", _TABULAR: tabular}
    if order is not None:
        content[_ORDER] = order
    with _telling("written"):
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            raise ReleaseError(f"there is a release in {target}; remove it first, or give another --name")
        part = Path(tempfile.mkdtemp(prefix=".adding-", dir=target.parent))
        try:
            for name, value in content.items():
                _write(part / name, value)
            part.rename(target)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    return _read(target)


def delete_release(folder_name: str) -> bool:
    """Take away the release in a folder of the store; say whether there was one.

    Raises:
        ReleaseError: the folder cannot be written.
    """
    folder = _home()
    with _telling("removed"):
        if folder_name not in {place.name for place in _places(folder)}:
            return False
        part = Path(tempfile.mkdtemp(prefix=".removing-", dir=folder))
        try:
            (folder / folder_name).rename(part / folder_name)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return True


def _places(folder: Path) -> list[Path]:
    """Return the folders of the store, those apart that are being written or taken away."""
    if not folder.is_dir():
        return []
    return sorted(place for place in folder.iterdir() if place.is_dir() and not place.name.startswith("."))


def _home() -> Path:
    folder = releases_folder()
    if folder is None:
        raise ReleaseError("there is no home to keep releases in; set XDG_DATA_HOME to a folder")
    return folder


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _telling(deed: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReleaseError(f"{_home()}: the release cannot be {deed}: {_reason(error)}") from error


def _read(folder: Path) -> ReleaseSource:
    """Read the record of one release and see that its files are there."""
    try:
        record = json.loads((folder / _RECORD).read_bytes())
        source = _source(folder, record)
        missing = [p.name for p in (source.tabular, source.order) if p is not None and not p.is_file()]
    except OSError as error:
        raise ReleaseError(f"its {_RECORD} cannot be read: {_reason(error)}; {_again(folder)}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ReleaseError(f"its {_RECORD} is damaged; {_again(folder)}") from error
    if missing:
        raise ReleaseError(f"its {missing[0]} is missing; {_again(folder)}")
    return source


def _source(folder: Path, record: Any) -> ReleaseSource:
    if record["format"] != FORMAT:
        raise ReleaseError(f"another version of Corrin wrote it; {_again(folder)}")
    days = [date.fromisoformat(record[key]).isoformat() for key in ("valid_from", "valid_to")]
    name, sha256 = record["name"], record["sha256"]
    if slug(name) != folder.name or not name.isprintable() or len(bytes.fromhex(sha256)) != 32:
        raise ValueError("not as it was written")
    order = folder / _ORDER if record["codes"] else None
    return ReleaseSource(name, days[0], days[1], folder / _TABULAR, order, sha256)


def _again(folder: Path) -> str:
    return f"run `corrin release remove {shown(folder.name)}` and add it again"


def _reason(error: OSError) -> str:
    return reason_of(error)
