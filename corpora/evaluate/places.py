"""Where the evidence of an answer stands, against the words that the gold quotes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from corpora.gold import GoldEncounter, Quote

Place = tuple[str | None, int, int]

SPREAD, ROOM = (
    4,
    300,
)  # evidence may be so many times as long as the gold's, or so many code points, and no longer
_LISTS = ("suggestions", "queries", "withheld", "checklist")
_FACTS = ("conditions", "labs", "medications", "links")


@dataclass(frozen=True, slots=True)
class SpanCounts:
    """Right codes whose evidence could be judged.

    `hit`: it overlaps the gold's without running wild. `exact`: one span is the gold's to the letter.
    `shared`: the sum over codes of common code points by all code points (Jaccard).
    """

    judged: int
    hit: int
    exact: int
    shared: float


def find_quotes(texts: Mapping[str | None, str], quotes: Iterable[Quote]) -> tuple[Place, ...]:
    """Return every place where a quoted text stands."""
    return tuple(
        (quote.note_id, start, start + len(quote.text))
        for quote in quotes
        for start in _starts(texts.get(quote.note_id, ""), quote.text)
    )


def _starts(text: str, words: str) -> Iterator[int]:
    at = text.find(words) if words else -1
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def count_spans(
    encounter: GoldEncounter, quotes: Mapping[str, Iterable[Quote]], suggestions: Iterable[Mapping[str, Any]]
) -> SpanCounts:
    """Judge the evidence of the suggestions whose code has quotes that stand in the notes."""
    judged = hit = exact = 0
    shared = 0.0
    for entry in suggestions:
        theirs = find_quotes(encounter.texts, quotes.get(entry["code"], ()))
        if not theirs:
            continue
        mine = [(e.get("note_id", encounter.id), e["start"], e["end"]) for e in entry.get("evidence", ())]
        judged += 1
        hit += _overlaps(mine, theirs) and _length(mine) <= max(ROOM, SPREAD * _length(theirs))
        exact += bool(set(mine) & set(theirs))
        shared += _jaccard(mine, theirs)
    return SpanCounts(judged, hit, exact, shared)


def count_offsets(encounter: GoldEncounter, answer: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many spans the answer quotes, and how many do not say what stands there."""
    texts = encounter.texts
    marks = [mark for key in _LISTS for entry in answer.get(key, ()) for mark in entry.get("evidence", ())]
    marks += [mark for key in _FACTS for mark in answer.get("facts", {}).get(key, ())]
    wrong = sum(
        texts.get(mark.get("note_id", encounter.id), "")[mark["start"] : mark["end"]] != mark["text"]
        for mark in marks
        if "text" in mark
    )
    return len(marks), wrong


def _overlaps(mine: Sequence[Place], theirs: Sequence[Place]) -> bool:
    return any(
        note == other and start < other_end and other_start < end
        for note, start, end in mine
        for other, other_start, other_end in theirs
    )


def _length(places: Iterable[Place]) -> int:
    return sum(end - start for _, start, end in places)


def _jaccard(mine: Iterable[Place], theirs: Iterable[Place]) -> float:
    one, other = _points(mine), _points(theirs)
    return len(one & other) / max(1, len(one | other))


def _points(places: Iterable[Place]) -> set[tuple[str | None, int]]:
    return {(note, at) for note, start, end in places for at in range(start, end)}
