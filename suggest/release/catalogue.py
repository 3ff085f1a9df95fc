"""Which releases there are, and which of them speaks for a date.

The packaged release is always there; beside it stand those that the user added. For a date those
that cover it are asked: the one that starts last speaks (an April update before the file of the whole
year), and where two start on one day the user's own speaks before the packaged one. Where none
covers the date the nearest speaks.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from nlp.errors import InputError, ReleaseError
from suggest.release.cache import read_cached, write_cached
from suggest.release.order import read_order
from suggest.release.release import Release
from suggest.release.source import ReleaseFault, ReleaseSource, digest, shown, slug
from suggest.release.store import read_store, store_stamp
from suggest.release.table import build_table
from suggest.release.tabular import read_tabular
from suggest.release.windows import release_name, window_end

_PACKAGE = "simple_icd_10_cm"
_TABULAR = re.compile(r"tabular-(?P<month>April|October)-1-(?P<year>20\d\d)\.xml")


def release_sources() -> tuple[ReleaseSource, ...]:
    """Return the releases that are installed, by the start of their window.

    Raises:
        ReleaseError: the packaged release is missing.
    """
    return _installed(*store_stamp())[0]


def release_faults() -> tuple[ReleaseFault, ...]:
    """Return the user's releases that are there and cannot be used, with the reason."""
    return _installed(*store_stamp())[1]


@lru_cache(maxsize=4)
def _installed(_folder: str, _changed: int) -> tuple[tuple[ReleaseSource, ...], tuple[ReleaseFault, ...]]:
    """Look once for each state of the user's folder."""
    own, faults = read_store()
    # sorting is stable: of two that start on one day the user's own stands last, and so is the newer
    return tuple(sorted((_packaged(), *own), key=lambda source: source.valid_from)), faults


@lru_cache(maxsize=1)
def _packaged() -> ReleaseSource:
    """Find the files of the packaged release without importing the package, which would parse them all."""
    spec = find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        for tabular in sorted(Path(place, "data").glob("*.xml")):
            match = _TABULAR.search(tabular.name)
            if match is None:
                continue
            first = date(int(match["year"]), 4 if match["month"] == "April" else 10, 1)
            start, end = first.isoformat(), window_end(first).isoformat()
            order = min(tabular.parent.glob("code-list*.txt"), default=None)
            return ReleaseSource(release_name(start), start, end, tabular, order)
    raise ReleaseError("no release of ICD-10-CM is installed; run `pip install simple-icd-10-cm==1.5.0`")


def forget_installed() -> None:
    """Look anew at the user's folder; what adds or removes a release calls this."""
    _installed.cache_clear()
    _chosen.cache_clear()


def find_release(name: str) -> ReleaseSource:
    """Return the installed release of a name, or of the end of one: `april-2026`, `April 2026`.

    Raises:
        InputError: there is no such release, or more than one.
    """
    wanted = slug(name)
    sources = release_sources()[::-1]  # the user's own before the packaged one of the same name
    exact = [source for source in sources if slug(source.name) == wanted]
    if exact:
        return exact[0]
    ending = [source for source in sources if wanted and slug(source.name).endswith(f"-{wanted}")]
    if len(ending) == 1:
        return ending[0]
    known = ", ".join(source.name for source in sources)
    if ending:
        raise InputError(f"more than one release is called {shown(name)}; installed: {known}")
    raise InputError(f"there is no release {shown(name)}; installed: {known}")


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
    return open_release(_chosen(encounter_date, *store_stamp()))


@lru_cache(maxsize=64)
def _chosen(encounter_date: str | None, folder: str, changed: int) -> ReleaseSource:
    """Choose once for each date and state of the user's folder; every note asks."""
    return choose(_installed(folder, changed)[0], encounter_date)


def choose(sources: tuple[ReleaseSource, ...], encounter_date: str | None) -> ReleaseSource:
    """Return the release that speaks for a date, of those given by the start of their window.

    Raises:
        InputError: the date is not an ISO date.
    """
    if encounter_date is None:
        return sources[-1]
    day: date | None
    try:
        day = date.fromisoformat(encounter_date)
    except ValueError:
        day = None
    if day is None or day.isoformat() != encounter_date:
        raise InputError("the encounter date is not a date of the form YYYY-MM-DD")
    return min(reversed(sources), key=lambda source: _distance(source, day))


def _distance(source: ReleaseSource, day: date) -> int:
    """Return the days between a date and a window; 0 inside it."""
    before = (date.fromisoformat(source.valid_from) - day).days
    after = (day - date.fromisoformat(source.valid_to)).days
    return max(before, after, 0)


def open_release(source: ReleaseSource) -> Release:
    """Return what the files of a release say.

    Raises:
        ReleaseError: they cannot be read, or are not those that were added.
    """
    return _open(source)


@lru_cache(maxsize=16)
def _open(source: ReleaseSource) -> Release:
    try:
        tabular = source.tabular.read_bytes()
        order = source.order.read_bytes() if source.order is not None else None
    except OSError as error:
        raise ReleaseError(f"{source.name}: {error.filename} cannot be read; install it again") from error
    sha256 = digest(tabular, order)
    if source.sha256 not in (None, sha256):
        raise ReleaseError(
            f"{source.name}: its files are not those that were added; run"
            f" `corrin release remove {slug(source.name)}` and add it again"
        )
    table = read_cached(sha256)
    if table is None:
        table = build_table(read_tabular(tabular).entries, read_order(order) if order is not None else None)
        write_cached(sha256, table)
    return Release(source.name, source.valid_from, source.valid_to, sha256, order is not None, table)
