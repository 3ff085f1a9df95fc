"""HTML as it comes in FHIR attachments: its words, a block or a table row a line; nothing else of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nlp.errors import InputError
from readers.documents.document import CELL, Document, tidy
from readers.text import decode

_BLANKS = re.compile(r"[ \t\r\n\f\v\xa0]+")
_BLOCKS = frozenset(
    "address article aside blockquote body caption dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 "
    "header hr html li main nav ol p pre section table tbody tfoot thead title tr ul".split()
)
_UNREAD = frozenset({"script", "style", "template", "noscript", "svg", "object", "iframe"})


def read_html(data: bytes) -> Document:
    """Return the words of an HTML page.

    Raises:
        InputError: there are none, or the bytes are no text.
    """
    # lxml's parser takes time in proportion to the page, whatever is left open in it; Python's own does not.
    from lxml import etree

    parser = etree.HTMLParser(target=_Reader(), no_network=True)
    try:
        parser.feed(decode(data).removeprefix("\ufeff"))
        lines: list[str] = parser.close()
    except etree.LxmlError as error:
        raise InputError("is broken HTML; export it again") from error
    return Document(tidy("\n".join(lines)))


class _Reader:
    """Gathers lines; within a table row the cells' words stay on one line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._unread = 0
        self._row = 0
        self._kept = 0
        self._counts: list[int | None] = []  # of the lists that are open: the last number, None for bullets

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin a line at a block, and give a list item its mark."""
        del attributes
        if tag in _UNREAD:
            self._unread += 1
        elif tag in ("td", "th") and self._row:
            if self._line:
                self._line.append(CELL)
        elif tag == "br" or tag in _BLOCKS:
            self._break()
            self._row += tag == "tr"
            self._kept += tag == "pre"
            if tag in ("ol", "ul"):
                self._counts.append(0 if tag == "ol" else None)
            elif tag == "li":
                self._line.append(self._mark())

    def end(self, tag: str) -> None:
        """End a line with its block."""
        if tag in _UNREAD:
            self._unread = max(self._unread - 1, 0)
        elif tag in _BLOCKS:
            self._row -= tag == "tr" and self._row > 0
            self._break()
            self._kept -= tag == "pre" and self._kept > 0
            if tag in ("ol", "ul") and self._counts:
                self._counts.pop()

    def data(self, data: str) -> None:
        """Keep words; blanks count as one but in a `pre`."""
        if self._unread:
            return
        if not self._kept:
            self._line.append(_BLANKS.sub(" ", data))
            return
        first, *others = data.splitlines() or [""]
        self._line.append(first)
        for line in others:
            self._break()
            self._line.append(line)

    def close(self) -> list[str]:
        """Return what was gathered."""
        self._break()
        return self._lines

    def _mark(self) -> str:
        if not self._counts or self._counts[-1] is None:
            return "- "
        self._counts[-1] += 1
        return f"{self._counts[-1]}. "

    def _break(self) -> None:
        if self._row and self._line:
            self._line.append(" ")  # a block within a cell does not end the row
            return
        text = "".join(self._line)
        text = text if self._kept else _BLANKS.sub(" ", text).strip()
        if text.strip(" |-"):
            self._lines.append(text)
        self._line = []
