"""Which code says more than which about the same condition (specificity.yaml)."""

from __future__ import annotations

from functools import lru_cache

from nlp.knowledge import check_entry, check_unique, load_yaml

_FILE = "specificity.yaml"


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, ...]]:
    """Return, for each code, what codes say more than it; an entry ending in `-` stands for all below it."""
    entries = load_yaml("audit.judge", _FILE)
    check_unique(_FILE, entries)
    for entry in entries:
        check_entry(_FILE, entry, required=("id", "less", "more", "why"))
    return {entry["less"]: tuple(entry["more"]) for entry in entries}


def is_more_specific(code: str, than: str) -> bool:
    """Say whether `code` names the condition of `than` more closely: D51.0 than D51.9."""
    return code != than and any(
        code.startswith(more[:-1]) if more.endswith("-") else code == more for more in _table().get(than, ())
    )
