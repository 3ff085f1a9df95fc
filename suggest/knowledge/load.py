"""Read the readable knowledge: `rules.yaml`, `rulings.yaml`, `phrases.yaml` and `queries.yaml`.

Each file is read when it is first asked for, checked entry by entry, and kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, TypeVar

from nlp.errors import KnowledgeError
from nlp.knowledge import check_choice, check_entry, check_known, check_unique, load_yaml
from suggest.knowledge.entries import Entry, PhraseEntry, QueryEntry, QueryOption
from suggest.knowledge.fields import code_list, effective, id_list, template, words

PACKAGE: Final = "suggest.knowledge"
RULES, RULINGS, PHRASES, QUERIES = "rules.yaml", "rulings.yaml", "phrases.yaml", "queries.yaml"
BASES: Final = ("guideline", "tabular", "index", "judgement", "advice")
CONFIDENCES: Final = ("H", "M", "L")
CHANGES: Final = ("code", "coverage")

_STATEMENT = ("id", "title", "text", "citation", "basis")
_QUERY = ("id", "topic", "trigger", "question", "options", "changes", "citation", "text", "rules")
_E = TypeVar("_E", bound=Entry)


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Entry]:
    """Return the coding rules by bare id, in file order."""
    return statements("rule", load_yaml(PACKAGE, RULES), RULES)


@lru_cache(maxsize=1)
def rulings() -> Mapping[str, Entry]:
    """Return the rulings of the project by bare id, in file order."""
    return statements("ruling", load_yaml(PACKAGE, RULINGS), RULINGS)


@lru_cache(maxsize=1)
def phrases() -> Mapping[str, PhraseEntry]:
    """Return the lines of the phrase table by bare id, in file order."""
    found = phrase_table(load_yaml(PACKAGE, PHRASES), PHRASES)
    check_ids(PHRASES, {name: entry.queries for name, entry in found.items()}, "query", queries(), QUERIES)
    return found


@lru_cache(maxsize=1)
def queries() -> Mapping[str, QueryEntry]:
    """Return the queries to the provider by bare id, in file order."""
    found = query_table(load_yaml(PACKAGE, QUERIES), QUERIES)
    named = {name: entry.rules for name, entry in found.items()}
    check_ids(QUERIES, named, "rule", {*rules(), *rulings()}, f"{RULES} and {RULINGS}")
    return found


def check_ids(
    file: str, named: Mapping[str, Iterable[str]], key: str, known: Collection[str], where: str
) -> None:
    """Refuse an entry that names an id which nothing has.

    Raises:
        KnowledgeError: names the file, the entry, the id and the nearest right one.
    """
    for entry, ids in named.items():
        for name in ids:
            check_known(file, entry, key, name, known, where=where)


def statements(kind: str, content: Any, file: str) -> Mapping[str, Entry]:
    """Return the rules or rulings that the content of a file holds.

    Raises:
        KnowledgeError: names the file and the entry that is wrong, and what is wrong with it.
    """
    found: list[Entry] = []
    for row in _rows(file, content):
        check_entry(file, row, required=(*_STATEMENT, "fires", "nearly", "effective"))
        check_choice(file, str(row["id"]), "basis", row["basis"], BASES)
        start, end = effective(file, row)
        found.append(
            Entry(
                kind=kind,
                id=_id(file, kind, row),
                title=words(file, row, "title"),
                text=words(file, row, "text"),
                citation=words(file, row, "citation"),
                basis=row["basis"],
                fires=words(file, row, "fires"),
                nearly=words(file, row, "nearly"),
                effective_from=start,
                effective_to=end,
            )
        )
    return _by_id(found)


def phrase_table(content: Any, file: str) -> Mapping[str, PhraseEntry]:
    """Return the phrases that the content of a file holds.

    Raises:
        KnowledgeError: names the file and the entry that is wrong, and what is wrong with it.
    """
    found: list[PhraseEntry] = []
    for row in _rows(file, content):
        check_entry(
            file, row, required=(*_STATEMENT, "codes", "confidence"), optional=("alternatives", "queries")
        )
        check_choice(file, str(row["id"]), "basis", row["basis"], BASES)
        check_choice(file, str(row["id"]), "confidence", row["confidence"], CONFIDENCES)
        if not isinstance(row.get("alternatives", []), list):
            raise KnowledgeError(f"{file}, entry {row['id']}: alternatives must be a list of lists of codes")
        found.append(
            PhraseEntry(
                kind="phrase",
                id=_id(file, "phrase", row),
                title=words(file, row, "title"),
                text=words(file, row, "text"),
                citation=words(file, row, "citation"),
                basis=row["basis"],
                codes=code_list(file, row, row["codes"]),
                alternatives=tuple(code_list(file, row, other) for other in row.get("alternatives", ())),
                confidence=row["confidence"],
                queries=id_list(file, row, "queries", "Q"),
            )
        )
    return _by_id(found)


def query_table(content: Any, file: str) -> Mapping[str, QueryEntry]:
    """Return the queries that the content of a file holds, their options checked against its indicators.

    Raises:
        KnowledgeError: names the file and the entry that is wrong, and what is wrong with it.
    """
    if not isinstance(content, Mapping) or set(content) != {"indicators", "queries"}:
        raise KnowledgeError(f"{file}: must hold a mapping with the keys indicators and queries")
    indicators = content["indicators"]
    if not isinstance(indicators, Mapping) or not all(isinstance(text, str) for text in indicators.values()):
        raise KnowledgeError(f"{file}, entry indicators: must give each indicator its meaning")
    found: list[QueryEntry] = []
    for row in _rows(file, content["queries"]):
        check_entry(file, row, required=_QUERY)
        check_choice(file, str(row["id"]), "changes", row["changes"], CHANGES)
        found.append(
            QueryEntry(
                kind="query",
                id=_id(file, "query", row),
                title=template(file, row, words(file, row, "topic")),
                text=words(file, row, "text"),
                citation=words(file, row, "citation"),
                trigger=words(file, row, "trigger"),
                question=template(file, row, words(file, row, "question")),
                options=_options(file, row, indicators),
                changes=row["changes"],
                rules=id_list(file, row, "rules", "RS"),
            )
        )
    return _by_id(found)


def _options(file: str, row: Mapping[str, Any], indicators: Mapping[str, str]) -> tuple[QueryOption, ...]:
    name = str(row["id"])
    if not isinstance(row["options"], list):
        raise KnowledgeError(f"{file}, entry {name}: options must be a list; empty for an open question")
    found: list[QueryOption] = []
    for option in row["options"]:
        if not isinstance(option, Mapping) or set(option) != {"text", "needs"}:
            raise KnowledgeError(f"{file}, entry {name}: an option has the keys text and needs")
        if not isinstance(option["text"], str) or not option["text"].strip():
            raise KnowledgeError(f"{file}, entry {name}: an option lacks its words")
        if option["needs"] is not None:
            check_choice(file, name, "needs", option["needs"], indicators)
        found.append(QueryOption(template(file, row, option["text"]), option["needs"]))
    return tuple(found)


def _rows(file: str, content: Any) -> list[Mapping[str, Any]]:
    if not isinstance(content, list) or not all(isinstance(row, Mapping) for row in content):
        raise KnowledgeError(f"{file}: must hold a list of entries, each a mapping with an id")
    check_unique(file, content)
    return content


def _id(file: str, kind: str, row: Mapping[str, Any]) -> str:
    letter = {"rule": "R", "ruling": "S", "phrase": "P", "query": "Q"}[kind]
    name = str(row["id"])
    if not re.fullmatch(rf"{letter}H?[0-9]{{2,3}}", name):
        raise KnowledgeError(
            f"{file}, entry {name}: a {kind} is called {letter} and two or three digits, "
            f"one of your own {letter}H01"
        )
    return name


def _by_id(found: list[_E]) -> Mapping[str, _E]:
    return MappingProxyType({entry.id: entry for entry in found})
