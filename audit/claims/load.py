"""The claim rules as records (`rules.yaml`), and what supports a drug (`support.yaml`), both checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from audit.claims.records import Severity
from audit.claims.tables import covers_code
from nlp.errors import KnowledgeError
from nlp.knowledge import check_choice, check_entry, check_unique, load_yaml

ABOUT = ("coding", "coverage", "documentation")
_KEYS = (
    "id",
    "title",
    "severity",
    "about",
    "inputs",
    "source",
    "from",
    "to",
    "silences",
    "sentences",
    "fires",
    "nearly",
)


@dataclass(frozen=True, slots=True)
class Sentences:
    """What is found, why it is denied, what to do, each with places for values."""

    text: str
    denial: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A claim rule; `codes` are groups of diagnosis codes that it speaks of."""

    id: str
    title: str
    severity: Severity
    about: str
    inputs: tuple[str, ...]
    source: str
    start: str | None
    end: str | None
    silences: tuple[str, ...]
    sentences: Mapping[str, Sentences]
    codes: Mapping[str, tuple[str, ...]]
    fires: str
    nearly: str

    @property
    def full_id(self) -> str:
        """The id as findings carry it, `claim:C03`."""
        return f"claim:{self.id}"

    def holds_on(self, date: str | None) -> bool:
        """Say whether the rule is in force; an unknown date asks for nothing."""
        return date is None or (
            (self.start is None or self.start <= date) and (self.end is None or date <= self.end)
        )

    def group_of(self, code: str) -> str | None:
        """Return the group of the rule's own codes that a diagnosis belongs to."""
        return next(
            (name for name, listed in self.codes.items() if any(covers_code(c, code) for c in listed)), None
        )


@dataclass(frozen=True, slots=True)
class Support:
    """What can bear a class of drugs: its own conditions, all that may support it, premedication."""

    own: tuple[str, ...]
    codes: tuple[str, ...]
    premedication: tuple[str, ...]


@lru_cache(maxsize=1)
def claim_rules() -> Mapping[str, Rule]:
    """Return the rules C01-C34 by id, in their order.

    Raises:
        KnowledgeError: an entry lacks a key or holds one that is not known.
    """
    entries = load_yaml("audit.claims", "rules.yaml")
    check_unique("rules.yaml", entries)
    found = {entry["id"]: _rule(entry) for entry in entries}
    for rule in found.values():
        for other in rule.silences:
            check_choice("rules.yaml", rule.id, "silences", other, found)
    return found


def _rule(entry: Mapping[str, Any]) -> Rule:
    check_entry("rules.yaml", entry, required=_KEYS, optional=("codes",))
    name = entry["id"]
    check_choice("rules.yaml", name, "severity", entry["severity"], [s.value for s in Severity])
    check_choice("rules.yaml", name, "about", entry["about"], ABOUT)
    sentences = {}
    for kind, parts in entry["sentences"].items():
        if set(parts) != {"text", "denial", "remedy"}:
            raise KnowledgeError(f"rules.yaml, entry {name}: sentences {kind} need text, denial and remedy")
        sentences[kind] = Sentences(parts["text"], parts["denial"], parts["remedy"])
    return Rule(
        id=name,
        title=entry["title"],
        severity=Severity(entry["severity"]),
        about=entry["about"],
        inputs=tuple(entry["inputs"]),
        source=entry["source"],
        start=str(entry["from"]) if entry["from"] else None,
        end=str(entry["to"]) if entry["to"] else None,
        silences=tuple(entry["silences"]),
        sentences=sentences,
        codes={group: tuple(codes) for group, codes in (entry.get("codes") or {}).items()},
        fires=entry["fires"],
        nearly=entry["nearly"],
    )


@lru_cache(maxsize=1)
def support() -> Mapping[str, Support]:
    """Return what can bear each class of drugs."""
    found = {}
    for name, entry in load_yaml("audit.claims", "support.yaml").items():
        check_entry(
            "support.yaml", {"id": name, **entry}, required=("id", "own", "codes", "premedication", "source")
        )
        found[name] = Support(tuple(entry["own"]), tuple(entry["codes"]), tuple(entry["premedication"]))
    return found


def listed(codes: tuple[str, ...], code: str) -> bool:
    """Say whether a list of codes, categories and ranges covers a code."""
    return any(covers_code(each, code) for each in codes)
