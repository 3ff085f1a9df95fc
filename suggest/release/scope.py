"""The codes that Corrin may suggest, each with its family."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from nlp.errors import KnowledgeError
from nlp.knowledge import check_choice, check_unique

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "scope.csv"
_FAMILIES = "# families:"


def _lines() -> list[str]:
    return files("suggest.release").joinpath(FILE).read_text(encoding="utf-8").splitlines()


@lru_cache(maxsize=1)
def families() -> tuple[str, ...]:
    """Return the families in the order in which the head of the file lists them.

    Raises:
        KnowledgeError: the file lists none.
    """
    found = next((line for line in _lines() if line.startswith(_FAMILIES)), _FAMILIES)
    names = tuple(name.strip() for name in found.removeprefix(_FAMILIES).split(",") if name.strip())
    if not names:
        raise KnowledgeError(f'{FILE}: needs a line "{_FAMILIES} …" that lists the families')
    return names


@lru_cache(maxsize=1)
def scope_families() -> Mapping[str, str]:
    """Return the family of each code in scope, headers (`D50`) among them, in the file's order.

    Raises:
        KnowledgeError: the file names an unknown family or a code twice.
    """
    rows = list(csv.DictReader(line for line in _lines() if not line.startswith("#")))
    if not rows or set(rows[0]) != {"code", "family"}:
        raise KnowledgeError(f"{FILE}: needs the columns code and family")
    check_unique(FILE, ({"id": row["code"]} for row in rows))
    for row in rows:
        check_choice(FILE, row["code"], "family", row["family"], families())
    return MappingProxyType({row["code"]: row["family"] for row in rows})


def scope_codes() -> tuple[str, ...]:
    """Return the codes in scope with their dots, headers among them."""
    return tuple(scope_families())


def family(code: str) -> str | None:
    """Return the family of a code in scope; None for any other."""
    return scope_families().get(code)
