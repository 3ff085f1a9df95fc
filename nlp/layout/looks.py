"""What a line looks like by itself: vital signs, results, a table, a drug, a problem with its plan."""

from __future__ import annotations

import re
from functools import cache

from nlp.layout.lines import Line
from nlp.layout.load import load_words
from nlp.layout.markers import MARKER
from nlp.layout.pieces import LABEL, ROW

_REACH = 240
_HEAD = 70
_SUFFIX = re.compile(
    r"(?:itis|osis|emia|aemia|pathy|algia|oma|uria|cytosis|penia|plegia|trophy|ectomy)\b", re.IGNORECASE
)
_PROSE = re.compile(r"[A-Z\d]\S*(?: \S+){5}")
_DATE = r"(?:\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?|\d{4}-\d{2}-\d{2})"
_PRESSURE = re.compile(r"(?:[89]\d|1\d\d|2[0-4]\d)/\d{2,3}(?![/\d])")
_NUMBER = r"[ \t.:=~]*(?:(?:was|is|of|up to|down to)[ \t])?[<>]?[ \t]*\d"
_DOSE = re.compile(r"\d[\d,.]*[ \t]*(?:mcg|mg|g|gm|units?|iu|meq|ml|%|tabs?|caps?|puffs?)\b", re.IGNORECASE)
_DRUG = re.compile(r"[A-Za-z][\w/-]*(?: [A-Za-z][\w/-]*){0,3} [\d.,]+", re.IGNORECASE)
_END_OF_NAME = re.compile(r"[.;:](?=\s|$)| -+ |-- | for |\n")
_COLUMN = re.compile(r"\S(?: {2,}|\t|[ \t]*\|[ \t]*)(?=\S)")
_PARTING = ("  ", "\t", "|")  # a match of `_COLUMN` holds one
_WORD = re.compile(r"[a-z/']+")


def is_prose(view: str, line: Line) -> bool:
    """Whether the line is running text: six words or more, no bullet, label or row."""
    return bool(_PROSE.match(view, line.start, line.end)) and not (
        MARKER.match(view, line.start, line.end)
        or LABEL.match(view, line.start, line.end)
        or ROW.search(view, line.start, line.end)
    )


def is_vitals(view: str, line: Line) -> bool:
    """Whether the line opens with a vital sign and its number: `Wt 186, BP 124/80`, `118/70  P 66`."""
    return bool(
        _patterns()["vitals"].match(view, line.start, line.end) or _PRESSURE.match(view, line.start, line.end)
    )


def is_results(view: str, line: Line, *, least: int = 1) -> bool:
    """Whether the line opens with a laboratory value, or is a table of them.

    Args:
        view: the normalised text.
        line: the line.
        least: how many values must stand in it.
    """
    stop = min(line.end, line.start + _REACH)
    patterns = _patterns()
    if patterns["reviewed"].match(view, line.start, stop):
        return True
    opening = patterns["labs"].match(view, line.start, stop)
    if opening is None:
        parted = any(view.find(sign, line.start, stop) >= 0 for sign in _PARTING)
        if not parted or _COLUMN.search(view, line.start, stop) is None:
            return False
        return len(patterns["analyte"].findall(view, line.start, stop)) > 1
    return least < 2 or len(patterns["value"].findall(view, line.start, stop)) >= least


def is_drug(view: str, line: Line) -> bool:
    """Whether the line opens with a drug and its strength: `- omeprazole 20 mg daily`."""
    marker = MARKER.match(view, line.start, line.end)
    start = marker.end() if marker else line.start
    stop = min(line.end, start + _HEAD)
    first = view[start:stop].split(maxsplit=1)
    if not first or first[0].lower().rstrip(",:") in load_words()["problem_line_not"]:
        return False
    return bool(_DRUG.match(view, start, stop) and _DOSE.search(view, start, stop))


def names_problem(view: str, start: int, end: int) -> bool:
    """Whether the text opens with the name of a disease, before any stop, dose or purpose."""
    stop = min(end, start + _HEAD)
    close = _END_OF_NAME.search(view, start, stop)
    name = view[start : close.start() if close else stop]
    return _DOSE.search(name) is None and has_word(name, "problem_words")


def tells_plan(view: str, start: int, end: int) -> bool:
    """Whether the text tells what is done: `continue`, `recheck`, `stable`."""
    words = load_words()["plan_words"]
    return not words.isdisjoint(_WORD.findall(view[start : min(end, start + 2 * _REACH)].lower()))


def has_word(text: str, *lists: str) -> bool:
    """Whether `text` holds a word of the lists, or one that is built like the name of a disease."""
    words = load_words()
    return _SUFFIX.search(text) is not None or any(
        word.strip("().,:;/-").lower() in words[name] for word in text.split() for name in lists
    )


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = load_words()

    def either(*lists: str) -> str:
        every = sorted((word for name in lists for word in words[name]), key=len, reverse=True)
        return "|".join(map(re.escape, every))

    certain = rf"(?:{either('lab_words')})\b"
    return {
        name: re.compile(pattern, re.IGNORECASE)
        for name, pattern in {
            "vitals": rf"(?:(?:{either('vital_words')}){_NUMBER}|vss\b|vs (?:stable|wnl)\b|afebrile\b)",
            "labs": rf"(?:(?:{_DATE}|labs?)[ \t:,-]*){{0,2}}{certain}{_NUMBER}",
            "value": rf"\b(?:{either('lab_words', 'lab_or_drug_words')})\b{_NUMBER}",
            "analyte": rf"\b{certain}",
            "reviewed": r"labs? (?:rev'?d|reviewed|pending|drawn|back|ok\b|nl\b|from\b)",
        }.items()
    }
