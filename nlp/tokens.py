"""A tokenizer that splits only the mentions of a note; what lies between two of them is one token."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from nlp.concepts import find_mentions
from nlp.layout import read_layout

TOKENIZER = "corrin_mentions.v1"  # the name by which a configuration asks for it
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class MentionTokenizer:
    """Makes a Doc whose text is the note's own, code point for code point.

    Lone surrogates, which spaCy cannot store, stand as U+FFFD in the Doc; offsets do not change.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self.stored = 0  # code points that the vocabulary may have taken in

    def __call__(self, text: str) -> Doc:
        """Tokenise the mentions of the lexicon."""
        mentions = find_mentions(text, read_layout(text).units)
        return self.split(text, ((mention.start, mention.end) for mention in mentions))

    def without_words(self) -> Doc:
        """Return a Doc for the records of a note alone, where nobody looks at its words."""
        return Doc(self.vocab)

    def split(self, text: str, spans: Iterable[tuple[int, int]]) -> Doc:
        """Return a Doc in which `spans`, in text order and without overlap, are split into words."""
        clean = text if text.isascii() else _SURROGATE.sub("\ufffd", text)
        words: list[str] = []
        at = 0
        for start, end in spans:
            if at < start:
                words.append(clean[at:start])
            words += _TOKEN.findall(clean, start, end)
            at = end
        if at < len(clean):
            words.append(clean[at:])
        self.stored += len(clean)
        return Doc(self.vocab, words=words, spaces=[False] * len(words))


def make_tokenizer() -> Callable[[Language], MentionTokenizer]:
    """Return what makes the tokenizer of a pipeline; the English one, slow to build, is not made first."""
    return lambda language: MentionTokenizer(language.vocab)


registry.tokenizers(TOKENIZER, func=make_tokenizer)
