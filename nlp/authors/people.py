"""Find who wrote and who signed a note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from nlp.authors.attestations import attestations
from nlp.authors.load import credentials
from nlp.facts import Author, AuthorRole, SectionCategory
from nlp.pattern_nodes import width
from nlp.patterns import spaced
from nlp.sieve import Sieve
from nlp.view import normalise

if TYPE_CHECKING:
    from nlp.layout import Layout

# A name: capitalised words and initials, or what masking left of one.
_WORD = r"(?:[A-Z][\w'.-]{0,24}|X{2,8}|_{2,40}|\[\*\*[^\]\n]{1,40}\*\*\]|\*{3,8})"
_WORD_OPENS = r"(?=[A-Z_*\[])"  # asked first: what else is asked of a word takes long
_GAP_ENDS = tuple(", (")
_GAP = rf"[ ]?[{''.join(_GAP_ENDS)}]{{1,3}}"  # between a name and a credential
_NAME = rf"(?:Dr\.? )?{_WORD}(?:,? {_WORD}){{0,3}}"
_NAMED = re.compile(rf"{_WORD}{_GAP}\Z")
_NAMED_REACH = width(_NAMED)
_SIGNS = (
    r"(?:electronically |digitally |e-)?(?:co-?)?signed(?: electronically)?(?: by)?|"
    r"e-?signature|authenticated by|/s/|/es/|attested by|electronically authenticated by|"
    r"finalized by|"
    r"(?:reviewed|read) and signed by|signature|verified by|approved by"
)
_WRITES = (
    r"dictated by|dictated|dictating provider|author|written by|note by|note written by|"
    r"entered by|documented by|transcribed for|recorded by|prepared by|completed by|charted by"
)
_SEES = (
    r"(?:seen|evaluated|examined)(?: (?:&|and) (?:examined|"
    r"evaluated))?(?: today)?(?: in clinic)? by|rendering provider|treating provider|"
    r"(?:visit |encounter |billing |attending )?provider(?: name)?|performed by|"
    r"performing provider|"
    r"attending(?: physician| provider| md)?|attg|physician|clinician|practitioner|surgeon|"
    r"hospitalist|consultant|examiner|resident|intern|medical student|scribe|scribed by|nurse|"
    r"rn|lpn|ma|given by|administered by|injected by|"
    r"injection given by|vaccinator|dietitian|pharmacist"
)
_QUOTED = spaced(
    r"(?:\bcc|copy to|copies to|sent to|pcp|primary(?: care)?(?: provider| physician)?|"
    r"referring|referred by|referral from|ordering|ordered by|orders?(?:ed)?(?: from| of)?|standing order|"
    r"script|rx|per|"
    r"d/w|discussed with|consult(?:ing|ed)?(?: with)?|supervising|"
    r"under|on behalf of|refer(?:red)? to|followed by|family|requesting|requested by|f/u with|"
    r"follow up with|surgeon|reviewed with|results to|spoke with|seen previously by|"
    r"last seen by|previously seen by|copied from|dear|re|attn|prescribing|collaborating|"
    r"billed under|not)"
    r"[ \t]{0,2}(?:md|provider|physician|doctor|dr\.?)?[ \t]{0,2}[:,(]?[ \t]{0,3}$",
    re.IGNORECASE,
)
# "She was seen by Dr. Hale" tells a story; "Walk-in, seen by L. Orme, FNP" tells who writes.
_BY = re.compile(r"(?:seen|evaluated|examined|performed|dictated|completed|prepared)\b.*\bby", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:^|[\r\n.;:,()!|*-]|\b(?:pt|patient|note|visit|report|summary|consult|draft))[ \t]{0,4}$",
    re.IGNORECASE,
)
_TOLD = spaced(r"\b(?:was|were|been|be|being|previously|last|to be|will be)[ \t]{1,2}$", re.IGNORECASE)
_ROLES = (
    (re.compile(r"student", re.I), AuthorRole.STUDENT),
    (re.compile(r"scrib", re.I), AuthorRole.SCRIBE),
    (re.compile(r"resident|intern(?!a)", re.I), AuthorRole.RESIDENT),
    (
        re.compile(
            r"provider|attending|attg|physician|clinician|practitioner|surgeon|hospitalist|consultant", re.I
        ),
        AuthorRole.PROVIDER,
    ),
    (re.compile(r"nurse|rn|lpn", re.I), AuthorRole.NURSE),
    (re.compile(r"dietitian|pharmacist|^ma$", re.I), AuthorRole.OTHER_CLINICIAN),
)
_DOCTOR = spaced(r"Dr\.? ")
_PATIENT = Sieve(
    spaced(
        r"(?:(?<![^\r\n])[ \t]{0,4}(?:(?:patient|pt)[- ]portal|portal|mychart|patient gateway|secure)"
        r" (?:message|msg|encounter|advice request)"
        r"(?=[ \t]{0,3}(?:[^\w \t']|\d|from|by|received|thread|encounter|sent (?:by|from|on)|to dr|\Z))"
        r"|(?:message|msg)(?: sent| received)? (?:from|by):?(?: the)? (?:patient|pt)"
        r"|(?:questionnaire|form) (?:completed|filled out|submitted) by (?:the )?(?:patient|pt)"
        r"|(?<![^\r\n])[ \t]{0,4}(?:patient|pt)(?:'s)? (?:questionnaire|self-?report form|intake form))(?!\w)"
        r"|(?:patient|pt) (?:wrote|writes):",
        re.IGNORECASE,
    )
)
_FROM_PATIENT = Sieve(
    spaced(
        r"(?<![^\r\n])[ \t]{0,4}from(?:: ?|(?= \w{1,80} \d)(?: ))(?:the )?(?:patient|pt)(?!\w)", re.IGNORECASE
    )
)
# The words of an unsigned note, by the first of them.
_UNSIGNED_WORDS = {
    "unsigned": "",
    "not": r" (?:(?:yet )?(?:been )?(?:electronically )?signed|yet authenticated)",
    "draft": r"(?: note)?(?! (?:letter|of|a|beer))",
    "pended": r"(?: note)?",
    "awaiting": r" (?:\w+ )?signature",
    "signature": r" pending",
    "pending": r" (?:\w+ )?(?:signature|cosignature|co-signature|review and signature)",
    "dictated": r" (?:but )?not (?:read|signed|reviewed)",
    "preliminary": r" note",
    "note": r" status: (?:pended|draft|incomplete|unsigned)",
}
_UNSIGNED = Sieve(
    spaced(rf"(?<!\w)(?:{'|'.join(map(''.join, _UNSIGNED_WORDS.items()))})(?!\w)", re.IGNORECASE),
    _UNSIGNED_WORDS,
    whole=True,
)
_TAIL_SHARE = 400  # code points before the note's end within which a bare signature may stand
_STUDENT = Sieve(
    spaced(
        r"^[ \t]{0,8}((?:(?:first|second|third|fourth)[ -]year |[1-4](?:st|nd|rd|th)[ -]year |ms-?[1-4] |"
        r"medical |nursing |pa |np )?student(?:'s)?(?: progress| clinic)? note)\b",
        re.I | re.M,
    )
)
# A note whose title says that a nurse or assistant wrote it: a provider named in it ordered or is quoted.
_NURSE_TITLE = (
    r"((?:nurse|nursing|nutrition|dietitian|dietician|rn|lpn|lvn|ma|medical assistant|infusion nurse"
    r"|clinic nurse)[ -]{1,3}(?:only[ -]{1,3})?"
    r"(?:visit|note|encounter|injection|inj|clinic|progress note|communication|(?:initial )?assessment"
    r"|follow-?up))\b"
)
_NURSE_ANYWHERE = Sieve(
    spaced(rf"(?<!\w){_NURSE_TITLE}", re.IGNORECASE),
    "nurse nursing nutrition dietitian dietician rn lpn lvn ma medical infusion clinic".split(),
    whole=True,
)
_NURSE_NOTE = spaced(rf"\A[^\n]{{0,60}}?\b{_NURSE_TITLE}", re.IGNORECASE)
# The same behind a line or four that name the patient: a line of its own, and no story of a nurse visit.
_NURSE_LINE = spaced(
    rf"\A(?:[^\n]{{0,160}}\n){{1,4}}[ \t]{{0,8}}{_NURSE_TITLE}"
    r"(?=[ \t]{0,3}(?:[\r\n|:\u2013\u2014-]|\d{1,2}[/-]\d)|[ \t]{2}|[ \t]{0,3}\Z)",
    re.IGNORECASE,
)
_TO_BE_FILLED = spaced(
    r"[ \t:-]{0,8}(?:_{3,}|\[ ?\]|\(?(?:not (?:yet )?(?:completed|done|signed)|pending|blank|none)\b)", re.I
)
_SAME_ATTESTATION = 60  # "Attending attestation: I saw and examined …" is one
_OPENS = re.compile(r"(?:^|[\r\n.;:,?!)-])[ \t]{0,3}$")  # before "A. Bui, MA", not before "in Fall River, MA"
# "TELEPHONE TRIAGE   9/17/26  14:22   K. Dray RN": a first line with kind, day and hour, then who writes;
# lines that name the patient may stand before it.
_TITLE_LINE = re.compile(
    r"(?:\s*(?i:name|patient|pt|unit no|mrn|dob)\b[^\n]{0,160}\n){0,4}"
    r"\s*(?!(?i:[^\n]*\b(?:refer|order|cc\b|pcp\b|attn|fax|copy|copied)))"
    r"[^\n]{0,60}?(?:\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?|\d{1,2}:?\d\d)[ \t|,-]{1,12}"
    r"(?:\d{1,3}[ ]min(?:utes|s)?\.?[ \t|,-]{1,12})?"
)
_TITLE_MOST = 900  # code points from the start within which a first line of that kind ends
_HOME = re.compile(r"\s*\d{5}(?:-\d{4})?(?!\d)")


@dataclass(frozen=True, slots=True)
class _Person:
    start: int
    end: int
    credential: str | None
    role: AuthorRole
    signed: bool | None


def read_authors(
    text: str,
    layout: Layout,
    note_id: str | None = None,
    author: str | None = None,
    credential: str | None = None,
    signed: bool | None = None,
) -> tuple[Author, ...]:
    """Find the people who wrote or signed the note, with role and signature.

    A provider who is only quoted (ordering, referring, copied to) is no author. The note leads:
    what the caller knows (`author`, `credential`, `signed`) fills what the note leaves open, and
    makes an author without a place (0, 0) where the note names nobody.

    Args:
        text: the note as given.
        layout: its sections and units.
        note_id: carried into the records.
        author: who wrote, as the record system says it.
        credential: that person's credential, free text ("MD, PGY-2", "RN").
        signed: whether the record system holds the note as signed.
    """
    view = normalise(text)
    people = _apart([*_labelled(view), *_bare(view, layout), *_spoken(view)])
    draft = _UNSIGNED.search(view)
    if draft is not None:
        people = [person if person.signed else replace(person, signed=False) for person in people]
    elif signed is not None and people and all(person.signed is None for person in people):
        people = [replace(person, signed=signed) if person is people[-1] else person for person in people]
    told = bool(credential or author)
    known = credentials().role_of(f" {credential or ''} {author or ''} ") if told else AuthorRole.UNKNOWN
    if (
        len(people) == 1
        and people[0].credential is None
        and credential
        and people[0].role is not AuthorRole.PATIENT
    ):
        role = people[0].role if people[0].role is not AuthorRole.UNKNOWN else known
        people = [replace(people[0], credential=credential, role=role)]
    if not people and (author or credential or signed is not None or draft is not None):
        start, end = draft.span() if draft is not None else (0, 0)
        people = [_Person(start, end, credential, known, False if draft is not None else signed)]
    return tuple(
        Author(
            id=f"a{number}",
            note_id=note_id,
            credential=person.credential,
            role=person.role,
            signed=person.signed,
            start=person.start,
            end=person.end,
            text=text[person.start : person.end],
        )
        for number, person in enumerate(people, start=1)
    )


def _labelled(view: str) -> Iterator[_Person]:
    """People behind a label: "Provider:", "Electronically signed by", "Dictated by"."""
    for match in _label_pattern().finditer(view):
        if _QUOTED.search(view[max(0, match.start() - 40) : match.start()]):
            continue
        label, written = match["label"], match["cred"] or match["title"]
        if match["name"] is None and written is None:
            continue
        if _reads_on(match) or _is_told(label, view[max(0, match.start() - 16) : match.start()]):
            continue
        role = credentials().role_of(written) if written else AuthorRole.UNKNOWN
        by_label = next((role_ for pattern, role_ in _ROLES if pattern.search(label)), AuthorRole.UNKNOWN)
        if role is AuthorRole.UNKNOWN or by_label in (
            AuthorRole.STUDENT,
            AuthorRole.SCRIBE,
            AuthorRole.RESIDENT,
        ):
            role = by_label if by_label is not AuthorRole.UNKNOWN else role
        if role is AuthorRole.UNKNOWN and match["name"] and _DOCTOR.match(match["name"]):
            role = AuthorRole.PROVIDER
        signs = _signs_pattern().fullmatch(label) is not None
        yield _Person(
            match.start(),
            match.end(),
            written,
            role,
            True if signs and not _is_blank(match["name"]) else None,
        )


def _is_title_line(view: str, end: int) -> bool:
    """Whether a title line ends at `end`; farther down there is none, and looking would cost."""
    return end <= _TITLE_MOST and _TITLE_LINE.fullmatch(view, 0, end) is not None


def _bare(view: str, layout: Layout) -> Iterator[_Person]:
    """People who sign without a label: "A. Bui, MA" at the end, "J. Doe, MD" on a line of its own."""
    length = len(view.rstrip())
    known = credentials()
    for match in _signature_pattern().finditer(view):
        written = match["cred"]
        if _QUOTED.search(view[max(0, match.start() - 40) : match.start()]):
            continue
        after = view[match.end() : match.end() + 12]
        before = view[max(0, match.start() - 4) : match.start()]
        alone = (not before.strip(" \t") or before.rstrip(" \t").endswith(("\n", "\r"))) and (
            not after.strip() or after.lstrip(" \t.")[:1] in ("\n", "\r", "")
        )
        section = layout.section_at(match.start())
        in_signature = section is not None and section.category is SectionCategory.SIGNATURE
        closes = (
            length - match.end() <= _TAIL_SHARE
            and re.match(r"[ \t.]{0,3}(?:[\r\n]|$|,? ?\d|[/&|;+][ \t]{0,2}[A-Z]|and [A-Z])", after)
            is not None
        )
        heads = _is_title_line(view, match.start()) and after.lstrip(" \t")[:1] in (
            "\n",
            "\r",
        )
        if not (alone or in_signature or closes or heads) or _HOME.match(after):
            continue
        if known.is_ambiguous(written) and not (
            (in_signature or closes or heads) and _many(match["name"]) and _OPENS.search(before)
        ):
            continue
        yield _Person(match.start(), match.end(), written, known.role_of(written), None)


def _spoken(view: str) -> Iterator[_Person]:
    """Attestations and patients' messages, where the words tell the role and no name is needed."""
    last = -_SAME_ATTESTATION
    for start, end in attestations(view):
        if start - last >= _SAME_ATTESTATION and not _TO_BE_FILLED.match(view, end):
            yield _Person(start, end, None, AuthorRole.PROVIDER, None)
        last = max(last, end)
    nurse = _nurse_title(view)
    if nurse is not None:
        yield _Person(nurse.start(1), nurse.end(1), None, AuthorRole.NURSE, None)
    for match in _STUDENT.finditer(view):
        yield _Person(match.start(1), match.end(1), None, AuthorRole.STUDENT, None)
    for match in (*_PATIENT.finditer(view), *_FROM_PATIENT.finditer(view)):
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        yield _Person(start, match.end(), None, AuthorRole.PATIENT, None)


def _nurse_title(view: str) -> re.Match[str] | None:
    """The title of a nurse's note, near the top; most notes hold no such words anywhere."""
    if _NURSE_ANYWHERE.search(view) is None:
        return None
    return _NURSE_NOTE.match(view) or _NURSE_LINE.match(view)


def _apart(people: list[_Person]) -> list[_Person]:
    """Put people in text order and drop what overlaps an earlier, longer find."""
    result: list[_Person] = []
    for person in sorted(people, key=lambda one: (one.start, -one.end)):
        if result and person.start < result[-1].end:
            continue
        result.append(person)
    return result


def _reads_on(match: re.Match[str]) -> bool:
    """Whether what looks like a label is prose ("Nurse Practitioner", "physician Assistant visits")."""
    has_colon = match["colon"] is not None
    by = match["label"].lower().endswith("by") or _signs_pattern().fullmatch(match["label"]) is not None
    if has_colon:
        return False
    return not (
        by
        and (
            match["cred"]
            or match["title"]
            or (match["name"] and _DOCTOR.match(match["name"]))
            or _many(match["name"])
        )
    )


def _is_told(label: str, before: str) -> bool:
    """Whether a label that ends in "by" stands in the middle of a story."""
    if _BY.fullmatch(label):
        return _OPENING.search(before) is None
    return label.lower().endswith(" by") and _TOLD.search(before) is not None


def _many(name: str | None) -> bool:
    return name is not None and (len(name.split()) > 1 or _has_initial(name))


def _has_initial(name: str) -> bool:
    return (
        re.search(r"(?<![\w.])[A-Z]\.(?=[ A-Z,]|$)", name) is not None
        or len(name.replace(",", " ").split()) >= 3
    )


def _is_blank(name: str | None) -> bool:
    return name is None or not name.strip("_ .,")


def _credential_run() -> str:
    one = rf"(?:{credentials().alternatives})(?![\w-])"
    return rf"{one}(?:,? {{0,2}}(?:/ ?)?{one}){{0,3}}"


@lru_cache(maxsize=1)
def _label_pattern() -> Sieve:
    label = rf"(?<![\w-])(?P<label>(?i:{_SIGNS}|{_WRITES}|{_SEES})(?!\w))(?P<colon>[ \t]{{0,3}}[:#])?"
    gap = r"[ \t]{0,4}(?:\r?\n[ \t]{0,4})?"
    title = rf"(?:(?P<title>{_credential_run()})[ ,]{{1,2}})?"
    credential = rf"(?:[,;]? {{0,2}}[ (]?(?P<cred>{_credential_run()}))?"
    return Sieve(re.compile(rf"{label}{gap}{title}(?P<name>{_lean_name()})?{credential}"))


@lru_cache(maxsize=1)
def _signature_pattern() -> _Signatures:
    return _Signatures(
        re.compile(rf"{_WORD_OPENS}(?<![\w.'*-])(?P<name>{_lean_name()}){_GAP}(?P<cred>{_credential_run()})")
    )


class _Signatures(Sieve):
    """Names with a credential behind; most of what looks like one ("per RN") has no name before it.

    A match holds, right before its first credential, a gap and before that a word of a name: both are asked
    for where credentials stand before the whole is tried there.
    """

    def __init__(self, pattern: re.Pattern[str]) -> None:
        super().__init__(pattern)
        self._credentials = Sieve(re.compile(rf"(?<![A-Za-z0-9])(?:{credentials().alternatives})(?![\w-])"))

    def _starts(self, view: str) -> list[int]:
        places = self._credentials.leading(view)
        if places is None:
            return super()._starts(view)
        named = _NAMED.search
        return [
            place
            for place in places
            if view[place - 1 : place] in _GAP_ENDS and named(view, max(0, place - _NAMED_REACH), place)
        ]


@lru_cache(maxsize=1)
def _signs_pattern() -> re.Pattern[str]:
    return re.compile(_SIGNS, re.IGNORECASE)


def _lean_name() -> str:
    """A name whose words are no credentials, so that "Doe MD" leaves the MD."""
    word = rf"{_WORD_OPENS}(?!(?:{credentials().alternatives})(?![\w-])){_WORD}"
    return rf"(?:Dr\.? {{1,2}})?{word}(?:,? {{1,2}}{word}){{0,3}}"
