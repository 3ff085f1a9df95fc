"""Read the YAML data files that lie beside the code, checked as they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

import yaml

from nlp.errors import KnowledgeError

_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(package: str, name: str) -> Any:
    """Return the content of `name` in `package`, read with the safe loader.

    Raises:
        KnowledgeError: the file is missing or is not YAML.
    """
    try:
        source = files(package).joinpath(name).read_text(encoding="utf-8")
    except (FileNotFoundError, ModuleNotFoundError) as error:
        raise KnowledgeError(f"{package}/{name}: the file is missing; reinstall Corrin") from error
    try:
        return yaml.load(source, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark is not None else ""
        raise KnowledgeError(f"{name}{where}: not valid YAML; mend the file") from error


def check_entry(
    file: str, entry: Mapping[str, Any], *, required: Iterable[str], optional: Iterable[str] = ()
) -> None:
    """Refuse an entry that lacks a required key or holds an unknown one.

    Raises:
        KnowledgeError: names the file, the entry's id and the key.
    """
    name = str(entry.get("id", "without id"))
    known = {*required, *optional}
    missing = [key for key in required if key not in entry]
    if missing:
        raise KnowledgeError(f"{file}, entry {name}: lacks {', '.join(missing)}")
    unknown = sorted(set(entry) - known)
    if unknown:
        raise KnowledgeError(
            f"{file}, entry {name}: unknown key {unknown[0]}; known are {', '.join(sorted(known))}"
        )


def check_unique(file: str, entries: Iterable[Mapping[str, Any]]) -> None:
    """Refuse two entries with one id.

    Raises:
        KnowledgeError: names the file and the id that stands twice.
    """
    seen: set[str] = set()
    for entry in entries:
        name = str(entry.get("id"))
        if name in seen:
            raise KnowledgeError(f"{file}: the id {name} stands twice; give each entry its own")
        seen.add(name)


def check_choice(file: str, entry: str, key: str, value: object, choices: Iterable[str]) -> None:
    """Refuse a value outside a closed set.

    Raises:
        KnowledgeError: names the file, the entry, the value and the choices.
    """
    allowed = tuple(choices)
    if value not in allowed:
        raise KnowledgeError(f'{file}, entry {entry}: unknown {key} "{value}"; use {", ".join(allowed)}')
