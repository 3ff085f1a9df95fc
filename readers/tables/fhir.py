"""FHIR Bulk Data: notes of `DocumentReference`; codes of `Claim`, `ExplanationOfBenefit` or `Condition`.

Plain JSON at the edge: each resource is read for the few elements that the audit uses, in the forms of
R4 and R5. Attachments are read where they stand in the resource; links are never followed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from nlp.errors import InputError
from readers.documents.html import read_html
from readers.upload import read_upload

NOTE, BILLED, STATED = "DocumentReference", ("Claim", "ExplanationOfBenefit"), "Condition"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
_SIGNED = {"final": True, "amended": True, "preliminary": False}
_ENDINGS = {
    "text/plain": ".txt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/pdf": ".pdf",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/cda+xml": ".xml",
    "application/hl7-v3+xml": ".xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_HTML = ("text/html", "application/xhtml+xml")
_MOST_DATA = 96 * 1024 * 1024
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def is_resource(value: Mapping[str, Any]) -> bool:
    """Say whether a row is a FHIR resource."""
    return isinstance(value.get("resourceType"), str)


def note_of(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return a `DocumentReference` as the keys of a note.

    Raises:
        InputError: it was entered in error or superseded, or its text cannot be read from it.
    """
    status = resource.get("status")
    if status in ("entered-in-error", "superseded"):
        raise InputError(f"is a document with the status {status}; it is not read")
    context = resource.get("context")
    about: Mapping[str, Any] = context if isinstance(context, dict) else {}
    encounters = about.get("encounter") if about else context
    period = _dict(about.get("period") or resource.get("period"))
    text = _text(resource)
    values = {
        "note_id": resource.get("id"),
        "encounter_id": _reference(_first(encounters)),
        "text": text,
        "note_type": _words(resource.get("type")),
        "encounter_date": _day(period.get("end") or period.get("start") or resource.get("date")),
        "note_date": _day(resource.get("date")),
        "author": _dict(_first(resource.get("author"))).get("display"),
        "signed": True if resource.get("authenticator") else _SIGNED.get(str(resource.get("docStatus"))),
        "provider": _reference(_first(resource.get("author"))),
        "patient_id": _reference(resource.get("subject")),
        **_amends(resource),
    }
    return {name: value for name, value in values.items() if value is not None}


def billed_of(resource: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the billed codes of a `Claim` or `ExplanationOfBenefit`; None for one that was cancelled.

    Raises:
        InputError: it names no encounter, so that nothing can be joined.
    """
    if resource.get("status") in ("cancelled", "entered-in-error", "draft"):
        return None
    listed = [entry for entry in _list(resource.get("diagnosis")) if isinstance(entry, dict)]
    ordered = sorted(listed, key=lambda entry: (_whole(entry.get("sequence")), listed.index(entry)))
    codes = [code for entry in ordered if (code := _code(entry.get("diagnosisCodeableConcept")))]
    encounter = next(
        (
            found
            for item in _list(resource.get("item"))
            if (found := _reference(_first(_dict(item).get("encounter"))))
        ),
        None,
    )
    encounter = encounter or _reference(_first(resource.get("encounter")))
    if encounter is None:
        raise InputError(
            f"names no encounter (in item.encounter), so its {len(codes)} codes cannot be joined"
        )
    insurer = _dict(resource.get("insurer"))
    return {
        "encounter_id": encounter,
        "codes": codes,
        "patient_id": _reference(resource.get("patient")),
        "provider": _reference(resource.get("provider")),
        "payer": insurer.get("display") or _reference(insurer),
    }


def stated_of(resource: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the code of a `Condition` that is an encounter's diagnosis; None for others.

    Raises:
        InputError: it is an encounter's diagnosis and names no encounter.
    """
    status = {coding.get("code") for coding in _codings(resource.get("verificationStatus"))}
    kinds = {coding.get("code") for entry in _list(resource.get("category")) for coding in _codings(entry)}
    code = _code(resource.get("code"))
    if (
        code is None
        or status & {"entered-in-error", "refuted"}
        or (kinds and "encounter-diagnosis" not in kinds)
    ):
        return None
    encounter = _reference(resource.get("encounter"))
    if encounter is None:
        raise InputError("is a diagnosis that names no encounter, so it cannot be joined")
    return {"encounter_id": encounter, "codes": [code], "patient_id": _reference(resource.get("subject"))}


def _text(resource: Mapping[str, Any]) -> str:
    """Return the text of the first attachment that can be read, plain text before the others."""
    attachments = [_dict(_dict(entry).get("attachment")) for entry in _list(resource.get("content"))]
    kinds = [str(a.get("contentType", "")).split(";")[0].strip().lower() for a in attachments]
    ordered = sorted(zip(kinds, attachments, strict=True), key=lambda pair: pair[0] != "text/plain")
    problem = "has no attachment"
    for kind, attachment in ordered:
        data = attachment.get("data")
        if not isinstance(data, str):
            problem = "has its note behind a link, and Corrin follows none; export it with inline attachments"
            continue
        if kind and kind not in _ENDINGS and kind not in _HTML:
            problem = (
                f"has an attachment of the type {kind[:60] if kind.isprintable() else '?'}, which is not read"
            )
            continue
        try:
            if kind in _HTML:
                return read_html(_decoded(data)).text
            return read_upload(f"attachment{_ENDINGS.get(kind, '.txt')}", _decoded(data))[0]
        except InputError as error:
            problem = f"its attachment {error}"
    raise InputError(problem)


def _decoded(data: str) -> bytes:
    if len(data) > _MOST_DATA:
        raise InputError("is larger than a note may be")
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError("is not whole base64") from error


def _amends(resource: Mapping[str, Any]) -> dict[str, Any]:
    for entry in _list(resource.get("relatesTo")):
        code = _dict(entry).get("code")
        kind = code if isinstance(code, str) else next((c.get("code") for c in _codings(code)), None)
        if kind == "appends":
            return {"role": "addendum", "amends": _reference(_dict(entry).get("target"))}
    return {}


def _reference(value: object) -> str | None:
    """Return the id of a reference, by whatever way it names it."""
    entry = _dict(value)
    named = entry.get("reference")
    if isinstance(named, str) and named:
        return (
            named.split("/_history/")[0].rpartition("/")[2].removeprefix("urn:uuid:").removeprefix("#")
            or None
        )
    identifier = _dict(entry.get("identifier")).get("value")
    return identifier if isinstance(identifier, str) else None


def _code(concept: object) -> str | None:
    """Return the ICD-10-CM code of a concept."""
    for coding in _codings(concept):
        system, code = str(coding.get("system", "")), coding.get("code")
        if isinstance(code, str) and (system == ICD10CM or system.endswith("2.16.840.1.113883.6.90")):
            return code
    return None


def _codings(concept: object) -> Iterator[dict[str, Any]]:
    for coding in _list(_dict(concept).get("coding")):
        if isinstance(coding, dict):
            yield coding


def _words(concept: object) -> str | None:
    text = _dict(concept).get("text")
    if isinstance(text, str) and text.strip():
        return text
    return next((c["display"] for c in _codings(concept) if isinstance(c.get("display"), str)), None)


def _day(value: object) -> str | None:
    match = _DATE.match(value) if isinstance(value, str) else None
    return match[0] if match else None


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _first(value: object) -> object:
    entries = _list(value)
    return entries[0] if entries else None


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 1_000_000
