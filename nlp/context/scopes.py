"""How far each cue of a unit reaches: the token range of its scope, forward and backward.

What scopes ask of a unit (where breaks stand, commas, labels …) is read once, when the first asks, so
that each scope is a look-up and the whole is linear in the tokens. Brackets are respected: what stands
in brackets ends only scopes that began there, and a scope that began there ends with the bracket.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

from nlp.context.hits import BreakHit, CueHit, UnitHits, closes_segment, is_loose_dash, opens_segment
from nlp.context.lists import OR_WORDS, in_list, or_lists
from nlp.context.load import AXIS_OF
from nlp.context.stops import Stops, brackets
from nlp.context.tokens import Tokens

_NEXT_TOKENS = 4  # how many tokens after a cue of reach `next` a term may start
_PHRASE_TOKENS = 14  # how many tokens a scope of reach `phrase` spans at most
_LIST_ITEMS = 20  # how many items of an "or" list such a scope follows
_JOINERS = frozenset({"and", "or", "nor", "&"})
_GOES_ON = OR_WORDS | {"that", "which", "who"}  # the verb behind it is no new statement
_PLURAL = frozenset({"were", "are", "have", "all", "both"})
_FINITE = frozenset({"has", "have", "had", "is", "are", "was", "were"})
_SUBJECT_TOKENS = 10  # how many tokens may stand between a subject's attribute and its verb
_AFTER_TRAILING = frozenset(
    "with after on since by in as of now following per when from at via and but s during status post".split()
)


class UnitScopes:
    """The scopes of one unit."""

    def __init__(self, tokens: Tokens, hits: UnitHits, window: tuple[int, int] | None = None) -> None:
        """Read the signs of the unit.

        Args:
            tokens: its tokens.
            hits: its cues and breaks.
            window: the tokens between which it matters where scopes end going forward; by default all.
        """
        self.tokens = tokens
        self.hits = hits
        low, high = window or (0, len(tokens))
        self.window = low, high + _PHRASE_TOKENS  # a break may end a scope at a comma so far before it
        # for each token the index of the bracket that pairs with it, or -1; None where no two pair
        self._partner = brackets(tokens.words)
        self.colons: list[int] = []
        self.commas: list[int] = []
        self.borders: list[int] = []
        for index, word in enumerate(tokens.words):
            if word.isalpha():
                continue
            if word == ",":
                self.commas.append(index)
            elif word == ":":
                self.colons.append(index)
            elif _is_border(tokens, index, self._partner):
                self.borders.append(index)
        self.labels = _label_starts(tokens, self.colons)
        self._ends: dict[str, Stops] = {}  # where scopes of a kind end going forward
        self._begins: dict[str, Stops] = {}  # where they begin going backward

    def forward(self, hit: CueHit) -> tuple[int, int]:
        """Return the token range after `hit` that it modifies."""
        tokens, start = self.tokens, hit.last
        if start >= len(tokens):
            return start, start
        if hit.cue.reach == "unit":
            at = bisect_left(self.labels, start)
            return start, self.labels[at] if at < len(self.labels) else len(tokens)
        end = self._end_of(hit.cue.kind).ahead(start)
        if hit.cue.reach == "next":
            end = min(end, self.next_comma.ahead(start), start + _NEXT_TOKENS)
        elif hit.cue.reach == "phrase":
            comma = self.next_comma.ahead(start)
            steps = 0
            while comma in self.or_ahead and comma + 1 < len(tokens) and steps < _LIST_ITEMS:
                comma = self.next_comma.ahead(comma + 1)
                steps += 1
            end = min(end, comma, start + _PHRASE_TOKENS * (steps + 1))
        return hit.last, end

    def backward(self, hit: CueHit) -> tuple[int, int]:
        """Return the token range before `hit` that it modifies."""
        tokens, at = self.tokens, hit.first
        if hit.cue.reach == "unit":  # what is said of the whole item: "X - labs normal, remove from the list"
            return 0, at
        trailing = hit.cue.trails or closes_segment(tokens, hit.last)
        trailing = trailing or tokens.words[hit.last] in _AFTER_TRAILING or tokens.words[hit.last].isdigit()
        if at > 0 and (tokens.words[at - 1] == "(" or (trailing and self._is_lead(at - 1))):
            at -= 1
        at = self._subject_end(hit, at)
        if at == 0:
            return 0, 0
        begin = self._begin_of(hit.cue.kind).back(at - 1)
        if hit.cue.reach == "next":
            begin = max(begin, at - 1)
        elif hit.cue.reach == "phrase":
            comma = self.behind_comma.back(at - 1) - 1
            if comma >= 0 and not self._joined_list(comma, at, hit):
                begin = max(begin, comma + 1)
            begin = max(begin, at - 3 * _PHRASE_TOKENS)
        return begin, at

    def _subject_end(self, hit: CueHit, at: int) -> int:
        """Return where the subject of the verb at `at` ends: "the fatigue | from the anemia has gone"."""
        words = self.tokens.words
        if hit.cue.kind not in ("resolved", "possible") or words[hit.first] not in _FINITE:
            return at
        floor = at
        while (
            floor > max(0, at - _SUBJECT_TOKENS)
            and (words[floor - 1].isalnum() or words[floor - 1] in "-'")
            and words[floor - 1] not in _JOINERS
        ):
            floor -= 1
        attributes = self.attributes[AXIS_OF[hit.cue.kind]]
        found = bisect_left(attributes, floor)
        return min([*attributes[found : found + 1], at])

    def _is_lead(self, index: int) -> bool:
        """Tell whether a sign leads over to what is said of the term: `X, resolved`, `X: no`."""
        return self.tokens.words[index] in (",", ":", "?") or is_loose_dash(self.tokens, index)

    def _joined_list(self, comma: int, at: int, hit: CueHit) -> bool:
        words = self.tokens.words
        if words[comma + 1] in _JOINERS:
            return True
        return words[hit.first] in _PLURAL and any(
            word in _JOINERS for word in words[max(comma, at - _PHRASE_TOKENS) : at]
        )

    def _end_of(self, kind: str) -> Stops:
        if kind not in self._ends:
            self._ends[kind] = self._stops(_forward_stops(self, kind))
        return self._ends[kind]

    def _begin_of(self, kind: str) -> Stops:
        if kind not in self._begins:
            self._begins[kind] = self._stops(_backward_stops(self, kind))
        return self._begins[kind]

    def _stops(self, places: Iterable[int]) -> Stops:
        return Stops(len(self.tokens), places, self._partner)

    @cached_property
    def next_comma(self) -> Stops:
        """The commas, to be looked up going forward."""
        return self._stops(self.commas)

    @cached_property
    def behind_comma(self) -> Stops:
        """The tokens behind commas, to be looked up going backward."""
        return self._stops(comma + 1 for comma in self.commas)

    @cached_property
    def or_ahead(self) -> set[int]:
        """The commas after which an "or" list goes on."""
        return or_lists(self.tokens, self.commas, self.hits)

    @cached_property
    def attributes(self) -> dict[str, list[int]]:
        """Where words stand that lead on to a term of which a verb behind is not said, by axis."""
        return {
            axis: sorted(
                found.first
                for found in self.hits.breaks
                if found.rule.where == "attribute" and axis in found.rule.ends
            )
            for axis in ("assertion", "temporality")
        }


def _forward_stops(scopes: UnitScopes, kind: str) -> list[int]:
    """Return where scopes of `kind` end going forward."""
    found = [*scopes.labels, *scopes.borders]
    hits = scopes.hits
    for hit in hits.breaks_among(hits.vocabulary.ends[kind], scopes.window):
        at = hit.first if hit.rule.where == "anywhere" else _break_at(scopes, hit)
        if at is not None:
            found.append(at)
    found += [cue.first for cue in hits.cues if cue.cue.kind == "none"]
    found += _turns(scopes, kind)
    return found


def _backward_stops(scopes: UnitScopes, kind: str) -> list[int]:
    """Return where scopes of `kind` begin going backward."""
    found = [index + 1 for index in (*scopes.colons, *scopes.borders)]
    for hit in scopes.hits.breaks_among(scopes.hits.vocabulary.begins[kind], (0, len(scopes.tokens))):
        at = _break_at(scopes, hit)
        if at is not None and hit.rule.where == "anywhere":
            # the last of several words may be what the cue speaks of: "after a bypass | in 2011"
            at = hit.last if hit.last - hit.first == 1 else hit.last - 1
        if at is not None:
            found.append(at)
    found += _turns(scopes, kind)
    return found


def _turns(scopes: UnitScopes, kind: str) -> Iterator[int]:
    """Yield where a cue of another kind on the same axis opens a statement of its own."""
    axis, words = AXIS_OF[kind], scopes.tokens.words
    for cue, first, _ in scopes.hits.cues:
        if (
            cue.ahead
            and cue.axis == axis
            and cue.kind != kind
            and (opens_segment(scopes.tokens, first) or words[first - 1] in ("and", "&"))
        ):
            yield first


def _is_border(tokens: Tokens, index: int, partner: list[int] | None) -> bool:
    """Tell whether a sign parts two statements: `;`, `|`, a bullet, a dash in blanks, `., `, `2)`."""
    word = tokens.words[index]
    if word in (";", "|", "\u2022"):
        return True
    if index + 1 >= len(tokens):
        return False
    if word == "-":
        return not tokens.glued(index) and not tokens.glued(index + 1)
    follower = tokens.words[index + 1]
    if word == ".":
        return follower == ","
    return word.isdigit() and follower == ")" and (partner is None or partner[index + 1] < 0)


def _label_starts(tokens: Tokens, colons: list[int]) -> list[int]:
    """Return where the labels start that stand within the unit: `…, GI: no melena`."""
    starts = (_label_start(tokens, colon) for colon in colons)
    return [start for start in starts if start is not None]


def _label_start(tokens: Tokens, colon: int) -> int | None:
    """Return where the label before a colon starts, when it is short and follows a separator."""
    for index in range(colon - 1, max(colon - 6, 0), -1):
        if opens_segment(tokens, index):
            return index if colon - index <= 4 and tokens.words[index].isalpha() else None
    return None


def _break_at(scopes: UnitScopes, found: BreakHit) -> int | None:
    """Return the token at which the break ends a scope, or None where it does not."""
    rule, first, _ = found
    if rule.where == "anywhere":
        return first
    if rule.where == "predicate":
        return _predicate_at(scopes, found)
    tokens = scopes.tokens
    joined = first > 0 and tokens.words[first - 1] in ("and", "&")
    if not joined and not opens_segment(tokens, first):
        return None
    opening = first - 1 if joined else first
    comma = opening - 1
    if (rule.weak and comma in scopes.or_ahead) or (rule.shy and in_list(tokens, comma)):
        return None
    return opening


def _predicate_at(scopes: UnitScopes, found: BreakHit) -> int | None:
    """Return where the segment starts that has its own verb: `No anemia, B12 deficiency noted`."""
    first, words, commas = found.first, scopes.tokens.words, scopes.commas
    before = bisect_left(commas, first)
    index = commas[before - 1] if before else -1
    if index < max(first - _PHRASE_TOKENS, 0) or not _GOES_ON.isdisjoint(words[index + 1 : first]):
        return None
    if index in scopes.or_ahead:
        return None
    if found.rule.weak:
        if words[index + 1] in _JOINERS:
            return None
        if (found.rule.shy or closes_segment(scopes.tokens, found.last)) and in_list(scopes.tokens, index):
            return None
    return index + 1 if first > index + 1 else index
