"""Nothing of a note stays behind, nothing in it does harm, and none is lost when the server is gone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served, codes, example, opened, paste, running, text_of_note

pytestmark = pytest.mark.slow


def test_nothing_of_a_note_is_kept_by_the_browser(page: Page):
    was = page.url
    paste(page, example("metformin"))
    page.keyboard.press("a")
    page.locator("#note mark").first.click()
    page.locator(".quote").first.click()
    assert page.url == was
    kept = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, document.title])"
    )
    assert "B12" not in kept
    assert "metformin" not in kept
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert "Okafor" not in page.content() + page.locator("#box").input_value()


def test_all_is_cleared_after_ten_idle_minutes_and_a_key_puts_it_off(browser: Browser, server: Served):
    with opened(browser, server.url) as page:
        page.clock.install()
        page.reload()
        page.wait_for_selector("html[data-ready]")
        page.evaluate("document.activeElement.blur()")
        paste(page, example("metformin"))
        page.clock.fast_forward("09:10")
        expect(page.locator("#status")).to_contain_text("In one minute")
        page.keyboard.press("j")
        page.clock.fast_forward("05:00")
        assert codes(page)[0] == "E53.8"
        page.clock.fast_forward("05:10")
        expect(page.locator("#status")).to_contain_text("Cleared after ten idle minutes")
        expect(page.locator("#start")).to_be_visible()
        assert "Okafor" not in page.content()
        page.keyboard.press("Escape")
        page.keyboard.press("z")
        assert page.locator(".card").count() == 0  # there is no way back


def test_everything_is_cleared_on_request(page: Page):
    paste(page, example("metformin"))
    page.keyboard.press("Shift+N")
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    assert page.locator(".card").count() == 0
    assert "Okafor" not in page.content()


def test_when_the_server_is_gone_the_note_is_kept_and_said_what_to_do(browser: Browser):
    # The route is laid early: Chromium may send the very next request past one that was laid a moment ago.
    busy = {"status": 503, "json": {"error": {"kind": "busy", "message": "Too many wait."}}}
    is_back = False
    with running() as served, opened(browser, served.url) as page:
        page.route("**/page/answer", lambda route: route.fulfill(**busy) if is_back else route.continue_())
        served.stop()
        text = example("metformin")
        paste(page, text)
        expect(page.get_by_role("alert")).to_contain_text("does not answer. Your note is kept")
        assert text_of_note(page) == text
        is_back = True
        page.keyboard.press("r")
        expect(page.get_by_role("alert")).to_contain_text("Too many wait.")
        assert text_of_note(page) == text


HOSTILE = [
    "<script>window.broken = true</script> A/P: B12 deficiency <img src=x onerror='window.broken = true'>",
    "</textarea></mark></div><h1>A/P: B12 deficiency</h1><style>body{display:none}</style>",
    "A/P: \u202eB12 deficiency\u202c \u2066x\u2069 \u200f B12 deficiency",
    "A/P: B12 deficiency {{ 7*7 }} {% raw %} ${7*7} &lt;b&gt; &amp; \x00\x07\x1b[31m",
    "A/P: B12 deficiency \"onmouseover='window.broken = true' `",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_note_is_shown_as_text(page: Page, text: str):
    paste(page, text)
    assert "E53.8" in codes(page)
    assert page.evaluate("window.broken === undefined")
    assert (
        page.locator("#note").evaluate("(n) => n.querySelectorAll('script, img, h1, style, textarea').length")
        == 0
    )
    shown = text_of_note(page)
    assert len(shown) == len(text)
    for part in ("<script>", "</textarea>", "{{ 7*7 }}", "&lt;b&gt;", "onmouseover"):
        assert (part in text) == (part in shown)
    assert not re.search(
        "[\u202e\u2066\x1b]", shown
    )  # shown as a sign of its own, so that nothing turns round
