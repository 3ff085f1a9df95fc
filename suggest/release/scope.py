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

FAMILIES = (
    "b12",
    "iron",
    "folate",
    "other-anemia",
    "cause",
    "manifestation",
    "history-status",
    "symptom-finding",
    "screening",
)


@lru_cache(maxsize=1)
def scope_families() -> Mapping[str, str]:
    """Return the family of each code in scope, headers (`D50`) among them, in the file's order.

    Raises:
        KnowledgeError: the file names an unknown family or a code twice.
    """
    file = "scope.csv"
    lines = files("suggest.release").joinpath(file).read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    if not rows or set(rows[0]) != {"code", "family"}:
        raise KnowledgeError(f"{file}: needs the columns code and family")
    check_unique(file, ({"id": row["code"]} for row in rows))
    for row in rows:
        check_choice(file, row["code"], "family", row["family"], FAMILIES)
    return MappingProxyType({row["code"]: row["family"] for row in rows})


def scope_codes() -> tuple[str, ...]:
    """Return the codes in scope with their dots, headers among them."""
    return tuple(scope_families())


def family(code: str) -> str | None:
    """Return the family of a code in scope; None for any other."""
    return scope_families().get(code)
