"""The page in a real browser: what it shows first, and on every screen, on paper and for the keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served, codes, example, marks, opened, paste, picked, text_of_note

pytestmark = pytest.mark.slow


def test_a_paste_shows_codes_and_marks_their_words_and_the_note_stays_letter_for_letter(page: Page):
    text = example("metformin")
    paste(page, text)
    assert codes(page)[0] == "E53.8"
    assert "Vitamin B12 deficiency" in marks(page)
    assert text_of_note(page) == text
    for section in ("Code it", "Ask", "Leave", "Lab values", "Documentation"):
        expect(page.get_by_role("heading", name=re.compile(f"^{section}"))).to_be_visible()


def test_a_note_without_anything_of_ours_says_so(page: Page):
    paste(page, example("ankle"))
    expect(page.locator("#summary")).to_have_text("Nothing in Corrin's scope.")
    expect(page.locator(".nothing")).to_contain_text("It judges nothing else in this note")
    assert codes(page) == marks(page) == []


def test_the_next_paste_takes_the_place_of_the_last(page: Page):
    paste(page, example("metformin"))
    page.keyboard.press("a")
    paste(page, "A/P: Iron deficiency anemia due to menorrhagia.")
    assert "D50.0" in codes(page)
    assert "E53.8" not in codes(page)
    assert picked(page) == []
    assert "Okafor" not in page.content()


def test_tab_reaches_everything_and_the_focus_shows(page: Page):
    paste(page, example("metformin"))
    page.locator("#summary").focus()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        told = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return [e.id || e.dataset?.do || e.dataset?.act || e.tagName,"
            " s.outlineStyle !== 'none' || s.boxShadow !== 'none']; })()"
        )
        if told[0] == "BODY":
            continue  # round the end of the page
        reached.add(told[0])
        assert told[1], f"the focus on {told[0]} does not show"
    assert {
        "accept",
        "reject",
        "copy",
        "query",
        "format",
        "print",
        "json",
        "fhir",
        "clear",
        "add",
        "MARK",
        "note",
    } <= reached


@pytest.mark.parametrize(
    ("name", "shows"),
    [
        ("A deficiency, and a question", '.card[data-code="E53.8"]'),
        ("History, or treated today?", ".card.band-ask"),
        ("Nothing of ours", ".nothing"),
    ],
)
def test_three_worked_examples_are_there_for_a_first_visit(page: Page, name: str, shows: str):
    page.get_by_role("button", name=name).click()
    expect(page.locator(shows).first).to_be_visible()


def test_the_bar_and_the_list_stay_where_they_are_however_far_one_scrolls(page: Page):
    paste(page, example("metformin"))
    page.locator(".stamp").scroll_into_view_if_needed()
    page.locator(".check li").last.evaluate("(node) => node.scrollIntoView()")
    assert page.evaluate("document.scrollingElement.scrollTop + document.body.scrollTop") == 0
    expect(page.locator(".bar")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Copy list")).to_be_in_viewport()


def test_no_bare_probability_is_shown(page: Page):
    paste(page, example("metformin"))
    assert (
        re.findall(r"\b0\.\d+\b|\d+ ?%", page.locator("#answer").inner_text().replace("Corrin 0.1.0", ""))
        == []
    )


def test_a_megabyte_is_read_and_shown(page: Page):
    lines = "Seen today for follow up of the ankle. Walks well, no pain at rest or at night.\n" * 13_000
    text = lines + "A/P: B12 deficiency."
    assert len(text) > 1_000_000
    page.set_default_timeout(100_000)
    paste(page, text)
    assert codes(page) == ["E53.8"]
    assert text_of_note(page) == text
    page.locator(".quote").first.click()
    expect(page.locator("#note mark.sel")).to_be_in_viewport()


def test_print_shows_codes_and_note_without_buttons(page: Page):
    paste(page, example("metformin"))
    page.emulate_media(media="print")
    assert page.locator("button:visible", has_text=re.compile("Accept|Copy|Clear")).count() == 0
    expect(page.locator('.card[data-code="E53.8"]')).to_be_visible()
    expect(page.locator("#note .text")).to_be_visible()
    assert page.evaluate(
        "document.querySelector('#answer').scrollHeight <= document.querySelector('#answer').clientHeight + 1"
    )
    assert len(page.pdf()) > 5000


@pytest.mark.parametrize("width", [400, 320])
def test_on_a_narrow_screen_nothing_needs_sideways_scrolling(browser: Browser, server: Served, width: int):
    with opened(browser, server.url, viewport={"width": width, "height": 800}) as page:
        for text in (None, example("metformin"), example("ankle")):
            if text:
                paste(page, text)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        paste(page, example("metformin"))
        page.locator(".quote").first.click()
        expect(page.locator("#note mark.sel")).to_be_in_viewport()


def test_at_twice_the_size_everything_is_there(browser: Browser, server: Served):
    # 200 % of zoom on 1440 pixels leaves 720 of them, each twice as large
    with opened(browser, server.url, viewport={"width": 720, "height": 450}, device_scale_factor=2) as page:
        paste(page, example("metformin"))
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.keyboard.press("a")
        expect(page.get_by_role("button", name="Copy list")).to_be_in_viewport()
        expect(page.locator("#note .text")).to_be_visible()


def test_the_help_sheet_names_every_key_and_letters_can_be_turned_off(page: Page):
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    source = page.evaluate("fetch('/static/main.js').then((r) => r.text())")
    letters = re.findall(r'^  (?:"(.)"|([a-zA-Z])): ', source[source.index("const LETTERS") :], re.MULTILINE)[
        :-1
    ]  # "?" opened it
    told = sheet.locator(".keys").inner_text().lower()
    assert letters
    for quoted, plain in letters:
        assert (quoted or plain).lower() in told
    sheet.locator("#letters").uncheck()
    page.keyboard.press("Escape")
    paste(page, example("metformin"))
    page.keyboard.press("a")
    assert picked(page) == []
