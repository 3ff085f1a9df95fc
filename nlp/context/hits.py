"""Find the cues and breaks of one unit, each once, and drop those that another explains away."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from nlp.context.load import AXES, Break, Cue, Vocabulary
from nlp.context.phrases import BREAK, CUE, NO_BREAK, NO_CUE, End, Place
from nlp.context.tokens import Tokens

_SEPARATORS = frozenset(",;:.|()[]?!\u2022*")
_NEAR = 24
_LABEL = 4  # words that a label or its value may have


class CueHit(NamedTuple):
    """A cue where it stands, as a token range."""

    cue: Cue
    first: int
    last: int


class BreakHit(NamedTuple):
    """A break where it stands, as a token range."""

    rule: Break
    first: int
    last: int


def is_loose_dash(tokens: Tokens, index: int) -> bool:
    """Tell whether token `index` is a dash with a blank on one side at least."""
    if tokens.words[index] != "-":
        return False
    return not tokens.glued(index) or index + 1 >= len(tokens) or not tokens.glued(index + 1)


def opens_segment(tokens: Tokens, index: int) -> bool:
    """Tell whether token `index` is the first of the unit or follows a separator."""
    return index == 0 or tokens.words[index - 1] in _SEPARATORS or is_loose_dash(tokens, index - 1)


def closes_segment(tokens: Tokens, index: int) -> bool:
    """Tell whether the token before `index` is the last of the unit or of its segment.

    A label ahead (`Anemia: No  Bleeding: No`) closes too.
    """
    if index >= len(tokens) or tokens.words[index] in _SEPARATORS or is_loose_dash(tokens, index):
        return True
    for ahead in range(index, min(index + 4, len(tokens))):
        if tokens.words[ahead] == ":":
            return True
        if not tokens.words[ahead].isalpha():
            return False
    return False


def _heads_label(tokens: Tokens, first: int, last: int) -> bool:
    """Tell whether the words are part of the label behind them: `New possible anemia: …`, not `Iron: no`."""
    if last >= len(tokens) or not tokens.words[last].isalpha():
        return False
    for before in range(first, max(first - 1 - _LABEL, -1), -1):
        if tokens.words[before] == ":":
            return False
        if not tokens.words[before].isalpha():
            break
    return True


def _is_shouted(tokens: Tokens) -> bool:
    """Tell whether the unit is written in capitals, so that case says nothing."""
    letters = [word for word in tokens.surface(0, len(tokens)) if word.isalpha() and len(word) > 2]
    return bool(letters) and sum(map(str.isupper, letters)) > 0.8 * len(letters)


class UnitHits:
    """The cues of a unit in text order, and its breaks where somebody asks for them.

    A cue is dropped where one of its `unless` phrases overlaps it, where it is written in a way
    that means something else (`IF` in a sentence that is not all capitals), and where a longer
    cue contains it ("not ruled out" contains "ruled out").
    """

    def __init__(self, tokens: Tokens, vocabulary: Vocabulary) -> None:
        self._tokens = tokens
        self.vocabulary = vocabulary
        self._places = places = vocabulary.trie.find(tokens.words)
        cues: list[CueHit] = []
        if places[CUE]:
            known = vocabulary.cues
            for first, last, number in self._standing(places[CUE], places[NO_CUE]):
                cue = known[number]
                if not cue.not_written or self._is_written(cue, first, last):
                    cues.append(CueHit(cue, first, last))
        self.cues = _outermost(cues)

    @cached_property
    def breaks(self) -> list[BreakHit]:
        """The breaks, save those that one of their `unless` phrases overlaps."""
        return self.breaks_among(dict(enumerate(self.vocabulary.breaks)), (0, len(self._tokens)))

    def breaks_among(self, rules: Mapping[int, Break], window: tuple[int, int]) -> list[BreakHit]:
        """Return those of the breaks that are hits of some rules, by number, and stand between two tokens."""
        low, high = window
        places = [p for p in self._places[BREAK] if low <= p[0] <= high and p[2].number in rules]
        standing = self._standing(places, self._places[NO_BREAK]) if places else ()
        return [BreakHit(rules[number], first, last) for first, last, number in standing]

    def _standing(self, places: list[Place], vetoing: list[Place]) -> list[tuple[int, int, int]]:
        """Return what stands where it may and is not kept away: first token, token after the last, number."""
        tokens = self._tokens
        found = [
            (first, last, end.number)
            for first, last, end in places
            if not (end.opens or end.closes) or _fits(tokens, first, last, end)
        ]
        if not found or not vetoing:
            return found
        vetoes = self._vetoes(vetoing, {number for _, _, number in found})
        if not vetoes:
            return found
        return [place for place in found if not (place[2] in vetoes and _overlaps(vetoes[place[2]], place))]

    def _vetoes(self, places: Sequence[Place], numbers: set[int]) -> dict[int, list[tuple[int, int]]]:
        """Return where the `unless` phrases of each of some entries stand, in text order."""
        found: dict[int, list[tuple[int, int]]] = {}
        for first, last, end in places:
            if end.number in numbers and (
                not (end.opens or end.closes) or _fits(self._tokens, first, last, end)
            ):
                found.setdefault(end.number, []).append((first, last))
        for spans in found.values():
            spans.sort()
        return found

    def _is_written(self, cue: Cue, first: int, last: int) -> bool:
        """Tell whether no spelling gives another meaning to the words, or case says nothing."""
        return cue.not_written.isdisjoint(self._tokens.surface(first, last)) or self._shouted

    @cached_property
    def _shouted(self) -> bool:
        return _is_shouted(self._tokens)


def _fits(tokens: Tokens, first: int, last: int, end: End) -> bool:
    """Tell whether a phrase that must open or close a segment does."""
    if end.opens and not opens_segment(tokens, first):
        return False
    return not end.closes or (closes_segment(tokens, last) and not _heads_label(tokens, first, last))


def _overlaps(spans: list[tuple[int, int]], place: tuple[int, int, int]) -> bool:
    """Tell whether one of `spans`, which stand in text order, overlaps the place."""
    first, last, _ = place
    # The longest phrase has some twelve tokens, so only the few spans around the place can matter.
    around = bisect_right(spans, (last,))
    return any(end > first for _, end in spans[max(0, around - _NEAR) : around])


def _outermost(hits: list[CueHit]) -> tuple[CueHit, ...]:
    """Return the hits that no longer hit on their axis contains, in text order; equals stay."""
    if all(hit.first >= other.last for other, hit in pairwise(hits)):
        return tuple(hits)  # they stand apart
    kept: list[CueHit] = []
    reach = dict.fromkeys(AXES, -1)
    widest = dict.fromkeys(AXES, (-1, -1))
    for hit in sorted(hits, key=lambda hit: (hit.first, -hit.last)):
        span = (hit.first, hit.last)
        if hit.last <= reach[hit.cue.axis] and span != widest[hit.cue.axis]:
            continue
        kept.append(hit)
        for axis in hit.cue.covers:
            if hit.last > reach[axis]:
                reach[axis], widest[axis] = hit.last, span
    return tuple(kept)
