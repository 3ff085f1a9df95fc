"""Find the conditions, causes, manifestations, procedures and findings that a note names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nlp.concepts.finder import Finder, all_terms
from nlp.concepts.load import ConceptRule
from nlp.facts import ConditionCategory, Unit
from nlp.literals import fold
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


def _attributes(match: re.Match[str]) -> tuple[tuple[str, str], ...]:
    """Named groups that matched; `weeks3` and `weeks` are one name."""
    return tuple(
        (name.rstrip("0123456789"), value.strip().lower())
        for name, value in match.groupdict().items()
        if value
    )


def _hits(text: str, units: Sequence[Unit]) -> Iterator[_Hit]:
    """Yield what the patterns match, entry by entry; each is tried only in units that hold its letters."""
    view = normalise(text)
    folded, plain = fold(view), view.isascii()
    finder = all_terms()
    for number, index in _to_try(finder, folded, units):
        probe, unit = finder.probes[number], units[index]
        spend(unit.end - unit.start)
        if plain and (pattern := probe.expression.lowered) is not None:  # half the time
            found = pattern.finditer(folded, unit.start, unit.end)
        else:
            found = probe.expression.compiled.finditer(view, unit.start, unit.end)
        for match in found:
            start, end = match.span()
            if start == end or _cuts_word(view, end, unit) or _ruled_out(probe.rule, view, start, end, unit):
                continue
            yield _Hit(start, end, probe.rule, index, _attributes(match))


def _to_try(finder: Finder, folded: str, units: Sequence[Unit]) -> list[tuple[int, int]]:
    """Return pairs of a probe and a unit that holds all its letters, in the order of the lexicon."""
    search = finder.search(folded)
    wanted = search.in_units(units)
    if finder.everywhere:
        for index in range(len(units)):
            wanted.setdefault(index, set()).update(finder.everywhere)
    found: list[tuple[int, int]] = []
    for index, tried in wanted.items():
        low, high = units[index].start, units[index].end
        seen: dict[int, bool] = {}
        found += [(number, index) for number in tried if search.fits(number, low, high, seen)]
    return sorted(found)


def _cuts_word(view: str, end: int, unit: Unit) -> bool:
    """Whether a match ends where its unit does, in the middle of a word."""
    return end == unit.end < len(view) and view[end].isalnum() and view[end - 1].isalnum()


def _ruled_out(rule: ConceptRule, view: str, start: int, end: int, unit: Unit) -> bool:
    low, high = max(0, start - NEAR), min(len(view), end + NEAR)
    if rule.near is not None and not (
        rule.near.compiled.search(view, low, start) or rule.near.compiled.search(view, end, high)
    ):
        return True
    if rule.not_near is not None and rule.not_near.compiled.search(view, low, high):
        return True
    if rule.unless_before is not None and rule.unless_before.compiled.search(
        view[max(unit.start, start - 60) : start]
    ):
        return True
    return rule.unless_after is not None and rule.unless_after.compiled.match(view, end) is not None


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
