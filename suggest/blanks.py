"""Read a note whose blanks are doubled as if they were not, and tell every place in the note as given.

Dictation systems and justified exports write two blanks between all words, and some thumbs between many.
Elsewhere two blanks part columns and open headers, so such a note would fall apart; where the note itself
shows that they say nothing, they are read as one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import fields, is_dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from nlp.steps import spend

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# What stands before blanks is asked behind the first, so that blanks are what is looked for.
_GAP = re.compile(r" (?<=\S ) *(?=\S)")
_LINE = re.compile(r"[^\r\n]+")
_WIDE = re.compile(r"(?<=\S) {2,}(?=\S)|\t")
_RUN = re.compile(r"  +")
_FEWEST = 6  # wide gaps from which a note is thought to be doubled
_SINGLE = 20  # one single blank among so many wide gaps is a slip
# Two blanks inside a phrase: a lower-case word goes on behind another or a comma, in a line of prose.
# The blanks stand first in these: the search leaps from one to the next.
_SLIP = re.compile(r"  (?<=[a-z,]  )(?=[a-z])")
_PAIR = re.compile(r"  (?<=[^\s|]  )(?=[^\s|])")  # what is read as one blank where they are slips
_SINGLES = re.compile(r" (?<=\S )(?=\S)")
_SLIPS = 4  # so many of them show that two blanks part nothing in this note
_PROSE = 2  # single blanks beside each wide gap of a line from which it is no row of columns


class Narrowed:
    """A text with its blanks halved, and where each of its code points stood."""

    __slots__ = ("_ends", "_lost", "given", "text")

    def __init__(self, given: str, runs: Iterable[re.Match[str]]) -> None:
        pieces: list[str] = []
        self._ends, self._lost, done, lost = [0], [0], 0, 0
        self.given = given
        length = 0
        for run in runs:
            kept = (run.end() - run.start() + 1) // 2
            pieces += [given[done : run.start()], " " * kept]
            length += run.start() - done + kept
            lost += run.end() - run.start() - kept
            self._ends.append(length)
            self._lost.append(lost)
            done = run.end()
        self.text = "".join(pieces) + given[done:]

    def place(self, offset: int) -> int:
        """Return where a code point of `text` stands in `given`."""
        return offset + self._lost[bisect_right(self._ends, offset) - 1]

    def end(self, offset: int) -> int:
        """Return where a span that ends at `offset` of `text` ends in `given`."""
        return self.place(offset - 1) + 1 if offset else 0


def narrowed(text: str) -> Narrowed | None:
    """Return the text with its blanks halved where they are doubled; None where it is to be read as it is."""
    wide = text.count("  ")  # at least as many as there are gaps of two blanks or more
    if wide < _SLIPS:
        return None
    spend(len(text))
    if _may_be_doubled(text, wide):
        gaps = _GAP.findall(text)
        single = gaps.count(" ")
        if len(gaps) - single >= _FEWEST and single * _SINGLE <= len(gaps):
            return Narrowed(text, _RUN.finditer(text))
    slips = list(_slips(text))
    return Narrowed(text, slips) if slips else None


def _may_be_doubled(text: str, wide: int) -> bool:
    """Return False only where too many single blanks part the words: the first lines mostly tell."""
    most = wide // (_SINGLE - 1)  # single blanks among so many wide gaps
    return next(islice(_SINGLES.finditer(text), most, None), None) is None


def _slips(text: str) -> Iterator[re.Match[str]]:
    """The doubled blanks of the lines of prose, where enough of them stand inside phrases."""
    if len(_SLIP.findall(text)) < _SLIPS:
        return
    found: list[re.Match[str]] = []
    inside = 0
    for line in _LINE.finditer(text):
        begin, end = line.span()
        pairs = list(_PAIR.finditer(text, begin, end))
        wide = len(_WIDE.findall(text, begin, end))
        slips = list(_SLIP.finditer(text, begin, end))
        if pairs and len(_SINGLES.findall(text, begin, end)) >= _PROSE * wide:
            found += pairs
            inside += len(slips)
        elif wide == len(slips):  # "Congestive heart  failure": a line of a few words
            found += slips
    if inside >= _SLIPS:
        yield from found


def told_in_notes(record: Any, notes: Mapping[str | None, Narrowed], note_id: str | None = None) -> Any:
    """Return a record, and all that it holds, with the places of the notes as given."""
    if isinstance(record, tuple):
        return tuple(told_in_notes(part, notes, note_id) for part in record)
    if not is_dataclass(record) or isinstance(record, type):
        return record
    here: str | None = getattr(
        record, "note_id", note_id
    )  # the words that modify a condition are of its note
    held = {f.name: getattr(record, f.name) for f in fields(record)}
    changed = {name: told_in_notes(value, notes, here) for name, value in held.items()}
    note = notes.get(here)
    if note is not None and "start" in held and "end" in held:
        changed["start"], changed["end"] = note.place(held["start"]), note.end(held["end"])
        if changed["start"] >= changed["end"]:
            changed["end"] = changed["start"]
        if "body_start" in held:
            changed["body_start"] = min(note.place(held["body_start"]), changed["end"])
        if "text" in held:
            changed["text"] = note.given[changed["start"] : changed["end"]]
        if held.get("title"):
            changed["title"] = note.given[changed["start"] : note.end(held["start"] + len(held["title"]))]
    return replace(record, **changed)
