"""Releases as text for the terminal: the list, one of them, and what changes between two."""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

from suggest.release.catalogue import find_release, open_release, release_faults, release_sources
from suggest.release.scope import scope_codes
from suggest.release.source import slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from suggest.release.diff import Change
    from suggest.release.release import Release
    from suggest.release.source import ReleaseSource

_HEADINGS = {
    "added": "Added",
    "deleted": "Deleted",
    "retitled": "Retitled",
    "billability": "Billability",
    "includes": "Includes",
    "inclusionTerm": "Inclusion terms",
    "excludes1": "Excludes1",
    "excludes2": "Excludes2",
    "codeFirst": "Code first",
    "useAdditionalCode": "Use additional code",
    "codeAlso": "Code also",
    "notes": "Notes",
    "sevenChrNote": "Seventh characters",
}
FORMED = "no order file: 7th-character codes are formed from the tabular list's own definitions"


def list_releases() -> str:
    """Return a line for each release that is installed, and one for each that cannot be loaded."""
    sources = release_sources()
    rows = [(source.name, f"{source.valid_from} to {source.valid_to}", _kind(source)) for source in sources]
    width = max(len(name) for name, _, _ in rows)
    lines = [f"{name:<{width}}  {window}  {whose}" for name, window, whose in rows]
    lines += [f"{fault.name}: cannot be loaded: {fault.problem}" for fault in release_faults()]
    return "\n".join(lines) + "\n"


def _kind(source: ReleaseSource) -> str:
    whose = "packaged" if source.is_packaged else "yours"
    return whose if source.order is not None else f"{whose}, without order file"


def show_release(name: str) -> str:
    """Return what is known of one release.

    Raises:
        InputError: there is no such release.
        ReleaseError: its files cannot be read.
    """
    source = find_release(name)
    release = open_release(source)
    rows = [
        ("name", source.name),
        ("short", slug(source.name)),
        ("window", f"{source.valid_from} to {source.valid_to}"),
        ("whose", "comes with Corrin" if source.is_packaged else "yours"),
        ("tabular list", str(source.tabular)),
        ("order file", str(source.order) if source.order is not None else FORMED),
        ("sha256", release.sha256),
        ("our scope", scope_line(release)),
    ]
    return "".join(f"{label:<14}{value}\n" for label, value in rows)


def scope_line(release: Release) -> str:
    """Return how much of our scope a release holds, in words."""
    codes = scope_codes()
    missing = [code for code in codes if not release.exists(code)]
    if not missing:
        return f"all {len(codes)} codes"
    named = ", ".join(missing[:5]) + (", …" if len(missing) > 5 else "")
    return f"{len(codes) - len(missing)} of {len(codes)} codes; without {named}"


def added_line(source: ReleaseSource) -> str:
    """Return what is said once a release was added."""
    order = "" if source.order is not None else f" ({FORMED})"
    return f"added {source.name}, for dates of service from {source.valid_from} to {source.valid_to}{order}\n"


def diff_report(a: Release, b: Release, changes: Sequence[Change], width: int = 80) -> str:
    """Return the changes from one release to another as a table, by kind of change."""
    lines = [f"{a.name} ({a.valid_from} to {a.valid_to})", f"→ {b.name} ({b.valid_from} to {b.valid_to})"]
    for release in (a, b):
        if a.has_order_file != b.has_order_file and not release.has_order_file:
            lines += textwrap.wrap(f"{release.name} has {FORMED}", width, subsequent_indent="  ")
    count = f"{len(changes)} change{'' if len(changes) == 1 else 's'}"
    lines.append(f"{count if changes else 'No change'} for the {len(scope_codes())} codes of our scope.")
    column = max((len(_place(change)) for change in changes), default=0)
    for kind, group in groupby(changes, key=lambda change: change.change):
        lines += ["", _HEADINGS.get(kind, kind)]
        for change in group:
            lines += _rows(change, column, width)
    return "\n".join(lines) + "\n"


def _rows(change: Change, column: int, width: int) -> Iterator[str]:
    for sign, text in (("-", change.before), ("+", change.after)):
        if text is not None:
            head = f"  {sign} {_place(change):<{column}}  "
            yield from textwrap.wrap(text, width, initial_indent=head, subsequent_indent=" " * len(head))
    if not change.codes:
        yield " " * (column + 6) + "(not in our scope)"
    elif change.codes != (change.at,):
        yield " " * (column + 6) + f"(holds for {len(change.codes)} of our codes)"


def _place(change: Change) -> str:
    return change.at if change.place == "code" else f"{change.place} {change.at}"
