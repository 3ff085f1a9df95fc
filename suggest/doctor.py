"""What is installed, which releases there are, and what could not be loaded."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

from nlp.errors import CorrinError
from nlp.knowledge import load_yaml
from suggest.release import open_release, release_faults, release_sources
from suggest.release.cache import cache_file, read_cached
from suggest.release.report import FORMED, scope_line
from suggest.version import version as version_of

_PACKAGES = ("spacy", "medspacy", "simple-icd-10-cm", "scikit-learn", "typer", "jinja2", "pyspark")
_OPTIONAL = frozenset({"pyspark"})
_DATA = ("nlp", "suggest")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report; `ok` False is a fault, None a remark."""

    name: str
    ok: bool | None
    text: str


def examine() -> tuple[Check, ...]:
    """Return every check in a fixed order. Nothing is imported but what the checks themselves need."""
    return (*_installed(), *_releases(), *_data_files())


def _installed() -> Iterator[Check]:
    yield Check("corrin", None, version_of())
    yield Check("python", None, platform.python_version())
    for name in _PACKAGES:
        try:
            yield Check(name, None, version(name))
        except PackageNotFoundError:
            if name in _OPTIONAL:
                yield Check(name, None, "not installed (optional)")
            else:
                yield Check(name, False, f"not installed; run `pip install {name}`")


def _releases() -> Iterator[Check]:
    try:
        sources = release_sources()
    except CorrinError as error:
        yield Check("releases", False, str(error))
        return
    for source in sources:
        try:
            release = open_release(source)
        except CorrinError as error:
            yield Check(source.name, False, str(error))
            continue
        held = scope_line(release)
        formed = "" if release.has_order_file else f"; {FORMED}"
        window = f"{source.valid_from} to {source.valid_to}, sha256 {release.sha256[:12]}"
        # an older release lacks what came later; the packaged one must hold all that we suggest
        ok = held.startswith("all ") or (None if not source.is_packaged else False)
        yield Check(source.name, ok, f"{window}, {held}{formed}")
        kept = read_cached(release.sha256) is not None
        state = "kept" if kept else "not kept; it is read anew in each run (the folder cannot be written)"
        place = cache_file(release.sha256)
        yield Check("release cache", None, f"{place}: {state}" if place else state)
    for fault in release_faults():
        yield Check(f"release {fault.name}", False, fault.problem)


def _data_files() -> Iterator[Check]:
    found = 0
    for package in _DATA:
        for folder, name in sorted(_walk(files(package), package)):
            found += 1
            try:
                load_yaml(folder, name)
            except CorrinError as error:
                yield Check(f"{folder}/{name}", False, str(error))
    yield Check("data files", None, f"{found} read")


def _walk(folder: Traversable, package: str) -> Iterator[tuple[str, str]]:
    """Yield the YAML files below a package, each with the dotted name of its folder."""
    for item in folder.iterdir():
        if item.is_dir() and not item.name.startswith((".", "_")):
            yield from _walk(item, f"{package}.{item.name}")
        elif item.name.endswith((".yaml", ".yml")):
            yield package, item.name
