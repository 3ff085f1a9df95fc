"""Tell whether some words are the title of a section, with what people write around a title."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from nlp.facts import SectionCategory
from nlp.layout.load import HeaderRule, HeaderTable, load_headers, load_words, title_key
from nlp.layout.misread import meant

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
_LETTERS = re.compile("[a-z]+")
# Words, the last of them all there: what a title drops may join others to it.
ALL_THERE = r"(?=[ :;/&+-]|[.,]{0,3}(?: |\Z))"
_WORD = re.compile(rf"[A-Za-z]{{2,24}}{ALL_THERE}")
_WORDS = re.compile(rf"[A-Za-z]{{2,24}}(?: [A-Za-z]{{2,24}}){{0,5}}{ALL_THERE}")
# What stands behind a colon is not all bracket, date, or words behind a dash or a comma.
_RUNS_IN = re.compile(
    rf"[^\d()\[\],:-]*:[^A-Za-z\d()\[\],&+-]*(?!{'|'.join(_MONTHS)})[A-Za-z]", re.ASCII | re.IGNORECASE
)
_BRACKET_TAIL = re.compile(r"\s*[(\[]([^()\[\]]{0,80})[)\]]?$")
_DASH_TAIL = re.compile(r"\s+-+\s+([^-]{1,45})$|,\s+([^,]{1,40})$")
_BROUGHT = ("copied", "copy", "pasted", "carried", "pulled", "brought")
_OF = ("from", "per", "of", "at")
_FORMER = ("last", "prior", "previous")
_AROUND = frozenset({*_BROUGHT, *_OF, *_FORMER})  # each match of `_COPIED` begins with one
_COPIED = re.compile(
    rf"\b(?:{'|'.join(_BROUGHT)})\b"
    rf"|\b(?:{'|'.join(_OF)}) (?:the |my |his |her |our )?(?:{'|'.join(_FORMER)}|earlier)"
    r" (?:visit|note|encounter|admission|clinic)"
    rf"|\bfrom (?:dr\.? |the )?[a-z.' ]{{0,30}}note\b|\b(?:{'|'.join(_FORMER)}) (?:visit|note)(?:'?s)?\b",
    re.IGNORECASE,
)
_IN_COPIED = (*_BROUGHT, *_FORMER, "earlier", "from")  # each match holds one
# A text runs in behind a bare title: what begins there is neither a date nor an earlier note.
_BEHIND = re.compile(
    rf":[^A-Za-z\d()\[\],&+-]*(?!{'|'.join((*_MONTHS, *sorted(_AROUND)))})[A-Za-z]",
    re.ASCII | re.IGNORECASE,
)
_BARE = re.compile("[a-z](?:[a-z/ ]*[a-z])?")
_THINKING = frozenset(
    {
        SectionCategory.ASSESSMENT_PLAN,
        SectionCategory.ASSESSMENT,
        SectionCategory.PLAN,
        SectionCategory.IMPRESSION,
        SectionCategory.HPI,
    }
)


@dataclass(frozen=True, slots=True)
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
    tables = _tables()
    plain = tables.plain.get(text.lower())
    return plain if plain is not None else _read_title(text, tables)


def bare_title(text: str) -> Title | None:
    """Return the title that `text` is as the table holds it, in any case: plain words, nothing around them.

    None for those too that hold signs, digits or words that are read otherwise around a title.
    """
    return _tables().bare.get(text.lower())


def runs_in(view: str, colon: int, stop: int) -> bool:
    """Whether `read_title` takes no part of what stands behind the colon of a bare title into the title.

    False tells nothing.
    """
    if not (view.isascii() or view[colon:stop].isascii()) or _tables().has_colon:
        return False
    return _BEHIND.match(view, colon, stop) is not None


@dataclass(frozen=True, slots=True)
class _Tables:
    """The titles and the words around them; `letters` are the ASCII letters that a word begins with."""

    headers: HeaderTable
    plain: Mapping[str, Title]
    bare: Mapping[str, Title]  # those that `bare_title` tells
    opening: frozenset[str]  # words that may open a header
    first_words: frozenset[str]
    first_letters: frozenset[str]
    second_letters: Mapping[str, set[str]]  # by the first word
    single: frozenset[str]  # titles of one word
    last_words: frozenset[str]
    words: frozenset[str] = field(repr=False)  # of titles and of what stands around them, but for dates
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
    first_words = frozenset(word for word in first if " " not in word)
    first_letters = frozenset(map(_letters, first)) - {""}
    plain = {key: Title(rule, key, copied=False, qualified=False) for key, rule in headers.by_title.items()}
    return _Tables(
        headers,
        plain=plain,
        bare={
            key: title
            for key, title in plain.items()
            if 1 < len(key) <= LONGEST and _BARE.fullmatch(key) and not _COPIED.search(key)
        },
        opening=first_words | first_letters | before | copied_before,
        first_words=first_words,
        first_letters=first_letters,
        second_letters=second,
        single=frozenset(title for title in headers.by_title if " " not in title),
        last_words=frozenset(map(_last_word, (*headers.by_title, *after, *words["header_nouns"]))),
        words=_AROUND.union(*map(_LETTERS.findall, (*headers.by_title, *before, *after, *copied_before))),
        before=before,
        after=after,
        copied_before=copied_before,
        has_colon=any(":" in phrase for phrase in (*headers.by_title, *before, *after)),
    )


def _last_word(phrase: str) -> str:
    return phrase.rpartition(" ")[2].rpartition("/")[2]


@lru_cache(maxsize=1 << 13)  # of words
def opens_header(word: str) -> bool | None:
    """Return what `may_open_header` says of all words that begin with this one; None where they differ."""
    tables = _tables()
    lowered = word.lower()
    if word.isupper() or lowered in tables.single or meant(word) is not None:
        return True
    return None if lowered in tables.opening else False


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


@lru_cache(maxsize=1 << 13)  # of words
def opens_title(word: str) -> bool:
    """Whether a title may begin with a word that is all there."""
    return word.lower() in _tables().first_words


def may_be_title(text: str) -> bool:
    """Whether the words that `text` begins with may stand in or around a title; a cheap no for most."""
    first = _WORD.match(text)
    if first is None:
        return True
    if not opens_title(first.group()):
        return False
    begins = _WORDS.match(text)
    assert begins is not None  # where the first word is all there
    words = begins.group().lower().split(" ")
    known = _tables().words
    if known.issuperset(words):
        return True
    for word in words:
        if word in _AROUND or word.startswith(_MONTHS):
            return True  # anything may stand behind it
        if word not in known:
            break
    return False


def _letters(text: str) -> str:
    """Return the ASCII letters that a text in lower case begins with."""
    return text[: -len(text.lstrip(string.ascii_lowercase)) or None]


def may_end_title(text: str) -> bool:
    """Whether a title may end as `text` does; a cheap no for nearly all that stands before a colon."""
    if not text or not text[-1].isalpha():
        return bool(text) and (text[-1].isdigit() or text[-1] in ")].'")
    word = text[len(text.rstrip(string.ascii_letters)) :][-_LAST:]
    return bool(word) and (word.lower() in _tables().last_words or len(word) == 1)


def _read_title(text: str, tables: _Tables) -> Title | None:
    table = tables.headers.by_title
    if not (may_be_title(text) and may_open_title(text)):
        return None
    if text.isascii() and not tables.has_colon and _RUNS_IN.match(text):
        return _earlier(_before_copied(text), table)
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
        return _earlier((*_before_copied(rest), *_after_former(key, tables)), table)
    joined = [table.get(part) for part in key.replace(" and ", "/").split("/")]
    if len(joined) > 1 and joined[0] is not None and None not in joined:
        return Title(joined[0], key, copied, qualified)
    former = _earlier((*_before_copied(rest), *_after_former(key, tables)), table)
    return former or _with_small_words(key, tables, copied=copied)


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


def _earlier(titles: Iterable[str], table: Mapping[str, HeaderRule]) -> Title | None:
    """Return the first of the titles that is one of an earlier note's thinking."""
    for title in titles:
        rule = table.get(title)
        if rule is not None and rule.category in _THINKING:
            return Title(rule, title, copied=True, qualified=True)
    return None


def _before_copied(text: str) -> tuple[str, ...]:
    """Return what stands before words that tell of an earlier note: `A/P from last visit`."""
    match = _COPIED.search(text) if _may_be_copied(text) else None
    return (title_key(text[: match.start()]),) if match is not None and match.start() > 1 else ()


def _may_be_copied(text: str) -> bool:
    if not text.isascii():
        return True
    lowered = text.lower()
    return any(letters in lowered for letters in _IN_COPIED)


def _after_former(key: str, tables: _Tables) -> list[str]:
    """Return what stands behind the words of a key that tell of an earlier note: `Previous assessment`."""
    words = key.split(" ")
    return [" ".join(words[n:]) for n in (3, 2, 1) if " ".join(words[:n]) in tables.copied_before]


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
