"""The last component of the pipeline: what the others wrote to the Doc, as `NoteFacts`."""

# No `from __future__ import annotations` here: spaCy reads the factory's annotations as they are.

from dataclasses import dataclass, field

from spacy.language import Language
from spacy.tokens import Doc

from nlp.authors import read_dates
from nlp.context import resolve
from nlp.doc_values import value_of, write_values
from nlp.facts import NoteFacts
from nlp.layout.component import layout_of
from nlp.read import assemble
from nlp.reading import Reading
from nlp.records import quick

_EXTENSIONS = (
    ("corrin_facts", None),
    ("corrin_known", None),
    ("corrin_dates", None),
    ("corrin_assertions", None),
)
for _name, _default in _EXTENSIONS:
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=_default)


@quick
@dataclass(frozen=True, slots=True)
class Known:
    """What the caller knows of a note beside its text; None means unknown."""

    note_id: str | None = None
    encounter_date: str | None = None
    author: str | None = field(default=None, repr=False)
    credential: str | None = None
    signed: bool | None = None
    to_the_end: bool = False  # also where the note holds no anchor


class DatesComponent:
    """Reads the dates of a document, so that results without a year can be completed."""

    def __call__(self, doc: Doc) -> Doc:
        """Write `doc._.corrin_dates`, a tuple of `NoteDate`."""
        if value_of(doc, "corrin_dates") is None:
            doc._.corrin_dates = read_dates(text_of(doc), layout_of(doc))
        return doc


def text_of(doc: Doc) -> str:
    """The note as given; it differs from `doc.text` only where spaCy cannot store a code point."""
    given = value_of(doc, "corrin_text")
    return doc.text if given is None else str(given)


def put(doc: Doc, text: str, reading: Reading, known: Known) -> None:
    """Hand a document what has been found already; the components take it over and find the rest."""
    values = {
        "corrin_text": text,
        "corrin_known": known,
        "corrin_layout": reading.layout,
        "corrin_mentions": reading.mentions,
        "corrin_medications": reading.medications,
        "corrin_dates": reading.dates,
        "corrin_labs": reading.labs,
    }
    write_values(doc, values)


class FactsComponent:
    """Collects the records of a document in `doc._.corrin_facts`."""

    def __call__(self, doc: Doc) -> Doc:
        """Write `doc._.corrin_facts`, a `NoteFacts`; empty lists where the note holds no anchor."""
        known = value_of(doc, "corrin_known") or Known()
        text, layout, mentions = text_of(doc), layout_of(doc), value_of(doc, "corrin_mentions") or ()
        assertions = value_of(doc, "corrin_assertions")
        if assertions is None:
            assertions = resolve(text, layout, [(m.start, m.end) for m in mentions])
        facts: NoteFacts = assemble(
            text,
            layout,
            mentions,
            assertions,
            value_of(doc, "corrin_medications") or (),
            value_of(doc, "corrin_labs") or (),
            value_of(doc, "corrin_dates") or (),
            note_id=known.note_id,
            author=known.author,
            credential=known.credential,
            signed=known.signed,
            to_the_end=known.to_the_end,
        )
        write_values(doc, {"corrin_facts": facts})
        return doc


@Language.factory("corrin_dates")
def make_dates(nlp: Language, name: str) -> DatesComponent:  # noqa: ARG001 -- spaCy's signature
    """Return the component; it holds no state."""
    return DatesComponent()


@Language.factory("corrin_facts")
def make_facts(nlp: Language, name: str) -> FactsComponent:  # noqa: ARG001 -- spaCy's signature
    """Return the component; it holds no state."""
    return FactsComponent()
