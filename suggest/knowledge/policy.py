"""The policy: where competent coders differ, which way is taken, and since when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from nlp.errors import KnowledgeError
from nlp.knowledge import check_choice, check_entry, check_unique, load_yaml
from suggest.knowledge.fields import effective, words

POLICY: Final = "policy.yaml"
_OURS = ("id", "decides", "title", "choices", "default", "effective", "citation_slot")


@dataclass(frozen=True, slots=True)
class Choice:
    """One way that an option can be decided, with its meaning."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class PolicyOption:
    """A question that a policy decides; `choice` holds in the effective window, else `default`."""

    id: str
    decides: str
    title: str
    choices: tuple[Choice, ...]
    default: str
    choice: str
    effective_from: str | None = None
    effective_to: str | None = None
    citation: str | None = None

    def on(self, day: str | None) -> str:
        """Return what holds on a date of service (ISO); with None, an unknown date, `choice` does."""
        if day is not None and (
            (self.effective_from is not None and day < self.effective_from)
            or (self.effective_to is not None and day > self.effective_to)
        ):
            return self.default
        return self.choice


@dataclass(frozen=True, slots=True)
class Policy:
    """A named set of decided options; `sha256` is that of its content, however the file is laid out."""

    name: str
    sha256: str
    options: tuple[PolicyOption, ...]
    _undated: dict[str, str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look once what holds on every day, where no option has a window."""
        dated = any(option.effective_from or option.effective_to for option in self.options)
        undated = None if dated else {option.id: option.choice for option in self.options}
        object.__setattr__(self, "_undated", undated)

    def choice(self, option: str, day: str | None = None) -> str:
        """Return how an option (`option.s05`) is decided on a date of service.

        Raises:
            KeyError: there is no such option.
        """
        return self.choices(day)[option]

    def choices(self, day: str | None = None) -> dict[str, str]:
        """Return how every option is decided on a date of service, in file order."""
        if self._undated is not None:
            return dict(self._undated)
        return {option.id: option.on(day) for option in self.options}


@lru_cache(maxsize=1)
def default_policy() -> Policy:
    """Return the policy of our rulings.

    Raises:
        KnowledgeError: `policy.yaml` is wrong; the message names the option.
    """
    return parse_default(load_yaml("suggest.knowledge", POLICY), POLICY)


def parse_default(content: Any, file: str) -> Policy:
    """Return the default policy that the content of a file holds.

    Raises:
        KnowledgeError: names the file and the option that is wrong, and what is wrong with it.
    """
    name, rows = outline(file, content)
    options: list[PolicyOption] = []
    for row in rows:
        check_entry(file, row, required=_OURS)
        if not str(row["id"]).startswith("option."):
            raise KnowledgeError(
                f"{file}, entry {row['id']}: an option is called option. and what it decides"
            )
        choices = row["choices"]
        if not isinstance(choices, Mapping) or len(choices) < 2:
            raise KnowledgeError(
                f"{file}, entry {row['id']}: choices must give two ways or more, each its meaning"
            )
        if not all(isinstance(part, str) and part for pair in choices.items() for part in pair):
            raise KnowledgeError(
                f"{file}, entry {row['id']}: each choice must be a name with its meaning in words"
            )
        check_choice(file, row["id"], "default", row["default"], choices)
        start, end = effective(file, row)
        options.append(
            PolicyOption(
                id=row["id"],
                decides=words(file, row, "decides"),
                title=words(file, row, "title"),
                choices=tuple(Choice(*pair) for pair in choices.items()),
                default=row["default"],
                choice=row["default"],
                effective_from=start,
                effective_to=end,
                citation=row["citation_slot"],
            )
        )
    return stamped(name, options)


def outline(file: str, content: Any) -> tuple[str, list[Mapping[str, Any]]]:
    """Return the name of a policy and the entries of its options.

    Raises:
        KnowledgeError: the content is not a name and a list of entries, each with an id of its own.
    """
    if not isinstance(content, Mapping) or set(content) != {"name", "options"}:
        raise KnowledgeError(f"{file}: must hold a mapping with the keys name and options")
    name, rows = content["name"], content["options"]
    if not isinstance(name, str) or not name.strip():
        raise KnowledgeError(f"{file}: name must be words")
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise KnowledgeError(f"{file}: options must be a list of entries, each a mapping with an id")
    check_unique(file, rows)
    return name, rows


def stamped(name: str, options: Iterable[PolicyOption]) -> Policy:
    """Return the policy with the hash of what it decides: not of titles, meanings, comments or layout."""
    kept = tuple(options)
    decided = [
        [o.id, o.choice, o.default, o.effective_from, o.effective_to, o.citation, [c.name for c in o.choices]]
        for o in kept
    ]
    canonical = json.dumps([name, decided], ensure_ascii=False, separators=(",", ":"))
    return Policy(name, sha256(canonical.encode("utf-8")).hexdigest(), kept)
