"""CSV and its kin, streamed: encoding by line, delimiter by header, and a lone quote spoils one row."""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from nlp.errors import InputError
from readers.text import decode_line, wide_encoding

DELIMITERS = (",", "\t", ";", "|")
_MOST = 64 * 1024 * 1024  # characters of a row; a quote that is still open then is taken for a stray one
_SAMPLE = 65536
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*$', re.MULTILINE)
_STRAY = "its quotes do not pair, so it is not known where the row ends; export it again with quotes doubled"


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of a row and the line of the file that it begins on, or what is wrong with it."""

    line: int
    cells: list[str] = field(default_factory=list, repr=False)
    problem: str | None = None
    last: int = 0  # the last line that a problem covers


def read_records(path: Path, encoding: str | None, delimiter: str | None) -> tuple[str, Iterator[Record]]:
    """Return the delimiter and the rows of a file, the header first.

    Raises:
        InputError: it cannot be opened, the encoding is unknown, or it is no text.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    if not head.strip():
        raise InputError("is empty")
    known = _encoding(encoding, head)
    first = (head.decode(known, errors="ignore") if known else decode_line(head.splitlines()[0])).lstrip(
        "\ufeff"
    )
    if (said := _SEPARATOR.match(first)) is not None:  # a line that Excel writes for itself
        return said[1], _records(path, known, said[1], skip=1)
    sign = delimiter or sense_delimiter(first.splitlines()[0] if first else "", path.suffix.lower())
    return sign, _records(path, known, sign)


def sense_delimiter(header: str, suffix: str) -> str:
    """Return the sign that parts the names of a header line best; a comma where there is only one name."""
    counts = {sign: len(next(csv.reader([header], delimiter=sign), [])) for sign in DELIMITERS}
    best = max(counts.values())
    if best == 1:
        return "\t" if suffix == ".tsv" else ","
    return next(sign for sign in DELIMITERS if counts[sign] == best)


def _encoding(said: str | None, head: bytes) -> str | None:
    """Return the encoding of the whole file; None where each line shows its own."""
    if said is not None:
        try:
            return codecs.lookup(said).name
        except LookupError as error:
            raise InputError("--encoding names no encoding; use utf-8, cp1252 or utf-16") from error
    if (wide := wide_encoding(head)) is not None:
        return wide
    if head.startswith((b"PK\x03\x04", b"PAR1", b"%PDF", b"\x1f\x8b")) or head.count(0) * 200 > len(head):
        raise InputError("is no table of text; its first bytes are those of another kind of file")
    return None


def _lines(path: Path, encoding: str | None) -> Iterator[str]:
    with path.open("rb") as file:
        if encoding is not None:
            reader = codecs.getreader(encoding)(file, "replace")
            for number, line in enumerate(_split(reader)):
                yield line.lstrip("\ufeff") if number == 0 else line
            return
        for number, raw in enumerate(_raw_lines(file)):
            yield decode_line(raw.removeprefix(codecs.BOM_UTF8) if number == 0 else raw)


def _split(reader: codecs.StreamReader) -> Iterator[str]:
    """Yield lines that end at a line feed alone; `readline` would end them at other signs too."""
    rest = ""
    while piece := reader.read(_SAMPLE):
        *whole, rest = (rest + piece).split("\n")
        yield from (line + "\n" for line in whole)
    if rest:
        yield rest


def _raw_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield lines; in a file of carriage returns alone those end them."""
    head = file.read(_SAMPLE)
    file.seek(0)
    if b"\n" in head or b"\r" not in head:
        while line := file.readline(_MOST):
            yield line
        return
    rest = b""
    while piece := file.read(_SAMPLE):
        *whole, rest = (rest + piece).split(b"\r")
        yield from (line + b"\n" for line in whole)
    if rest:
        yield rest


class _StrayQuoteError(Exception):
    """A quote opens a cell that does not end."""


@dataclass(slots=True)
class _Feed:
    """Hands lines to the CSV reader and keeps those of the row, to hand them again."""

    lines: Iterator[str]
    number: int = 0  # of the last line that was taken
    again: deque[str] = field(default_factory=deque)
    row: list[str] = field(default_factory=list)
    size: int = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        """Return the next line; in the middle of a row the end of the file is a stray quote's doing."""
        if self.size > _MOST:
            raise _StrayQuoteError
        line = self.again.popleft() if self.again else next(self.lines, None)
        if line is None:
            if self.row:
                raise _StrayQuoteError
            raise StopIteration
        self.number += 1
        self.row.append(line)
        self.size += len(line)
        return line

    def begin(self) -> None:
        """Begin a row."""
        self.row, self.size = [], 0

    def take_back(self) -> None:
        """Give back every line of the row but its first."""
        self.number -= len(self.row) - 1
        self.again.extendleft(reversed(self.row[1:]))


def _records(path: Path, encoding: str | None, delimiter: str, skip: int = 0) -> Iterator[Record]:
    csv.field_size_limit(2 * _MOST)
    feed = _Feed(_lines(path, encoding))
    for _ in range(skip):
        next(feed, None)
    width: int | None = None
    spoilt: tuple[int, int] | None = None  # lines that were passed over in search of the next row
    while True:
        feed.begin()
        try:
            cells = next(csv.reader(feed, delimiter=delimiter, strict=True))
        except StopIteration:
            break
        except (csv.Error, _StrayQuoteError):
            first = feed.number - len(feed.row) + 1
            single = _single(feed.row, delimiter, width)
            if single is None:
                feed.take_back()
                spoilt = (spoilt[0] if spoilt else first, first)
                continue
            cells = single
        first = feed.number - len(feed.row) + 1
        if not cells or (len(cells) == 1 and not cells[0].strip() and width != 1):
            if spoilt:
                spoilt = (spoilt[0], feed.number)
            continue
        if spoilt and width is not None and len(cells) != width:
            feed.take_back()
            spoilt = (spoilt[0], first)
            continue
        if spoilt:
            yield Record(spoilt[0], problem=_STRAY, last=spoilt[1])
            spoilt = None
        if width is None:
            width = len(cells)
        elif len(cells) != width:
            yield Record(
                first, problem=f"has {len(cells)} cells where the header has {width}", last=feed.number
            )
            continue
        yield Record(first, cells, last=feed.number)
    if spoilt:
        yield Record(spoilt[0], problem=_STRAY, last=spoilt[1])


def _single(lines: list[str], delimiter: str, width: int | None) -> list[str] | None:
    """Read a row whose quotes are untidy and that stands on one line, if it has the header's width."""
    if len(lines) != 1:
        return None
    cells = next(csv.reader(lines, delimiter=delimiter), None)
    return cells if cells is not None and len(cells) == width else None
