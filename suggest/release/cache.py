"""Keep a parsed release between runs, and never trust what was kept without looking.

The file opens with a line that names its format, the hash of the source and the hash of the rest.
Absent, unreadable, damaged, of another source or another format: it is built again. A folder that
cannot be written is no error. Nothing of a note is ever stored here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from suggest.release.folders import cache_folder

FORMAT = "corrin-release-1"


def cache_file(source_sha256: str) -> Path | None:
    """Return the path of the parsed release of one source; None for a user without a home."""
    folder = cache_folder()
    return folder / f"release-{source_sha256[:16]}.txt" if folder is not None else None


def read_cached(source_sha256: str) -> str | None:
    """Return the table kept for a source, or None where there is none that can be trusted."""
    path = cache_file(source_sha256)
    if path is None:
        return None
    try:
        content = path.read_bytes()
    except OSError:
        return None
    head, _, body = content.partition(b"\n")
    if head != _head(source_sha256, body):
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def write_cached(source_sha256: str, table: str) -> bool:
    """Keep a table, in one step so that no reader sees half of it; say whether that worked."""
    body = table.encode("utf-8")
    target = cache_file(source_sha256)
    if target is None:
        return False
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=target.name, dir=target.parent)
    except OSError:
        return False
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_head(source_sha256, body) + b"\n" + body)
        Path(name).replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        return False
    return True


def drop_cached(source_sha256: str) -> None:
    """Forget the parsed release of a source that was removed."""
    path = cache_file(source_sha256)
    if path is not None:
        with contextlib.suppress(OSError):
            path.unlink()


def _head(source_sha256: str, body: bytes) -> bytes:
    return f"{FORMAT} {source_sha256} {hashlib.sha256(body).hexdigest()}".encode("ascii")
