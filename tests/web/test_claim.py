"""Whose claim a note says it is for, and what it says of the place alone."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from web.claim import Cue, cues, read_claim


@pytest.mark.parametrize("cue", cues(), ids=lambda cue: cue.name)
def test_each_cue_finds_its_example(cue: Cue):
    before, _, rest = cue.example.partition("[[")
    words, _, after = rest.partition("]]")
    said = read_claim([before + words + after])
    assert said is not None
    assert (said.setting, said.is_claim) == (cue.says, cue.is_claim)
    assert said.words == words


@pytest.mark.parametrize(
    "text",
    [
        "He was inpatient last year.",
        "Discussed insurance claim.",
        "A/P: B12 deficiency",
        "He brings a summary.",
    ],
)
def test_words_in_passing_say_nothing(text: str):
    assert read_claim([text]) is None


def test_the_name_of_the_claim_leads_the_place():
    said = read_claim(["DISCHARGE SUMMARY\nClaim: professional\n"])
    assert said is not None
    assert (said.setting, said.is_claim, said.line) == ("professional", True, 2)


def test_the_page_takes_the_claim_of_the_note_unless_the_coder_chose_one(client: TestClient):
    text = "Claim type: inpatient\nDischarge diagnoses: probable B12 deficiency\nJ. Roe, MD"
    told = client.post("/page/answer", json={"text": text}).json()
    assert (told["setting"], told["claim"]["setting"]) == ("inpatient", "inpatient")
    chosen = client.post("/page/answer", json={"text": text, "setting": "professional"}).json()
    assert (chosen["setting"], chosen["claim"]["setting"]) == ("professional", "inpatient")


def test_a_discharge_summary_is_asked_about_and_not_decided(client: TestClient):
    told = client.post("/page/answer", json={"text": "DISCHARGE SUMMARY\nDx: B12 deficiency"}).json()
    assert told["setting"] == "professional"
    assert told["claim"]["is_claim"] is False
