"""A result as JSON and back, key by key in the order of the contract (docs/contract.md).

The contract leaves out what only the rules need (a mention's unit and item, a section's subtype, a
drug's class, a cue's id). Reading a result back therefore gives those their defaults; everything
that the contract names comes back as it was.
"""

from __future__ import annotations

import json
from dataclasses import fields
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from nlp import facts as f
from nlp.errors import InputError
from suggest import result as r

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T = TypeVar("T")

# Each record as the contract prints it: record type -> its keys in order. A key is an attribute of
# the record; values are plain, records of this table, or lists of them.
_SPAN = ("start", "end", "text")
KEYS: dict[type, tuple[str, ...]] = {
    f.Section: ("note_id", "category", "title", "start", "end"),
    f.Condition: (
        *("id", "note_id", "concept", "category", *_SPAN, "section"),
        *("assertion", "temporality", "experiencer", "author", "modifiers"),
    ),
    f.Modifier: ("kind", *_SPAN, "source"),
    f.LabValue: (
        *("id", "note_id", "analyte", "value", "comparator", "result", "unit"),
        *("reference_low", "reference_high", "flag", "plausible", "date", *_SPAN, "section"),
    ),
    f.Medication: (
        *("id", "note_id", "drug", "route", "dose", "concentration", "volume"),
        *("frequency", "status", *_SPAN, "section"),
    ),
    f.Amount: ("value", "unit"),
    f.Link: ("cause", "effect", "denied", "hedged", "note_id", *_SPAN),
    f.StatedCode: ("note_id", "code", "beside", *_SPAN),
    f.Author: ("id", "note_id", "credential", "role", "signed", *_SPAN),
    f.NoteDate: ("note_id", "kind", "date", *_SPAN),
    r.Facts: (
        *("sections", "conditions", "labs", "medications"),
        *("links", "stated_codes", "authors", "dates"),
    ),
    r.Evidence: ("note_id", *_SPAN, "section", "role"),
    r.Reason: ("rule", "text", "citation"),
    r.SequenceAfter: ("code", "what", "evidence"),
    r.Alternative: ("codes", "text", "option"),
    r.Conflict: ("code", "text", "rule", "evidence"),
    r.Suggestion: (
        *("rank", "code", "title", "kind", "temporality", "necessity", "band", "score"),
        *("evidence", "reasons", "sequence_after", "needs", "alternatives", "conflicts"),
    ),
    r.Query: (
        *("query", "topic", "codes", "question", "options", "changes"),
        *("evidence", "reasons", "draft"),
    ),
    r.Withheld: ("code", "title", "evidence", "reasons"),
    r.ChecklistItem: ("item", "ok", "text", "advice", "evidence"),
    r.Warning: ("kind", "text"),
    r.PolicyStamp: ("name", "sha256"),
    r.Result: (
        *("encounter_id", "note_id", "note_ids", "setting", "encounter_date"),
        *("release", "policy", "version", "scope", "facts"),
        *("suggestions", "queries", "withheld", "checklist", "warnings"),
    ),
}


def to_json(result: r.Result) -> dict[str, Any]:
    """Return the object that `corrin suggest --format json` prints, of plain JSON types.

    Absent values are None, empty lists `[]`, and keys stand in the order of the contract.
    """
    encoded = _encode(result)
    assert isinstance(encoded, dict)
    return encoded


def dumps(result: r.Result, *, indent: int | None = None) -> str:
    r"""Return the result as JSON text: one line, or indented. Letters outside ASCII stay as they are.

    A lone surrogate, which UTF-8 cannot hold, is written as its `\\uXXXX` escape.
    """
    return json_text(to_json(result), indent=indent)


def json_text(value: object, *, indent: int | None = None) -> str:
    """Return any JSON value as text in the house style (see `dumps`)."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return text.encode("utf-8", errors="backslashreplace").decode("utf-8")


def _encode(value: object) -> object:
    keys = KEYS.get(type(value))
    if keys is not None:
        return {key: _encode(getattr(value, key)) for key in keys}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [_encode(item) for item in value]
    return value


def from_json(data: Mapping[str, Any]) -> r.Result:
    """Return the result that `to_json` wrote.

    Raises:
        InputError: a key is missing or a value lies outside its vocabulary; the message names the
            key and quotes nothing.
    """
    return _record(
        r.Result,
        data,
        note_ids=tuple,
        setting=r.Setting,
        policy=_maker(r.PolicyStamp),
        facts=_facts,
        suggestions=_many(_suggestion),
        queries=_many(_query),
        withheld=_many(_maker(r.Withheld, evidence=_EVIDENCE, reasons=_REASONS)),
        checklist=_many(_maker(r.ChecklistItem, evidence=_EVIDENCE)),
        warnings=_many(_maker(r.Warning)),
    )


def _record(kind: type[T], data: Mapping[str, Any], /, **makers: Callable[[Any], Any]) -> T:
    """Make a record of its JSON object; `makers` turn the values that are not plain."""
    values: dict[str, Any] = {}
    for key in KEYS[kind]:
        try:
            value = data[key]
            values[key] = makers[key](value) if key in makers and value is not None else value
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(f'the result\'s {kind.__name__} has no usable "{key}"') from error
    return kind(**values)


def _maker(kind: type[T], /, **makers: Callable[[Any], Any]) -> Callable[[Mapping[str, Any]], T]:
    return lambda data: _record(kind, data, **makers)


def _many(make: Callable[[Any], T]) -> Callable[[Iterable[Any]], tuple[T, ...]]:
    return lambda items: tuple(make(item) for item in items)


_EVIDENCE = _many(_maker(r.Evidence, role=r.Role))
_REASONS = _many(_maker(r.Reason))
_AMOUNT = _maker(f.Amount)


def _section(data: Mapping[str, Any]) -> f.Section:
    category = f.SectionCategory(data["category"])
    body = data["start"] + len(data["title"])  # the contract does not print where the body starts
    return f.Section(data["note_id"], category, data["title"], data["start"], data["end"], body)


def _facts(data: Mapping[str, Any]) -> r.Facts:
    section = f.SectionCategory
    modifiers = _many(_maker(f.Modifier, source=f.ModifierSource))
    return _record(
        r.Facts,
        data,
        sections=_many(_section),
        conditions=_many(
            _maker(
                f.Condition,
                category=f.ConditionCategory,
                section=section,
                assertion=f.Assertion,
                temporality=f.Temporality,
                experiencer=f.Experiencer,
                modifiers=modifiers,
            )
        ),
        labs=_many(_maker(f.LabValue, flag=f.Flag, section=section)),
        medications=_many(
            _maker(
                f.Medication,
                dose=_AMOUNT,
                concentration=_AMOUNT,
                volume=_AMOUNT,
                status=f.MedicationStatus,
                section=section,
            )
        ),
        links=_many(_maker(f.Link)),
        stated_codes=_many(_maker(f.StatedCode)),
        authors=_many(_maker(f.Author, role=f.AuthorRole)),
        dates=_many(_maker(f.NoteDate)),
    )


def _suggestion(data: Mapping[str, Any]) -> r.Suggestion:
    return _record(
        r.Suggestion,
        data,
        kind=r.Kind,
        necessity=r.Necessity,
        band=r.Band,
        evidence=_EVIDENCE,
        reasons=_REASONS,
        sequence_after=_sequence_after,
        needs=tuple,
        alternatives=_many(_maker(r.Alternative, codes=tuple)),
        conflicts=_many(_maker(r.Conflict, evidence=_EVIDENCE)),
    )


def _sequence_after(data: str | Mapping[str, Any]) -> r.SequenceAfter | str:
    return data if isinstance(data, str) else _record(r.SequenceAfter, data, evidence=_EVIDENCE)


def _query(data: Mapping[str, Any]) -> r.Query:
    return _record(r.Query, data, codes=tuple, options=tuple, evidence=_EVIDENCE, reasons=_REASONS)


assert all(set(keys) <= {field.name for field in fields(kind)} for kind, keys in KEYS.items())
