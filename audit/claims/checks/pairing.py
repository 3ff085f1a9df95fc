"""C01, C02: an injection and its drug belong together, unless the note says who supplied or gave it."""

from __future__ import annotations

from collections.abc import Iterator

from audit.claims.visit import B12, At, Hit
from suggest.result import Evidence


def injection_without_drug(at: At) -> Iterator[Hit]:
    """C01: 96372 for B12 with no drug line; silent where the note says who supplied the drug."""
    visit = at.visit
    if visit.kind(at.line) != "injection" or visit.served_class != B12 or visit.others(at.line, "drug"):
        return
    if visit.signal("patient_supplied") or visit.signal("facility_supplied") or visit.patient_gives:
        return
    yield Hit(values={"procedure": at.line.procedure}, evidence=_given(at))


def drug_without_injection(at: At) -> Iterator[Hit]:
    """C02: a B12 drug with no administration line; silent where the note says who gave it."""
    visit = at.visit
    if visit.drug_class(at.line) != B12 or visit.others(at.line, "injection", "infusion", "home_nursing"):
        return
    if visit.signal("given_elsewhere") or visit.signal("self_administered"):
        return
    yield Hit(values={"procedure": at.line.procedure}, evidence=_given(at))


def _given(at: At) -> tuple[Evidence, ...]:
    return tuple(g.evidence for g in at.visit.injected(B12)[:1])
