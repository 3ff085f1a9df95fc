"""What a process and its descendants hold in memory, read from /proc."""

from __future__ import annotations

import os
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


def sizes(root: int) -> list[float]:
    """MiB that a process holds, then of each of its descendants."""
    children: dict[int, list[int]] = {}
    held: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
            pages = int((entry / "statm").read_text().split()[1])
        except (OSError, IndexError):
            continue
        held[int(entry.name)] = pages * _PAGE / 2**20
        children.setdefault(int(stat[1]), []).append(int(entry.name))
    found, todo = [], [root]
    while todo:
        process = todo.pop()
        if process in held:
            found.append(held[process])
        todo += children.get(process, [])
    return found
