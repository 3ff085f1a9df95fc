"""A tokenizer that splits only the stretches of a note that can bear on a fact; the rest is a token each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlp.triage import stretch_pattern
from nlp.view import normalise

REACH = 200  # code points on either side of a term; a sentence is rarely longer
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class StretchTokenizer:
    """Makes a Doc whose text is the note's own, code point for code point.

    Lone surrogates, which spaCy cannot store, stand as U+FFFD in the Doc; offsets do not change.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Tokenise the stretches around the terms of the lexicon."""
        clean = _SURROGATE.sub("\ufffd", text)
        words: list[str] = []
        at = 0
        for start, end in _stretches(clean):
            if at < start:
                words.append(clean[at:start])
            words += [match.group() for match in _TOKEN.finditer(clean, start, end)]
            at = end
        if at < len(clean):
            words.append(clean[at:])
        return Doc(self.vocab, words=words, spaces=[False] * len(words))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Windows around the terms, widened to white space and merged where they touch."""
    view = normalise(text).lower()
    if len(view) != len(text):
        yield 0, len(text)
        return
    open_start, open_end = -1, -1
    for match in stretch_pattern().finditer(view):
        start, end = max(0, match.start() - REACH), min(len(text), match.end() + REACH)
        if start <= open_end:
            open_end = max(open_end, end)
            continue
        if open_end >= 0:
            yield open_start, open_end
        open_start, open_end = start, end
    if open_end >= 0:
        yield open_start, open_end
