"""Read the YAML data files that lie beside the code, checked as they are read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any

import yaml

from nlp.errors import KnowledgeError

_BASE: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]
    """The safe loader, which refuses a mapping that gives one key twice: the second would win unseen."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        if len(found) < len(node.value):
            keys = [key.value for key, _ in node.value]
            twice = next(key for key, _ in node.value if keys.count(key.value) > 1)
            raise yaml.MarkedYAMLError(
                problem=f"the key {twice.value} stands twice", problem_mark=node.start_mark
            )
        return found


def load_yaml(package: str, name: str) -> Any:
    """Return the content of `name` in `package`, read with the safe loader.

    Raises:
        KnowledgeError: the file is missing, is not YAML, or gives one mapping the same key twice.
    """
    try:
        source = files(package).joinpath(name).read_text(encoding="utf-8")
    except (FileNotFoundError, ModuleNotFoundError) as error:
        raise KnowledgeError(f"{package}/{name}: the file is missing; reinstall Corrin") from error
    try:
        return yaml.load(source, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark is not None else ""
        what = getattr(error, "problem", None) or "cannot be read"
        raise KnowledgeError(f"{name}{where}: not valid YAML ({what}); mend the file") from error


def data_texts(package: str) -> Iterator[str]:
    """Yield the text of each data file of a package and of the packages in it, as written."""
    folders = [files(package)]
    while folders:
        for entry in sorted(folders.pop().iterdir(), key=lambda entry: entry.name):
            if entry.is_dir():
                folders.append(entry)
            elif entry.name.endswith(".yaml"):
                yield entry.read_text(encoding="utf-8")


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
    unknown = sorted(map(str, set(entry) - known))
    if missing:
        instead = f", and has the unknown key {unknown[0]}" if unknown else ""
        raise KnowledgeError(f"{file}, entry {name}: lacks {', '.join(missing)}{instead}")
    if unknown:
        raise KnowledgeError(
            f"{file}, entry {name}: unknown key {unknown[0]}; known are {', '.join(sorted(known))}"
        )


def check_unique(file: str, entries: Iterable[Mapping[str, Any]]) -> None:
    """Refuse two entries with one id.

    Raises:
        KnowledgeError: names the file and the id that stands twice, or the entry that is no mapping.
    """
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, Mapping):
            raise KnowledgeError(f"{file}, entry number {number}: must be a mapping of keys to values")
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


def check_known(
    file: str, entry: str, key: str, value: object, known: Collection[str], *, where: str
) -> None:
    """Refuse a name that is none of many; `known` is best a set, `where` says where names are defined.

    Raises:
        KnowledgeError: names the file, the entry, the name, and the nearest right ones.
    """
    if isinstance(value, str) and value in known:
        return
    import difflib  # only where something is wrong

    near = difflib.get_close_matches(str(value), sorted(known), 2, 0.6)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    raise KnowledgeError(f'{file}, entry {entry}: unknown {key} "{value}"; {hint}names come from {where}')


def check_list(file: str, entry: Mapping[str, Any], *keys: str) -> None:
    """Refuse a key that is there and does not hold a list of words.

    Raises:
        KnowledgeError: names the file, the entry and the key.
    """
    for key in keys:
        value = entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise KnowledgeError(
                f"{file}, entry {entry.get('id')}: {key} must be a list of words in [ ]; "
                "put what YAML reads as a number, yes or no in quotes"
            )


def check_truth(file: str, entry: Mapping[str, Any], *keys: str) -> None:
    """Refuse a key that is there and is neither true nor false.

    Raises:
        KnowledgeError: names the file, the entry and the key.
    """
    for key in keys:
        if not isinstance(entry.get(key, False), bool):
            raise KnowledgeError(f"{file}, entry {entry.get('id')}: {key} must be true or false")
