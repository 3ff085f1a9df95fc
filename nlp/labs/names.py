"""Find the names of analytes in a text, and of what looks like them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nlp.heads import letters_in
from nlp.labs.load import Knowledge, Name, spelling
from nlp.labs.reading import Hit
from nlp.literals import fold, keeps_words
from nlp.pattern_nodes import width
from nlp.sieve import Sieve

# "last level", "; level" and its like: what leads to the word is asked for where it stands.
_LEVEL = Sieve(
    re.compile(
        r"""(?xi)(?<![A-Za-z0-9])(?:levels?|lvls?)\b(?!\s{1,20}of\s{1,20}(?:consciousness|care|function|activity|pain))"""
    )
)
_LEADS_TO_LEVEL = re.compile(
    r"""(?xi)(?:\b(?:last|latest|(?:most\s)?recent|repeat|prior|previous|initial|current|today's|her|his|their|the|a|with
    |trough|serum|and)\s{1,20}(?:serum\s{1,20})?|[,;:(-]\s?|\n[ \t]{0,8}|[.]\s{1,2})\Z"""
)
_LEAD_REACH = width(_LEADS_TO_LEVEL)
# What makes a name a place or a part of a ratio: "bed B12", "home from B12 at 0455", "ferritin ratio 2".
_PLACE = re.compile(
    r"""(?xi)(?:\b(?:bed|bay|room|rm|pod|ward|slot|apt|apartment|hallway|hall|chair|locker|box|gate|table|figure|fig
    |tube|slide|block|cassette|seat|row|cell|line|section|question|item|appendix|vertebra|level\sof)\s?(?:no\.?|\#)?\s?
    |\blog(?:10)?\s?\(?\s?)$"""
)
_BEHIND_PLACE = tuple("#.(0")  # what else than a letter may stand last before such a name
_CLOCK_PLACE = re.compile(r"(?i)\s(?:at|@)\s?[0-2]?\d:?[0-5]\d(?![\d.,]|\s?[np]g)")
_TO_PLACE = re.compile(r"(?i)\b(?:from|to|into|in|of|at)\s$")
_DERIVED = re.compile(r"(?i)[\s-]{1,2}(?:ratio|index|quotient)\b")
_IRON_STUDIES = frozenset({"iron", "tibc", "ferritin", "transferrin"})
_BEHIND_REACH = 30
_BEHIND_DIGIT = re.compile(r"\d\s?$")


def find_hits(view: str, known: Knowledge) -> list[Hit]:
    """Return the names in the text, ours and those that end the reach of ours, in text order.

    There are none where no name is ours: the others would lead to nothing.
    """
    if not may_name_ours(view, known):
        return []
    lowered = fold(view) if view.isascii() else _small(view)
    hits: list[Hit] = []
    for match in _names(view, lowered, known):
        start, end = match.span()
        if view[end - 1].isdigit() and view[end : end + 1].isdigit():
            continue
        if view[start] == "%" and _BEHIND_DIGIT.search(view[max(0, start - 2) : start]):
            continue
        name = _choose(known.names[spelling(match.group())], view[start:end])
        if name is not None and not (name.is_behind and not _is_close_behind(view, hits, start)):
            is_other = name.analytes and _names_another_thing(view, start, end)
            hits.append(Hit(start, end, () if is_other else name.analytes, name.stands_for))
    return _with_levels(view, hits) if hits else []


def _small(view: str) -> str:
    """Make the ASCII letters small: `lower` may change the length ("İ"), and offsets must hold."""
    return view.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def may_name_ours(view: str, known: Knowledge) -> bool:
    """Return False only where no name of ours or of what stands for it is found, be digits mended or not."""
    told = letters_in(fold(view))
    if not (keeps_words(view) and told.isdisjoint(known.numbered)):
        return True
    lowered = fold(view) if view.isascii() else _small(view)
    for start in known.ours.starts(lowered, told):
        found = known.pattern.match(lowered, start)
        if found is None:
            continue
        for use in known.names[spelling(found.group())]:
            if use.is_ours and (not use.exact or view[start : found.end()] in use.exact):
                return True
    return False


def _names(view: str, lowered: str, known: Knowledge) -> Iterator[re.Match[str]]:
    """Yield what `known.pattern.finditer(lowered)` yields, tried only where a name may begin."""
    if not keeps_words(view):
        yield from known.pattern.finditer(lowered)
        return
    done = 0
    for start in sorted(set(known.heads.starts(lowered, letters_in(fold(view))))):
        if start >= done and (found := known.pattern.match(lowered, start)):
            yield found
            done = found.end()


def _names_another_thing(view: str, start: int, end: int) -> bool:
    """Return whether a name is a place ("bed B12") or half of a ratio, though it is spelled like ours."""
    left = view[max(0, start - 14) : start]
    last = left.rstrip()[-1:]
    if not (last.isalpha() or last in _BEHIND_PLACE):  # behind a comma or a number, as most names
        return _DERIVED.match(view, end) is not None
    if _PLACE.search(left) or _DERIVED.match(view, end):
        return True
    return _TO_PLACE.search(left) is not None and _CLOCK_PLACE.match(view, end) is not None


def _choose(uses: Iterable[Name], written: str) -> Name | None:
    loose = None
    for use in uses:
        if written in use.exact:
            return use
        if not use.exact:
            loose = use
    return loose


def _is_close_behind(view: str, hits: list[Hit], start: int) -> bool:
    if not hits or start - hits[-1].end > _BEHIND_REACH or "\n" in view[hits[-1].end : start]:
        return False
    return any(analyte.analyte in _IRON_STUDIES for analyte in hits[-1].analytes)


def _with_levels(view: str, hits: list[Hit]) -> list[Hit]:
    """Add "last level" and its like, which speak of the analyte named before."""
    first = hits[0].start
    levels = [
        Hit(*m.span(), (), is_level=True)
        for m in _LEVEL.finditer(view, first)
        if _LEADS_TO_LEVEL.search(view, max(first, m.start() - _LEAD_REACH), m.start())
    ]
    if not levels:
        return hits
    merged: list[Hit] = []
    for hit in sorted([*hits, *levels], key=lambda h: (h.start, h.is_level)):
        if not merged or hit.start >= merged[-1].end:
            merged.append(hit)
    return merged
