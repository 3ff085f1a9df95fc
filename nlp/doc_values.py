"""The values that our components write to a document, read and written without spaCy's proxy `doc._`.

They stand where `doc._` looks for them, so that either way gives the same; the proxy costs several times as
much, and each note of ours asks some dozens of times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Doc


def value_of(doc: Doc, name: str) -> Any:
    """Return `doc._.<name>`; None where nobody has written it."""
    held: dict[Any, Any] = doc.user_data
    return held.get(("._.", name, None, None))


def write_values(doc: Doc, values: Mapping[str, object]) -> None:
    """Write values as `doc._.<name> = value` does."""
    held: dict[Any, Any] = doc.user_data
    for name, value in values.items():
        held["._.", name, None, None] = value
