"""Word files by python-docx: paragraphs, lists and tables in reading order, page headers and footers once.

Walked element by element, since templates of health records put text into content controls and
text boxes, and edits into tracked insertions, all of which `paragraph.text` leaves out. Deleted and
hidden words are not read.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from nlp.errors import InputError
from readers.documents.document import CELL, Document, tidy
from readers.documents.word_lists import ListMarks

_MAX_PARTS = 5000
_MAX_PART = 64 * 1024 * 1024
_MAX_WHOLE = 256 * 1024 * 1024
_BROKEN = "is a broken Word file; save it again as .docx"
# What python-docx and lxml let through when a part is missing, cut short or of the wrong shape.
_BROKEN_ERRORS = (
    KeyError,
    ValueError,
    AttributeError,
    TypeError,
    IndexError,
    OSError,
    EOFError,
    RecursionError,
    NotImplementedError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_UNREAD = frozenset(
    f"{_W}{name}"
    for name in ("del", "moveFrom", "delText", "instrText", "pPr", "rPr", "sdtPr", "tblPr", "trPr", "tcPr")
) | {f"{_MC}Fallback"}
_SIGNS = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
    f"{_W}softHyphen": "",
}


def read_docx(data: bytes) -> Document:
    """Return the text of a Word file.

    Raises:
        InputError: it is broken, is another kind of archive, or swells beyond all measure when unpacked.
    """
    _check_archive(data)
    import docx

    try:
        file = docx.Document(io.BytesIO(data))
        _check_declares_nothing(file)
        marks = ListMarks.of(file)
        tops, ends = _margins(file)
        lines = [*tops, *_blocks(file.element.body, marks), *ends]
    except InputError:
        raise
    except Exception as error:
        if isinstance(error, _BROKEN_ERRORS) or type(error).__module__.startswith(("docx", "lxml")):
            raise InputError(_BROKEN) from error
        raise
    parts = {str(part.partname) for part in file.part.package.iter_parts()}
    unread = [what for name, what in _SIDE_PARTS if name in parts]
    return Document(tidy("\n".join(lines)), warnings=tuple(f"its {what} are not read" for what in unread))


def _check_declares_nothing(file: Any) -> None:
    if file.element.getroottree().docinfo.doctype:
        raise InputError("is a Word file that declares entities; Word writes none, so it is not read")


_SIDE_PARTS = (("/word/comments.xml", "comments"),)


def _check_archive(data: bytes) -> None:
    """Refuse what is no Word file, and an archive that says or turns out to be far larger than a note."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise InputError(_BROKEN) from error
    names = [part.filename for part in parts]
    if "word/document.xml" not in names and "[Content_Types].xml" not in names:
        raise InputError("is an archive but no Word file; unpack it and give the notes in it")
    # zipfile never unpacks more of a part than the size it declares, so the declared sizes bound the whole.
    too_large = any(part.file_size > _MAX_PART for part in parts if part.filename.endswith((".xml", ".rels")))
    if too_large or len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_WHOLE:
        raise InputError("is a Word file that unpacks to far more than a note; save the note alone as .docx")


def _margins(file: Any) -> tuple[list[str], list[str]]:
    """Return the lines of page headers and of page footers, each once however many sections repeat it."""
    tops: list[str] = []
    ends: list[str] = []
    for section in file.sections:
        for lines, parts in (
            (tops, (section.first_page_header, section.header)),
            (ends, (section.footer, section.first_page_footer)),
        ):
            for part in parts:
                if part.is_linked_to_previous:
                    continue
                found = list(_blocks(part._element, ListMarks.none()))  # noqa: SLF001 there is no public walk over controls
                lines += [line for line in found if line not in lines]
    return tops, ends


def _blocks(parent: Any, marks: ListMarks) -> Iterator[str]:
    """Yield the lines of paragraphs and tables in order, those in content controls and boxes too."""
    for element in parent.iterchildren():
        if element.tag == f"{_W}p":
            yield from _paragraph(element, marks)
        elif element.tag == f"{_W}tbl":
            for row in _rows(element):
                cells = [
                    _cell(cell, marks) for cell in row.iterchildren() if cell.tag in (f"{_W}tc", f"{_W}sdt")
                ]
                if any(cells):
                    yield CELL.join(cells)
        elif isinstance(element.tag, str) and element.tag not in _UNREAD:
            yield from _blocks(element, marks)


def _rows(table: Any) -> Iterator[Any]:
    for element in table.iterchildren():
        if element.tag == f"{_W}tr":
            yield element
        elif isinstance(element.tag, str) and element.tag not in _UNREAD:
            yield from _rows(element)


def _cell(cell: Any, marks: ListMarks) -> str:
    """Return a cell on one line, since its row is one."""
    return " ".join(" ".join(_blocks(cell, marks)).split())


def _paragraph(paragraph: Any, marks: ListMarks) -> Iterator[str]:
    boxes: list[Any] = []
    text = "".join(_runs(paragraph, boxes))
    if text.strip():
        yield marks.mark(paragraph) + text
    elif not boxes:
        yield ""
    for box in boxes:
        yield from _blocks(box, marks)


def _runs(parent: Any, boxes: list[Any]) -> Iterator[str]:
    """Yield the pieces of a paragraph; text boxes anchored in it are set aside in `boxes`."""
    for element in parent.iterchildren():
        tag = element.tag
        if tag == f"{_W}t":
            yield element.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        elif tag == f"{_W}txbxContent":
            boxes.append(element)
        elif tag == f"{_W}r" and _is_hidden(element):
            continue
        elif isinstance(tag, str) and tag not in _UNREAD:
            yield from _runs(element, boxes)


def _is_hidden(run: Any) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val", "true") not in ("0", "false", "off")
