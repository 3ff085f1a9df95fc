"""One file as bytes, as the page gets it: its text, what it was, and what of it is not in the text."""

from __future__ import annotations

from pathlib import PurePath

from nlp.errors import InputError
from readers.documents import DOCUMENTS, MAX_TEXT, read_document, sense
from readers.kinds import TEXT_ENDINGS
from readers.text import decode


def read_upload(name: str, data: bytes) -> tuple[str, str, list[str]]:
    """Return text, kind (`text`, `rtf`, `docx`, `pdf`, `ccda`) and warnings of one note's file.

    The first bytes say what it is; the name decides where they are silent.

    Raises:
        InputError: it is broken, hostile, too large, empty or of no kind that is read; one sentence
            that begins with a verb, quotes nothing of the file and does not repeat its name.
    """
    ending = PurePath(name).suffix.lower()
    kind = sense(data) or DOCUMENTS.get(ending)
    if kind is not None:
        document = read_document(kind, data)
        return document.text, kind, list(document.warnings)
    if ending in (".jsonl", ".ndjson", ".csv", ".tsv", ".parquet"):
        raise InputError("holds many notes; use corrin suggest or corrin audit for those")
    if ending == ".doc":
        raise InputError("is an old Word file; save it as .docx")
    if not data:
        raise InputError("is empty")
    text = decode(data)
    if ending not in TEXT_ENDINGS:
        raise InputError(f"Corrin does not read such files; use {', '.join(('.txt', *DOCUMENTS))}")
    if len(text.encode("utf-8", errors="surrogatepass")) > MAX_TEXT:
        raise InputError("the note is larger than 16 MiB; split it")
    return text, "text", []
