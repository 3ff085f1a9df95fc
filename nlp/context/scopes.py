"""How far each cue of a unit reaches: the token range of its scope, forward and backward.

Everything is read once per unit into arrays (next break, previous break, next comma, …), so that
each scope is a look-up and the whole is linear in the tokens. Brackets are respected: what stands
in brackets ends only scopes that began there, and a scope that began there ends with the bracket.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from nlp.context.hits import BreakHit, CueHit, UnitHits, closes_segment, is_loose_dash, opens_segment
from nlp.context.lists import OR_WORDS, in_list, or_lists
from nlp.context.load import AXIS_OF, Break
from nlp.context.tokens import Tokens

_NEXT_TOKENS = 4  # how many tokens after a cue of reach `next` a term may start
_PHRASE_TOKENS = 14  # how many tokens a scope of reach `phrase` spans at most
_LIST_ITEMS = 20  # how many items of an "or" list such a scope follows
_JOINERS = frozenset({"and", "or", "nor", "&"})
_PLURAL = frozenset({"were", "are", "have", "all", "both"})
_FINITE = frozenset({"has", "have", "had", "is", "are", "was", "were"})
_SUBJECT_TOKENS = 10  # how many tokens may stand between a subject's attribute and its verb
_AFTER_TRAILING = frozenset(
    "with after on since by in as of now following per when from at via and but s during status post".split()
)


@dataclass(slots=True)
class UnitScopes:
    """The scopes of one unit; build it with `read_scopes`."""

    tokens: Tokens
    hits: UnitHits
    partner: list[int]
    next_comma: list[int]
    prev_comma: list[int]
    or_ahead: set[int]
    labels: list[int]
    borders: list[int]
    colons: list[int]
    attributes: dict[str, list[int]]
    limits: dict[str, tuple[list[int], list[int]]] = field(default_factory=dict)

    def forward(self, hit: CueHit) -> tuple[int, int]:
        """Return the token range after `hit` that it modifies."""
        tokens, start = self.tokens, hit.last
        if start >= len(tokens):
            return start, start
        if hit.cue.reach == "unit":
            at = bisect_left(self.labels, start)
            return start, self.labels[at] if at < len(self.labels) else len(tokens)
        end = self._limits(hit.cue.kind)[0][start]
        if hit.cue.reach == "next":
            end = min(end, self.next_comma[start], start + _NEXT_TOKENS)
        elif hit.cue.reach == "phrase":
            comma = self.next_comma[start]
            steps = 0
            while comma in self.or_ahead and comma + 1 < len(tokens) and steps < _LIST_ITEMS:
                comma = self.next_comma[comma + 1]
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
        begin = self._limits(hit.cue.kind)[1][at - 1]
        if hit.cue.reach == "next":
            begin = max(begin, at - 1)
        elif hit.cue.reach == "phrase":
            comma = self.prev_comma[at - 1]
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

    def _limits(self, kind: str) -> tuple[list[int], list[int]]:
        if kind not in self.limits:
            stops = _stops(self, kind)
            self.limits[kind] = (
                _next_at(len(self.tokens), stops[0], self.partner),
                _previous_at(len(self.tokens), stops[1], self.partner),
            )
        return self.limits[kind]


def read_scopes(tokens: Tokens, hits: UnitHits) -> UnitScopes:
    """Prepare the arrays that the scopes of a unit are looked up in."""
    partner = _brackets(tokens)
    signs = [index for index, word in enumerate(tokens.words) if not word.isalpha()]
    commas = [index for index in signs if tokens.words[index] == ","]
    before = _previous_at(len(tokens), [comma + 1 for comma in commas], partner)
    return UnitScopes(
        tokens,
        hits,
        partner,
        _next_at(len(tokens), commas, partner),
        [found - 1 for found in before],
        or_lists(tokens, commas, hits),
        _label_stops(tokens, signs),
        [index for index in signs if _is_border(tokens, index, partner)],
        [index for index in signs if tokens.words[index] == ":"],
        {
            axis: sorted(
                found.first
                for found in hits.breaks
                if found.rule.where == "attribute" and axis in found.rule.ends
            )
            for axis in ("assertion", "temporality")
        },
    )


def _brackets(tokens: Tokens) -> list[int]:
    """Return for each round bracket the index of its partner, and -1 elsewhere."""
    partner = [-1] * len(tokens)
    if "(" not in tokens.words:
        return partner
    open_: list[int] = []
    for index, word in enumerate(tokens.words):
        if word == "(":
            open_.append(index)
        elif word == ")" and open_:
            other = open_.pop()
            partner[index], partner[other] = other, index
    return partner


def _next_at(count: int, stops: Iterable[int], partner: list[int]) -> list[int]:
    """Return for each token the first stop at or after it, on its own level of brackets."""
    found, wanted = [count] * count, set(stops)
    current, outer = count, list[int]()
    for index in range(count - 1, -1, -1):
        if 0 <= partner[index] < index:  # a closing bracket
            found[index] = index
            outer.append(current)
            current = index
            continue
        if partner[index] > index:
            current = outer.pop()
        if index in wanted:
            current = index
        found[index] = current
    return found


def _previous_at(count: int, stops: Iterable[int], partner: list[int]) -> list[int]:
    """Return for each token the last stop at or before it, on its own level of brackets, else 0."""
    found, wanted = [0] * count, set(stops)
    current, outer = 0, list[int]()
    for index in range(count):
        if 0 <= partner[index] < index:
            current = outer.pop()
        if index in wanted:
            current = index
        found[index] = current
        if partner[index] > index:
            outer.append(current)
            current = index + 1
    return found


def _stops(scopes: UnitScopes, kind: str) -> tuple[list[int], list[int]]:
    """Return where scopes of `kind` end going forward, and where they begin going backward."""
    axis = AXIS_OF[kind]
    tokens, hits, or_ahead = scopes.tokens, scopes.hits, scopes.or_ahead
    words = tokens.words
    forward = [*scopes.labels, *scopes.borders]
    backward = [index + 1 for index in (*scopes.colons, *scopes.borders)]
    for found in hits.breaks:
        if axis in found.rule.ends and kind not in found.rule.spares:
            at = _break_at(tokens, found, or_ahead)
            if at is None:
                continue
            if found.rule.direction != "backward":
                forward.append(at)
            if found.rule.direction != "forward":
                # the last of several words may be what the cue speaks of: "after a bypass | in 2011"
                last = found.last if found.last - found.first == 1 else found.last - 1
                backward.append(at if found.rule.where != "anywhere" else last)
    for hit in hits.cues:
        if hit.cue.kind == "none":
            forward.append(hit.first)
        elif (
            hit.cue.direction != "backward"
            and hit.cue.axis == axis
            and hit.cue.kind != kind
            and (opens_segment(tokens, hit.first) or words[hit.first - 1] in ("and", "&"))
        ):
            forward.append(hit.first)
            backward.append(hit.first)
    return forward, backward


def _is_border(tokens: Tokens, index: int, partner: list[int]) -> bool:
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
    return word.isdigit() and follower == ")" and partner[index + 1] < 0


def _label_stops(tokens: Tokens, signs: list[int]) -> list[int]:
    """Return where the labels start that stand within the unit: `…, GI: no melena`."""
    starts = (_label_start(tokens, index) for index in signs if tokens.words[index] == ":")
    return [start for start in starts if start is not None]


def _label_start(tokens: Tokens, colon: int) -> int | None:
    """Return where the label before a colon starts, when it is short and follows a separator."""
    for index in range(colon - 1, max(colon - 6, 0), -1):
        if opens_segment(tokens, index):
            return index if colon - index <= 4 and tokens.words[index].isalpha() else None
    return None


def _break_at(tokens: Tokens, found: BreakHit, or_ahead: set[int]) -> int | None:
    """Return the token at which the break ends a scope, or None where it does not."""
    rule: Break = found.rule
    words, first = tokens.words, found.first
    if rule.where == "anywhere":
        return first
    if rule.where == "attribute":
        return None
    if rule.where == "opener":
        joined = first > 0 and words[first - 1] in ("and", "&")
        opening = first - 1 if joined else first
        if not joined and not opens_segment(tokens, first):
            return None
        comma = opening - 1
        if (rule.weak and comma in or_ahead) or (rule.shy and in_list(tokens, comma)):
            return None
        return opening
    return _predicate_at(tokens, found, or_ahead)


def _predicate_at(tokens: Tokens, found: BreakHit, or_ahead: set[int]) -> int | None:
    """Return where the segment starts that has its own verb: `No anemia, B12 deficiency noted`."""
    words = tokens.words
    for index in range(found.first - 1, max(found.first - _PHRASE_TOKENS, 0) - 1, -1):
        if words[index] in OR_WORDS or words[index] in ("that", "which", "who"):
            return None
        if words[index] == ",":
            if index in or_ahead:
                return None
            if found.rule.weak:
                if words[index + 1] in _JOINERS:
                    return None
                if (found.rule.shy or closes_segment(tokens, found.last)) and in_list(tokens, index):
                    return None
            return index + 1 if found.first > index + 1 else index
    return None
