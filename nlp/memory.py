"""What the stages of one note share is kept while it is read, and forgotten with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import _lru_cache_wrapper, lru_cache
from typing import Any, TypeVar

T = TypeVar("T")
_MOST = 4  # a note, its view, that in small letters, and what was heard in it
_KEPT: list[_lru_cache_wrapper[Any]] = []


def of_note(function: Callable[[str], T]) -> _lru_cache_wrapper[T]:
    """Have a function of the text of a note keep what it returned for the last texts until `forget`."""
    kept = lru_cache(maxsize=_MOST)(function)
    _KEPT.append(kept)
    return kept


def forget() -> None:
    """Forget the texts of notes: they stay in memory no longer than somebody asks about them."""
    for kept in _KEPT:
        kept.cache_clear()
