"""Find the conditions, causes, manifestations, procedures and findings that a note names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nlp.concepts.load import ConceptRule, lexicon
from nlp.facts import ConditionCategory, Unit
from nlp.steps import spend
from nlp.view import normalise

NEAR = 160  # code points around a term in which its company is looked for


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where the note names one concept or several (coordinated forms)."""

    start: int
    end: int
    concepts: tuple[str, ...]
    category: ConditionCategory
    rule: str
    unit: int
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    rule: ConceptRule
    unit: int
    attributes: tuple[tuple[str, str], ...]


def _units_with(
    stems: Iterable[str], lowered: str, starts: Sequence[int], units: Sequence[Unit]
) -> dict[str, list[int]]:
    """For each stem the units that hold it, in order."""
    found: dict[str, list[int]] = {}
    for stem in stems:
        at = lowered.find(stem)
        if at < 0:
            continue
        places: list[int] = []
        while at >= 0:
            index = bisect_right(starts, at) - 1
            if index < 0 or at >= units[index].end:
                at = lowered.find(stem, at + 1)
                continue
            places.append(index)
            # the unit is taken whole, so look on behind it
            at = lowered.find(stem, max(at + 1, units[index].end))
        if places:
            found[stem] = places
    return found


def _attributes(match: re.Match[str]) -> tuple[tuple[str, str], ...]:
    """Named groups that matched; `weeks3` and `weeks` are one name."""
    return tuple(
        (name.rstrip("0123456789"), value.strip().lower())
        for name, value in match.groupdict().items()
        if value
    )


def _hits(text: str, units: Sequence[Unit]) -> Iterator[_Hit]:
    view = normalise(text)
    lowered = view.lower()
    if len(lowered) != len(view):  # a few letters grow when lowered; keep offsets true
        lowered = "".join(c if len(c.lower()) != 1 else c.lower() for c in view)
    starts = [u.start for u in units]
    rules = lexicon()
    where = _units_with({need for rule in rules for need in rule.needs}, lowered, starts, units)
    for rule in rules:
        places = sorted({index for need in rule.needs for index in where.get(need, ())})
        for index in places:
            unit = units[index]
            spend(unit.end - unit.start)
            for pattern in rule.patterns:
                for match in pattern.finditer(view, unit.start, unit.end):
                    start, end = match.span()
                    if start == end or _ruled_out(rule, view, start, end, unit):
                        continue
                    yield _Hit(start, end, rule, index, _attributes(match))


def _ruled_out(rule: ConceptRule, view: str, start: int, end: int, unit: Unit) -> bool:
    low, high = max(0, start - NEAR), min(len(view), end + NEAR)
    if rule.near is not None and not (
        rule.near.search(view, low, start) or rule.near.search(view, end, high)
    ):
        return True
    if rule.not_near is not None and rule.not_near.search(view, low, high):
        return True
    if rule.unless_before is not None and rule.unless_before.search(
        view[max(unit.start, start - 60) : start]
    ):
        return True
    return rule.unless_after is not None and rule.unless_after.match(view, end) is not None


def _longest(hits: Iterable[_Hit]) -> Iterator[_Hit]:
    """Keep the longest of overlapping hits; among equals the entry that stands first in the lexicon."""
    ordered = sorted(hits, key=lambda h: (h.start, -h.end, h.rule.order))
    cluster: list[_Hit] = []
    reach = -1
    for hit in ordered:
        if cluster and hit.start >= reach:
            yield from _best(cluster)
            cluster = []
        cluster.append(hit)
        reach = max(reach, hit.end) if len(cluster) > 1 else hit.end
    yield from _best(cluster)


def _best(cluster: list[_Hit]) -> list[_Hit]:
    if len(cluster) < 2:
        return cluster
    kept: list[_Hit] = []
    for hit in sorted(cluster, key=lambda h: (h.start - h.end, h.rule.order, h.start)):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: h.start)


def find_mentions(text: str, units: Sequence[Unit]) -> tuple[Mention, ...]:
    """Return the mentions of a note in text order; they never overlap and never leave their unit.

    The longest and most specific reading wins. A mention of a coordinated form ("B12 and folate
    deficiency") names several concepts.
    """
    return tuple(
        Mention(h.start, h.end, h.rule.concepts, h.rule.category, h.rule.id, h.unit, h.attributes)
        for h in _longest(_hits(text, units))
        if h.rule.category is not None
    )
