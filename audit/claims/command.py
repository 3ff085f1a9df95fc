"""`corrin claim`: the notes of visits and the lines of their claims, judged together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from audit.claims.engine import judge_visit, series
from audit.claims.reader import find_columns, read_lines
from audit.claims.records import ClaimLine, ClaimResult
from audit.claims.tables import Tables, read_tables
from audit.claims.values import read_codes
from nlp.errors import InputError, shown
from readers import Given, check_paths, read_sources
from suggest import suggest_encounter
from suggest.note import Note, check_encounter, group_encounters

if TYPE_CHECKING:
    from suggest.knowledge import Policy
    from suggest.result import Result


@dataclass(frozen=True, slots=True)
class Judged:
    """One visit: what its notes support, and what is found on its lines."""

    result: Result
    claim: ClaimResult


@dataclass(slots=True)
class Job:
    """What a call of `corrin claim` works on; `problems` are told on standard error."""

    lines: tuple[ClaimLine, ...]
    tables: Tables
    notes: list[Note]
    codes: dict[str | None, tuple[str, ...]]
    problems: list[str] = field(default_factory=list)


def prepare(
    path: str,
    lines: Path,
    *,
    tables: Path | None = None,
    codes: str | None = None,
    defaults: Mapping[str, str | None] | None = None,
) -> Job:
    """Read notes, lines and tables.

    Args:
        path: a note (`.txt` and the like), rows of notes (`.jsonl`), or `-`.
        lines: the file of claim lines.
        tables: a folder of dated tables that stand over the shipped ones.
        codes: the billed diagnoses in order, where neither lines nor notes list them.
        defaults: setting and date where a note does not say.

    Raises:
        InputError: a file cannot be used.
    """
    check_paths([path])
    job = Job(read_lines(lines), Tables(read_tables(tables)), [], {})
    for given in read_sources([path]):
        note = _note(given, defaults or {}, job)
        if note is not None:
            billed = codes if codes is not None else _codes_of(given)
            if billed:
                job.codes.setdefault(note.encounter_id or note.note_id, read_codes(billed))
            job.notes.append(note)
    if not job.notes:
        raise InputError(job.problems[0] if job.problems else f"{shown(path)}: holds no note")
    return job


def judge(job: Job, policy: Policy | None = None) -> Iterator[Judged]:
    """Yield each visit with its lines judged, in the order of the notes. Lines of no visit are told.

    Raises:
        InputError: the notes of one encounter cannot be answered together, or no line belongs to any note.
    """
    groups = group_encounters(job.notes)
    shares = _share(job, groups)
    dates = series(job.lines, job.tables)
    for group, own in zip(groups, shares, strict=True):
        if not own:
            continue
        check_encounter(group)
        result = suggest_encounter(group, policy=policy)
        texts = {note.note_id: note.text for note in group}
        key = group[0].encounter_id or group[0].note_id
        claim = judge_visit(own, result, texts, job.tables, codes=job.codes.get(key), b12_dates=dates)
        yield Judged(result, claim)


def _share(job: Job, groups: Sequence[Sequence[Note]]) -> list[list[ClaimLine]]:
    """Give each encounter its lines: by encounter, by note, all of them where there is one visit."""
    places: dict[str, int] = {}
    for place, group in enumerate(groups):
        for note in group:
            for name in (note.encounter_id, note.note_id):
                if name:
                    places.setdefault(name, place)
    shares: list[list[ClaimLine]] = [[] for _ in groups]
    strays: list[ClaimLine] = []
    for line in job.lines:
        found = next((places[n] for n in (line.encounter_id, line.note_id) if n in places), None)
        (shares[found] if found is not None else strays).append(line)
    if len(groups) == 1 and not shares[0] and len({line.visit_id for line in strays}) == 1:
        return [strays]
    unnamed = [line for line in strays if line.visit_id is None]
    if len(groups) == 1 and unnamed:
        shares[0] += unnamed
        strays = [line for line in strays if line.visit_id is not None]
    if not any(shares):
        raise InputError(
            "no claim line belongs to a note: their encounter_id and note_id name none of the notes given"
        )
    if strays and len(groups) > 1:
        job.problems.append(
            f"{len(strays)} claim lines belong to none of the notes given; first is line {strays[0].place} "
            f"of the file"
        )
    return shares


def _note(given: Given, defaults: Mapping[str, str | None], job: Job) -> Note | None:
    if given.values is None:
        job.problems.append(f"{given.where}: {given.problem}")
        return None
    try:
        return Note.from_mapping(given.values, defaults)
    except InputError as error:
        job.problems.append(f"{given.where}: {error}")
        return None


def _codes_of(given: Given) -> object:
    values = given.values or {}
    names = find_columns(str(name) for name in values).get("codes", [])
    return next((values[name] for name in names if values[name]), None)
