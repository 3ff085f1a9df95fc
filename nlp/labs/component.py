"""The spaCy factory `corrin_labs`: runs `read_labs` and writes its records to `doc._.corrin_labs`."""

# No `from __future__ import annotations` here: spaCy reads the factory's annotations as they are.

from spacy.language import Language
from spacy.tokens import Doc

from nlp.doc_values import value_of
from nlp.labs.process import read_labs
from nlp.layout import read_layout
from nlp.reading import visit_date

if not Doc.has_extension("corrin_labs"):
    Doc.set_extension("corrin_labs", default=None)


class LabsComponent:
    """Reads laboratory values of a document; offsets are those of `doc.text`."""

    def __call__(self, doc: Doc) -> Doc:
        """Write the values to `doc._.corrin_labs`, in text order.

        Dates without a year are completed from the visit, where the pipeline knows it
        (`doc._.corrin_known`, `doc._.corrin_dates`).
        """
        if value_of(doc, "corrin_labs") is not None:
            return doc
        layout = value_of(doc, "corrin_layout")
        text = value_of(doc, "corrin_text") or doc.text
        doc._.corrin_labs = read_labs(
            text, layout if layout is not None else read_layout(text), None, _visit(doc)
        )
        return doc


def _visit(doc: Doc) -> str | None:
    known, dates = value_of(doc, "corrin_known"), value_of(doc, "corrin_dates") or ()
    return visit_date(known.encounter_date if known is not None else None, dates)


@Language.factory("corrin_labs")
def make_labs(nlp: Language, name: str) -> LabsComponent:  # noqa: ARG001 -- spaCy's signature
    """Return the component; it holds no state."""
    return LabsComponent()
