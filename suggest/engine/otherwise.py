"""What another policy would make of several notes: the alternatives of S42, S43 and S46."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from suggest.engine.candidates import Draft
from suggest.engine.chart import Chart
from suggest.engine.combine import Picture
from suggest.engine.current import Current, is_contradicted
from suggest.engine.encounter import settle
from suggest.engine.terms import LIMITS, NoteMeta, is_in_force, limit_of
from suggest.result import Alternative


def name_other_ways(
    chart: Chart,
    before: Chart,
    metas: Sequence[NoteMeta],
    current: Mapping[str, Current],
    picture: Picture,
    draft: Draft,
) -> None:
    """Name, on each code that rests on several notes, the option that would decide otherwise.

    Args:
        chart: the encounter as the policy settles it.
        before: the same before anything gave way.
        metas: what is known of each note.
        current: what is current, by concept.
        picture: the conditions put together.
        draft: the codes; amended in place.
    """
    if len(metas) < 2:
        return
    for concept, found in current.items():
        if found.rule != "S42":
            continue
        options = {
            o for s in found.statements if (o := _limit_that_matters(chart, metas, s.note)) is not None
        }
        for option in sorted(options):
            _name(chart, picture, draft, concept, "Too old to give an indication", option)
    for concept in _settled_by_policy(chart, before, metas):
        _name(chart, picture, draft, concept, "The provider is asked, whoever wrote it", "s46")


def _limit_that_matters(chart: Chart, metas: Sequence[NoteMeta], note: int) -> str | None:
    """The option by another choice of which a context note would give no indication."""
    option = limit_of(metas[note], chart.notes[note])
    matters = any(not is_in_force(chart, metas[note], note, choice) for choice in LIMITS[option])
    return option if matters else None


def _settled_by_policy(chart: Chart, before: Chart, metas: Sequence[NoteMeta]) -> list[str]:
    """Concepts about which providers differ, where the policy says whose words decide."""
    asked = settle(replace(before, options={**before.options, "option.s46": "always_query"}), metas)
    return [
        concept
        for concept in asked.by_concept
        if is_contradicted(asked, concept) and not is_contradicted(chart, concept)
    ]


def _name(chart: Chart, picture: Picture, draft: Draft, concept: str, text: str, option: str) -> None:
    coding = chart.coding(picture.final(concept))
    if coding is not None and coding.code is not None and coding.code in draft.candidates:
        known = draft.candidates[coding.code].alternatives
        other = Alternative((), f"{text} ({option.upper()}).", f"option.{option}")
        draft.change(coding.code, alternatives=(*known, other))
