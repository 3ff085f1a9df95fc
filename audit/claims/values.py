"""Cells of a claim line as people write them: dates, units, modifiers, pointers, drug labels.

A value that cannot be read is None; the rules then say `not-assessed`. Nothing is guessed.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from fractions import Fraction

POINTER_LETTERS = "ABCDEFGHIJKL"
_BLANKS = frozenset({"", "nan", "none", "null", "n/a", "na", "nat", "<na>", "-", "--"})
_SPLIT = re.compile(r"[;,|\s]+")
_LETTERS = re.compile(r"[A-L]{1,12}")
_NUMBER = re.compile(r"\d{1,2}(?:\.0+)?")
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
_FORMS = (
    *("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%m-%d-%y", "%Y%m%d", "%Y/%m/%d", "%m.%d.%Y"),
    *("%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%d %B %Y", "%m%d%Y"),
)
_CLOCK = re.compile(
    r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AP]M)?(?:Z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE
)
_SERIAL_ZERO = date(1899, 12, 30)  # where a workbook counts its days from


def text_of(value: object) -> str:
    """Return a cell as text without blanks around it; what stands for nothing is empty."""
    if value is None or value != value:
        return ""
    if isinstance(value, list | tuple):
        return ";".join(text_of(item) for item in value)
    text = " ".join(str(value).replace("\u00a0", " ").split())
    return "" if text.lower() in _BLANKS else text


def read_date(value: object) -> str | None:
    """Return a date as ISO; `06/02/2026`, `2026-06-02`, `20260602`, `2-Jun-2026` and a span's first day."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = _CLOCK.sub("", text_of(value))
    if re.fullmatch(r"\d{8}-\d{8}", text):  # RD8 of an 837: first and last day
        text = text[:8]
    text = re.split(r"\s+(?:-|to|through|thru)\s+", text, maxsplit=1)[0].removesuffix(".0")
    for form in _FORMS:
        try:
            read = datetime.strptime(text, form).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
        if 1950 <= read.year <= 2100:
            return read.isoformat()
    if re.fullmatch(r"[345]\d{4}", text):
        return (_SERIAL_ZERO + timedelta(days=int(text))).isoformat()
    return None


def read_number(value: object) -> Fraction | None:
    """Return a count or amount exactly: `1`, `1.0`, `1,000`, `$12.50`, `UN1`, `1 unit`, `1 UN`."""
    text = text_of(value).lower().replace("$", "")
    text = re.sub(r"^(?:un|units?)\s*|\s*(?:units?|un|ea|each)$", "", text)
    text = re.sub(r",(?=\d{3}(?:\D|$))", "", text)
    return Fraction(text) if re.fullmatch(r"[+-]?\d{1,9}(?:\.\d{1,6})?|\.\d{1,6}", text) else None


def read_code(value: object) -> str:
    """Return a procedure code in capitals; modifiers glued to it stay for `split_procedure`."""
    return re.sub(r"\.0+$", "", text_of(value).upper())


def split_procedure(value: object) -> tuple[str, tuple[str, ...]]:
    """Part `99213-25`, `HC:J3420:JZ` and `96372 59` into the code and the modifiers glued to it."""
    text = re.sub(r"^(?:HC|CPT|HCPCS)\s*[:\s]\s*", "", read_code(value))
    head, *rest = [part for part in re.split(r"[:\s,;|^-]+", text) if part] or [""]
    return head, tuple(part for part in rest if _MODIFIER.fullmatch(part))


def read_modifiers(value: object) -> tuple[str, ...]:
    """Return modifiers in order: `25`, `-25`, `25,59`, `JZ|JB`, `2559`, `25.0`."""
    found: list[str] = []
    for part in _SPLIT.split(text_of(value).upper()):
        plain = re.sub(r"\.0+$", "", part.strip("-'\"[]()"))
        pieces = re.split(r"[-:/^]", plain)
        for piece in pieces:
            if len(piece) in (4, 6, 8):  # "2559": pairs without anything between them
                found += [piece[i : i + 2] for i in range(0, len(piece), 2)]
            elif piece:
                found.append(piece.zfill(2) if piece.isdigit() else piece)
    return tuple(dict.fromkeys(m for m in found if _MODIFIER.fullmatch(m)))


def read_codes(value: object) -> tuple[str, ...]:
    """Return ICD-10-CM codes in the order given; dots are optional."""
    return tuple(
        part.strip("'\"[]()").upper() for part in _SPLIT.split(text_of(value)) if part.strip("'\"[]()")
    )


def read_pointers(value: object) -> tuple[str, ...]:
    """Return pointers in order: a letter `A`-`L`, a number `1`-`12`, a code, or `?...` for what is neither.

    `AB` is two pointers, and so is `21`; whether `12` is the twelfth or two pointers is seen when the
    number of diagnoses is known. A code stays as it stands.
    """
    found: list[str] = []
    for part in read_codes(value):
        number = part.lstrip("0") if _NUMBER.fullmatch(part) else part
        if _LETTERS.fullmatch(number):
            found += number
        elif _NUMBER.fullmatch(number) and 1 <= int(float(number)) <= 12:
            found.append(str(int(float(number))))
        elif re.fullmatch(r"[1-9]{2,4}", number):  # one digit a pointer, as on the paper form
            found += number
        elif re.fullmatch(r"[A-Z]\d[0-9A-Z.]{1,7}|[A-Z]{1,2}\d[0-9A-Z.]{1,6}", number):
            found.append(number)
        else:
            found.append(f"?{number}")
    return tuple(found)


def read_ndc(value: object) -> str | None:
    """Return a label number as eleven digits (5-4-2); ten digits need their hyphens to be read.

    Qualifiers (`N4`) and what follows the number are left out; two parts are a product without its package.
    """
    text = re.sub(r"^N4\s*", "", text_of(value).upper())
    text = re.split(r"[\s;,|]", text, maxsplit=1)[0]
    parts = text.split("-")
    if len(parts) == 3 and all(p.isdigit() for p in parts):
        return parts[0].zfill(5) + parts[1].zfill(4) + parts[2].zfill(2)
    if len(parts) == 2 and all(p.isdigit() for p in parts):
        return parts[0].zfill(5) + parts[1].zfill(4)
    digits = text.removesuffix(".0")
    return digits if re.fullmatch(r"\d{11}|\d{9}", digits) else None


def read_place(value: object) -> str:
    """Return a place of service in lower case; a number has two digits."""
    text = re.sub(r"^pos[\s:]*", "", text_of(value).lower()).removesuffix(".0")
    number = re.match(r"(\d{1,2})(?!\d)", text)
    return number.group(1).zfill(2) if number else text
