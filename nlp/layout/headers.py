"""Find whatever looks like the header of a section, in the order of the text.

What is found here are candidates: `sections.py` decides, from what stands around them, which ones
open a section and which ones are sub-headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.facts import SectionCategory
from nlp.layout.header import Header, letter_title, make_header
from nlp.layout.lines import Line
from nlp.layout.load import load_words, title_key
from nlp.layout.misread import meant, mend
from nlp.layout.titles import (
    ALL_THERE,
    LONGEST,
    Title,
    bare_title,
    may_end_title,
    may_open_header,
    opens_header,
    read_title,
    runs_in,
)
from nlp.layout.unmarked import COLUMNS, loose_letters, read_letter, read_unmarked

_DECORATION = re.compile(r"(?:(?:[#*=_>~|\[\u2022\u25cf\u25aa+-]+|\d{1,2}[.)]|[IVX]{1,4}\.)[ \t]*){0,4}")
_FIRST = re.compile(rf"(?![IVX]{{1,4}}\.)[A-Za-z]{{2,24}}{ALL_THERE}")
_OPENING = re.compile(rf"[A-Za-z]{{2,24}}(?: [A-Za-z]{{2,24}}){{0,3}}{ALL_THERE}")
_MISREAD = re.compile(r"[A-Za-z0-9|!]{3,60}(?![A-Za-z0-9|!])")
_MARKER = re.compile(r"[#*\u2022\u25cf\u25aa>+-]|\d{1,2}[.)]|[IVX]{1,4}\.")
_LIST_NUMBER = re.compile(r"(?:(#{1,3})[ \t]?(\d{1,2})?|\(?(\d{1,2})[.)])(?=[ \t.:)]*[A-Za-z*])")
_TRAILER = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace()) + "*=_#:]>~-"
_ALONE = LONGEST + 4  # code points of a line that is a title
_COLON = re.compile(r":(?:(?!\d)|(?<!\d:))")
_CLOSE = re.compile(r"[ \t]*:| {2,}|\t")
_STRONG = re.compile(
    r"[.;!?)\]|:, \t](?:(?<![ \t])[ \t]*,?[ \t]+|(?<=[.;!?)|]),[ \t]*|(?<=[ \t])[ \t]+|(?<=\t))"
)
_CAPS_RUN = re.compile(r"(?:[A-Z][A-Z'&/()-]*[ \t]+){0,6}[A-Z][A-Z'&/()-]+$")
_HAS_TAIL_MARK = re.compile(r"[\d(\[]")
# "*** ADDENDUM 6/15/26 08:31 (Roe) ***", "Late entry 01/24/2026 08:12  A. Roe, MD": when and by whom
_ADDED = re.compile(
    r"(?P<title>(?i:addend(?:um|a)|late entry|amendment|amended note))[ \t]*(?:\#?\d[ \t]+)?[ \t,@-]{0,4}"
    r"[(\[]?\d[\d/.:-]{3,18}(?:[ \t,@]{1,3}(?:at )?\d{1,2}:?\d\d)?(?:[ \t]?[AaPp]\.?[Mm]\.?)?"
    r"[)\]]?[ \t]*[,;|-]{0,2}[ \t]*"
    r"(?:[(\[]?(?:by |per )?[A-Z][\w.'-]*(?:[ \t,]{1,4}[A-Z][\w.'-]*){0,6}[)\]]?)?[ \t*=_~:-]*\Z"
)
_DATED = frozenset({SectionCategory.LABS, SectionCategory.IMAGING, SectionCategory.EXAM})


def find_headers(view: str, lines: tuple[Line, ...]) -> list[Header]:
    """Return the candidates of each line, in text order. The work is linear in the length of `view`."""
    found: list[Header] = []
    items: list[Line] = []  # lines since the last header that may be items of a list
    letters = loose_letters(view, lines)
    for line in lines:
        begin = line.start
        head = (read_letter(view, line) if letters and begin in letters else None) or _head(view, line)
        may_be_item = view[begin] in "#(" or view[begin].isdecimal()
        if head is not None:
            begin = head.end
            if may_be_item and items and not head.caps and _goes_on(view, line, items):
                items.append(line)
            else:
                items.clear()
                found.append(head)
        elif may_be_item:
            items.append(line)
        if view.find(":", begin, line.end) >= 0:
            found += _inline(view, line, begin, head is not None)
    return found


def _goes_on(view: str, line: Line, items: list[Line]) -> bool:
    """Whether a line is the next item of a list: "3. Gout, quiet." and then "4. Vaccines: given".

    Of the lines before it those are dropped that are no item after all.
    """
    here = _list_number(view, line)
    while here is not None and items:
        last = _list_number(view, items[-1])
        if last is not None:
            return _follows(here, last)
        items.pop()
    return False


def _list_number(view: str, line: Line) -> tuple[str, int] | None:
    number = _LIST_NUMBER.match(view, line.start, line.end)
    return (number[1] or "", int(number[2] or number[3] or 0)) if number else None


def _follows(here: tuple[str, int], last: tuple[str, int]) -> bool:
    return here[0] == last[0] and (here[1] == last[1] + 1 or here[1] == last[1] == 0)


def _head(view: str, line: Line) -> Header | None:
    at = line.start
    first = _FIRST.match(view, at, line.end)
    if first is None and (decoration := _DECORATION.match(view, at, line.end)) and decoration.end() > at:
        at = decoration.end()
        first = _FIRST.match(view, at, line.end)
    if first is not None:
        opens = opens_header(first.group())
        if opens is False or (opens is None and not _may_open(view, at, line.end)):
            return None  # as for nearly all lines
    elif at >= line.end:
        return None
    marker = "".join(_MARKER.findall(view, line.start, at)) if at > line.start else ""
    head = _plain(view, line, at, marker) if first is not None else None
    if head is not None:
        return head
    if not view[at].isalpha():
        begins = _MISREAD.match(view, at, line.end)  # "0RDERS"
        return _misread(view, line, at, marker) if begins and meant(begins.group()) else None
    added = _ADDED.match(view, at, line.end) if view[at] in "aAlL" else None
    if added is not None and (title := read_title(added["title"])) is not None:
        return make_header(view, line, at, line.end, title, caps=added["title"].isupper(), alone=True)
    head = _alone(view, line, at, marker) or _run_in(view, line, at, marker)
    head = head or read_unmarked(view, line, at, marker)
    if head is None or head.title is None:
        head = _misread(view, line, at, marker) or head
    return head


def _may_open(view: str, at: int, stop: int) -> bool:
    words = _OPENING.match(view, at, stop)
    return words is None or may_open_header(words.group().split(" "))


def _plain(view: str, line: Line, at: int, marker: str) -> Header | None:
    """The short way to most headers: a title as the table holds it, by itself or running into its text.

    It is what the long way finds too; None says nothing.
    """
    stop = line.end
    colon = view.find(":", at, min(stop, at + LONGEST))
    text = view[at : stop if colon < 0 else colon]
    title = bare_title(text)
    if title is None:
        return None
    caps = text.isupper()
    if colon < 0 or colon == stop - 1:
        if colon < 0 and title.key in title.rule.not_alone:
            return None
        return make_header(view, line, at, stop, title, caps=caps, alone=True, marker=marker)
    if stop - at <= _ALONE and not (runs_in(view, colon, stop) and not (caps and view[at:stop].isupper())):
        return None  # all of the line may be a title
    return make_header(view, line, at, colon + 1, title, caps=caps, marker=marker)


def _misread(view: str, line: Line, at: int, marker: str) -> Header | None:
    """A title that a scanner misread, before a colon, before a gap or on a line of its own."""
    stop = min(line.end, at + LONGEST)
    close = _CLOSE.search(view, at, stop)
    if close is None and line.end > stop:
        return None
    end = close.end() if close else line.end
    text = view[at : close.start() if close else line.end].rstrip("*_ \t")
    mended = mend(text)
    title = read_title(mended) if mended else None
    if title is None or mended is None:
        return None
    if close is None and (title.key in title.rule.not_alone or text[-1] in ".,;" or title.qualified):
        return None
    caps = mended.isupper()
    if close is not None and ":" not in close.group() and not caps:
        return None
    return make_header(view, line, at, end, title, caps=caps, alone=end >= line.end, marker=marker)


def _alone(view: str, line: Line, at: int, marker: str) -> Header | None:
    if line.end - at > _ALONE:
        return None
    text = view[at : line.end].rstrip(_TRAILER)
    colon = view.find(":", at + len(text), line.end) >= 0
    caps = text.isupper()
    if len(text) == 1:
        title = letter_title(text)
        return (
            make_header(view, line, at, line.end, title, caps=caps, alone=True, marker=marker)
            if title
            else None
        )
    title = read_title(text)
    if title is not None and not colon:
        if title.key in title.rule.not_alone or text[-1] in ".,;":
            return None
        if title.qualified and COLUMNS.search(text):
            return None
        if " - " in text and not caps and title.rule.category not in _DATED:
            return None  # "Plan - recheck in 3 months" runs into its text
        if title.qualified and not caps and not _HAS_TAIL_MARK.search(text):
            return None
    if title is None:
        noun = _unknown(text) if caps else None
        if noun is None or not (noun or colon or line.blank_before):
            return None
        return make_header(view, line, at, line.end, None, caps=True, alone=True, marker=marker, noun=noun)
    return make_header(view, line, at, line.end, title, caps=caps, alone=True, marker=marker)


def _run_in(view: str, line: Line, at: int, marker: str) -> Header | None:
    stop = min(line.end, at + LONGEST)
    begin = at
    for first in (True, False):
        match = _COLON.search(view, begin, stop)
        if match is None:
            break
        text = view[at : match.start()].rstrip("*_ \t")
        title = read_title(text) if len(text) > 1 else letter_title(text)
        if title is not None:
            return make_header(view, line, at, match.end(), title, caps=text.isupper(), marker=marker)
        if first and text.isupper():
            noun = _unknown(text)
            if noun is not None:
                return make_header(view, line, at, match.end(), None, caps=True, marker=marker, noun=noun)
        begin = match.end()
    return None


def _inline(view: str, line: Line, begin: int, has_head: bool) -> Iterator[Header]:
    last = begin
    for match in _COLON.finditer(view, begin, line.end):
        colon = match.start()
        low = max(last, colon - LONGEST)
        segment = view[low:colon].rstrip()
        found = _title_at_end(segment, after_title=low == last and (has_head or last > begin))
        if found is None:
            continue
        offset, title, noun = found
        start = low + offset
        yield make_header(
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
        title = letter_title(text) if len(text) == 1 else read_title(text)
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
    run = None if segment[-1].islower() else _CAPS_RUN.search(segment)
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


def _unknown(text: str) -> bool | None:
    """Whether unknown capitals can be a header: True with a header noun, False without, None if not."""
    if not text.isupper() or len(text) > 60 or any(map(str.isdigit, text)) or COLUMNS.search(text):
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
