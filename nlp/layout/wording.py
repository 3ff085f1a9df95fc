"""Find by wording the assessment of a text that has no header and no list where one could be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import mul

from models.sections import Wording, wording
from nlp.facts import WORDED, Section, SectionCategory, Unit

C = SectionCategory

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[./]\d+)*|[^\w\s]")
# Where a sentence stands and how many fives of words it has, each with the most that is counted.
_PLACES = {"tenth": 9, "from start": 3, "from end": 6, "length": 6}
_SHARES = ("place", "marker", "paragraph", "numbers")
_READ = 60  # words of a sentence that are looked at
_LEAST = 8  # sentences below which a text is too short to have parts


def sentence_features(view: str, units: Sequence[Unit]) -> list[dict[str, float]]:
    """Return what wording and place say of each sentence, by name, each from 0 to 1."""
    return [
        {
            **{f"word {word}": 1.0 for word in words},
            **({f"first {words[0]}": 1.0} if words else {}),
            **{f"{name} {number}": 1.0 for name, number in zip(_PLACES, places, strict=True)},
            **dict(zip(_SHARES, shares, strict=True)),
        }
        for words, places, shares in _sentences(view, units)
    ]


def _odds(view: str, units: Sequence[Unit], model: Wording) -> list[float]:
    """Return what speaks for each sentence, as `model.log_odds` of its features would, with less to build."""
    word, first, other = model.words.get, model.firsts.get, model.weights.get
    tenths, starts, ends, lengths = (
        [other(f"{name} {number}", 0.0) for number in range(most + 1)] for name, most in _PLACES.items()
    )
    weights = [other(name, 0.0) for name in _SHARES]
    odds = []
    for words, (tenth, start, end, length), shares in _sentences(view, units):
        total = model.base + sum([word(w, 0.0) for w in dict.fromkeys(words)])
        if words:
            total += first(words[0], 0.0)
        total += sum((tenths[tenth], starts[start], ends[end], lengths[length]))
        odds.append(total + sum(map(mul, weights, shares)))
    return odds


def _sentences(
    view: str, units: Sequence[Unit]
) -> Iterator[tuple[list[str], tuple[int, int, int, int], tuple[float, float, float, float]]]:
    """Yield of each sentence its words, where it stands and how long it is, and what is measured of it."""
    count = len(units)
    paragraph = -1
    for index, unit in enumerate(units):
        words = _TOKEN.findall(view[unit.start : unit.end].lower())[:_READ]
        words = ["#" if w[0].isdigit() else w for w in words]
        share = index / max(1, count - 1)
        places = (
            min(_PLACES["tenth"], int(share * 10)),
            min(_PLACES["from start"], index),
            min(_PLACES["from end"], count - 1 - index),
            min(_PLACES["length"], len(words) // 5),
        )
        opens = index == 0 or paragraph != unit.paragraph
        paragraph = unit.paragraph
        numbers = min(1.0, words.count("#") / 8)
        yield words, places, (round(share, 3), float(unit.marker is not None), float(opens), numbers)


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
    if not any(untold):
        return tuple(sections)  # the others stay as they are
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
