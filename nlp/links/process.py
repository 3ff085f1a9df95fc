"""Find the places where the words make one thing the cause of another (R30, S01)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.facts import Condition, Link, Medication, Unit
from nlp.layout import marker_value
from nlp.links.load import LikelyCue, LinkCue, LinkRules, Told, link_rules
from nlp.links.reach import (
    Around,
    Node,
    antecedent,
    at_left,
    at_right,
    by_number,
    deficiency_of,
    fact_nodes,
)
from nlp.literals import fold
from nlp.lowered import lowered
from nlp.patterns import spaced
from nlp.steps import spend
from nlp.view import normalise

MOST_NODES = 60  # facts of a unit on either side of a cue that it may reach

HEDGE_REACH = 30  # code points around a cue in which a hedge makes the cause uncertain

_WORD = re.compile(r"[a-z0-9]+")  # of folded text

_OBJECT = spaced(
    r"^\s*(?:(?:for|of|to|behind)\s+)?(?:it|this|that|them|both|these|the (?:above|former|latter|same))\b",
    re.IGNORECASE,
)

_STORES = re.compile(
    r"\s*(?:all )?(?:of )?(?:his|her|their|the|your) (?:body )?(?:stores?|reserves?|supply)\b", re.IGNORECASE
)

_ALONE = re.compile(r"\s*(?:this|that|these|it)[ ]?(?:[.,;:)-]|$)")  # "from this - too early for more"

_CUT_BEFORE = re.compile(r"[.;,:\n]\s|\band\b|\bbut\b")  # what parts a cue from the words before it

_CUT_BEHIND = re.compile(r"[.;,\n]|\band\b|\bbut\b")

# "secondary to the above" may point to the item before
_ABOVE = spaced(r"\s*(?:the )?(?:above|same|former|foregoing|preceding)\b", re.IGNORECASE)

_AND = spaced(
    r"(?:\s*\([^)]{1,12}\))?\s*(?:and|&|/|\+|plus|as well as)\s*"
    r"(?:also|to|from|her|his|chronic|mild|severe|\s)*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Found:
    cause: Node
    effect: Node
    start: int
    end: int
    denied: bool
    hedged: bool


def _allowed(cue: LinkCue, rules: LinkRules, cause: Node, effect: Node) -> bool:
    if cause.id == effect.id:
        return False
    if not cue.only:
        return True
    causes, effects = rules.groups_of(cause.concept), rules.groups_of(effect.concept)
    return any(a in causes and b in effects for a, b in cue.only)


def _window(view: str, unit: Unit, start: int, end: int) -> str:
    left = view[max(unit.start, start - HEDGE_REACH) : start]
    cut = max((m.end() for m in _CUT_BEFORE.finditer(left)), default=0)
    right = view[end : min(unit.end, end + HEDGE_REACH)]
    stop = _CUT_BEHIND.search(right)
    return left[cut:] + view[start:end] + (right[: stop.start()] if stop else right)


def _pairs(
    cue: LinkCue, rules: LinkRules, match: re.Match[str], around: Around, view: str, unit: Unit
) -> Iterator[tuple[Node, Node]]:
    start, end = match.span()
    left = at_left(around.nodes, view, start, cue.tight)
    right = at_right(around.nodes, view, end, cue.tight)
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
    around: Around,
    view: str,
    unit: Unit,
    left: list[Node],
    right: list[Node],
) -> Iterator[tuple[Node, Node]]:
    start, end = match.span()
    before = around.nodes + around.earlier
    lead = view[max(unit.start, start - 40) : start]
    tail = view[end : min(unit.end, end + 24)]
    if cue.tight and left and not right:  # "anemia, chemotherapy-induced"
        yield from ((left[0], effect) for effect in at_left(around.nodes, view, left[-1].start, False)[:1])
        return
    spoken = None if cue.tight else rules.cause_before.search(lead)
    if right and spoken is not None and not any(n.end >= start - len(lead) + spoken.end() for n in left):
        left = antecedent(before, start - len(lead) + spoken.start(), rules, right[0], as_cause=True) or left
    if left and not cue.tight and _OBJECT.match(tail):
        right = antecedent(before, left[-1].start, rules, left[0], as_cause=False) or right
    if left and not right and (cue.id == "contributing" or _STORES.match(tail)):
        right = antecedent(before, left[-1].start, rules, left[0], as_cause=False)
    for effect in right:
        for cause in left:
            yield cause, effect


def _effect_first(
    cue: LinkCue,
    rules: LinkRules,
    match: re.Match[str],
    around: Around,
    view: str,
    unit: Unit,
    left: list[Node],
    right: list[Node],
) -> Iterator[tuple[Node, Node]]:
    start, end = match.span()
    before = around.nodes + around.earlier
    lead = view[max(unit.start, start - 40) : start]
    tail = view[end : min(unit.end, end + 24)]
    numbered = [] if cue.tight else by_number(view, end, around)
    if left and numbered:
        right = numbered
    elif left and (not right or _ALONE.match(tail)) and rules.cause_behind.match(tail.lstrip()):
        right = antecedent(before, left[-1].start, rules, left[0], as_cause=True)
        if not right and _ABOVE.match(tail):
            right = antecedent(around.above, left[0].start, rules, left[0], as_cause=True)
    elif left and not right and (named := rules.nutrient.match(tail.lstrip())):
        right = deficiency_of(named["nutrient"], [*before, *around.above], left[0], rules)
    spoken = (
        rules.effect_before.search(lead)
        or not lead.strip(" -*#:,.")
        or (start - unit.start <= len(lead) and rules.effect_unsaid.fullmatch(lead))
        or cue.id == "label"
    )
    if right and not left and not cue.tight and spoken:
        left = antecedent(before, start, rules, right[0], as_cause=False)
    for effect in left:
        for cause in right:
            yield cause, effect


def _may_stand(letters: Told, words: frozenset[str], stretch: str) -> bool:
    """Return whether a stretch of folded text, of these words, holds letters of each row."""
    for whole, others in letters:
        if whole.isdisjoint(words):
            for part in others:
                if part in stretch:
                    break
            else:
                return False
    return True


def _in_unit(
    rules: LinkRules, cues: Sequence[LikelyCue], view: str, folded: str, unit: Unit, around: Around
) -> Iterator[_Found]:
    """Yield what `cues` join in a unit: those of the rules that the facts and the letters of a note allow."""
    nodes = around.nodes
    starts: list[int] = []
    taken: list[tuple[int, int]] = []  # in text order, apart
    stretch, plain = folded[unit.start : unit.end], view.isascii()
    words = frozenset(_WORD.findall(stretch))
    for cue in [cue for cue, letters in cues if _may_stand(letters, words, stretch)]:
        made = lowered(cue.pattern.pattern, cue.pattern.flags) if plain else None
        matches = (
            cue.pattern.finditer(view, unit.start, unit.end)
            if made is None
            else made.finditer(folded, unit.start, unit.end)
        )
        for match in matches:
            start, end = match.span()
            place = bisect_left(taken, (start, end))
            if start == end or any(start < b and a < end for a, b in taken[max(place - 1, 0) : place + 1]):
                continue
            starts = starts or [node.start for node in nodes]
            here = bisect_right(starts, start)
            near_by = nodes[max(here - MOST_NODES, 0) : here + MOST_NODES]
            if any(n.start <= start and end <= n.end for n in near_by):
                continue  # the cue is part of a name
            reached = Around(near_by, around.earlier, around.numbered, around.above)
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
    if len(nodes) > 1:
        yield from _behind_names(rules, view, unit, nodes)


def _behind_names(rules: LinkRules, view: str, unit: Unit, nodes: list[Node]) -> Iterator[_Found]:
    """In "anemia of CKD and iron deficiency" the name holds one cause; what is joined to it is another."""
    for position, name in enumerate(nodes[:-1]):
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
    nodes = fact_nodes(conditions, medications)
    if len(nodes) < 2:
        return ()
    rules = link_rules()
    view = normalise(text)
    folded = fold(view)
    cues = rules.cues_among({node.concept for node in nodes}, folded)
    links: dict[tuple[str, str], Link] = {}
    stretches = _stretches(units, nodes)
    spend(sum(unit.end - unit.start for unit, _ in stretches) * len(rules.cues))
    for unit, around in stretches:
        for found in _in_unit(rules, cues, view, folded, unit, around):
            key = (found.cause.id, found.effect.id)
            if key not in links:
                start, end = found.start, found.end
                links[key] = Link(*key, found.denied, found.hedged, note_id, start, end, text[start:end])
    return tuple(sorted(links.values(), key=lambda link: (link.start, link.end, link.cause, link.effect)))


def _stretches(units: Sequence[Unit], nodes: Sequence[Node]) -> list[tuple[Unit, Around]]:
    """Return each unit in which something may be linked, with all that its words can reach."""
    problems: dict[int, dict[int, list[Node]]] = {}  # "due to #2" may stand before the second problem
    found: list[tuple[Unit, Around]] = []
    numbered: dict[int, list[Node]] = {}
    recent: list[Node] = []
    above: list[Node] = []
    item = section = -1
    marker: str | None = None  # the last of the section
    position, last, following = 0, len(nodes), nodes[0].start
    for unit in units:
        if unit.section != section:
            section, above, marker = unit.section, [], None
            numbered = problems.setdefault(section, {})
        if unit.marker is not None:
            marker = unit.marker
        if unit.item != item:
            above = recent or above
            recent, item = [], unit.item
        start, end = unit.start, unit.end
        if following >= end:
            continue
        here: list[Node] = []
        while following < end:
            if following >= start:
                here.append(nodes[position])
            position += 1
            if position == last:
                break
            following = nodes[position].start
        if here:
            if marker is not None and (number := marker_value(marker)):
                numbered.setdefault(number, []).extend(here)
            found.append((unit, Around(here, recent, numbered, above)))
            recent = (recent + here)[-40:]
        if position == last:
            break
    # one fact alone is linked to nothing
    return [(unit, a) for unit, a in found if len(a.nodes) > 1 or a.earlier or a.above or a.numbered]
