"""The history of a review, kept beside the run: each disposition ever read back, none overwritten."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from audit.review.back import Said
from audit.review.issue import FOLDER
from nlp.errors import InputError
from suggest.whole import whole_file

HISTORY = "history.jsonl"


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a finding: the disposition that counts, or None while two reviewers differ."""

    finding: str
    disposition: str | None
    first: Said
    second: Said | None = None
    tie: Said | None = None

    @property
    def corrected_codes(self) -> tuple[str, ...] | None:
        """The codes that the first reviewer would have billed instead."""
        return self.first.corrected_codes


def history(folder: Path) -> list[dict[str, Any]]:
    """Return every entry of a run's review in the order in which they were read back.

    Raises:
        InputError: the file is broken; it is not mended silently, since it is the record.
    """
    path = folder / FOLDER / HISTORY
    if not path.is_file():
        return []
    entries = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            entry = json.loads(line)
            _said(entry)
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(
                f"{path.name}, line {number}: the history of the review is broken; restore it"
            ) from error
        entries.append(entry)
    return entries


def record(folder: Path, workbook: str, said: Sequence[Said], read_at: str) -> int:
    """Add what is new to the history and return how many entries that were.

    What a reviewer said before stays; the same said again adds nothing, and an empty cell unsays nothing.
    """
    entries = history(folder)
    latest = {(entry["finding"], entry["role"]): _said(entry) for entry in entries}
    fresh = [one for one in said if latest.get((one.finding, one.role)) != one]
    if not fresh:
        return 0
    where = folder / FOLDER
    where.mkdir(mode=0o700, exist_ok=True)
    lines = [
        json.dumps({"read_at": read_at, "workbook": workbook, **asdict(one)}, ensure_ascii=False) + "\n"
        for one in fresh
    ]
    path = where / HISTORY
    before = path.read_bytes() if path.is_file() else b""
    with whole_file(path) as file:  # a line that is half written would spoil the record
        file.write(before + "".join(lines).encode("utf-8", errors="backslashreplace"))
    return len(fresh)


def settle(entries: Iterable[Mapping[str, Any]]) -> dict[str, Settled]:
    """Return the last word on each finding: the tie-break, else what the reviewers agree on."""
    latest: dict[str, dict[str, Said]] = {}
    for entry in entries:
        latest.setdefault(entry["finding"], {})[entry["role"]] = _said(entry)
    settled = {}
    for finding, roles in latest.items():
        first, second, tie = roles.get("first"), roles.get("second"), roles.get("tie")
        if first is None:
            continue  # a second opinion without a first settles nothing
        word: str | None = first.disposition
        if second is not None and second.disposition != first.disposition:
            word = tie.disposition if tie is not None else None
        settled[finding] = Settled(finding, word, first, second, tie)
    return settled


def _said(entry: Mapping[str, Any]) -> Said:
    codes = entry["corrected_codes"]
    return Said(
        entry["finding"],
        entry["role"],
        entry["disposition"],
        entry["reviewer"],
        entry["date"],
        entry["reason"],
        tuple(codes) if codes is not None else None,
    )
