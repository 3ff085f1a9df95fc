"""What the server refuses, and that every refusal has one shape and quotes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import TOKEN
from web.refusals import KINDS

NOTE = {"text": "A/P: B12 deficiency. Quorvexland."}
STATUS = {kind.kind: kind.status for kind in KINDS}


def refused(answer: Any, kind: str) -> None:
    assert answer.status_code == STATUS[kind]
    assert list(answer.json()) == ["error"]
    assert list(answer.json()["error"]) == ["status", "kind", "message"]
    assert answer.json()["error"]["kind"] == kind
    assert "Quorvexland" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "", "localhost.evil", "0.0.0.0:8765"],
)
def test_a_foreign_host_is_refused(client: TestClient, host: str):
    refused(client.post("/api/suggest", json=NOTE, headers={"Host": host}), "foreign_host")
    refused(client.get("/", headers={"Host": host}), "foreign_host")


@pytest.mark.parametrize("host", ["localhost:8765", "LOCALHOST", "[::1]:8765", "127.0.0.1"])
def test_the_names_of_this_machine_are_answered(client: TestClient, host: str):
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1:9999",
        "https://127.0.0.1:8765",
        "http://localhost:8765",
    ],
)
def test_a_foreign_origin_is_refused(client: TestClient, origin: str):
    for path in ("/api/suggest", "/page/answer", "/api/fhir"):
        refused(client.post(path, json=NOTE, headers={"Origin": origin}), "foreign_origin")
    refused(client.get("/api/codes/E53.8", headers={"Origin": origin}), "foreign_origin")


def test_the_page_itself_may_ask(client: TestClient):
    headers = {"Origin": "http://127.0.0.1:8765", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/suggest", json=NOTE, headers=headers).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_or_a_link_of_another_site_is_refused_and_a_link_to_the_page_is_not(
    client: TestClient, site: str
):
    form = {"content": "text=x", "headers": {"Content-Type": "text/plain", "Sec-Fetch-Site": site}}
    refused(client.post("/api/suggest", **form), "foreign_origin")
    refused(client.get("/api/openapi.json", headers={"Sec-Fetch-Site": site}), "foreign_origin")
    assert client.get("/", headers={"Sec-Fetch-Site": site}).status_code == 200


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_wrong_content_type_is_refused(client: TestClient, kind: str):
    answer = client.post("/api/suggest", content=b'{"text": "x"}', headers={"Content-Type": kind})
    refused(answer, "wrong_type")


def test_a_file_that_does_not_come_as_a_form_is_refused(client: TestClient):
    refused(client.post("/api/read", json=NOTE), "wrong_type")
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    refused(client.post("/api/read", content=b"no form", headers=broken), "bad_request")
    refused(
        client.post("/api/read", content=b"", headers={"Content-Type": "multipart/form-data"}), "bad_request"
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"text": 1' + b"0" * 5000 + b"}", b"null"],
)
def test_broken_json_is_refused(client: TestClient, body: bytes):
    answer = client.post("/api/suggest", content=body, headers={"Content-Type": "application/json"})
    refused(answer, "bad_json")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": None},
        {"text": ""},
        {"text": " \n"},
        {"text": 5},
        {"text": "Quorvexland", "setting": "Quorvexland"},
        {"text": "Quorvexland", "encounter_date": "Quorvexland"},
        {"text": "Quorvexland", "signed": "yes"},
        {"text": "Quorvexland", "role": []},
        {"text": "x", "notes": [{"text": "y"}]},
        {"notes": []},
        {"notes": "x"},
        {"notes": [{"text": "x"}, {"text": "y"}]},
        {"notes": [{"note_id": "a", "text": "x", "encounter_id": 1}, {"note_id": "b", "text": "x"}]},
        {"notes": [{"note_id": str(i), "text": "x"} for i in range(201)]},
    ],
)
def test_what_is_no_note_is_refused_with_what_to_do(client: TestClient, body: dict[str, Any]):
    refused(client.post("/api/suggest", json=body), "not_a_note")
    refused(client.post("/page/answer", json=body), "not_a_note")


def test_a_body_that_is_too_large_is_refused_by_its_length_and_as_it_grows(small: TestClient):
    big = {"text": "x" * 2000}
    refused(small.post("/api/suggest", json=big), "too_large")
    chunks = iter([b'{"text": "', *[b"x" * 100] * 20, b'"}'])
    refused(
        small.post("/api/suggest", content=chunks, headers={"Content-Type": "application/json"}), "too_large"
    )
    refused(small.post("/api/read", files={"file": ("a.txt", b"x" * 2000)}), "too_large")
    assert small.post("/api/suggest", json=NOTE).status_code == 200


def test_a_length_that_is_no_number_is_refused(client: TestClient):
    refused(client.post("/api/suggest", content=b"{}", headers={"Content-Length": "-1"}), "bad_request")


def test_unknown_addresses_and_methods_are_refused_in_the_same_shape(client: TestClient):
    refused(client.get("/no/such/address"), "not_found")
    refused(client.get("/static/no-such-file.js"), "not_found")
    refused(client.get("/static/../app.py"), "not_found")
    refused(client.get("/api/codes/NOPE"), "not_found")
    refused(client.get("/api/codes/E53.8?date=soon"), "not_a_note")
    refused(client.get("/api/suggest"), "wrong_method")
    refused(client.delete("/healthz"), "wrong_method")


def test_a_failure_inside_is_one_sentence_that_quotes_nothing(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: Any
):
    import suggest

    def fail(*_: object, **__: object) -> None:
        raise ValueError("cannot read: Quorvexland")

    monkeypatch.setattr(suggest, "suggest_encounter", fail)
    for path in ("/api/suggest", "/api/fhir", "/page/answer"):
        refused(client.post(path, json=NOTE), "failed")
    captured = capfd.readouterr()
    assert "Quorvexland" not in caplog.text + captured.out + captured.err


def test_a_failure_of_the_server_itself_is_told_in_the_same_shape(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
):
    from web import schema

    def fail(*_: object) -> None:
        raise ValueError("Quorvexland")

    monkeypatch.setattr(schema, "page", fail)
    refused(client.get("/api/docs"), "failed")


def test_with_a_token_nothing_is_answered_without_it(closed: TestClient):
    proxied = {"X-Forwarded-Proto": "https", "Host": "corrin.example.org"}
    refused(closed.post("/api/suggest", json=NOTE, headers=proxied), "token_needed")
    wrong = {**proxied, "Authorization": "Bearer no-such-token-0000"}
    refused(closed.post("/api/suggest", json=NOTE, headers=wrong), "token_needed")
    right = {**proxied, "Authorization": f"Bearer {TOKEN}", "Origin": "https://corrin.example.org"}
    assert closed.post("/api/suggest", json=NOTE, headers=right).status_code == 200
    assert closed.get("/healthz").status_code == 200


def test_with_a_token_nothing_is_answered_in_clear(closed: TestClient):
    clear = {"Host": "corrin.example.org", "Authorization": f"Bearer {TOKEN}"}
    refused(closed.post("/api/suggest", json=NOTE, headers=clear), "no_tls")
    refused(closed.get("/login", headers={"Host": "corrin.example.org"}), "no_tls")


def test_signing_in_leads_to_the_page_and_the_cookie_does_not_tell_the_token(closed: TestClient):
    proxied = {"X-Forwarded-Proto": "https", "Host": "corrin.example.org"}
    page = closed.get("/", headers=proxied, follow_redirects=False)
    assert (page.status_code, page.headers["location"]) == (303, "/login")
    assert closed.post("/login", data={"token": "wrong"}, headers=proxied).status_code == 401
    done = closed.post("/login", data={"token": TOKEN}, headers=proxied, follow_redirects=False)
    cookie = done.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "Secure", "SameSite=strict"))
    assert TOKEN not in cookie
    signed = {**proxied, "Cookie": cookie.partition(";")[0]}
    assert closed.get("/", headers=signed, follow_redirects=False).status_code == 200
    assert closed.post("/api/suggest", json=NOTE, headers=signed).status_code == 200
    foreign = {**proxied, "Origin": "https://evil.example"}
    refused(closed.post("/login", data={"token": TOKEN}, headers=foreign), "foreign_origin")
