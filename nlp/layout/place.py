"""Find by place what no header tells: where a short section ends, and the list that is the assessment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from nlp.facts import Section, SectionCategory
from nlp.layout.lines import Line
from nlp.layout.looks import is_drug, is_prose, is_results, is_vitals, names_problem, tells_plan
from nlp.layout.markers import MARKER, read_marker
from nlp.patterns import spaced

C = SectionCategory

ASSESSING = frozenset({C.ASSESSMENT_PLAN, C.ASSESSMENT, C.IMPRESSION, C.DIAGNOSES})

# What lists of the past look like: only problems with plans are not theirs.
_PAST = frozenset({C.PMH, C.PSH, C.PROBLEM_LIST, C.FAMILY, C.INDICATION})
_LISTS = frozenset({*_PAST, C.MEDICATIONS, C.ALLERGIES, C.SOCIAL, C.PROCEDURES}) - {C.INDICATION}
_FINDINGS = frozenset({C.EXAM, C.LABS, C.IMAGING, C.ROS})
_SHORT = _LISTS | _FINDINGS | {C.INTERVAL, C.INDICATION}
_REASONS = frozenset({"chief_complaint", "reason"})
_OPEN_TO_LIST = frozenset({C.UNKNOWN, C.HPI, C.LABS, C.EXAM, C.INTERVAL, C.IMAGING, C.ROS})
_CLOSED_SUBTYPES = frozenset({"addendum", "keywords", "patient_message"})
_RELATIVE = spaced(
    r"(?:(?:his|her|the|one|two|paternal|maternal|no) )?"
    r"(?:mother|father|mom|dad|sister|brother|aunt|uncle|son|daughter|grand\w+|sibling|parent|cousin|family|paternal|maternal|mgm|mgf|pgm|pgf)\w*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _List:
    """A list that stands by itself: its kind, where the text of each item stands, and all its lines."""

    view: str = field(repr=False)
    kind: str
    lines: list[Line]
    heads: list[tuple[int, int]]

    @property
    def names_problems(self) -> bool:
        """Whether an item names a problem."""
        return any(names_problem(self.view, start, end) for start, end in self.heads)

    @property
    def plans(self) -> Iterator[bool]:
        """Of each line, whether it tells what is done."""
        return (tells_plan(self.view, line.start, line.end) for line in self.lines)

    @property
    def is_planned(self) -> bool:
        """Whether it names problems and tells what is done about them."""
        return (self.kind != "bullet" or len(self.heads) > 1) and self.names_problems and any(self.plans)


def end_fields(view: str, lines: Sequence[Line], sections: list[Section]) -> list[Section]:
    """End each short section at the blank line, or at the line of another sort, behind its value.

    A field has its value on the line of its header (`Meds: iron, folate`). A list below a header that
    stands alone ends only where vital signs, results, or problems with their plans begin.
    """
    spaced: bool | None = None
    done: list[Section] = []
    position = 0
    for section in sections:
        done.append(section)
        while position < len(lines) and lines[position].end <= section.body_start:
            position += 1
        own = _inside(lines, position + 1, section.end)
        if not own or not _is_short(section):
            continue  # most stand on one line
        is_field = lines[position].start <= section.body_start
        if spaced is None:
            spaced = sum(line.blank_before for line in lines) * 2 > len(lines)
        cut = _end(view, section, own, is_field=is_field, spaced=spaced)
        if cut is not None:
            done[-1] = replace(section, end=cut)
            done.append(Section(section.note_id, C.UNKNOWN, "", cut, section.end, cut))
    return done


def find_list(view: str, lines: Sequence[Line], sections: Sequence[Section]) -> int | None:
    """Return where the list begins that is the assessment of a note without one, None if none does.

    It stands behind the story, the examination or the results; it is numbered, or tells plans.
    """
    found: _List | None = None
    position = 0
    for index, section in enumerate(sections):
        if section.category not in _OPEN_TO_LIST or section.subtype in _CLOSED_SUBTYPES:
            continue
        while position < len(lines) and lines[position].end <= section.body_start:
            position += 1
        for candidate in _lists(view, _inside(lines, position, section.end)):
            line = candidate.lines[0]
            start = line.start
            if (section.title or index == 0) and not view[section.body_start : start].strip():
                continue
            numbered = candidate.kind != "bullet" and len(candidate.heads) > 1 and line.blank_before
            if numbered or candidate.is_planned:
                found = candidate if found is None or candidate.kind != "bullet" else found
    return found.lines[0].start if found else None


def planned_problems(view: str, lines: Sequence[Line], sections: Sequence[Section]) -> int | None:
    """Return which section is a list of problems that tells what is done for them: "Problems:" at the end.

    It stands behind the story, the examination or the results, and half of its problems have a plan.
    """
    for index in range(len(sections) - 1, 0, -1):
        section = sections[index]
        if section.category is not C.PROBLEM_LIST:
            continue
        own = [line for line in lines if section.body_start <= line.start < section.end]
        found = next(_lists(view, own), None)
        heads = len(found.heads) if found is not None else 0
        if found is not None and heads > 1 and found.is_planned and sum(found.plans) * 2 >= heads:
            before = {s.category for s in sections[:index]}
            return index if before & (_FINDINGS | {C.HPI, C.INTERVAL, C.UNKNOWN}) else None
    return None


def _is_short(section: Section) -> bool:
    if section.subtype == "patient_message":
        return not section.title.lower().startswith("from")
    if not section.title or section.subtype in _CLOSED_SUBTYPES:
        return False
    if section.category in (C.HPI, C.UNKNOWN):
        return section.category is C.UNKNOWN or section.subtype in _REASONS
    return section.category in _SHORT and len(section.title.strip(" :./)")) != 1


def _inside(lines: Sequence[Line], index: int, stop: int) -> list[Line]:
    end = index
    while end < len(lines) and lines[end].start < stop:
        end += 1
    return list(lines[index:end])


def _end(view: str, section: Section, own: list[Line], *, is_field: bool, spaced: bool) -> int | None:
    """Return where the section ends among its further lines, None where it holds them all."""
    category = section.category
    starts = {found.lines[0].start: found for found in _lists(view, own)}
    for index, line in enumerate(own):
        if not line.broken or (index == 0 and not is_field):
            continue
        problems = starts.get(line.start)
        if problems is not None and _is_assessment(problems, category, line, is_field=is_field):
            return line.start
        if category not in _FINDINGS:
            if (is_field or category in _LISTS) and is_vitals(view, line):
                return line.start
            loose = is_field or (line.indent == 0 and MARKER.match(view, line.start, line.end) is None)
            if loose and is_results(view, line, least=1 if is_field else 2):
                return line.start
        if line.blank_before and is_field:
            if category is C.FAMILY and _RELATIVE.match(view, line.start, line.end):
                return None
            if not _goes_on(view, line, category, spaced=spaced):
                return line.start
    return None


def _is_assessment(found: _List, category: SectionCategory, line: Line, *, is_field: bool) -> bool:
    if not is_field and not line.blank_before:
        return False
    if category in _PAST or not is_field or found.kind == "bullet":
        return found.is_planned and (line.blank_before or category not in _PAST)
    return found.names_problems


def _goes_on(view: str, line: Line, category: SectionCategory, *, spaced: bool) -> bool:
    """Whether a line behind a blank one still belongs to a field."""
    if category in _FINDINGS or (spaced and category in _LISTS):
        return not is_prose(view, line) or is_results(view, line) or is_vitals(view, line)
    if category in _LISTS and MARKER.match(view, line.start, line.end):
        return True
    return category is C.MEDICATIONS and is_drug(view, line)


def _lists(view: str, own: list[Line]) -> Iterator[_List]:
    """Yield the lists among the lines; each reaches to the next, or to the last line."""
    current: _List | None = None
    value = 0
    for line in own:
        found = read_marker(view, line.start, line.end) if line.broken else None
        if found is not None and found.kind in ("number", "hash", "bullet"):
            sort, number = found.kind, found.value
            kind = current.kind if current is not None else ""
            starts = number == 1 or (sort == "hash" and number < 2 and kind != "hash")
            starts = starts or (sort == "bullet" and not kind)
            if starts:
                if current is not None:
                    yield current
                current, value = _List(view, sort, [], []), 0
            if current is not None and sort == current.kind and (starts or not number or number > value):
                current.heads.append((found.end, line.end))
                value = number
        if current is not None:
            current.lines.append(line)
    if current is not None:
        yield current
