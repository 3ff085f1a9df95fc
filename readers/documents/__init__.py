"""Documents that hold one note: Word, RTF, PDF with a text layer, C-CDA. Each becomes plain text once.

Offsets of an answer are those of the text that comes out here. Nothing in a document is followed: no
link, no entity, no embedded file but the body of an unstructured C-CDA.
"""

from __future__ import annotations

from readers.documents.document import MAX_TEXT, Document
from readers.documents.read import DOCUMENTS, read_document, sense

__all__ = ["DOCUMENTS", "MAX_TEXT", "Document", "read_document", "sense"]
