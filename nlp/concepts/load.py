"""Read `lexicon.yaml` into compiled rules, refusing what is not of its form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from nlp.errors import KnowledgeError
from nlp.expression import BEGINS, Expression
from nlp.facts import ConditionCategory
from nlp.knowledge import (
    check_choice,
    check_entry,
    check_known,
    check_list,
    check_truth,
    check_unique,
    load_yaml,
)
from nlp.patterns import flexible_white

FILE = "lexicon.yaml"
MASK = "mask"
_KEYS = ("id", "category", "patterns", "needs", "example")
_OPTIONAL = (
    "concept",
    "concepts",
    "anchor",
    "case",
    "unless_before",
    "unless_after",
    "near",
    "not_near",
    "near_misses",
    "why",
    "source",
)
_FRAGMENT = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class ConceptRule:
    """One entry of the lexicon, compiled. `order` is its place in the file."""

    id: str
    concepts: tuple[str, ...]
    category: ConditionCategory | None  # None: a mask
    patterns: tuple[Expression, ...]
    needs: tuple[str, ...]
    anchor: bool
    order: int
    example: str
    unless_before: Expression | None = None
    unless_after: Expression | None = None
    near: Expression | None = None
    not_near: Expression | None = None


def _expand(pattern: str, fragments: dict[str, str], entry: str) -> str:
    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in fragments:
            raise KnowledgeError(
                f"{FILE}, entry {entry}: unknown fragment {{{name}}}; define it under fragments"
            )
        return fragments[name]

    return _FRAGMENT.sub(replace, pattern)


def _compile(written: str, fragments: dict[str, str], entry: str, *, case: bool, bounded: bool) -> Expression:
    source = flexible_white(_expand(written, fragments, entry))
    if bounded:
        source = rf"{BEGINS}(?:{source})(?![A-Za-z0-9])"
    try:
        return Expression(source, 0 if case else re.IGNORECASE)
    except re.error as error:
        raise KnowledgeError(
            f"{FILE}, entry {entry}: the pattern '{written}' does not compile ({error.msg}); mend it"
        ) from error


def _rule(order: int, entry: dict[str, Any], fragments: dict[str, str], names: frozenset[str]) -> ConceptRule:
    check_entry(FILE, entry, required=_KEYS, optional=_OPTIONAL)
    name = str(entry["id"])
    check_choice(FILE, name, "category", entry["category"], [c.value for c in ConditionCategory] + [MASK])
    check_list(FILE, entry, "patterns", "needs", "concepts", "near_misses")
    check_truth(FILE, entry, "anchor", "case")
    for key in ("patterns", "needs"):
        if not entry[key]:
            raise KnowledgeError(f"{FILE}, entry {name}: {key} is empty, so that nothing is ever found")
    for concept in (*entry.get("concepts", ()), entry.get("concept", name)):
        check_known(
            FILE, name, "concept", concept, names, where="the ids of the file, or from its list apart"
        )
    if "[[" not in str(entry["example"]):
        raise KnowledgeError(f"{FILE}, entry {name}: the example marks no [[words]]; mark what is found")
    case = bool(entry.get("case", False))

    def side(key: str) -> Expression | None:
        value = entry.get(key)
        if not value:
            return None
        return _compile(str(value), fragments, name, case=case, bounded=False)

    if "concept" in entry and "concepts" in entry:
        raise KnowledgeError(f"{FILE}, entry {name}: give concept or concepts, not both")
    concepts = tuple(entry.get("concepts") or (entry.get("concept", name),))
    return ConceptRule(
        id=name,
        concepts=concepts,
        category=None if entry["category"] == MASK else ConditionCategory(entry["category"]),
        patterns=tuple(
            _compile(pattern, fragments, name, case=case, bounded=True) for pattern in entry["patterns"]
        ),
        needs=tuple(str(n).lower() for n in entry["needs"]),
        anchor=bool(entry.get("anchor", False)),
        order=order,
        example=str(entry["example"]),
        unless_before=side("unless_before"),
        unless_after=side("unless_after"),
        near=side("near"),
        not_near=side("not_near"),
    )


@cache
def lexicon() -> tuple[ConceptRule, ...]:
    """Return the rules in file order.

    Raises:
        KnowledgeError: an entry is not of its form; the message names file and entry.
    """
    return build_lexicon(load_yaml("nlp.concepts", FILE))


def build_lexicon(data: Any) -> tuple[ConceptRule, ...]:
    """Check the content of the file and compile it.

    Raises:
        KnowledgeError: names the file and the entry that is wrong, and what is wrong with it.
    """
    if not isinstance(data, dict) or set(data) != {"fragments", "apart", "concepts"}:
        raise KnowledgeError(f"{FILE}: must hold a mapping with the keys fragments, apart and concepts")
    fragments: dict[str, str] = {}
    for name, value in data["fragments"].items():
        fragments[name] = _expand(str(value), fragments, f"fragment {name}")
    check_unique(FILE, data["concepts"])
    names = frozenset(str(entry.get("id")) for entry in data["concepts"]) | frozenset(data["apart"])
    return tuple(_rule(order, entry, fragments, names) for order, entry in enumerate(data["concepts"]))


def compile_terms() -> None:
    """Compile the expressions of the lexicon in each form, so that no note has to wait for it."""
    for rule in lexicon():
        for expression in rule.patterns:
            _ = expression.compiled, expression.lowered, expression.loose
        for side in (rule.unless_before, rule.unless_after, rule.near, rule.not_near):
            _ = side and side.compiled


@cache
def concept_names() -> frozenset[str]:
    """Return every concept that the lexicon can produce."""
    return frozenset(c for rule in lexicon() if rule.category is not None for c in rule.concepts)


@cache
def anchor_rules() -> frozenset[str]:
    """Return the ids of the entries that alone make a note worth reading."""
    return frozenset(rule.id for rule in lexicon() if rule.anchor)
