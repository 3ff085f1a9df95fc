"""How the single keys of a YAML case are checked; every refusal names the file, the case and the key."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from suggest.knowledge import Entry, all_entries

TESTS = Path(__file__).parent
IDS = TESTS / "coverage" / "ids.yaml"

_CODE = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")
_QUERY = re.compile(r"(query:)?QH?[0-9]{2,3}")


class CaseError(ValueError):
    """A file of cases is wrong; the message names the file, the case and what to mend."""


class Quote(NamedTuple):
    """Words of a note that an evidence must overlap."""

    note_id: str | None
    text: str


Texts = Mapping[str | None, str]  # note id -> text
Quoted = tuple[tuple[str, tuple[Quote, ...]], ...]  # code or query -> quotes


@cache
def known_ids() -> frozenset[str]:
    """Every id that a case may cover, as `rule:R21`, `phrase:P01`, `ruling:S05`, `query:Q01`, `trap:T12`.

    Those of the reference stand in ids.yaml; those of a house (`phrase:PH01`) in the data files alone.
    """
    groups: dict[str, dict[str, str]] = yaml.safe_load(IDS.read_text(encoding="utf-8"))
    fixed = frozenset(f"{group}:{name}" for group, names in groups.items() for name in names)
    return fixed | house_ids(all_entries())


def house_ids(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the ids that a house gave: they need a case like all others, and no line in ids.yaml."""
    return frozenset(entry.prefixed for entry in entries if entry.is_house)


def full_id(name: object) -> str:
    """Return `trap:T12` for `T12`; other ids keep the prefix that sets them apart from ICD-10-CM codes."""
    text = str(name)
    return f"trap:{text}" if re.fullmatch(r"T[0-9]{2}", text) else text


def a_list(value: object, here: str, key: str) -> list[Any]:
    """Return a list."""
    if not isinstance(value, list):
        raise CaseError(f"{here}: {key} must be a list")
    return value


def a_mapping(value: object, here: str, key: str, what: str) -> Mapping[Any, Any]:
    """Return a mapping; `what` says of what to what."""
    if not isinstance(value, Mapping):
        raise CaseError(f"{here}: {key} must map {what}")
    return value


def a_code(value: object, here: str, key: str) -> str:
    """Return a code of the classification."""
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise CaseError(f"{here}: {key} has {value!r}, which is no ICD-10-CM code")
    return value


def codes(value: object, here: str, key: str) -> tuple[str, ...]:
    """Return a list of codes."""
    return tuple(a_code(code, here, key) for code in a_list(value, here, key))


def a_query(value: object, here: str, key: str) -> str:
    """Return the full id of a query."""
    name = f"query:{str(value).removeprefix('query:')}"
    if not _QUERY.fullmatch(str(value)) or name not in known_ids():
        raise CaseError(f"{here}: {key} has {value!r}, which is no query of ours")
    return name


def queries(value: object, here: str, key: str) -> tuple[str, ...]:
    """Return a list of queries."""
    return tuple(a_query(name, here, key) for name in a_list(value, here, key))


def asked(value: object, texts: Texts, here: str) -> Quoted:
    """Return queries, from a list or from a mapping to the quotes that they must show."""
    if not isinstance(value, Mapping):
        return tuple((name, ()) for name in queries(value, here, "queries"))
    return tuple(
        (a_query(name, here, "queries"), quotes(listed, texts, here, f"queries {name}"))
        for name, listed in value.items()
    )


def covers(value: object, here: str) -> tuple[str, ...]:
    """Return ids of the reference."""
    names = tuple(full_id(name) for name in a_list(value, here, "covers"))
    for name in names:
        if name not in known_ids():
            raise CaseError(f"{here}: covers has {name}, which ids.yaml does not know, nor any data file")
    return names


def expected(value: object, texts: Texts, here: str) -> Quoted:
    """Return codes, each with the quotes that prove it."""
    wanted = a_mapping(value, here, "expect", "each code to the quotes that prove it")
    return tuple(
        (a_code(code, here, "expect"), quotes(listed, texts, here, f"expect {code}"))
        for code, listed in wanted.items()
    )


def quotes(value: object, texts: Texts, here: str, key: str) -> tuple[Quote, ...]:
    """Return quotes: none for `true`, of the only note for a list, of several for a mapping of note ids."""
    if value is True:
        return ()
    if not isinstance(value, Mapping):
        if len(texts) > 1 and value:
            raise CaseError(f"{here}: {key} must map each note id to its quotes, for there are several notes")
        value = {next(iter(texts)): value}
    found = []
    for note_id, listed in value.items():
        if note_id not in texts:
            raise CaseError(f"{here}: {key} names the note {note_id!r}, which the case does not hold")
        for quote in a_list(listed, here, key):
            if not isinstance(quote, str) or not quote or quote not in texts[note_id]:
                raise CaseError(f"{here}: {key} quotes {quote!r}, which the note does not hold")
            found.append(Quote(note_id, quote))
    return tuple(found)


def by_code(value: object, choices: Iterable[str], here: str, key: str) -> tuple[tuple[str, str], ...]:
    """Return what each code must have, out of a closed set."""
    wanted = a_mapping(value, here, key, "a code to what it must have")
    known = list(choices)
    return tuple((a_code(code, here, key), one_of(way, known, here, key)) for code, way in wanted.items())


def items(value: object, choices: Iterable[str], here: str, key: str) -> tuple[tuple[str, bool], ...]:
    """Return items of the checklist with what they must be."""
    wanted = a_mapping(value, here, key, "an item to true or false")
    known = list(choices)
    return tuple((one_of(item, known, here, key), a_truth(ok, here, key)) for item, ok in wanted.items())


def one_of(value: object, choices: list[str], here: str, key: str) -> str:
    """Return a value out of a closed set."""
    if value not in choices:
        raise CaseError(f"{here}: unknown {key} {value!r}; use {', '.join(choices)}")
    return str(value)


def a_truth(value: object, here: str, key: str) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise CaseError(f"{here}: {key} is true or left out")
    return value


def a_date(value: object, here: str, key: str = "date") -> str | None:
    """Return an ISO date; YAML reads an unquoted one as a date of its own."""
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise CaseError(f"{here}: the {key} {value!r} is not like 2026-05-14") from error
