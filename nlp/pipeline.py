"""The spaCy pipeline of Corrin, and `read_note`, which runs it where a note holds anything of ours.

The order of the components is PIPES; each does its work in a pure function of its own package and
writes what it found to the Doc under medspaCy's names (`ent._.is_negated`, `doc._.sections`) and ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from nlp.doc_values import value_of
from nlp.facts import NoteFacts
from nlp.quiet import silence
from nlp.reading import look
from nlp.triage import Triage

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from nlp.tokens import MentionTokenizer

PIPES = (
    "corrin_sections",  # first: every other component asks where it is
    "corrin_concepts",
    "corrin_medications",
    "corrin_dates",  # before the labs: they take the year from the visit
    "corrin_labs",
    "corrin_context",  # after the concepts: it says how each is meant
    "corrin_facts",  # last: links, authors, dates, and all records in one
)
MAX_LENGTH = 64 * 1024 * 1024  # code points; the limit on a note is set where notes come in
MAX_STORED = 16 * 1024 * 1024  # code points of notes before the vocabulary is made anew: memory stays flat


def build() -> Language:
    """Return a new pipeline. Workers build their own; rules of ours hold no state and are shared."""
    silence()
    import spacy

    import nlp.component
    import nlp.concepts.component
    import nlp.context.component
    import nlp.labs.component
    import nlp.layout.component
    import nlp.medications.component  # noqa: F401 -- each registers its factory
    from nlp.tokens import TOKENIZER

    language = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
    language.max_length = MAX_LENGTH
    for name in PIPES:
        config = {"set_sentences": False} if name == "corrin_sections" else {}
        language.add_pipe(name, config=config)
    return language


@dataclass(frozen=True, slots=True)
class _Built:
    """A pipeline, and its parts: spaCy makes a list of them anew whenever it is asked.

    `idle` are documents without words that hold nothing: one is made for each thread that reads.
    """

    language: Language
    tokenizer: MentionTokenizer
    components: tuple[Callable[[Doc], Doc], ...]
    idle: list[Doc] = field(default_factory=list)


def _build() -> _Built:
    from nlp.tokens import MentionTokenizer

    language = build()
    assert isinstance(language.tokenizer, MentionTokenizer)
    return _Built(language, language.tokenizer, tuple(component for _, component in language.pipeline))


@cache
def _shared() -> list[_Built]:
    return [_build()]


def _current() -> _Built:
    shared = _shared()
    if shared[0].tokenizer.stored > MAX_STORED:
        shared[0] = _build()
    return shared[0]


def pipeline() -> Language:
    """Return the pipeline of this process, built when it is first asked for."""
    return _current().language


def read_note(
    text: str,
    *,
    note_id: str | None = None,
    encounter_date: str | None = None,
    author: str | None = None,
    credential: str | None = None,
    signed: bool | None = None,
    to_the_end: bool = False,
) -> NoteFacts:
    """Return the facts of a note; all lists are empty where it holds no anchor (see the contract).

    A note that cannot hold an anchor is answered from a scan of its raw text, and one that turns out to hold
    none before a Doc is made; spaCy is imported for neither.

    Args:
        text: the note as given; offsets count its code points.
        note_id: carried into every record.
        encounter_date: ISO date of service, used to complete dates that lack a year.
        author, credential, signed: what is known of the author; what the note shows leads.
        to_the_end: also where it holds no anchor, for one who asks what it says of a condition.
    """
    triage = Triage(text)
    if not (to_the_end or triage.may_be_ours()):
        return NoteFacts(note_id=note_id, text=text)
    reading = look(text, encounter_date, note_id=note_id, to_the_end=to_the_end, triage=triage)
    if not (to_the_end or reading.holds_anchor(text)):
        return NoteFacts(note_id=note_id, text=text)
    from nlp.component import Known, put

    built = _current()
    try:
        doc = built.idle.pop()  # nobody will see it: no words and no entities
    except IndexError:
        doc = built.tokenizer.without_words()
    put(doc, text, reading, Known(note_id, encounter_date, author, credential, signed, to_the_end))
    for component in built.components:
        doc = component(doc)
    facts: NoteFacts = value_of(doc, "corrin_facts")
    doc.user_data.clear()
    built.idle.append(doc)
    return facts
