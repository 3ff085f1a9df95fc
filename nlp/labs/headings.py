"""Find the date that stands over a value: before it on its line, or on a heading line above."""

from __future__ import annotations

import re

from nlp.labs.dates import DATE, TODAY, Calendar, dates_in

_LAB_CUE = re.compile(
    r"(?i)\b(?:labs?|laborator(?:y|ies)|results?|collected|drawn|dated|cbc|blood\s?work|bloods|studies"
    r"|values?|panel|prev(?:ious)?|prior"
    r"|earlier|iron studies|obtained|quest|labcorp|level|checked|reported|specimen|hematology|chemistry"
    r"|last)\b"
)
_NOT_OF_LABS = re.compile(
    r"(?i)\b(?:since|until|through|born|dob|birth|visit|seen|surgery|started|stopped|due|next|due|for"
    r"|by|egd|colonoscopy|mammogram|admitted|admission"
    r"|discharged?|printed|signed|copied|effective|refill\w*|phone|injection|shot|dose"
    r"|last seen)\W{0,3}(?:on\s|from\s|of\s|in\s)?$"
)
_SENTENCE = re.compile(r"(?:[.;!?]\s*,?\s+|[.;],)(?=[A-Z0-9])")
_LINE_START = re.compile(r"[\s|*#\-\u2022>\d.)]{0,40}$")
_LEADS_YEAR = re.compile(r"(?i)\b(?:in|of|from|on)\s$|[(]$|^\W*$")
_LEADS_DATE = re.compile(r"(?i)\b(?:on|from|dated|of|in)\s$")
_OF_ROW = re.compile(r"\d|\|")
_HOUR = re.compile(r"(?i)\b(?:am|pm|\d\d?:\d\d)\b")
_WORD = re.compile(r"[A-Za-z0-9]")
_WORDS_FOLLOW = re.compile(r"\s*\S{0,2}\s+[A-Za-z%]")
_NEXT_SENTENCE = re.compile(r"\.\s+[A-Z][a-z]")
_OTHER = re.compile(r"[A-Z][A-Z /&'-]{3,40}:?|[A-Z][A-Za-z /&'-]{3,40}:")
_MAX_LINES = 40
_MAX_LEAD = 300
_SHORT = 80


class Headings:
    """Answers which date governs an offset; remembers lines, so that a long table is walked once."""

    def __init__(self, view: str, calendar: Calendar) -> None:
        self._view = view
        self._calendar = calendar
        self._above: dict[int, str | None] = {}

    def date_of(self, offset: int, floor: int, inherited: str | None) -> str | None:
        """Return the date that governs a name at `offset`.

        Args:
            offset: where the name starts.
            floor: where the value before it on the same line ends (or 0).
            inherited: the governing date of that value, kept where the two stand in one list.
        """
        view = self._view
        line = (
            max(
                view.rfind("\n", max(0, offset - 4000), offset),
                view.rfind("\r", max(0, offset - 4000), offset),
            )
            + 1
        )
        lead_start = max(line, offset - _MAX_LEAD)
        on_line = self._in_lead(lead_start, offset, max(floor, lead_start))
        if on_line is not None:
            return on_line
        if floor > line and inherited is not None and offset - floor <= 160:
            return inherited
        return self._above_line(line) if line else None

    def _in_lead(self, start: int, offset: int, floor: int) -> str | None:
        lead = self._view[start:offset]
        cut = 0
        for end in _SENTENCE.finditer(lead):
            cut = end.end()
        if start + cut < floor:
            cut = floor - start
        segment = lead[cut:]
        found: str | None = None
        for match in dates_in(segment):
            before = segment[: match.start()]
            if _NOT_OF_LABS.search(before[-40:]):
                continue
            if match.lastgroup in ("year", "bare") and not _LEADS_YEAR.search(before):
                continue
            between = segment[match.end() :]
            opens = (
                _LINE_START.fullmatch(before) is not None
                and (cut == 0 or before == "")
                and len(between) < 120
            )
            if match.lastgroup == "md" and not opens and not _LAB_CUE.search(segment):
                continue
            if opens or _LAB_CUE.search(segment) or _LEADS_DATE.search(before):
                found = (
                    self._calendar.iso(DATE.match(self._view, start + cut + match.start()) or match) or found
                )
        visit = self._calendar.visit
        if found is None and visit is not None and len(segment) < _SHORT and TODAY.search(segment):
            found = visit.isoformat()
        return found

    def _above_line(self, line: int) -> str | None:
        view, walked, found = self._view, [line], None
        at = line
        blanks = 0
        for _ in range(_MAX_LINES):
            if at == 0:
                break
            end = at - 1
            at = view.rfind("\n", max(0, end - 2000), end) + 1
            if at in self._above:
                found = self._above[at] if self._above[at] is not None else self._heading(view[at:end], at)
                if found is not None or view[at:end].strip():
                    break
            text = view[at:end].strip()
            if not text:
                blanks += 1
                if blanks > 1:
                    break
                continue
            found = self._heading(text, at + len(view[at:end]) - len(view[at:end].lstrip()))
            if found is not None:
                break
            if len(text) > 160 or (blanks and not _OF_ROW.search(text)) or _is_other_heading(text):
                break
            walked.append(at)
        for start in walked:
            self._above[start] = found
        return found

    def _heading(self, text: str, at: int) -> str | None:
        """Return the date of a line that heads what follows: a lab heading with one date, or a date alone."""
        if len(text) > 160:
            return None
        dates = [m for m in dates_in(text) if m.lastgroup != "bare"]
        if len(dates) != 1:
            return None
        rest = text[: dates[0].start()] + text[dates[0].end() :]
        if _NOT_OF_LABS.search(text[: dates[0].start()][-40:]):
            return None
        bare = not _WORD.search(_HOUR.sub("", rest))
        cue = _LAB_CUE.search(rest[:80])
        starts = dates[0].start() <= 3 and _WORDS_FOLLOW.match(text[dates[0].end() :])
        if bare or (cue and not _NEXT_SENTENCE.search(rest)) or starts:
            return self._calendar.iso(DATE.match(self._view, at + dates[0].start()) or dates[0])
        return None


def _is_other_heading(text: str) -> bool:
    return _OTHER.fullmatch(text) is not None and not _LAB_CUE.search(text)
