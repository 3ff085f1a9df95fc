"""Tell who wrote a message of a thread: a patient, a provider or somebody of the office."""

from __future__ import annotations

import re

from nlp.facts import SectionCategory
from nlp.layout.events import Event
from nlp.layout.load import load_words
from nlp.patterns import spaced

C = SectionCategory

# "From: A. Roe      Sent: 7/2/26", or the two on lines of their own, mark a message; a fax has no such line.
_SENT = re.compile(r"(?:^|[ \t]{2,}|\|[ \t]*|\n[ \t]*)(?:sent|subject)[ \t]*(?::|on\b|(?=\d))", re.IGNORECASE)
# … or day and time behind the names: "From: A. Roe, MD     9/3/2026 12:47 PM".
_STAMP = re.compile(
    r"\d{1,2}/\d{1,2}/\d{2,4},?[ \t]+(?:at )?\d{1,2}:\d\d[ \t]{0,2}(?:[ap]\.?m\.?)?[ \t]*$", re.IGNORECASE
)
_FIELDS = re.compile(r"(?:[ \t]*(?:to|cc|date|sent|subject|re)[ \t]*:[^\n]*\n)+", re.IGNORECASE)
_LABEL = re.compile(r"(?:[^:\n]|(?<=\d):(?=\d\d)){0,60}:")  # the colon of a time of day ends no label
_PATIENT = re.compile(r"\b(?:patient|pt)(?:'s)?\b", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z.\-]+")
_THANKS = spaced(r"[ \t]*(?:hi|hello|dear|thanks?|thank you|thx)\b", re.IGNORECASE)
_NAME_REACH = 160
_CLOSING = 50


def read_message(view: str, event: Event, stop: int) -> tuple[SectionCategory, str | None, int] | None:
    """Return category, subtype and end of the title of the message that `event` begins, None if none.

    Args:
        view: the normalised text.
        event: the line that begins it.
        stop: where the next message begins, or the text ends.
    """
    label = _LABEL.match(view, event.start, min(event.line_end, event.start + 80))
    end = label.end() if label else event.end
    opening = view[event.start : end].lower()
    about = view[event.start : min(stop, event.line_end + _NAME_REACH)]
    if "original message" in opening:
        who = _closing(view, event.line_end, stop)
        return (C.ASSESSMENT, None, end) if who == "provider" else (C.UNKNOWN, "patient_message", end)
    if "wrote" in opening or _PATIENT.search(opening):
        return C.UNKNOWN, "patient_message", end
    stamped = opening.startswith("[")
    if opening.startswith("from") and _SENT.search(about) is None:
        stamped = _STAMP.search(view, event.start, event.line_end) is not None
        if not stamped:
            return None
    name = re.split(
        r" {2,}|\t|\bsent(?::|\b(?= ?\d))",
        view[event.start : event.line_end],
        maxsplit=1,
        flags=re.IGNORECASE,
    )[0]
    who = _who(view[event.end : end] if opening.startswith("[") else name)
    who = who or (None if stamped else _closing(view, event.line_end, stop))
    if stamped and who is None:
        return (C.UNKNOWN, "patient_message", end) if _PATIENT.search(name) else None
    if who == "provider":
        return C.ASSESSMENT, None, end
    if who == "staff" or not opening.startswith("from"):
        return C.UNKNOWN, None, end
    return C.UNKNOWN, "patient_message", end


def _closing(view: str, begin: int, stop: int) -> str | None:
    """Who signs the message: a credential in one of its last two short lines."""
    fields = _FIELDS.match(view, min(begin + 1, stop), stop)
    low = max(fields.end() if fields else begin, stop - 400)
    lines = [line for line in view[low:stop].splitlines() if line.strip()]
    for line in lines[-2:]:
        tail = line.strip()[-_CLOSING:]
        if len(line.strip()) <= _CLOSING and _THANKS.match(line) is None and (who := _who(tail)):
            return who
    return None


def _who(text: str) -> str | None:
    words = load_words()
    tokens = [token.strip(".-") for token in _TOKEN.findall(text)]
    # "MA" is a medical assistant, "Ma" a name.
    plain = {t.replace(".", "").lower() for t in tokens if len(t) > 3 or t[:2].isupper() or t.lower() == "dr"}
    for who in ("provider", "staff"):
        if not plain.isdisjoint(words[f"{who}_names"]):
            return who
    return None
