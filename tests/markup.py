"""Notes with the answer marked up inside: `No [[anemia|absent]], on shots for [[B12 deficiency|present]].`

A mark is `[[words|labels]]`. Labels are the values of the three axes (assertion, temporality,
experiencer), each axis at most once, and `concept=<id>`, in any order. The reader is strict: a mark
that is not closed, holds no words or says nothing is an error, for a mark that is not read is a test
that cannot fail.
"""

from __future__ import annotations

from dataclasses import dataclass

from nlp.facts import Assertion, Experiencer, Temporality

AXES: dict[str, frozenset[str]] = {
    "assertion": frozenset(value.value for value in Assertion),
    "temporality": frozenset(value.value for value in Temporality),
    "experiencer": frozenset(value.value for value in Experiencer),
}


class MarkupError(ValueError):
    """The markup of a test case is wrong."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of the note with what they must be read as; offsets are of the text without marks."""

    start: int
    end: int
    text: str
    labels: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A note without its marks, and the marks, in text order."""

    text: str
    marks: tuple[Mark, ...]


def read_markup(source: str) -> Marked:
    """Take the marks out of `source`.

    Raises:
        MarkupError: a mark is unclosed, nested, empty, without labels, or has a label that nothing knows.
    """
    parts: list[str] = []
    marks: list[Mark] = []
    length = position = 0
    while True:
        opened = source.find("[[", position)
        stray = source.find("]]", position, opened if opened >= 0 else len(source))
        if stray >= 0:
            raise MarkupError(f"']]' at {stray} closes nothing")
        if opened < 0:
            parts.append(source[position:])
            return Marked("".join(parts), tuple(marks))
        closed = source.find("]]", opened)
        if closed < 0:
            raise MarkupError(f"the mark that opens at {opened} is not closed")
        body = source[opened + 2 : closed]
        if "[[" in body:
            raise MarkupError(f"the mark that opens at {opened} holds another one, or is not closed")
        words, bar, labels = body.rpartition("|")
        if not bar or not words.strip():
            raise MarkupError(f"the mark at {opened} must read [[words|labels]]")
        parts.append(source[position:opened])
        length += opened - position
        marks.append(Mark(length, length + len(words), words, read_labels(labels)))
        parts.append(words)
        length += len(words)
        position = closed + 2


def read_labels(source: str) -> tuple[tuple[str, str], ...]:
    """Read `present current patient concept=b12_deficiency` into (axis, value) pairs.

    Raises:
        MarkupError: a label is unknown, an axis is named twice, or there is no label at all.
    """
    found: dict[str, str] = {}
    for label in source.split():
        name, equals, value = label.partition("=")
        if equals:
            axis = name if name == "concept" and value else None
        else:
            value = label
            axis = next((axis for axis, values in AXES.items() if label in values), None)
        if axis is None:
            known = " ".join(sorted(set().union(*AXES.values())))
            raise MarkupError(f'unknown label "{label}"; use {known} or concept=<id>')
        if axis in found:
            raise MarkupError(f'the label "{label}" names the {axis} a second time')
        found[axis] = value
    if not found:
        raise MarkupError("a mark without labels asserts nothing")
    return tuple(found.items())
