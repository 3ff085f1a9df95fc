"""Findings as FHIR R4, a resource a line: what the notes support, and where the claim differs.

`Condition.ndjson` holds what `corrin suggest --format fhir` gives for each encounter. `DetectedIssue.ndjson`
holds the findings that a person should look at; their status is `preliminary`, since none is an error
before a reviewer says so. Nothing depends on the clock, so the same run gives the same bytes.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any, Self
from uuid import NAMESPACE_URL, uuid5

from audit.spill import private_open

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from suggest.result import Result

FOLDER, CONDITIONS, ISSUES = "fhir", "Condition.ndjson", "DetectedIssue.ndjson"
_VERDICT, _ACTION, _HOLD = "urn:corrin:fhir:verdict", "urn:corrin:fhir:action", "urn:corrin:fhir:hold"
_RULE, _CLAIM_LINE = "urn:corrin:fhir:rule", "urn:corrin:fhir:claim-line"
# R4 knows no encounter of an issue; this is how R5's is told in R4
_ENCOUNTER = "http://hl7.org/fhir/5.0/StructureDefinition/extension-DetectedIssue.encounter"
_SEVERITY = {"high": "high", "medium": "moderate", "low": "low", "error": "high", "warning": "moderate"}
_SILENT = frozenset({"supported", "not-assessed", "ok", "info"})
_ICD = "http://hl7.org/fhir/sid/icd-10-cm"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def conditions_of(result: Result, patient_id: str | None) -> list[dict[str, Any]]:
    """Return the conditions that the notes of an encounter support, as `corrin suggest` gives them."""
    from suggest.render.fhir import to_fhir

    found = [entry["resource"] for entry in to_fhir([result]).get("entry", ())]
    if patient_id is not None:
        for condition in found:
            condition["subject"] = {"identifier": {"value": _text(patient_id)}}
    return found


def issues_of(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield an issue for each finding of an encounter's record that a person should look at."""
    conditions = {c["code"]["coding"][0]["code"]: c["id"] for c in record.get("conditions", ())}
    for place, row in enumerate(record["findings"]):
        if row["verdict"] not in _SILENT or row.get("hold"):
            yield _issue(str(record["key"]), place, row, conditions)


def _issue(key: str, place: int, row: Mapping[str, Any], conditions: Mapping[str, str]) -> dict[str, Any]:
    parts = (key, place, row["verdict"], row["billed_code"], row["supported_code"])
    name = "/".join(("corrin", *map(str, parts)))
    issue: dict[str, Any] = {
        "resourceType": "DetectedIssue",
        "id": str(uuid5(NAMESPACE_URL, name.encode("utf-8", "backslashreplace").decode())),
        "extension": _extensions(row),
        "status": "preliminary",
        "code": {"coding": [{"system": _VERDICT, "code": row["verdict"]}], "text": _said(row)},
    }
    if not issue["extension"]:
        del issue["extension"]  # FHIR allows no empty list
    if row["severity"] in _SEVERITY:
        issue["severity"] = _SEVERITY[row["severity"]]
    if row.get("patient_id"):
        issue["patient"] = {"identifier": {"value": _text(row["patient_id"])}}
    issue["author"] = {"display": "Corrin; a screening result, not reviewed"}
    if row["supported_code"] in conditions:
        issue["implicated"] = [{"reference": f"Condition/{conditions[row['supported_code']]}"}]
    evidence = _evidence(row)
    if evidence:
        issue["evidence"] = evidence
    issue["detail"] = _text(row["reason"])
    return issue


def _said(row: Mapping[str, Any]) -> str:
    """Return what the finding is about in a few words: the codes, or what is held."""
    billed = f"{row['billed_code']} billed" if row["billed_code"] else ""
    better = f"{row['supported_code']} supported" if row["supported_code"] else ""
    held = f"hold: {row['hold']}" if row.get("hold") else ""
    return _text("; ".join(filter(None, (held, billed, better))) or row["verdict"])


def _extensions(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if row.get("encounter_id"):
        reference = {"identifier": {"value": _text(row["encounter_id"])}}
        found.append({"url": _ENCOUNTER, "valueReference": reference})
    for url, value in (
        (_ACTION, row.get("action")),
        (_HOLD, row.get("hold")),
        (_CLAIM_LINE, row.get("line")),
    ):
        if value:
            found.append({"url": url, "valueString": _text(value)})
    if row["billed_code"] and row["kind"] == "diagnosis":
        billed = {"system": _ICD, "code": _text(row["billed_code"])}
        found.append({"url": "urn:corrin:fhir:billed", "valueCoding": billed})
    return found


def _evidence(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rules, and each quote with its place and whether it speaks for the code or against it."""
    from suggest.render.fhir import EVIDENCE_URL

    rules = [{"coding": [{"system": _RULE, "code": rule}]} for rule in str(row["rules"] or "").split()]
    found: list[dict[str, Any]] = [{"code": rules}] if rules else []
    for proof in row["evidence"] or ():
        parts: list[dict[str, Any]] = [
            {"url": "noteId", "valueString": _text(proof["note_id"])} if proof.get("note_id") else {},
            {"url": "start", "valueUnsignedInt": proof["start"]},
            {"url": "end", "valueUnsignedInt": proof["end"]},
            {"url": "text", "valueString": _text(proof["text"])},
            {"url": "section", "valueCode": proof.get("section") or "unknown"},
            {"url": "role", "valueCode": proof.get("role") or "context"},
            {"url": "stance", "valueCode": proof["stance"]},
        ]
        found.append({"extension": [{"url": EVIDENCE_URL, "extension": [part for part in parts if part]}]})
    return found


def _text(value: object) -> str:
    """Return text that a FHIR string may hold."""
    return _CONTROL.sub("\ufffd", str(value))


class FhirFiles:
    """The two files while records come in; written beside, put in their place when they are whole.

    Where they are not wanted nothing is done.
    """

    def __init__(self, work: Path, *, wanted: bool) -> None:
        self._names = (CONDITIONS, ISSUES) if wanted else ()
        self._work = work
        self._stack = ExitStack()
        self._files: dict[str, IO[str]] = {}

    def __enter__(self) -> Self:
        for name in self._names:
            file = os.fdopen(
                private_open(self._work / name), "w", encoding="utf-8", errors="backslashreplace"
            )
            self._files[name] = self._stack.enter_context(file)
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def add(self, record: Mapping[str, Any]) -> None:
        """Write the resources of an encounter."""
        if self._names:
            self._write(CONDITIONS, record.get("conditions", ()))
            self._write(ISSUES, [*issues_of(record)])

    def _write(self, name: str, resources: Sequence[Mapping[str, Any]]) -> None:
        for resource in resources:
            self._files[name].write(json.dumps(resource, ensure_ascii=False, separators=(",", ":")) + "\n")

    def place(self, out: Path) -> None:
        """Put the files where they belong."""
        folder = out / FOLDER
        if self._names:
            folder.mkdir(mode=0o700, exist_ok=True)
        for name in self._names:
            (self._work / name).replace(folder / name)
