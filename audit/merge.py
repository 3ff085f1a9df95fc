"""The records of all shards in the order of the output, without holding more than one a shard in memory."""

from __future__ import annotations

import heapq
import json
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from audit.spill import private_open

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_DECODER = json.JSONDecoder()
_FAN = 128  # files that are open at once


def merged(folder: Path, files: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Yield the records of files of lines by their `sort`; files of many are put together in steps.

    Args:
        folder: where what is put together on the way may lie.
        files: the shards' records, in any order each.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    names = iter(range(10**9))
    level = []
    for file in files:
        target = folder / f"{next(names):07d}"
        _sort_one(file, target)
        level.append(target)
    while len(level) > _FAN:
        following = []
        for start in range(0, len(level), _FAN):
            target = folder / f"{next(names):07d}"
            with os.fdopen(private_open(target), "wb") as out:
                out.writelines(line for _, line in _merge(level[start : start + _FAN]))
            for done in level[start : start + _FAN]:
                done.unlink()
            following.append(target)
        level = following
    for _, line in _merge(level):
        yield json.loads(line)
    for done in level:
        done.unlink()


def _sort_one(source: Path, target: Path) -> None:
    with source.open("rb") as file:
        keyed = sorted((_key(line), line) for line in file)
    with os.fdopen(private_open(target), "wb") as out:
        out.writelines(line for _, line in keyed)


def _merge(files: Sequence[Path]) -> Iterator[tuple[list[Any], bytes]]:
    with ExitStack() as stack:
        streams = [stack.enter_context(file.open("rb")) for file in files]
        yield from heapq.merge(*(_keyed(stream) for stream in streams))


def _keyed(stream: Any) -> Iterator[tuple[list[Any], bytes]]:
    for line in stream:
        yield _key(line), line


def _key(line: bytes) -> list[Any]:
    """Return the sort key of a record's line; it stands near the head, so the rest is not read."""
    sort: list[Any]
    sort, _ = _DECODER.raw_decode(line.decode("ascii"), line.index(b'"sort":') + 7)
    return sort
