"""What stands behind a code, a rule, a ruling, a query, a phrase or an option, as text for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from nlp.errors import InputError
from suggest.release import (
    InstructionalNote,
    Release,
    code_key,
    dotted,
    family,
    find_release,
    load_release,
    open_release,
)
from suggest.release.report import FORMED

KINDS = ("rule", "ruling", "query", "phrase")
_NOTES = (
    ("excludes1", "Excludes1"),
    ("excludes2", "Excludes2"),
    ("codeFirst", "Code first"),
    ("useAdditionalCode", "Use additional code"),
    ("codeAlso", "Code also"),
)


def explain(
    target: str, *, encounter_date: str | None = None, release: str | None = None, width: int = 80
) -> str:
    """Return what Corrin knows of a target, wrapped to a width.

    Args:
        target: an ICD-10-CM code, `rule:R10`, `ruling:S05`, `query:Q17`, `phrase:P07`, or `option.s05`.
        encounter_date: ISO; the date whose release speaks for a code.
        release: the name of an installed release that speaks instead.
        width: columns of the output.

    Raises:
        InputError: the target is neither a code of the release nor an entry of the knowledge files,
            there is no such release, or both a date and a release are given.
    """
    if target.strip().lower().startswith("option."):
        from suggest.render.policy import render_option

        return render_option(target, width)
    kind, colon, name = target.strip().partition(":")
    if colon:
        if kind.lower() not in KINDS:
            kinds = ", ".join(KINDS)
            raise InputError(f"there is nothing of the kind {kind}; use a code, {kinds}, claim:ID")
        return _finish(_entry_lines(f"{kind.lower()}:{name.upper()}", width))
    if release is not None and encounter_date is not None:
        raise InputError("give a date or a release, not both")
    spoken = load_release(encounter_date) if release is None else open_release(find_release(release))
    if code_key(target) is None or not spoken.exists(target):
        raise InputError(
            f"{spoken.name} holds no code {target}; for a rule write rule:R10, for a ruling ruling:S05"
        )
    lines = _code_lines(spoken, dotted(code_key(target) or ""), width)
    return _finish([*_window_lines(spoken, encounter_date, width), *lines])


def _window_lines(release: Release, encounter_date: str | None, width: int) -> Iterator[str]:
    """Say so where the release that speaks is only the nearest to the date."""
    if not release.covers(encounter_date):
        yield from _wrap(f"No installed release covers {encounter_date}; the nearest speaks.", width)
        yield ""


def _code_lines(release: Release, code: str, width: int) -> Iterator[str]:
    yield from _wrap(f"{code}  {release.title(code)}", width)
    scope = family(code)
    billable = "billable" if release.is_billable(code) else "not billable: it needs further characters"
    yield from _wrap(
        f"{release.name}; {billable}; {f'in scope ({scope})' if scope else 'outside the scope'}", width
    )
    if not release.has_order_file and len(code_key(code) or "") == 7:
        yield from _wrap(f"{release.name} has {FORMED}", width)
    yield from _block("Includes", release.inclusion_terms(code), width)
    for kind, heading in _NOTES:
        yield from _block(heading, (_note_line(note, code) for note in release.notes(kind, code)), width)
    yield from _block("Phrases that lead to it", _phrases(code), width)


def _note_line(note: InstructionalNote, code: str) -> str:
    """Return a note with the place where it stands, unless that is the code itself."""
    if note.at == code:
        return note.text
    return f"{note.text}  (at {'chapter ' if note.at.isdigit() else ''}{note.at})"


def _phrases(code: str) -> list[str]:
    """Return the phrases of the knowledge files that name the code, where they can be asked."""
    from suggest import knowledge

    ask: Any = getattr(knowledge, "phrases_for", None)
    return [f"phrase:{entry.id.rpartition(':')[2]}  {entry.title}" for entry in ask(code)] if ask else []


def _entry_lines(target: str, width: int) -> Iterator[str]:
    from suggest import knowledge

    entry = knowledge.find(target) or knowledge.find(target.partition(":")[2])
    if entry is None:
        raise InputError(f"there is no {target}; `corrin explain` takes a code, or {', '.join(KINDS)}:ID")
    values = _public(entry)
    yield from _wrap(f"{target}  {values.pop('title', None) or ''}", width)
    text = values.pop("text", None)
    if text:
        yield ""
        yield from _wrap(str(text), width)
    values.pop("id", None)
    for key, value in values.items():
        if value not in (None, ""):
            yield from _block(key.replace("_", " ").capitalize(), _as_lines(value), width)


def _public(entry: object) -> dict[str, Any]:
    """Return an entry's fields in their order, whether it is a mapping or a record."""
    if isinstance(entry, dict):
        return dict(entry)
    names = getattr(entry, "__dataclass_fields__", None) or vars(entry)
    return {name: getattr(entry, name) for name in names if not name.startswith("_")}


def _as_lines(value: object) -> list[str]:
    if isinstance(value, dict):
        return [f"{key}: {item}" for key, item in value.items() if item is not None]
    if isinstance(value, tuple | list | set | frozenset):
        return [str(item) for item in value]
    return [str(value)]


def _block(heading: str, lines: Iterable[str], width: int) -> Iterator[str]:
    found = list(lines)
    if not found:
        return
    yield ""
    yield f"{heading}:"
    for line in found:
        yield from _wrap(line, width, "  ")


def _wrap(text: str, width: int, indent: str = "") -> Iterator[str]:
    yield from textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent + "  ")


def _finish(lines: Iterable[str]) -> str:
    return "\n".join(lines).strip("\n") + "\n"
