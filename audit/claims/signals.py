"""Find in a note what answers a claim rule: who supplied, who gave, who supervised, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from nlp.errors import KnowledgeError
from nlp.facts import SectionCategory
from nlp.knowledge import check_entry, check_unique, load_yaml
from nlp.layout import read_layout
from nlp.view import normalise
from suggest.result import Evidence, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nlp.facts import Section

Texts = Mapping[str | None, str]
_GUARD = re.compile(
    r"\b(?:no|not|never|denies|denied|declin\w+|refus\w+|if|previously|formerly|used to|unable to"
    r"|cannot|can't|doesn't|does not|didn't|stopped|instead of|rather than"
    r"|prior)\b(?:\W+\w+){0,4}\W*$",
    re.IGNORECASE,
)
_ASSESSMENT = (
    SectionCategory.ASSESSMENT,
    SectionCategory.ASSESSMENT_PLAN,
    SectionCategory.PLAN,
    SectionCategory.IMPRESSION,
    SectionCategory.DIAGNOSES,
)


@dataclass(frozen=True, slots=True)
class Signal:
    """An entry of `signals.yaml`."""

    id: str
    pattern: re.Pattern[str]
    guarded: bool
    why: str
    example: str
    nearly: str


@lru_cache(maxsize=1)
def signals() -> Mapping[str, Signal]:
    """Return every signal by its id."""
    entries = load_yaml("audit.claims", "signals.yaml")
    check_unique("signals.yaml", entries)
    found = {}
    for entry in entries:
        check_entry(
            "signals.yaml",
            entry,
            required=("id", "patterns", "why", "example", "nearly"),
            optional=("guarded",),
        )
        try:
            joined = "|".join(f"(?:{p})" for p in entry["patterns"]).replace(" ", r"\s")
            pattern = re.compile(joined, re.IGNORECASE)
        except re.error as error:
            raise KnowledgeError(
                f"signals.yaml, entry {entry['id']}: the pattern cannot be read: {error}"
            ) from error
        found[entry["id"]] = Signal(
            entry["id"], pattern, bool(entry.get("guarded")), entry["why"], entry["example"], entry["nearly"]
        )
    return found


def find_signal(name: str, texts: Texts) -> Evidence | None:
    """Return the first place in the notes that holds a signal, or None."""
    signal = signals()[name]
    for note_id, text in texts.items():
        view = normalise(text)
        for match in signal.pattern.finditer(view):
            if signal.guarded and _GUARD.search(view[max(0, match.start() - 60) : match.start()]):
                continue
            start, end = match.start(), match.end()
            while start < end and text[start].isspace():
                start += 1
            return Evidence.cut(note_id, text, start, end, SectionCategory.UNKNOWN.value, Role.CONTEXT)
    return None


@lru_cache(maxsize=1)
def _problems() -> re.Pattern[str]:
    words = [w.strip() for w in load_yaml("audit.claims", "problems.yaml")["words"].split(",") if w.strip()]
    joined = "|".join(re.escape(w).replace(r"\ ", r"[\s-]+") for w in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])", re.IGNORECASE)


_OWN = re.compile(
    r"b-?12|cobalamin|pernicious|addison|anemi[ac]|injection|neuropath|shot|deficien|labs?\b|level|follow|return|f/u|rtc|mma\b|homocysteine|intrinsic",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(
    r"\b(?:no|denies|without|negative for|hx of|history of|ruled out|family history)\b[^.;\n]{0,30}$",
    re.IGNORECASE,
)


def other_problem(texts: Texts) -> Evidence | None:
    """Return a problem beyond the injection's own that an assessment or plan names (rule C16)."""
    for note_id, text in texts.items():
        view, layout = normalise(text), read_layout(text)
        for start, end, category in _stretches(layout.sections):
            for match in _problems().finditer(view, start, end):
                if not _NOT_NOW.search(view[max(start, match.start() - 40) : match.start()]):
                    return Evidence.cut(note_id, text, match.start(), match.end(), category, Role.CONTEXT)
        for unit in layout.units:
            section = layout.sections[unit.section] if 0 <= unit.section < len(layout.sections) else None
            if section is None or section.category not in _ASSESSMENT[:2] or not unit.marker:
                continue
            words = view[unit.start : unit.end]
            if re.search(r"\d|#", unit.marker) and not _OWN.search(words) and len(words.split()) >= 2:
                return Evidence.cut(note_id, text, unit.start, unit.end, section.category.value, Role.CONTEXT)
    return None


def _stretches(sections: Iterable[Section]) -> Iterator[tuple[int, int, str]]:
    for section in sections:
        if section.category in _ASSESSMENT:
            yield section.body_start, section.end, section.category.value
