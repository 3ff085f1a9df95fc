"""Read the official tabular list (XML) into its header and flat entries, in one pass over the file.

The parser is expat alone. A document type declaration is refused, so that no entity can be
defined, expanded or fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from nlp.errors import ReleaseError

NOTE_KINDS = (
    "includes",
    "inclusionTerm",
    "excludes1",
    "excludes2",
    "codeFirst",
    "useAdditionalCode",
    "codeAlso",
    "notes",
    "sevenChrNote",
)
_ROOT = "ICD10CM.tabular"
_CODE = re.compile(r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]{1,4})?")  # a second letter: QA0.0101
_ENTRIES = {"chapter": "chapter", "section": "block", "diag": "code"}


@dataclass(slots=True)
class TabularEntry:
    """One chapter, block or code as printed, before 7th characters are formed.

    `key` is the code without its dot; chapters and blocks carry a leading `@` (`@3`, `@D50-D53`),
    because a block may have the name of a category (`T14`). `notes` maps a kind of note, named as
    the XML names it, to its lines. `extensions` maps a 7th character to its meaning.
    """

    kind: str
    parent: str
    key: str = ""
    name: str = ""
    title: str = ""
    is_leaf: bool = True
    notes: dict[str, list[str]] = field(default_factory=dict)
    extensions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TabularList:
    """A tabular list: what its header says of its version, and its entries in printed order."""

    version: str
    entries: tuple[TabularEntry, ...]


def read_tabular(source: bytes) -> TabularList:
    """Return the version and every chapter, block and code of a tabular list.

    Raises:
        ReleaseError: the bytes are not well-formed XML, declare a document type, are another kind
            of file, or hold no code.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(source, True)
    except expat.ExpatError as error:
        raise ReleaseError(
            f"the tabular list is not well-formed XML (line {error.lineno}); fetch the file again"
        ) from error
    except (LookupError, ValueError) as error:
        raise ReleaseError("the tabular list is in an encoding that cannot be read; use UTF-8") from error
    if not any(entry.kind == "code" for entry in reader.entries):
        raise ReleaseError("the tabular list holds no code; use the official ICD-10-CM tabular XML")
    return TabularList(reader.version, tuple(reader.entries))


class _Reader:
    """The state of one pass: open entries, the open note kind, and the text being gathered."""

    def __init__(self) -> None:
        self.entries: list[TabularEntry] = []
        self.version = ""
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._open: list[TabularEntry] = []
        self._tags: list[str] = []
        self._text: list[str] = []
        self._extension = ""

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._tags and tag != _ROOT:
            raise ReleaseError(
                f"this is no tabular list of ICD-10-CM: it opens with <{tag[:40]}>, not with <{_ROOT}>"
            )
        self._text.clear()
        self._tags.append(tag)
        if tag in _ENTRIES:
            parent = self._open[-1] if self._open else None
            if parent is not None:
                parent.is_leaf = False
            entry = TabularEntry(_ENTRIES[tag], parent.key if parent else "")
            if tag == "section":
                entry.name = " ".join(attributes.get("id", "").split())
                entry.key = "@" + entry.name
            self._open.append(entry)
            self.entries.append(entry)
        elif tag == "extension":
            self._extension = attributes.get("char", "")

    def _characters(self, data: str) -> None:
        self._text.append(data)

    def _end(self, tag: str) -> None:
        self._tags.pop()
        if tag in _ENTRIES:
            self._close(self._open.pop())
        elif self._open:
            text = " ".join("".join(self._text).split())
            self._take(self._open[-1], tag, self._tags[-1], text)
        elif tag == "version" and self._tags == [_ROOT]:
            self.version = " ".join("".join(self._text).split())
        self._text.clear()

    def _take(self, entry: TabularEntry, tag: str, outer: str, text: str) -> None:
        """File one finished element under the entry that it stands in."""
        if not text:
            return
        if tag == "name" and outer in _ENTRIES:
            entry.name = text
            entry.key = "@" + text if entry.kind == "chapter" else text.replace(".", "")
        elif tag == "desc" and outer in _ENTRIES:
            entry.title = text
        elif tag == "note" and outer in NOTE_KINDS:
            entry.notes.setdefault(outer, []).append(text)
        elif tag == "extension":
            entry.extensions[self._extension] = text
        elif tag == "note" and outer == "sevenChrDef" and self._extension in entry.extensions:
            entry.extensions[self._extension] += f"/{text}"

    @staticmethod
    def _close(entry: TabularEntry) -> None:
        if not entry.key.lstrip("@"):
            raise ReleaseError("the tabular list holds an entry without a name; fetch the file again")
        if entry.kind == "code" and _CODE.fullmatch(entry.name) is None:
            raise ReleaseError(
                f"the tabular list holds a code that is none ({entry.name[:20]!r}); fetch the file again"
            )

    @staticmethod
    def _refuse_doctype(*_: object) -> None:
        raise ReleaseError("the tabular list declares a document type; use the official file, which has none")
