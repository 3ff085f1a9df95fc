"""Whether notes speak of more than one patient: by name, record number, date of birth, or opening sentence.

A false alarm stops a coder and a missed one mixes two people, so each sign must be a label that says
"this is the patient", and signs that agree (one number, one birthday) outweigh names that differ in spelling.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nlp.literals import fold
from nlp.scan import OF_EACH
from nlp.sieve import Sieve

_TITLES = frozenset("mr mrs ms miss mx dr md do np pa rn jr sr ii iii iv phd".split())
_STOPS = re.compile(
    r"(?i)\b(?:d\.?o\.?b|mrn|age|sex|gender|date|acct|account|visit|provider|phone|room|location|medical|pcp|csn|"
    r"born|birth|address|insurance|dos|encounter|seen|here|is|was|has|reports?|denies|presents?|with|and|the)\b.*"
)


class _Signs(Sieve):
    """A pattern for signs of one kind."""

    def may_stand(self, held: frozenset[str]) -> bool:
        """Return False only where a text has no letters for a sign; `held` is what the scan says of it."""
        return not self._letters or not self._told.isdisjoint(held)


# A label opens a line or a column, or stands behind a sign; one blank may lie between.
_NAME = _Signs(
    re.compile(
        r"(?im)(?:^|(?<=^[ ])|(?<=[\t|>*#-])|(?<=[\t|>*#-][ ])|(?<=[ ]{2}))"
        r"(?P<label>patient(?:'s)? name|pt\.? name|patient|pt|re|name)"
        r"[ \t]{0,8}[:=][ \t]{0,20}(?P<value>[^\n\r:|;()\d\t]{3,60})"
    ),
    names=("patient's name", "patient name", "pt. name", "pt name", "patient", "pt", "re", "name"),
    whole=True,
    scan=OF_EACH,
)
_LABELS = ("patient", "pt", "re", "name")  # what its labels end with
_LABELS_OR_BLANKS = (*_LABELS, " ", "\t")
_BEFORE_LABEL = frozenset("\n\t |>*#-")  # what may stand right before that
_NUMBER = _Signs(
    re.compile(
        r"(?i)(?<!\w)(?:mrn|mr ?#|mr no\.?|med(?:ical)? rec(?:ord)?(?: (?:number|no\.?|num))?)"
        r"[ \t]{0,20}[:#=]{0,2}[ \t]{0,20}(?P<value>[A-Z]{0,3}\d[\d-]{4,14})(?!\w)"
    ),
    scan=OF_EACH,
)
_BIRTH = _Signs(
    re.compile(
        r"(?i)(?<!\w)(?:d\.?o\.?b\.?|date of birth|birth ?date)[ \t]{0,20}[:=]?[ \t]{0,20}(?P<value>"
        r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4})(?!\w)"
    ),
    scan=OF_EACH,
)
_RELATIVE = re.compile(
    r"(?i)\b(?:mother|father|mom|dad|parent|guardian|spouse|husband|wife|son|daughter|child|infant|baby|newborn|"
    r"donor|subscriber|insured|guarantor|provider|partner|emergency contact)\b[^\n]{0,24}$"
)
# Lines are entered by their break, which is quick to find; the first line gets one before it.
_OPENING = re.compile(
    r"(?i)\n[ \t]*(?:(?:hpi|history of present illness|subjective|s|cc|interval history)"
    r"[ \t]*[:.-][ \t]*)?"
    r"(?:(?:this is|patient is|pt is)[ \t])?(?:an?|the)?[ \t]?(?P<age>\d{1,3})[ -]?(?:y/?o|yo|yr|"
    r"years?[ -]old)[ \t-]+(?:[a-z-]+[ \t]){0,2}?"
    r"(?P<sex>woman|female|lady|girl|f|man|male|gentleman|boy|m)\b"
)
_FEMALE = frozenset({"woman", "female", "lady", "girl", "f"})
_FORMATS = (
    *("%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%m-%d-%Y", "%m-%d-%y", "%m.%d.%Y", "%m.%d.%y"),
    *("%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y"),
)
_NEAR = 200  # a bare "Name:" is the patient's where a birthday or number stands this near


@dataclass(frozen=True, slots=True)
class Sign:
    """One statement of who the patient is. `note` counts from 0; `value` is what is compared."""

    note: int
    kind: str
    start: int
    end: int
    value: str | frozenset[str] = field(repr=False)


def second_patient(texts: Sequence[str]) -> tuple[Sign, Sign] | None:
    """Return the first sign of one patient and the first of another; None where the notes agree."""
    signs = [sign for place, text in enumerate(texts) for sign in _signs(place, text)]
    if len(signs) < 2:
        return None
    by_kind = {kind: [s for s in signs if s.kind == kind] for kind in ("number", "birth", "name", "opening")}
    numbers, births, names = by_kind["number"], by_kind["birth"], by_kind["name"]
    one_number, one_birth = _agree(numbers), _agree(births)
    found = []
    if not (one_birth and _same_names(names)):  # one person may have a number at each of two hospitals
        found.append(_differing(numbers))
    if not one_number:
        found.append(_differing(births))
        if not one_birth:
            found.append(_other_name(names))
            if not (numbers or births or names):
                found.append(_differing(by_kind["opening"]))
    pairs = [pair for pair in found if pair is not None]
    return min(pairs, key=lambda pair: (pair[1].note, pair[1].start)) if pairs else None


def part_start(text: str, place: int) -> int:
    """Return where the part of a text begins that a sign belongs to: its block of lines."""
    start = text.rfind("\n", 0, place) + 1
    for _ in range(6):
        above = text.rfind("\n", 0, max(start - 1, 0)) + 1
        if start == 0 or not text[above : start - 1].strip():
            break
        start = above
    return start


def _signs(note: int, text: str) -> Iterator[Sign]:
    anchors = []
    held = OF_EACH.held(fold(text))
    for kind, pattern in (("number", _NUMBER), ("birth", _BIRTH)):
        for match in pattern.finditer(text) if pattern.may_stand(held) else ():
            if _RELATIVE.search(text, max(match.start() - 60, 0), match.start()):
                continue
            value = _number(match["value"]) if kind == "number" else _birthday(match["value"])
            if value is not None:
                anchors.append(match.start())
                yield Sign(note, kind, match.start(), match.end(), value)
    anchors.sort()
    for match in _NAME.finditer(text) if _NAME.may_stand(held) and _labels_a_name(text) else ():
        value_ = _name(match["value"])
        bare = match["label"].lower() in ("name", "re")
        at = bisect_left(anchors, match.start() - _NEAR)
        near = at < len(anchors) and anchors[at] <= match.start() + _NEAR
        if value_ is not None and (near or not bare):
            start = match.start("label")
            yield Sign(note, "name", start, match.start("value") + len(match["value"].rstrip()), value_)
    for match in _OPENING.finditer("\n" + text):
        sex = "female" if match["sex"].lower() in _FEMALE else "male"
        yield Sign(note, "opening", match.start("age") - 1, match.end() - 1, sex)


def _labels_a_name(text: str) -> bool:
    """Return False only where no sign of a label stands behind what the labels of names end with."""
    for part in fold(text).replace("=", ":").split(":")[:-1]:
        if part.endswith(_LABELS_OR_BLANKS) and _is_label(part.rstrip(" \t")):
            return True
    return False


def _is_label(before: str) -> bool:
    """Return whether what the labels of names end with stands apart at the end of a text."""
    for label in _LABELS:
        if before.endswith(label):
            start = len(before) - len(label)
            if start == 0 or before[start - 1] in _BEFORE_LABEL:
                return True
    return False


def _number(written: str) -> str:
    return written.upper().replace("-", "").lstrip("0")


def _birthday(written: str) -> str | None:
    plain = written.replace(". ", " ")
    for form in _FORMATS:
        try:
            day = datetime.strptime(plain, form)  # noqa: DTZ007 -- a birthday has no zone
        except ValueError:
            continue
        return f"{day.year % 100:02}-{day.month:02}-{day.day:02}"  # a century may be left out
    return None


def _name(written: str) -> frozenset[str] | None:
    """Return the parts of a name; None for what is no name of two parts or more."""
    words = re.findall(r"[^\W\d_][^\W\d_'’]*", _STOPS.sub("", written))
    if not words or any(not word[0].isupper() for word in words):
        return None
    parts = [w.lower().replace("’", "'") for w in words]
    parts = [part for part in parts if len(part) > 1 and part not in _TITLES]
    return frozenset(parts) if 2 <= len(parts) <= 5 else None


def _agree(signs: Sequence[Sign]) -> bool:
    """Whether one value stands twice or more and no other does."""
    return len(signs) > 1 and len({s.value for s in signs}) == 1


def _differing(signs: Sequence[Sign]) -> tuple[Sign, Sign] | None:
    other = next((s for s in signs if s.value != signs[0].value), None)
    return None if other is None else (signs[0], other)


def _other_name(signs: Sequence[Sign]) -> tuple[Sign, Sign] | None:
    """Find a name that is not the first one written another way ("Doe, Jane", "Jane Doe-Roe")."""
    for sign in signs[1:]:
        one, two = frozenset(signs[0].value), frozenset(sign.value)
        if not (one <= two or two <= one):
            return signs[0], sign
    return None


def _same_names(signs: Sequence[Sign]) -> bool:
    return len(signs) > 1 and _other_name(signs) is None
