"""Words by which the notes point to a record that the export does not hold (elsewhere.yaml)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from audit.finding import Proof
from nlp.knowledge import check_entry, check_unique, load_yaml
from suggest.result import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from suggest.result import Result

_FILE = "elsewhere.yaml"
_LACKS = re.compile(r"\b(?:no|not|without|lacks?)\b[^.;:\n]*$", re.IGNORECASE)  # "no active order in chart"


@lru_cache(maxsize=1)
def patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of the file."""
    entries = load_yaml("audit.judge", _FILE)
    check_unique(_FILE, entries)
    for entry in entries:
        check_entry(_FILE, entry, required=("id", "pattern", "why", "example"))
    return tuple(re.compile(entry["pattern"], re.IGNORECASE) for entry in entries)


def elsewhere(result: Result, texts: Mapping[str | None, str]) -> tuple[Proof, ...]:
    """Return the words that point to another record, where the notes state no condition of ours.

    A note that states one answers for itself; one that names another document beside it leaves
    nothing open.
    """
    if any(s.kind is Kind.CONDITION for s in result.suggestions):
        return ()
    if not (result.facts.medications or result.facts.conditions or result.facts.labs):
        return ()
    found = []
    for note_id, text in texts.items():
        for pattern in patterns():
            match = next(
                (m for m in pattern.finditer(text) if not _LACKS.search(text[: m.start()][-30:])), None
            )
            if match is not None:
                start, end = match.span()
                found.append(Proof(note_id, start, end, text[start:end], "unknown", "context", "against"))
    return tuple(found)
