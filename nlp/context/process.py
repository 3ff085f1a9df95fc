"""Say of each mention how it is meant: affirmed or not, now or then, the patient or another."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from nlp.context.answers import with_answer
from nlp.context.hits import CueHit, UnitHits, opens_segment
from nlp.context.load import Cue, Vocabulary, load_vocabulary
from nlp.context.scopes import UnitScopes
from nlp.context.tokens import Tokens, read_tokens
from nlp.facts import Assertion, Experiencer, Modifier, ModifierSource, Section, Temporality
from nlp.layout import Layout, split_units
from nlp.steps import spend
from nlp.view import normalise

# Between an owner and what is owned stand adjectives, none of these: "her roommate has anemia".
_ENDS_DESCRIPTION = frozenset(
    "and or of for no any has have had is was are were with in on to gets reports denies denied said".split()
)
# "neither has made her anemic": she is the object, and owns nothing.
_OBJECT_VERBS = frozenset(
    "make makes made making leave leaves left render rendered keep keeps kept find found give gave".split()
)
_ASSERTIONS = {item.value: item for item in Assertion}
_TEMPORALITIES = {item.value: item for item in Temporality}
_EXPERIENCERS = {item.value: item for item in Experiencer}
_TOLD_TOO = ("current", "remission")  # kinds of cue that are shown though another decides
_ASSERTION_ORDER = ("negated", "hypothetical", "possible", "affirmed")


class SpanAssertion(NamedTuple):
    """How a mention is meant, and the words or the section that decided it, in text order."""

    assertion: Assertion = Assertion.PRESENT
    temporality: Temporality = Temporality.CURRENT
    experiencer: Experiencer = Experiencer.PATIENT
    modifiers: tuple[Modifier, ...] = ()


_AS_WRITTEN = SpanAssertion()


class _Found(NamedTuple):
    """A cue that reaches a mention, `distance` tokens away."""

    cue: Cue
    first: int
    last: int
    distance: int

    def spares(self, owned: int) -> bool:
        """Tell whether the cue leaves alone a term at token `owned` that is said to be somebody's."""
        return self.cue.spares_owned and (self.distance > 0 or self.first >= owned)


_EMPTY_BOX = re.compile(r"\s*\[ ?\]\s*")
_TICKED = re.compile(r"\[[xX\u2713\u2714]\]")


def assert_span(text: str, start: int, end: int) -> SpanAssertion:
    """Say how `text[start:end]` is meant, from the words of its sentence alone.

    Args:
        text: any text, a sentence or a whole note.
        start: where the mention starts, in code points.
        end: where it ends, exclusive.
    """
    view = normalise(text)
    borders = next(((a, b) for a, b in split_units(text) if a <= start < b), (start, end))
    vocabulary = load_vocabulary()
    spend(borders[1] - borders[0])
    tokens, (found,) = _in_unit(view, borders, [(start, end)], vocabulary)
    return _decide(text, found, tokens, None, None) if found else _AS_WRITTEN


def resolve(text: str, layout: Layout, spans: Sequence[tuple[int, int]]) -> tuple[SpanAssertion, ...]:
    """Say how each of `spans` is meant, from the words of its unit, then from its section.

    Wording overrules the section ("Family history: patient herself has …"). The time is linear in
    the text of the units that hold a mention plus the number of mentions.

    Args:
        text: the note as given.
        layout: its layout, from `nlp.layout.read_layout`.
        spans: the mentions, in any order; the answer keeps their order.
    """
    view = normalise(text)
    vocabulary = load_vocabulary()
    answers = [_AS_WRITTEN] * len(spans)
    by_unit: dict[int, list[int]] = {}
    units, starts = layout.units, [unit.start for unit in layout.units]
    for index, (begin, _) in enumerate(spans):
        number = bisect_right(starts, begin) - 1
        if number >= 0 and begin < units[number].end:  # else in a header's title: no wording and no section
            by_unit.setdefault(number, []).append(index)
    for number, members in by_unit.items():
        if len(members) > 1:
            members.sort(key=spans.__getitem__)
        unit = units[number]
        start = unit.start if unit.marker is None else _with_box(view, unit.start, unit.marker)
        section = layout.sections[unit.section]
        effect = vocabulary.sections.get(section.category)
        spend(unit.end - start)
        tokens, found = _in_unit(view, (start, unit.end), [spans[index] for index in members], vocabulary)
        for index, reached in zip(members, found, strict=True):
            if reached or effect is not None:
                answers[index] = _decide(text, reached, tokens, section, effect)
    return tuple(answers)


def _with_box(view: str, start: int, marker: str) -> int:
    """Where a unit starts, with the empty box before it where other boxes of the note are ticked."""
    if _EMPTY_BOX.fullmatch(marker) is None or _TICKED.search(view) is None:
        return start
    box = view.rfind(marker.strip(), max(0, start - len(marker) - 4), start)
    return start if box < 0 else box


def _in_unit(
    view: str, borders: tuple[int, int], spans: Sequence[tuple[int, int]], vocabulary: Vocabulary
) -> tuple[Tokens, list[list[_Found]]]:
    """Return the tokens of a unit, and for each of `spans` (in text order) the cues that reach it."""
    tokens = read_tokens(view, borders[0], with_answer(view, borders[1]))
    hits = UnitHits(tokens, vocabulary)
    found: list[list[_Found]] = [[] for _ in spans]
    if not hits.cues:
        return tokens, found
    targets = [tokens.cover(start, end) for start, end in spans]
    latest, earliest = targets[-1][0], min([last for _, last in targets])
    ahead = [hit for hit in hits.cues if hit.cue.ahead and hit.last <= latest]
    behind = [hit for hit in hits.cues if hit.cue.behind and hit.first >= earliest]
    if ahead or behind:
        first = min([hit.last for hit in ahead], default=0)
        scopes = UnitScopes(tokens, hits, (first, latest))
        if ahead:
            _sweep_forward(scopes, ahead, targets, found)
        if behind:
            _sweep_backward(scopes, behind, targets, found)
    _add_inside(hits, targets, found)
    owners = vocabulary.classes["owner"]
    for index, reached in enumerate(found):
        if reached:
            found[index] = _heeded(tokens, reached, *targets[index], owners)
    return tokens, found


def _heeded(
    tokens: Tokens, reached: list[_Found], first: int, last: int, owners: frozenset[str]
) -> list[_Found]:
    """Return the cues that speak of a term: not those that spare what is owned or suit other terms."""
    for item in reached:
        if item.cue.spares_owned or item.cue.only:
            break
    else:
        return reached
    if any(item.cue.spares_owned for item in reached) and _owned(tokens, first, owners):
        reached = [item for item in reached if not item.spares(first)]
    return [item for item in reached if not item.cue.only or item.cue.suits(tokens.words[first:last])]


def _owned(tokens: Tokens, first: int, owners: frozenset[str]) -> bool:
    """Tell whether an owner stands before the term with words of description between: "her chronic …"."""
    for index in range(first - 1, max(first - 4, -1), -1):
        if tokens.words[index] in owners:
            return index == 0 or tokens.words[index - 1] not in _OBJECT_VERBS
        if not tokens.words[index].isalpha() or tokens.words[index] in _ENDS_DESCRIPTION:
            return False
    return False


def _sweep_forward(
    scopes: UnitScopes, hits: list[CueHit], targets: Sequence[tuple[int, int]], found: list[list[_Found]]
) -> None:
    """Give each target the cues before it whose scope it lies in; of one cue the nearest only."""
    if len(hits) > 1:
        hits.sort(key=_last)
    active: dict[str, tuple[CueHit, int]] = {}
    at = 0
    for index, (first, _) in enumerate(targets):
        while at < len(hits) and hits[at].last <= first:
            active[hits[at].cue.id] = (hits[at], scopes.forward(hits[at])[1])
            at += 1
        for hit, end in active.values():
            if first < end:
                found[index].append(_Found(*hit, first - hit.last))


def _sweep_backward(
    scopes: UnitScopes, hits: list[CueHit], targets: Sequence[tuple[int, int]], found: list[list[_Found]]
) -> None:
    """Give each target the cues behind it whose scope it lies in; of one cue the nearest only."""
    firsts = {first for first, _ in targets}
    # in "stable anemia, resolved melena" the word belongs to what follows it
    hits = [
        hit
        for hit in hits
        if not (hit.cue.kind == "resolved" and hit.last in firsts and opens_segment(scopes.tokens, hit.first))
    ]
    hits.sort(key=_first)
    active: dict[str, tuple[CueHit, int, int]] = {}
    at = len(hits) - 1
    for index in sorted(range(len(targets)), key=lambda number: targets[number][1], reverse=True):
        last = targets[index][1]
        while at >= 0 and hits[at].first >= last:
            active[hits[at].cue.id] = (hits[at], *scopes.backward(hits[at]))
            at -= 1
        for hit, begin, end in active.values():
            if begin < last <= end:
                found[index].append(_Found(*hit, hit.first - last))


def _add_inside(hits: UnitHits, targets: Sequence[tuple[int, int]], found: list[list[_Found]]) -> None:
    """Give each target the cues that stand in it: "status post gastrectomy"."""
    inside = [hit for hit in hits.cues if hit.cue.inside]
    if not inside:
        return
    starts = [hit.first for hit in inside]
    for index, (first, last) in enumerate(targets):
        for hit in inside[bisect_left(starts, first) : bisect_left(starts, last)]:
            if hit.last <= last:
                found[index].append(_Found(*hit, -1))  # nearer than any word beside it


def _first(hit: CueHit) -> int:
    return hit.first


def _last(hit: CueHit) -> int:
    return hit.last


def _decide(
    text: str,
    found: list[_Found],
    tokens: Tokens,
    section: Section | None,
    effect: tuple[str, str] | None,
) -> SpanAssertion:
    """Weigh the cues of one mention, then let the section speak where they are silent."""
    told = found
    values: dict[str, str] = {}
    if len(found) > 1:
        picked = _picked(found)
        _set(values, picked)
        told = [*picked.values()]
        told += [i for i in found if i.cue.kind in _TOLD_TOO and picked.get(i.cue.axis) != i]
    elif found:
        cue = found[0].cue
        values.update(cue.alone)
        if not (cue.decides or cue.kind in _TOLD_TOO):
            told = []
    modifiers = [_modifier(text, item, tokens) for item in told]
    if section is not None and effect is not None and not _spoken(effect[0], found):
        axis, value = effect
        values[axis] = value
        end = section.start + len(section.title)
        modifiers.append(
            Modifier(value, section.start, end, text[section.start : end], ModifierSource.SECTION)
        )
    if len(modifiers) > 1:
        modifiers.sort(key=lambda modifier: (modifier.start, modifier.end, modifier.cue or ""))
    return SpanAssertion(
        _ASSERTIONS[values.get("assertion", "present")],
        _TEMPORALITIES[values.get("temporality", "current")],
        _EXPERIENCERS[values.get("experiencer", "patient")],
        tuple(modifiers),
    )


def _picked(found: list[_Found]) -> dict[str, _Found]:
    """Return the cue that decides on each axis, where one does."""
    picks = {
        "assertion": _pick_assertion(_on_axis(found, "assertion")),
        "temporality": _pick_temporality(_on_axis(found, "temporality")),
        "experiencer": _nearest(_on_axis(found, "experiencer")),
    }
    return {axis: item for axis, item in picks.items() if item is not None}


def _set(values: dict[str, str], picked: Mapping[str, _Found]) -> None:
    """Set what the cues that decide make of a mention."""
    assertion, temporality = picked.get("assertion"), picked.get("temporality")
    if assertion is None and temporality is not None:  # "no longer anemic" speaks on two axes
        values.update(temporality.cue.sets)
    for axis, item in picked.items():
        values.update(pair for pair in item.cue.sets if pair[0] == axis)
    if assertion is not None and temporality is None:
        values.update(assertion.cue.sets)


def _spoken(axis: str, found: Iterable[_Found]) -> bool:
    """Tell whether wording decides the axis, so that the section stays silent."""
    return any(item.cue.axis == axis and item.cue.kind != "remission" for item in found)


def _on_axis(found: Iterable[_Found], axis: str) -> list[_Found]:
    """Return the cues of an axis; a weak one only where no other speaks."""
    on_axis = [item for item in found if item.cue.axis == axis]
    strong = [item for item in on_axis if not item.cue.weak]
    return [item for item in (strong or on_axis) if item.cue.decides]


def _nearest(found: list[_Found]) -> _Found | None:
    if len(found) < 2:
        return found[0] if found else None
    return min(found, key=lambda item: (item.distance, item.first))


def _pick_assertion(found: list[_Found]) -> _Found | None:
    """Absence outweighs a condition, a condition outweighs a hedge; explicit presence must be nearest."""
    nearest = _nearest(found)
    if nearest is None or nearest.cue.kind == "affirmed":
        return nearest
    value = _nearest(
        [item for item in found if item.cue.kind == "affirmed" and item.cue.direction == "backward"]
    )
    if value is not None and nearest.cue.kind == "possible":  # "suspected B12 deficiency, confirmed"
        return value
    for kind in _ASSERTION_ORDER:
        of_kind = _nearest([item for item in found if item.cue.kind == kind])
        if of_kind is not None:
            return of_kind
    return nearest


def _pick_temporality(found: list[_Found]) -> _Found | None:
    """The nearest word decides; "resolved" outweighs "history of" and, behind the term, "chronic"."""
    nearest = _nearest(found)
    if nearest is not None and nearest.cue.id == "current.adjective":
        behind = [item for item in found if item.cue.kind == "resolved" and item.cue.direction == "backward"]
        return _nearest(behind) or nearest
    if nearest is not None and nearest.cue.kind == "historical":
        return _nearest([item for item in found if item.cue.kind == "resolved"]) or nearest
    return nearest


def _modifier(text: str, item: _Found, tokens: Tokens) -> Modifier:
    start, end = tokens.span(item.first)[0], tokens.span(item.last - 1)[1]
    return Modifier(item.cue.kind, start, end, text[start:end], ModifierSource.WORDING, item.cue.id)
