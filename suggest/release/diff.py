"""What changes from one release to another for the codes of our scope.

Of a code: whether it stands in the release, its title, whether it is complete. Of each place where a
note may hold for it (the code, its category, block and chapter): each line that came or went, told
once at the place where it stands. Lines that only changed their order are no change.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from suggest.release.scope import scope_codes
from suggest.release.tabular import NOTE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from suggest.release.release import Place, Release

KINDS = ("added", "deleted", "retitled", "billability", *NOTE_KINDS)


@dataclass(frozen=True, slots=True)
class Change:
    """One change, at a place.

    `change` is one of `KINDS`. `before` and `after` are the title, the line of a note, or `billable`
    and `not billable`; None where there was or is nothing. `codes` are those of the scope that the
    place touches; it is empty for a code beside our scope, told of because it lies below a code of it.
    """

    at: str
    place: str
    change: str
    before: str | None
    after: str | None
    codes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Pair:
    """One place in both releases, and the codes of the scope that lie in it."""

    before: Place
    after: Place
    codes: list[str] = field(default_factory=list)


def diff_releases(a: Release, b: Release, codes: Sequence[str] | None = None) -> tuple[Change, ...]:
    """Return what changes from release `a` to release `b`, by kind of change, then in the order of the scope.

    Args:
        a: the earlier release.
        b: the later release.
        codes: the codes to look at; default those of our scope.
    """
    scope = scope_codes() if codes is None else tuple(codes)
    found = [*_of_codes(a, b, scope), *_beside(a, b, scope), *_of_notes(a, b, scope)]
    return tuple(sorted(found, key=lambda change: KINDS.index(change.change)))


def to_mapping(a: Release, b: Release, changes: Iterable[Change]) -> dict[str, Any]:
    """Return the changes as the object that `corrin diff-release --format json` prints."""
    return {
        "from": _stamp(a),
        "to": _stamp(b),
        "changes": [
            {
                "change": change.change,
                "at": change.at,
                "place": change.place,
                "before": change.before,
                "after": change.after,
                "codes": list(change.codes),
            }
            for change in changes
        ],
    }


def _stamp(release: Release) -> dict[str, Any]:
    return {
        "name": release.name,
        "valid_from": release.valid_from,
        "valid_to": release.valid_to,
        "sha256": release.sha256,
        "has_order_file": release.has_order_file,
    }


def _of_codes(a: Release, b: Release, scope: Sequence[str]) -> Iterator[Change]:
    for code in scope:
        before = a.title(code) if a.exists(code) else None
        after = b.title(code) if b.exists(code) else None
        yield from _stands(code, before, after, (code,))
        if before is None or after is None:
            continue
        if before != after:
            yield Change(code, "code", "retitled", before, after, (code,))
        if a.is_billable(code) != b.is_billable(code):
            yield Change(code, "code", "billability", _billable(a, code), _billable(b, code), (code,))


def _beside(a: Release, b: Release, scope: Sequence[str]) -> Iterator[Change]:
    """Yield the codes that came or went below a code of the scope and are not of the scope themselves."""
    ours = set(scope)
    below = {
        code: None
        for top in scope
        for release in (a, b)
        for code in (release.codes_below(top) if release.exists(top) else ())
        if code not in ours
    }
    for code in sorted(below):
        before = a.title(code) if a.exists(code) else None
        after = b.title(code) if b.exists(code) else None
        yield from _stands(code, before, after, ())


def _stands(code: str, before: str | None, after: str | None, codes: tuple[str, ...]) -> Iterator[Change]:
    if before is None and after is not None:
        yield Change(code, "code", "added", None, after, codes)
    elif before is not None and after is None:
        yield Change(code, "code", "deleted", before, None, codes)


def _of_notes(a: Release, b: Release, scope: Sequence[str]) -> Iterator[Change]:
    pairs: dict[tuple[str, str], _Pair] = {}
    for code in scope:
        if not (a.exists(code) and b.exists(code)):
            continue
        later = {(place.kind, place.name): place for place in b.places(code)}
        for place in a.places(code):
            key = (place.kind, place.name)
            if key in later:
                pairs.setdefault(key, _Pair(place, later[key])).codes.append(code)
    for pair in pairs.values():
        for kind in NOTE_KINDS:
            before, after = pair.before.entry.lines(kind), pair.after.entry.lines(kind)
            for line in _left(before, after):
                yield Change(pair.before.name, pair.before.kind, kind, line, None, tuple(pair.codes))
            for line in _left(after, before):
                yield Change(pair.before.name, pair.before.kind, kind, None, line, tuple(pair.codes))


def _left(lines: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    """Yield the lines that stand here oftener than there."""
    more = Counter(lines) - Counter(others)
    for line in lines:
        if more[line] > 0:
            more[line] -= 1
            yield line


def _billable(release: Release, code: str) -> str:
    return "billable" if release.is_billable(code) else "not billable"
