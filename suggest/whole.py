"""Write a file whole or not at all, for its owner alone: what is half written never bears the file's name."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Yield where to write; the file takes its place when all is written and on the disk.

    An older file stays as it was where writing fails. Ctrl-C keeps what was written by then. A pipe or a
    device is written to as it is.

    Raises:
        OSError: there is no room or no right to write.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        with os.fdopen(os.open(target, os.O_WRONLY), "wb") as stream:
            yield stream
        return
    part = target.with_name(f".{target.name}.part")  # one that was left by a kill is written over
    stream = os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    try:
        try:
            yield stream
        except KeyboardInterrupt:
            _settle(stream, part, target)
            raise
        _settle(stream, part, target)
    except BaseException:
        with contextlib.suppress(OSError):
            stream.close()
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _settle(stream: BinaryIO, part: Path, target: Path) -> None:
    stream.flush()
    os.fsync(stream.fileno())
    stream.close()
    part.replace(target)


def write_whole(path: Path, text: str) -> None:
    """Write a text; a lone surrogate becomes its escape.

    Raises:
        OSError: there is no room or no right to write.
    """
    with whole_file(path) as stream:
        stream.write(text.encode("utf-8", errors="backslashreplace"))
