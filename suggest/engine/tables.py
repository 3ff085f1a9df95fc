"""Read coding.yaml and combinations.yaml: which code a concept takes, and what a stated link makes of two."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from nlp.errors import KnowledgeError
from nlp.knowledge import check_choice, check_entry, check_unique, load_yaml
from suggest.result import Band, Kind, Necessity

CODING = "coding.yaml"
COMBINATIONS = "combinations.yaml"
_OPTIONAL = (
    "phrase",
    "covers",
    "band",
    "necessity",
    "past",
    "family",
    "lifelong",
    "nutrient",
    "stage",
    "symptom",
    "outside",
    "derived",
    "id",
)


@dataclass(frozen=True, slots=True)
class Coding:
    """How one concept is coded."""

    concept: str
    code: str | None
    kind: Kind
    phrase: str | None
    covers: frozenset[str]
    band: Band
    necessity: Necessity
    past: str | None
    family: str | None
    lifelong: bool
    nutrient: str | None
    stage: str | None
    symptom: str | None
    outside: str | None


@dataclass(frozen=True, slots=True)
class Combination:
    """What a link from one of `causes` to one of `effects` gives."""

    id: str
    effects: frozenset[str]
    causes: frozenset[str]
    gives: str
    acute: bool
    untyped: bool
    keeps_cause: bool
    adds: bool
    phrase: str


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of the engine. `group(name)` is empty for an unknown name: spelling is checked on load."""

    coding: dict[str, Coding]
    groups: dict[str, frozenset[str]]
    combinations: tuple[Combination, ...]

    def group(self, name: str) -> frozenset[str]:
        """Return the concepts of a group."""
        return self.groups[name]


def _coding(entry: dict[str, Any]) -> Coding:
    named = {**entry, "id": entry.get("concept", "without concept")}
    check_entry(CODING, named, required=("concept", "code", "kind"), optional=_OPTIONAL)
    name = str(entry["concept"])
    check_choice(CODING, name, "kind", entry["kind"], [k.value for k in Kind])
    check_choice(CODING, name, "band", entry.get("band", "code"), [b.value for b in Band])
    check_choice(CODING, name, "necessity", entry.get("necessity", "required"), [n.value for n in Necessity])
    check_choice(CODING, name, "symptom", entry.get("symptom", ""), ["", "absorbed", "kept"])
    return Coding(
        name,
        entry["code"],
        Kind(entry["kind"]),
        entry.get("phrase"),
        frozenset(entry.get("covers", ())),
        Band(entry.get("band", "code")),
        Necessity(entry.get("necessity", "required")),
        entry.get("past"),
        entry.get("family"),
        bool(entry.get("lifelong", False)),
        entry.get("nutrient"),
        entry.get("stage"),
        entry.get("symptom"),
        entry.get("outside"),
    )


def _members(name: str, values: list[str], groups: dict[str, frozenset[str]]) -> frozenset[str]:
    out: set[str] = set()
    for value in values:
        if value.startswith("<"):
            group = value.strip("<>")
            if group not in groups:
                raise KnowledgeError(
                    f"{COMBINATIONS}, entry {name}: unknown group {group}; define it in {CODING}"
                )
            out |= groups[group]
        else:
            out.add(value)
    return frozenset(out)


@cache
def tables() -> Tables:
    """Return the tables, read once.

    Raises:
        KnowledgeError: an entry is not of its form.
    """
    data = load_yaml("suggest.knowledge", CODING)
    groups = {name: frozenset(members) for name, members in data["groups"].items()}
    coding = {entry["concept"]: _coding(entry) for entry in data["concepts"]}
    if len(coding) != len(data["concepts"]):
        raise KnowledgeError(f"{CODING}: a concept stands twice; give each one entry")
    rows = load_yaml("suggest.knowledge", COMBINATIONS)
    check_unique(COMBINATIONS, rows)
    combinations = []
    for row in rows:
        check_entry(
            COMBINATIONS,
            row,
            required=("id", "effect", "cause", "gives", "phrase"),
            optional=("when", "keeps_cause", "adds"),
        )
        name = str(row["id"])
        if row["gives"] not in coding:
            raise KnowledgeError(f"{COMBINATIONS}, entry {name}: {row['gives']} has no line in {CODING}")
        combinations.append(
            Combination(
                name,
                _members(name, row["effect"], groups),
                _members(name, row["cause"], groups),
                row["gives"],
                row.get("when") == "acute",
                row.get("when") == "untyped",
                bool(row.get("keeps_cause", True)),
                bool(row.get("adds", False)),
                row["phrase"],
            )
        )
    return Tables(coding, groups, tuple(combinations))
