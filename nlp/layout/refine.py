"""Find by wording and place what has no header: an assessment, a tail of keywords, the end of a one-liner."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.facts import Section, SectionCategory
from nlp.layout.events import judgement_at
from nlp.layout.lines import Line
from nlp.layout.pieces import LABEL, MARKER, ROW
from nlp.layout.sections import JUDGEMENT
from nlp.layout.sentences import split_sentences

C = SectionCategory

_OPEN_TO_JUDGEMENT = frozenset(
    {C.UNKNOWN, C.HPI, C.LABS, C.EXAM, C.INTERVAL, C.IMAGING, C.SOCIAL, C.ROS, C.FAMILY}
)
_OPEN_TO_LIST = frozenset({C.UNKNOWN, C.HPI, C.LABS, C.EXAM, C.INTERVAL, C.IMAGING})
_ONE_LINERS = frozenset({C.FAMILY, C.SOCIAL, C.ALLERGIES})
# "... in six weeks.neurology, seizures, mri brain": the keywords of a transcription sample.
_KEYWORDS = re.compile(r"[.?!)\"],?(?=[a-z][^.\n]{2,700}$)")
_RELATIVE = re.compile(
    r"(?:(?:his|her|the|one|two|paternal|maternal|no) )?"
    r"(?:mother|father|mom|dad|sister|brother|aunt|uncle|son|daughter|grand\w+|sibling|parent|cousin|family|paternal|maternal|mgm|mgf|pgm|pgf)\w*",
    re.IGNORECASE,
)
_PROSE = re.compile(r"[A-Z\d]\S*(?: \S+){5}")


def refine(view: str, lines: Sequence[Line], sections: Sequence[Section]) -> tuple[Section, ...]:
    """Return the sections with those added that show by wording or place; they still tile the note."""
    found = _cut_keywords(view, list(sections))
    found = _end_one_liners(view, lines, found)
    if not any(section.category in JUDGEMENT for section in found):
        found = _cut_list(view, lines, found)
    if not any(section.category in JUDGEMENT for section in found):
        found = _cut_judgement(view, lines, found)
    return tuple(found)


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
    stop = len(view.rstrip())
    disclaimer = view.rfind("NOTE,:", max(0, stop - 3_000))
    stop = disclaimer if disclaimer > 0 else stop
    low = max(0, stop - 720)
    match = _KEYWORDS.search(view[low:stop])
    if match is None:
        return sections
    words = [word.strip() for word in view[low + match.end() : stop].split(",")]
    if (len(words) < 2 and not words[0].isalpha()) or any(len(word.split()) > 7 for word in words):
        return sections
    return _split(sections, low + match.end(), C.UNKNOWN, "keywords")


def _end_one_liners(view: str, lines: Sequence[Line], sections: list[Section]) -> list[Section]:
    """End a family, social or allergy line where a blank line and then a paragraph of prose follow."""
    if sum(line.blank_before for line in lines) * 2 > len(lines):
        return sections  # double-spaced: a blank line parts nothing
    done: list[Section] = []
    position = 0
    for section in sections:
        done.append(section)
        if section.category not in _ONE_LINERS:
            continue
        while position < len(lines) and lines[position].end <= section.body_start:
            position += 1
        if position >= len(lines) or lines[position].start > section.body_start:
            continue  # the header stands alone on its line
        cut = _prose_after(view, lines, position + 1, section.end)
        if cut is not None:
            done[-1] = replace(section, end=cut)
            done.append(Section(section.note_id, C.UNKNOWN, "", cut, section.end, cut))
    return done


def _prose_after(view: str, lines: Sequence[Line], index: int, stop: int) -> int | None:
    """Return where prose begins behind a blank line, None where a relative or the end comes first."""
    while index < len(lines) and lines[index].start < stop:
        line = lines[index]
        if line.blank_before:
            if _RELATIVE.match(view, line.start, line.end):
                return None
            if _PROSE.match(view, line.start, line.end) and not _is_listed(view, line):
                return line.start
        index += 1
    return None


def _is_listed(view: str, line: Line) -> bool:
    return bool(
        MARKER.match(view, line.start, line.end)
        or LABEL.match(view, line.start, line.end)
        or ROW.search(view, line.start, line.end)
    )


def _cut_list(view: str, lines: Sequence[Line], sections: list[Section]) -> list[Section]:
    """Take a numbered list that stands by itself for the assessment of a note that has no other."""
    index = len(lines) - 1
    while index > 0:
        match = MARKER.match(view, lines[index].start, lines[index].end)
        if match and match.lastgroup in ("number", "hash") and match.group().strip(" ().#") in ("1", ""):
            break
        index -= 1
    else:
        return sections
    while (
        index > 0
        and not lines[index].blank_before
        and MARKER.match(view, lines[index - 1].start, lines[index - 1].end)
    ):
        index -= 1
    line = lines[index]
    if not line.blank_before:
        return sections
    home = next((s for s in sections if s.start <= line.start < s.end), None)
    if home is None or home.category not in _OPEN_TO_LIST or not view[home.body_start : line.start].strip():
        return sections
    heads = sum(
        1
        for later in lines[index:]
        if later.start < home.end
        and (m := MARKER.match(view, later.start, later.end))
        and m.lastgroup in ("number", "hash")
    )
    return _split(sections, line.start, C.ASSESSMENT_PLAN) if heads > 1 else sections


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
