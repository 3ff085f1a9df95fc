"""Read the official list of codes that goes with a tabular list, and see that the two belong together.

Three official forms are read: the order file (`icd10cm_order_2026.txt`: number, code, 1 where the
code is complete, titles), the code file (`icd10cm_codes_2026.txt`: code, title), and a plain list of
codes, in which headers may stand too. Only the codes are taken, so the encoding of titles is no matter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlp.errors import ReleaseError
from suggest.release.table import seventh, with_definitions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from suggest.release.tabular import TabularEntry

_ORDER = re.compile(r"[0-9]{5}\s(?P<code>[A-Z0-9]{3,7})\s+(?P<complete>[01])\s")
_CODE = re.compile(r"(?P<code>[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])(?:\.?[0-9A-Z]{1,4})?)(?:\s|$)")


def read_order(source: bytes) -> frozenset[str]:
    """Return the codes, without their dots, that the file calls complete; of a plain list all of them.

    Raises:
        ReleaseError: no line of the file holds a code.
    """
    codes = set()
    found = False
    for line in source.removeprefix(b"\xef\xbb\xbf").decode("latin-1").split("\n"):
        match = _ORDER.match(line) or _CODE.match(line)
        if match is None:
            continue
        found = True
        if match.groupdict().get("complete") != "0":
            codes.add(match["code"].replace(".", ""))
    if not found:
        raise ReleaseError(
            "no line holds a code of ICD-10-CM; use the official order file, such as icd10cm_order_2026.txt"
        )
    return frozenset(codes)


def check_fit(entries: Iterable[TabularEntry], order: frozenset[str]) -> None:
    """See that tabular list and order file hold the same codes, as those of one release do.

    Raises:
        ReleaseError: one of them holds codes that the other does not know; the first is named.
    """
    possible: set[str] = set()
    lacking: list[str] = []
    for entry, characters in with_definitions(entries):
        if entry.kind != "code":
            continue
        possible.add(entry.key)
        if entry.is_leaf:
            complete = _complete(entry.key, characters)
            possible.update(complete)
            if order.isdisjoint(complete) and entry.key not in order:
                lacking.append(entry.key)
    strange = sorted(order - possible)
    if strange or lacking:
        found = [
            f"only the {holder} holds {min(codes)} ({len(codes)} in all)"
            for codes, holder in ((strange, "order file"), (lacking, "tabular list"))
            if codes
        ]
        raise ReleaseError(
            f"the order file does not fit the tabular list: {', and '.join(found)};"
            " use the two files of one release"
        )


def _complete(key: str, characters: Mapping[str, str]) -> set[str]:
    """Return the complete codes that a leaf of the tabular list allows."""
    return {seventh(key, character) for character in characters} if characters else {key}
