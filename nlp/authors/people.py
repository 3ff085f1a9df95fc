"""Find who wrote and who signed a note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from nlp.authors.attestations import attestations
from nlp.authors.load import credentials
from nlp.authors.wording import (
    BY,
    CLOSES_NOTE,
    DOCTOR,
    FROM_PATIENT,
    GAP,
    GAP_ENDS,
    HOME,
    INITIAL,
    LINE_OPENS,
    LINE_OPENS_REACH,
    NAMED,
    NAMED_REACH,
    NURSE_ANYWHERE,
    NURSE_LINE,
    NURSE_NOTE,
    OPENING,
    OPENS,
    PATIENT,
    QUOTED,
    ROLES,
    SAME_ATTESTATION,
    SEES,
    SIGNS,
    STUDENT,
    TAIL_SHARE,
    TITLE_LINE,
    TITLE_MOST,
    TO_BE_FILLED,
    TOLD,
    UNSIGNED,
    WORD,
    WORD_OPENS,
    WRITES,
)
from nlp.facts import Author, AuthorRole, SectionCategory
from nlp.heads import OF_NAMES
from nlp.sieve import Sieve
from nlp.view import normalise

if TYPE_CHECKING:
    from nlp.layout import Layout


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
    draft = UNSIGNED.search(view)
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
        if QUOTED.stands_in(view[max(0, match.start() - 40) : match.start()]):
            continue
        label, written = match["label"], match["cred"] or match["title"]
        if match["name"] is None and written is None:
            continue
        if _reads_on(match) or _is_told(label, view[max(0, match.start() - 16) : match.start()]):
            continue
        role = credentials().role_of(written) if written else AuthorRole.UNKNOWN
        by_label = next((role_ for pattern, role_ in ROLES if pattern.search(label)), AuthorRole.UNKNOWN)
        if role is AuthorRole.UNKNOWN or by_label in (
            AuthorRole.STUDENT,
            AuthorRole.SCRIBE,
            AuthorRole.RESIDENT,
        ):
            role = by_label if by_label is not AuthorRole.UNKNOWN else role
        if role is AuthorRole.UNKNOWN and match["name"] and DOCTOR.match(match["name"]):
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
    return end <= TITLE_MOST and TITLE_LINE.fullmatch(view, 0, end) is not None


def _bare(view: str, layout: Layout) -> Iterator[_Person]:
    """People who sign without a label: "A. Bui, MA" at the end, "J. Doe, MD" on a line of its own."""
    length = len(view.rstrip())
    known = credentials()
    for match in _signature_pattern().finditer(view):
        written = match["cred"]
        if QUOTED.stands_in(view[max(0, match.start() - 40) : match.start()]):
            continue
        after = view[match.end() : match.end() + 12]
        before = view[max(0, match.start() - 4) : match.start()]
        alone = (not before.strip(" \t") or before.rstrip(" \t").endswith(("\n", "\r"))) and (
            not after.strip() or after.lstrip(" \t.")[:1] in ("\n", "\r", "")
        )
        section = layout.section_at(match.start())
        in_signature = section is not None and section.category is SectionCategory.SIGNATURE
        closes = length - match.end() <= TAIL_SHARE and CLOSES_NOTE.match(after) is not None
        heads = _is_title_line(view, match.start()) and after.lstrip(" \t")[:1] in (
            "\n",
            "\r",
        )
        if not (alone or in_signature or closes or heads) or HOME.match(after):
            continue
        if known.is_ambiguous(written) and not (
            (in_signature or closes or heads) and _many(match["name"]) and OPENS.search(before)
        ):
            continue
        yield _Person(match.start(), match.end(), written, known.role_of(written), None)


def _spoken(view: str) -> Iterator[_Person]:
    """Attestations and patients' messages, where the words tell the role and no name is needed."""
    last = -SAME_ATTESTATION
    for start, end in attestations(view):
        if start - last >= SAME_ATTESTATION and not TO_BE_FILLED.match(view, end):
            yield _Person(start, end, None, AuthorRole.PROVIDER, None)
        last = max(last, end)
    nurse = _nurse_title(view)
    if nurse is not None:
        yield _Person(nurse.start(1), nurse.end(1), None, AuthorRole.NURSE, None)
    for match in STUDENT.finditer(view):
        yield _Person(match.start(1), match.end(1), None, AuthorRole.STUDENT, None)
    for match in FROM_PATIENT.finditer(view):
        start = match.start()
        if LINE_OPENS.search(view, max(0, start - LINE_OPENS_REACH), start):
            yield _Person(start, match.end(), None, AuthorRole.PATIENT, None)
    for match in PATIENT.finditer(view):
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        yield _Person(start, match.end(), None, AuthorRole.PATIENT, None)


def _nurse_title(view: str) -> re.Match[str] | None:
    """The title of a nurse's note, near the top; most notes hold no such words anywhere."""
    if NURSE_ANYWHERE.search(view) is None:
        return None
    return NURSE_NOTE.match(view) or NURSE_LINE.match(view)


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
            or (match["name"] and DOCTOR.match(match["name"]))
            or _many(match["name"])
        )
    )


def _is_told(label: str, before: str) -> bool:
    """Whether a label that ends in "by" stands in the middle of a story."""
    if BY.fullmatch(label):
        return OPENING.search(before) is None
    return label.lower().endswith(" by") and TOLD.search(before) is not None


def _many(name: str | None) -> bool:
    return name is not None and (len(name.split()) > 1 or _has_initial(name))


def _has_initial(name: str) -> bool:
    return INITIAL.search(name) is not None or len(name.replace(",", " ").split()) >= 3


def _is_blank(name: str | None) -> bool:
    return name is None or not name.strip("_ .,")


def _credential_run() -> str:
    one = rf"(?:{credentials().alternatives})(?![\w-])"
    return rf"{one}(?:,? {{0,2}}(?:/ ?)?{one}){{0,3}}"


@lru_cache(maxsize=1)
def _label_pattern() -> Sieve:
    label = rf"(?<![\w-])(?P<label>(?i:{SIGNS}|{WRITES}|{SEES})(?!\w))(?P<colon>[ \t]{{0,3}}[:#])?"
    gap = r"[ \t]{0,4}(?:\r?\n[ \t]{0,4})?"
    title = rf"(?:(?P<title>{_credential_run()})[ ,]{{1,2}})?"
    credential = rf"(?:[,;]? {{0,2}}[ (]?(?P<cred>{_credential_run()}))?"
    return Sieve(re.compile(rf"{label}{gap}{title}(?P<name>{_lean_name()})?{credential}"), scan=OF_NAMES)


@lru_cache(maxsize=1)
def _signature_pattern() -> _Signatures:
    return _Signatures(
        re.compile(rf"{WORD_OPENS}(?<![\w.'*-])(?P<name>{_lean_name()}){GAP}(?P<cred>{_credential_run()})")
    )


class _Signatures(Sieve):
    """Names with a credential behind; most of what looks like one ("per RN") has no name before it.

    A match holds, right before its first credential, a gap and before that a word of a name: both are asked
    for where credentials stand before the whole is tried there.
    """

    def __init__(self, pattern: re.Pattern[str]) -> None:
        super().__init__(pattern, scan=OF_NAMES)
        self._credentials = Sieve(re.compile(rf"(?<![A-Za-z0-9])(?:{credentials().words})"), scan=OF_NAMES)

    def _starts(self, view: str) -> list[int]:
        places = self._credentials.leading(view)
        if places is None:
            return super()._starts(view)
        named = NAMED.search
        return [
            place
            for place in places
            if view[place - 1 : place] in GAP_ENDS and named(view, max(0, place - NAMED_REACH), place)
        ]


@lru_cache(maxsize=1)
def _signs_pattern() -> re.Pattern[str]:
    return re.compile(SIGNS, re.IGNORECASE)


def _lean_name() -> str:
    """A name whose words are no credentials, so that "Doe MD" leaves the MD."""
    word = rf"{WORD_OPENS}(?!(?:{credentials().alternatives})(?![\w-])){WORD}"
    return rf"(?:Dr\.? {{1,2}})?{word}(?:,? {{1,2}}{word}){{0,3}}"
