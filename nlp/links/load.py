"""Read `cues.yaml` of the links into compiled cues."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

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
from nlp.literals import CLOSES, OPENS, Choice, bare, required
from nlp.lowered import lowered
from nlp.pattern_nodes import ignores_case
from nlp.patterns import compiled, wrong_pattern
from nlp.scan import held, look_for, told_by

FILE = "links/cues.yaml"
DIRECTIONS = ("effect_first", "cause_first", "either", "effect_within")
DRUG = "drug"
_PARTS = ("cues", "anaphors", "hedges", "denials", "named_causes", "not_links", "groups", "ranks")


class Letters(NamedTuple):
    """Letters of which one stands wherever a cue does: those that are words of the text, and others."""

    told: frozenset[str]  # what tells of them, see `nlp.scan.told_by`
    words: frozenset[str]  # without the marks of their borders
    others: tuple[tuple[str, str], ...]  # what tells of each, and itself without these marks

    def others_in(self, known: frozenset[str]) -> Sequence[str]:
        """Return those of the others that a text may hold, of which `nlp.scan.held` told."""
        return [plain for told, plain in self.others if told in known] if self.others else ()


@dataclass(frozen=True, slots=True)
class LinkCue:
    """A family of linking words. `only` holds the (cause group, effect group) pairs it joins; empty: any."""

    id: str
    direction: str
    pattern: re.Pattern[str]
    tight: bool
    only: tuple[tuple[str, str], ...]
    example: str
    letters: tuple[Letters, ...]  # folded text without any of each row holds no such words


Told = Sequence[tuple[frozenset[str], Sequence[str]]]  # of each row of letters, those that a text may hold
LikelyCue = tuple[LinkCue, Told]


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
    groups: dict[str, frozenset[str]]  # of each concept that is in any
    rank: dict[str, int]

    def groups_of(self, concept: str) -> frozenset[str]:
        """Names of the groups that hold a concept (drugs are the group `drug`)."""
        if concept.startswith("drug:"):
            return frozenset({DRUG})
        return self.groups.get(concept, frozenset())

    def cues_among(self, concepts: Iterable[str], folded: str) -> list[LikelyCue]:
        """The cues that may join two of the concepts, and whose letters a folded text may hold."""
        known = held(folded)
        groups = frozenset[str]().union(*map(self.groups_of, concepts))
        found: list[LikelyCue] = []
        for cue in self.cues:
            for row in cue.letters:
                if row.told.isdisjoint(known):
                    break
            else:
                if not cue.only or any(a in groups and b in groups for a, b in cue.only):
                    found.append((cue, [(row.words, row.others_in(known)) for row in cue.letters]))
        return found

    def rank_of(self, concept: str) -> int:
        """A lower rank causes a higher one; drugs rank with diet and surgery."""
        return 0 if concept.startswith("drug:") else self.rank.get(concept, 2)


def _by_concept(groups: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    concepts = frozenset[str]().union(*groups.values())
    return {c: frozenset(name for name, members in groups.items() if c in members) for c in concepts}


def _cue(entry: Mapping[str, Any], groups: Collection[str]) -> LinkCue:
    check_entry(
        FILE,
        entry,
        required=("id", "direction", "match", "source", "example"),
        optional=("tight", "only", "signs"),
    )
    name = str(entry["id"])
    check_list(FILE, entry, "match")
    check_truth(FILE, entry, "tight", "signs")
    check_choice(FILE, name, "direction", entry["direction"], DIRECTIONS)
    pairs = entry.get("only", [])
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise KnowledgeError(
            f"{FILE}, entry {name}: only must be a list of pairs [cause group, effect group]"
        )
    for pair in pairs:
        for group in pair:
            check_choice(FILE, name, "group", group, groups)
    border = "" if entry.get("tight") else r"(?<![A-Za-z0-9])"
    frame = "(?:%s)" if entry.get("signs") else rf"{border}(?:%s)(?![A-Za-z0-9])"
    pattern = compiled(f"{FILE}, entry {name}", entry["match"], frame, re.IGNORECASE)
    return LinkCue(
        name,
        entry["direction"],
        pattern,
        bool(entry.get("tight", False)),
        tuple((str(a), str(b)) for a, b in pairs),
        str(entry["example"]),
        tuple(map(_letters, required(pattern, folds=ignores_case(pattern)))),
    )


def _letters(choice: Choice) -> Letters:
    plain = {letters: bare(letters) for letters in choice}
    words = {
        w for w, inner in plain.items() if w == OPENS + inner + CLOSES and inner.isascii() and inner.isalnum()
    }
    return Letters(
        frozenset(map(told_by, choice)),
        frozenset(plain[word] for word in words),
        tuple((told_by(letters), plain[letters]) for letters in sorted(choice - words)),
    )


def _groups(data: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    for name, members in data["groups"].items():
        check_list(FILE, {"id": f"groups, {name}", "members": members}, "members")
        for member in members:
            check_known(FILE, f"groups, {name}", "concept", member, concept_names(), where="the lexicon")
    return {name: frozenset(members) for name, members in data["groups"].items()}


@cache
def link_rules() -> LinkRules:
    """Return the compiled rules, read once.

    Raises:
        KnowledgeError: an entry is not of its form or names an unknown concept or group.
    """
    return build_links(load_yaml("nlp.links", "cues.yaml"))


def build_links(data: Mapping[str, Any]) -> LinkRules:
    """Check the content of the file and compile it.

    Raises:
        KnowledgeError: names the file and the entry that is wrong, and what is wrong with it.
    """
    for part in _PARTS:
        if part not in data:
            raise KnowledgeError(f"{FILE}: lacks the part {part}; see the file's head")
    check_unique(FILE, data["cues"])
    groups = _groups(data)
    rank: dict[str, int] = {}
    for level, names in enumerate(data["ranks"]):
        for name in names:
            check_choice(FILE, "ranks", "group", name, groups)
            for concept in groups[name]:
                rank.setdefault(concept, level)
    cues = tuple(_cue(entry, groups) for entry in data["cues"])
    look_for(told for cue in cues for row in cue.letters for told in row.told)

    def phrase(key: str, frame: str = r"\b(?:%s)\b") -> re.Pattern[str]:
        return compiled(f"{FILE}, entry anaphors, {key}", data["anaphors"][key], frame, re.IGNORECASE)

    def plain(key: str) -> re.Pattern[str]:
        try:
            return re.compile("|".join(data[key]), re.IGNORECASE)
        except re.error as error:
            raise wrong_pattern(f"{FILE}, entry {key}", data[key], error) from error

    for key in ("hedges", "denials", "named_causes"):
        check_list(FILE, {"id": key, key: data[key]}, key)
    return LinkRules(
        cues,
        phrase("cause_before"),
        phrase("cause_behind"),
        phrase("nutrient", "%s"),
        phrase("effect_before"),
        phrase("effect_unsaid", r"[\s\-*#:,.]*(?:%s)\s*"),
        plain("hedges"),
        plain("denials"),
        compiled(f"{FILE}, entry named_causes", data["named_causes"], r"\b(?:%s)\b", re.IGNORECASE),
        _by_concept(groups),
        rank,
    )


def compile_cues() -> None:
    """Compile each form of the cues, so that no note has to wait for it."""
    for cue in link_rules().cues:
        lowered(cue.pattern.pattern, cue.pattern.flags)
