"""Find by wording the assessment of a text that has no header and no list where one could be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from models.sections import Wording, wording
from nlp.facts import Section, SectionCategory, Unit

C = SectionCategory

WORDED = "worded"  # subtype of a section that wording alone tells: a likelihood, no statement of the writer

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[./]\d+)*|[^\w\s]")
_READ = 60  # words of a sentence that are looked at
_LEAST = 8  # sentences below which a text is too short to have parts


def sentence_features(view: str, units: Sequence[Unit]) -> list[dict[str, float]]:
    """Return what wording and place say of each sentence, by name, each from 0 to 1."""
    return [_features(view, units, index) for index in range(len(units))]


def _features(view: str, units: Sequence[Unit], index: int) -> dict[str, float]:
    unit, count = units[index], len(units)
    words = [w if not w[0].isdigit() else "#" for w in _TOKEN.findall(view[unit.start : unit.end].lower())][
        :_READ
    ]
    share = index / max(1, count - 1)
    row = {f"word {word}": 1.0 for word in words}
    if words:
        row[f"first {words[0]}"] = 1.0
    row[f"tenth {min(9, int(share * 10))}"] = 1.0
    row[f"from start {min(3, index)}"] = 1.0
    row[f"from end {min(6, count - 1 - index)}"] = 1.0
    row[f"length {min(6, len(words) // 5)}"] = 1.0
    row["place"] = round(share, 3)
    row["marker"] = float(unit.marker is not None)
    row["paragraph"] = float(index == 0 or units[index - 1].paragraph != unit.paragraph)
    row["numbers"] = min(1.0, words.count("#") / 8)
    return row


def open_by_wording(
    view: str, sections: Sequence[Section], units: Sequence[Unit], model: Wording | None = None
) -> list[Section]:
    """Return the sections with those opened that are worded as an assessment; they still tile the note.

    Args:
        view: the note.
        sections: none of them a judgement.
        units: the sentences of these sections, in text order.
        model: the parameters; None for those that come with Corrin.
    """
    if len(units) < _LEAST:
        return list(sections)
    found = (model or wording()).path(sentence_features(view, units))
    done: list[Section] = []
    for index, section in enumerate(sections):
        if section.title or section.category is not C.UNKNOWN or section.subtype is not None:
            done.append(section)
            continue
        own = [(u, inside) for u, inside in zip(units, found, strict=True) if u.section == index]
        done += _cut(section, own)
    return done


def _cut(section: Section, own: Sequence[tuple[Unit, bool]]) -> Iterator[Section]:
    """Yield the parts of a section, each all judgement or none of it."""
    current = section
    inside = False
    for unit, judged in own:
        if judged is inside:
            continue
        at = current.start if unit is own[0][0] else unit.start
        category = C.ASSESSMENT_PLAN if judged else C.UNKNOWN
        if at > current.start:
            yield replace(current, end=at)
        current = Section(section.note_id, category, "", at, section.end, at, WORDED if judged else None)
        inside = judged
    yield current
