"""The spaCy factory `corrin_medications`: runs `read_medications`, writes `doc._.corrin_medications`."""

# No `from __future__ import annotations` here: spaCy reads the factory's annotations at run time.

from spacy.language import Language
from spacy.tokens import Doc

from nlp.doc_values import value_of
from nlp.layout import read_layout
from nlp.medications.process import read_medications

if not Doc.has_extension("corrin_medications"):
    Doc.set_extension("corrin_medications", default=None)


class MedicationsComponent:
    """Reads the drugs of a document; offsets are those of `doc.text`."""

    def __call__(self, doc: Doc) -> Doc:
        """Write the drugs to `doc._.corrin_medications`, in text order."""
        if value_of(doc, "corrin_medications") is not None:
            return doc
        layout = value_of(doc, "corrin_layout")
        text = value_of(doc, "corrin_text") or doc.text
        doc._.corrin_medications = read_medications(text, layout if layout is not None else read_layout(text))
        return doc


@Language.factory("corrin_medications")
def make_medications(nlp: Language, name: str) -> MedicationsComponent:  # noqa: ARG001 -- spaCy's signature
    """Return the component; it holds no state."""
    return MedicationsComponent()
