"""The YAML cases of tests/cases, read strictly. CONTRIBUTING.md shows how to write one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from nlp.errors import InputError
from suggest.knowledge import Policy, default_policy, read_policy
from suggest.note import Note, check_encounter
from suggest.result import Band, Necessity, Setting
from tests.case_fields import (
    TESTS,
    CaseError,
    Quoted,
    a_code,
    a_date,
    a_mapping,
    a_truth,
    asked,
    by_code,
    codes,
    covers,
    expected,
    full_id,
    items,
    known_ids,
    one_of,
    queries,
)
from tests.markup import Marked, MarkupError, read_markup

__all__ = [
    "CASES", "KEYS", "NOTE_KEYS", "TESTS", "Case", "CaseError", "CaseNote", "case_files", "check_names",
    "full_id", "known_ids", "policy_of", "read_case", "read_cases",
]  # fmt: skip

CASES = TESTS / "cases"
# tests/cases/context has a runner and a format of its own.
ELSEWHERE = ("context",)
CHECKLIST = (
    "assessment_present", "support_present", "specificity_matched", "no_drift", "procedure_separate",
    "author_eligible", "signed", "order_present", "injection_recorded",
)  # fmt: skip
WARNINGS = (
    "release_window", "no_date", "date_conflict", "not_addressed", "clinical_validation", "drift",
    "pathway_mismatch", "two_patients", "author_unknown",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseNote:
    """A note of a case: as it is handed in, and with the marks that stood in it."""

    note: Note
    marked: Marked


@dataclass(frozen=True, slots=True)
class Case:
    """One note, or the notes of one encounter, with what must and must not come out."""

    name: str
    where: str
    notes: tuple[CaseNote, ...]
    setting: str = Setting.PROFESSIONAL.value
    date: str | None = None
    policy: tuple[tuple[str, str], ...] = ()
    covers: tuple[str, ...] = ()
    expect: Quoted = ()
    only: bool = False
    optional: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    queries: Quoted = ()
    no_queries: tuple[str, ...] | bool = ()
    first: str | None = None
    band: tuple[tuple[str, str], ...] = ()
    necessity: tuple[tuple[str, str], ...] = ()
    alternatives: tuple[tuple[str, str], ...] = ()
    checklist: tuple[tuple[str, bool], ...] = ()
    warnings: tuple[str, ...] = ()


KEYS = {field.name for field in fields(Case)} - {"where"} | {"note"}
NOTE_KEYS = {
    "note_id", "role", "note_type", "author", "credential", "signed", "note_date", "amends", "note",
}  # fmt: skip
# What makes a case able to fail; the other keys only frame the note.
_ASSERTING = (
    "expect", "only", "reject", "withheld", "queries", "no_queries", "first", "band", "necessity",
    "alternatives", "checklist", "warnings",
)  # fmt: skip


def case_files(root: Path = CASES) -> list[Path]:
    """Every file of cases in this format, in a stable order."""
    return sorted(path for path in root.rglob("*.yaml") if path.relative_to(root).parts[0] not in ELSEWHERE)


def read_cases(path: Path) -> list[Case]:
    """Read one file of cases.

    Raises:
        CaseError: the file is not a list of cases, or a case is wrong or asserts nothing.
    """
    where = path.relative_to(TESTS).as_posix() if path.is_relative_to(TESTS) else path.name
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise CaseError(f"{where}: not valid YAML: {error}") from error
    if not isinstance(entries, list) or not entries:
        raise CaseError(f"{where}: must be a list of cases, with one at least")
    cases = [read_case(entry, where) for entry in entries]
    check_names(cases)
    return cases


def check_names(cases: Iterable[Case]) -> None:
    """Refuse two cases of one name, for names are test ids.

    Raises:
        CaseError: names both places.
    """
    seen: dict[str, Case] = {}
    for case in cases:
        if case.name in seen:
            raise CaseError(f'{case.where}: the name "{case.name}" stands in {seen[case.name].where} already')
        seen[case.name] = case


def policy_of(choices: Mapping[str, str]) -> Policy | None:
    """Return the policy that takes these choices (`{"s05": "always"}`); None for our own.

    Raises:
        InputError: there is no such option or choice.
    """
    if not choices:
        return None
    options = [{"id": f"option.{name}", "choice": choice} for name, choice in choices.items()]
    return read_policy(yaml.safe_dump({"name": "of the case", "options": options}), "policy")


def read_case(entry: object, where: str) -> Case:
    """Read one case, refusing whatever could make it pass unread.

    Raises:
        CaseError: names the case and the key.
    """
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str):
        raise CaseError(f"{where}: each case is a mapping with a name")
    here = f'{where}, "{entry["name"]}"'
    if unknown := sorted(set(map(str, entry)) - KEYS):
        raise CaseError(f"{here}: unknown key {unknown[0]}; known are {', '.join(sorted(KEYS))}")
    frame = {
        "setting": one_of(entry.get("setting", "professional"), [s.value for s in Setting], here, "setting"),
        "encounter_date": a_date(entry.get("date"), here),
    }
    notes = _notes(entry, frame, here)
    texts = {one.note.note_id: one.note.text for one in notes}
    options = [option.id for option in default_policy().options]
    unasked = entry.get("no_queries", [])
    case = Case(
        name=entry["name"],
        where=where,
        notes=notes,
        setting=str(frame["setting"]),
        date=frame["encounter_date"],
        policy=_policy(entry.get("policy", {}), here),
        covers=covers(entry.get("covers", []), here),
        expect=expected(entry.get("expect", {}), texts, here),
        only=a_truth(entry.get("only", False), here, "only"),
        optional=codes(entry.get("optional", []), here, "optional"),
        reject=codes(entry.get("reject", []), here, "reject"),
        withheld=codes(entry.get("withheld", []), here, "withheld"),
        queries=asked(entry.get("queries", []), texts, here),
        no_queries=True if unasked is True else queries(unasked, here, "no_queries"),
        first=None if entry.get("first") is None else a_code(entry["first"], here, "first"),
        band=by_code(entry.get("band", {}), (b.value for b in Band), here, "band"),
        necessity=by_code(entry.get("necessity", {}), (n.value for n in Necessity), here, "necessity"),
        alternatives=by_code(entry.get("alternatives", {}), options, here, "alternatives"),
        checklist=items(entry.get("checklist", {}), CHECKLIST, here, "checklist"),
        warnings=tuple(one_of(kind, list(WARNINGS), here, "warnings") for kind in entry.get("warnings", [])),
    )
    _check_sense(case, here)
    return case


def _check_sense(case: Case, here: str) -> None:
    """Refuse a case that asserts nothing or contradicts itself."""
    marked = any(one.marked.marks for one in case.notes)
    if not marked and not any(getattr(case, key) for key in _ASSERTING):
        raise CaseError(f"{here}: asserts nothing; add one of {', '.join(_ASSERTING)} or a mark in the note")
    wanted = {code for code, _ in case.expect}
    if clash := sorted(wanted & {*case.reject, *case.withheld, *case.optional}):
        raise CaseError(f"{here}: {clash[0]} is expected and also rejected, withheld or optional")
    if case.no_queries is True and case.queries:
        raise CaseError(f"{here}: asks for queries and for none")


def _notes(entry: Mapping[str, Any], frame: Mapping[str, Any], here: str) -> tuple[CaseNote, ...]:
    """Return the note of a case, or the notes of its encounter."""
    if isinstance(entry.get("note"), str) and "notes" not in entry:
        return (_note({"note": entry["note"]}, frame, here),)
    listed = entry.get("notes")
    if not isinstance(listed, list) or not listed or "note" in entry:
        raise CaseError(f"{here}: lacks the note, or the list of notes, or has both")
    found = []
    for row in listed:
        if not isinstance(row, Mapping) or not isinstance(row.get("note"), str) or "note_id" not in row:
            raise CaseError(f"{here}: each of the notes is a mapping with a note_id and a note")
        if unknown := sorted(set(map(str, row)) - NOTE_KEYS):
            raise CaseError(
                f"{here}: unknown key {unknown[0]} of a note; known are {', '.join(sorted(NOTE_KEYS))}"
            )
        found.append(_note(row, {**frame, "encounter_id": "e1"}, here))
    try:
        check_encounter([one.note for one in found])
    except InputError as error:
        raise CaseError(f"{here}: {error}") from error
    return tuple(found)


def _note(row: Mapping[str, Any], frame: Mapping[str, Any], here: str) -> CaseNote:
    try:
        marked = read_markup(row["note"])
        known = {key: value for key, value in row.items() if key not in ("note", "note_date")}
        known["note_date"] = a_date(row.get("note_date"), here, "note_date")
        return CaseNote(Note.from_mapping({**known, "text": marked.text}, frame), marked)
    except (InputError, MarkupError) as error:
        raise CaseError(f"{here}: {error}") from error


def _policy(value: object, here: str) -> tuple[tuple[str, str], ...]:
    choices = a_mapping(value, here, "policy", "options, such as s05, to a choice")
    pairs = tuple((str(name), str(choice)) for name, choice in choices.items())
    try:
        policy_of(dict(pairs))
    except InputError as error:
        raise CaseError(f"{here}: {error}") from error
    return pairs
