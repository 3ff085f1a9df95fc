"""Billed codes as an export writes them, and what they are of."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from suggest.release import code_key, dotted, scope_families

if TYPE_CHECKING:
    from collections.abc import Iterable

_BETWEEN = re.compile(r"[;,|\s]+")
_MOST = 100  # codes of one encounter; a claim takes twelve, a hospital's fifty


@dataclass(frozen=True, slots=True)
class BilledCode:
    """A code in its place on the claim. `code` is as printed, None for what cannot be a code."""

    given: str
    code: str | None
    place: int

    @property
    def shown(self) -> str:
        """The code as a finding shows it."""
        return self.code or self.given


def split_codes(value: Any) -> tuple[str, ...]:
    """Return the codes of one cell in order: a list, JSON of one, or text with `;`, `,`, `|` or blanks."""
    if value is None:
        return ()
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("["):
            try:
                return split_codes(json.loads(text))
            except (ValueError, RecursionError):
                text = text.strip("[]")
        return tuple(part.strip("\"'") for part in _BETWEEN.split(text) if part.strip("\"'"))
    if isinstance(value, dict):
        return split_codes(value.get("code"))
    if isinstance(value, list | tuple):
        return tuple(code for item in value for code in split_codes(item))
    return split_codes(str(value))


def read_codes(values: Iterable[str]) -> tuple[BilledCode, ...]:
    """Return the billed codes of an encounter in order; a code that stands twice counts once."""
    found: dict[str, BilledCode] = {}
    for given in values:
        key = code_key(given)
        code = dotted(key) if key is not None else None
        name = code or given.upper()
        if name not in found and len(found) < _MOST:
            found[name] = BilledCode(given, code, len(found))
    return tuple(found.values())


@lru_cache(maxsize=1)
def _stems() -> frozenset[str]:
    return frozenset(code[:3] for code in scope_families())


def is_in_scope(code: str) -> bool:
    """Say whether Corrin judges the code."""
    return code in scope_families()


def is_of_our_categories(code: str) -> bool:
    """Say whether the code lies in a category of which Corrin judges codes (`D51` for `D51.X`)."""
    return code[:3] in _stems()
