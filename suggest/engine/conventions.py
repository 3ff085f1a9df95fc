"""The classification's own conventions: one code once, Excludes1, what stands before what (R35-R41, S16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from suggest.engine.candidates import Candidate, Draft
from suggest.result import Band, Conflict, Kind, Necessity

# the fuller statement of an Excludes1 pair stays (R39); a pair of unlike nutrients is the exception A-3
_BOTH_STAY = frozenset(
    {
        frozenset({"E53.8", "D52.9"}),
        frozenset({"E53.8", "D52.0"}),
        frozenset({"E53.8", "D52.1"}),
        frozenset({"E53.8", "D52.8"}),
    }
)


class Classification(Protocol):
    """What the conventions ask of a release."""

    def excludes1(self, a: str, b: str) -> bool:
        """Whether the two codes exclude one another."""

    def is_billable(self, code: str) -> bool:
        """Whether the code may be reported."""

    def exists(self, code: str) -> bool:
        """Whether the release holds the code."""


def apply_excludes1(draft: Draft, release: Classification) -> list[tuple[Candidate, str]]:
    """Drop the lesser of two codes that exclude one another; return what was dropped and for which code."""
    dropped: list[tuple[Candidate, str]] = []
    codes = list(draft.candidates)
    for i, first in enumerate(codes):
        for second in codes[i + 1 :]:
            if (
                first not in draft.candidates
                or second not in draft.candidates
                or not release.excludes1(first, second)
            ):
                continue
            if frozenset({first, second}) in _BOTH_STAY or (_alike(first, "D52") and second == "E53.8"):
                text = (
                    "Excludes1 of one another; the two conditions are unrelated here, "
                    f"so both stand and a person confirms ({first}, {second})."
                )
                for code, other in ((first, second), (second, first)):
                    known = draft.candidates[code]
                    draft.change(
                        code, band=Band.CARE, conflicts=(*known.conflicts, Conflict(other, text, "rule:R39"))
                    )
                continue
            weaker = _weaker(draft.candidates[first], draft.candidates[second])
            stronger = second if weaker.code == first else first
            draft.drop(weaker.code)
            dropped.append((weaker, stronger))
    return dropped


def _alike(code: str, stem: str) -> bool:
    return code.startswith(stem)


def _weaker(a: Candidate, b: Candidate) -> Candidate:
    def weight(c: Candidate) -> tuple[int, int, int, int]:
        kinds = {
            Kind.CONDITION: 4,
            Kind.MANIFESTATION: 3,
            Kind.CAUSE: 3,
            Kind.ADVERSE_EFFECT: 3,
            Kind.FINDING: 1,
        }
        return (
            c.necessity is Necessity.REQUIRED,
            kinds.get(c.kind, 2),
            c.band is Band.CODE,
            len(c.code),
        )

    if weight(a) == weight(b):
        return max(a, b, key=lambda c: (c.place, c.code))
    return min(a, b, key=weight)


def drop_invalid(draft: Draft, release: Classification) -> list[Candidate]:
    """Take out codes that the release does not hold or that are headers (R41)."""
    bad = [
        c for c in draft.candidates.values() if not release.exists(c.code) or not release.is_billable(c.code)
    ]
    for candidate in bad:
        draft.drop(candidate.code)
    return bad


def order(candidates: Sequence[Candidate], scores: dict[str, float]) -> list[Candidate]:
    """Return the codes in reporting order.

    Chains lead by their place in the note; within a chain etiology, manifestation, adverse effect, drug
    status, surgical status, history (S16). `after` is always kept. `scores` (0-1) break ties only.
    """
    if len(candidates) < 2:
        return list(candidates)
    known = {c.code for c in candidates}
    chains = _chains(candidates)
    ranked = sorted(
        candidates,
        key=lambda c: (
            c.necessity is not Necessity.REQUIRED,
            chains[c.code] if c.chain not in (7, 8, 9) else (10**6, 0),
            c.chain,
            c.place,
            -scores.get(c.code, 0.0),
            c.code,
        ),
    )
    placed: list[Candidate] = []
    waiting = ranked
    while waiting:
        done = {c.code for c in placed}
        ready = next((c for c in waiting if all(a in done or a not in known for a in c.after)), waiting[0])
        placed.append(ready)
        waiting = [c for c in waiting if c is not ready]
    return placed


def _chains(candidates: Sequence[Candidate]) -> dict[str, tuple[int, int]]:
    """The place of the first statement of each chain (codes joined by `after`)."""
    by_code = {c.code: c for c in candidates}
    root: dict[str, str] = {c.code: c.code for c in candidates}

    def find(code: str) -> str:
        while root[code] != code:
            root[code] = root[root[code]]
            code = root[code]
        return code

    for candidate in candidates:
        for other in candidate.after:
            if other in by_code:
                root[find(candidate.code)] = find(other)
    place: dict[str, tuple[int, int]] = {}
    for candidate in candidates:
        key = find(candidate.code)
        place[key] = min(place.get(key, candidate.place), candidate.place)
    return {c.code: place[find(c.code)] for c in candidates}


def settle_after(candidate: Candidate, codes: set[str]) -> Candidate:
    """Keep of `after` only what is in the list."""
    return replace(candidate, after=tuple(a for a in candidate.after if a in codes))
