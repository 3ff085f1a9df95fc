"""The face of Corrin for Python: a note or an encounter in, a `Result` out."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nlp.errors import InputError
from nlp.memory import forget
from nlp.pipeline import read_note
from suggest.blanks import narrowed, told_in_notes
from suggest.engine.encounter import drop_drafts
from suggest.engine.run import answer
from suggest.engine.signature import is_signed
from suggest.engine.terms import NoteMeta
from suggest.knowledge import find_policy
from suggest.note import Note
from suggest.release import load_release
from suggest.result import Setting
from suggest.version import version

if TYPE_CHECKING:
    from nlp.facts import NoteFacts
    from suggest.blanks import Narrowed
    from suggest.knowledge import PolicyLike
    from suggest.result import Result


def suggest_codes(
    text: str,
    *,
    note_id: str | None = None,
    setting: str = "professional",
    encounter_date: str | None = None,
    policy: PolicyLike = None,
) -> Result:
    """Return the codes that one note supports, with queries and refusals.

    Args:
        text: the note; offsets in the result count its code points.
        note_id: carried into the result.
        setting: whose claim: `professional`, `outpatient` or `inpatient`.
        encounter_date: ISO date of service (inpatient: of discharge); chooses the release.
        policy: a policy file, or what `suggest.knowledge.load_policy` made of one; None for the default.

    Raises:
        InputError: the setting or date is not one that Corrin knows, the policy is none, or there is no text.
    """
    note = Note(note_id=note_id, text=text, setting=setting, encounter_date=encounter_date)
    return suggest_encounter([note], policy=policy)


def suggest_encounter(
    notes: Sequence[Note], *, policy: PolicyLike = None, to_the_end: bool = False
) -> Result:
    """Return one result for the notes of an encounter, in the order given.

    Args:
        notes: the notes; what they say of setting and date must agree.
        policy: a policy file, or what `suggest.knowledge.load_policy` made of one; None for the default.
        to_the_end: also notes without an anchor tell their facts, such as a symptom that is denied.

    Raises:
        InputError: there is no note, or the policy is none.
    """
    doubled: dict[str | None, Narrowed] = {}
    for note in notes:
        found = narrowed(note.text)
        if found is not None:
            doubled[note.note_id] = found
    if doubled:
        notes = [replace(n, text=doubled[n.note_id].text) if n.note_id in doubled else n for n in notes]
    try:
        facts, known = read_encounter(notes, policy=policy, to_the_end=to_the_end)
        result = answer(facts, **known)
    finally:
        forget()
    if doubled:
        result = told_in_notes(result, doubled)
    if len(facts) == len(notes):
        return result
    return replace(result, note_id=None, note_ids=tuple(n.note_id for n in notes))  # drafts are not read


def read_encounter(
    notes: Sequence[Note], *, policy: PolicyLike = None, to_the_end: bool = False
) -> tuple[list[NoteFacts], dict[str, Any]]:
    """Return the facts of the notes that count, and what else `suggest.engine.run.answer` asks for.

    Raises:
        InputError: there is no note, or the policy is none.
    """
    if not notes:
        raise InputError("an encounter needs at least one note")
    decided = find_policy(policy)
    first = next((n for n in notes if n.role == "primary"), notes[0]) if len(notes) > 1 else notes[0]
    facts: list[NoteFacts] = []
    metas: list[NoteMeta] = []
    for n in notes:
        read = read_note(
            n.text,
            note_id=n.note_id,
            encounter_date=n.note_date or n.encounter_date,
            author=n.author,
            credential=n.credential,
            signed=n.signed,
            to_the_end=to_the_end,
        )
        signed = is_signed(read, n.signed)
        facts.append(read)
        metas.append(
            NoteMeta(n.role, n.note_id, n.note_date, n.note_type, n.author, n.credential, signed, n.amends)
        )
    date = _date_given(first, notes) or _date_told(facts)
    kept = drop_drafts(metas, [n.text for n in notes])
    if len(kept) < len(notes):
        facts, metas = [facts[i] for i in kept], [metas[i] for i in kept]
    return facts, {
        "setting": Setting(first.setting),
        "encounter_date": date,
        "release": load_release(date),
        "policy": decided,
        "version": version(),
        "encounter_id": first.encounter_id,
        "metas": metas,
    }


def _date_given(first: Note, notes: Sequence[Note]) -> str | None:
    """The date of service that is known of the note that leads, else of the first of which one is."""
    return first.encounter_date or next((n.encounter_date for n in notes if n.encounter_date), None)


def _date_told(facts: Sequence[NoteFacts]) -> str | None:
    """The whole date of a visit or discharge that a note tells."""
    for read in facts:
        for told in read.dates:
            if told.kind in ("discharge", "visit") and len(told.date) == 10:
                return told.date
    return None


# They have every stage do something, with headers and without.
_WARM_NOTES = (
    """Visit date: 3/2/2026
HPI: Fatigue. Denies melena. Ferritin 8 ng/mL (L) on 2/26/2026. B12 was low at 150 pg/mL. Check B12.
She takes B12 shots; we increased her B12 and her iron was started. Hgb: critically low on 1/2/2026.
Medications: B12 injections
Labs: pending
Copied from note of 1/2/2026: iron deficiency.
PMH: CKD stage 3b. S/p gastric bypass in 2010.
Allergies: none
BP 120/80
Assessment: Iron deficiency anemia due to menorrhagia (D50.0).
Low B12. Dx: D51.9
Plan: Start ferrous sulfate 325 mg PO daily; continue vitamin B12 1000 mcg IM monthly.
Electronically signed by: A. Doe, MD on 3/2/2026
""",
    """Seen today for her anemia, which is likely from heavy periods. We will check ferritin and start iron.
BP 120/80, pulse 70
Labs reviewed 3/2/2026: hemoglobin 9.1
""",
)
_WARM_PASSES = 8  # Python makes code faster that has run some times


def warm() -> None:
    """Load the pipeline, the tables and the release, so that the first note is answered at full speed.

    What is loaded stays as long as the process: Python's collector does not look through it any more.
    """
    from models.sections import wording
    from nlp.authors import compile_wordings
    from nlp.concepts import compile_terms
    from nlp.context import meet_examples
    from nlp.knowledge import data_texts
    from nlp.labs import compile_results
    from nlp.links import compile_cues
    from nlp.literals import fold
    from nlp.medications import compile_words
    from nlp.scan import meet

    collects = gc.isenabled()
    gc.disable()
    try:
        compile_terms()
        compile_cues()
        meet_examples()
        compile_words()
        compile_results()
        compile_wordings()
        wording()
        for note in _WARM_NOTES * _WARM_PASSES:
            suggest_codes(note)
        for package in ("nlp", "suggest"):
            for text in data_texts(package):
                meet(fold(text))
    finally:
        if collects:
            gc.enable()
    gc.collect()
    gc.freeze()
