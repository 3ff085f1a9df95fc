"""Lines that open or close something without being a header, and wording that stands in for one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nlp.errors import KnowledgeError
from nlp.knowledge import check_choice, check_entry, check_unique, load_yaml
from nlp.layout.lines import Line
from nlp.literals import fold, may_hold, needed_sets
from nlp.openings import OPENING, Openings
from nlp.patterns import spaced

EVENTS_FILE = "nlp/layout/events.yaml"
_AT_LINE = ("copied_end", "copied", "today", "message", "signature", "signature_last")
_AT_SENTENCE = ("assessment", "plan")
_MIDLINE_SIGNATURE = spaced(
    r"(?:(?<=[.;)] )|(?<=[.;)]  )|(?<=   ))(?:electronically signed|digitally signed|e-?signed)\b",
    re.IGNORECASE,
)
_SIGNED = "signed"  # stands in each match, folded
_LONGEST_LINE = 140


@dataclass(frozen=True, slots=True)
class Event:
    """What a line begins or ends; `does` is one of the kinds of `events.yaml` that stand at a line."""

    start: int
    end: int
    does: str
    drawn: bool
    line_end: int


@dataclass(frozen=True, slots=True)
class Wording:
    """How something is worded, and letters of which a match holds one of each row."""

    pattern: re.Pattern[str]
    letters: tuple[tuple[str, ...], ...]


@cache
def load_events() -> dict[str, tuple[Wording, ...]]:
    """Return the wordings of each kind of event, in the order of the file.

    Raises:
        KnowledgeError: an entry is malformed or its pattern does not compile.
    """
    entries = load_yaml("nlp.layout", "events.yaml")["events"]
    check_unique(EVENTS_FILE, entries)
    kinds: dict[str, list[Wording]] = {}
    for entry in entries:
        check_entry(EVENTS_FILE, entry, required=("id", "does", "pattern", "why", "example"))
        check_choice(EVENTS_FILE, str(entry["id"]), "does", entry["does"], (*_AT_LINE, *_AT_SENTENCE))
        try:
            pattern = re.compile(entry["pattern"], re.IGNORECASE)
        except re.error as error:
            raise KnowledgeError(
                f"{EVENTS_FILE}, entry {entry['id']}: the pattern does not compile; mend it"
            ) from error
        kinds.setdefault(str(entry["does"]), []).append(Wording(pattern, needed_sets(pattern)))
    return {does: tuple(wordings) for does, wordings in kinds.items()}


def find_events(view: str, lines: tuple[Line, ...]) -> list[Event]:
    """Return the events of the lines, in text order."""
    found: list[Event] = []
    may_begin = _openings().of
    folded = fold(view)
    signed = folded.find(_SIGNED)  # the next place where somebody may have signed
    for line in lines:
        start, end = line.start, line.end
        for does, wording in may_begin(folded[start : end if end - start < OPENING else start + OPENING]):
            stop = min(end, start + _LONGEST_LINE)
            if may_hold(folded[start:stop], wording.letters) and (
                match := wording.pattern.match(view, start, stop)
            ):
                drawn = not any(map(str.isalpha, view[start : match.end()]))
                found.append(Event(start, match.end(), does, drawn, end))
                break
        else:
            if 0 <= signed < start:
                signed = folded.find(_SIGNED, start)
            if 0 <= signed < end:
                found += (
                    Event(match.start(), match.end(), "signature", False, end)
                    for match in _MIDLINE_SIGNATURE.finditer(view, start, end)
                )
    return found


@cache
def _openings() -> Openings[tuple[str, Wording]]:
    """What a line can do, by the signs that it begins with."""
    return _by_signs(_AT_LINE)


@cache
def _of_sentences() -> Openings[tuple[str, Wording]]:
    """What a sentence can do, by the signs that it begins with."""
    return _by_signs(_AT_SENTENCE)


def _by_signs(kinds: tuple[str, ...]) -> Openings[tuple[str, Wording]]:
    events = load_events()
    return Openings([(wording.pattern, (does, wording)) for does in kinds for wording in events[does]])


def judgement_at(view: str, start: int, end: int) -> str | None:
    """Return `assessment` or `plan` if the sentence `view[start:end]` opens like one, else None."""
    for does, wording in _of_sentences().of(fold(view)[start : min(end, start + OPENING)]):
        if wording.pattern.match(view, start, end):
            return does
    return None
