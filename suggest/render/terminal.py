"""A result for the terminal: what to code, with care, what to ask, what to leave."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from suggest.render.places import (
    ASK,
    BANDS,
    FIRST,
    LEAVE,
    NOTHING,
    Lines,
    Texts,
    distinct,
    excerpt,
    follows,
    is_empty,
    visible,
)
from suggest.wording import section_name, setting_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from suggest.result import Evidence, Query, Reason, Result, Suggestion, Withheld


_STYLES = {
    "code": "1;32",
    "care": "1;33",
    "ask": "1;36",
    "leave": "2",
    "evidence": "1;4",
    "dim": "2",
    "head": "1",
}
_EVIDENCE_STYLES = {
    "lab": "34;4",
    "treatment": "35;4",
    "linkage": "33;4",
    "negation": "31;4",
    "history": "36;4",
}
_MAX_EVIDENCE = 4


def render_terminal(
    result: Result, texts: Texts, *, color: bool = False, why: bool = False, width: int = 80
) -> str:
    """Return a result as lines of at most `width` columns, ending with a line feed.

    Args:
        result: the answer for one encounter.
        texts: the text of each note by its id; a note that is missing is quoted from the evidence.
        color: mark evidence and headings with ANSI colours; without them evidence stands in [ ].
        why: show every reason with its rule and citation, the checklist and other readings.
        width: columns; at least 40 are used.
    """
    page = _Page(texts, color, why, max(width, 40))
    if is_empty(result):
        return page.finish([f"{_name(result)}{NOTHING} ({result.scope})."])
    return page.finish(page.result(result))


def _name(result: Result) -> str:
    """Return which encounter or note this is, as a prefix; empty where neither has a name."""
    name = f"encounter {result.encounter_id}" if result.encounter_id is not None else result.note_id
    if name is None:
        return ""
    return f"{visible(name)}: "


@dataclass(slots=True)
class _Page:
    texts: Texts = field(repr=False)
    color: bool
    why: bool
    width: int
    lines: dict[str | None, Lines] = field(default_factory=dict, repr=False)

    def result(self, result: Result) -> Iterator[str]:
        date = result.encounter_date or "no date of service"
        head = f"{_name(result)}{setting_name(result.setting.value)}, {date}, {result.release}"
        if result.policy.name != "default":
            head += f", policy {result.policy.name}"
        yield from self.wrap(head, "", style="head")
        for band in BANDS:
            yield from self.band(band, [s for s in result.suggestions if s.band.value == band])
        if result.queries:
            yield from self.heading(ASK, "ask")
            for query in result.queries:
                yield from self.query(query)
        if result.withheld:
            yield from self.heading(LEAVE, "leave")
            for withheld in result.withheld:
                yield from self.withheld(withheld)
        yield from self.footer(result)

    def band(self, band: str, suggestions: list[Suggestion]) -> Iterator[str]:
        if suggestions:
            yield from self.heading(BANDS[band], band)
        for suggestion in suggestions:
            yield from self.suggestion(suggestion)

    def suggestion(self, suggestion: Suggestion) -> Iterator[str]:
        optional = "" if suggestion.necessity.value == "required" else " (optional)"
        yield from self.titled(f"{suggestion.rank:>2}", suggestion.code, suggestion.title + optional)
        yield from self.evidence(suggestion.evidence)
        after = follows(suggestion)
        if after is not None:
            yield from self.wrap(f"after {after}")
        for need in suggestion.needs:
            yield from self.wrap(f"needs {need}")
        for conflict in suggestion.conflicts:
            yield from self.wrap(f"stands against {conflict.code or 'the note'}: {conflict.text}")
        if self.why:
            for other in suggestion.alternatives:
                option = f" (policy: {other.option})" if other.option else ""
                yield from self.wrap(f"or {', '.join(other.codes) or 'no code'}: {other.text}{option}")
        yield from self.reasons(suggestion.reasons)

    def query(self, query: Query) -> Iterator[str]:
        yield from self.titled("  ", query.query.partition(":")[2] or query.query, query.topic)
        yield from self.evidence(query.evidence)
        yield from self.wrap(query.question)
        for option in query.options:
            yield from self.wrap(f"- {option}")
        if query.codes:
            yield from self.wrap(f"its answer decides on {', '.join(query.codes)}", style="dim")
        yield from self.reasons(query.reasons)

    def withheld(self, withheld: Withheld) -> Iterator[str]:
        yield from self.titled("  ", withheld.code, withheld.title)
        yield from self.evidence(withheld.evidence)
        if self.why:
            yield from self.reasons(withheld.reasons)
        else:
            for reason in withheld.reasons[:1]:
                yield from self.wrap(reason.text)

    def footer(self, result: Result) -> Iterator[str]:
        yield ""
        if self.why:
            for item in result.checklist:
                yield from self.wrap(
                    f"{'ok' if item.ok else 'missing'}: {item.text} {item.advice or ''}", "  "
                )
        for warning in result.warnings:
            yield from self.wrap(f"Note: {warning.text}", "  ")
        if len(result.suggestions) > 1:
            yield from self.wrap(FIRST, "  ", style="dim")

    def heading(self, text: str, style: str) -> Iterator[str]:
        yield ""
        yield self.paint(text, style)

    def titled(self, mark: str, code: str, title: str) -> Iterator[str]:
        first, *rest = textwrap.wrap(visible(title), self.width - 14, break_long_words=True) or [""]
        yield f"{mark}  {self.paint(f'{code:<9}', 'head')} {first}".rstrip()
        yield from (" " * 14 + line for line in rest)

    def evidence(self, evidence: Iterable[Evidence]) -> Iterator[str]:
        items = distinct(evidence)
        for item in items[:_MAX_EVIDENCE]:
            yield self.one_evidence(item)
        if len(items) > _MAX_EVIDENCE:
            yield from self.wrap(f"and {len(items) - _MAX_EVIDENCE} more places", style="dim")

    def one_evidence(self, item: Evidence) -> str:
        text = self.texts.get(item.note_id)
        room = self.width - 8
        if text is None or text[item.start : item.end] != item.text:
            before, inside, after = excerpt(item.text, 0, len(item.text), room - 20)
            place = section_name(item.section)
        else:
            if item.note_id not in self.lines:
                self.lines[item.note_id] = Lines.of(text)
            number = self.lines[item.note_id].number(item.start)
            place = f"{section_name(item.section)}, line {number}"
            before, inside, after = excerpt(text, item.start, item.end, max(room - len(place) - 4, 12))
        shown = self.paint(inside, item.role.value) if self.color else f"[{inside}]"
        return f"      {before}{shown}{after}  {self.paint(place, 'dim')}"

    def reasons(self, reasons: Iterable[Reason]) -> Iterator[str]:
        if not self.why:
            return
        for reason in reasons:
            yield from self.wrap(f"{reason.rule}: {reason.text} [{reason.citation}]", style="dim")

    def wrap(self, text: str, indent: str = "      ", style: str = "") -> Iterator[str]:
        for line in textwrap.wrap(
            visible(text),
            self.width,
            initial_indent=indent,
            subsequent_indent=indent + ("  " if indent else ""),
        ):
            yield self.paint(line, style)

    def paint(self, text: str, style: str) -> str:
        code = _STYLES.get(style) or _EVIDENCE_STYLES.get(style) or (_STYLES["evidence"] if style else "")
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and code and text else text

    @staticmethod
    def finish(lines: Iterable[str]) -> str:
        return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"
