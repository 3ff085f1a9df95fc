"""PDF with a text layer, by pdfium. A page without text is told; a file without any is refused."""

from __future__ import annotations

import re
from typing import Any

from nlp.errors import InputError
from readers.documents.document import Document, check_length, tidy

MAX_PAGES = 2000
_LINE_HYPHEN = re.compile(
    "[\ufffe\x02]\r?\n?"
)  # pdfium's sign for a hyphen that breaks a word at a line's end
_BULLETS = dict.fromkeys(
    (0xF0B7, 0xF0A7, 0xF0D8, 0xF0FC), "•"
)  # as the fonts Symbol and Wingdings number them
_SIGNS: dict[int, str | None] = {code: None for code in range(32) if chr(code) not in "\t\n\r"} | _BULLETS


def read_pdf(data: bytes) -> Document:
    """Return the text of a PDF page by page, in the order in which the file draws it.

    Raises:
        InputError: it is broken, has a password or too many pages, or holds pictures only.
    """
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise InputError("is a PDF with a password; save it without one") from error
        raise InputError("is a broken PDF; save or print it again") from error
    try:
        count = len(pdf)
        if count > MAX_PAGES:
            raise InputError(f"says that it has {count} pages; a note of more than {MAX_PAGES} is not read")
        pages = [_page(pdf, number) for number in range(count)]
    finally:
        pdf.close()
    empty = [number for number, text in enumerate(pages, start=1) if text is not None and not text.strip()]
    broken = [number for number, text in enumerate(pages, start=1) if text is None]
    if not any(text and text.strip() for text in pages):
        if broken or not count:
            raise InputError("is a broken PDF: none of its pages can be read; save or print it again")
        raise InputError(
            "is a PDF without text: a scan or a picture; Corrin reads no pictures, give it the text"
        )
    kept = [text for text in pages if text and text.strip()]
    check_length(sum(map(len, kept)))
    return Document(
        tidy("\n".join(kept)),
        warnings=(
            *([f"{_pages(empty)} without text (a scan or blank), not read"] if empty else []),
            *([f"{_pages(broken)} broken, not read"] if broken else []),
        ),
    )


def _page(pdf: Any, number: int) -> str | None:
    """Return the text of a page, or None where it is broken."""
    import pypdfium2

    try:
        page = pdf[number]
    except (pypdfium2.PdfiumError, IndexError):
        return None
    try:
        words = page.get_textpage()
        try:
            text: str = words.get_text_range(errors="replace")
        finally:
            words.close()
    except pypdfium2.PdfiumError:
        return None
    finally:
        page.close()
    return _LINE_HYPHEN.sub("-", text).translate(_SIGNS)


def _pages(numbers: list[int]) -> str:
    listed = ", ".join(map(str, numbers[:5])) + (" and others" if len(numbers) > 5 else "")
    return f"page {listed} is" if len(numbers) == 1 else f"pages {listed} are"
