"""RTF by striprtf, which reads text and leaves pictures, objects and links alone."""

from __future__ import annotations

import re

from nlp.errors import InputError
from readers.documents.document import CELL, Document, tidy

_BRACES = re.compile(rb"\\bin(\d{1,9}) ?|\\[^a-z]|[{}]", re.DOTALL)
_BAR = re.compile(r"[ \t]*(?<!\|)\|(?!\|)[ \t]*")
_BRACE = re.compile("[{}]")
_CODEPAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_ADDRESS = re.compile(r'HYPERLINK\s"')
_MAX_DEPTH = 1000
_MAX_FONT = 2000  # characters that one entry of a font table takes at most


def read_rtf(data: bytes) -> Document:
    """Return the text of an RTF file; the cells of a table row are parted by bars.

    Raises:
        InputError: a group is not closed (the file ends early), or there is no text.
    """
    from striprtf.striprtf import rtf_to_text

    _check_groups(data)
    try:
        text = rtf_to_text(_without_fonts(_without_links(_decode(data))), errors="replace")
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
        raise InputError("is a broken RTF file; save it again as .rtf or .txt") from error
    return Document(tidy(_bars(text)))


def _check_groups(data: bytes) -> None:
    """Refuse a file whose groups do not close, since its end is then missing and nobody would notice."""
    depth = place = 0
    while (match := _BRACES.search(data, place)) is not None:
        place = match.end()
        if match[1] is not None:
            place += int(match[1])
            continue
        depth += (match[0] == b"{") - (match[0] == b"}")
        if depth > _MAX_DEPTH:
            raise InputError("is a broken RTF file: its groups are nested without end; save it again")
        if depth == 0 and match[0] == b"}":
            return
    raise InputError("is a broken RTF file: it ends in the middle; save it again as .rtf or .txt")


def _decode(data: bytes) -> str:
    """Return the file as text. RTF is ASCII; what writers put beyond it is UTF-8 or the file's code page."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        named = _CODEPAGE.search(data[:4096])
        try:
            return data.decode(f"cp{int(named[1])}" if named else "cp1252", errors="replace")
        except LookupError:
            return data.decode("latin-1")


def _without_links(text: str) -> str:
    """Keep the words of links and not their addresses.

    striprtf's own pattern for links would add the address to the words, and takes time that grows with
    the square of a line: a line end before each field bounds it, two blanks keep it from matching.
    """
    return _ADDRESS.sub('HYPERLINK  "', text.replace("{\\field", "\n{\\field"))


def _without_fonts(text: str) -> str:
    """Leave out a font table that no program writes, on which striprtf's pattern would never end."""
    start = text.find("\\fonttbl")
    if start < 0:
        return text
    depth, end = 1, len(text)
    for brace in _BRACE.finditer(text, start):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            end = brace.end()
            break
    entries = text[start:end].split("\\fcharset")
    usual = all(len(entry) <= _MAX_FONT for entry in entries) and all(";" in entry for entry in entries[1:])
    return text if usual else text.replace("\\fonttbl", "\\colortbl")


def _bars(text: str) -> str:
    """Set the bars between cells apart, and drop the one that ends a row."""
    lines = []
    for line in text.split("\n"):
        row = line.rstrip().endswith("|")
        lines.append(_BAR.sub(CELL, line.rstrip().removesuffix("|")).rstrip() if row else line)
    return "\n".join(lines)
