"""Read coding.yaml and combinations.yaml: which code a concept takes, and what a stated link makes of two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from nlp.concepts.load import concept_names
from nlp.errors import KnowledgeError
from nlp.knowledge import (
    check_choice,
    check_entry,
    check_known,
    check_list,
    check_truth,
    check_unique,
    load_yaml,
)
from nlp.medications.load import DRUG_CLASSES
from suggest.knowledge.load import PHRASES, phrases
from suggest.release.scope import scope_families
from suggest.result import Band, Kind, Necessity

CODING = "coding.yaml"
COMBINATIONS = "combinations.yaml"
NUTRIENTS = ("b12", "iron", "folate")
NUTRIENT_STATES = ("b12_state", "iron_state", "folate_state")  # groups of coding.yaml
STAGES = ("ckd", "short_bowel")  # each has its function in the engine
_LEXICON = "nlp/concepts/lexicon.yaml, or from an entry of coding.yaml with derived: true"
_SCOPE = "suggest/release/scope.csv"
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
    """All tables of the engine; every name in them is checked on load."""

    coding: dict[str, Coding]
    groups: dict[str, frozenset[str]]
    combinations: tuple[Combination, ...]
    codes: frozenset[str | None] = field(init=False, repr=False)  # that coding.yaml gives
    nutrient_states: frozenset[str] = field(init=False, repr=False)  # of the groups NUTRIENT_STATES
    # the concepts of a group; a KnowledgeError where the engine asks for one that the file no longer holds
    group: Callable[[str], frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Put together what is asked of each note."""
        members = [self.groups[name] for name in NUTRIENT_STATES if name in self.groups]
        object.__setattr__(self, "codes", frozenset(c.code for c in self.coding.values()))
        object.__setattr__(self, "nutrient_states", frozenset().union(*members))
        object.__setattr__(self, "group", _Groups(self.groups).__getitem__)


class _Groups(dict[str, frozenset[str]]):
    """The groups by name; says which one is lacking."""

    def __missing__(self, name: str) -> frozenset[str]:
        raise KnowledgeError(f"{CODING}: lacks the group {name}, which the engine asks for; put it back")


def _coding(entry: Mapping[str, Any], known: frozenset[str]) -> Coding:
    named = {**entry, "id": entry.get("concept", "without concept")}
    check_entry(CODING, named, required=("id", "concept", "code", "kind"), optional=_OPTIONAL)
    name = str(entry["concept"])
    check_known(CODING, name, "concept", entry["concept"], known, where=_LEXICON)
    check_choice(CODING, name, "kind", entry["kind"], [k.value for k in Kind])
    check_choice(CODING, name, "band", entry.get("band", "code"), [b.value for b in Band])
    check_choice(CODING, name, "necessity", entry.get("necessity", "required"), [n.value for n in Necessity])
    check_choice(CODING, name, "symptom", entry.get("symptom", ""), ["", "absorbed", "kept"])
    check_choice(CODING, name, "nutrient", entry.get("nutrient", NUTRIENTS[0]), NUTRIENTS)
    check_choice(CODING, name, "stage", entry.get("stage", STAGES[0]), STAGES)
    check_list(CODING, named, "covers")
    check_truth(CODING, named, "lifelong", "derived")
    for covered in entry.get("covers", ()):
        check_known(CODING, name, "concept in covers", covered, known, where=_LEXICON)
    for key in ("code", "past", "family"):
        if entry.get(key) is not None:
            check_known(CODING, name, f"code in {key}", entry[key], scope_families(), where=_SCOPE)
    if "phrase" in entry:
        check_known(CODING, name, "phrase", entry["phrase"], phrases(), where=PHRASES)
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


def _check_member(file: str, entry: str, key: str, member: str, known: frozenset[str]) -> None:
    """Refuse what is neither a concept nor `drug:` with a class of drugs."""
    kind, colon, drug_class = member.partition(":")
    if colon and kind == "drug":
        check_choice(file, entry, f"drug class in {key}", drug_class, DRUG_CLASSES)
    else:
        check_known(file, entry, f"concept in {key}", member, known, where=_LEXICON)


def _members(
    row: Mapping[str, Any], key: str, groups: Mapping[str, frozenset[str]], known: frozenset[str]
) -> frozenset[str]:
    """Return the concepts that `effect` or `cause` names, groups spelt out."""
    check_list(COMBINATIONS, row, key)
    name = str(row["id"])
    out: set[str] = set()
    for value in row[key]:
        if value.startswith("<"):
            group = value.strip("<>")
            check_known(COMBINATIONS, name, f"group in {key}", group, groups, where=f"the groups of {CODING}")
            out |= groups[group]
        else:
            _check_member(COMBINATIONS, name, key, value, known)
            out.add(value)
    return frozenset(out)


def _combination(
    row: Mapping[str, Any],
    coding: Mapping[str, Coding],
    groups: Mapping[str, frozenset[str]],
    known: frozenset[str],
) -> Combination:
    check_entry(
        COMBINATIONS,
        row,
        required=("id", "effect", "cause", "gives", "phrase"),
        optional=("when", "keeps_cause", "adds"),
    )
    name = str(row["id"])
    check_known(COMBINATIONS, name, "concept in gives", row["gives"], coding, where=f"the file {CODING}")
    check_choice(COMBINATIONS, name, "when", row.get("when", "acute"), ("acute", "untyped"))
    check_truth(COMBINATIONS, row, "keeps_cause", "adds")
    check_known(COMBINATIONS, name, "phrase", row["phrase"], phrases(), where=PHRASES)
    return Combination(
        name,
        _members(row, "effect", groups, known),
        _members(row, "cause", groups, known),
        row["gives"],
        row.get("when") == "acute",
        row.get("when") == "untyped",
        bool(row.get("keeps_cause", True)),
        bool(row.get("adds", False)),
        row["phrase"],
    )


def build_tables(data: Any, rows: Any) -> Tables:
    """Check the content of coding.yaml and of combinations.yaml and return the tables.

    Raises:
        KnowledgeError: names the file and the entry that is wrong, and what is wrong with it.
    """
    if not isinstance(data, Mapping) or set(data) != {"groups", "concepts"}:
        raise KnowledgeError(f"{CODING}: must hold a mapping with the keys groups and concepts")
    if not isinstance(data["groups"], Mapping) or not isinstance(data["concepts"], list):
        raise KnowledgeError(f"{CODING}: groups must map names to lists of concepts, concepts be a list")
    if not isinstance(rows, list):
        raise KnowledgeError(f"{COMBINATIONS}: must hold a list of entries, each a mapping with an id")
    concepts = data["concepts"]
    check_unique(CODING, ({"id": e.get("concept")} if isinstance(e, Mapping) else e for e in concepts))
    known = concept_names() | {str(e["concept"]) for e in concepts if e.get("derived") and "concept" in e}
    for name, members in data["groups"].items():
        check_list(CODING, {"id": f"groups, {name}", "members": members}, "members")
        for member in members:
            _check_member(CODING, f"groups, {name}", "group", member, known)
    groups = {name: frozenset(members) for name, members in data["groups"].items()}
    coding = {entry["concept"]: _coding(entry, known) for entry in concepts}
    check_unique(COMBINATIONS, rows)
    return Tables(coding, groups, tuple(_combination(row, coding, groups, known) for row in rows))


@cache
def tables() -> Tables:
    """Return the tables, read once.

    Raises:
        KnowledgeError: names the file and the entry that is wrong, and what is wrong with it.
    """
    return build_tables(load_yaml("suggest.knowledge", CODING), load_yaml("suggest.knowledge", COMBINATIONS))
