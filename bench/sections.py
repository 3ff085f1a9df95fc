"""How well sentences of an assessment are found in notes whose headers were taken out.

    python bench/sections.py NOTES.parquet [--half look|leave|all] [--errors N]

Gold are the sentences under an assessment-like header, in those notes that have one; then every header of
the note is taken out and the layout is read anew. Three readings of "assessment-like" are measured: without
plans, with them, and with lists of diagnoses (those of operations among them). Notes are parted by crc32 of
their id: `look` is what development may read, `leave` is not.
Prints counts and rates, no words of a note; --errors prints ids and counts.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from nlp.layout import read_layout

NARROW = frozenset({"assessment", "assessment_plan", "impression"})
WIDE = NARROW | {"plan", "diagnoses"}
READINGS = {
    "assessment and impression": NARROW,
    "with plans": NARROW | {"plan"},
    "with plans and diagnoses": WIDE,
}


def bare(text: str) -> tuple[str, list[int], list[tuple[int, int, str]]]:
    """Return the note without headers, where each character stood, and its sentences with their section."""
    layout = read_layout(text)
    keep = [True] * len(text)
    for section in layout.sections:
        if section.title:
            keep[section.start : section.start + len(section.title)] = [False] * len(section.title)
    places = [index for index, kept in enumerate(keep) if kept]
    sentences = []
    for unit in layout.units:
        section = layout.sections[unit.section]
        sentences.append((unit.start, unit.end, section.category.value if section.title else ""))
    return "".join(text[index] for index in places), places, sentences


def judged(text: str, places: list[int]) -> list[bool]:
    """Return for each character of the original whether the bare note calls it assessment."""
    found = [False] * (places[-1] + 1 if places else 0)
    for section in read_layout(text).sections:
        if section.category.value in WIDE:
            for index in range(section.body_start, section.end):
                found[places[index]] = True
    return found


def halves(notes: pd.DataFrame, half: str) -> Iterator[tuple[str, str]]:
    """Yield ids and texts of a half."""
    for name, text in zip(notes["note_id"], notes["text"], strict=True):
        if half == "all" or (zlib.crc32(name.encode()) % 2 == 0) == (half == "look"):
            yield name, text


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notes", type=Path)
    parser.add_argument("--half", choices=("look", "leave", "all"), default="look")
    parser.add_argument("--errors", type=int, default=0)
    given = parser.parse_args()
    notes = list(halves(pd.read_parquet(given.notes), given.half))
    sums = {name: [0, 0, 0, 0] for name in READINGS}
    rows = []
    for name, text in notes:
        stripped, places, sentences = bare(text)
        found = judged(stripped, places)
        for reading, wanted in READINGS.items():
            gold = [category in wanted for _, _, category in sentences]
            if not any(gold):
                continue
            answers = [
                any(found[start:end]) and sum(found[start:end]) * 2 > end - start
                for start, end, _ in sentences
            ]
            pairs = list(zip(gold, answers, strict=True))
            counts = [pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False)), 1]
            sums[reading] = [a + b for a, b in zip(sums[reading], counts, strict=True)]
            rows.append((name, reading, *counts))
    for reading, (hit, extra, missed, count) in sums.items():
        precision, recall = hit / max(1, hit + extra), hit / max(1, hit + missed)
        f1 = 2 * hit / max(1, 2 * hit + extra + missed)
        found = f"precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}"
        print(f"{reading}: {count} notes, {hit + missed} sentences, {found}")
    for row in sorted(rows, key=lambda r: -(r[3] + r[4]))[: given.errors]:
        print(*row)


if __name__ == "__main__":
    main()
