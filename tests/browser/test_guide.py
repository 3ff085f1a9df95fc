"""The pictures of the guide for coders are made here, from the page as it is.

`CORRIN_PICTURES=docs/images python -m pytest -m slow tests/browser/test_guide.py` writes them anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import ROOT, Served, example, opened, paste

pytestmark = pytest.mark.slow
GUIDE = ROOT / "docs/coders.md"
TWO = (
    "Patient: Jane Doe\nMRN: 1234567\nA/P: B12 deficiency.\n\n"
    "Patient: Carl Brown\nMRN: 7654321\nA/P: Iron deficiency anemia."
)


def first_visit(_: Page) -> None:
    """The page as it opens."""


def answer(page: Page) -> None:
    paste(page, example("metformin"))
    page.get_by_role("button", name="Professional", exact=True).click()
    page.wait_for_selector('body[data-busy="no"]')
    page.keyboard.press("a")
    page.locator('.card[data-code="E53.8"] .quote').first.click()


def ask(page: Page) -> None:
    answer(page)
    page.locator(".draft summary").click()
    page.locator("#b-ask").evaluate("(node) => node.scrollIntoView()")


def labs(page: Page) -> None:
    answer(page)
    page.locator("#b-labs").evaluate("(node) => node.scrollIntoView()")


def two_patients(page: Page) -> None:
    paste(page, TWO)


def dark_narrow(page: Page) -> None:
    paste(page, example("injection"))


PICTURES: dict[str, tuple[Callable[[Page], None], dict[str, object]]] = {
    "first-visit": (first_visit, {}),
    "answer": (answer, {}),
    "ask": (ask, {}),
    "labs": (labs, {}),
    "two-patients": (two_patients, {"viewport": {"width": 1000, "height": 420}}),
    "dark-narrow": (dark_narrow, {"viewport": {"width": 400, "height": 760}, "color_scheme": "dark"}),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_can_be_made(browser: Browser, server: Served, tmp_path: Path, name: str):
    folder = ROOT / where if (where := os.environ.get("CORRIN_PICTURES")) else tmp_path
    show, options = PICTURES[name]
    with opened(browser, server.url, **{"viewport": {"width": 1200, "height": 760}, **options}) as page:
        show(page)
        page.evaluate("document.activeElement.blur()")
        page.screenshot(path=folder / f"{name}.png", animations="disabled", caret="hide")
    assert (folder / f"{name}.png").stat().st_size > 5000


def test_the_guide_shows_every_picture_and_no_other():
    shown = re.findall(r"\]\(images/([\w-]+)\.png\)", GUIDE.read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(PICTURES)
    assert sorted(file.stem for file in (ROOT / "docs/images").glob("*.png")) == sorted(PICTURES)
