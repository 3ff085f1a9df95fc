"""The spaCy factory `corrin_labs`: runs `read_labs` and writes its records to `doc._.corrin_labs`."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from nlp.labs.process import read_labs
from nlp.layout import read_layout

if not Doc.has_extension("corrin_labs"):
    Doc.set_extension("corrin_labs", default=())


class LabsComponent:
    """Reads laboratory values of a document; offsets are those of `doc.text`."""

    def __call__(self, doc: Doc) -> Doc:
        """Write the values to `doc._.corrin_labs`, in text order."""
        layout = getattr(doc._, "corrin_layout", None) if Doc.has_extension("corrin_layout") else None
        doc._.corrin_labs = read_labs(doc.text, layout if layout is not None else read_layout(doc.text))
        return doc


@Language.factory("corrin_labs")
def make_labs(nlp: Language, name: str) -> LabsComponent:  # noqa: ARG001 -- spaCy's signature
    """Return the component; it holds no state."""
    return LabsComponent()
