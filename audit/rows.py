"""A row of an export as the audit takes it: the contract's columns, plain values, absent means unknown."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from audit.finding import IDENTIFYING
from audit.judge.billed import split_codes

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTE_KEYS = (
    "note_id",
    "encounter_id",
    "text",
    "encounter_date",
    "setting",
    "note_type",
    "author",
    "credential",
    "signed",
    "role",
    "amends",
    "note_date",
)
VERSION = "version"
KEPT = tuple(dict.fromkeys((*NOTE_KEYS, *IDENTIFYING, VERSION, "codes")))
_CODE_COLUMNS = ("codes", "billed_codes", "icd10", "diagnosis_codes", "dx")
_YES = frozenset({"true", "yes", "y", "1", "t", "signed", "final", "authenticated"})
_NO = frozenset({"false", "no", "n", "0", "f", "unsigned", "draft", "preliminary"})
_DATES = ("%m/%d/%Y", "%m-%d-%Y", "%Y%m%d", "%Y/%m/%d", "%d-%b-%Y", "%m/%d/%y")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f\ufffd]")
_SAMPLE = 65536
MOST_TEXT = 16 * 1024 * 1024


def to_row(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of the contract with plain values; text is left as it is.

    Dates become ISO where their form is clear, `signed` true or false, codes a list; what is empty,
    null or not a number is left out.
    """
    row: dict[str, Any] = {}
    for name in KEPT:
        value = plain(values.get(name))
        if value is not None:
            row[name] = value
    codes = next((c for name in _CODE_COLUMNS if (c := split_codes(_listed(values.get(name))))), ())
    row.pop("codes", None)
    if codes:
        row["codes"] = list(codes)
    for name in ("encounter_date", "note_date"):
        if name in row:
            row[name] = iso_date(str(row[name]))
    if "signed" in row and not isinstance(row["signed"], bool):
        word = str(row["signed"]).strip().lower().removesuffix(".0")
        row["signed"] = True if word in _YES else False if word in _NO else None
    for name in ("setting", "role"):
        if name in row:
            row[name] = str(row[name]).strip().lower()
    for name, value in row.items():
        if name not in ("codes", "signed") and not isinstance(value, str):
            row[name] = _digits(value)
    return row


def problem_of(text: object) -> str | None:
    """Return what is wrong with a note's text before anything reads it, None where it can be read."""
    if text is None:
        return "has no text"
    if not isinstance(text, str):
        return "its text is not text"
    if len(text) > MOST_TEXT or len(text.encode("utf-8", errors="surrogatepass")) > MOST_TEXT:
        return "the note is larger than 16 MiB; split it"
    if not text.strip("\ufeff \t\r\n\f\v\0"):
        return "the note is empty"
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) * 20 > len(sample):
        return "is not a note but binary data"
    return None


def iso_date(text: str) -> str:
    """Return a date as YYYY-MM-DD where its form is clear, else as it stands."""
    text = text.strip()
    if re.match(r"\d{4}-\d{2}-\d{2}(?:[T ]|$)", text):
        return text[:10]
    for form in _DATES:
        try:
            return datetime.strptime(text.split(" ")[0], form).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    return text


def plain(value: Any) -> Any:
    """Return a value of plain Python; None for what tables write where there is nothing."""
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return value if value.strip() else None
    if hasattr(value, "isoformat"):
        text = str(value.isoformat())
        return None if text == "NaT" else text
    if isinstance(value, list | tuple | dict):
        return value
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        return None
    return None if str(value) in ("NaT", "<NA>", "nan") else value


def _listed(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") and getattr(value, "ndim", 0) > 0 else plain(value)


def _digits(value: Any) -> str:
    """Return an id that a table holds as a number by its digits: 17.0 is `17`."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def key_of(row: Mapping[str, Any], number: int) -> str:
    """Return the key of the encounter that a row belongs to; a note without one is its own."""
    if row.get("encounter_id"):
        return f"e:{row['encounter_id']}"
    if row.get("note_id"):
        return f"n:{row['note_id']}"
    return f"r:{number}"


def natural(key: str) -> str:
    """Return a key by which ids sort as people read them: `E9` before `E10`."""
    return re.sub(r"\d+", lambda m: m.group().zfill(18), key[2:]) + "\0" + key


def is_iso(text: str) -> bool:
    """Say whether a text is a date of the form YYYY-MM-DD."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date().isoformat() == text  # noqa: DTZ007
    except ValueError:
        return False
