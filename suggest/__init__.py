"""From facts to ICD-10-CM codes: rules, conventions, ranking, queries, results."""

from __future__ import annotations

from suggest.api import suggest_codes, suggest_encounter, warm
from suggest.serialise import to_json

__all__ = ["suggest_codes", "suggest_encounter", "to_json", "warm"]
