"""What stands within reach of a linking word: the facts beside it, and those that it points back to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from nlp.facts import Assertion, Condition, Medication
from nlp.links.load import LinkRules
from nlp.patterns import spaced

REACH = 90  # code points between a cue and what it joins; a clause is rarely longer

ANAPHOR_REACH = 120  # code points within which an anaphor may look past a nearer fact for a better one

_BREAK = re.compile(r"[;\n]|\bbut\b|\bhowever\b|\balthough\b|\bwhereas\b|\bwhile\b|\.\s", re.IGNORECASE)

_RIGHT_BREAK = re.compile(
    r"[;\n]|\bbut\b|\bhowever\b|\balthough\b|\bwhereas\b|\.\s|,\s*(?:there|no|not|without|which|who|she|he|they|we|i|will|continue|start|started)\b",
    re.IGNORECASE,
)

_TIGHT = re.compile(r"(?:\s|\([^)]{0,12}\)|use|therapy|treatment|-)*", re.IGNORECASE)

_APART = re.compile(r"[,:()]")  # between a tight cue and what follows it

_NUMBER = re.compile(
    r"^\s*(?:the\s+)?(?:#|no\.?|number|nr\.?|problem|item|dx|diagnosis|point|\()?\s*#?\s*(?P<n>\d{1,2}|one|two|three|four|five|six)\b\)?(?!\s*(?:mg|mcg|units?|weeks?|months?|years?|days?|%|[-/.]\d))",
    re.IGNORECASE,
)

_HASH = re.compile(r"^\s*(?:#|no\.?|number|nr\.?|problem|item|dx|diagnosis|point|\()", re.IGNORECASE)

_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

_JOINT = spaced(
    r"^[\s,(]*(?:(?:and|or|&|/|\+|plus|as well as|along with|combined with|together with|, and|both)?[\s,]*)?"
    r"(?:(?:\([a-z0-9]\)|a|an|the|his|her|its|also|to|from|due|of|possible|chronic|severe|mild|moderate|long-?term|ongoing|heavy|use|"
    r"poor|some|years|prior|previous|known)\s+){0,4}[\s(]*$",
    re.IGNORECASE,
)

# Facts on one side of a cue: a longer list names no causes, and the pairs would grow as its square.
_MOST_JOINED = 8


class Node(NamedTuple):
    """A fact that can be a cause or an effect, as the rules see it."""

    id: str
    concept: str
    start: int
    end: int
    absent: bool = False


_place = itemgetter(2, 3, 0)  # start, end and id of a node


def fact_nodes(conditions: Sequence[Condition], medications: Sequence[Medication]) -> list[Node]:
    """Return conditions and drugs as facts that may be joined, in text order."""
    nodes = [Node(c.id, c.concept, c.start, c.end, c.assertion is Assertion.ABSENT) for c in conditions]
    nodes += [Node(m.id, f"drug:{m.drug_class}", m.start, m.end) for m in medications]
    return sorted(nodes, key=_place)


def at_left(nodes: list[Node], view: str, position: int, tight: bool) -> list[Node]:
    """The facts that end right before a cue: the nearest, and those joined to it by "and" or a comma."""
    before = [n for n in nodes if n.end <= position]
    if not before:
        return []
    nearest = max(before, key=lambda n: (n.end, n.start))
    between = view[nearest.end : position]
    if len(between) > (14 if tight else REACH) or (between.strip(" ,()") and _BREAK.search(between)):
        return []
    if tight and not _TIGHT.fullmatch(between):
        return []
    found = [n for n in before if n.start == nearest.start]
    if tight:
        return found
    edge = nearest.start
    for node in sorted(before, key=lambda n: -n.end):
        if node.end <= edge and node not in found:
            if len(found) >= _MOST_JOINED:
                break
            if not _JOINT.fullmatch(view[node.end : edge]) or not view[node.end : edge].strip():
                break
            found.append(node)
            edge = node.start
    return found


def at_right(nodes: list[Node], view: str, position: int, tight: bool) -> list[Node]:
    """The facts that stand right behind a cue: the nearest, and those joined to it."""
    behind = [n for n in nodes if n.start >= position]
    if not behind:
        return []
    nearest = min(behind, key=lambda n: (n.start, -n.end))
    between = view[position : nearest.start]
    if len(between) > (24 if tight else REACH) or _RIGHT_BREAK.search(between):
        return []
    if tight and _APART.search(between):
        return []
    found = [n for n in behind if n.start == nearest.start]
    edge = max(n.end for n in found)
    for node in behind:
        if node.start >= edge:
            if len(found) >= _MOST_JOINED:
                break
            if not _JOINT.fullmatch(view[edge : node.start]) or not view[edge : node.start].strip():
                break
            found.append(node)
            edge = node.end
    return found


def antecedent(
    nodes: list[Node], before: int, rules: LinkRules, other: Node, *, as_cause: bool
) -> list[Node]:
    """What an anaphor stands for: of the facts shortly before it, the one whose rank lies nearest."""
    rank = rules.rank_of(other.concept)
    best: Node | None = None
    for node in sorted(
        (n for n in nodes if n.end <= before and n.concept != other.concept and not n.absent),
        key=lambda n: -n.end,
    ):
        own = rules.rank_of(node.concept)
        if not (own < rank if as_cause else own > rank):
            continue
        if best is None:
            best = node
        elif best.start - node.end > ANAPHOR_REACH:
            break
        elif abs(own - rank) < abs(rules.rank_of(best.concept) - rank):
            best = node
    return [] if best is None else [best]


@dataclass(frozen=True, slots=True)
class Around:
    """What a cue may reach: facts of its unit, of its item before it, the numbered items of its section."""

    nodes: list[Node]
    earlier: list[Node]
    numbered: dict[int, list[Node]]
    above: list[Node]


def by_number(view: str, position: int, around: Around) -> list[Node]:
    """The facts of the problem that "#1" or "number two" points to."""
    tail = view[position : position + 30]
    match = _NUMBER.match(tail)
    if match is None or (_HASH.match(tail) is None):
        return []
    word = match.group("n").lower()
    told = around.numbered.get(_WORDS.get(word, int(word) if word.isdigit() else 0), [])
    # the problem is what its first words name, not what is denied, given or sent for below them
    return [node for node in told if node.start == told[0].start]


def deficiency_of(nutrient: str, nodes: list[Node], effect: Node, rules: LinkRules) -> list[Node]:
    """The last deficiency of a nutrient that was stated before: "tingling, from the B12"."""
    wanted = f"{nutrient.lower().replace('-', '')}_deficiency"
    found = [n for n in nodes if n.end <= effect.start and not n.absent and wanted in n.concept]
    found = [n for n in found if rules.rank_of(n.concept) < rules.rank_of(effect.concept)]
    return [max(found, key=lambda n: n.end)] if found else []
