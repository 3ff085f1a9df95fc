"""The comparison of what was billed with what the record says, encounter by encounter."""

from __future__ import annotations

from audit.judge.billed import BilledCode, read_codes
from audit.judge.case import Case
from audit.judge.run import judge

__all__ = ["BilledCode", "Case", "judge", "read_codes"]
