"""C-CDA: the narrative of each section under its title, as a person reads it; entries are not read.

An XML file with a document type is refused whatever it declares, so no entity is ever expanded.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nlp.errors import InputError
from readers.documents.document import CELL, Document, tidy

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SPACE = "{urn:hl7-org:v3}"
_MAX_DEPTH = 100
_BLANKS = re.compile(r"\s+")
_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_BLOCKS = frozenset({"paragraph", "list", "item", "table", "caption", "br"})
_APART = _BLOCKS | {"td", "th", "tr"}  # never run into what stands beside them
_UNREAD = frozenset({"footnoteRef", "renderMultiMedia"})


def read_ccda(data: bytes) -> Document:
    """Return the titles and narratives of a C-CDA document's sections, in order.

    `values` holds `encounter_date` where the document names one encounter: the day it ended, else
    the day it began.

    Raises:
        InputError: it is no C-CDA, is broken, or declares entities.
    """
    root = _parse(data)
    if _name(root) != "ClinicalDocument" or not root.tag.startswith(_SPACE):
        raise InputError("is XML but no C-CDA document; Corrin reads no other XML")
    _check_depth(root)
    values = _encounter_date(root)
    embedded = root.find(f"{_SPACE}component/{_SPACE}nonXMLBody/{_SPACE}text")
    if embedded is not None:
        body = _embedded(embedded)
        return Document(body.text, body.warnings, values)
    lines: list[str] = []
    for section in root.iterfind(
        f"{_SPACE}component/{_SPACE}structuredBody/{_SPACE}component/{_SPACE}section"
    ):
        _section(section, lines)
    return Document(tidy("\n".join(lines)), values=values)


def _parse(data: bytes) -> Element:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise InputError(
            "is XML that declares a document type or entities; a C-CDA has none, so it is not read"
        ) from error
    except (ParseError, LookupError, ValueError) as error:
        raise InputError("is broken XML; export it again") from error
    return root


def _check_depth(root: Element) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > _MAX_DEPTH:
            raise InputError(f"is XML nested deeper than {_MAX_DEPTH} levels; a C-CDA is not")
        level = [child for element in level for child in element]


def _name(element: Element) -> str:
    """Return an element's name without its namespace; nothing for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _section(section: Element, lines: list[str]) -> None:
    """Add a section's title and narrative, then those of the sections within it."""
    title, text = section.find(f"{_SPACE}title"), section.find(f"{_SPACE}text")
    code = section.find(f"{_SPACE}code")
    heading = _plain(title) if title is not None else ""
    heading = heading or (code.get("displayName", "") if code is not None else "")
    narrative = list(_narrative(text)) if text is not None else []
    if narrative or section.find(f"{_SPACE}component") is not None:
        if heading:
            lines += ["", heading if heading.endswith(":") else f"{heading}:"]
        lines += narrative
    for child in section.iterfind(f"{_SPACE}component/{_SPACE}section"):
        _section(child, lines)


def _words(element: Element) -> str:
    """Return the words of an element on one line, with the blanks at its ends."""
    words: list[str] = []

    def walk(node: Element) -> None:
        if _name(node) in _UNREAD:
            return
        words.append(node.text or "")
        for child in node:
            blank = " " if _name(child) in _APART else ""
            words.append(blank)
            walk(child)
            words.append(blank + (child.tail or ""))

    walk(element)
    return _BLANKS.sub(" ", "".join(words))


def _plain(element: Element) -> str:
    return _words(element).strip()


def _narrative(text: Element) -> Iterator[str]:
    """Yield the lines of a narrative: paragraphs, list items with their marks, table rows with bars."""
    # A narrative without blocks is laid out by the line ends of the file; within a block they are blanks.
    keep_lines = _name(text) not in _BLOCKS
    line: list[str] = [text.text or ""]
    for child in text:
        if _name(child) in _BLOCKS or _holds_blocks(child):
            yield from _lines_of(line, keep_lines)
            line = []
            yield from _block(child)
        elif _name(child) not in _UNREAD and _name(child):
            line.append(_words(child))
        line.append(child.tail or "")
    yield from _lines_of(line, keep_lines)


def _lines_of(pieces: list[str], keep_lines: bool) -> Iterator[str]:
    """Yield what stands between blocks."""
    whole = "".join(pieces)
    for line in whole.splitlines() if keep_lines else [whole]:
        if plain := _BLANKS.sub(" ", line).strip():
            yield plain


def _holds_blocks(element: Element) -> bool:
    return any(_name(node) in _BLOCKS for node in element.iter())


def _block(element: Element) -> Iterator[str]:
    name = _name(element)
    if name == "table":
        for row in element.iter():
            if _name(row) == "caption":
                yield _plain(row)
            elif _name(row) == "tr":
                cells = [_plain(cell) for cell in row if _name(cell) in ("td", "th")]
                if any(cells):
                    yield CELL.join(cells)
    elif name == "list":
        yield from _list(element)
    else:
        yield from _narrative(element)


def _list(element: Element) -> Iterator[str]:
    number = 0
    for item in element:
        if _name(item) == "caption":
            yield _plain(item)
        if _name(item) != "item":
            continue
        number += 1
        mark = f"{number}. " if element.get("listType") == "ordered" else "- "
        for place, line in enumerate(_narrative(item)):
            yield f"{mark}{line}" if place == 0 else f"  {line}"


def _encounter_date(root: Element) -> dict[str, str]:
    """Return the day of the encounter that the header names: its end, else its one moment or beginning."""
    time = root.find(f"{_SPACE}componentOf/{_SPACE}encompassingEncounter/{_SPACE}effectiveTime")
    if time is None:
        return {}
    from datetime import date

    places = (time.find(f"{_SPACE}high"), time, time.find(f"{_SPACE}low"))
    for stamp in (place.get("value", "") for place in places if place is not None):
        if match := _DATE.match(stamp):
            try:
                return {"encounter_date": date(*map(int, match.groups())).isoformat()}
            except ValueError:
                continue
    return {}


def _embedded(element: Element) -> Document:
    """Return the text of an unstructured document's body: plain text, RTF or PDF within the XML."""
    from readers.documents.read import read_document, sense
    from readers.text import decode

    if element.get("representation") != "B64":
        return Document(tidy("\n".join(_lines_of([*element.itertext()], keep_lines=True))))
    try:
        data = base64.b64decode("".join((element.text or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError("is a C-CDA whose embedded body is broken; export it again") from error
    kind = sense(data)
    if kind == "ccda":
        raise InputError("is a C-CDA whose body is another XML file; give that file by itself")
    return read_document(kind, data) if kind else Document(tidy(decode(data)))
