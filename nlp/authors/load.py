"""Read the credentials and the look-alikes of codes that lie beside this module."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from nlp.errors import KnowledgeError
from nlp.facts import AuthorRole
from nlp.knowledge import check_choice, check_entry, check_unique, load_yaml

_PACKAGE = "nlp.authors"
_CREDENTIALS, _LOOK_ALIKES = "credentials.yaml", "look_alikes.yaml"
# Where a person carries several ("MD, PGY-2"; "RN, FNP"), the first of these roles is the person's.
_RANK = ("student", "scribe", "resident", "provider", "nurse", "other_clinician")


@dataclass(frozen=True, slots=True)
class Credentials:
    """All credentials as one alternation, to be set into larger patterns, and what each gives."""

    alternatives: str
    words: str = field(repr=False)  # the same, each asked to end as a word
    pattern: re.Pattern[str]
    entries: Mapping[str, Mapping[str, Any]]

    def role_of(self, written: str) -> AuthorRole:
        """Return the role that the credentials in `written` give together, UNKNOWN for none."""
        roles = {entry["role"] for entry in self._found(written)}
        return next((AuthorRole(role) for role in _RANK if role in roles), AuthorRole.UNKNOWN)

    def is_ambiguous(self, written: str) -> bool:
        """Whether every credential in `written` also means something else (MA, PA, DO)."""
        return all(entry.get("place", False) for entry in self._found(written))

    def _found(self, written: str) -> list[Mapping[str, Any]]:
        return [self.entries[match.lastgroup] for match in self.pattern.finditer(written) if match.lastgroup]


@lru_cache(maxsize=1)
def credentials() -> Credentials:
    """Return the credentials of `credentials.yaml`.

    Raises:
        KnowledgeError: names the file and the entry that is wrong.
    """
    data = credential_entries()
    pairs = [(match, entry) for entry in data for match in entry["match"]]
    pairs.sort(key=lambda pair: (-len(pair[0]), pair[0]))
    entries = {f"g{number}": entry for number, (_, entry) in enumerate(pairs)}
    grouped = "|".join(f"(?P<g{number}>{match})" for number, (match, _) in enumerate(pairs))
    alternatives = "|".join(match for match, _ in pairs)
    words = "|".join(rf"(?:{match})(?![\w-])" for match, _ in pairs)
    try:
        pattern = re.compile(rf"(?<![\w-])(?:{grouped})(?![\w-])")
    except re.error as error:
        raise KnowledgeError(f"{_CREDENTIALS}: a match is not a regular expression; mend it") from error
    return Credentials(alternatives, words, pattern, entries)


@lru_cache(maxsize=1)
def credential_entries() -> tuple[Mapping[str, Any], ...]:
    """Return the checked entries of `credentials.yaml`, in file order."""
    data: list[dict[str, Any]] = load_yaml(_PACKAGE, _CREDENTIALS)
    check_unique(_CREDENTIALS, data)
    for entry in data:
        check_entry(
            _CREDENTIALS, entry, required=("id", "role", "match", "why", "example"), optional=("place",)
        )
        check_choice(_CREDENTIALS, entry["id"], "role", entry["role"], _RANK)
    return tuple(data)


@lru_cache(maxsize=1)
def look_alike_entries() -> tuple[Mapping[str, Any], ...]:
    """Return the checked entries of `look_alikes.yaml`, in file order."""
    data: list[dict[str, Any]] = load_yaml(_PACKAGE, _LOOK_ALIKES)
    check_unique(_LOOK_ALIKES, data)
    for entry in data:
        check_entry(_LOOK_ALIKES, entry, required=("id", "match", "label", "why", "example"))
        check_choice(_LOOK_ALIKES, entry["id"], "label", str(entry["label"]), ("True", "False"))
    return tuple(data)


@lru_cache(maxsize=2)
def look_alikes(labelled: bool) -> re.Pattern[str]:
    """Return the tokens that are no codes, without (or even with) an ICD label before them."""
    parts = [
        match
        for entry in look_alike_entries()
        if not (labelled and entry["label"])
        for match in entry["match"]
    ]
    return re.compile("|".join(parts))
