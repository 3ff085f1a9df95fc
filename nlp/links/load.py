"""Read `cues.yaml` of the links into compiled cues."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from nlp.concepts.load import concept_names
from nlp.errors import KnowledgeError
from nlp.knowledge import check_choice, check_entry, check_unique, load_yaml
from nlp.literals import needed_sets
from nlp.patterns import flexible_white
from nlp.scan import LetterScan

FILE = "links/cues.yaml"
DIRECTIONS = ("effect_first", "cause_first", "either", "effect_within")
DRUG = "drug"


@dataclass(frozen=True, slots=True)
class LinkCue:
    """A family of linking words. `only` holds the (cause group, effect group) pairs it joins; empty: any."""

    id: str
    direction: str
    pattern: re.Pattern[str]
    tight: bool
    only: tuple[tuple[str, str], ...]
    example: str
    letters: tuple[tuple[str, ...], ...]  # folded text without any of each row holds no such words


@dataclass(frozen=True, slots=True)
class LinkRules:
    """Everything that the links component knows."""

    cues: tuple[LinkCue, ...]
    cause_before: re.Pattern[str]
    cause_behind: re.Pattern[str]
    nutrient: re.Pattern[str]
    effect_before: re.Pattern[str]
    effect_unsaid: re.Pattern[str]
    hedge: re.Pattern[str]
    denial: re.Pattern[str]
    named_cause: re.Pattern[str]
    scan: LetterScan  # for the letters of all cues
    groups: dict[str, frozenset[str]]  # of each concept that is in any
    rank: dict[str, int]

    def groups_of(self, concept: str) -> frozenset[str]:
        """Names of the groups that hold a concept (drugs are the group `drug`)."""
        if concept.startswith("drug:"):
            return frozenset({DRUG})
        return self.groups.get(concept, frozenset())

    def cues_among(self, concepts: Iterable[str], folded: str) -> list[LinkCue]:
        """The cues that may join two of the concepts, and whose letters a folded text may hold."""
        groups = frozenset[str]().union(*map(self.groups_of, concepts))
        letters = self.scan.held(folded)
        return [
            cue
            for cue in self.cues
            if (not cue.only or any(a in groups and b in groups for a, b in cue.only))
            and not any(letters.isdisjoint(row) for row in cue.letters)
        ]

    def rank_of(self, concept: str) -> int:
        """A lower rank causes a higher one; drugs rank with diet and surgery."""
        return 0 if concept.startswith("drug:") else self.rank.get(concept, 2)


def _join(patterns: list[str]) -> str:
    return "|".join(flexible_white(p) for p in patterns)


def _by_concept(groups: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    concepts = frozenset[str]().union(*groups.values())
    return {c: frozenset(name for name, members in groups.items() if c in members) for c in concepts}


@cache
def link_rules() -> LinkRules:
    """Return the compiled rules.

    Raises:
        KnowledgeError: an entry is not of its form or names an unknown concept or group.
    """
    data = load_yaml("nlp.links", "cues.yaml")
    check_unique(FILE, data["cues"])
    groups = {name: frozenset(members) for name, members in data["groups"].items()}
    for name, members in groups.items():
        unknown = sorted(members - concept_names())
        if unknown:
            raise KnowledgeError(
                f"{FILE}, group {name}: unknown concept {unknown[0]}; define it in the lexicon"
            )
    rank: dict[str, int] = {}
    for level, names in enumerate(data["ranks"]):
        for name in names:
            check_choice(FILE, "ranks", "group", name, groups)
            for concept in groups[name]:
                rank.setdefault(concept, level)
    cues = []
    for entry in data["cues"]:
        check_entry(
            FILE,
            entry,
            required=("id", "direction", "match", "source", "example"),
            optional=("tight", "only", "signs"),
        )
        name = str(entry["id"])
        check_choice(FILE, name, "direction", entry["direction"], DIRECTIONS)
        pairs = tuple((str(a), str(b)) for a, b in entry.get("only", ()))
        for pair in pairs:
            for group in pair:
                check_choice(FILE, name, "group", group, groups)
        body = _join(entry["match"])
        border = "" if entry.get("tight") else r"(?<![A-Za-z0-9])"
        pattern = re.compile(
            f"(?:{body})" if entry.get("signs") else rf"{border}(?:{body})(?![A-Za-z0-9])", re.IGNORECASE
        )
        cues.append(
            LinkCue(
                name,
                entry["direction"],
                pattern,
                bool(entry.get("tight", False)),
                pairs,
                str(entry["example"]),
                needed_sets(pattern),
            )
        )
    anaphors = data["anaphors"]

    def phrase(key: str) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{_join(anaphors[key])})\b", re.IGNORECASE)

    return LinkRules(
        tuple(cues),
        phrase("cause_before"),
        phrase("cause_behind"),
        re.compile(_join(anaphors["nutrient"]), re.IGNORECASE),
        phrase("effect_before"),
        re.compile(rf"[\s\-*#:,.]*(?:{_join(anaphors['effect_unsaid'])})\s*", re.IGNORECASE),
        re.compile("|".join(data["hedges"]), re.IGNORECASE),
        re.compile("|".join(data["denials"]), re.IGNORECASE),
        re.compile(rf"\b(?:{_join(data['named_causes'])})\b", re.IGNORECASE),
        LetterScan(letters for cue in cues for row in cue.letters for letters in row),
        _by_concept(groups),
        rank,
    )
