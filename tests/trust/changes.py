"""Changes to a note that must not change the answer, each a pure function of the text and its layout."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from nlp.facts import Section, SectionCategory
from nlp.layout import read_layout
from nlp.pipeline import read_note

Change = Callable[[str], str | None]  # None: there is nothing in this note to change so

# Sections whose place in the note says nothing; two of them beside each other may change places.
_UNRELATED = frozenset(
    {
        SectionCategory.SOCIAL,
        SectionCategory.ALLERGIES,
        SectionCategory.EXAM,
        SectionCategory.IMAGING,
        SectionCategory.FAMILY,
        SectionCategory.PSH,
        SectionCategory.PMH,
        SectionCategory.MEDICATIONS,
        SectionCategory.LABS,
    }
)
_TITLE_ENDS = re.compile(r"[ \t]*:?[ \t]*$")
_NAMED = re.compile(r"\b(Mr|Mrs|Ms|Dr|Miss)(\.? )[A-Z][a-z]+(?!\w)")
_SIGNED = re.compile(
    r"(?<=by )(?:Dr\. )?[A-Z][a-z]*\.? (?:[A-Z]\. )?[A-Z][a-z]+(?=,? (?:MD|DO|NP|PA-C|PA|FNP))"
)


def on_own_lines(text: str) -> tuple[Section, ...]:
    """The sections whose titles open a line."""
    sections = read_layout(text).sections
    return tuple(s for s in sections if s.title and (s.start == 0 or text[s.start - 1] in "\r\n"))


def retitled(text: str, change: Callable[[str], str]) -> str | None:
    """Rewrite the title of each section that has its own line or a colon."""
    pieces, done = [], 0
    for section in on_own_lines(text):
        if section.start < done:
            continue
        end = section.start + len(section.title)
        pieces += [text[done : section.start], change(section.title)]
        done = end
    found = "".join(pieces) + text[done:]
    return found if found != text else None


def upper_titles(text: str) -> str | None:
    return retitled(text, str.upper)


def title_case(text: str) -> str | None:
    """`ASSESSMENT AND PLAN:` as `Assessment and Plan:`; short ones such as HPI and A/P stay as they are."""

    def change(title: str) -> str:
        words = title.split(" ")
        return " ".join(
            w.capitalize() if len(w.strip(":")) > 4 and w.isupper() and "/" not in w else w for w in words
        )

    return retitled(text, change)


def other_colons(text: str) -> str | None:
    """A title alone on its line gets a colon, or loses the one that it has."""
    pieces, done = [], 0
    for section in on_own_lines(text):
        title_end = section.start + len(section.title)
        line_end = min(
            (at for at in (text.find("\n", title_end), text.find("\r", title_end)) if at >= 0),
            default=len(text),
        )
        if section.start < done or text[title_end:line_end].strip(" \t:"):
            continue
        bare = section.title.rstrip(": \t")
        had = ":" in text[section.start + len(bare) : line_end]
        pieces += [text[done : section.start], bare, "" if had else ":"]
        done = line_end
    found = "".join(pieces) + text[done:]
    return found if found != text else None


def carriage_returns(text: str) -> str | None:
    return None if "\r" in text or "\n" not in text else text.replace("\n", "\r\n")


def double_spaces(text: str) -> str | None:
    """Every single blank between two words twice, as dictation systems and justified exports write it."""
    return re.sub(r"(?<=\S) (?=\S)", "  ", text)


def some_double_spaces(text: str) -> str | None:
    """Every fourth of them, as a typist's thumb does."""
    return re.sub(r"((?<=\S) (?=\S)(?:[^ ]+ ){3}[^ ]+)", r" \1", text)


def other_order(text: str) -> str | None:
    """Two sections beside each other that do not bear on one another, in the other order."""
    sections = read_layout(text).sections
    for one, two in pairwise(sections):
        if not (one.title and two.title and {one.category, two.category} <= _UNRELATED):
            continue
        if one.category is two.category or (one.start and text[one.start - 1] != "\n"):
            continue
        first, second = text[one.start : two.start], text[two.start : two.end]
        after = text[two.end :]
        if not first.endswith("\n") or not (second.endswith("\n") or not after):
            continue
        if after and not any(s.start == two.end and s.title for s in sections):
            continue
        return (
            text[: one.start]
            + second.rstrip("\n")
            + "\n"
            + first.rstrip("\n")
            + "\n"
            + ("\n" if after else "")
            + after
        )
    return None


def _after_history(text: str, line: str) -> str:
    """The line at the end of the history, where a note has one; else in front."""
    for section in read_layout(text).sections:
        if section.category is SectionCategory.HPI and section.title and section.end > section.body_start:
            body = text[: section.end].rstrip(", \t\r\n")  # in samples, commas stand for line ends
            return body + ("\n" if "\n" in text else " ") + line + text[len(body) :]
    return line + "\n\n" + text


def a_relative(text: str) -> str | None:
    """A relative with a disease that is not of this field, told in the history."""
    return _after_history(text, "Her brother has hypertension and asthma.")


def negated_list(text: str) -> str | None:
    """A list of things of other fields that are denied."""
    return _after_history(text, "Denies fever, chills, chest pain, cough, or dysuria.")


def negated_tail(text: str) -> str | None:
    """The same as the last line of the note."""
    return text.rstrip() + "\n\nROS: No fever, chills, chest pain, cough, or dysuria.\n"


def _removed(mark: str) -> Change:
    def change(text: str) -> str | None:
        found = _NAMED.sub(lambda m: f"{m[1]}{m[2]}{mark}", text)
        found = _SIGNED.sub(mark, found)
        return found if found != text else None

    return change


def marked_head(text: str) -> str | None:
    """The head that a de-identified note has."""
    return (
        "Name: ___                    Unit No: ___\nPatient: [**Known lastname 1422**] [**Hospital1 18**]\n\n"
        + text
    )


SAME: dict[str, Change] = {
    "titles in capitals": upper_titles,
    "titles in title case": title_case,
    "colons after titles": other_colons,
    "CRLF": carriage_returns,
    "double spaces": double_spaces,
    "some double spaces": some_double_spaces,
    "order of unrelated sections": other_order,
    "a line about a relative": a_relative,
    "a negated list in the history": negated_list,
    "a negated list at the end": negated_tail,
    "names as ___": _removed("___"),
    "names as [**…**]": _removed("[**Name 1422**]"),
    "names as XXXX": _removed("XXXX"),
    "a de-identified head": marked_head,
}

# What may stand before a condition so that "no" or "resolved" fits between them.
_FITS = re.compile(
    r"(?:^|[\n.;]|\b(?:has|had|have|with|shows?|showed|diagnosed with|and|for)"
    r"|(?:^|\n)[ \t]*(?:[-*#•]|\d{1,2}[.)]))[ \t]*$",
    re.IGNORECASE,
)
_CLOSES = re.compile(r"[ \t]*(?:[.;\r\n]|$)")


def negated(text: str, start: int, end: int) -> str | None:
    return text[:start] + "no evidence of " + text[start:] if _FITS.search(text[:start]) else None


def possible(text: str, start: int, end: int) -> str | None:
    return text[:start] + "possible " + text[start:]


def resolved(text: str, start: int, end: int) -> str | None:
    return text[:start] + "resolved " + text[start:] if _FITS.search(text[:start]) else None


def resolved_behind(text: str, start: int, end: int) -> str | None:
    return text[:end] + ", resolved" + text[end:] if _CLOSES.match(text, end) else None


def a_relatives(text: str, start: int, end: int) -> str | None:
    """The condition taken out of its place and told of the mother at the end of the note."""
    unit = next((u for u in read_layout(text).units if u.start <= start < u.end), None)
    if unit is None:
        return None
    said = " ".join(text[start:end].split())
    return f"{text[: unit.start]}as below.{text[unit.end :]}{AT_THE_END}Mother: {said}\n"


AT_THE_END = "\n\nFAMILY HISTORY:\n"
RELATIVES = "move it to family history"
Turn = Callable[[str, int, int], str | None]
OTHER: dict[str, Turn] = {
    "negate it": negated,
    "put possible before it": possible,
    "add resolved": resolved,
    "add resolved behind it": resolved_behind,
    RELATIVES: a_relatives,
}


def mentions(text: str) -> list[tuple[int, int, str]]:
    """Where conditions stand: start, end, concept."""
    return [(c.start, c.end, c.concept) for c in read_note(text).conditions]
