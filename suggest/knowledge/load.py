"""Read the readable knowledge: `rules.yaml`, `rulings.yaml`, `phrases.yaml` and `queries.yaml`.

Each file is read when it is first asked for, checked entry by entry, and kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from nlp.errors import KnowledgeError
from nlp.knowledge import check_choice, check_entry, check_unique, load_yaml

PACKAGE: Final = "suggest.knowledge"
FILES: Final[Mapping[str, str]] = MappingProxyType(
    {"rule": "rules.yaml", "ruling": "rulings.yaml", "phrase": "phrases.yaml", "query": "queries.yaml"}
)
BASES: Final = ("guideline", "tabular", "index", "judgement", "advice")
CONFIDENCES: Final = ("H", "M", "L")
CHANGES: Final = ("code", "coverage")
PLACEHOLDERS: Final = ("condition", "other", "drug")

_LETTERS: Final[Mapping[str, str]] = MappingProxyType(
    {"rule": "R", "ruling": "S", "phrase": "P", "query": "Q"}
)
_ID = re.compile(r"[RSPQ][0-9]{2,3}")
_CODE = re.compile(r"[A-TV-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?-?|[A-TV-Z][0-9][0-9A-Z]\.-")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BRACES = re.compile(r"\{([^{}]*)\}")
_STATEMENT = ("id", "title", "text", "citation", "basis")
_KEYS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = MappingProxyType(
    {
        "rule": ((*_STATEMENT, "fires", "nearly", "effective"), ()),
        "ruling": ((*_STATEMENT, "fires", "nearly", "effective"), ()),
        "phrase": ((*_STATEMENT, "codes", "confidence"), ("alternatives", "queries")),
        "query": (
            ("id", "topic", "trigger", "question", "options", "changes", "citation", "text", "rules"),
            (),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class QueryOption:
    """A choice of a query; it stands only where the indicator that it needs is present (G-3, G-9)."""

    text: str
    needs: str | None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule, ruling, phrase or query as people read it; `id` carries its kind (`rule:R10`).

    What a kind does not have is None or empty. Of a query, `title` is the topic; `codes` of a phrase
    stand in reporting order, a hyphen at the end stands for a family (`T38.3X5-`).
    """

    id: str
    title: str
    text: str
    citation: str
    basis: str | None = None
    fires: str | None = None
    nearly: str | None = None
    effective_from: str | None = None
    effective_to: str | None = None
    codes: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, ...], ...] = ()
    confidence: str | None = None
    trigger: str | None = None
    question: str | None = None
    options: tuple[QueryOption, ...] = ()
    changes: str | None = None
    rules: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()


@lru_cache(maxsize=len(FILES))
def entries(kind: str) -> Mapping[str, Entry]:
    """Return the entries of a kind (`rule`, `ruling`, `phrase`, `query`), by bare id in file order.

    Raises:
        KnowledgeError: the file cannot be read or one of its entries is wrong.
    """
    return parse(kind, load_yaml(PACKAGE, FILES[kind]), FILES[kind])


def parse(kind: str, content: Any, file: str) -> Mapping[str, Entry]:
    """Return the entries that the content of a knowledge file holds, by bare id in file order.

    Raises:
        KnowledgeError: names the file and the entry that is wrong, and what is wrong with it.
    """
    indicators: tuple[str, ...] = ()
    if kind == "query":
        if not isinstance(content, Mapping) or set(content) != {"indicators", "queries"}:
            raise KnowledgeError(f"{file}: must hold a mapping with the keys indicators and queries")
        indicators = tuple(_indicators(file, content["indicators"]))
        content = content["queries"]
    if not isinstance(content, list) or not all(isinstance(row, Mapping) for row in content):
        raise KnowledgeError(f"{file}: must hold a list of entries, each a mapping with an id")
    check_unique(file, content)
    return MappingProxyType({str(row.get("id")): _entry(kind, file, row, indicators) for row in content})


def indicators() -> Mapping[str, str]:
    """Return what the `needs` of a query's options may name, each with its meaning."""
    return MappingProxyType(_indicators(FILES["query"], load_yaml(PACKAGE, FILES["query"])["indicators"]))


def _indicators(file: str, content: Any) -> dict[str, str]:
    if not isinstance(content, Mapping) or not all(isinstance(text, str) for text in content.values()):
        raise KnowledgeError(f"{file}, entry indicators: must give each indicator its meaning")
    return {str(name): text for name, text in content.items()}


def _entry(kind: str, file: str, row: Mapping[str, Any], indicators: Sequence[str]) -> Entry:
    required, optional = _KEYS[kind]
    check_entry(file, row, required=required, optional=optional)
    name = str(row["id"])
    if not _ID.fullmatch(name) or not name.startswith(_LETTERS[kind]):
        raise KnowledgeError(
            f"{file}, entry {name}: a {kind} is called {_LETTERS[kind]} and two or three digits"
        )
    start, end = _effective(file, name, row.get("effective"))
    if kind == "query":
        check_choice(file, name, "changes", row["changes"], CHANGES)
    else:
        check_choice(file, name, "basis", row["basis"], BASES)
    if kind == "phrase":
        check_choice(file, name, "confidence", row["confidence"], CONFIDENCES)
    return Entry(
        id=f"{kind}:{name}",
        title=_text(file, row, "topic" if kind == "query" else "title"),
        text=_text(file, row, "text"),
        citation=_text(file, row, "citation"),
        basis=row.get("basis"),
        fires=_text(file, row, "fires") if "fires" in row else None,
        nearly=_text(file, row, "nearly") if "nearly" in row else None,
        effective_from=start,
        effective_to=end,
        codes=_codes(file, name, row.get("codes", ())),
        alternatives=tuple(_codes(file, name, codes) for codes in row.get("alternatives", ())),
        confidence=row.get("confidence"),
        trigger=_text(file, row, "trigger") if kind == "query" else None,
        question=_question(file, name, _text(file, row, "question")) if kind == "query" else None,
        options=_options(file, name, row["options"], indicators) if kind == "query" else (),
        changes=row.get("changes"),
        rules=_ids(file, name, "rules", row.get("rules", ())),
        queries=_ids(file, name, "queries", row.get("queries", ())),
    )


def _text(file: str, row: Mapping[str, Any], key: str) -> str:
    value = row[key]
    if not isinstance(value, str) or not value.strip():
        raise KnowledgeError(f"{file}, entry {row['id']}: {key} must be words; write them")
    return value


def _effective(file: str, name: str, value: Any) -> tuple[str | None, str | None]:
    if value is None:
        return None, None
    return effective_window(file, name, value)


def effective_window(file: str, name: str, value: Any) -> tuple[str | None, str | None]:
    """Return the first and the last day that an entry holds for (ISO; None: no limit).

    Raises:
        KnowledgeError: the value is not `{from: date or null, to: date or null}`, or ends before it begins.
    """
    if not isinstance(value, Mapping) or set(value) != {"from", "to"}:
        raise KnowledgeError(
            f"{file}, entry {name}: effective must be {{from: date or null, to: date or null}}"
        )
    days = tuple(None if day is None else str(day) for day in (value["from"], value["to"]))
    if any(day is not None and not _DATE.fullmatch(day) for day in days):
        raise KnowledgeError(f"{file}, entry {name}: effective takes dates such as 2026-10-01")
    start, end = days
    if start is not None and end is not None and start > end:
        raise KnowledgeError(f"{file}, entry {name}: effective ends before it begins")
    return start, end


def _codes(file: str, name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise KnowledgeError(f"{file}, entry {name}: codes must be a list")
    for code in value:
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            raise KnowledgeError(f'{file}, entry {name}: "{code}" does not have the shape of a code')
    return tuple(value)


def _ids(file: str, name: str, key: str, value: Any) -> tuple[str, ...]:
    """Return bare ids with the kind that their letter stands for."""
    if not isinstance(value, list | tuple):
        raise KnowledgeError(f"{file}, entry {name}: {key} must be a list")
    kinds = {letter: kind for kind, letter in _LETTERS.items()}
    for item in value:
        if not isinstance(item, str) or not _ID.fullmatch(item):
            raise KnowledgeError(f'{file}, entry {name}: {key} has "{item}", which is no id')
    return tuple(f"{kinds[item[0]]}:{item}" for item in value)


def _options(file: str, name: str, value: Any, indicators: Sequence[str]) -> tuple[QueryOption, ...]:
    if not isinstance(value, list):
        raise KnowledgeError(f"{file}, entry {name}: options must be a list; empty for an open question")
    found: list[QueryOption] = []
    for option in value:
        if not isinstance(option, Mapping) or set(option) != {"text", "needs"}:
            raise KnowledgeError(
                f"{file}, entry {name}: an option is {{text: words, needs: indicator or null}}"
            )
        text, needs = option["text"], option["needs"]
        if not isinstance(text, str) or not text.strip():
            raise KnowledgeError(f"{file}, entry {name}: an option lacks its words")
        if needs is not None:
            check_choice(file, name, "needs", needs, indicators)
        found.append(QueryOption(_question(file, name, text), needs))
    return tuple(found)


def _question(file: str, name: str, text: str) -> str:
    """Return a template as it is, if it holds known placeholders only."""
    for placeholder in _BRACES.findall(text):
        check_choice(file, name, "placeholder", placeholder, PLACEHOLDERS)
    if _BRACES.sub("", text).count("{") or _BRACES.sub("", text).count("}"):
        raise KnowledgeError(
            f"{file}, entry {name}: a brace stands alone; placeholders are {{condition}} and so on"
        )
    return text
