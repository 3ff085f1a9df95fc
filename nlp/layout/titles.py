"""Tell whether some words are the title of a section, with what people write around a title."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from nlp.facts import SectionCategory
from nlp.layout.load import HeaderRule, HeaderTable, load_headers, load_words, title_key
from nlp.layout.misread import meant
from nlp.literals import may_hold, needed_sets

LONGEST = 90
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_DATE = (
    r"(?:\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\d{1,2}[/-]\d{4}|\d{4}-\d{2}-\d{2}|\d{4}"
    rf"|(?:{'|'.join(_MONTHS)})[a-z]*\.? ?\d{{0,2}},? ?(?:\d{{4}}|\d{{1,2}})?)"
)
_DATE_TAIL = re.compile(
    rf"(?:\s|^)(?:@\s*)?{_DATE}(?:\s+(?:at\s+)?\d{{1,2}}:?\d{{2}}(?:\s?[ap]m)?)?$", re.IGNORECASE
)
_OPENER = 24  # code points that hold the first word of any title
_LAST = 20  # code points that hold the last word of any title
_FIRST_WORD = re.compile(r"[ /]")
# What stands behind a colon is not all bracket, date, or words behind a dash or a comma.
_RUNS_IN = re.compile(
    rf"[^\d()\[\],:-]*:[^A-Za-z\d()\[\],&+-]*(?!{'|'.join(_MONTHS)})[A-Za-z]", re.ASCII | re.IGNORECASE
)
_BRACKET_TAIL = re.compile(r"\s*[(\[]([^()\[\]]{0,80})[)\]]?$")
_DASH_TAIL = re.compile(r"\s+-+\s+([^-]{1,45})$|,\s+([^,]{1,40})$")
_COPIED = re.compile(
    r"\b(?:copied|copy|pasted|carried|pulled|brought)\b"
    r"|\b(?:from|per|of|at) (?:the |my |his |her |our )?(?:last|prior|previous|earlier)"
    r" (?:visit|note|encounter|admission|clinic)"
    r"|\bfrom (?:dr\.? |the )?[a-z.' ]{0,30}note\b|\b(?:last|prior|previous) (?:visit|note)(?:'?s)?\b",
    re.IGNORECASE,
)
_IN_COPIED = needed_sets(_COPIED)  # letters that a match holds, in lower case
_THINKING = frozenset(
    {
        SectionCategory.ASSESSMENT_PLAN,
        SectionCategory.ASSESSMENT,
        SectionCategory.PLAN,
        SectionCategory.IMPRESSION,
        SectionCategory.HPI,
    }
)


@dataclass(slots=True)
class Title:
    """A title that was recognised: its rule, its bare key, and whether words mark it as an earlier note's."""

    rule: HeaderRule
    key: str
    copied: bool
    qualified: bool


def read_title(text: str) -> Title | None:
    """Return the title that `text` is, with dates, brackets and small words around it, or None.

    `text` is a piece of a normalised view, without its colon. A text longer than 90 characters
    is never a title, so the work is bounded.
    """
    if not 1 < len(text) <= LONGEST or not text[0].isalpha():
        return None
    return _read_title(text)


@dataclass(frozen=True, slots=True)
class _Tables:
    """The titles and the words around them; `letters` are the ASCII letters that a word begins with."""

    headers: HeaderTable
    first_words: frozenset[str]
    first_letters: frozenset[str]
    second_letters: Mapping[str, set[str]]  # by the first word
    single: frozenset[str]  # titles of one word
    last_words: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    copied_before: frozenset[str]
    has_colon: bool


@cache
def _tables() -> _Tables:
    headers, words = load_headers(), load_words()
    before, after, copied_before = words["title_before"], words["title_after"], words["copied_before"]
    second: dict[str, set[str]] = {}
    for phrase in (*headers.by_title, *copied_before):
        word, _, rest = phrase.partition(" ")
        if rest:
            second.setdefault(word, set()).add(_letters(rest))
    first = {word.partition("/")[0] for word in (*second, *headers.by_title)}
    first |= {word.partition(" ")[0] for word in before | copied_before}
    return _Tables(
        headers,
        first_words=frozenset(word for word in first if " " not in word),
        first_letters=frozenset(map(_letters, first)) - {""},
        second_letters=second,
        single=frozenset(title for title in headers.by_title if " " not in title),
        last_words=frozenset(map(_last_word, (*headers.by_title, *after, *words["header_nouns"]))),
        before=before,
        after=after,
        copied_before=copied_before,
        has_colon=any(":" in phrase for phrase in (*headers.by_title, *before, *after)),
    )


def _last_word(phrase: str) -> str:
    return phrase.rpartition(" ")[2].rpartition("/")[2]


def may_open_header(words: Sequence[str]) -> bool:
    """Whether a header may begin with these words, as written or misread. Most lines begin with others.

    Each is two ASCII letters or more; a single blank parts them, and to the last nothing is written that a
    title drops, as in `P.M.H.`
    """
    if words[0].isupper():
        return True
    tables = _tables()
    last = len(words) - 1
    for index, word in enumerate(words):
        lowered = word.lower()
        if meant(word) is not None:
            return True
        if index == last:
            return lowered in tables.first_letters
        if lowered in tables.single or words[index + 1].lower() in tables.second_letters.get(lowered, ()):
            return True
        if meant(words[index + 1]) is not None:
            return lowered in tables.first_words
        if lowered not in tables.before and lowered not in tables.copied_before:
            return False
    return False


def may_open_title(text: str) -> bool:
    """Whether a title may begin as `text` does; a cheap no for nearly all lines."""
    first = text[:_OPENER].partition(" ")[0]
    if not first.isalpha():  # "A&P", "Meds/allergies", "P.M.H."
        first = _FIRST_WORD.split(title_key(text[:_OPENER]), maxsplit=1)[0]
    return first.lower() in _tables().first_words


def _letters(text: str) -> str:
    """Return the ASCII letters that a text in lower case begins with."""
    return text[: -len(text.lstrip(string.ascii_lowercase)) or None]


def may_end_title(text: str) -> bool:
    """Whether a title may end as `text` does; a cheap no for nearly all that stands before a colon."""
    if not text or not text[-1].isalpha():
        return bool(text) and (text[-1].isdigit() or text[-1] in ")].'")
    word = text[len(text.rstrip(string.ascii_letters)) :][-_LAST:]
    return bool(word) and (word.lower() in _tables().last_words or len(word) == 1)


def _read_title(text: str) -> Title | None:
    tables = _tables()
    table = tables.headers.by_title
    key = text.lower()
    if key in table:  # as it stands there, like most: nothing is left to tell
        return Title(table[key], key, False, False)
    if not may_open_title(text):
        return None
    if text.isascii() and not tables.has_colon and _RUNS_IN.match(text):
        return _earlier(text, "", tables)
    copied = qualified = False
    rest = text
    for _ in range(5):
        key = title_key(rest)
        if key in table:
            return Title(table[key], key, copied, qualified)
        tail = _tail(rest)
        if tail is None or tail.start() < 1:
            break
        copied = copied or _COPIED.search(tail.group()) is not None
        rest, qualified = rest[: tail.start()].rstrip(" -,;"), True
    key = title_key(rest)
    colon = key.find(":")
    if colon > 0 and not key[colon - 1].isdigit() and not tables.has_colon:  # that of no time: a text follows
        return _earlier(rest, key, tables)
    joined = [table.get(part) for part in key.replace(" and ", "/").split("/")]
    if len(joined) > 1 and joined[0] is not None and None not in joined:
        return Title(joined[0], key, copied, qualified)
    return _earlier(rest, key, tables) or _with_small_words(key, tables, copied=copied)


def _tail(text: str) -> re.Match[str] | None:
    """Return the brackets, the date or the words behind a dash or comma that a title ends with."""
    found = _BRACKET_TAIL.search(text) if "(" in text or "[" in text else None
    if found is None and _may_end_with_date(text):
        found = _DATE_TAIL.search(text)
    if found is None and ("-" in text or "," in text):
        found = _DASH_TAIL.search(text)
    return found


def _may_end_with_date(text: str) -> bool:
    """Return False only where `_DATE_TAIL` finds nothing: it ends with a digit, a month, am or pm."""
    bare = text.rstrip(" .,\n")
    if not bare or not bare.isascii():
        return not text.isascii()
    if not bare[-1].isalpha():
        return bare[-1].isdigit()
    word = bare.rsplit(maxsplit=1)[-1].lower().lstrip("@")
    return word.startswith(_MONTHS) or word.endswith(("am", "pm"))


def _earlier(text: str, key: str, tables: _Tables) -> Title | None:
    """An earlier note's thinking: `A/P from last visit`, `Previous assessment`."""
    table = tables.headers.by_title
    may_be_copied = not text.isascii() or may_hold(text.lower(), _IN_COPIED)
    match = _COPIED.search(text) if may_be_copied else None
    plain = [title_key(text[: match.start()])] if match is not None and match.start() > 1 else []
    words = key.split(" ")
    plain += [" ".join(words[n:]) for n in (3, 2, 1) if " ".join(words[:n]) in tables.copied_before]
    for title in plain:
        rule = table.get(title)
        if rule is not None and rule.category in _THINKING:
            return Title(rule, title, copied=True, qualified=True)
    return None


def _with_small_words(key: str, tables: _Tables, *, copied: bool) -> Title | None:
    """`Labs drawn today`, `Pertinent past medical history`."""
    table = tables.headers.by_title
    for _ in range(3):
        shorter = _without_tail(key, tables.after)
        if shorter is None:
            break
        key = shorter
        if key in table:
            return Title(table[key], key, copied, qualified=True)
    for _ in range(2):
        first, _, key = key.partition(" ")
        if first not in tables.before or not key:
            return None
        if key in table:
            return Title(table[key], key, copied, qualified=True)
    return None


def _without_tail(key: str, after: frozenset[str]) -> str | None:
    words = key.split(" ")
    for count in (3, 2, 1):
        if len(words) > count and " ".join(words[-count:]) in after:
            return " ".join(words[:-count])
    tail = _DATE_TAIL.search(key) if _may_end_with_date(key) else None
    return key[: tail.start()] if tail and tail.start() > 1 else None
