"""The score that was used before one was learned: a judgement, kept to be compared with."""

from __future__ import annotations

from suggest.engine.candidates import Candidate
from suggest.result import Band, Kind, Necessity, Role

_START = {
    Kind.CONDITION: 0.93,
    Kind.CAUSE: 0.90,
    Kind.MANIFESTATION: 0.90,
    Kind.ADVERSE_EFFECT: 0.93,
    Kind.FINDING: 0.85,
    Kind.HISTORY: 0.88,
    Kind.STATUS: 0.80,
    Kind.SCREENING: 0.80,
}
_ASSESSED = ("assessment", "assessment_plan", "impression", "diagnoses", "plan", "indication")


def hand_made(candidate: Candidate) -> float:
    """Return a number in 0-1 from the kind, the section of the evidence, support and cautions.

    The starting values are our judgement of how often each kind stands in a coder's answer; they are
    not learned and not calibrated.
    """
    value = _START[candidate.kind]
    if any(e.section in _ASSESSED for e in candidate.evidence):
        value += 0.04
    if candidate.mentions > 1:
        value += 0.01
    if any(e.role is Role.TREATMENT for e in candidate.evidence):
        value += 0.01
    if candidate.band is Band.CARE:
        value -= 0.15
    if candidate.necessity is Necessity.OPTIONAL:
        value -= 0.40
    if candidate.conflicts:
        value -= 0.10
    return round(min(0.99, max(0.05, value)), 3)
