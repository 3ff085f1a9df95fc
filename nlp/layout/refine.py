"""Add what has no header: a tail of keywords, an assessment by place or by the words that open it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.facts import Section, SectionCategory
from nlp.layout.events import judgement_at
from nlp.layout.lines import Line
from nlp.layout.place import ASSESSING, end_fields, find_list, planned_problems
from nlp.layout.sections import JUDGEMENT
from nlp.layout.sentences import split_sentences

C = SectionCategory

_OPEN_TO_JUDGEMENT = frozenset(
    {C.UNKNOWN, C.HPI, C.LABS, C.EXAM, C.INTERVAL, C.IMAGING, C.SOCIAL, C.ROS, C.FAMILY}
)
# "... in six weeks.neurology, seizures, mri brain": the keywords of a transcription sample.
_KEYWORDS = re.compile(r"[.?!)\"],?(?=[a-z][^.\n]{2,700}$)")

_SAMPLE = 400  # a line so long that holds most of a note is a transcription sample in one line


def refine(view: str, lines: Sequence[Line], sections: Sequence[Section]) -> tuple[tuple[Section, ...], bool]:
    """Return the sections with those added that show by place or opening words; they still tile the note.

    And whether a header or a list tells where the assessment is.
    """
    found = _cut_keywords(view, list(sections))
    found = end_fields(view, lines, found)
    told = any(section.title and section.category in JUDGEMENT for section in found)
    categories = {section.category for section in found}
    if ASSESSING.isdisjoint(categories):
        at = find_list(view, lines, found)
        told = told or at is not None
        found = found if at is None else _split(found, at, C.ASSESSMENT_PLAN)
        planned = planned_problems(view, lines, found) if at is None else None
        if planned is not None:
            found[planned] = replace(found[planned], category=C.ASSESSMENT_PLAN)
            told = True
        if not any(section.category in JUDGEMENT for section in found):
            found = _cut_judgement(view, lines, found)
    return tuple(found), told


def _split(
    sections: list[Section], at: int, category: SectionCategory, subtype: str | None = None
) -> list[Section]:
    """Open an untitled section at `at`, which reaches to the end of the one that it cuts."""
    for index, section in enumerate(sections):
        if section.start <= at < section.end:
            fresh = Section(section.note_id, category, "", at, section.end, at, subtype)
            if at <= section.start and not section.title:
                return [*sections[:index], fresh, *sections[index + 1 :]]
            if at < section.body_start:
                return sections
            return [*sections[:index], replace(section, end=at), fresh, *sections[index + 1 :]]
    return sections


def _cut_keywords(view: str, sections: list[Section]) -> list[Section]:
    """Cut the keywords at the end of the note, or of the one line that a transcription sample is."""
    stop = len(view.rstrip())
    disclaimer = view.rfind("NOTE,:", max(0, stop - 3_000))
    stop = disclaimer if disclaimer > 0 else stop
    at = _keywords_before(view, stop)
    if at is not None:
        return _split(sections, at, C.UNKNOWN, "keywords")
    least = max(_SAMPLE, len(view) / 2)
    middle = len(view) // 2  # lies in or at the end of a line that holds half of the note
    end = view.find("\n", middle)
    if (end if end >= 0 else len(view)) - view.rfind("\n", 0, middle) <= least:
        return sections
    longest = max(view.splitlines(), key=len, default="")
    if len(longest) < least:
        return sections
    stop = view.index(longest) + len(longest.rstrip())
    at = _keywords_before(view, stop)
    if at is None:
        return sections
    return _split(_split(sections, stop, C.UNKNOWN), at, C.UNKNOWN, "keywords")


def _keywords_before(view: str, stop: int) -> int | None:
    """Return where the keywords start that end at `stop`, if any do."""
    low = max(0, stop - 720)
    # they stand on one line, the end of which may stand before a disclaimer, and behind the last full stop
    start = max(low, view.rfind("\n", low, stop - 1) + 1, view.rfind(".", low, stop))
    match = _KEYWORDS.search(view, start, stop)
    if match is None:
        return None
    words = [word.strip() for word in view[match.end() : stop].split(",")]
    if (len(words) < 2 and not words[0].isalpha()) or any(len(word.split()) > 7 for word in words):
        return None
    return match.end()


def _cut_judgement(view: str, lines: Sequence[Line], sections: list[Section]) -> list[Section]:
    """Open an assessment or a plan at a sentence that is worded as one; it ends with the paragraph."""
    done: list[Section] = []
    position = 0
    for section in sections:
        done.append(section)
        if section.category not in _OPEN_TO_JUDGEMENT or section.subtype in (
            "keywords",
            "chief_complaint",
            "reason",
            "patient_message",
        ):
            continue
        while position < len(lines) and lines[position].end <= section.body_start:
            position += 1
        index, current = position, None
        while index < len(lines) and lines[index].start < section.end:
            line = lines[index]
            if line.blank_before and current is not None and line.start > current.start:
                done[-1] = replace(current, end=line.start)
                done.append(Section(section.note_id, C.UNKNOWN, "", line.start, section.end, line.start))
                current = None
            if current is None:
                low, high = max(line.start, section.body_start), min(line.end, section.end)
                for start, end in split_sentences(view, low, high):
                    kind = judgement_at(view, start, end)
                    if kind is None:
                        continue
                    current = Section(section.note_id, C(kind), "", start, section.end, start)
                    if start <= done[-1].start and not done[-1].title:
                        done[-1] = current
                    else:
                        done[-1] = replace(done[-1], end=start)
                        done.append(current)
                    break
            index += 1
    return done
