"""Find the cues and breaks of one unit, each once, and drop those that another explains away."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from nlp.context.load import AXES, Break, Cue, Vocabulary
from nlp.context.tokens import Tokens

_SEPARATORS = frozenset(",;:.|()[]?!\u2022*")
_NEAR = 24
_LABEL = 4  # words that a label or its value may have


@dataclass(frozen=True, slots=True)
class CueHit:
    """A cue where it stands, as a token range."""

    cue: Cue
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class BreakHit:
    """A break where it stands, as a token range."""

    rule: Break
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class UnitHits:
    """All that was found in a unit, in text order."""

    cues: tuple[CueHit, ...]
    breaks: tuple[BreakHit, ...]


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
    letters = [word for word in tokens.surface if word.isalpha() and len(word) > 2]
    return bool(letters) and sum(map(str.isupper, letters)) > 0.8 * len(letters)


def find_hits(tokens: Tokens, vocabulary: Vocabulary) -> UnitHits:
    """Return the cues and breaks of a unit.

    A cue is dropped where one of its `unless` phrases overlaps it, where it is written in a way
    that means something else (`IF` in a sentence that is not all capitals), and where a longer
    cue contains it ("not ruled out" contains "ruled out").

    Args:
        tokens: the tokens of the unit.
        vocabulary: from `load_vocabulary`.
    """
    shouted: bool | None = None  # looked up where a cue asks
    cues: list[CueHit] = []
    breaks: list[BreakHit] = []
    cue_numbers: list[int] = []
    break_numbers: list[int] = []
    vetoes: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for first, last, entry, opens, closes in vocabulary.trie.find(tokens):
        if opens and not opens_segment(tokens, first):
            continue
        if closes and (not closes_segment(tokens, last) or _heads_label(tokens, first, last)):
            continue
        role, number = vocabulary.entries[entry]
        if role == "cue":
            cue = vocabulary.cues[number]
            written = cue.not_written.isdisjoint(tokens.surface[first:last])
            if not written and shouted is None:
                shouted = _is_shouted(tokens)
            if written or shouted:
                cues.append(CueHit(cue, first, last))
                cue_numbers.append(number)
        elif role == "break":
            breaks.append(BreakHit(vocabulary.breaks[number], first, last))
            break_numbers.append(number)
        else:
            vetoes.setdefault((role.removeprefix("unless "), number), []).append((first, last))
    if vetoes:
        cues = [
            hit
            for hit, number in zip(cues, cue_numbers, strict=True)
            if not _overlaps(vetoes.get(("cue", number)), hit)
        ]
        breaks = [
            hit
            for hit, number in zip(breaks, break_numbers, strict=True)
            if not _overlaps(vetoes.get(("break", number)), hit)
        ]
    return UnitHits(_outermost(cues), tuple(breaks))


def _overlaps(spans: list[tuple[int, int]] | None, hit: CueHit | BreakHit) -> bool:
    """Tell whether one of `spans`, which stand in text order, overlaps the hit."""
    if not spans:
        return False
    # The longest phrase has some twelve tokens, so only the few spans around the hit can matter.
    around = bisect_right(spans, (hit.last,))
    return any(end > hit.first for _, end in spans[max(0, around - _NEAR) : around])


def _outermost(hits: list[CueHit]) -> tuple[CueHit, ...]:
    """Return the hits that no longer hit on their axis contains, in text order; equals stay."""
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
