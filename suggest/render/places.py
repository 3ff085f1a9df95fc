"""Where evidence stands in a note, told in words that a person can follow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from suggest.result import Evidence, Result, SequenceAfter, Suggestion

Texts = Mapping[str | None, str]

BANDS = {"code": "Code it", "care": "Code it, with care"}
ASK, LEAVE = "Ask", "Leave"
NOTHING = "Nothing in Corrin's scope"
FIRST = "Order: first among the codes Corrin knows; codes outside its scope are not judged."
_PAGE_CONTROLS = {0x7F: "\ufffd", **dict.fromkeys(range(128, 160), "�")}
_CONTROLS = {code: chr(0x2400 + code) for code in range(32)} | _PAGE_CONTROLS
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F], "\ufffd")
_UNSAFE = _CONTROLS | _BIDI
_ON_PAGE = {code: sign for code, sign in _UNSAFE.items() if chr(code) not in "\t\n\r"}


def printable(text: str) -> str:
    """Return text for a page: as `visible`, but line ends and tabs stay; length is kept."""
    return text.translate(_ON_PAGE)


def visible(text: str) -> str:
    """Return text that cannot steer a terminal or turn the order of letters; length is kept."""
    return text.translate(_UNSAFE)


@dataclass(frozen=True, slots=True)
class Lines:
    """The line starts of one note, to turn offsets into line numbers."""

    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Lines:
        """Index a note's lines; a line ends at a line feed."""
        starts = [0]
        place = text.find("\n")
        while place >= 0:
            starts.append(place + 1)
            place = text.find("\n", place + 1)
        return cls(tuple(starts))

    def number(self, offset: int) -> int:
        """Return the line number, from 1, of an offset."""
        return bisect_right(self.starts, offset)


def excerpt(text: str, start: int, end: int, width: int) -> tuple[str, str, str]:
    """Return what stands before, in and after a span, on one line and at most `width` long in all.

    The surroundings stay within the span's line and are cut between words; what is cut off is
    marked by an ellipsis.
    """
    inside = visible(" ".join(text[start:end].split()))
    if len(inside) > width:
        half = max((width - 3) // 2, 1)
        inside = f"{inside[:half]}...{inside[-half:]}"
    room = max(width - len(inside), 0)
    before, after = _words_before(text, start, room), _words_after(text, end, room)
    left = room - min(len(after), room // 2)
    before = _keep(before.split(" "), left, from_end=True) if len(before) > left else before
    right = room - len(before)
    after = _keep(after.split(" "), right, from_end=False) if len(after) > right else after
    return visible(before), inside, visible(after)


def _words_before(text: str, start: int, room: int) -> str:
    """Return the words of the line before a span; no more of it is read than could be shown."""
    line = max(text.rfind(mark, max(start - 4 * room, 0), start) for mark in "\n\r") + 1
    words = " ".join(text[max(line, start - 4 * room, 0) : start].split())
    return words + " " if words and text[start - 1].isspace() else words


def _words_after(text: str, end: int, room: int) -> str:
    stop = end + 4 * room
    for mark in "\n\r":
        place = text.find(mark, end, stop)
        stop = place if place >= 0 else stop
    words = " ".join(text[end:stop].split())
    return " " + words if words and text[end : end + 1].isspace() else words


def _keep(words: list[str], room: int, *, from_end: bool) -> str:
    """Return as many whole words as fit beside an ellipsis, those next to the span first."""
    kept: list[str] = []
    used = len("... ")
    for word in reversed(words) if from_end else words:
        used += len(word) + bool(kept)
        if used > room:
            break
        kept.append(word)
    if not "".join(kept):
        return "... "[: max(room, 0)] if from_end else " ..."[: max(room, 0)]
    return "... " + " ".join(reversed(kept)) if from_end else " ".join(kept) + " ..."


def is_empty(result: Result) -> bool:
    """Say whether there is nothing of ours in the encounter."""
    return not (result.suggestions or result.queries or result.withheld)


def all_evidence(result: Result) -> Iterator[tuple[str, Evidence]]:
    """Yield every evidence of suggestions, queries and withheld codes with the name it belongs to."""
    for suggestion in result.suggestions:
        yield from ((suggestion.code, evidence) for evidence in suggestion.evidence)
    for query in result.queries:
        yield from ((query.query, evidence) for evidence in query.evidence)
    for withheld in result.withheld:
        yield from ((f"not {withheld.code}", evidence) for evidence in withheld.evidence)


def distinct(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return evidence without repeats of one span, in the order given."""
    return tuple({(item.note_id, item.start, item.end): item for item in evidence}.values())


def follows(suggestion: Suggestion) -> str | None:
    """Return what the suggestion must follow, in words."""
    after = suggestion.sequence_after
    if after is None:
        return None
    return after.code or after.what if isinstance(after, SequenceAfter) else after
