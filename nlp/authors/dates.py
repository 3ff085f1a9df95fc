"""Find the dates that frame a note: visit, admission, discharge, signature, and of what was copied in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from nlp.expression import Expression
from nlp.facts import NoteDate, SectionCategory
from nlp.kinds import kinds, stretches
from nlp.pattern_nodes import width
from nlp.patterns import spaced, spaced_out
from nlp.view import normalise

if TYPE_CHECKING:
    from nlp.layout import Layout

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?P<m>\d{1,2})(?P<sep>[/.-])(?P<d>\d{1,2})(?P=sep)(?P<y>\d{4}|\d{2})"
    r"|(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2})"
    rf"|(?P<tm>{_MONTH})\s(?P<td>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<ty>\d{{4}})"
    rf"|(?P<ud>\d{{1,2}})[ -](?P<um>{_MONTH})[ -](?P<uy>\d{{4}})"
    r")(?![\w/]|[.-]\d)",
    re.IGNORECASE,
)
# In each date, by kinds: the year behind the sign that parts it from a day, or behind a blank.
_YEAR = re.compile(rb"/00(?:(?<=0/0/00)|(?<=0/00/00)|(?=00))")
_YEAR_APART = re.compile(rb" 0000")
_BEHIND = 7  # code points of a year with the sign before it and what is looked at behind it
_BEFORE = width(_DATE) - _BEHIND + 2
# What stands right before the date, tried in this order; the label ends where the date starts.
_GAP = r"[ \t]{0,3}[:=#-]?\s{0,12}$"


def _label(pattern: str) -> Expression:
    return Expression(spaced_out(pattern + _GAP), re.IGNORECASE)


_BIRTH = _label(r"(?:d\.?o\.?b\.?|born(?: on)?|birth(?: ?date|day)?|date of birth)")
_LABELS: tuple[tuple[str, Expression], ...] = (
    (
        "signature",
        _label(
            r"(?:(?:signed|authenticated|attested|cosigned|co-signed|finalized|e-signed)(?: (?:by|on|"
            r"at|date|electronically))?(?:[ ,:]{1,3}[\w.'/()-]{1,24}){0,7}"
            r"|signature date|date signed|signed)",
        ),
    ),
    (
        "copied",
        _label(
            r"(?:copied(?: forward)?(?: from)?|pasted(?: from)?|carried forward(?: from)?|"
            r"imported(?: from)?|(?:prior|previous|earlier|last|old|outside) (?:progress |clinic |"
            r"office )?note"
            r"|note dated|(?:copied|pasted|carried forward|"
            r"imported) from (?:[\w'.]{1,16} ){0,5}(?:note|visit|encounter|h&p|consult)(?: (?:dated|"
            r"of|from|on))?)[ (]{0,2}",
        ),
    ),
    (
        "admission",
        _label(
            r"(?:date of admission|admission date|admit(?:ted)? date|date admitted|adm\.? date|doa|"
            r"admission|admitted|adm)(?: on)?",
        ),
    ),
    (
        "discharge",
        _label(
            r"(?:date of discharge|discharge date|date discharged|d/?c date|dod|discharged?|d/c|"
            r"disch\.?|dc)(?: on)?",
        ),
    ),
    (
        "visit",
        _label(
            r"(?:date(?:/time)? of (?:visit|service|encounter|exam|examination|consultation|"
            r"evaluation|procedure|appointment|operation|surgery)|(?:visit|encounter|service|"
            r"appointment|appt|exam|note|consult|procedure|today's) date"
            r"|dos|d\.o\.s\.|date seen|seen on|visit|encounter|enc|appointment|appt|today|tel enc|"
            r"date)(?: on)?",
        ),
    ),
)
_STRONG = spaced(r"date|dos(?!\w)|doa|dod|seen on|d\.o\.s|:\s{0,12}$", re.IGNORECASE)
_OTHER_DATE = spaced(
    r"(?:last|prior|previous|next|since|follow-?up|due|start|end|onset|injury|collection|"
    r"collected|result|print|printed|report|expiration|exp|at (?:our|the|her|his)|"
    r"\d{4} \w{0,12}|until|lab|labs|dictated|dictation|transcribed|transcription|lmp|edd|her|"
    r"his|our|that|initial|first|surgery|op)\s?$",
    re.IGNORECASE,
)
_NOT_VISIT = re.compile(
    r"(?:\blabs?|drawn|collected|resulted|results?|lmp|edd|edc|last|since|on|from|of|dx|ct|"
    r"mri|egd|colonoscopy|echo|xr|x-ray|printed|dob|born|prior|previous|until|by|hgb|next|due|"
    r"for|in|reviewed|surgery|op|injection|was|dated|pap|ferritin|b12|mcv|through|to|and|refill|exp|age)"
    r"[ \t]{0,2}[:(-]?[ \t]{0,2}$",
    re.IGNORECASE,
)
_OTHER = ""  # the kind of a date that its words give to something else ("last visit 3/2/26")
_LINE = re.compile(r"[^\r\n]+")
_HEAD = 700  # a label in passing ("admitted 9/1/26") frames the note only near its top
_HEAD_LINES = 4
_LINE_REACH = 110
_PREFIX_REACH = 60


def read_dates(text: str, layout: Layout, note_id: str | None = None) -> tuple[NoteDate, ...]:
    """Find the dates of the visit, the admission, the discharge, the signature and of pasted notes.

    Dates are ISO, read month first; a date of birth and a date that was masked are none of these.
    Where no label gives the visit, a date in the note's opening lines does.
    """
    view = normalise(text)
    found: list[NoteDate] = []
    unlabelled: list[tuple[int, int, str]] = []
    for match in _written_dates(view):
        iso = _iso(match)
        if iso is None:
            continue
        start, end = match.span()
        before = view[max(0, start - 96) : start]
        if _BIRTH.search(before[-24:]):
            continue
        kind = _kind(before, start)
        section = layout.section_at(start)
        if kind in (None, "visit") and section is not None and section.category is SectionCategory.COPIED:
            kind = "copied" if start - section.start <= _LINE_REACH else None
        elif kind is None:
            unlabelled.append((start, end, iso))
        if kind not in (None, _OTHER):
            found.append(NoteDate(note_id, kind, iso, start, end, text[start:end]))
    if unlabelled and not any(date_.kind == "visit" for date_ in found):
        found += [
            NoteDate(note_id, "visit", iso, start, end, text[start:end])
            for start, end, iso in _opening(view, unlabelled)
        ]
    return tuple(sorted(found, key=lambda date_: date_.start))


def compile_labels() -> None:
    """Compile what tells the kind of a date, so that no note has to wait for it."""
    for label in (_BIRTH, *(label for _, label in _LABELS)):
        label.prepare()


def _written_dates(view: str) -> Iterator[re.Match[str]]:
    """Yield what `_DATE.finditer(view)` yields, tried only around what may be a year."""
    signs = kinds(view)
    years = [match.start() for match in _YEAR.finditer(signs)]
    if apart := [match.start() for match in _YEAR_APART.finditer(signs)]:
        years = sorted(years + apart)
    for low, high in stretches(years, _BEFORE, _BEHIND):
        yield from _DATE.finditer(view, low, high)


def _kind(before: str, start: int) -> str | None:
    for kind, pattern in _LABELS:
        match = pattern.search(before)
        if match is None:
            continue
        if match.start() and before[match.start() - 1].isalnum():
            continue
        if kind in ("signature", "copied"):
            return kind
        lead = before[: match.start()]
        if _OTHER_DATE.search(lead.rstrip(" \t") if not lead.endswith("\n") else ""):
            return _OTHER
        label = match.group()
        if (
            kind == "visit"
            and label.lower().startswith("date")
            and " of " not in label.lower()
            and not _opens(lead)
        ):
            continue
        if _STRONG.search(label) or start <= _HEAD:
            return kind
    return None


def _opens(lead: str) -> bool:
    """Whether a bare "Date" opens a line, a column or a list, and is not the end of "birth date"."""
    return not lead.strip() or lead.endswith(
        ("\n", "\r", "  ", "\t", "| ", "|", ", ", ",", ". ", "; ", "* ", "- ")
    )


def _opening(view: str, unlabelled: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield the first date of the opening lines that nothing claims for something else."""
    lines = []
    for match in _LINE.finditer(view):
        if match.group().strip():
            lines.append((match.start(), min(match.end(), match.start() + _LINE_REACH)))
        if len(lines) == _HEAD_LINES:
            break
    for start, end, iso in unlabelled:
        line = next(((left, right) for left, right in lines if left <= start < right), None)
        if line is None:
            continue
        prefix = view[line[0] : start]
        if (
            len(" ".join(prefix.split())) <= _PREFIX_REACH
            and not prefix.rstrip().endswith(("(", "["))
            and not _NOT_VISIT.search(prefix)
        ):
            yield start, end, iso
            return


def _iso(match: re.Match[str]) -> str | None:
    if match["m"]:
        year, month, day = match["y"], int(match["m"]), int(match["d"])
    elif match["iy"]:
        year, month, day = match["iy"], int(match["im"]), int(match["id"])
    else:
        name, written, year = match.group("tm", "td", "ty") if match["tm"] else match.group("um", "ud", "uy")
        month, day = _MONTHS.index(name[:3].lower()) + 1, int(written)
    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 70 else 1900)
    try:
        return date(full, month, day).isoformat()
    except ValueError:
        return None
