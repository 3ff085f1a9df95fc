"""Which releases there are, and which of them speaks for a date."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from nlp.errors import InputError, ReleaseError
from suggest.release.cache import read_cached, write_cached
from suggest.release.release import Release
from suggest.release.table import build_table
from suggest.release.tabular import read_tabular

_PACKAGE = "simple_icd_10_cm"
_TABULAR = re.compile(r"tabular-(?P<month>April|October)-1-(?P<year>20\d\d)\.xml")


@dataclass(frozen=True, slots=True)
class ReleaseSource:
    """The official files of one release and its window (ISO dates, both inclusive)."""

    name: str
    valid_from: str
    valid_to: str
    tabular: Path
    order: Path | None


@lru_cache(maxsize=1)
def release_sources() -> tuple[ReleaseSource, ...]:
    """Return the releases that are installed, by the start of their window.

    Raises:
        ReleaseError: the packaged release is missing.
    """
    return (_packaged(),)


def _packaged() -> ReleaseSource:
    """Find the files of the packaged release without importing the package, which would parse them all."""
    spec = find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        for tabular in sorted(Path(place, "data").glob("*.xml")):
            match = _TABULAR.search(tabular.name)
            if match is None:
                continue
            month, year = match["month"], int(match["year"])
            window = (f"{year}-04-01", f"{year}-09-30")
            if month == "October":
                window = (f"{year}-10-01", f"{year + 1}-03-31")
            order = min(tabular.parent.glob("code-list*.txt"), default=None)
            return ReleaseSource(f"ICD-10-CM {month} {year}", *window, tabular, order)
    raise ReleaseError("no release of ICD-10-CM is installed; run `pip install simple-icd-10-cm==1.5.0`")


def load_release(encounter_date: str | None = None) -> Release:
    """Return the release for the date of service (inpatient: of discharge).

    Without a date the newest speaks. Where none covers the date the nearest speaks; ask
    `release.covers(encounter_date)` whether that is so.

    Args:
        encounter_date: an ISO date.

    Raises:
        InputError: the date is not an ISO date.
        ReleaseError: no release is installed, or its files cannot be read.
    """
    sources = release_sources()
    if encounter_date is None:
        return _open(sources[-1])
    try:
        day = date.fromisoformat(encounter_date)
    except ValueError as error:
        raise InputError("the encounter date is not a date of the form YYYY-MM-DD") from error
    return _open(min(sources, key=lambda source: _distance(source, day)))


def _distance(source: ReleaseSource, day: date) -> int:
    """Return the days between a date and a window; 0 inside it."""
    before = (date.fromisoformat(source.valid_from) - day).days
    after = (day - date.fromisoformat(source.valid_to)).days
    return max(before, after, 0)


@lru_cache(maxsize=8)
def _open(source: ReleaseSource) -> Release:
    try:
        tabular = source.tabular.read_bytes()
        order = source.order.read_bytes() if source.order is not None else None
    except OSError as error:
        raise ReleaseError(f"{source.name}: {error.filename} cannot be read; install it again") from error
    digest = hashlib.sha256(tabular)
    digest.update(b"\0" + (order or b""))
    sha256 = digest.hexdigest()
    table = read_cached(sha256)
    if table is None:
        table = build_table(read_tabular(tabular), _order_codes(order))
        write_cached(sha256, table)
    return Release(source.name, source.valid_from, source.valid_to, sha256, order is not None, table)


def _order_codes(order: bytes | None) -> frozenset[str] | None:
    """Return the codes (no dots) of an order file, one at the start of each line."""
    if order is None:
        return None
    lines = order.decode("utf-8-sig").splitlines()
    return frozenset(line.split(" ", 1)[0].replace(".", "") for line in lines)
