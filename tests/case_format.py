"""The YAML cases of tests/cases, read strictly. CONTRIBUTING.md shows how to write one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from suggest.result import Band, Setting
from tests.markup import Marked, MarkupError, read_markup

TESTS = Path(__file__).parent
CASES = TESTS / "cases"
IDS = TESTS / "coverage" / "ids.yaml"
# tests/cases/context has a runner and a format of its own.
ELSEWHERE = ("context",)

_CODE = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")
_QUERY = re.compile(r"(query:)?Q[0-9]{2}")


class CaseError(ValueError):
    """A file of cases is wrong; the message names the file, the case and what to mend."""


@dataclass(frozen=True, slots=True)
class Case:
    """One note with what must and must not come out of it."""

    name: str
    where: str
    note: Marked
    setting: str = Setting.PROFESSIONAL.value
    date: str | None = None
    covers: tuple[str, ...] = ()
    expect: tuple[tuple[str, tuple[str, ...]], ...] = ()
    only: bool = False
    optional: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    no_queries: tuple[str, ...] | bool = ()
    first: str | None = None
    band: tuple[tuple[str, str], ...] = ()


KEYS = {field.name for field in fields(Case)} - {"where"}
# What makes a case able to fail; the other keys only frame the note.
_ASSERTING = ("expect", "only", "reject", "withheld", "queries", "no_queries", "first", "band")


@cache
def known_ids() -> frozenset[str]:
    """Every id that a case may cover, as `rule:R21`, `phrase:P01`, `ruling:S05`, `query:Q01`, `trap:T12`."""
    groups: dict[str, dict[str, str]] = yaml.safe_load(IDS.read_text(encoding="utf-8"))
    return frozenset(f"{group}:{name}" for group, names in groups.items() for name in names)


def full_id(name: object) -> str:
    """Return `trap:T12` for `T12`; other ids keep the prefix that sets them apart from ICD-10-CM codes."""
    text = str(name)
    return f"trap:{text}" if re.fullmatch(r"T[0-9]{2}", text) else text


def case_files(root: Path = CASES) -> list[Path]:
    """Every file of cases in this format, in a stable order."""
    return sorted(path for path in root.rglob("*.yaml") if path.relative_to(root).parts[0] not in ELSEWHERE)


def read_cases(path: Path) -> list[Case]:
    """Read one file of cases.

    Raises:
        CaseError: the file is not a list of cases, or a case is wrong or asserts nothing.
    """
    where = path.relative_to(TESTS).as_posix() if path.is_relative_to(TESTS) else path.name
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise CaseError(f"{where}: not valid YAML: {error}") from error
    if not isinstance(entries, list) or not entries:
        raise CaseError(f"{where}: must be a list of cases, with one at least")
    cases = [read_case(entry, where) for entry in entries]
    check_names(cases)
    return cases


def check_names(cases: Iterable[Case]) -> None:
    """Refuse two cases of one name, for names are test ids.

    Raises:
        CaseError: names both places.
    """
    seen: dict[str, Case] = {}
    for case in cases:
        if case.name in seen:
            raise CaseError(f'{case.where}: the name "{case.name}" stands in {seen[case.name].where} already')
        seen[case.name] = case


def read_case(entry: object, where: str) -> Case:
    """Read one case, refusing whatever could make it pass unread.

    Raises:
        CaseError: names the case and the key.
    """
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str):
        raise CaseError(f"{where}: each case is a mapping with a name")
    here = f'{where}, "{entry["name"]}"'
    if unknown := sorted(set(map(str, entry)) - KEYS):
        raise CaseError(f"{here}: unknown key {unknown[0]}; known are {', '.join(sorted(KEYS))}")
    if not isinstance(entry.get("note"), str):
        raise CaseError(f"{here}: lacks the note")
    try:
        note = read_markup(entry["note"])
    except MarkupError as error:
        raise CaseError(f"{here}: {error}") from error
    case = Case(
        name=entry["name"],
        where=where,
        note=note,
        setting=_one_of(entry.get("setting", "professional"), [s.value for s in Setting], here, "setting"),
        date=_date(entry.get("date"), here),
        covers=_covers(entry.get("covers", []), here),
        expect=_expect(entry.get("expect", {}), note.text, here),
        only=_true(entry.get("only", False), here, "only"),
        optional=_codes(entry.get("optional", []), here, "optional"),
        reject=_codes(entry.get("reject", []), here, "reject"),
        withheld=_codes(entry.get("withheld", []), here, "withheld"),
        queries=_queries(entry.get("queries", []), here, "queries"),
        no_queries=True
        if entry.get("no_queries") is True
        else _queries(entry.get("no_queries", []), here, "no_queries"),
        first=None if entry.get("first") is None else _code(entry["first"], here, "first"),
        band=_band(entry.get("band", {}), here),
    )
    if not note.marks and not any(getattr(case, key) for key in _ASSERTING):
        raise CaseError(f"{here}: asserts nothing; add one of {', '.join(_ASSERTING)} or a mark in the note")
    wanted = {code for code, _ in case.expect}
    if clash := sorted(wanted & {*case.reject, *case.withheld, *case.optional}):
        raise CaseError(f"{here}: {clash[0]} is expected and also rejected, withheld or optional")
    if case.no_queries is True and case.queries:
        raise CaseError(f"{here}: asks for queries and for none")
    return case


def _list(value: object, here: str, key: str) -> list[Any]:
    if not isinstance(value, list):
        raise CaseError(f"{here}: {key} must be a list")
    return value


def _code(value: object, here: str, key: str) -> str:
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise CaseError(f"{here}: {key} has {value!r}, which is no ICD-10-CM code")
    return value


def _codes(value: object, here: str, key: str) -> tuple[str, ...]:
    return tuple(_code(code, here, key) for code in _list(value, here, key))


def _queries(value: object, here: str, key: str) -> tuple[str, ...]:
    names = _list(value, here, key)
    for name in names:
        if not _QUERY.fullmatch(str(name)) or f"query:{str(name)[-3:]}" not in known_ids():
            raise CaseError(f"{here}: {key} has {name!r}, which is no query of ours")
    return tuple(f"query:{name[-3:]}" for name in names)


def _covers(value: object, here: str) -> tuple[str, ...]:
    names = tuple(full_id(name) for name in _list(value, here, "covers"))
    for name in names:
        if name not in known_ids():
            raise CaseError(f"{here}: covers has {name}, which tests/coverage/ids.yaml does not know")
    return names


def _expect(value: object, text: str, here: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, Mapping):
        raise CaseError(f"{here}: expect must map each code to the quotes that prove it")
    found = []
    for code, quotes in value.items():
        listed = [] if quotes is True else _list(quotes, here, f"expect {code}")
        for quote in listed:
            if not isinstance(quote, str) or not quote or quote not in text:
                raise CaseError(f"{here}: expect {code} quotes {quote!r}, which the note does not hold")
        found.append((_code(code, here, "expect"), tuple(listed)))
    return tuple(found)


def _band(value: object, here: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, Mapping):
        raise CaseError(f"{here}: band must map a code to its band")
    bands = [band.value for band in Band]
    return tuple(
        (_code(code, here, "band"), _one_of(band, bands, here, "band")) for code, band in value.items()
    )


def _one_of(value: object, choices: list[str], here: str, key: str) -> str:
    if value not in choices:
        raise CaseError(f"{here}: unknown {key} {value!r}; use {', '.join(choices)}")
    return str(value)


def _true(value: object, here: str, key: str) -> bool:
    if not isinstance(value, bool):
        raise CaseError(f"{here}: {key} is true or left out")
    return value


def _date(value: object, here: str) -> str | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise CaseError(f"{here}: the date {value!r} is not like 2026-05-14") from error
