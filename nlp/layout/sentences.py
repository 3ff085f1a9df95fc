"""Split running text into sentences, minding the abbreviations, initials and decimals of clinical notes."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from nlp.layout.lines import trim
from nlp.layout.load import load_words
from nlp.memory import of_note

_MANY = r"(?<![.!?][.!?])[.!?]*+[\"')\]]{0,3}(?=\s|$)"  # a mark, or several, before a blank
_LOST = r"(?=[A-Z][a-z])"  # "clear.Neck": the blank was lost
_STOP = re.compile(rf"[.!?]{_MANY}|[.!?](?<=[a-z]{{3}}[.!?]){_LOST}")
_FULL_STOP = re.compile(rf"\.(?:{_MANY}|(?<=[a-z]{{3}}\.){_LOST})")  # the search leaps from one to the next
_TO_TOKEN = re.compile(r"(?s:.*)[(\[,;:\"]")  # up to the last sign that begins a word, as white space does
_NEXT = re.compile(r"\s*[\"'(\[]*([A-Za-z]+|\d+|\S)")
_INITIAL = re.compile(r"[A-Z]$")
_REACH = 16
_SHORT = 2  # code points of a word that may be an initial or the number of an item
_LAST = 3  # letters that tell of most words that they are no abbreviation


def split_sentences(view: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the sentences of `view[start:end]` as trimmed spans in order; the work is linear."""
    stops = _stops(view)
    if stops is _FULL_STOP and view.find(".", start, end - 1) < 0:  # one sentence, which it may end
        if start < end and (view[start].isspace() or view[end - 1].isspace()):
            start, end = trim(view, start, end)
        return [(start, end)] if start < end else []
    spans: list[tuple[int, int]] = []
    begin = start
    for match in stops.finditer(view, start, end):
        at, stop = match.span()
        plainly = stop - at == 1 and at - begin >= _LAST and _ends_word(view[at - _LAST : stop])
        if not plainly and stop < end and not _ends(view, at, stop, begin, end):
            continue
        while view[begin].isspace():  # a match ends with a mark
            begin += 1
        spans.append((begin, stop))
        begin = stop
    if begin < end:
        begin, stop = trim(view, begin, end)
        if begin < stop:
            spans.append((begin, stop))
    return spans


@of_note  # a note has many lines
def _stops(view: str) -> re.Pattern[str]:
    return _STOP if "!" in view or "?" in view else _FULL_STOP


@lru_cache(maxsize=1 << 13)
def _ends_word(signs: str) -> bool:
    """Whether the signs are the last letters of a word that is no abbreviation and a full stop."""
    letters = signs[:_LAST]
    return signs[_LAST:] == "." and letters.isalpha() and letters.lower() not in _abbreviation_ends()


@cache
def _abbreviation_ends() -> frozenset[str]:
    return frozenset(word[-_LAST:] for word in _abbreviations())


def ends_open(view: str, start: int, end: int) -> bool:
    """Whether `view[start:end]` ends without closing its sentence (an abbreviation does not close it)."""
    last = view[end - 1]
    if last not in ".!?:;\"')]":
        return True
    if last in "\"')]":
        return view[end - 2 : end - 1] not in (".", "!", "?")
    return last == "." and _token(view, start, end - 1) in load_words()["abbreviations_before_a_name"]


def _ends(view: str, at: int, stop: int, begin: int, end: int) -> bool:
    """Whether the mark at `at`, which reaches to `stop`, ends the sentence that starts at `begin`."""
    if view[at] != ".":
        # "? B12 deficiency" queries what follows; it ends nothing.
        return at > begin and not view[at - 1].isspace()
    if stop > at + 1 and view[at + 1] == "." and not _next(view, stop, end)[:1].isupper():
        return False
    token = _token(view, begin, at)
    if len(token) > _SHORT and token not in _abbreviations():
        return True  # as most are
    words = load_words()
    if not token:
        return at > begin and view[at - 1] in "\"')]"
    if token in words["abbreviations_before_a_name"]:
        return False
    if len(token) == 1 and _INITIAL.match(view[at - 1]):
        word = _next(view, stop, end)
        return word.lower() in words["sentence_starters"] or not word[:1].isalpha()
    if token in words["abbreviations"] or (len(token) == 1 and token.isalpha()):
        return _next(view, stop, end)[:1].isupper()
    number_of_item = token.isdigit() and len(token) <= _SHORT and at - len(token) <= begin + 1
    return not number_of_item


@cache
def _abbreviations() -> frozenset[str]:
    words = load_words()
    return words["abbreviations_before_a_name"] | words["abbreviations"]


def _next(view: str, start: int, end: int) -> str:
    """Return the word, number or sign that follows."""
    follows = _NEXT.match(view, start, min(end, start + 40))
    return follows.group(1) if follows else ""


def _token(view: str, begin: int, at: int) -> str:
    """Return the word that stands right before `at`, in lower case."""
    near = view[max(begin, at - _REACH) : at]
    if not near or near[-1].isspace():
        return ""
    word = near.rsplit(maxsplit=1)[-1]
    if not word.isalnum():
        to = _TO_TOKEN.match(word)
        word = word[to.end() :] if to else word
    return word.lower()
