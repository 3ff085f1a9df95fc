"""A policy as text for the terminal: all of it, one option, or where two differ."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from nlp.errors import InputError
from suggest.knowledge import Policy, PolicyOption, default_policy, find
from suggest.knowledge.policy_file import nearest_options


def render_policy(policy: Policy, width: int = 80) -> str:
    """Return a policy with every option, its choices and the one that is taken, marked with a star."""
    return _finish(
        (*_head(policy, width), *(line for option in policy.options for line in _option(option, width)))
    )


def render_check(policy: Policy, width: int = 80) -> str:
    """Return that a policy is valid, its name and hash, and what it decides otherwise than the default."""
    return _finish((*_head(policy, width), *_differences(default_policy(), policy, width)))


def render_diff(one: Policy, other: Policy, width: int = 80) -> str:
    """Return the options that two policies decide differently, authorities and dates among them."""
    return _finish(_differences(one, other, width))


def render_option(name: str, width: int = 80) -> str:
    """Return one option of the default policy: what it decides, its choices, and the text that it belongs to.

    Raises:
        InputError: there is no such option; the message names the nearest.
    """
    known = {option.id: option for option in default_policy().options}
    option = known.get(name.strip().lower())
    if option is None:
        raise InputError(f"there is no {name.strip()}; {nearest_options(name)}")
    entry = find(option.decides)
    lines = [*_option(option, width)][1:]
    if entry is not None:
        lines += ["", *_wrap(f"{option.decides}: {entry.text}", width)]
    return _finish(lines)


def _head(policy: Policy, width: int) -> Iterator[str]:
    yield from _wrap(f"policy {policy.name}, sha256 {policy.sha256}", width)


def _option(option: PolicyOption, width: int) -> Iterator[str]:
    yield ""
    yield from _wrap(f"{option.id}  {option.title} ({option.decides})", width)
    for choice in option.choices:
        star = "*" if choice.name == option.choice else " "
        ours = " [default]" if choice.name == option.default else ""
        yield from _wrap(f"{star} {choice.name}{ours}: {choice.text}", width, "  ", "      ")
    yield from _terms(option, width)


def _terms(option: PolicyOption, width: int) -> Iterator[str]:
    """Yield since when an option holds and by whose authority, where its policy says so."""
    window = _window(option)
    if window:
        yield from _wrap(f"holds {window}; outside these dates {option.default}", width, "    ")
    if option.citation is not None:
        yield from _wrap(f"by {option.citation}", width, "    ")


def _window(option: PolicyOption) -> str:
    words = (("from", option.effective_from), ("to", option.effective_to))
    return " ".join(f"{word} {day}" for word, day in words if day is not None)


def _differences(one: Policy, other: Policy, width: int) -> Iterator[str]:
    """Yield the options that differ; of one release of Corrin, two policies have the same options."""
    pairs = [(a, b) for a, b in zip(one.options, other.options, strict=True) if a != b]
    decided = sum(a.choice != b.choice for a, b in pairs)
    names = (one.name, other.name)
    if one.name == other.name:
        names = (f"{one.name} (first)", f"{other.name} (second)")
    yield from _wrap(
        f"{decided or 'no'} {'option is' if decided == 1 else 'options are'} decided otherwise"
        f" by {names[1]} than by {names[0]}",
        width,
    )
    for a, b in pairs:
        yield ""
        yield from _wrap(f"{b.id}  {b.title} ({b.decides})", width)
        for name, option in zip(names, (a, b), strict=True):
            meaning = next(c.text for c in option.choices if c.name == option.choice)
            yield from _wrap(f"{name}: {option.choice}. {meaning}", width, "  ", "      ")
            yield from _terms(option, width)


def _wrap(text: str, width: int, indent: str = "", further: str | None = None) -> Iterator[str]:
    then = indent + "  " if further is None else further
    yield from textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=then)


def _finish(lines: Iterable[str]) -> str:
    return "\n".join(lines).strip("\n") + "\n"
