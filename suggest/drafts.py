"""Query drafts for the provider that keep points G-1 to G-10 of the coding reference.

A draft quotes what the note says, asks without leading, and offers choices that always close with
"other" and "unable to determine". It names no code and no payment, and Corrin never edits a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from nlp.patterns import spaced
from suggest.release.scope import scope_codes
from suggest.wording import section_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from suggest.result import Evidence

OTHER = "Other (please specify)"
UNABLE = "Unable to determine"
_MAX_QUOTE = 200
_OMITTED = "[code omitted]"
_NO_CHANGE = "Corrin does not change the note."

# A code with its dot anywhere; without its dot only those of the scope, since "B12", "T12" or
# "L34" have the shape of a code and are none.
_DOTTED = r"[A-TV-Z][0-9][0-9A-Z]\.[0-9A-Z]{1,4}"
_NON_WORD = r"(?<![A-Za-z0-9])(?:{})(?![A-Za-z0-9])"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A clinical indicator: the words in the note, and the date that they are of (ISO, None unknown).

    `earlier` marks what comes from another encounter; the draft labels it so (G-6).
    """

    evidence: Evidence
    date: str | None = None
    earlier: bool = False


_CHOOSE = "Please choose what your clinical judgment supports:"
_ANSWER = "Please answer in your own words:"
_CLOSING = (
    f"[ ] {OTHER}: ____________________\n"
    f"[ ] {UNABLE}\n\n"
    "No answer is expected or preferred. Use your independent clinical judgment, and record your\n"
    f"answer in the record under your own signature. {_NO_CHANGE}\n"
)


def draft(topic: str, indicators: Sequence[Indicator], question: str, options: Iterable[str]) -> str:
    """Return a query to the provider as plain text.

    Args:
        topic: what the query is about, worded without an answer ("vitamin B12 level").
        indicators: what in this patient's record gives rise to it, in text order.
        question: one neutral question.
        options: the choices that the indicators support; "other" and "unable to determine" are
            added where they are missing. Without options the question is an open one.

    Returns:
        Text that holds no code: one that the quoted words hold is left out and marked so.
    """
    choices = [option.strip() for option in options]
    choices = [choice for choice in choices if _plain(choice) not in _ALWAYS]
    lines = [
        f"Clarification requested: {topic}",
        "",
        "From the record:",
        *[_indicator_line(indicator) for indicator in indicators],
        "",
        question.strip(),
        "",
        _CHOOSE if choices else _ANSWER,
        *[f"[ ] {choice}" for choice in dict.fromkeys(choices)],
        *(() if choices else ("____________________",)),
    ]
    return _without_codes("\n".join(lines)) + "\n" + _CLOSING


def compliance_problems(text: str) -> tuple[str, ...]:
    """Return what keeps a draft from being compliant, one sentence a problem; empty when it is.

    Words inside a quoted indicator are the provider's own and are held to the rule on codes only.
    """
    lines = text.splitlines()
    own = "\n".join(line for line in lines if not line.startswith("- "))
    options = [line[4:].strip() for line in lines if line.startswith("[ ] ")]
    checks = (
        (_code_pattern().search(text) is not None, "it names a code"),
        (_MONEY.search(own) is not None, "it speaks of payment or quality measures"),
        (_LEADING.search(own) is not None, "it leads the provider to an answer"),
        (
            not any(line.startswith("- ") and '"' in line for line in lines),
            "it quotes no clinical indicator of this patient",
        ),
        (not any(option.startswith(OTHER) for option in options), f'it lacks the option "{OTHER}"'),
        (UNABLE not in options, f'it lacks the option "{UNABLE}"'),
        (any(_plain(option) in ("yes", "no") for option in options), "it asks for yes or no"),
        (len(set(map(_plain, options))) < len(options), "it offers an option twice"),
        (_NO_CHANGE not in text, "it does not say that the note stays as it is"),
    )
    return tuple(problem for found, problem in checks if found)


_MONEY = spaced(
    r"\b(?:reimburs\w*|pay(?:ment|ments|er|ers|ing|or|ors)?|paid|revenue|bill(?:ing|ed|able|s)?|claims?"
    r"|quality (?:score|measure|metric|rating)s?|cost|costs|denials?|denied|DRGs?|HCCs?|RAF|CCs?|MCCs?"
    r"|risk adjust\w*|severity of illness|risk of mortality|case mix|coverage|covered|audit\w*)\b",
    re.IGNORECASE,
)
_LEADING = spaced(
    r"\bplease (?:document|add|state|write|include|change|amend|update|confirm|agree|diagnose)\b"
    r"|\b(?:would|do) you (?:not )?agree\b|\bdon't you\b|\bisn't (?:it|this)\b"
    r"|\bshould be (?:documented|coded)\b"
    r"|\bwe (?:recommend|suggest|believe)\b|\bneeds? to be (?:documented|coded)\b|\bclearly\b|\bobviously\b",
    re.IGNORECASE,
)


def _indicator_line(indicator: Indicator) -> str:
    evidence = indicator.evidence
    place = section_name(evidence.section)
    when = indicator.date or "date not stated"
    earlier = "earlier encounter, " if indicator.earlier else ""
    note = f", note {evidence.note_id}" if evidence.note_id is not None else ""
    return f'- {earlier}{when}, {place}{note}: "{_quote(evidence.text)}"'


def _quote(words: str) -> str:
    """Return the words on one line; a quote that is very long is cut in its middle and marked."""
    line = " ".join(words.split()).replace('"', "'")
    if len(line) <= _MAX_QUOTE:
        return line
    half = _MAX_QUOTE // 2
    return f"{line[:half].rstrip()} [...] {line[-half:].lstrip()}"


def _without_codes(lines: str) -> str:
    """Return lines with the codes in them left out; no code reaches over the end of one."""
    return _code_pattern().sub(_OMITTED, lines) if _code_opens().search(lines) else lines


@lru_cache(maxsize=1)
def _code_pattern() -> re.Pattern[str]:
    """Return what finds ICD-10-CM codes."""
    bare = "|".join(code.replace(".", "") for code in scope_codes())
    return re.compile(_NON_WORD.format(f"{_DOTTED}|{bare}"))


@lru_cache(maxsize=1)
def _code_opens() -> re.Pattern[str]:
    """Return what finds two signs that a code may begin with: most drafts hold none."""
    plain = re.compile("[A-TV-Z][0-9]")
    others = sorted({code[:2] for code in scope_codes() if not plain.match(code)})
    return re.compile("|".join([plain.pattern, *others]))


def _plain(option: str) -> str:
    return option.strip().rstrip(":_ .").casefold()


_ALWAYS = frozenset({_plain(OTHER), _plain(UNABLE)})
