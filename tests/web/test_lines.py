"""Claim lines on the page: read as they are typed or pasted, judged as everywhere else."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from nlp.errors import InputError
from web.lines import table

NOTE = (
    "Date of service: 06/02/2026\nA/P: Vitamin B12 deficiency.\n"
    "Cyanocobalamin 1000 mcg IM, left deltoid, lot A1.\nJ. Roe, MD"
)


@pytest.mark.parametrize(
    "text",
    [
        "J3420  1  JZ  A",
        "J3420\t1\tJZ\tA",
        "J3420,1,JZ,A\n\n",
        "CPT\tUnits\tModifiers\tDx Pointer\nJ3420\t1\tJZ\tA",
    ],
)
def test_a_line_is_read_however_it_is_pasted(text: str):
    (row,) = table(text)
    assert list(row.values()) == ["J3420", "1", "JZ", "A"]


def test_what_is_no_table_is_told():
    with pytest.raises(InputError, match="no claim line"):
        table(" \n")
    with pytest.raises(InputError, match="more than 200"):
        table("J3420 1\n" * 201)


def test_units_that_the_dose_does_not_bear_out_are_an_error(client: TestClient):
    body = {"text": NOTE, "lines": "J3420  5  JZ  A", "accepted": ["E53.8"]}
    wrong = client.post("/page/claim", json=body).json()["html"]
    assert "claim-error" in wrong
    right = client.post("/page/claim", json={**body, "lines": "J3420  1  JZ  A"}).json()["html"]
    assert "claim-error" not in right


def test_what_stands_in_a_line_is_shown_as_text(client: TestClient):
    body = {"text": NOTE, "lines": "<script>alert(1)</script>,1", "accepted": []}
    answer = client.post("/page/claim", json=body)
    assert answer.status_code == 200
    assert "<script" not in answer.json()["html"].lower()


@pytest.mark.parametrize("lines", [None, 5, "", "a,b\n1,2\x00"])
def test_lines_that_cannot_be_read_are_refused_or_judged_and_never_fail(client: TestClient, lines: object):
    assert client.post("/page/claim", json={"text": NOTE, "lines": lines}).status_code in (200, 422)
