"""Read the dose group of a drug: dose, concentration, volume, route, frequency and form."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.expression import Expression
from nlp.facts import Amount
from nlp.medications.load import Term, terms
from nlp.patterns import spaced

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,4})?|\d{1,7}(?:\.\d{1,4})?|\.\d{1,4})"
_MASS = r"(?:mcgs?|[\u00b5u]g|micrograms?|mgs?|milligrams?|gms?|g|grams?|i\.?u\.?|units?|meq)"
_WORDS = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "half": 0.5, "a": 1.0}
# A per-litre unit is a lab result, never a dose.
_DOSE = re.compile(
    rf"(?P<value>{_NUMBER})(?:\s{{0,3}}(?:-|"
    rf"to)\s{{0,3}}{_NUMBER})?[\s-]{{0,3}}(?P<unit>{_MASS})(?!\w)(?!\s{{0,3}}/\s{{0,3}}(?:d|100\s{{0,3}}m)?l(?!\w))"
    rf"(?:\s{{0,3}}(?P<per>/|per|in)\s{{0,3}}(?P<volume>{_NUMBER})?\s{{0,3}}(?P<ml>ml|cc)(?!\w))?",
    re.IGNORECASE,
)
_VOLUME = re.compile(rf"(?P<value>{_NUMBER})\s{{0,3}}(?P<unit>mls?|ccs?)(?!\w)", re.IGNORECASE)
_UNITS = re.compile(
    r"(?P<value>\d{1,2}|one|two|three|four|five|six|a)\s{0,3}(?P<unit>units?|u)(?!\w)", re.IGNORECASE
)
_COUNTED = re.compile(
    r"(?:q\.?|every)[ -]{0,3}(?P<count>\d{1,3}|two|three|four|five|six|eight|twelve)(?:[ -](?:to|"
    r"-)?[ -]{0,3}\d{1,3})?[ -]{0,3}(?P<unit>"
    r"hours?|hrs?|h|days?|d|weeks?|wks?|w|months?|mos?|mths?|m)(?:ly)?\.?(?!\w)",
    re.IGNORECASE,
)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "twelve": 12}
_SPANS = {"h": "hours", "d": "days", "w": "weeks", "m": "months"}
_NASAL = re.compile(r"IN(?!\w)(?!\s(?:the|her|his|left|right|both|clinic|office|am|pm|arm|l|r)\b)")
_COUNT = re.compile(
    r"(?:\d{1,2}(?:-\d{1,2}|\.\d|/\d)?|one|two|half|a)\s(?=(?:tab|tablet|cap|capsule|pill|"
    r"dose|gumm|spray|shot|inj|drop|chew)\w*)",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(rf"{_NUMBER}(?![\w%/.,]\d|[\w%/])")
_FILLER = spaced(
    r"(?:hcl|hydrochloride|sodium|ec|er|xr|xl|dr|ds|cr|sr|extended[ -]release|take|takes|"
    r"taken|inject|given|gave|administered|give|dose of|strength|of|via|at|as|an|into|in|to|"
    r"the|each|then|"
    r"use|was|by|with|w/|left|right|l|r|lt|rt|bilateral|deltoid|ventrogluteal|dorsogluteal|"
    r"vastus lateralis|vastus|thigh|abdomen|abd|gluteus|gluteal|glute|buttock|hip|arm|upper|"
    r"outer|"
    r"today|now|tonight|only|oil|pf|dental|maintenance|this morning|self|home|compounded|"
    r"elemental|x ?\d{1,3}|for \d{1,2} (?:days?|weeks?|wks?|months?|mos?|doses?)|"
    r"x \d{1,2} (?:days?|weeks?|wks?|months?|mos?|doses?)|"
    r"extended|strength|otc|usp|complex|nightly|food|meals?|breakfast|dinner|alternating|site|lot|#)(?!\w)",
    re.IGNORECASE,
)
_SITE = re.compile(
    r"(?:deltoid|gluteal|glute|ventrogluteal|dorsogluteal|vastus|thigh|abdomen|abd|gluteus|buttock)(?!\w)",
    re.I,
)
_JOIN = re.compile(r"\s*(?:[,(\[)\]:/;-]|--)?\s*")
_PARENTHESIS = re.compile(r"\s?\([a-zA-Z][\w .,'-]{0,40}\)")
_LONGEST_TERM = 40
_MOST_STEPS = 28
_MOST_FILLERS = 5


@dataclass(slots=True)
class Signature:
    """What the dose group says; `end` is where its last telling word ends, `stop` where reading ended."""

    end: int
    stop: int = 0
    dose: Amount | None = None
    concentration: Amount | None = None
    volume: Amount | None = None
    route: str | None = None
    form: Term | None = None
    form_at: int = -1
    frequency: str | None = None
    number: bool = False  # a number without unit before a route or a frequency ("1000 daily")
    given: bool = False  # "given", "administered" among the words
    today: bool = False
    site: bool = False

    @property
    def is_strong(self) -> bool:
        """Whether the group itself shows that a drug is meant."""
        return any((self.dose, self.concentration, self.volume, self.route, self.form, self.number))


def read_signature(view: str, start: int, limit: int) -> Signature:
    """Read the group that starts at `start` (the end of the name), never past `limit`.

    Words are taken in any order as long as each is a part of a dose group; the first dose, route
    and frequency count. Steps are bounded, so that the time is linear in the text.
    """
    found = Signature(end=start)
    position, fillers = start, 0
    bracket = _PARENTHESIS.match(view, position, limit)
    if bracket and not _tells(view, bracket.start(), bracket.end()):
        position = bracket.end()
    for _ in range(_MOST_STEPS):
        joined = _JOIN.match(view, position, limit)
        position = joined.end() if joined else position
        if position >= limit:
            break
        taken = _take(view, position, limit, found)
        if taken:
            found.end, position, fillers = _without_stop(view, position, taken), taken, 0
            continue
        filler = _FILLER.match(view, position, limit)
        if filler is None or fillers == _MOST_FILLERS:
            break
        word = filler.group().lower()
        found.given = found.given or word in ("given", "gave", "administered")
        found.today = found.today or word in ("today", "now", "this morning")
        if _SITE.match(word):
            found.site, found.end = True, filler.end()
        position, fillers = filler.end(), fillers + 1
    found.stop = max(found.end, position)
    return found


def _without_stop(view: str, start: int, end: int) -> int:
    """Leave the full stop of "BID." to the sentence, and keep that of "p.o."."""
    return end - 1 if view[end - 1] == "." and view.count(".", start, end) == 1 else end


def read_before(view: str, floor: int, start: int, found: Signature) -> bool:
    """Fill what the group lacks from the words right before the name ("IM", "1000 mcg of", "monthly").

    Returns:
        Whether anything stood there.
    """
    window = view[max(floor, start - 48) : start]
    lowered = TAIL.lowered if window.isascii() else None
    words = window.lower()
    any_found = False
    for _ in range(4):
        tail = TAIL.compiled.search(window) if lowered is None else lowered.search(words)
        if tail is None:
            break
        start, end = tail.span("item")
        item, window, words = window[start:end], window[:start], words[:start]
        probe = Signature(end=0)
        if not _take(item, 0, len(item), probe):
            break
        any_found = True
        found.dose = found.dose or probe.dose
        found.volume = found.volume or probe.volume
        found.concentration = found.concentration or probe.concentration
        found.route = found.route or probe.route
        found.frequency = found.frequency or probe.frequency
        found.form = found.form or probe.form
    return any_found


def amount(value: str, unit: str) -> Amount:
    """Return a number as printed (or a small number in words) with its unit as written."""
    word = value.lower()
    return Amount(_WORDS[word] if word in _WORDS else float(value.replace(",", "")), unit)


TAIL = Expression(
    rf"(?<![\w/.,])(?P<item>{_NUMBER}(?:\s?(?:-|"
    rf"to)\s?{_NUMBER})?[\s-]?{_MASS}(?:\s?/\s?{_NUMBER}?\s?(?:ml|cc))?|{_NUMBER}\s?(?:ml|cc)|"
    r"(?:\d{1,2}|one|two|three|four|a)\s?(?:units?|u)|"
    r"i\.?m\.?|s\.?[cq]\.?|sub-?q|subcutaneous|p\.?o\.?|oral|i\.?v\.?|intravenous|sublingual|"
    r"sl|intranasal|intramuscular|nasal|"
    r"daily|weekly|monthly|bi-?weekly|twice[- ]weekly|quarterly|nightly|annual|shots?|"
    r"injections?|infusions?|tablets?|doses?|"
    r"(?:every|q)\s?-?\d{1,2}[ -]?(?:weeks?|wks?|months?|mos?|days?)(?:ly)?)[\s,]*(?:of\s+)?$",
    re.IGNORECASE,
)


def _tells(view: str, start: int, end: int) -> bool:
    """Whether a parenthesis right after the name is a part of the dose group and not a brand."""
    probe = Signature(end=start)
    position = start + len(view[start:end]) - len(view[start:end].lstrip(" ("))
    return bool(_take(view, position, end, probe))


def _take(view: str, position: int, limit: int, found: Signature) -> int:
    """Take one telling item at `position`; return its end, or 0 where there is none."""
    opens = view[position]
    is_number = opens.isdecimal() or opens == "."
    if is_number and (end := _take_amount(view, position, limit, found)):
        return end
    units = _UNITS.match(view, position, limit)
    if units:
        found.dose = found.dose or amount(units["value"], units["unit"])
        return units.end()
    counted = _COUNTED.match(view, position, limit)
    if counted:
        _take_frequency(_counted(counted["count"], counted["unit"]), found)
        return counted.end()
    nasal = _NASAL.match(view, position, limit)
    if nasal and (found.dose or found.volume):
        found.route = found.route or "IN"
        return nasal.end()
    lexicon = terms()
    word = view[position : min(limit, position + _LONGEST_TERM)].lower()
    term = lexicon.pattern.match(word)
    if term:
        _take_term(lexicon.entry_of(term.group()), position, found)
        return position + term.end()
    count = _COUNT.match(view, position, limit)
    if count:
        return count.end()
    return _take_number(view, position, limit, found) if is_number else 0


def _take_amount(view: str, position: int, limit: int, found: Signature) -> int:
    """Take a dose or a volume."""
    dose = _DOSE.match(view, position, limit)
    if dose:
        _take_dose(dose, found)
        return dose.end()
    volume = _VOLUME.match(view, position, limit)
    if volume:
        found.volume = found.volume or amount(volume["value"], volume["unit"])
        return volume.end()
    return 0


def _take_number(view: str, position: int, limit: int, found: Signature) -> int:
    """Take a number without a unit before a route, a frequency or a form."""
    number = _BARE_NUMBER.match(view, position, limit)
    if number:
        after = _JOIN.match(view, number.end(), limit)
        behind = after.end() if after else number.end()
        follower = terms().pattern.match(view[behind : min(limit, behind + _LONGEST_TERM)].lower())
        if follower or _COUNTED.match(view, behind, limit):
            found.number = True
            return number.end()
    return 0


def _take_dose(match: re.Match[str], found: Signature) -> None:
    whole = amount(match["value"], match["unit"])
    if match["ml"] and not match["volume"]:
        found.concentration = found.concentration or Amount(whole.value, f"{match['unit']}/{match['ml']}")
        return
    found.dose = found.dose or whole
    if match["volume"]:
        found.volume = found.volume or amount(match["volume"], match["ml"])


def _take_term(term: Term, position: int, found: Signature) -> None:
    if term.kind == "routes":
        found.route = found.route or term.value
    elif term.kind == "frequencies":
        _take_frequency(term.value, found)
    elif found.form is None:
        found.form, found.form_at = term, position


def _take_frequency(value: str | None, found: Signature) -> None:
    if found.frequency in (None, "once"):  # "once every other day", "x1 then monthly"
        found.frequency = value


def _counted(count: str, unit: str) -> str:
    """Write "q 4 wks" as "every 4 weeks"; one of something has its own word."""
    word = count.lower()
    number = _COUNTS[word] if word in _COUNTS else int(word)
    span = _SPANS[unit[0].lower()]
    if number == 1:
        return {"hours": "hourly", "days": "daily", "weeks": "weekly", "months": "monthly"}[span]
    return f"every {number} {span}"
