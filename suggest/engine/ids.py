"""Fact ids that are unique over the notes of an encounter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp.facts import NoteFacts


def unique_ids(notes: Sequence[NoteFacts]) -> tuple[NoteFacts, ...]:
    """Return the notes with `c1…`, `l1…`, `m1…`, `a1…` counted through all; one note stays as it is."""
    if len(notes) < 2:
        return tuple(notes)
    counts = {"c": 0, "l": 0, "m": 0, "a": 0}
    renamed: list[NoteFacts] = []
    for note in notes:
        names: dict[str, str] = {}
        for letter, facts in (
            ("a", note.authors),
            ("c", note.conditions),
            ("l", note.labs),
            ("m", note.medications),
        ):
            for fact in facts:
                counts[letter] += 1
                names[fact.id] = f"{letter}{counts[letter]}"
        renamed.append(
            replace(
                note,
                authors=tuple(replace(a, id=names[a.id]) for a in note.authors),
                conditions=tuple(
                    replace(c, id=names[c.id], author=names.get(c.author) if c.author else None)
                    for c in note.conditions
                ),
                labs=tuple(replace(lab, id=names[lab.id]) for lab in note.labs),
                medications=tuple(replace(m, id=names[m.id]) for m in note.medications),
                links=tuple(
                    replace(k, cause=names.get(k.cause, k.cause), effect=names.get(k.effect, k.effect))
                    for k in note.links
                ),
                stated_codes=tuple(
                    replace(s, beside=names.get(s.beside) if s.beside else None) for s in note.stated_codes
                ),
            )
        )
    return tuple(renamed)
