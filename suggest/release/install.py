"""Add an official release to the user's, or take one away, after every check that can be made."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from nlp.errors import ReleaseError
from suggest.release.cache import drop_cached, write_cached
from suggest.release.catalogue import find_release, forget_installed, open_release, release_sources
from suggest.release.order import check_fit, read_order
from suggest.release.source import ReleaseSource, digest, read_official, shown, slug
from suggest.release.store import delete_release, write_release
from suggest.release.table import build_table
from suggest.release.tabular import read_tabular
from suggest.release.windows import release_name, release_window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LONGEST_NAME = 60


def add_release(
    tabular: Path,
    order: Path | None = None,
    *,
    name: str | None = None,
    valid_from: str | None = None,
    valid_to: str | None = None,
) -> ReleaseSource:
    """Keep an official release among the user's, from the next note on.

    Args:
        tabular: the official tabular list (XML).
        order: the official order file of the same release; without it the 7th-character codes are
            formed from the definitions of the tabular list.
        name: what to call it; default `ICD-10-CM October 2025`, by the first day.
        valid_from: the first day, ISO, where neither header nor file name tells it.
        valid_to: the last day, ISO; default the day before the next 1 April or 1 October.

    Raises:
        ReleaseError: a file is not what it should be, the release is installed already, its window
            cannot be told, or it cannot be written. Nothing is kept then.
    """
    with _about(tabular):
        content = read_official(tabular)
        found = read_tabular(content)
        first, last = release_window(found.version, tabular.name, valid_from, valid_to)
    codes, codes_content = None, None
    if order is not None:
        with _about(order):
            codes_content = read_official(order)
            codes = read_order(codes_content)
            check_fit(found.entries, codes)
    sha256 = digest(content, codes_content)
    source = ReleaseSource(_name(name, first), first, last, tabular, order, sha256)
    _refuse_second(source)
    kept = write_release(source, content, codes_content)
    forget_installed()
    write_cached(sha256, build_table(found.entries, codes))
    return kept


def remove_release(name: str) -> str:
    """Take away a release of the user's, also one that can no longer be read; return its name.

    Raises:
        ReleaseError: it is the packaged one, or cannot be removed.
        InputError: there is no such release.
    """
    own = next((s for s in release_sources() if not s.is_packaged and slug(s.name) == slug(name)), None)
    if delete_release(name) or delete_release(slug(name)):
        forget_installed()
        if own is None:
            return shown(name)
        drop_cached(own.sha256 or "")
        return own.name
    found = find_release(name)
    if found.is_packaged:
        raise ReleaseError(f"{found.name} comes with Corrin and cannot be removed")
    raise ReleaseError(f"to remove {found.name}, give its whole name")


def _name(name: str | None, first: str) -> str:
    if name is None:
        return release_name(first)
    plain = " ".join(name.split())
    if not slug(plain) or not plain.isprintable() or len(plain) > _LONGEST_NAME:
        raise ReleaseError(f"--name needs letters or digits, and at most {_LONGEST_NAME} characters")
    return plain


def _refuse_second(source: ReleaseSource) -> None:
    """Refuse what is there already: the same files, a second release of one first day, or of one name."""
    for other in release_sources():
        known = other.sha256 if other.sha256 is not None else open_release(other).sha256
        if known == source.sha256:
            raise ReleaseError(f"these files are installed already, as {other.name}")
        if slug(other.name) == slug(source.name):
            cure = "give" if other.is_packaged else "remove it first, or give"
            raise ReleaseError(f"a release named {other.name} is installed already; {cure} another --name")
        if not other.is_packaged and other.valid_from == source.valid_from:
            raise ReleaseError(
                f"{other.name} starts on {other.valid_from} too, and one of them must speak; remove it first"
            )


@contextmanager
def _about(path: Path) -> Iterator[None]:
    """Name the file in what is wrong with it."""
    try:
        yield
    except ReleaseError as error:
        raise ReleaseError(f"{shown(path.name or str(path))}: {error}") from error
