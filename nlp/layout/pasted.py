"""How far the text of an earlier or other note reaches that was pasted into this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.facts import SectionCategory
from nlp.layout.events import Event
from nlp.layout.header import Header

C = SectionCategory

# Where a part usually stands in a note: a pasted note that is followed by an earlier part is over.
_RANK = {
    **dict.fromkeys((C.HPI, C.INTERVAL), 1),
    **dict.fromkeys((C.PMH, C.PSH, C.PROBLEM_LIST, C.MEDICATIONS, C.ALLERGIES, C.FAMILY, C.SOCIAL, C.ROS), 2),
    C.EXAM: 3,
    **dict.fromkeys((C.LABS, C.IMAGING, C.HOSPITAL_COURSE), 4),
    **dict.fromkeys((C.ASSESSMENT_PLAN, C.ASSESSMENT, C.IMPRESSION, C.DIAGNOSES), 5),
    C.PLAN: 6,
}
_AHEAD = 12


@dataclass(slots=True)
class Pasted:
    """A pasted note that is being read: what of it has been seen.

    `text` is where its first word stands, `indent` how far its lines are indented; `single` tells that
    it is one part under a header of its own (`Last A/P:`) and not a note.
    """

    body: int
    text: int
    single: bool
    indent: int = 0
    rank: int = 0
    seen: frozenset[SectionCategory] = frozenset()

    def ends_at(self, headers: Sequence[Header], position: int) -> bool:
        """Whether the header at `position` belongs to today's note again."""
        header = headers[position]
        rule = header.rule
        if rule is None or rule.role == "system" or (rule.role == "closer" and not header.caps):
            return False
        if header.title is not None and header.title.copied:
            return True
        if self.indent and header.opening and header.indent >= self.indent:
            return False
        if self.indent and header.opening and header.blank_before and header.indent == 0:
            return True
        rank = _RANK.get(rule.category)
        leads_with_text = self.rank == 0 and self.text < header.start
        if self.single or (leads_with_text and not self._goes_on(headers, position)):
            return header.opening or header.caps
        if rank is None:
            return False
        if rank < self.rank or rule.category in self.seen:
            return True
        self.rank, self.seen = rank, self.seen | {rule.category}
        return False

    def _goes_on(self, headers: Sequence[Header], position: int) -> bool:
        """Whether a header right below pasted text is pasted too: today's note starts over behind it."""
        header = headers[position]
        rank = _RANK.get(header.rule.category) if header.rule else None
        if header.blank_before or rank is None or rank < 5:
            return False
        later = (h.rule for h in headers[position + 1 : position + _AHEAD] if h.rule and h.opening)
        return any(_RANK.get(rule.category, rank + 1) < rank for rule in later)


def fences(events: Sequence[Event]) -> dict[int, int]:
    """Return where each pasted note ends whose end is marked, by where it starts.

    Everything between the marks is pasted, whatever headers and drawn lines stand there.
    """
    found: dict[int, int] = {}
    start: int | None = None
    for event in events:
        if event.does == "copied" and start is None:
            start = event.start
        elif event.does == "copied_end" and start is not None:
            found[start] = event.start
            start = None
    return found
