"""Suggestions as a FHIR R4 Bundle of Condition resources.

What Corrin suggests is a candidate until a coder takes it over: `verificationStatus` is
`provisional` (band "code") or `unconfirmed` (band "care"), never `confirmed`. A code for history
is never an active condition: `clinicalStatus` is `inactive`, or `resolved` where the note says that
it is gone, and a category says "history". Codes for a status or a screening have no clinical
status at all. Nothing depends on the clock, so the same results give the same bytes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from suggest.result import Band, Evidence, Kind, Result, Suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

_HL7 = "http://terminology.hl7.org/CodeSystem/"
_ICD = "http://hl7.org/fhir/sid/icd-10-cm"
EVIDENCE_URL = "urn:corrin:fhir:evidence"
_VERIFICATION = {Band.CODE: "provisional", Band.CARE: "unconfirmed"}
_WITHOUT_STATUS = (Kind.STATUS, Kind.SCREENING)


def to_fhir(results: Sequence[Result]) -> dict[str, Any]:
    """Return a Bundle of type `collection` with one Condition for each suggestion, in order.

    Queries and withheld codes are no conditions and are left out.
    """
    entries = []
    for number, result in enumerate(results):
        for suggestion in result.suggestions:
            name = (
                f"corrin/{number}/{result.encounter_id}/{result.note_id}/{suggestion.rank}/{suggestion.code}"
            )
            uuid = str(uuid5(NAMESPACE_URL, name.encode("utf-8", "backslashreplace").decode()))
            resource = _condition(result, suggestion, uuid)
            entries.append({"fullUrl": f"urn:uuid:{uuid}", "resource": resource})
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "collection"}
    if entries:  # FHIR allows no empty list
        bundle["entry"] = entries
    return bundle


def _condition(result: Result, suggestion: Suggestion, uuid: str) -> dict[str, Any]:
    condition: dict[str, Any] = {"resourceType": "Condition", "id": uuid}
    if suggestion.evidence:
        condition["extension"] = [_evidence(item) for item in suggestion.evidence]
    status = _clinical_status(suggestion)
    if status is not None:
        condition["clinicalStatus"] = _coded("condition-clinical", status)
    condition["verificationStatus"] = _coded("condition-ver-status", _VERIFICATION[suggestion.band])
    condition["category"] = [_coded("condition-category", "encounter-diagnosis")]
    if suggestion.kind is Kind.HISTORY:
        condition["category"].append({"text": "history"})
    condition["code"] = {
        "coding": [
            {
                "system": _ICD,
                "version": result.release,
                "code": suggestion.code,
                "display": suggestion.title,
            }
        ],
        "text": suggestion.title,
    }
    condition["subject"] = {"display": "the patient of the note"}
    if result.encounter_id:
        condition["encounter"] = {"identifier": {"value": _text(result.encounter_id)}}
    condition["note"] = [{"text": _text(text)} for text in _remarks(result, suggestion)]
    return condition


def _clinical_status(suggestion: Suggestion) -> str | None:
    if suggestion.kind in _WITHOUT_STATUS:
        return None
    if suggestion.temporality == "resolved":
        return "resolved"
    if suggestion.kind is Kind.HISTORY or suggestion.temporality == "historical":
        return "inactive"
    return "active"


def _evidence(item: Evidence) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [
        {"url": "start", "valueUnsignedInt": item.start},
        {"url": "end", "valueUnsignedInt": item.end},
        {"url": "text", "valueString": _text(item.text)},
        {"url": "section", "valueCode": item.section},
        {"url": "role", "valueCode": item.role.value},
    ]
    if item.note_id:
        parts.insert(0, {"url": "noteId", "valueString": _text(item.note_id)})
    return {"url": EVIDENCE_URL, "extension": parts}


def _remarks(result: Result, suggestion: Suggestion) -> list[str]:
    remarks = [
        (
            f"Suggested by Corrin {result.version} from documentation ({result.release}, policy"
            f" {result.policy.name}); not confirmed by a coder."
        )
    ]
    remarks.extend(f"{reason.rule}: {reason.text} [{reason.citation}]" for reason in suggestion.reasons)
    return remarks


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": _HL7 + system, "code": code}]}


def _text(text: str) -> str:
    """Return text that a FHIR string may hold: no control characters but tab and line ends."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", text)
