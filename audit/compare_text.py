"""A comparison of two runs as text and as JSON; ids and codes, no words of a note."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from nlp.errors import shown

if TYPE_CHECKING:
    from audit.compare import Comparison


def to_mapping(found: Comparison) -> dict[str, Any]:
    """Return a comparison as plain JSON types."""
    return {
        "differs": list(found.differs),
        "encounters": {
            "both": found.both,
            "only_first": found.only_first,
            "only_second": found.only_second,
            "notes_changed": found.notes_changed,
        },
        "causes": found.counts(),
        "changes": [asdict(change) for change in found.changes],
    }


def to_text(found: Comparison) -> str:
    """Return a comparison for people."""
    lines = [
        (
            f"{found.both} encounters in both runs; {found.only_first} only in the first, {found.only_second} only in "  # noqa: E501
            "the second (not compared)"
        ),
        (
            f"notes changed: in {found.notes_changed} encounters; "
            f"between the runs changed: {', '.join(found.differs) or 'nothing else that they record'}"
        ),
    ]
    if not found.changes:
        return "\n".join([*lines, "No verdict and no code changed."]) + "\n"
    if len(found.differs) > 1:
        lines.append("Several changed at once; audit the same notes with one of them changed to part them.")
    lines += ["", "Changed by cause"]
    for cause, row in found.counts().items():
        counts = f"{row['verdicts']} verdicts, {row['codes_gained']} codes gained, {row['codes_lost']} lost"
        lines.append(f"  {cause}: {counts}")
    lines += ["", f"{'encounter':<20} {'code':<9} {'change':<46} cause"]
    for change in found.changes:
        what = change.what
        if what == "finding":
            what = f"{change.before or 'no finding'} -> {change.after or 'no finding'}"
        else:
            what = f"code {what}"
        lines.append(f"{shown(change.encounter):<20} {shown(change.code):<9} {what:<46} {change.cause}")
    return "\n".join(lines) + "\n"
