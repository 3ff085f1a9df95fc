"""From the bytes of a document to its text. The bytes say which; the name does where they are silent."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from nlp.errors import InputError
from readers.documents.document import MAX_BYTES

if TYPE_CHECKING:
    from readers.documents.document import Document

DOCUMENTS = {".rtf": "rtf", ".docx": "docx", ".pdf": "pdf", ".xml": "ccda"}
_XML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|[A-Za-z]+:?ClinicalDocument|ClinicalDocument)")
_OLD_WORD = b"\xd0\xcf\x11\xe0"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_PDF_MARK_WITHIN = 1024  # readers of PDF allow this much before the mark


def sense(data: bytes) -> str | None:
    """Return the kind of document that bytes are by their first signs: a value of `DOCUMENTS`, or None."""
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    if data.startswith(b"%PDF-"):
        return "pdf"
    if _XML_START.match(data[:512]):
        return "ccda"
    return None


def read_document(kind: str, data: bytes) -> Document:
    """Return the text of a document.

    Args:
        kind: one of the values of `DOCUMENTS`, as the file's name or `sense` says.
        data: the file's bytes.

    Raises:
        InputError: it is broken, hostile, too large or holds no text; one sentence that quotes nothing.
    """
    if len(data) > MAX_BYTES:
        raise InputError("is larger than 64 MiB; a note is not")
    if not data:
        raise InputError("is empty")
    if data.startswith(_OLD_WORD):
        raise InputError("is an old Word file or one with a password; save it as .docx without a password")
    sensed = sense(data)
    if sensed is None and kind == "pdf" and b"%PDF-" in data[:_PDF_MARK_WITHIN]:
        sensed = "pdf"
    if sensed is None and kind == "ccda" and data.lstrip()[:4].startswith((b"<", *_WIDE_MARKS)):
        sensed = "ccda"
    if sensed is None:
        raise InputError(
            f"is named {_ending(kind)} but is no {_NAMES[kind]} file; save it again from its program"
        )
    return _reader(sensed)(data)


_NAMES = {"rtf": "RTF", "docx": "Word", "pdf": "PDF", "ccda": "C-CDA"}


def _ending(kind: str) -> str:
    return next(ending for ending, name in DOCUMENTS.items() if name == kind)


def _reader(kind: str) -> Callable[[bytes], Document]:
    """Return the reader of a kind; its library is imported only now."""
    if kind == "rtf":
        from readers.documents.rtf import read_rtf

        return read_rtf
    if kind == "docx":
        from readers.documents.word import read_docx

        return read_docx
    if kind == "pdf":
        from readers.documents.pdf import read_pdf

        return read_pdf
    from readers.documents.ccda import read_ccda

    return read_ccda
