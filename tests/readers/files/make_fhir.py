"""Makes bulk/ with fhir.resources 8.3 (R4B models), in an environment of its own."""

import base64
from datetime import UTC, datetime
from pathlib import Path

from fhir.resources.R4B.claim import Claim
from fhir.resources.R4B.documentreference import DocumentReference

HERE = Path(__file__).parent


def document(number: int, kind: str, data: bytes) -> DocumentReference:
    return DocumentReference.model_validate(
        {
            "id": f"doc{number}",
            "status": "current",
            "docStatus": "final",
            "type": {"text": "Progress note"},
            "subject": {"reference": "Patient/p1"},
            "date": datetime(2026, 6, 3, 10, tzinfo=UTC),
            "author": [{"reference": "Practitioner/d1", "display": "Ana Rowe, MD"}],
            "content": [{"attachment": {"contentType": kind, "data": base64.b64encode(data).decode()}}],
            "context": {
                "encounter": [{"reference": f"Encounter/e{number}"}],
                "period": {"start": datetime(2026, 6, 2, 9, tzinfo=UTC)},
            },
        }
    )


html = "<h2>Assessment:</h2><ul><li>Vitamin B12 deficiency</li><li>Fatigue &amp; pallor</li></ul>"
notes = [
    document(1, "text/plain", b"A/P: Vitamin B12 deficiency."),
    document(2, "text/html", html.encode()),
    document(3, "application/pdf", (HERE / "visit.pdf").read_bytes()),
]
claim = Claim.model_validate(
    {
        "id": "c1",
        "status": "active",
        "type": {"coding": [{"code": "professional"}]},
        "use": "claim",
        "patient": {"reference": "Patient/p1"},
        "created": "2026-06-04",
        "provider": {"reference": "Practitioner/d1"},
        "priority": {"coding": [{"code": "normal"}]},
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "Payer A"}}],
        "diagnosis": [
            {
                "sequence": 1,
                "diagnosisCodeableConcept": {
                    "coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E53.8"}]
                },
            }
        ],
        "item": [
            {
                "sequence": 1,
                "encounter": [{"reference": "Encounter/e1"}],
                "productOrService": {
                    "coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "99213"}]
                },
            }
        ],
    }
)
for name, resources in (("DocumentReference", notes), ("Claim", [claim])):
    path = HERE / "bulk" / f"{name}.ndjson"
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(resource.model_dump_json() + "\n" for resource in resources), encoding="utf-8")
