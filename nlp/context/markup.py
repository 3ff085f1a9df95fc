"""Read sentences in which the answer is marked: `No [[anemia|absent current patient]]`."""

from __future__ import annotations

from dataclasses import dataclass, field

from nlp.errors import KnowledgeError
from nlp.facts import Assertion, Experiencer, Temporality

_LABELS = 3  # assertion, temporality, experiencer


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked span, in code points of the sentence without its marks, and what it must come out as."""

    start: int
    end: int
    assertion: Assertion
    temporality: Temporality
    experiencer: Experiencer


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A sentence without its marks, and the marks."""

    text: str = field(repr=False)
    marks: tuple[Mark, ...]


def read_marked(sentence: str, where: str) -> MarkedText:
    """Return the sentence without its marks, and the marks.

    Raises:
        KnowledgeError: a mark is not closed, lacks its labels or names an unknown one, or the
            sentence marks nothing; `where` says which sentence.
    """
    text = ""
    marks: list[Mark] = []
    pieces = sentence.split("[[")
    text = pieces[0]
    if "]]" in text:
        raise KnowledgeError(f"{where}: a mark is closed that was not opened")
    for piece in pieces[1:]:
        inside, closed, after = piece.partition("]]")
        words, bar, labels = inside.rpartition("|")
        if not closed or "]]" in after:
            raise KnowledgeError(f"{where}: a mark is not closed; write [[words|present current patient]]")
        if not bar or not words.strip():
            raise KnowledgeError(f"{where}: a mark lacks its labels; write [[words|present current patient]]")
        marks.append(_read_mark(len(text), words, labels.split(), where))
        text += words + after
    if not marks:
        raise KnowledgeError(f"{where}: the sentence marks nothing, so it asserts nothing")
    return MarkedText(text, tuple(marks))


def _read_mark(start: int, words: str, labels: list[str], where: str) -> Mark:
    wrong = KnowledgeError(f"{where}: a mark needs assertion, temporality and experiencer, in this order")
    if len(labels) != _LABELS:
        raise wrong
    try:
        return Mark(
            start,
            start + len(words),
            Assertion(labels[0]),
            Temporality(labels[1]),
            Experiencer(labels[2]),
        )
    except ValueError as error:
        raise wrong from error
