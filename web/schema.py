"""The API described: the OpenAPI document, and the same as a page that needs no script."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from suggest.serialise import KEYS
from web.refusals import KINDS
from web.templating import render

if TYPE_CHECKING:
    from fastapi import FastAPI

_TEXT = {"type": ["string", "null"]}
_ID = {"type": ["string", "integer", "null"]}
_DATE = {"type": ["string", "null"], "format": "date"}
_SETTING = {"type": ["string", "null"], "enum": ["professional", "outpatient", "inpatient", None]}
_NOTE = {
    "type": "object",
    "required": ["text"],
    "properties": {
        "text": {"type": "string", "minLength": 1, "description": "the note; offsets count its code points"},
        "note_id": _ID,
        "encounter_id": _ID,
        "encounter_date": {**_DATE, "description": "date of service; inpatient: of discharge"},
        "setting": {**_SETTING, "description": "whose claim; default professional"},
        "note_type": _TEXT,
        "author": _ID,
        "credential": _TEXT,
        "signed": {"type": ["boolean", "null"]},
        "role": {"type": ["string", "null"], "enum": ["primary", "addendum", "context", None]},
        "amends": _ID,
        "note_date": _DATE,
    },
}
_NOTES = {
    "type": "object",
    "required": ["notes"],
    "description": "The notes of one encounter, answered together; what stands beside them holds for all.",
    "properties": {
        "notes": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Note"}},
        "encounter_id": _ID,
        "encounter_date": _DATE,
        "setting": _SETTING,
    },
}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["status", "kind", "message"],
            "properties": {
                "status": {"type": "integer"},
                "kind": {"type": "string", "enum": [kind.kind for kind in KINDS]},
                "message": {"type": "string", "description": "one sentence; it quotes nothing of a note"},
            },
        }
    },
}
_READ = {
    "type": "object",
    "required": ["text", "kind", "warnings", "notes"],
    "properties": {
        "text": {"type": "string"},
        "kind": {"type": "string"},
        "warnings": {"type": "array", "items": {"type": "string"}},
        "notes": {
            "type": "array",
            "description": "every note of the file with its keys; one, save for .jsonl",
            "items": {"$ref": "#/components/schemas/Note"},
        },
    },
}
_TERMS = {"type": "array", "items": {"type": "string"}}
_CODE = {
    "type": "object",
    "required": ["code", "title", "billable", "in_scope", "family", "release", "inclusion_terms", "notes"],
    "properties": {
        "code": {"type": "string"},
        "title": {"type": "string"},
        "billable": {"type": "boolean"},
        "in_scope": {"type": "boolean"},
        "family": _TEXT,
        "release": {"type": "string"},
        "inclusion_terms": _TERMS,
        "notes": {
            "type": "object",
            "additionalProperties": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"at": {"type": "string"}, "text": {"type": "string"}},
                },
            },
        },
    },
}


def _errors(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """Return the responses of an address that refuses in these ways; the guards' own come with all."""
    every = {
        *kinds,
        "bad_request",
        "token_needed",
        "foreign_host",
        "foreign_origin",
        "no_tls",
        "wrong_method",
    }
    found: dict[int | str, list[str]] = {}
    for kind in KINDS:
        if kind.kind in every:
            found.setdefault(kind.status, []).append(f"{kind.kind}: {kind.means}")
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {status: {"description": "; ".join(text), "content": content} for status, text in found.items()}


def _answers(name: str, media_type: str = "application/json") -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": "the answer", "content": {media_type: {"schema": schema}}}


_READING = (
    "bad_json",
    "too_large",
    "slow_body",
    "wrong_type",
    "not_a_note",
    "too_long",
    "failed",
    "busy",
    "too_slow",
)
_ASKED = {"oneOf": [{"$ref": "#/components/schemas/Note"}, {"$ref": "#/components/schemas/Notes"}]}
_PLAN = "A/P: Vitamin B12 deficiency, start cyanocobalamin."
_SHOWN = {
    "a note": {"value": {"text": _PLAN, "encounter_date": "2026-06-02"}},
    "an encounter": {
        "value": {
            "setting": "outpatient",
            "notes": [
                {"note_id": "visit", "text": _PLAN},
                {"note_id": "more", "text": "Addendum: it is due to metformin.", "role": "addendum"},
            ],
        }
    },
}
SUGGEST: dict[str, Any] = {
    "summary": "Which codes do the notes of an encounter support?",
    "description": "Answers with the very object that `corrin suggest --format json` prints.",
    "responses": {200: _answers("Result"), **_errors(*_READING)},
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _ASKED, "examples": _SHOWN}},
        }
    },
}
FHIR: dict[str, Any] = {
    "summary": "The suggestions as a FHIR R4 Bundle of Condition.",
    "description": "Takes what /api/suggest takes; `accepted` lists the codes to keep, in their order.",
    "responses": {200: _answers("Bundle", "application/fhir+json"), **_errors(*_READING)},
    "openapi_extra": SUGGEST["openapi_extra"],
}
READ: dict[str, Any] = {
    "summary": "The text of a file: .txt, .rtf, .docx, .pdf with a text layer, C-CDA .xml, .jsonl.",
    "responses": {200: _answers("Read"), **_errors(*_READING[1:])},
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["file"],
                        "properties": {"file": {"type": "string", "format": "binary"}},
                    }
                }
            },
        }
    },
}
CODES: dict[str, Any] = {
    "summary": "What the release says of a code.",
    "responses": {
        200: _answers("Code"),
        **_errors("not_found", "not_a_note", "too_long", "failed", "busy", "too_slow"),
    },
    "openapi_extra": {
        "parameters": [
            {
                "name": "date",
                "in": "query",
                "required": False,
                "description": "YYYY-MM-DD; its release speaks",
                "schema": {"type": "string"},
            },
        ]
    },
}
HEALTH: dict[str, Any] = {
    "summary": "200 once the pipeline is warm.",
    "responses": {
        200: {
            "description": "warm",
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        **_errors("busy"),
    },
}


def described(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of the app."""
    if app.openapi_schema is None:
        document = app.openapi()
        known = document.setdefault("components", {}).setdefault("schemas", {})
        known.clear()
        known.update(_result_schemas())
        known.update({"Note": _NOTE, "Notes": _NOTES, "Error": _ERROR, "Read": _READ, "Code": _CODE})
        known["Bundle"] = {"type": "object", "required": ["resourceType", "type"]}
    assert app.openapi_schema is not None
    return app.openapi_schema


def document(app: FastAPI) -> bytes:
    """Return the OpenAPI document as JSON."""
    return json.dumps(described(app), ensure_ascii=False, indent=1).encode()


def page(app: FastAPI) -> str:
    """Return the document as a page."""
    return render("docs.html.j2", api=described(app), kinds=KINDS, references=references, **_EXAMPLES)


@lru_cache(maxsize=1)
def _result_schemas() -> dict[str, Any]:
    """Return the schema of a result and of every record in it, cut down to the keys of the contract."""
    from pydantic import TypeAdapter

    from suggest.result import Result

    schema = TypeAdapter(Result).json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    named = schema.pop("$defs")
    named["Result"] = schema
    for record, keys in KEYS.items():
        entry = named[record.__name__]
        entry["properties"] = {key: entry["properties"][key] for key in keys}
        entry["required"] = list(keys)
        entry.pop("description", None)
    return dict(named)


_EXAMPLES = {
    "example": {
        "ask": 'curl -s http://127.0.0.1:8765/api/suggest -H "Content-Type: application/json" '
        '-d \'{"text": "A/P: Vitamin B12 deficiency, start cyanocobalamin."}\'',
        "file": "curl -s http://127.0.0.1:8765/api/read -F file=@visit.docx",
        "code": "curl -s http://127.0.0.1:8765/api/codes/D51.0",
    }
}


def references(schema: dict[str, Any]) -> str:
    """Return what a schema is in a few words: its type, its choices, or the names of its records."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return " or ".join(references(item) for item in schema[key])
    if schema.get("enum"):
        return " or ".join("null" if item is None else str(item) for item in schema["enum"])
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {references(schema.get('items', {}))}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
