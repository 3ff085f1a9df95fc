"""Find whatever looks like the header of a section, in the order of the text.

What is found here are candidates: `sections.py` decides, from what stands around them, which ones
open a section and which ones are sub-headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.facts import SectionCategory
from nlp.layout.lines import Line
from nlp.layout.load import HeaderRule, load_headers, load_words, title_key
from nlp.layout.titles import LONGEST, Title, may_end_title, read_title

_DECORATION = re.compile(r"(?:(?:[#*=_>~|\[\u2022\u25cf\u25aa+-]+|\d{1,2}[.)]|[IVX]{1,4}\.)[ \t]*){0,4}")
_MARKER = re.compile(r"[#*\u2022\u25cf\u25aa>+-]|\d{1,2}[.)]|[IVX]{1,4}\.")
_LIST_NUMBER = re.compile(r"(?:(#{1,3})[ \t]?(\d{1,2})?|\(?(\d{1,2})[.)])(?=[ \t.:)]*[A-Za-z*])")
_TRAILER = re.compile(r"[\s*=_#:\]>~-]+$")
_COLON = re.compile(r":(?!\d)|(?<!\d):")
_GAP_TITLE = re.compile(r"([A-Za-z][A-Za-z/&.' ]{0,40}?)(?:\t[ \t]*| {2,})(?=\S)")
_WORD_TITLE = re.compile(r"([A-Za-z][A-Za-z/&]{1,12}) (?=[A-Za-z(\"'+])")
_CAPS_TITLE = re.compile(r"([A-Z][A-Z/&' -]{2,50}[A-Z]) +(?=\d*[A-Za-z(]?[a-z\d])")
_DASH_TITLE = re.compile(r"([A-Za-z][A-Za-z/&.' ]{0,50}?) +-+ +(?=\S)")
_SLASHED = re.compile(r"([SOAP])/ (?=\S)")
_LETTER = re.compile(r"([SOAP])[ \t]*:")
_STRONG = re.compile(r"[.;!?)\]|:,][ \t]*,?[ \t]+|[.;!?)|],[ \t]*|[ \t]{2,}|\t")
_CAPS_RUN = re.compile(r"(?:[A-Z][A-Z'&/()-]*[ \t]+){0,6}[A-Z][A-Z'&/()-]+$")
_HAS_TAIL_MARK = re.compile(r"[\d(\[]")
_DATED = frozenset({SectionCategory.LABS, SectionCategory.IMAGING, SectionCategory.EXAM})
_COLUMNS = re.compile(r"\S(?: {3,}|\t)\S")


@dataclass(frozen=True, slots=True)
class Header:
    """A candidate. `start`..`end` is the title as written with its colon; `body` is where the text begins.

    `title` is None for an unknown line in capitals; `noun` then tells whether it ends like a header.
    `opening` means at the start of a line, `alone` that nothing else stands on it.
    """

    start: int
    end: int
    body: int
    title: Title | None
    caps: bool
    opening: bool
    alone: bool
    marker: str
    indent: int
    blank_before: bool
    noun: bool = False
    digit_follows: bool = False

    @property
    def rule(self) -> HeaderRule | None:
        """The rule of the title, None where the title is unknown."""
        return self.title.rule if self.title else None


def find_headers(view: str, lines: tuple[Line, ...]) -> Iterator[Header]:
    """Yield the candidates of each line, in text order. The work is linear in the length of `view`."""
    listed: tuple[str, int] | None = None  # the sort and the number of the last plain list item
    for line in lines:
        head = _head(view, line)
        number = _LIST_NUMBER.match(view, line.start, line.end)
        here = (number[1] or "", int(number[2] or number[3] or 0)) if number else None
        # "3. Gout, quiet." and then "4. Vaccines: given": an item of a list.
        is_item = bool(head and not head.caps and here and listed and _follows(here, listed))
        if head is None or is_item:
            listed = here or listed
        else:
            listed = None
            yield head
        yield from _inline(view, line, head.end if head else line.start, head is not None)


def _follows(here: tuple[str, int], last: tuple[str, int]) -> bool:
    return here[0] == last[0] and (here[1] == last[1] + 1 or here[1] == last[1] == 0)


def _head(view: str, line: Line) -> Header | None:
    decoration = _DECORATION.match(view, line.start, line.end)
    at = decoration.end() if decoration else line.start
    if at >= line.end or not view[at].isalpha():
        return None
    marker = "".join(_MARKER.findall(view, line.start, at))
    return (
        _alone(view, line, at, marker) or _run_in(view, line, at, marker) or _unmarked(view, line, at, marker)
    )


def _alone(view: str, line: Line, at: int, marker: str) -> Header | None:
    if line.end - at > LONGEST + 4:
        return None
    trailer = _TRAILER.search(view, at, line.end)
    stop = trailer.start() if trailer else line.end
    colon = trailer is not None and ":" in trailer.group()
    text = view[at:stop]
    caps = text.isupper()
    if len(text) == 1:
        title = _letter(text)
        return (
            _header(view, line, at, line.end, title, caps=caps, alone=True, marker=marker) if title else None
        )
    title = read_title(text)
    if title is not None and not colon:
        if title.key in title.rule.not_alone or text[-1] in ".,;":
            return None
        if title.qualified and _COLUMNS.search(text):
            return None
        if " - " in text and not caps and title.rule.category not in _DATED:
            return None  # "Plan - recheck in 3 months" runs into its text
        if title.qualified and not caps and not _HAS_TAIL_MARK.search(text):
            return None
    if title is None:
        noun = _unknown(text)
        if noun is None or not (caps and (noun or colon or line.blank_before)):
            return None
        return _header(view, line, at, line.end, None, caps=True, alone=True, marker=marker, noun=noun)
    return _header(view, line, at, line.end, title, caps=caps, alone=True, marker=marker)


def _run_in(view: str, line: Line, at: int, marker: str) -> Header | None:
    stop = min(line.end, at + LONGEST)
    for tries, match in enumerate(_COLON.finditer(view, at, stop)):
        if tries == 2:
            break
        text = view[at : match.start()].rstrip("*_ \t")
        title = read_title(text) if len(text) > 1 else _letter(text)
        if title is not None:
            return _header(view, line, at, match.end(), title, caps=text.isupper(), marker=marker)
        if tries == 0 and text.isupper():
            noun = _unknown(text)
            if noun is not None:
                return _header(view, line, at, match.end(), None, caps=True, marker=marker, noun=noun)
    return None


def _unmarked(view: str, line: Line, at: int, marker: str) -> Header | None:
    """A title without colon before its text: `PMHx   gout`, `FH none`, `DIET regular`, `Plan - rest`."""
    table = load_headers().by_title
    slashed = _SLASHED.match(view, at, line.end)
    if slashed:
        return _header(
            view, line, at, slashed.start() + 2, _letter(slashed.group(1)), caps=True, marker=marker
        )
    for pattern in (_GAP_TITLE, _DASH_TITLE, _WORD_TITLE, _CAPS_TITLE):
        match = pattern.match(view, at, line.end)
        if match is None:
            continue
        text = match.group(1).rstrip()
        rule = table.get(title_key(text))
        if rule is None or rule.role in ("system", "label"):
            continue
        caps = text.isupper()
        key = title_key(text)
        if pattern is _WORD_TITLE and not (key in rule.bare and text[0].isupper()):
            continue
        if pattern is _GAP_TITLE and key not in rule.bare:
            rest = view[match.end() : line.end]
            if not caps or rest.isupper() or _COLUMNS.search(rest):
                continue
        if pattern is _DASH_TITLE and (key in rule.not_alone or not text[0].isupper()):
            continue
        title = Title(rule, key, copied=False, qualified=False)
        return _header(view, line, at, match.end(1), title, caps=caps, marker=marker)
    return None


def _inline(view: str, line: Line, begin: int, has_head: bool) -> Iterator[Header]:
    last = begin
    for match in _COLON.finditer(view, begin, line.end):
        colon = match.start()
        low = max(last, colon - LONGEST)
        segment = view[low:colon]
        found = _title_at_end(segment, after_title=low == last and (has_head or last > begin))
        if found is None:
            continue
        offset, title, noun = found
        start = low + offset
        yield _header(
            view, line, start, colon + 1, title, caps=view[start:colon].isupper(), opening=False, noun=noun
        )
        last = colon + 1


def _title_at_end(segment: str, *, after_title: bool) -> tuple[int, Title | None, bool] | None:
    """Find the title at the end of running text, before a colon: its place, itself, whether a noun."""
    if not may_end_title(segment):
        return None
    starts = [match.end() for match in _STRONG.finditer(segment)]
    if after_title:
        starts.insert(0, len(segment) - len(segment.lstrip(" \t,")))
    for start in starts[-6:]:
        text = segment[start:]
        title = _letter(text) if len(text) == 1 else read_title(text)
        if title is not None and _fits_inline(title, text):
            return start, title, False
        if text.isupper() and start == starts[-1]:
            noun = _unknown(text)
            if noun:
                return start, None, True
    comma = segment.rfind(", ")
    if comma >= 0:
        title = read_title(segment[comma + 2 :].lstrip())
        if title is not None and title.rule.comma and not title.qualified:
            return len(segment) - len(segment[comma + 2 :].lstrip()), title, False
    return _capitals_at_end(segment)


def _fits_inline(title: Title, text: str) -> bool:
    """`Labs 9/1/26:` may stand in running text; `Dx 2/2026:` tells when something was found."""
    return not title.rule.line and (
        not title.qualified or title.copied or text.isupper() or title.rule.category in _DATED
    )


def _capitals_at_end(segment: str) -> tuple[int, Title | None, bool] | None:
    """`General COMPLICATIONS:` and `NKDA SOCIAL HISTORY:`: capitals set a title off from what precedes it."""
    run = _CAPS_RUN.search(segment)
    if run is None or (run.start() and not segment[run.start() - 1].isspace()):
        return None
    at = run.start()
    words = [at, *(match.end() for match in re.finditer(r"[ \t]+", segment) if match.start() > at)]
    for index, start in enumerate(words):
        text = segment[start:]
        if sum(map(str.isalpha, text)) < 5:
            return None
        title = read_title(text)
        if title is None or title.rule.role == "label":
            continue
        if index and " " not in text:
            before = segment[words[index - 1] : start].strip(" \t.,;").lower()
            if before not in load_words()["answers"]:
                return None
        return start, title, False
    return None


def _letter(text: str) -> Title | None:
    rule = load_headers().letters.get(text.lower()) if text.isupper() else None
    return Title(rule, text.lower(), copied=False, qualified=False) if rule else None


def _unknown(text: str) -> bool | None:
    """Whether unknown capitals can be a header: True with a header noun, False without, None if not."""
    if not text.isupper() or len(text) > 60 or any(map(str.isdigit, text)) or _COLUMNS.search(text):
        return None
    words = title_key(text).replace("/", " ").replace("(", " ").replace(")", " ").split()
    if not words or len(words) > 7 or text[-1] in ".,;":
        return None
    lists = load_words()
    if not (lists["problem_words"] | lists["people_and_values"]).isdisjoint(words):
        return None
    noun = words[-1] in lists["header_nouns"]
    if "," in text or (not noun and len(words) < 2 and len(words[0]) < 7):
        return None
    return noun


def _header(
    view: str,
    line: Line,
    start: int,
    end: int,
    title: Title | None,
    *,
    caps: bool,
    opening: bool = True,
    alone: bool = False,
    marker: str = "",
    noun: bool = False,
) -> Header:
    body = end
    while body < line.end and view[body] in " \t,:*_-":
        # A dash or star right before the text is a bullet, not part of the title.
        if view[body] in "*_-" and not alone:
            break
        body += 1
    return Header(
        start=start,
        end=end,
        body=body,
        title=title,
        caps=caps,
        opening=opening,
        alone=alone or body >= line.end,
        marker=marker,
        indent=line.indent,
        blank_before=line.blank_before,
        noun=noun,
        digit_follows=body < line.end and view[body].isdigit(),
    )
