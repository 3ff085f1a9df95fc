"""Find by wording the assessment of a text that has no header and no list where one could be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from models.sections import Wording, wording
from nlp.facts import WORDED, Section, SectionCategory, Unit

C = SectionCategory

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[./]\d+)*|[^\w\s]")
_READ = 60  # words of a sentence that are looked at
_LEAST = 8  # sentences below which a text is too short to have parts


def sentence_features(view: str, units: Sequence[Unit]) -> list[dict[str, float]]:
    """Return what wording and place say of each sentence, by name, each from 0 to 1."""
    return [
        {
            **{f"word {word}": 1.0 for word in words},
            **({f"first {words[0]}": 1.0} if words else {}),
            **dict.fromkeys(place, 1.0),
            **shares,
        }
        for words, place, shares in _sentences(view, units)
    ]


def _odds(view: str, units: Sequence[Unit], model: Wording) -> list[float]:
    """Return what speaks for each sentence, as `model.log_odds` of its features would, with less to build."""
    word, first, other = model.words.get, model.firsts.get, model.weights.get
    odds = []
    for words, place, shares in _sentences(view, units):
        total = model.base + sum(word(w, 0.0) for w in dict.fromkeys(words))
        if words:
            total += first(words[0], 0.0)
        total += sum(other(name, 0.0) for name in place)
        odds.append(total + sum(other(name, 0.0) * value for name, value in shares.items()))
    return odds


def _sentences(
    view: str, units: Sequence[Unit]
) -> Iterator[tuple[list[str], tuple[str, ...], dict[str, float]]]:
    """Yield of each sentence its words, the names of where it stands, and what is measured of it."""
    count = len(units)
    for index, unit in enumerate(units):
        words = _TOKEN.findall(view[unit.start : unit.end].lower())[:_READ]
        words = ["#" if w[0].isdigit() else w for w in words]
        share = index / max(1, count - 1)
        place = (
            f"tenth {min(9, int(share * 10))}",
            f"from start {min(3, index)}",
            f"from end {min(6, count - 1 - index)}",
            f"length {min(6, len(words) // 5)}",
        )
        shares = {
            "place": round(share, 3),
            "marker": float(unit.marker is not None),
            "paragraph": float(index == 0 or units[index - 1].paragraph != unit.paragraph),
            "numbers": min(1.0, words.count("#") / 8),
        }
        yield words, place, shares


def open_by_wording(
    view: str, sections: Sequence[Section], units: Sequence[Unit], model: Wording | None = None
) -> tuple[Section, ...]:
    """Return the sections with those opened that are worded as an assessment; they still tile the note.

    Args:
        view: the note.
        sections: of a note that neither a header nor a list tells the assessment of.
        units: the sentences of these sections, in text order.
        model: the parameters; None for those that come with Corrin.
    """
    if len(units) < _LEAST:
        return tuple(sections)
    untold = [not s.title and s.category is C.UNKNOWN and s.subtype is None for s in sections]
    last = max((index for index, unit in enumerate(units) if not sections[unit.section].title), default=-1)
    units = units[: last + 1]  # a part with a title at the end moves no sentence before it
    model = model or wording()
    found = model.path(_odds(view, units, model))
    if not any(found):
        return tuple(sections)
    own: list[list[tuple[Unit, bool]]] = [[] for _ in sections]
    for unit, inside in zip(units, found, strict=True):
        own[unit.section].append((unit, inside))
    done: list[Section] = []
    for number, (section, judged) in enumerate(zip(sections, own, strict=True)):
        done += _cut(section, judged) if judged and untold[number] else (section,)
    return tuple(done)


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
