"""What the API answers: the contract's own object, files as text, codes, health, and its description."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from suggest import suggest_codes, suggest_encounter, to_json
from suggest.note import Note
from web.refusals import KINDS

ROOT = Path(__file__).resolve().parents[2]
DEMO = (ROOT / "corpora/demo/clinic-note.txt").read_text(encoding="utf-8")


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


def test_a_note_is_answered_with_the_very_object_of_the_command_line(client: TestClient):
    answer = client.post("/api/suggest", json={"text": DEMO, "note_id": "n1", "setting": "outpatient"})
    assert answer.status_code == 200
    assert answer.json() == plain(to_json(suggest_codes(DEMO, note_id="n1", setting="outpatient")))
    assert list(answer.json())[:3] == ["encounter_id", "note_id", "note_ids"]


def test_the_notes_of_an_encounter_are_answered_together(client: TestClient):
    notes = [
        {
            "note_id": "order",
            "role": "context",
            "text": "Order: B12 injections for B12 deficiency. J. Roe, MD",
        },
        {"note_id": "visit", "text": "Given: cyanocobalamin 1000 mcg IM, left deltoid, lot A1.\nT. Poe, RN"},
    ]
    answer = client.post("/api/suggest", json={"notes": notes, "encounter_date": "2026-06-02"})
    told = [Note.from_mapping(row, {"encounter_date": "2026-06-02"}) for row in notes]
    assert answer.json() == plain(to_json(suggest_encounter(told)))
    assert answer.json()["note_ids"] == ["order", "visit"]


def test_offsets_count_code_points_behind_signs_outside_the_basic_plane(client: TestClient):
    text = "\U0001f489\U0001f489 A/P: B12 deficiency\U0001f489, \U0001d4d0."
    (evidence,) = client.post("/api/suggest", json={"text": text}).json()["suggestions"][0]["evidence"]
    assert text[evidence["start"] : evidence["end"]] == evidence["text"] == "B12 deficiency"


def test_a_lone_surrogate_in_a_note_breaks_nothing(client: TestClient):
    for path in ("/api/suggest", "/page/answer"):
        body = b'{"text": "A/P: B12 deficiency \\ud800 here"}'
        answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 200
        assert "E53.8" in answer.text


def test_fhir_keeps_the_accepted_codes_in_their_order(client: TestClient):
    body = {"text": DEMO, "accepted": ["R20.2", "E53.8", "Z00.00"]}
    answer = client.post("/api/fhir", json=body)
    assert answer.headers["content-type"] == "application/fhir+json"
    entries = answer.json()["entry"]
    assert [e["resource"]["code"]["coding"][0]["code"] for e in entries] == ["R20.2", "E53.8"]
    everything = client.post("/api/fhir", json={"text": DEMO}).json()["entry"]
    assert len(everything) > 2


def test_a_text_file_is_read_as_it_is(client: TestClient):
    data = "A/P: B12 deficiency\r\n\ttab “quotes”".encode()
    answer = client.post("/api/read", files={"file": ("visit.txt", data)}).json()
    assert (answer["text"], answer["kind"], answer["warnings"]) == (data.decode(), "text", [])


def test_rows_of_json_give_every_note_with_its_keys_and_tell_of_broken_lines(client: TestClient):
    data = b'{"text": "one", "encounter_id": "e1", "role": "addendum"}\nnot json\n{"text": "two"}\n'
    answer = client.post("/api/read", files={"file": ("notes.jsonl", data)}).json()
    assert answer["text"] == "one"
    assert answer["notes"] == [{"text": "one", "encounter_id": "e1", "role": "addendum"}, {"text": "two"}]
    assert answer["warnings"] == ["Line 2 is not JSON; each line must hold one object."]


def test_a_file_of_an_unknown_kind_is_refused_with_what_to_do(client: TestClient):
    answer = client.post("/api/read", files={"file": ("scan.png", b"\x89PNG\r\n")})
    assert answer.status_code == 422
    assert answer.json()["error"]["kind"] == "not_a_note"


def test_a_code_comes_with_its_title_notes_and_scope(client: TestClient):
    told = client.get("/api/codes/e538").json()
    assert (told["code"], told["billable"], told["in_scope"], told["family"]) == ("E53.8", True, True, "b12")
    assert {"at": "E53.8", "text": "folate deficiency anemia (D52.-)"} in told["notes"]["excludes1"]
    assert client.get("/api/codes/D51").json()["billable"] is False
    assert client.get("/api/codes/S93.401A").json()["in_scope"] is False


def test_health_is_good_once_warm(client: TestClient):
    assert client.get("/healthz").status_code == 200


def test_health_is_bad_before_the_pipeline_is_warm():
    from web.app import create_app
    from web.settings import Settings
    from web.workers import Inline

    cold = TestClient(create_app(Settings(), Inline(Settings())), base_url="http://localhost")
    assert cold.get("/healthz").status_code == 503  # its lifespan has not run


def test_the_description_names_every_address_and_every_key_of_the_answer(client: TestClient):
    document = client.get("/api/openapi.json").json()
    assert set(document["paths"]) == {
        "/api/suggest",
        "/api/fhir",
        "/api/read",
        "/api/codes/{code}",
        "/healthz",
    }
    answer = client.post("/api/suggest", json={"text": DEMO}).json()
    schemas = document["components"]["schemas"]
    assert list(schemas["Result"]["properties"]) == list(answer)
    assert list(schemas["Suggestion"]["properties"]) == list(answer["suggestions"][0])
    assert list(schemas["Condition"]["properties"]) == list(answer["facts"]["conditions"][0])


def test_the_description_is_a_page_without_script(client: TestClient):
    page = client.get("/api/docs")
    assert "<script" not in page.text
    assert "POST /api/suggest" in page.text
    assert [kind.kind for kind in KINDS if kind.kind not in page.text] == []


def test_the_page_asks_for_nothing_outside(client: TestClient):
    import re

    for path in ("/", "/api/docs", "/login"):
        page = client.get(path).text
        addresses = re.findall(r'(?:src|href|action)="([^"]*)"', page)
        assert addresses
        assert [a for a in addresses if not a.startswith(("/", "#"))] == []
    for file in (ROOT / "web/static").iterdir():
        if file.suffix in (".js", ".css"):
            assert "http://" not in (text := file.read_text(encoding="utf-8"))
            assert "https://" not in text


@pytest.mark.parametrize("path", ["/", "/api/docs", "/login"])
def test_no_script_and_no_style_stands_in_a_page(client: TestClient, path: str):
    import re

    page = client.get(path).text
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", page) == []
