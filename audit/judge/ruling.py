"""What a verdict's function hands back, and the sentence that goes with it (sentences.yaml)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from audit.finding import Direction, Finding, Proof, Severity, Verdict
from nlp.errors import KnowledgeError
from nlp.knowledge import check_choice, check_entry, check_unique, load_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = "sentences.yaml"
_REQUIRED = ("id", "verdict", "direction", "severity", "reason", "action")


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict with its ground. `ground` is an entry of sentences.yaml; `fills` its placeholders."""

    ground: str
    supported_code: str | None = None
    proof: tuple[Proof, ...] = field(default=(), repr=False)
    rules: tuple[str, ...] = ()
    fills: tuple[tuple[str, str], ...] = ()
    band: str | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One entry: which verdict the ground belongs to, and the words for it."""

    id: str
    verdict: Verdict
    direction: Direction
    severity: Severity
    reason: str
    action: str | None
    denial_risk: str | None
    rules: tuple[str, ...]


def sentences() -> Mapping[str, Sentence]:
    """Return the grounds of the verdicts by id."""
    return load_sentences(_FILE)


@lru_cache(maxsize=4)
def load_sentences(file: str) -> Mapping[str, Sentence]:
    """Return the entries of a file of this folder by id.

    Raises:
        KnowledgeError: an entry lacks a key or names an unknown verdict, direction or severity.
    """
    entries = load_yaml("audit.judge", file)
    check_unique(file, entries)
    found: dict[str, Sentence] = {}
    for entry in entries:
        check_entry(file, entry, required=_REQUIRED, optional=("denial_risk", "rules", "example"))
        name = str(entry["id"])
        check_choice(file, name, "verdict", entry["verdict"], [v.value for v in Verdict])
        check_choice(file, name, "direction", entry["direction"], [d.value for d in Direction])
        check_choice(file, name, "severity", entry["severity"], [s.value for s in Severity])
        if entry["reason"].count(". ") or not entry["reason"].endswith("."):
            raise KnowledgeError(
                f"{file}, entry {name}: the reason is one sentence; end it with one full stop"
            )
        found[name] = Sentence(
            name,
            Verdict(entry["verdict"]),
            Direction(entry["direction"]),
            Severity(entry["severity"]),
            entry["reason"],
            entry["action"],
            entry.get("denial_risk"),
            tuple(entry.get("rules", ())),
        )
    return MappingProxyType(found)


def to_finding(billed_code: str | None, ruling: Ruling) -> Finding:
    """Put a ruling into the words of its ground."""
    sentence = sentences()[ruling.ground]
    fills = {"code": billed_code or "", "supported": ruling.supported_code or "", **dict(ruling.fills)}
    return Finding(
        billed_code=billed_code,
        supported_code=ruling.supported_code,
        verdict=sentence.verdict.value,
        direction=sentence.direction.value,
        severity=sentence.severity.value,
        reason=_fill(sentence.reason, fills),
        denial_risk=_fill(sentence.denial_risk, fills) if sentence.denial_risk else None,
        rules=tuple(dict.fromkeys((*sentence.rules, *ruling.rules))),
        band=ruling.band,
        score=ruling.score,
        evidence=ruling.proof,
        action=_fill(sentence.action, fills) if sentence.action else None,
    )


def _fill(text: str, fills: Mapping[str, str]) -> str:
    for name, value in fills.items():
        text = text.replace("{" + name + "}", value)
    return text
