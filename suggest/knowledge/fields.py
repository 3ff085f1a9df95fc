"""How single fields of the knowledge files are checked; every refusal names the file and the entry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from nlp.errors import KnowledgeError
from nlp.knowledge import check_choice

PLACEHOLDERS: Final = ("condition", "other", "drug")

_CODE = re.compile(r"[A-TV-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{0,4}-|\.[0-9A-Z]{1,4})?")
_ID = re.compile(r"[RSPQ]H?[0-9]{2,3}")
_BRACES = re.compile(r"\{([^{}]*)\}")


def words(file: str, row: Mapping[str, Any], key: str) -> str:
    """Return a field that must be words.

    Raises:
        KnowledgeError: it is empty or something else.
    """
    value = row[key]
    if not isinstance(value, str) or not value.strip():
        raise KnowledgeError(f"{file}, entry {row['id']}: {key} must be words; write them")
    return value


def template(file: str, row: Mapping[str, Any], text: str) -> str:
    """Return a template as it is.

    Raises:
        KnowledgeError: it holds a placeholder that is not known, or a brace without its partner.
    """
    for placeholder in _BRACES.findall(text):
        check_choice(file, str(row["id"]), "placeholder", placeholder, PLACEHOLDERS)
    if set("{}") & set(_BRACES.sub("", text)):
        raise KnowledgeError(f"{file}, entry {row['id']}: a brace stands without its partner")
    return text


def effective(file: str, row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the first and the last day that an entry holds for (ISO; None: no limit).

    Raises:
        KnowledgeError: the field is not `{from: date or null, to: date or null}`, or ends before it begins.
    """
    value, name = row["effective"], row["id"]
    if not isinstance(value, Mapping) or set(value) != {"from", "to"}:
        raise KnowledgeError(f"{file}, entry {name}: effective has the keys from and to, each a date or null")
    start, end = (_day(file, str(name), value[key]) for key in ("from", "to"))
    if start is not None and end is not None and start > end:
        raise KnowledgeError(f"{file}, entry {name}: effective ends before it begins")
    return start, end


def _day(file: str, name: str, value: Any) -> str | None:
    """Return an ISO date; YAML reads an unquoted one as a date of its own."""
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise KnowledgeError(f"{file}, entry {name}: effective takes dates such as 2026-10-01") from error


def code_list(file: str, row: Mapping[str, Any], value: Any) -> tuple[str, ...]:
    """Return a list of codes, or of families of codes with a hyphen at the end.

    Raises:
        KnowledgeError: it is no list, or one of them does not have the shape of a code.
    """
    if not isinstance(value, list):
        raise KnowledgeError(f"{file}, entry {row['id']}: codes must be a list, empty for none")
    for code in value:
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            raise KnowledgeError(f'{file}, entry {row["id"]}: "{code}" does not have the shape of a code')
    return tuple(value)


def id_list(file: str, row: Mapping[str, Any], key: str, letters: str) -> tuple[str, ...]:
    """Return a list of bare ids of the kinds that the letters stand for; empty where the key is absent.

    Raises:
        KnowledgeError: it is no list, or one of them is no such id.
    """
    value = row.get(key, [])
    if not isinstance(value, list):
        raise KnowledgeError(f"{file}, entry {row['id']}: {key} must be a list of ids")
    for item in value:
        if not isinstance(item, str) or not _ID.fullmatch(item) or item[0] not in letters:
            raise KnowledgeError(
                f'{file}, entry {row["id"]}: {key} holds "{item}", which is no id of that kind'
            )
    return tuple(value)
