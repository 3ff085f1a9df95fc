"""What comes in, by paste and by file: text of any kind, several notes, several patients."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import samples
from tests.browser.conftest import codes, drop, example, marks, paste, picked, settled, text_of_note

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", ["txt", "rtf", "docx", "pdf", "xml", "jsonl"])
def test_a_file_of_each_kind_is_read_when_it_is_dropped(page: Page, kind: str):
    makers: dict[str, Callable[[], bytes]] = {
        "txt": samples.txt,
        "rtf": samples.rtf,
        "docx": samples.docx,
        "pdf": samples.pdf,
        "xml": samples.ccda,
        "jsonl": samples.jsonl,
    }
    drop(page, f"visit.{kind}", makers[kind]())
    page.wait_for_selector('.card[data-code="E53.8"]')
    assert "Vitamin B12 deficiency" in marks(page)
    assert page.locator('[role="tab"]').count() == (2 if kind == "jsonl" else 1)
    if kind == "jsonl":
        page.keyboard.press("2")
        settled(page)
        expect(page.locator(".nothing")).to_be_visible()


def test_a_file_can_be_chosen_too_and_one_that_is_no_note_is_told(page: Page):
    page.locator("#file").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": samples.txt()}
    )
    page.wait_for_selector('.card[data-code="E53.8"]')
    drop(page, "picture.png", b"\x89PNG\r\n\x1a\n" + bytes(200))
    expect(page.locator("#status")).to_contain_text("picture.png")
    assert codes(page) == ["E53.8"]  # what stood there stands


def test_an_order_joins_the_encounter_and_gives_the_indication(page: Page):
    paste(page, "Given: cyanocobalamin 1000 mcg IM, left deltoid, lot A1, exp 1/2027.\nT. Poe, RN 06/09/2026")
    assert "E53.8" not in codes(page)
    page.keyboard.press("e")
    page.get_by_role("button", name="An order or an earlier visit").click()
    expect(page.locator("#start-text")).to_have_text("Paste the order or earlier visit")
    paste(
        page, "Order 05/01/2026: cyanocobalamin 1000 mcg IM monthly for vitamin B12 deficiency.\nJ. Roe, MD"
    )
    assert "E53.8" in codes(page)
    assert page.locator("#note .text").count() == 2
    expect(page.locator(".card.now .where").first).to_contain_text("of note")
    paste(page, example("ankle"))
    assert page.locator("#note .text").count() == 1  # a paste of its own begins anew


def test_junk_of_records_survives(page: Page):
    text = "A/P:\t“B12\u00a0deficiency” — B12\u200b 1000\u202fmcg\r\n\r\n\tIron deficiency anemia…\x0b"
    paste(page, text)
    assert {"E53.8", "D50.9"} <= set(codes(page))


def test_rich_text_without_a_plain_one_becomes_lines(page: Page):
    rich = "<style>p{}</style><p>A/P:</p><table><tr><td>1</td><td>B12 <b>deficiency</b></td></tr></table>"
    rich += "<script>alert(1)</script>"
    paste(page, rich, "text/html")
    assert "E53.8" in codes(page)
    assert text_of_note(page).split("\n")[:2] == ["A/P:", "1\tB12 deficiency"]


def test_several_encounters_are_tabs_that_keep_what_was_decided(page: Page):
    paste(page, example("metformin"))
    page.keyboard.press("a")
    page.keyboard.press("t")
    paste(page, "A/P: Iron deficiency anemia.")
    expect(page.get_by_role("tab")).to_have_count(2)
    page.keyboard.press("1")
    assert picked(page) == ["E53.8"]
    page.get_by_role("tab").first.focus()
    page.keyboard.press("ArrowRight")
    assert codes(page) == ["D50.9"]
    page.keyboard.press("w")
    expect(page.get_by_role("tab")).to_have_count(1)
    page.keyboard.press("z")
    expect(page.get_by_role("tab")).to_have_count(2)


def test_two_patients_in_one_paste_stop_it_and_can_be_parted(page: Page):
    paste(
        page,
        "Patient: Jane Doe\nMRN: 1234567\nA/P: B12 deficiency.\n\n"
        "Patient: Carl Brown\nMRN: 7654321\nA/P: Iron deficiency anemia.",
    )
    expect(page.get_by_role("alert")).to_contain_text("two patients")
    assert codes(page) == []
    page.get_by_role("button", name="Read each part by itself").click()
    settled(page)
    assert codes(page) == ["E53.8"]
    page.keyboard.press("2")
    settled(page)
    assert codes(page) == ["D50.9"]
    assert text_of_note(page).startswith("Patient: Carl Brown")


def test_one_patient_taken_for_two_can_be_read_all_the_same(page: Page):
    paste(page, "MRN: 1234567\nA/P: B12 deficiency.\nMRN: 7654321")
    page.get_by_role("button", name="It is one patient").click()
    settled(page)
    assert codes(page) == ["E53.8"]
