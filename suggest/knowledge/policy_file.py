"""A user's policy file: it holds what it changes, is read strictly and is refused in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any, Final

import yaml

from nlp.errors import InputError, KnowledgeError, reason_of
from nlp.knowledge import check_entry
from suggest.knowledge.fields import effective, words
from suggest.knowledge.policy import Policy, PolicyOption, default_policy, outline, stamped

PolicyLike = Policy | str | PathLike[str] | None

MAX_BYTES: Final = 256 * 1024
MAX_NAME: Final = 80  # code points; a policy's name stands on every result
NEAREST: Final = 3  # ids named where one is misspelt
_LIKENESS: Final = 0.5
_PREFIX: Final = "option."
_KEYS = ("decides", "title", "choices", "default", "choice", "effective", "citation_slot")


def find_policy(given: PolicyLike) -> Policy:
    """Return the policy that a caller means: None and "default" are ours, other names are files.

    Raises:
        InputError: the file cannot be read or is no policy.
    """
    if isinstance(given, Policy):
        return given
    if given is None or given == default_policy().name:
        return default_policy()
    return load_policy(given)


def load_policy(path: str | PathLike[str]) -> Policy:
    """Return the policy of a file, in UTF-8.

    Raises:
        InputError: the file cannot be read, is too large or is no policy; the message names it.
    """
    file = _plain(str(Path(path)))
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else "not a path"
        raise InputError(f"{file}: the policy cannot be read: {reason.lower()}") from error
    if len(data) > MAX_BYTES:
        raise InputError(f"{file}: larger than {MAX_BYTES // 1024} KiB; a policy holds only what it changes")
    try:
        return read_policy(data.decode("utf-8-sig"), file)
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: not text in UTF-8; save it as such") from error


@lru_cache(maxsize=8)
def read_policy(source: str, file: str) -> Policy:
    """Return a policy that a user wrote: a name, and a choice for each option that differs from the default.

    An entry needs `id`, and `choice` to decide otherwise; it may give `effective` and `citation_slot`,
    and may keep what a copy of our file holds. Options that are not named keep their default.

    Args:
        source: the YAML text.
        file: its name, for messages.

    Raises:
        InputError: the text is no policy; the message names the file and the option.
    """
    try:
        return _parse(yaml.load(source, Loader=_Loader), file)  # noqa: S506 a safe loader, made stricter
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark is not None else ""
        problem = str(error) if isinstance(error, _Refused) else "not valid YAML; mend the file"
        raise InputError(f"{file}{where}: {problem}") from error
    except RecursionError as error:
        raise InputError(f"{file}: nested too deeply for a policy; mend the file") from error
    except KnowledgeError as error:
        raise InputError("".join(sign if sign.isprintable() else "?" for sign in str(error))) from error


class _Refused(yaml.MarkedYAMLError):
    """Something that is YAML and has no place in a policy."""

    def __init__(self, problem: str, mark: Any) -> None:
        super().__init__(problem=problem, problem_mark=mark)

    def __str__(self) -> str:
        return str(self.problem)


class _Loader(yaml.SafeLoader):
    """The safe loader that refuses tags, anchors and keys that stand twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse what could make one entry depend on another, or bring in a type of its own."""
        reader: Any = self
        event = reader.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _Refused("anchors and aliases are not read in a policy; write it out", event.start_mark)
        if getattr(event, "tag", None) is not None:
            raise _Refused("tags are not read in a policy; take them out", event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Refuse a key that stands twice, where YAML would take the last."""
        seen: set[str] = set()
        for key, _ in node.value:
            word = str(key.value)
            if word in seen:
                raise _Refused(f'the key "{_plain(word)}" stands twice; keep one', key.start_mark)
            seen.add(word)
        return super().construct_mapping(node, deep)


def _parse(content: Any, file: str) -> Policy:
    name, rows = outline(file, content)
    if len(name) > MAX_NAME or not name.isprintable():
        raise KnowledgeError(f"{file}: name must be one line of {MAX_NAME} characters at most")
    ours = {option.id: option for option in default_policy().options}
    for row in rows:
        option = _option(file, row, ours)
        ours[option.id] = option
    if name == default_policy().name and tuple(ours.values()) != default_policy().options:
        raise KnowledgeError(f"{file}: decides otherwise than the default policy; give it a name of its own")
    return stamped(name, ours.values())


def _option(file: str, row: Mapping[str, Any], ours: Mapping[str, PolicyOption]) -> PolicyOption:
    """Return an option as the user's entry decides it."""
    if not all(isinstance(key, str) for key in row):
        raise KnowledgeError(f"{file}: an entry has a key that is not a word; put it in quotes or mend it")
    if "id" not in row:
        raise KnowledgeError(f"{file}: an entry lacks its id, such as option.s05")
    name = row["id"]
    if not isinstance(name, str) or name not in ours:
        shown = _plain(str(name))
        raise KnowledgeError(f'{file}, entry {shown}: unknown option "{shown}"; {nearest_options(shown)}')
    check_entry(file, row, required=("id",), optional=_KEYS)
    option = ours[name]
    ways = [way.name for way in option.choices]
    choice = row.get("choice", option.default)
    if choice not in ways:
        near = _nearest(str(choice).lower(), ways)
        advice = f"the nearest is {near[0]}; " if near else ""
        shown = _plain(str(choice))
        raise KnowledgeError(
            f'{file}, entry {name}: unknown choice "{shown}"; {advice}the choices are {", ".join(ways)}'
        )
    if row.get("default", option.default) != option.default:
        raise KnowledgeError(
            f"{file}, entry {name}: the default is Corrin's own; write choice to decide otherwise"
        )
    start, end = effective(file, row) if "effective" in row else (None, None)
    citation = words(file, row, "citation_slot") if row.get("citation_slot") is not None else None
    if citation is not None and not citation.isprintable():
        raise KnowledgeError(f"{file}, entry {name}: citation_slot must be words on one line")
    return replace(option, choice=choice, effective_from=start, effective_to=end, citation=citation)


def nearest_options(name: str) -> str:
    """Return advice that names the options whose ids are nearest to a misspelt one."""
    tails = [option.id.removeprefix(_PREFIX) for option in default_policy().options]
    near = _nearest(name.strip().lower().removeprefix(_PREFIX), tails)
    if not near:
        return "`corrin policy show` lists all"
    be = "is" if len(near) == 1 else "are"
    return f"the nearest {be} {', '.join(_PREFIX + tail for tail in near)}"


def _nearest(word: str, known: Iterable[str]) -> list[str]:
    return get_close_matches(word[:MAX_NAME], list(known), n=NEAREST, cutoff=_LIKENESS)


def _plain(text: str) -> str:
    """Return a word of the file as a message can show it: on one line, and not a long one."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in text)
    return shown if len(shown) <= MAX_NAME else f"{shown[: MAX_NAME - 3]}..."
