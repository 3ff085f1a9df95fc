"""One encounter from the rows of an export to a plain record: what was read, what was found, what failed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from audit.finding import IDENTIFYING, NO_ERRORS, Verdict
from audit.judge import Case, judge, read_codes
from audit.judge.case import concepts_of
from audit.judge.elsewhere import elsewhere
from audit.judge.run import unread
from audit.rows import VERSION, natural, problem_of
from nlp.errors import InputError
from nlp.steps import limited
from suggest.note import Note, check_encounter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.finding import Finding
    from audit.judge import BilledCode
    from suggest.knowledge import Policy
    from suggest.result import Result

_NOT_WRONG = frozenset(v.value for v in NO_ERRORS)
_TO_SHOW = frozenset({Verdict.QUERY_NEEDED.value, Verdict.ARGUABLE.value, Verdict.NOT_IN_THIS_NOTE.value})


@dataclass(frozen=True, slots=True)
class Settings:
    """What a worker must know to judge an encounter; plain values, so that they can be sent."""

    policy: str | None = None
    setting: str | None = None
    pre_bill: bool = False
    cases: bool = True
    tables: str | None = None
    fhir: bool = False


@dataclass(slots=True)
class Rows:
    """The rows of one encounter in the order of the export."""

    key: str
    notes: list[dict[str, Any]] = field(default_factory=list, repr=False)
    billed: list[dict[str, Any]] = field(default_factory=list, repr=False)
    lines: list[dict[str, Any]] = field(default_factory=list, repr=False)


@dataclass(slots=True)
class _Note:
    """A row of a note, and what became of it."""

    note_id: str
    where: str
    values: dict[str, Any] = field(repr=False)
    status: str = "read"
    problem: str | None = None
    note: Note | None = field(default=None, repr=False)


NOTE_STEPS = (
    1_000_000_000  # a note; 16 MiB as dense with our terms as the demo note take three quarters of it
)


def _for_the_judge(
    result: Result | None, notes: Sequence[Note], billed: Sequence[BilledCode], settings: Settings
) -> Result | None:
    """The answer, with the facts of notes without an anchor where a billed code asks what they say.

    "Denies numbness" alone makes no note ours, and yet it speaks against a billed R20.0.
    """
    if result is None or result.facts.conditions or not any(b.code and concepts_of(b.code) for b in billed):
        return result
    from suggest import suggest_encounter

    with limited(NOTE_STEPS * len(notes)):
        whole = suggest_encounter(notes, policy=_policy(settings.policy), to_the_end=True)
    return replace(result, facts=whole.facts)


def answer(rows: Rows, settings: Settings) -> dict[str, Any]:
    """Return the record of an encounter: findings, notes, errors, and the case file where one is due."""
    from suggest import suggest_encounter
    from suggest.release import load_release

    kept = _read(rows, settings)
    good = [n.note for n in kept if n.note is not None]
    result: Result | None = None
    if good:
        check_encounter(good)
        with limited(NOTE_STEPS * len(good)):
            result = suggest_encounter(good, policy=_policy(settings.policy))
    known = _known(rows)
    date = known.get("encounter_date")
    release = load_release(result.encounter_date if result is not None else _usable(date))
    texts: dict[str | None, str] = {n.note_id: n.text for n in good}
    codes = [c for row in (*rows.notes, *rows.billed) for c in row["values"].get("codes", ())]
    billed = read_codes(codes)
    case = Case(
        billed=billed,
        result=_for_the_judge(result, good, billed, settings),
        release=release,
        covered=release.covers(_usable(date)),
        unread=tuple(n.note_id for n in kept if n.status == "unreadable"),
        elsewhere=elsewhere(result, texts) if result is not None else (),
    )
    findings = list(judge(case)) if kept else [unread(code) for code in case.billed]
    case = replace(case, result=result)
    if settings.pre_bill:
        from audit.holds import holds, planned

        # what is held alone is listed; where nothing is coded yet, nothing was missed
        held = holds(result, good) if result is not None else []
        findings = [*held, *(planned(findings, held, result) if case.billed else ())]
    record = _record(rows, settings, kept, known, case, findings, texts)
    if rows.lines:
        from audit.claim_rows import judge_lines

        lines, refused = judge_lines(rows, case, texts, settings.tables)
        if settings.pre_bill:
            from audit.holds import planned_lines

            lines = planned_lines(lines)
            record["sort"][0] = min([record["sort"][0], *(hold_rank(row["hold"]) for row in lines)])
        identity = {name: known.get(name) for name in IDENTIFYING}
        record["findings"] += [{**row, "encounter_id": record["encounter_id"], **identity} for row in lines]
        record["refused"] = list(refused)
    return record


def failed(rows: Rows, settings: Settings, kind: str, problem: str) -> dict[str, Any]:
    """Return the record of an encounter that could not be processed: notes named, codes not judged."""
    from suggest.release import load_release

    kept = _read(rows, settings)
    for note in kept:
        if note.status == "read":
            note.status, note.problem, note.note = kind, problem, None
    codes = [c for row in (*rows.notes, *rows.billed) for c in row["values"].get("codes", ())]
    known = _known(rows)
    release = load_release(_usable(known.get("encounter_date")))
    case = Case(read_codes(codes), None, release, release.covers(_usable(known.get("encounter_date"))))
    return _record(rows, settings, kept, known, case, list(judge(case)), {})


def _read(rows: Rows, settings: Settings) -> list[_Note]:
    """Name the notes, choose among versions, and make of each what `suggest` takes."""
    found = []
    for number, row in enumerate(rows.notes, start=1):
        values = row["values"]
        name = values.get("note_id") or (
            f"{values['encounter_id']}#{number}" if values.get("encounter_id") else row["where"]
        )
        found.append(_Note(name, row["where"], values, problem=row.get("problem")))
    _choose_versions(found)
    for note in found:
        if note.status == "superseded":
            continue
        note.problem = note.problem or problem_of(note.values.get("text"))
        if note.problem is None:
            try:
                values = {**note.values, "note_id": note.note_id}
                note.note = Note.from_mapping(values, {"setting": settings.setting})
            except InputError as error:
                note.problem = str(error)
        if note.problem is not None:
            note.status = "unreadable"
    _agree_on_setting(found)
    return found


def _choose_versions(notes: Sequence[_Note]) -> None:
    """Of several versions of a note the last signed one counts; where none is signed, the last.

    The last is that of the highest `version` where all have one, else the one that stands last.
    """
    by_name: dict[str, list[_Note]] = {}
    for note in notes:
        by_name.setdefault(note.note_id, []).append(note)
    for versions in by_name.values():
        numbers = [str(n.values.get(VERSION, "")).removesuffix(".0") for n in versions]
        if all(number.isdigit() for number in numbers):
            versions.sort(key=lambda n: int(str(n.values[VERSION]).removesuffix(".0")))
        signed = [n for n in versions if n.values.get("signed") is True]
        usable = [n for n in signed or versions if problem_of(n.values.get("text")) is None]
        last = (usable or signed or versions)[-1]
        for note in versions:
            if note is not last:
                note.status = "superseded"


def _agree_on_setting(notes: Sequence[_Note]) -> None:
    """The claim's setting is the first primary note's; the encounter's other notes take it."""
    from dataclasses import replace

    read = [n.note for n in notes if n.note is not None]
    lead = next((n for n in read if n.role == "primary"), read[0] if read else None)
    for note in notes:
        if note.note is not None and lead is not None and note.note.setting != lead.setting:
            note.note = replace(note.note, setting=lead.setting)


@lru_cache(maxsize=4)
def _policy(path: str | None) -> Policy:
    from suggest.knowledge import default_policy, load_policy

    return default_policy() if path is None else load_policy(path)


def _usable(date: str | None) -> str | None:
    from audit.rows import is_iso

    return date if date is not None and is_iso(date) else None


def _known(rows: Rows) -> dict[str, str]:
    """Return what the rows say of the encounter: of each column the first value that is given."""
    known: dict[str, str] = {}
    for row in (*rows.notes, *rows.billed, *rows.lines):
        for name in (*IDENTIFYING, "encounter_id"):
            value = row["values"].get(name)
            if value is not None and name not in known:
                known[name] = str(value)
    return known


def _record(
    rows: Rows,
    settings: Settings,
    kept: Sequence[_Note],
    known: Mapping[str, str],
    case: Case,
    findings: Sequence[Finding],
    texts: Mapping[str | None, str],
) -> dict[str, Any]:
    from suggest.serialise import dumps

    encounter_id = known.get("encounter_id")
    single = next((n.note_id for n in kept), None) if len(kept) == 1 else None
    identity = {name: known.get(name) for name in IDENTIFYING}
    found = []
    for finding in findings:
        row = finding.to_mapping()
        row["note_id"] = row["note_id"] or single
        found.append({"encounter_id": encounter_id, **row, **identity})
    result = dumps(case.result) if case.result is not None else None
    counts = {
        "suggestions": len(case.result.suggestions) if case.result else 0,
        "queries": len(case.result.queries) if case.result else 0,
        "withheld": len(case.result.withheld) if case.result else 0,
        "findings": sum(1 for f in findings if f.verdict not in _NOT_WRONG),
    }
    notes = [
        {
            "encounter_id": encounter_id,
            "note_id": note.note_id,
            "status": note.status,
            "characters": len(note.values.get("text") or ""),
            **counts,
            "result": result if note.status == "read" else None,
            "fingerprint": _fingerprint(note.values),
            **{name: note.values.get(name) or known.get(name) for name in IDENTIFYING},
        }
        for note in kept
    ]
    errors = [
        {
            "encounter_id": encounter_id,
            "note_id": note.note_id,
            "where": note.where,
            "kind": note.status,
            "problem": note.problem,
        }
        for note in kept
        if note.status not in ("read", "superseded")
    ]
    if not kept:
        errors = [
            {
                "encounter_id": encounter_id,
                "note_id": row["values"].get("note_id"),
                "where": row["where"],
                "kind": "unjoined",
                "problem": row.get("problem") or "belongs to an encounter that the export holds no note of",
            }
            for row in (*rows.billed, *rows.lines)
        ]
    rank = min((hold_rank(f.hold) for f in findings), default=99) if settings.pre_bill else 0
    record: dict[str, Any] = {
        "key": rows.key,
        "sort": [rank, natural(rows.key)],
        "encounter_id": encounter_id,
        "findings": found,
        "notes": notes,
        "errors": errors,
    }
    if not kept:
        record["unjoined"] = {
            kind: [_named(row) for row in rows_]
            for kind, rows_ in (("billed", rows.billed), ("lines", rows.lines))
        }
    if settings.fhir and case.result is not None:
        from audit.fhir import conditions_of

        record["conditions"] = conditions_of(case.result, known.get("patient_id"))
    if settings.cases and case.result is not None and any(_is_case(f) for f in findings):
        from audit.cases import case_file

        record["case"] = case_file(rows.key, encounter_id or single, case.result, findings, texts)
    return record


def _named(row: Mapping[str, Any]) -> str:
    """Return a row of a second table by its encounter or note, its line, and where it stands."""
    values = row["values"]
    name = " ".join(
        f"{word} {values[key]}"
        for word, key in (("encounter", "encounter_id"), ("note", "note_id"), ("line", "line"))
        if values.get(key) is not None
    )
    return f"{name} ({row['where']})" if name else str(row["where"])


def hold_rank(hold: str | None) -> int:
    """Return the place of a hold, the worst first; 99 where nothing is held."""
    from audit.holds import HOLDS

    return HOLDS.index(hold) if hold in HOLDS else 99


def _is_case(finding: Finding) -> bool:
    return finding.hold is not None or finding.verdict not in _NOT_WRONG or finding.verdict in _TO_SHOW


def _fingerprint(values: Mapping[str, Any]) -> str:
    """Return a hash of all that a note says and is known by, so that two runs can be told apart."""
    parts = [f"{name}={values[name]}" for name in sorted(values)]
    return hashlib.sha256("\0".join(parts).encode("utf-8", errors="surrogatepass")).hexdigest()[:32]
