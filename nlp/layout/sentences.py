"""Split running text into sentences, minding the abbreviations, initials and decimals of clinical notes."""

from __future__ import annotations

import re

from nlp.layout.lines import trim
from nlp.layout.load import load_words

_STOP = re.compile(  # both begin with the mark: the search leaps from one to the next
    r"[.!?](?<![.!?][.!?])[.!?]*+[\"')\]]{0,3}(?=\s|$)"  # a mark before a blank
    r"|[.!?](?<=[a-z]{3}[.!?])(?=[A-Z][a-z])"  # "clear.Neck": the blank was lost
)
_BEFORE_TOKEN = frozenset('([,;:"')  # and white space
_NEXT = re.compile(r"\s*[\"'(\[]*([A-Za-z]+|\d+|\S)")
_INITIAL = re.compile(r"[A-Z]$")
_REACH = 16


def split_sentences(view: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the sentences of `view[start:end]` as trimmed spans in order; the work is linear."""
    spans: list[tuple[int, int]] = []
    begin = start
    for match in _STOP.finditer(view, start, end):
        if match.end() < end and not _ends(view, match, begin, end):
            continue
        span = trim(view, begin, match.end())
        if span[0] < span[1]:
            spans.append(span)
        begin = match.end()
    span = trim(view, begin, end)
    if span[0] < span[1]:
        spans.append(span)
    return spans


def ends_open(view: str, start: int, end: int) -> bool:
    """Whether `view[start:end]` ends without closing its sentence (an abbreviation does not close it)."""
    last = view[end - 1]
    if last not in ".!?:;\"')]":
        return True
    if last in "\"')]":
        return view[end - 2 : end - 1] not in (".", "!", "?")
    return last == "." and _token(view, start, end - 1) in load_words()["abbreviations_before_a_name"]


def _ends(view: str, match: re.Match[str], begin: int, end: int) -> bool:
    at = match.start()
    if view[at] != ".":
        # "? B12 deficiency" queries what follows; it ends nothing.
        return at > begin and not view[at - 1].isspace()
    if match.end() > at + 1 and view[at + 1] == "." and not _next(view, match.end(), end)[:1].isupper():
        return False
    token = _token(view, begin, at)
    words = load_words()
    if not token:
        return at > begin and view[at - 1] in "\"')]"
    if token in words["abbreviations_before_a_name"]:
        return False
    if len(token) == 1 and _INITIAL.match(view[at - 1]):
        word = _next(view, match.end(), end)
        return word.lower() in words["sentence_starters"] or not word[:1].isalpha()
    if token in words["abbreviations"] or (len(token) == 1 and token.isalpha()):
        return _next(view, match.end(), end)[:1].isupper()
    number_of_item = token.isdigit() and len(token) < 3 and at - len(token) <= begin + 1
    return not number_of_item


def _next(view: str, start: int, end: int) -> str:
    """Return the word, number or sign that follows."""
    follows = _NEXT.match(view, start, min(end, start + 40))
    return follows.group(1) if follows else ""


def _token(view: str, begin: int, at: int) -> str:
    """Return the word that stands right before `at`, in lower case."""
    low, start = max(begin, at - _REACH), at
    while start > low and view[start - 1] not in _BEFORE_TOKEN and not view[start - 1].isspace():
        start -= 1
    return view[start:at].lower()
