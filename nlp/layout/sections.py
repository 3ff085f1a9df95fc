"""Decide which candidates open a section, and tile the note with the sections that they open."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from nlp.facts import Section, SectionCategory
from nlp.layout.events import Event, find_events
from nlp.layout.header import Header
from nlp.layout.headers import find_headers
from nlp.layout.lines import Line
from nlp.layout.messages import read_message
from nlp.layout.pasted import Pasted, fences

C = SectionCategory

JUDGEMENT = frozenset({C.ASSESSMENT_PLAN, C.ASSESSMENT, C.PLAN, C.IMPRESSION, C.DIAGNOSES})
_DIVIDED = JUDGEMENT | {
    *(C.EXAM, C.ROS, C.HOSPITAL_COURSE, C.PROCEDURES, C.IMAGING, C.LABS, C.PMH, C.PSH, C.PROBLEM_LIST),
    *(C.ORDERS, C.INSTRUCTIONS, C.SIGNATURE, C.COPIED, C.INDICATION),
}
_NO_UNKNOWN = JUDGEMENT | {C.LABS, C.IMAGING, C.EXAM, C.ROS, C.MEDICATIONS, C.PROCEDURES}
_NOUN_ONLY = frozenset({C.PMH, C.PSH, C.PROBLEM_LIST})
_SUBORDINATE = JUDGEMENT | {C.ORDERS, C.INSTRUCTIONS}

_TO_FILL = re.compile(r":[ \t]*(?:[_.]{3,}|\[[ \t_]*\])[_. \t]*(?:[\r\n]|$)")  # "______", to be filled in
_LINE = 60
_IDLE = " \t\r\n-=*_~#<>:])"


def read_sections(view: str, lines: tuple[Line, ...], note_id: str | None) -> tuple[Section, ...]:
    """Return the sections of a note, tiling it from its first visible character to its end."""
    if not lines:
        return ()
    headers = find_headers(view, lines)
    return _Reader(view, lines, headers, note_id).read(find_events(view, lines))


class _Reader:
    """One pass over headers and events in text order, with the section that is open."""

    def __init__(
        self, view: str, lines: tuple[Line, ...], headers: Sequence[Header], note_id: str | None
    ) -> None:
        self.view = view
        self.headers = headers
        self.note_id = note_id
        first = lines[0].start
        self.open = Section(note_id, C.UNKNOWN, "", first, len(view), first)
        self.header: Header | None = None
        self.done: list[Section] = []
        self.pasted: Pasted | None = None
        self.judged = False
        self.read_rules: set[str] = set()  # the ids of the rules that have opened a section
        self.subplan = False  # each problem of this assessment has its own "Plan:"
        self.is_procedure, self.is_report = _kind(headers)
        self.last_header = next(
            (h.start for h in reversed(headers) if h.rule and h.rule.role == "header"), -1
        )

    def read(self, events: Sequence[Event]) -> tuple[Section, ...]:
        """Return the sections."""
        position = 0
        ends = fences(events)
        fence = -1
        messages = [event.start for event in events if event.does == "message"]
        for event in events:
            if event.start < fence:
                continue
            position = self._headers_before(position, event.start)
            if event.does == "message":
                self._message(event, messages)
            else:
                self._event(event)
            fence = ends.get(event.start, -1)
            while fence > 0 and position < len(self.headers) and self.headers[position].start < fence:
                position += 1
        self._headers_before(position, len(self.view) + 1)
        self._close(len(self.view))
        return tuple(self.done)

    def _headers_before(self, position: int, stop: int) -> int:
        while position < len(self.headers) and self.headers[position].start < stop:
            header = self.headers[position]
            if header.start >= self.open.body_start and self._opens(header, position):
                self._begin(header)
            position += 1
        return position

    # --- events ---------------------------------------------------------------------------------------------

    def _event(self, event: Event) -> None:
        if event.does == "copied":
            if self.pasted is None or not self.pasted.single or event.start > self.pasted.body:
                if _only_a_date(self.view, event):
                    return
                before = self.open
                self._open_plain(C.COPIED, event.start, event.end)
                if _is_whole(self.view, event):  # "[copied: 8/26 Dr F - "anemia likely mixed"]"
                    self._open_plain(before.category, event.line_end, event.line_end, before.subtype)
                    return
                text = self._after(event.end, _IDLE)
                self.pasted = Pasted(event.end, text, single=False, indent=self._indent(text, event))
        elif event.does in ("today", "copied_end"):
            if self.pasted is not None and self.pasted.text < event.start:
                self.pasted = None
                if not self._header_at(event.start):
                    self._open_plain(C.UNKNOWN, event.start, event.start)
        elif (
            (event.does == "signature" or event.start > self.last_header >= 0)
            and self.open.category is not C.SIGNATURE
            and event.start >= self.open.body_start
        ):
            self.pasted = None
            self._open_plain(C.SIGNATURE, event.start, event.start)

    def _message(self, event: Event, messages: Sequence[int]) -> None:
        index = bisect_left(messages, event.start) + 1
        stop = messages[index] if index < len(messages) else len(self.view)
        found = read_message(self.view, event, stop)
        if found is not None and event.start >= self.open.body_start:
            category, subtype, title_end = found
            self.pasted = None
            self.judged = self.judged or category in JUDGEMENT
            self._open_plain(category, event.start, title_end, subtype)

    def _indent(self, text: int, event: Event) -> int:
        """How far the line of `text` is indented, 0 where it is the line of the event itself."""
        first = self.view.rfind("\n", event.start, text)
        return text - first - 1 if first >= 0 and self.view[first + 1 : text].isspace() else 0

    def _header_at(self, start: int) -> bool:
        index = bisect_left(self.headers, start, key=lambda header: header.start)
        return index < len(self.headers) and self.headers[index].start <= start + 8

    # --- headers --------------------------------------------------------------------------------------------

    def _opens(self, header: Header, position: int) -> bool:
        rule = header.rule
        if rule is None:
            return self._unknown_opens(header)
        if rule.role == "label" or (rule.id == "plan_letter" and header.pulse):
            return False
        if rule.after is not None and rule.after not in self.read_rules:
            return False
        if self.pasted is not None and not self.pasted.ends_at(self.headers, position):
            return False
        if self.open.subtype == "addendum" and rule.category in _WITHIN_ADDENDUM:
            return False  # "ADDENDUM 1/24: Results: ferritin 4. This is iron deficiency anemia."
        if rule.role == "system":
            return rule.opens and header.opening and self.open.category not in _DIVIDED
        if self.open.category in _SUBORDINATE and self.open.category is not C.COPIED:
            return not self._is_subheader(header, position)
        # "Allergies: Medications: none. Food: none."
        return not (
            self.open.category is C.ALLERGIES and header.start == self.open.body_start and not header.opening
        )

    def _unknown_opens(self, header: Header) -> bool:
        if self.pasted is not None or header.marker or self.open.category in _NO_UNKNOWN:
            return False
        if self.open.category in _NOUN_ONLY:
            return header.noun
        several = " " in self.view[header.start : header.end].strip(" :")
        return header.noun or header.alone or (header.opening and (several or self.open.category is C.FAMILY))

    def _is_subheader(self, header: Header, position: int) -> bool:
        """Whether a known title inside an assessment or plan stands below a problem."""
        rule = header.rule
        assert rule is not None
        mine = self.header
        if header.marker and header.marker != (mine.marker if mine else ""):
            return True
        if not rule.stays:
            return (
                not header.opening and not header.caps and rule.category not in JUDGEMENT and not rule.comma
            )
        if rule.category is C.PLAN:
            return self._is_subplan(header, position)
        if header.caps and (header.opening or self.view[header.start - 1] in ",. "):
            return False
        if not header.opening or header.indent > (mine.indent if mine else 0) + 1:
            return True
        if mine is not None and mine.caps and not header.caps and mine.end - mine.start > 5:
            return not (header.alone and header.blank_before)
        key = header.title.key if header.title else ""
        if rule.category is C.MEDICATIONS and header.blank_before and " " in key:
            return False  # "Discharge medications: …" in a paragraph of its own; "Meds: …" may be a problem's
        return not (header.alone or (("instructions" in key or rule.category is C.ORDERS) and " " in key))

    def _is_subplan(self, header: Header, position: int) -> bool:
        if self.open.category in (C.ASSESSMENT_PLAN, C.PLAN):
            return True
        if self.subplan or header.indent > (self.header.indent if self.header else 0) + 1:
            return True
        for later in self.headers[position + 1 : position + 12]:
            rule = later.rule
            if rule is None or rule.role in ("label", "system") or later.marker:
                continue
            if rule.category is C.PLAN and not rule.letter:
                self.subplan = (
                    later.title is not None
                    and header.title is not None
                    and later.title.key == header.title.key
                )
                return self.subplan
            if not rule.stays:
                return False
        return False

    def _begin(self, header: Header) -> None:
        self._close(header.start)
        category, subtype = self._category(header)
        if header.title is not None and header.title.copied:
            self.pasted = Pasted(header.body, self._after(header.body, _IDLE), single=True)
            category, subtype = C.COPIED, None
        else:
            self.pasted = None
        self.judged = self.judged or category in JUDGEMENT
        if header.rule is not None:
            self.read_rules.add(header.rule.id)
        title = self.view[header.start : header.end]
        body = header.body
        if body < len(self.view) and self.view[body] in " \t,":
            body = self._after(body, " \t,")
        self.open = Section(self.note_id, category, title, header.start, len(self.view), body, subtype)
        self.header = header
        self.subplan = False

    def _category(self, header: Header) -> tuple[SectionCategory, str | None]:
        rule = header.rule
        if rule is None or header.title is None:
            return C.UNKNOWN, None
        if header.title.key == "cc" and self.judged:
            return C.SIGNATURE, None
        if rule.blank is not None and _TO_FILL.search(self.view, header.start, header.body + _LINE):
            return rule.blank, None
        if rule.id == "pmh" and "morbid" in header.title.key and not _LISTED.isdisjoint(self.read_rules):
            return C.DIAGNOSES, None  # below the diagnoses of a stay its comorbidities are diagnoses too
        if self.is_procedure and rule.in_procedure is not None:
            return rule.in_procedure, rule.subtype
        if self.is_report and rule.in_report is not None:
            return rule.in_report, rule.subtype
        return rule.category, rule.subtype

    def _open_plain(
        self, category: SectionCategory, start: int, title_end: int, subtype: str | None = None
    ) -> None:
        self._close(start)
        body = self._after(title_end, " \t:")
        title = self.view[start:title_end]
        self.open = Section(self.note_id, category, title, start, len(self.view), body, subtype)
        self.header = None

    def _after(self, offset: int, blanks: str) -> int:
        while offset < len(self.view) and self.view[offset] in blanks:
            offset += 1
        return offset

    def _close(self, end: int) -> None:
        now = self.open
        if end > now.start:
            body = min(now.body_start, end)
            self.done.append(Section(now.note_id, now.category, now.title, now.start, end, body, now.subtype))


def _kind(headers: Sequence[Header]) -> tuple[bool, bool]:
    """Whether the note reports an operation, and whether it reports an operation or a test."""
    marks = [h.rule for h in headers if h.rule and h.rule.marks]
    ids = [rule.id for rule in marks if rule.marks == "report"]
    names = {h.rule.id for h in headers if h.rule}
    test = "findings" in names and not names.isdisjoint({"impression", "indication", "exam_of_report"})
    visits = {rule.id for rule in marks if rule.marks == "visit"} - {"assessment_plan", "assessment"}
    if len(visits) > 1 or (visits and not (test and ids)):
        return False, False  # a single part of a visit does not make one of a whole report
    operation = any(name in ("diagnoses_preoperative", "diagnoses_postoperative") for name in ids)
    operation = operation or ids.count("operation_details") > 1
    return operation, operation or bool(ids) or test


_LISTED = frozenset({"diagnoses_discharge", "diagnoses_final", "diagnoses"})
_WITHIN_ADDENDUM = frozenset({C.LABS, C.IMAGING, C.INTERVAL, C.HPI})
_BRACKETS = {"[": "]", "(": ")", "{": "}", "<": ">"}


def _is_whole(view: str, event: Event) -> bool:
    """Whether the line holds what was pasted, from bracket to bracket, and not only its title."""
    line = view[event.start : event.line_end].strip(" \t:")
    closing = _BRACKETS.get(line[:1])
    if closing is None or not line.endswith(closing):
        return False
    _, sign, rest = line.partition(":")
    return len((rest if sign else line).split()) > 6 or '"' in line


def _only_a_date(view: str, event: Event) -> bool:
    """Whether all that follows is a date: `Last visit: 3/2/26` tells when, and pastes nothing."""
    rest = view[event.end : event.line_end].strip(" .:")
    return bool(rest) and len(rest) < 20 and sum(map(str.isalpha, rest)) < 10
