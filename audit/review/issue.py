"""What was handed out for review, kept beside the run: which findings, drawn how, from which frame.

A workbook that comes back is compared with this, so that a changed or outdated one is known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nlp.errors import InputError
from suggest.whole import write_whole

FOLDER = "review"


@dataclass(frozen=True, slots=True)
class Issue:
    """One workbook: the run and rows that it holds, and how its encounters were chosen.

    `sample` is None where every encounter with a finding is in it; else size, seed, spares, the column
    and floor of the strata, the encounters in order with stratum and whether they are spares, and how
    many encounters of the frame each stratum has.
    """

    findings_sha256: str
    rows: tuple[str, ...]
    universe: int
    frame: int
    sample: Mapping[str, Any] | None = field(default=None, repr=False)
    partial: bool = False
    workbook: str = field(default="")

    def words(self) -> str:
        """Say in a sentence or two what the encounters of the workbook are."""
        whole = f"Universe: {self.universe} encounters read; frame: {self.frame} with a code in scope."
        if self.sample is None:
            rest = " The workbook holds the findings that need a look; a rate of the whole needs a sample."
            return whole + (rest if self.partial else " All findings of the frame are in the workbook.")
        how = f"simple, seed {self.sample['seed']}"
        if self.sample["listed"]:
            how = "from an outside list of numbers"
        elif self.sample["by"]:
            floor = f"a floor of {self.sample['floor']}"
            how = f"stratified by {self.sample['by']} with {floor}, seed {self.sample['seed']}"
        spares = sum(1 for drawn in self.sample["drawn"] if drawn["spare"])
        more = f" and {spares} spares" if spares else ""
        return f"{whole} Sample of {self.sample['size']} encounters{more}, {how}; unit: the encounter."


def keep(folder: Path, issue: Issue) -> Issue:
    """Write an issue beside the run and return it with the name that its content gives it."""
    body = {**asdict(issue), "workbook": ""}
    named = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
    where = folder / FOLDER
    where.mkdir(mode=0o700, exist_ok=True)
    path = where / f"issued-{named}.json"
    write_whole(path, json.dumps({**body, "workbook": named}, indent=1))
    return Issue(**{**asdict(issue), "workbook": named})


def find(folder: Path, workbook: str) -> Issue:
    """Return the issue of a name.

    Raises:
        InputError: the run has handed out no such workbook.
    """
    path = folder / FOLDER / f"issued-{workbook}.json"
    if not workbook.isalnum() or not path.is_file():
        raise InputError("the workbook was not made by this audit; give the folder of the audit that made it")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return Issue(**{**values, "rows": tuple(values["rows"])})
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path.name}: the record of what was handed out is broken; restore it") from error
