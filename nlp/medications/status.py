"""Say what is done with a drug: the words around it first, then its section."""

from __future__ import annotations

import re

from nlp.facts import MedicationStatus, SectionCategory
from nlp.medications.load import Cue, status_cues
from nlp.medications.signature import Signature
from nlp.patterns import spaced

_WINDOW = 160
_LONGEST_CUE = 48
_WORD = re.compile(r"[\w/']+")
_SENTENCE = re.compile(r"[.!?](?:\s+|,\s?)(?=[A-Z0-9#-])|;|\.,|\n\s*\n")
_CLAUSE = re.compile(r"\b(?:but|however|although|though|so)\b", re.I)
_PHRASE = spaced(r",|\b(?:but|and then|then|however)\b", re.I)
_JOINED = re.compile(r"\b(?:or|nor)\b|/", re.I)
_BEHIND = spaced(
    r"[\s,:()-]{0,4}(?:(?:was|were|is|are|has been|have been|had been|being|dose|doses|now|patient|pt)\s)?",
    re.I,
)
_LEADS_LIST = re.compile(r"[\w -]{2,40},\s(?:[\w -]{2,30},\s){0,3}(?:or|nor)\s")  # "no iron, B12, or folate"
_STOP = re.compile(r"[,.;:\n]")
_LISTED = (SectionCategory.MEDICATIONS,)
_NEGATIVE_DEFAULTS = frozenset({"negated", "other"})


def status_before(view: str, floor: int, start: int, section: SectionCategory, has_dose: bool) -> str | None:
    """Return what the words before the name say, or None where they are silent.

    The nearest cue within its reach decides. A condition ("if …") or a thought ("consider …")
    holds over the verb behind it ("consider starting"), a negated verb ("never started") denies it.

    Args:
        view: the normalised text.
        floor: where the words that may speak for this drug begin.
        start: where the name starts.
        section: the section; in a list of medications a verb of another entry is far away.
        has_dose: whether a dose follows; a "no" does not pass a comma to a drug with a dose.
    """
    window = view[max(floor, start - _WINDOW) : start]
    breaks = [match.end() for match in _SENTENCE.finditer(window)]
    window = window[breaks[-1] :] if breaks else window
    leads_list = _LEADS_LIST.match(view, start) is not None
    lexicon = status_cues("before")
    nearest: str | None = None
    binder_at = thinker_at = -1
    conditional = False
    window = window.lower()
    for match in lexicon.pattern.finditer(window):
        cue: Cue = lexicon.entry_of(match.group())
        gap = window[match.end() :]
        if cue.binds:
            binder_at = match.end()
        if cue.dominates == "clause":
            conditional = conditional or not _CLAUSE.search(gap)
            continue
        if cue.dominates == "phrase" and not _PHRASE.search(gap):
            thinker_at = match.end()
        if not _reaches(cue, gap, section, has_dose, leads_list):
            continue
        bound = (
            binder_at >= 0
            and match.start() >= binder_at
            and len(_WORD.findall(window[binder_at : match.start()])) <= 1
        )
        nearest = _bound(cue.status) if bound else cue.status
    if conditional or thinker_at >= 0:
        if nearest in ("negated", "other"):
            return nearest
        if nearest == "stopped":  # "consider stopping metformin": it is still taken
            return "active"
        if not (conditional and nearest == "active"):
            return "hypothetical"
    return nearest


def status_after(
    view: str, found: Signature, end: int, limit: int, following: int, is_weak_welcome: bool
) -> tuple[str | None, int]:
    """Return what the words right behind the dose group say, and where they end.

    A weak cue ("in 2021") speaks only where the words before the name are silent. Behind a comma
    and before the next drug (`following`) they belong to that one: "stopped metformin, started B12".
    """
    lexicon = status_cues("after")
    match = None
    for position in (end, found.stop):  # behind the last telling word, then behind fillers ("x 2 ordered")
        opened = _BEHIND.match(view, position, limit)
        start = opened.end() if opened else position
        match = lexicon.pattern.match(view[start : min(limit, start + _LONGEST_CUE)].lower())
        if match is not None:
            break
    if match is None:
        return None, end
    stop = start + match.end()
    between = view[stop : min(following, stop + 32)]
    if "," in view[end:start] and stop + 32 > following and not _STOP.search(between):
        return None, end
    cue: Cue = lexicon.entry_of(match.group())
    if cue.weak and not is_weak_welcome:
        return None, end
    return cue.status, stop


def settle(
    before: str | None, after: str | None, found: Signature, section: SectionCategory, drug_class: str
) -> MedicationStatus | None:
    """Weigh the words before, behind and within the group, and the section.

    Returns:
        The status, or None where the drug is denied or somebody else's. `ACTIVE` without any
        words is the default; `process.py` turns it into `STARTED` in a plan.
    """
    if before in _NEGATIVE_DEFAULTS or after in _NEGATIVE_DEFAULTS:
        return None
    if section is SectionCategory.ALLERGIES or "allergic" in (before, after):
        return MedicationStatus.ALLERGIC
    if "hypothetical" in (before, after):
        return MedicationStatus.HYPOTHETICAL
    if after == "stopped":
        return MedicationStatus.STOPPED
    was_given = (
        found.site or before == "given_now" or after == "given" or (found.given and not found.frequency)
    )
    if (
        drug_class == "transfusion"
        and before in (None, "active", "given")
        and after in (None, "active", "given")
    ):
        return MedicationStatus.GIVEN
    if was_given and before != "stopped" and (before != "started" or found.site or found.given):
        return MedicationStatus.GIVEN
    if before == "given_now":
        return MedicationStatus.GIVEN
    if found.today and before not in ("started", "stopped"):
        return MedicationStatus.GIVEN
    if after == "started" and before not in ("stopped", "active"):  # "continue as ordered" goes on
        return MedicationStatus.STARTED
    if before:
        if (
            before == "given"
            and found.frequency
            and found.frequency != "once"
            and drug_class != "transfusion"
        ):
            return MedicationStatus.ACTIVE  # "receives", "has received shots monthly"
        return MedicationStatus(before)
    if after:
        return MedicationStatus(after)
    return MedicationStatus.ACTIVE


def _reaches(cue: Cue, gap: str, section: SectionCategory, has_dose: bool, leads_list: bool) -> bool:
    words = len(_WORD.findall(gap))
    if words > cue.reach:
        return False
    if section in _LISTED and cue.status in ("started", "given", "active"):
        return words <= 1
    if cue.status == "negated" and "," in gap:
        return not has_dose and (_JOINED.search(gap) is not None or leads_list)
    return not _CLAUSE.search(gap)


def _bound(status: str) -> str:
    return "active" if status in ("stopped", "negated") else "negated" if status != "hypothetical" else status
