"""Metamorphic truth: what must not change an answer does not, and what must, does.

Must not: the case and colons of titles, CRLF, double blanks, the order of unrelated sections, a line about
a relative, a negated list of other things, the marks of de-identification. Must, where a statement is the
sole evidence of a code (with another disease in its place the code goes): negate it, put "possible" before
it, add "resolved", move it to the family history.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from nlp.errors import InputError
from suggest import suggest_encounter
from suggest.result import Kind, Result, Role
from tests.trust.changes import AT_THE_END, OTHER, RELATIVES, SAME, Change, Turn
from tests.trust.notes import Tried, corpus, sample, shared
from tests.trust.tally import Tally

EXPLAINED = Path(__file__).with_name("explained.yaml")
ELSEWHERE = "gout"  # a disease that no rule of ours knows
CURRENT = (Kind.CONDITION, Kind.MANIFESTATION, Kind.CAUSE, Kind.FINDING)
BOUNDED = 4  # one encounter in so many where time is short

Answer = tuple[frozenset[str], frozenset[str], frozenset[str]]


def sets(result: Result) -> Answer:
    """What a change must leave alone: the sets of suggestions, withheld codes and queries."""
    return (
        frozenset(s.code for s in result.suggestions),
        frozenset(w.code for w in result.withheld),
        frozenset(q.query for q in result.queries),
    )


def told(before: Answer, after: Answer) -> str:
    """What came and went, by code."""
    parts = []
    for name, one, two in zip(("code", "withheld", "query"), before, after, strict=True):
        parts += [f"+{name} {c}" for c in sorted(two - one)] + [f"-{name} {c}" for c in sorted(one - two)]
    return ", ".join(parts)


def explained() -> dict[tuple[str, str], str]:
    """Violations that are right as they are: (change, encounter) → why."""
    entries = yaml.safe_load(EXPLAINED.read_text(encoding="utf-8")) or []
    return {(entry["change"], name): entry["why"] for entry in entries for name in entry["notes"]}


def changed(tried: Tried, change: Change) -> Tried | None:
    """The encounter with every note changed; None where there is nothing to change."""
    texts = [change(note.text) for note in tried.notes]
    if not any(texts):
        return None
    notes = (replace(note, text=text or note.text) for note, text in zip(tried.notes, texts, strict=True))
    return replace(tried, notes=tuple(notes))


def sole_statements(tried: Tried, result: Result) -> Iterator[tuple[str, int, int, int]]:
    """Each code that one statement alone bears: code, index of the note, start and end of the words."""
    causes = {link.cause for link in result.facts.links}  # a cause that is over leaves its effect
    places = {note.note_id: at for at, note in enumerate(tried.notes)}
    for suggestion in result.suggestions:
        if suggestion.kind not in CURRENT:
            continue
        spans = {(e.note_id, e.start, e.end) for e in suggestion.evidence if e.role is Role.DIAGNOSIS}
        named = {
            (c.note_id, c.start, c.end)
            for c in result.facts.conditions
            if c.id not in causes and any(c.note_id == n and s <= c.start < c.end <= e for n, s, e in spans)
        }
        for note_id, start, end in sorted(named, key=str):
            at = places[note_id]
            text = tried.notes[at].text
            without = text[:start] + ELSEWHERE + text[end:]
            if suggestion.code not in sets(answer(with_text(tried, at, without)))[0]:
                yield suggestion.code, at, start, end


def with_text(tried: Tried, at: int, text: str) -> Tried:
    notes = list(tried.notes)
    notes[at] = replace(notes[at], text=text)
    return replace(tried, notes=tuple(notes))


def answer(tried: Tried) -> Result:
    return suggest_encounter(tried.notes)


class Trial:
    """One run over encounters; keeps which explanations were used."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.known = explained()
        self.used: set[tuple[str, str]] = set()
        self.unread: Counter[bool] = Counter()

    def judge(self, change: str, tried: Tried, held: bool, fault: str) -> None:
        key = (change, tried.name)
        if not held and key in self.known:
            self.used.add(key)
            self.tally.explain(change, fault)
            return
        if tried.hidden:  # nobody may read why, so it is counted and judged by nobody
            self.unread[held] += 1
            return
        self.tally.check(change, held, f"{tried.name}: {fault}")

    def stays(self, tried: Tried, before: Answer, name: str, change: Change) -> None:
        other = changed(tried, change)
        if other is None:
            return
        try:
            after = sets(answer(other))
        except InputError:  # the change made no note of it, such as one of 16 MiB
            return
        self.judge(name, tried, after == before, told(before, after))

    def goes(self, tried: Tried, name: str, turn: Turn, code: str, at: int, span: tuple[int, int]) -> None:
        if name == "put possible before it" and tried.notes[at].setting == "inpatient":
            return  # the guideline's own exception
        text = turn(tried.notes[at].text, *span)
        if text is None:
            return
        if name == RELATIVES and code in sets(answer(with_text(tried, at, text.partition(AT_THE_END)[0])))[0]:
            return  # the rest of what went with it was against the code: it is not its sole evidence
        after = sets(answer(with_text(tried, at, text)))
        self.judge(name, tried, code not in after[0], f"{code} stays")


def prove(long: bool = False) -> Tally:
    """Try every change on the corpus, and on the shared notes where they are there."""
    tally = Tally("metamorphic")
    encounters = corpus() + shared()
    chosen = encounters if long else sample([t for t in encounters if not t.hidden], BOUNDED)
    tally.remark(f"{len(chosen)} of {len(encounters)} encounters")
    trial = Trial(tally)
    for tried in chosen:
        result = answer(tried)
        for name, change in SAME.items():
            trial.stays(tried, sets(result), name, change)
        for code, at, start, end in sole_statements(tried, result):
            for name, turn in OTHER.items():
                trial.goes(tried, name, turn, code, at, (start, end))
    if trial.unread:
        tally.remark(
            f"encounters that stay unread: tried {trial.unread.total()}, survived {trial.unread[True]}"
        )
    if long:
        names = {tried.name for tried in encounters}
        for change, name in sorted(trial.known.keys() - trial.used):
            if name in names:
                tally.check(
                    "explanations still needed", False, f"{change}, {name}: holds now; take the line out"
                )
    return tally


if __name__ == "__main__":
    from tests.trust.__main__ import main

    sys.exit(main(["metamorphic", *sys.argv[1:]]))
