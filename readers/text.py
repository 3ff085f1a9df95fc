"""Bytes of a note as text: UTF-8, UTF-16 or Windows-1252, sensed from the bytes themselves.

Nothing is stripped or mended: a byte-order mark and carriage returns stay, since offsets count
them. What is no text at all is refused.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from nlp.errors import InputError, reason_of

if TYPE_CHECKING:
    from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "an RTF file"),
    (b"PK\x03\x04", "a Word file or another archive"),
    (b"\xd0\xcf\x11\xe0", "an old Word file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
)
_SAMPLE = 65536
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b\x1a\x00")) + b"\x7f"
# Windows-1252 leaves five bytes without a letter; they are read as the control they are in Latin-1.
_WINDOWS = {byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        InputError: it cannot be read; the message gives the system's reason.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {reason_of(error)}") from error


def decode(data: bytes) -> str:
    """Return the text of a note's bytes, mark and line ends included.

    Raises:
        InputError: the bytes are no text; the message says what they look like and quotes nothing.
    """
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise InputError(f"is not a note but {what}")
    encoding = wide_encoding(data)
    if encoding is not None:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            raise InputError(f"is not whole {encoding.upper()} text; save it as UTF-8") from error
    if _is_binary(data[:_SAMPLE]):
        raise InputError("is not a note but binary data")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _from_windows(data)


def decode_line(data: bytes) -> str:
    """Return one line of a table as text: UTF-8, else Windows-1252; it is never refused."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _from_windows(data)


def wide_encoding(data: bytes) -> str | None:
    """Return the encoding of UTF-16 or UTF-32 text, by its mark or by where its zero bytes stand."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    sample = data[: _SAMPLE & ~1]
    half = len(sample) // 2
    if half < 2 or len(data) % 2:
        return None
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.6 and even < 0.05:
        return "utf-16-le"
    if even > 0.6 and odd < 0.05:
        return "utf-16-be"
    return None


def _is_binary(sample: bytes) -> bool:
    """Say whether bytes hold more zero bytes or control characters than an untidy note would."""
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    return sample.count(0) * 200 > len(sample) or controls * 20 > len(sample)


def _from_windows(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1").translate(_FROM_LATIN_1)


_FROM_LATIN_1 = {byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in _WINDOWS}
