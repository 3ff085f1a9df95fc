"""Find the conditions, causes, manifestations, procedures and findings that a note names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from nlp.concepts.finder import Probe, all_terms
from nlp.concepts.load import ConceptRule
from nlp.facts import ConditionCategory, Unit
from nlp.literals import fold
from nlp.steps import spend
from nlp.view import normalise

NEAR = 160  # code points around a term in which its company is looked for
# What a pattern matches, as it is put in order: start, end (negative, so that the longest is the first), the
# numbers of probe and unit, which tell any two apart, and the match.
_Hit = tuple[int, int, int, int, re.Match[str]]


class Mention(NamedTuple):
    """A place where the note names one concept or several (coordinated forms)."""

    start: int
    end: int
    concepts: tuple[str, ...]
    category: ConditionCategory
    rule: str
    unit: int
    attributes: tuple[tuple[str, str], ...] = ()


def _attributes(match: re.Match[str]) -> tuple[tuple[str, str], ...]:
    """Named groups that matched; `weeks3` and `weeks` are one name."""
    if match.lastindex is None:  # no group did
        return ()
    return tuple(
        (name.rstrip("0123456789"), value.strip().lower())
        for name, value in match.groupdict().items()
        if value
    )


def _hits(text: str, units: Sequence[Unit]) -> list[_Hit]:
    """Return what the patterns match, in text order; each is tried only in units that hold its letters."""
    view = normalise(text)
    folded, plain = fold(view), view.isascii()
    finder = all_terms()
    probes = finder.probes
    found: list[_Hit] = []
    steps = 0
    for number, index in finder.to_try(folded, units):
        probe, unit = probes[number], units[index]
        low, high = unit.start, unit.end
        steps += high - low
        if plain and (pattern := probe.expression.lowered) is not None:  # half the time
            matches = pattern.finditer(folded, low, high)
        else:
            matches = probe.expression.compiled.finditer(view, low, high)
        for match in matches:
            start, end = match.span()
            if start == end or (end == high and _cuts_word(view, end)):
                continue
            if not (probe.sided and _ruled_out(probe.rule, view, start, end, unit)):
                found.append((start, -end, number, index, match))
    spend(steps)
    found.sort()
    return found


def _cuts_word(view: str, end: int) -> bool:
    """Whether a place is in the middle of a word."""
    return end < len(view) and view[end].isalnum() and view[end - 1].isalnum()


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


def _longest(hits: Sequence[_Hit], probes: Sequence[Probe]) -> list[_Hit]:
    """Keep the longest of overlapping hits; among equals the entry that stands first in the lexicon."""
    kept: list[_Hit] = []
    cluster: list[_Hit] = []
    reach = -1
    for hit in hits:
        if hit[0] >= reach:
            kept += cluster if len(cluster) < 2 else _best(cluster, probes)
            cluster = [hit]
            reach = -hit[1]
        else:
            cluster.append(hit)
            reach = max(reach, -hit[1])
    return kept + (cluster if len(cluster) < 2 else _best(cluster, probes))


def _best(cluster: list[_Hit], probes: Sequence[Probe]) -> list[_Hit]:
    kept: list[_Hit] = []
    for hit in sorted(cluster, key=lambda h: (h[0] + h[1], probes[h[2]].rule.order, h[0])):
        if all(-hit[1] <= other[0] or hit[0] >= -other[1] for other in kept):
            kept.append(hit)
    return sorted(kept)


def find_mentions(text: str, units: Sequence[Unit]) -> tuple[Mention, ...]:
    """Return the mentions of a note in text order; they never overlap and never leave their unit.

    The longest and most specific reading wins. A mention of a coordinated form ("B12 and folate
    deficiency") names several concepts.
    """
    probes = all_terms().probes
    mentions: list[Mention] = []
    for start, end, number, index, match in _longest(_hits(text, units), probes):
        rule = probes[number].rule
        if rule.category is not None:
            mentions.append(
                Mention(start, -end, rule.concepts, rule.category, rule.id, index, _attributes(match))
            )
    return tuple(mentions)
