"""From facts to ICD-10-CM codes: rules, conventions, ranking, queries, results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from suggest.api import suggest_codes, suggest_encounter, warm
    from suggest.serialise import to_json

__all__ = ["suggest_codes", "suggest_encounter", "to_json", "warm"]


def __getattr__(name: str) -> Any:
    # found when first asked for, so that `corrin --help` makes none of the records
    if name not in __all__:
        raise AttributeError(f"module 'suggest' has no attribute {name!r}")
    from suggest import api, serialise

    found = globals()[name] = getattr(serialise if name == "to_json" else api, name)
    return found
