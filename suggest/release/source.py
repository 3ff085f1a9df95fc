"""The official files of one release, as found on disk."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from nlp.errors import ReleaseError, reason_of

_LARGEST = 128 * 1024 * 1024  # a tabular list has about 10 MB
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class ReleaseSource:
    """The official files of one release and its window (ISO dates, both inclusive).

    `sha256` is the hash of the files when they were added; None for the packaged release, whose
    files are the package's business.
    """

    name: str
    valid_from: str
    valid_to: str
    tabular: Path
    order: Path | None
    sha256: str | None = None

    @property
    def is_packaged(self) -> bool:
        """Whether the release comes with Corrin."""
        return self.sha256 is None


@dataclass(frozen=True, slots=True)
class ReleaseFault:
    """A release of the user's that cannot be loaded, by the name of its folder, and why."""

    name: str
    problem: str


def digest(tabular: bytes, order: bytes | None) -> str:
    """Return the hash that names the official files of one release."""
    found = hashlib.sha256(tabular)
    found.update(b"\0" + (order or b""))
    return found.hexdigest()


def slug(name: str) -> str:
    """Return a release's name as its folder and as people type it: `icd-10-cm-october-2025`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def shown(name: str) -> str:
    """Return a name that cannot steer the terminal, cut where it is very long."""
    plain = "".join(sign if sign.isprintable() else "?" for sign in name)
    return plain if len(plain) <= 80 else f"{plain[:77]}..."


def read_official(path: Path) -> bytes:
    """Return the bytes of an official file that the user names.

    Raises:
        ReleaseError: there is no such file, it cannot be read, or it is no such file at a glance.
    """
    try:
        if not path.exists():
            raise ReleaseError("there is no such file")
        if not path.is_file():
            raise ReleaseError("is a folder or a device; give the file itself")
        if path.stat().st_size > _LARGEST:
            raise ReleaseError("is larger than 128 MB, which no official file is")
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else "not a file name"
        raise ReleaseError(f"cannot be read: {reason}") from error
    if content.startswith(_ZIP):
        raise ReleaseError("is a ZIP archive; unpack it and give the file inside")
    return content
