"""One finding: a billed code or a missed one, a hold, or a claim line, and what the record says of it.

The columns of `findings.parquet` and `findings.csv` are `COLUMNS`, in this order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Verdict(str, Enum):
    """What the encounter says of a code, in the order in which they are tried; the first that applies."""

    NOT_ASSESSED = "not-assessed"
    INVALID_CODE = "invalid-code"
    STATUS_ERROR = "status-error"
    EXCLUDES_CONFLICT = "excludes-conflict"
    SEQUENCING_ERROR = "sequencing-error"
    PARTNER_MISSING = "partner-missing"
    CONFLICTING = "conflicting"
    ARGUABLE = "arguable"
    QUERY_NEEDED = "query-needed"
    LESS_SPECIFIC = "supported-less-specific"
    UNSUPPORTED = "unsupported"
    NOT_IN_THIS_NOTE = "not-in-this-note"
    SUPPORTED = "supported"
    MISSED_CODE = "missed-code"


# no errors in any rate: nothing was judged, nothing is wrong, or it is not for the coder to settle
NO_ERRORS = frozenset(
    {
        Verdict.NOT_ASSESSED,
        Verdict.ARGUABLE,
        Verdict.QUERY_NEEDED,
        Verdict.NOT_IN_THIS_NOTE,
        Verdict.SUPPORTED,
    }
)


class Direction(str, Enum):
    """Whether the claim says more than the record, less, or neither."""

    OVER = "over"
    UNDER = "under"
    NEUTRAL = "neutral"


class Severity(str, Enum):
    """How soon a person should look."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"


DIAGNOSIS, CLAIM_LINE = "diagnosis", "claim-line"

# what the input says of an encounter and the findings carry along
IDENTIFYING = (
    "encounter_date",
    "setting",
    "note_type",
    "provider",
    "coder",
    "patient_id",
    "payer",
    "author",
    "credential",
)

COLUMNS = (
    "encounter_id",
    "note_id",
    "billed_code",
    "supported_code",
    "verdict",
    "direction",
    "severity",
    "reason",
    "denial_risk",
    "rules",
    "band",
    "score",
    "evidence",
    "action",
    "kind",
    "line",
    "hold",
    *IDENTIFYING,
)


@dataclass(frozen=True, slots=True)
class Proof:
    """Words of a note, and whether they speak for the code or against it."""

    note_id: str | None
    start: int
    end: int
    text: str = field(repr=False)
    section: str
    role: str
    stance: str  # for, against

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it stands in the column `evidence`."""
        return {
            "note_id": self.note_id,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "section": self.section,
            "role": self.role,
            "stance": self.stance,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the findings, before the input's identifying columns are put beside it.

    `verdict` is a value of `Verdict`, or for a claim line one of the claim rules' own. `rules` are
    prefixed ids (`rule:R21`). `hold` names what an encounter is held for before billing.
    """

    billed_code: str | None
    supported_code: str | None
    verdict: str
    direction: str
    severity: str
    reason: str
    denial_risk: str | None
    rules: tuple[str, ...] = ()
    band: str | None = None
    score: float | None = None
    evidence: tuple[Proof, ...] = ()
    action: str | None = None
    kind: str = DIAGNOSIS
    line: str | None = None
    hold: str | None = None

    def to_mapping(self) -> dict[str, Any]:
        """Return the row's own columns, of plain JSON types; `rules` are joined by a blank."""
        return {
            "note_id": next((proof.note_id for proof in self.evidence), None),
            "billed_code": self.billed_code,
            "supported_code": self.supported_code,
            "verdict": self.verdict,
            "direction": self.direction,
            "severity": self.severity,
            "reason": self.reason,
            "denial_risk": self.denial_risk,
            "rules": " ".join(self.rules) or None,
            "band": self.band,
            "score": self.score,
            "evidence": [proof.to_mapping() for proof in self.evidence],
            "action": self.action,
            "kind": self.kind,
            "line": self.line,
            "hold": self.hold,
        }
