"""What stands around a name: its neighbours, its section, the words on its left, the last threshold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlp.facts import SectionCategory
from nlp.labs import tokens as t
from nlp.labs.dates import Calendar
from nlp.labs.head import REACH
from nlp.labs.reading import Head, Hit
from nlp.labs.tables import DateColumns

if TYPE_CHECKING:
    from nlp.layout import Layout

_SENTENCE_END = re.compile(r"[.;|!?](?=\s|$)|\n")


class Around:
    """The text of one note with all names in it, and how far it has been read."""

    def __init__(self, view: str, hits: list[Hit], layout: Layout, calendar: Calendar) -> None:
        self.view, self.hits, self.layout, self.calendar = view, hits, layout, calendar
        self.date_columns = DateColumns(view, calendar)
        self.floor = 0  # where the last value ended
        self._left = (-1, -1, "")  # where the last words on the left were asked for, from where, and they
        self.threshold = (-1, -1)  # the last threshold: "ferritin <30 or Hgb <10"

    def limit(self, index: int) -> int:
        """Return where the name after hit `index` starts: no value reaches beyond it."""
        for following in self.hits[index + 1 : index + 4]:
            if not following.is_level:
                return following.start
        return min(len(self.view), self.hits[index].end + 2 * REACH)

    def category(self, offset: int) -> SectionCategory:
        """Return the category of the section that holds `offset`."""
        section = self.layout.section_at(offset)
        return section.category if section is not None else SectionCategory.UNKNOWN

    def left(self, start: int) -> str:
        """Return the words of the same sentence and line before a name, behind the value before it."""
        asked, floor, left = self._left
        if asked != start or floor != self.floor:  # several ask of the same name
            cut = low = max(self.floor, start - 70)
            for end in _SENTENCE_END.finditer(self.view[low:start]):
                cut = low + end.end()
            left = self.view[cut:start]
            self._left = (start, self.floor, left)
        return left

    def is_of_family(self, start: int) -> bool:
        """Return whether a value at `start` would be a relative's."""
        view = self.view
        if t.LEFT_RELATIVE.stands_in(view[max(0, start - 40) : start]):
            return True
        section = self.layout.section_at(start)
        if section is None or section.category is not SectionCategory.FAMILY:
            return False
        # A header may rule further than its author meant: the results on a later line are the patient's.
        line = view.rfind("\n", max(section.start, start - 400), start) + 1
        if line <= section.start:
            return True
        return t.RELATIVE.search(view[line : start + 120].split("\n", 1)[0]) is not None

    def is_hypothetical(self, start: int, head: Head) -> bool:
        """Return whether the words on the left make what follows a wish, a condition or a definition."""
        left = self.left(start)
        if t.LEFT_HYPOTHETICAL.stands_in(left):
            return True
        end = self.threshold[1]
        if 0 <= end <= start <= end + 20 and t.JOINS_THRESHOLD.fullmatch(self.view, end, start):
            return True
        return head.comparator is not None and head.date is None and t.LEFT_WHEN.search(left) is not None
