"""The coder's list: accepted, put in order, asked about, undone, copied and saved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import clipboard, codes, example, paste, picked, settled

pytestmark = pytest.mark.slow


def test_from_paste_to_copied_list_with_the_keyboard_alone(page: Page):
    page.evaluate("(text) => navigator.clipboard.writeText(text)", example("metformin"))
    page.keyboard.press("Control+V")
    page.wait_for_selector(".card")
    settled(page)
    for key in ("j", "a", "j", "x", "j", "Enter"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.tagName") == "MARK"  # Enter led from the card to its words
    page.keyboard.press("Enter")
    assert "card" in page.evaluate("document.activeElement.className")  # and back
    page.keyboard.press("a")
    assert len(picked(page)) == 2
    page.keyboard.press("c")
    expect(page.locator("#status")).to_contain_text("Copied")
    assert clipboard(page).split("\n") == picked(page)
    assert picked(page)[0] == "E53.8"
    expect(page.locator(".card.rejected")).to_have_count(1)


def test_a_query_is_edited_and_copied(page: Page):
    paste(page, example("metformin"))
    page.locator(".draft summary").click()
    draft = page.locator(".draft textarea")
    was = draft.input_value()
    assert "E53.8" not in was
    assert "assessment and plan:" in was  # one note needs no name
    draft.fill(was + "\nThank you.")
    page.keyboard.press("Escape")
    page.keyboard.press("q")
    expect(page.locator("#status")).to_contain_text("Query copied")
    assert clipboard(page) == was + "\nThank you."
    page.keyboard.press("t")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    assert page.locator(".draft textarea").input_value().endswith("Thank you.")


def test_the_list_is_put_in_order_and_written_in_the_coders_own_format(page: Page):
    paste(page, example("metformin"))
    for code in ("R20.2", "E53.8"):
        page.get_by_role("button", name=f"Accept {code}").click()
    assert picked(page) == ["E53.8", "R20.2"]  # reporting order
    page.get_by_role("button", name="Move R20.2 up").click()
    assert picked(page) == ["R20.2", "E53.8"]
    page.keyboard.press("f")
    page.locator("#f-dots").uncheck()
    page.locator("#f-titles").check()
    page.locator("#f-between").select_option("semicolon")
    expect(page.locator("#f-sample")).to_contain_text("R202 Paresthesia of skin; E538 Deficiency")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.keyboard.press("c")
    expect(page.locator("#status")).to_contain_text("Copied")
    assert clipboard(page) == "R202 Paresthesia of skin; E538 Deficiency of other specified B group vitamins"
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.evaluate("JSON.parse(localStorage['corrin.settings']).between") == "semicolon"


def test_a_partner_outside_the_scope_keeps_its_place_in_the_list(page: Page):
    paste(page, "A/P: Anemia in neoplastic disease, colon cancer. Transfuse.")
    page.get_by_role("button", name="Accept D63.0").click()
    expect(page.locator("#picked .partner")).to_contain_text("must stand before D63.0")
    page.keyboard.press("c")
    expect(page.locator("#status")).to_contain_text("Copied")
    lines = clipboard(page).split("\n")
    assert lines[-1] == "D63.0"
    assert lines[0].startswith("[")


def test_what_stands_in_the_wrong_order_is_told(page: Page):
    paste(page, "A/P: Vitamin B12 deficiency with polyneuropathy due to B12 deficiency.")
    assert codes(page)[:2] == ["E53.8", "G63"]
    for code in ("E53.8", "G63"):
        page.get_by_role("button", name=f"Accept {code}").click()
    assert page.locator(".broken").count() == 0
    page.get_by_role("button", name="Move G63 up").click()
    expect(page.locator(".broken")).to_have_text("must come after E53.8")


def test_undo_takes_back_accepting_clearing_and_pasting(page: Page):
    paste(page, example("metformin"))
    page.keyboard.press("Shift+A")
    assert picked(page) == ["E53.8"]
    page.keyboard.press("z")
    assert picked(page) == []
    page.keyboard.press("n")
    expect(page.locator("#start")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    assert codes(page)[0] == "E53.8"
    paste(page, example("ankle"))
    page.keyboard.press("Control+Z")
    assert codes(page)[0] == "E53.8"


def test_json_and_fhir_are_saved(page: Page, tmp_path: Path):
    paste(page, example("metformin"))
    page.keyboard.press("a")
    for button, check in (("JSON", '"suggestions"'), ("FHIR", '"Condition"')):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=button).click()
        file = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(file)
        text = file.read_text(encoding="utf-8")
        json.loads(text)
        assert check in text
    assert [e["resource"]["code"]["coding"][0]["code"] for e in json.loads(text)["entry"]] == ["E53.8"]
