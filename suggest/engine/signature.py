"""Who signed: what a note that is known to be unsigned is worth (S44)."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.facts import NoteFacts
from suggest.engine.candidates import Candidate, Draft
from suggest.engine.chart import Chart
from suggest.result import Alternative, Band, Role


def is_signed(facts: NoteFacts, known: bool | None) -> bool | None:
    """Whether a note is signed; None where nothing tells. What the note shows leads, `known` fills in."""
    if not facts.authors:
        return known
    states = {author.signed for author in facts.authors}
    return True if True in states else False if False in states else known


def unsigned_notes(notes: Sequence[NoteFacts], known: Sequence[bool | None]) -> frozenset[int]:
    """Places of the notes that are known to be unsigned."""
    pairs = zip(notes, known, strict=True)
    return frozenset([i for i, (facts, signed) in enumerate(pairs) if is_signed(facts, signed) is False])


def apply_unsigned(chart: Chart, draft: Draft, unsigned: frozenset[int]) -> list[Candidate]:
    """option.s44: codes that rest on unsigned notes alone are shown with care, withheld, or left as they are.

    Returns:
        the codes that were taken out.
    """
    if not unsigned:
        return []
    choice = chart.choice("s44")
    names = {facts.note_id for place, facts in enumerate(chart.notes) if place not in unsigned}
    resting = [c for c in draft.candidates.values() if not _proof(c) & names]
    for candidate in resting:
        if choice == "withheld":
            draft.drop(candidate.code)
            continue
        other = Alternative((), "Withheld until the note is signed (S44).", "option.s44")
        draft.change(
            candidate.code,
            band=candidate.band if choice == "as_signed" else Band.CARE,
            rules=candidate.rules if choice == "as_signed" else (*candidate.rules, "S44"),
            alternatives=(*candidate.alternatives, other),
        )
    return resting if choice == "withheld" else []


def _proof(candidate: Candidate) -> set[str | None]:
    """The notes whose words make the code; treatment and results bear it out and make nothing."""
    made = {e.note_id for e in candidate.evidence if e.role not in (Role.TREATMENT, Role.LAB)}
    return made or {e.note_id for e in candidate.evidence}
