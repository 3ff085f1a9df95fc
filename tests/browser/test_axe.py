"""Nothing serious for a screen reader, a keyboard or weak eyes, on any state of the page (axe)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Served, example, opened, paste, settled

pytestmark = pytest.mark.slow


def start(_: Page) -> None:
    """The page as it opens."""


def answered(page: Page) -> None:
    paste(page, example("metformin"))
    page.keyboard.press("Shift+A")
    page.locator("details").evaluate_all("(all) => all.forEach((one) => (one.open = true))")
    page.locator(".quote").first.click()


def rejected(page: Page) -> None:
    paste(page, example("metformin"))
    page.keyboard.press("x")


def nothing(page: Page) -> None:
    paste(page, example("ankle"))


def two_patients(page: Page) -> None:
    paste(page, "MRN: 1234567\nA/P: B12 deficiency.\nMRN: 7654321")


def adding(page: Page) -> None:
    paste(page, example("injection"))
    page.keyboard.press("e")


def armed(page: Page) -> None:
    adding(page)
    page.get_by_role("button", name="An addendum").click()


def two_notes(page: Page) -> None:
    armed(page)
    paste(page, "Addendum: B12 deficiency confirmed.\nJ. Roe, MD")


def helping(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")


def formatting(page: Page) -> None:
    paste(page, example("metformin"))
    page.keyboard.press("f")


def lines(page: Page) -> None:
    paste(page, example("metformin"))
    page.keyboard.press("g")
    page.keyboard.type("J3420  5  JZ  A")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#line-findings .card")


def failed(page: Page) -> None:
    page.route("**/page/answer", lambda route: route.abort())
    page.reload()  # a route that was laid a moment ago may miss the page's very next request
    page.wait_for_selector("html[data-ready]")
    paste(page, example("metformin"))
    page.wait_for_selector('[role="alert"]')


def tabs(page: Page) -> None:
    paste(page, example("metformin"))
    page.keyboard.press("t")
    settled(page)


STATES = [
    start,
    answered,
    rejected,
    nothing,
    two_patients,
    adding,
    armed,
    two_notes,
    helping,
    formatting,
    lines,
    failed,
    tabs,
]


def serious(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {', '.join(str(node['target']) for node in one['nodes'][:5])}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing_serious(
    browser: Browser, server: Served, state: Callable[[Page], None], scheme: str
):
    with opened(browser, server.url, color_scheme=scheme) as page:
        state(page)
        assert serious(page) == []


def test_axe_finds_nothing_serious_on_a_narrow_screen_and_on_the_other_pages(
    browser: Browser, server: Served
):
    with opened(browser, server.url, viewport={"width": 400, "height": 800}) as page:
        answered(page)
        assert serious(page) == []
        for path in ("login", "api/docs"):
            page.goto(server.url + path)
            assert serious(page) == [], path
