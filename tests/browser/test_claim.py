"""Whose claim it is, of which day, and what its lines say: read from the note, asked, conflicts shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import codes, example, paste, settled

pytestmark = pytest.mark.slow


def test_claim_lines_are_checked_against_the_note(page: Page):
    paste(page, example("metformin"))
    page.keyboard.press("a")
    page.keyboard.press("g")
    page.keyboard.type("J3420  5  JZ  A")
    page.keyboard.press("Control+Enter")
    finding = page.locator("#line-findings .claim-error")
    expect(finding).to_contain_text("J3420")
    expect(finding).to_contain_text("1000 mcg")
    page.keyboard.press("Escape")
    paste(page, example("ankle"))
    assert page.locator("#line-findings .card").count() == 0  # they belonged to the note before


def test_the_claim_is_asked_once_and_holds_for_the_notes_that_follow(page: Page):
    note = "Discharge diagnoses: probable vitamin B12 deficiency.\nJ. Roe, MD"
    paste(page, note)
    expect(page.locator("#asks")).to_contain_text("Whose claim?")
    assert "E53.8" not in codes(page)
    page.get_by_role("button", name="Hospital inpatient").click()
    settled(page)
    assert "E53.8" in codes(page)
    paste(page, note + "\n")
    assert "Whose claim?" not in page.locator("#asks").inner_text()
    assert "E53.8" in codes(page)


def test_a_claim_that_the_note_names_is_taken_and_a_conflict_shown(page: Page):
    note = "Claim type: inpatient\nDischarge diagnoses: probable vitamin B12 deficiency.\nJ. Roe, MD"
    paste(page, note)
    assert "E53.8" in codes(page)
    expect(page.locator("#claim option").first).to_have_text("from the note (hospital inpatient)")
    page.locator("#claim").select_option("professional")
    settled(page)
    expect(page.locator("#asks")).to_contain_text("The note says “Claim type: inpatient” (line 1)")
    page.get_by_role("button", name="Take the note's").click()
    settled(page)
    assert "E53.8" in codes(page)


def test_the_date_is_read_asked_and_its_conflict_shown(page: Page):
    paste(page, "A/P: B12 deficiency.")
    expect(page.locator("#asks")).to_contain_text("Date of service?")
    page.locator("#date").fill("2026-06-02")
    settled(page)
    expect(page.locator(".stamp")).to_contain_text("2026-06-02")
    assert "Date of service?" not in page.locator("#asks").inner_text()
    page.keyboard.press("Escape")
    paste(page, example("metformin"))
    assert page.locator("#date").input_value() == "2026-06-02"
    page.locator("#date").fill("2026-06-20")
    settled(page)
    expect(page.locator("#asks")).to_contain_text("The note says 2026-06-02; you gave 2026-06-20")
    page.get_by_role("button", name="Take 2026-06-02").click()
    settled(page)
    expect(page.locator(".stamp")).to_contain_text("2026-06-02")
