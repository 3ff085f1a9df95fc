"""Read `headers.yaml` and `words.yaml`, checked as they are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from nlp.errors import KnowledgeError
from nlp.facts import SectionCategory
from nlp.knowledge import check_choice, check_entry, check_unique, load_yaml

HEADERS_FILE = "nlp/layout/headers.yaml"
WORDS_FILE = "nlp/layout/words.yaml"

_REQUIRED = ("id", "category", "titles", "why", "example")
_OPTIONAL = (
    "subtype", "role", "bare", "comma", "stays", "marks", "in_report", "in_procedure", "letter", "not_alone",
    "opens", "line", "finds", "expect", "after", "blank",
)  # fmt: skip
_ROLES = ("header", "system", "label", "closer")
_GROUP = re.compile(r"\(([^()]*)\)")
_PLURAL = re.compile(r"\((?:s|es)\)")
_DROPPED = str.maketrans("", "", ",.'*_")
_SLASH = re.compile(r"\s*[/\\]\s*")


@dataclass(frozen=True, slots=True)
class HeaderRule:
    """One entry of `headers.yaml`; `titles` are keys as `title_key` makes them."""

    id: str
    category: SectionCategory
    subtype: str | None
    role: str
    titles: tuple[str, ...]
    bare: frozenset[str]
    comma: bool
    stays: bool
    letter: bool
    opens: bool
    line: bool
    marks: str | None
    in_report: SectionCategory | None
    in_procedure: SectionCategory | None
    not_alone: frozenset[str]
    after: str | None
    blank: SectionCategory | None
    example: str
    finds: int
    expect: SectionCategory


@dataclass(frozen=True, slots=True)
class HeaderTable:
    """All header rules, and the rule of each title."""

    rules: tuple[HeaderRule, ...]
    by_title: Mapping[str, HeaderRule]
    letters: Mapping[str, HeaderRule]
    longest: int


def title_key(text: str) -> str:
    """Return what is compared of a title: lower case, marks dropped, `&` spelled out, single blanks."""
    lowered = text.lower()
    if lowered.replace(" ", "").isalpha() and "  " not in lowered:
        return lowered.strip(" ")  # plain words, as nearly all are
    lowered = lowered.replace("&amp;", "&").replace("&", " and ").replace("+", " and ").replace("-", " ")
    if "(" in lowered:
        lowered = _PLURAL.sub("", lowered)
    lowered = lowered.translate(_DROPPED)
    if "/" in lowered or "\\" in lowered:
        lowered = _SLASH.sub("/", lowered)
    return " ".join(lowered.split()).strip(" :;/")


@cache
def load_headers() -> HeaderTable:
    """Return the header rules.

    Raises:
        KnowledgeError: an entry is malformed, or two rules claim one title.
    """
    content = load_yaml("nlp.layout", "headers.yaml")
    entries = content["headers"]
    check_unique(HEADERS_FILE, entries)
    return build_headers(entries)


def build_headers(entries: list[dict[str, Any]]) -> HeaderTable:
    """Return the table of `entries`, as `load_headers` does for the file."""
    rules = tuple(_rule(entry) for entry in entries)
    by_title: dict[str, HeaderRule] = {}
    letters: dict[str, HeaderRule] = {}
    for rule in rules:
        table = letters if rule.letter else by_title
        for title in rule.titles:
            if title in table:
                raise KnowledgeError(
                    f'{HEADERS_FILE}, entry {rule.id}: the title "{title}" stands in {table[title].id} too; '
                    "keep it in one"
                )
            table[title] = rule
    return HeaderTable(rules, by_title, letters, max(map(len, by_title), default=0))


def _rule(entry: dict[str, Any]) -> HeaderRule:
    check_entry(HEADERS_FILE, entry, required=_REQUIRED, optional=_OPTIONAL)
    name = str(entry["id"])
    for key in ("category", "in_report", "in_procedure", "expect", "blank"):
        if key in entry:
            check_choice(HEADERS_FILE, name, key, entry[key], [c.value for c in SectionCategory])
    role = str(entry.get("role", "header"))
    check_choice(HEADERS_FILE, name, "role", role, _ROLES)
    if "marks" in entry:
        check_choice(HEADERS_FILE, name, "marks", entry["marks"], ("report", "visit"))
    category = SectionCategory(entry["category"])
    return HeaderRule(
        id=name,
        category=category,
        subtype=entry.get("subtype"),
        role=role,
        titles=tuple(dict.fromkeys(_expanded(name, entry["titles"]))),
        bare=frozenset(map(title_key, entry.get("bare", ()))),
        comma=bool(entry.get("comma", False)),
        stays=bool(entry.get("stays", False)),
        letter=bool(entry.get("letter", False)),
        opens=bool(entry.get("opens", False)),
        line=bool(entry.get("line", False)),
        marks=entry.get("marks"),
        in_report=SectionCategory(entry["in_report"]) if "in_report" in entry else None,
        in_procedure=SectionCategory(entry["in_procedure"]) if "in_procedure" in entry else None,
        not_alone=frozenset(map(title_key, entry.get("not_alone", ()))),
        after=entry.get("after"),
        blank=SectionCategory(entry["blank"]) if "blank" in entry else None,
        example=str(entry["example"]),
        finds=int(entry.get("finds", 0)),
        expect=SectionCategory(entry.get("expect", category.value)),
    )


def _expanded(name: str, titles: str) -> Iterator[str]:
    """Spell out `(a|b|)` in each of the comma-separated titles."""
    for title in titles.split(","):
        parts = _GROUP.split(title)
        if any("(" in part or ")" in part for part in parts):
            raise KnowledgeError(f"{HEADERS_FILE}, entry {name}: brackets do not match in a title; mend it")
        choices = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
        for words in product(*choices):
            key = title_key("".join(words))
            if not key:
                raise KnowledgeError(f"{HEADERS_FILE}, entry {name}: an empty title; take it out")
            yield key


@cache
def load_words() -> Mapping[str, frozenset[str]]:
    """Return the word lists of `words.yaml` by id, in lower case.

    Raises:
        KnowledgeError: an entry is malformed.
    """
    entries = load_yaml("nlp.layout", "words.yaml")["lists"]
    check_unique(WORDS_FILE, entries)
    for entry in entries:
        check_entry(WORDS_FILE, entry, required=("id", "words", "why", "example"))
    return {
        str(entry["id"]): frozenset(word.strip() for word in str(entry["words"]).split(","))
        for entry in entries
    }
