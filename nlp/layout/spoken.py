"""Hear punctuation that was spoken, as in `Assessment, colon. One, gout, period. Next paragraph`.

A view keeps its length, so the mark itself stands in the last place of the words that spoke it.
"""

from __future__ import annotations

import re

from nlp.layout.titles import LONGEST, read_title
from nlp.patterns import spaced
from nlp.sieve import Sieve

_COLON = Sieve(
    re.compile(r"(?P<comma>,)?[ \t]{1,4}colon\b(?P<stop>[.,:;])?(?=(?P<next>[ \t]{0,4}(?:[A-Z\d\n]|$))?)")
)
# A full stop, unless it is a cycle or a span of time: "her period", "over a period".
_PERIOD = Sieve(
    re.compile(
        r"(?:,[ \t]{0,4}|(?<!\ba)(?<!\bof)(?<!\b(?:the|her))(?<!\b(?:last|this|that))[ \t])"
        r"period\b[.,]?(?=[ \t]{0,4}(?:$|\n|[A-Z]|(?i:next|new)[ ](?:paragraph|line)))"
    )
)
_PARAGRAPH = Sieve(spaced(r"\b(?:next|new) paragraph\b[.,:;]?", re.IGNORECASE))
_LINE = Sieve(spaced(r"\b(?i:next|new) line\b(?:[.,:;]|(?= [A-Z]))"))
_BEFORE = spaced(r"[.,;:!?\n]|\bperiod\b|\bparagraph\b|\b(?:next|new) line\b", re.IGNORECASE)


def hear(view: str) -> str:
    """Return `view` with spoken colons behind titles, and what else was spoken, as marks."""
    marks = [(m.start(), m.end(), ":") for m in _COLON.finditer(view) if _names_part(view, m)]
    marks += [(m.start(), m.end(), "\n\n") for m in _PARAGRAPH.finditer(view)]
    if not marks:
        return view
    marks += [(m.start(), m.end(), "\n") for m in _LINE.finditer(view)]
    marks += [(m.start(), m.end(), ".") for m in _PERIOD.finditer(view)]
    parts: list[str] = []
    last = 0
    for start, end, mark in sorted(marks):
        # A full stop keeps the word before it: a mark behind a blank ends no sentence.
        words = view[start : end - 1] if mark == "." else " " * (end - start - len(mark))
        parts += [view[last:start], words, mark]
        last = end
    return "".join([*parts, view[last:]])


def _names_part(view: str, match: re.Match[str]) -> bool:
    """Whether a title, and nothing else, stands before the word, and a text begins behind it."""
    if match["comma"] is None and match["stop"] in (None, ",", ";") and match["next"] is None:
        return False  # "Plan colon resection", "PMH colon, breast"
    low = max(0, match.start() - LONGEST)
    text = view[low : match.start()]
    for before in _BEFORE.finditer(text):
        low = match.start() - len(text) + before.end()
    text = view[low : match.start()].strip()
    title = read_title(text) if text[:1].isupper() else None
    return title is not None and not title.qualified
