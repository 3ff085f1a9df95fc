"""A processor for workers of tests: some notes crash, hang or end their process; all others are answered."""

from __future__ import annotations

import os
import time
from typing import Any

from audit.encounter import Rows, Settings, answer


def troubled(rows: Rows, settings: Settings) -> dict[str, Any]:
    words = rows.notes[0]["values"].get("text", "") if rows.notes else ""
    if "CRASHING" in words:
        raise ValueError(words)
    if "DYING" in words:
        os._exit(7)
    while "HANGING" in words:
        time.sleep(0.05)
    return answer(rows, settings)


def slow(rows: Rows, settings: Settings) -> dict[str, Any]:
    time.sleep(0.05)
    return answer(rows, settings)
