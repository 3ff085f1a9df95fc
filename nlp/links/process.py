"""Find the places where the words make one thing the cause of another (R30, S01)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.facts import Assertion, Condition, Link, Medication, Unit
from nlp.layout import marker_value
from nlp.links.load import LinkCue, LinkRules, link_rules
from nlp.literals import fold, may_hold
from nlp.patterns import spaced
from nlp.steps import spend
from nlp.view import normalise

REACH = 90  # code points between a cue and what it joins; a clause is rarely longer
ANAPHOR_REACH = 120  # code points within which an anaphor may look past a nearer fact for a better one
MOST_NODES = 60  # facts of a unit on either side of a cue that it may reach
HEDGE_REACH = 30  # code points around a cue in which a hedge makes the cause uncertain
_BREAK = re.compile(r"[;\n]|\bbut\b|\bhowever\b|\balthough\b|\bwhereas\b|\bwhile\b|\.\s", re.IGNORECASE)
_RIGHT_BREAK = re.compile(
    r"[;\n]|\bbut\b|\bhowever\b|\balthough\b|\bwhereas\b|\.\s|,\s*(?:there|no|not|without|which|who|she|he|they|we|i|will|continue|start|started)\b",
    re.IGNORECASE,
)
_OBJECT = spaced(
    r"^\s*(?:(?:for|of|to|behind)\s+)?(?:it|this|that|them|both|these|the (?:above|former|latter|same))\b",
    re.IGNORECASE,
)
_STORES = re.compile(
    r"\s*(?:all )?(?:of )?(?:his|her|their|the|your) (?:body )?(?:stores?|reserves?|supply)\b", re.IGNORECASE
)
_ALONE = re.compile(r"\s*(?:this|that|these|it)[ ]?(?:[.,;:)-]|$)")  # "from this - too early for more"
_TIGHT = re.compile(r"(?:\s|\([^)]{0,12}\)|use|therapy|treatment|-)*", re.IGNORECASE)
_CUT_BEFORE = re.compile(r"[.;,:\n]\s|\band\b|\bbut\b")  # what parts a cue from the words before it
_CUT_BEHIND = re.compile(r"[.;,\n]|\band\b|\bbut\b")
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

# "secondary to the above" may point to the item before
_ABOVE = spaced(r"\s*(?:the )?(?:above|same|former|foregoing|preceding)\b", re.IGNORECASE)
_AND = spaced(
    r"(?:\s*\([^)]{1,12}\))?\s*(?:and|&|/|\+|plus|as well as)\s*"
    r"(?:also|to|from|her|his|chronic|mild|severe|\s)*",
    re.IGNORECASE,
)
# Facts on one side of a cue: a longer list names no causes, and the pairs would grow as its square.
_MOST_JOINED = 8


@dataclass(frozen=True, slots=True)
class _Node:
    """A fact that can be a cause or an effect, as the rules see it."""

    id: str
    concept: str
    start: int
    end: int
    absent: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    cause: _Node
    effect: _Node
    start: int
    end: int
    denied: bool
    hedged: bool


def _nodes(conditions: Sequence[Condition], medications: Sequence[Medication]) -> list[_Node]:
    nodes = [_Node(c.id, c.concept, c.start, c.end, c.assertion is Assertion.ABSENT) for c in conditions]
    nodes += [_Node(m.id, f"drug:{m.drug_class}", m.start, m.end) for m in medications]
    return sorted(nodes, key=lambda n: (n.start, n.end, n.id))


def _at_left(nodes: list[_Node], view: str, position: int, tight: bool) -> list[_Node]:
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


def _at_right(nodes: list[_Node], view: str, position: int, tight: bool) -> list[_Node]:
    """The facts that stand right behind a cue: the nearest, and those joined to it."""
    behind = [n for n in nodes if n.start >= position]
    if not behind:
        return []
    nearest = min(behind, key=lambda n: (n.start, -n.end))
    between = view[position : nearest.start]
    if len(between) > (24 if tight else REACH) or _RIGHT_BREAK.search(between):
        return []
    if tight and re.search(r"[,:()]", between):
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


def _allowed(cue: LinkCue, rules: LinkRules, cause: _Node, effect: _Node) -> bool:
    if cause.id == effect.id:
        return False
    if not cue.only:
        return True
    causes, effects = rules.groups_of(cause.concept), rules.groups_of(effect.concept)
    return any(a in causes and b in effects for a, b in cue.only)


def _antecedent(
    nodes: list[_Node], before: int, rules: LinkRules, other: _Node, *, as_cause: bool
) -> list[_Node]:
    """What an anaphor stands for: of the facts shortly before it, the one whose rank lies nearest."""
    rank = rules.rank_of(other.concept)
    best: _Node | None = None
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


def _window(view: str, unit: Unit, start: int, end: int) -> str:
    left = view[max(unit.start, start - HEDGE_REACH) : start]
    cut = max((m.end() for m in _CUT_BEFORE.finditer(left)), default=0)
    right = view[end : min(unit.end, end + HEDGE_REACH)]
    stop = _CUT_BEHIND.search(right)
    return left[cut:] + view[start:end] + (right[: stop.start()] if stop else right)


@dataclass(frozen=True, slots=True)
class _Around:
    """What a cue may reach: facts of its unit, of its item before it, the numbered items of its section."""

    nodes: list[_Node]
    earlier: list[_Node]
    numbered: dict[int, list[_Node]]
    above: list[_Node]


def _by_number(view: str, position: int, around: _Around) -> list[_Node]:
    """The facts of the problem that "#1" or "number two" points to."""
    tail = view[position : position + 30]
    match = _NUMBER.match(tail)
    if match is None or (_HASH.match(tail) is None):
        return []
    word = match.group("n").lower()
    told = around.numbered.get(_WORDS.get(word, int(word) if word.isdigit() else 0), [])
    # the problem is what its first words name, not what is denied, given or sent for below them
    return [node for node in told if node.start == told[0].start]


def _pairs(
    cue: LinkCue, rules: LinkRules, match: re.Match[str], around: _Around, view: str, unit: Unit
) -> Iterator[tuple[_Node, _Node]]:
    start, end = match.span()
    left = _at_left(around.nodes, view, start, cue.tight)
    right = _at_right(around.nodes, view, end, cue.tight)
    if cue.direction == "effect_within":
        effects = [n for n in around.nodes if start < n.start and n.end <= end]
        yield from ((cause, effect) for effect in effects for cause in right)
    elif cue.direction == "cause_first":
        yield from _cause_first(cue, rules, match, around, view, unit, left, right)
    elif cue.direction == "effect_first":
        yield from _effect_first(cue, rules, match, around, view, unit, left, right)
    else:
        for one in left:
            for other in right:
                if rules.rank_of(one.concept) <= rules.rank_of(other.concept):
                    yield one, other
                else:
                    yield other, one


def _cause_first(
    cue: LinkCue,
    rules: LinkRules,
    match: re.Match[str],
    around: _Around,
    view: str,
    unit: Unit,
    left: list[_Node],
    right: list[_Node],
) -> Iterator[tuple[_Node, _Node]]:
    start, end = match.span()
    before = around.nodes + around.earlier
    lead = view[max(unit.start, start - 40) : start]
    tail = view[end : min(unit.end, end + 24)]
    if cue.tight and left and not right:  # "anemia, chemotherapy-induced"
        yield from ((left[0], effect) for effect in _at_left(around.nodes, view, left[-1].start, False)[:1])
        return
    spoken = None if cue.tight else rules.cause_before.search(lead)
    if right and spoken is not None and not any(n.end >= start - len(lead) + spoken.end() for n in left):
        left = _antecedent(before, start - len(lead) + spoken.start(), rules, right[0], as_cause=True) or left
    if left and not cue.tight and _OBJECT.match(tail):
        right = _antecedent(before, left[-1].start, rules, left[0], as_cause=False) or right
    if left and not right and (cue.id == "contributing" or _STORES.match(tail)):
        right = _antecedent(before, left[-1].start, rules, left[0], as_cause=False)
    for effect in right:
        for cause in left:
            yield cause, effect


def _deficiency_of(nutrient: str, nodes: list[_Node], effect: _Node, rules: LinkRules) -> list[_Node]:
    """The last deficiency of a nutrient that was stated before: "tingling, from the B12"."""
    wanted = f"{nutrient.lower().replace('-', '')}_deficiency"
    found = [n for n in nodes if n.end <= effect.start and not n.absent and wanted in n.concept]
    found = [n for n in found if rules.rank_of(n.concept) < rules.rank_of(effect.concept)]
    return [max(found, key=lambda n: n.end)] if found else []


def _effect_first(
    cue: LinkCue,
    rules: LinkRules,
    match: re.Match[str],
    around: _Around,
    view: str,
    unit: Unit,
    left: list[_Node],
    right: list[_Node],
) -> Iterator[tuple[_Node, _Node]]:
    start, end = match.span()
    before = around.nodes + around.earlier
    lead = view[max(unit.start, start - 40) : start]
    tail = view[end : min(unit.end, end + 24)]
    numbered = [] if cue.tight else _by_number(view, end, around)
    if left and numbered:
        right = numbered
    elif left and (not right or _ALONE.match(tail)) and rules.cause_behind.match(tail.lstrip()):
        right = _antecedent(before, left[-1].start, rules, left[0], as_cause=True)
        if not right and _ABOVE.match(tail):
            right = _antecedent(around.above, left[0].start, rules, left[0], as_cause=True)
    elif left and not right and (named := rules.nutrient.match(tail.lstrip())):
        right = _deficiency_of(named["nutrient"], [*before, *around.above], left[0], rules)
    spoken = (
        rules.effect_before.search(lead)
        or not lead.strip(" -*#:,.")
        or (start - unit.start <= len(lead) and rules.effect_unsaid.fullmatch(lead))
        or cue.id == "label"
    )
    if right and not left and not cue.tight and spoken:
        left = _antecedent(before, start, rules, right[0], as_cause=False)
    for effect in left:
        for cause in right:
            yield cause, effect


def _in_unit(
    rules: LinkRules, cues: Sequence[LinkCue], view: str, folded: str, unit: Unit, around: _Around
) -> Iterator[_Found]:
    """Yield what `cues` join in a unit: those of the rules that the facts and the letters of a note allow."""
    nodes = around.nodes
    spend((unit.end - unit.start) * len(rules.cues))
    starts = [node.start for node in nodes]
    taken: list[tuple[int, int]] = []  # in text order, apart
    words = folded[unit.start : unit.end]
    for cue in cues:
        if not may_hold(words, cue.letters):
            continue
        for match in cue.pattern.finditer(view, unit.start, unit.end):
            start, end = match.span()
            place = bisect_left(taken, (start, end))
            if start == end or any(start < b and a < end for a, b in taken[max(place - 1, 0) : place + 1]):
                continue
            here = bisect_right(starts, start)
            near_by = nodes[max(here - MOST_NODES, 0) : here + MOST_NODES]
            if any(n.start <= start and end <= n.end for n in near_by):
                continue  # the cue is part of a name
            reached = _Around(near_by, around.earlier, around.numbered, around.above)
            pairs = [
                (cause, effect)
                for cause, effect in _pairs(cue, rules, match, reached, view, unit)
                if _allowed(cue, rules, cause, effect)
            ]
            if not pairs:
                continue
            near = _window(view, unit, start, end)
            denied = rules.denial.search(near) is not None
            hedged = rules.hedge.search(near) is not None
            for cause, effect in pairs:
                yield _Found(cause, effect, start, end, denied, hedged)
            insort(taken, (start, end))
    yield from _behind_names(rules, view, unit, nodes)


def _behind_names(rules: LinkRules, view: str, unit: Unit, nodes: list[_Node]) -> Iterator[_Found]:
    """In "anemia of CKD and iron deficiency" the name holds one cause; what is joined to it is another."""
    for position, name in enumerate(nodes):
        cue = rules.named_cause.search(view, name.start, name.end)
        if cue is None:
            continue
        edge = name.end
        for node in nodes[position + 1 :]:
            joint = view[edge : node.start]
            if node.start < edge or not _AND.fullmatch(joint):
                break
            if rules.rank_of(node.concept) < rules.rank_of(name.concept):
                near = _window(view, unit, cue.start(), cue.end())
                hedged = rules.hedge.search(near + joint) is not None
                yield _Found(
                    node, name, cue.start(), cue.end(), rules.denial.search(near) is not None, hedged
                )
            edge = node.end


def _problems(units: Sequence[Unit], nodes: Sequence[_Node]) -> dict[int, dict[int, list[_Node]]]:
    """The facts of each numbered problem by section: "due to #2" may stand before the second problem."""
    found: dict[int, dict[int, list[_Node]]] = {}
    position, section, number = 0, -1, 0
    for unit in units:
        if unit.section != section:
            section, number = unit.section, 0
        if unit.marker is not None:
            number = marker_value(unit.marker)
        while position < len(nodes) and nodes[position].start < unit.end:
            if number and nodes[position].start >= unit.start:
                found.setdefault(section, {}).setdefault(number, []).append(nodes[position])
            position += 1
    return found


def read_links(
    text: str,
    units: Sequence[Unit],
    conditions: Sequence[Condition],
    medications: Sequence[Medication],
    note_id: str | None = None,
) -> tuple[Link, ...]:
    """Return the causal links of a note in text order.

    A link joins facts of one unit, or by an anaphor ("This is the cause of her anemia") the facts of
    one item. `hedged` is set where a word near the cue makes the cause uncertain, `denied` where the
    words deny it. The span is that of the linking words.
    """
    nodes = _nodes(conditions, medications)
    if len(nodes) < 2:
        return ()
    rules = link_rules()
    view = normalise(text)
    folded = fold(view)
    cues = rules.cues_among((node.concept for node in nodes), folded)
    links: dict[tuple[str, str], Link] = {}
    position = 0
    recent: list[_Node] = []
    item = -1
    section = -1
    problems = _problems(units, nodes)
    numbered: dict[int, list[_Node]] = {}
    above: list[_Node] = []
    for unit in units:
        if unit.section != section:
            section, above = unit.section, []
            numbered = problems.get(section, {})
        here: list[_Node] = []
        while position < len(nodes) and nodes[position].start < unit.end:
            if nodes[position].start >= unit.start:
                here.append(nodes[position])
            position += 1
        if unit.item != item:
            above = recent or above
            recent, item = [], unit.item
        if not here:
            continue
        if len(here) > 1 or recent or above or numbered:  # one fact alone is linked to nothing
            for found in _in_unit(rules, cues, view, folded, unit, _Around(here, recent, numbered, above)):
                key = (found.cause.id, found.effect.id)
                if key not in links:
                    links[key] = Link(
                        *key,
                        found.denied,
                        found.hedged,
                        note_id,
                        found.start,
                        found.end,
                        text[found.start : found.end],
                    )
        recent = (recent + here)[-40:]
    return tuple(sorted(links.values(), key=lambda link: (link.start, link.end, link.cause, link.effect)))
