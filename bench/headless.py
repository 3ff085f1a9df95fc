"""What the codes of a note lose when its headers are taken out: our corpus with them and without.

    python -m bench.headless [--every] [--errors]

First the notes of train and tune as they came: with a header of an assessment, and without one, at first
contact (corpora/first_contact.jsonl) and today. Then notes that have such a header are answered with their
headers and without, with assessment by wording and with that mute: notes all of whose headers are of the
visit's own parts (story, examination, results, assessment, plan), and with --every all notes, in which then
nothing tells a list of the past, of drugs, of the family, or somebody else's words from a diagnosis of today.
Prints counts and rates and, with --errors, ids with codes, no words of a note.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from corpora.evaluate.outcome import judge
from corpora.gold import GoldEncounter
from corpora.load import load_corpus
from models.sections import Wording, speaking
from nlp.facts import SectionCategory as C
from nlp.layout import read_layout
from nlp.layout.sections import JUDGEMENT
from suggest import suggest_encounter, to_json

ROOT = Path(__file__).resolve().parent.parent
OWN_PARTS = JUDGEMENT | {C.HPI, C.INTERVAL, C.EXAM, C.ROS, C.LABS}
UNFINISHED = "1356dcf"  # the commit of a program an hour old, left out of first contact
MUTE = Wording(-1000.0, {}, 0.0, 0.0, {}, {})  # finds no assessment by wording


def without(text: str) -> str:
    """Return the note without its headers."""
    keep = [True] * len(text)
    for section in read_layout(text, wordwise=False).sections:
        if not section.title:
            continue
        start, end = section.start, section.start + len(section.title)
        keep[start:end] = [False] * (end - start)
    return "".join(c for c, kept in zip(text, keep, strict=True) if kept)


def titled(encounter: GoldEncounter) -> set[C]:
    """Return the categories of the headers in the notes."""
    layouts = [read_layout(note.text, wordwise=False) for note in encounter.notes]
    return {section.category for layout in layouts for section in layout.sections if section.title}


def answered(encounter: GoldEncounter) -> tuple[set[str], set[str]]:
    """Return the required codes that are missing, and those that are too many."""
    outcome = judge(encounter, to_json(suggest_encounter(encounter.notes)))
    return set(outcome.missed), set(outcome.added)


class Sum:
    """Counts of codes over encounters."""

    def __init__(self) -> None:
        self.notes = self.hit = self.missed = self.added = 0

    def add(self, wanted: int, missed: int, added: int) -> None:
        """Count an encounter."""
        self.notes += 1
        self.hit += wanted - missed
        self.missed += missed
        self.added += added

    def __str__(self) -> str:
        precision, recall = (self.hit / max(1, self.hit + other) for other in (self.added, self.missed))
        f1 = 2 * self.hit / max(1, 2 * self.hit + self.added + self.missed)
        return f"{self.notes} encounters, precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}"


def as_they_came(encounters: list[GoldEncounter]) -> dict[str, Sum]:
    """Return how notes with and without a header of an assessment came out, at first contact and today."""
    headed = {e.id for e in encounters if titled(e) & JUDGEMENT}
    known = {e.id for e in encounters}
    sums: dict[str, Sum] = defaultdict(Sum)
    for encounter in encounters:
        missed, added = answered(encounter)
        name = "with" if encounter.id in headed else "without"
        sums[f"today, {name} headers"].add(len(judge(encounter, None).required), len(missed), len(added))
    for line in (ROOT / "corpora/first_contact.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["commit"] == UNFINISHED or row["id"] not in known:
            continue
        counted = [s["right"] for s in row["suggestions"] if s["counted"]]
        name = "with" if row["id"] in headed else "without"
        missed_count = row["required"] - sum(counted)
        sums[f"first contact, {name} headers"].add(row["required"], missed_count, counted.count(False))
    return dict(sorted(sums.items()))


def taken_out(encounters: list[GoldEncounter], *, every: bool, errors: bool) -> dict[str, Sum]:
    """Return how notes that have such a header come out with headers and without."""
    sums: dict[str, Sum] = defaultdict(Sum)
    for encounter in encounters:
        headers = titled(encounter)
        if not headers & JUDGEMENT or not (every or headers <= OWN_PARTS):
            continue
        notes = tuple(replace(note, text=without(note.text)) for note in encounter.notes)
        bare = replace(encounter, notes=notes)
        with speaking(MUTE):
            mute = answered(bare)
        found = {
            "with headers": answered(encounter),
            "taken out, wording mute": mute,
            "taken out": answered(bare),
        }
        for name, (missed, added) in found.items():
            sums[name].add(len(judge(encounter, None).required), len(missed), len(added))
        (had_missed, had_added), (missed, added) = found["with headers"], found["taken out"]
        if errors and (missed - had_missed or added - had_added):
            print(encounter.id, "lost", *sorted(missed - had_missed), "gained", *sorted(added - had_added))
    return sums


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--errors", action="store_true")
    given = parser.parse_args()
    encounters = [e for e in load_corpus() if e.split != "test"]
    for name, counts in as_they_came(encounters).items():
        print(f"{name}: {counts}")
    for name, counts in taken_out(encounters, every=given.every, errors=given.errors).items():
        print(f"{name}: {counts}")


if __name__ == "__main__":
    main()
