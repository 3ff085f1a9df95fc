"""Read the lists of a unit: where an "or" list goes on, and whether an item follows another one."""

from __future__ import annotations

from nlp.context.hits import UnitHits
from nlp.context.tokens import Tokens

OR_WORDS = frozenset({"or", "nor", "vs", "versus"})
_DENIALS = frozenset({"no", "not", "without", "denies", "denied", "denying", "negative"})
_LIST_TOKENS = 6  # how many tokens an item of a list has at most


def or_lists(tokens: Tokens, commas: list[int], hits: UnitHits) -> set[int]:
    """Return the commas after which an "or" list goes on: `A, B, or C`."""
    words = tokens.words
    if not commas or OR_WORDS.isdisjoint(words):
        return set()
    hard = {hit.first for hit in hits.breaks if hit.rule.where == "anywhere" and len(hit.rule.ends) > 1}
    going = set[int]()
    carries, end = False, len(words)
    for comma in reversed(commas):
        segment = range(comma + 1, end)
        opens_with_or = comma + 1 < len(words) and words[comma + 1] in OR_WORDS
        has_stop = any(index in hard or words[index] == ";" for index in segment)
        holds_or = opens_with_or or (not has_stop and any(words[index] in OR_WORDS for index in segment))
        carries = holds_or or (carries and not has_stop)
        if carries:
            going.add(comma)
        end = comma
    return going


def in_list(tokens: Tokens, comma: int) -> bool:
    """Tell whether the item before `comma` follows another one, without a denial of its own."""
    words = tokens.words
    if comma < 0 or words[comma] != ",":
        return False
    for at in range(comma - 1, max(comma - 1 - _LIST_TOKENS, -1), -1):
        if words[at] == ",":
            return words[at + 1] not in _DENIALS
    return False
