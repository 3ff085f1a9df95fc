"""A real server and Debian's Chromium. Nothing is fetched from outside."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Served:
    """A server that runs, and where."""

    url: str
    process: subprocess.Popen[str]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@contextmanager
def running(*arguments: str) -> Iterator[Served]:
    """Start `corrin serve` on a free port and wait until it says where the page is."""
    command = [sys.executable, "-W", "ignore", "-c", "import cli; cli.main()", "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--workers", "1", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    told = ""
    try:
        assert process.stderr is not None
        for line in process.stderr:
            told += line
            found = re.search(r"http://\S+/", line)
            if found:
                yield Served(found[0], process)
                break
        else:
            pytest.fail(f"the server did not start:\n{told}")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="session")
def server() -> Iterator[Served]:
    with running() as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


def is_refusal(text: str) -> bool:
    """Whether the policy refused something of the page; styles of pasted rich text are meant to be."""
    return "Content Security" in text and "inline style" not in text


@contextmanager
def opened(browser: Browser, url: str, **options: object) -> Iterator[Page]:
    """Open the page in a window of its own; an error of a script or a refused one fails the test."""
    context: BrowserContext = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})  # type: ignore[arg-type]
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url.rstrip("/"))
    page = context.new_page()
    wrong: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if is_refusal(message.text) else None)
    page.on("request", lambda request: asked.append(request.url))
    page.set_default_timeout(15_000)
    page.goto(url)
    page.wait_for_selector("html[data-ready]")
    yield page
    assert wrong == []
    assert [a for a in asked if not a.startswith((url, "blob:"))] == []
    context.close()


@pytest.fixture
def page(browser: Browser, server: Served) -> Iterator[Page]:
    with opened(browser, server.url) as made:
        yield made


_PASTE = """(given) => {
  const data = new DataTransfer();
  for (const [type, text] of Object.entries(given)) data.setData(type, text);
  const place = document.activeElement ?? document.body;
  place.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def settled(page: Page) -> None:
    """Wait until what was asked is answered."""
    page.wait_for_selector('body[data-busy="no"]')


def paste(page: Page, text: str, kind: str = "text/plain") -> None:
    """Paste where the cursor stands, and wait for the answer."""
    page.evaluate(_PASTE, {kind: text})
    settled(page)


_DROP = """([name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  document.body.dispatchEvent(new DragEvent("dragenter", { dataTransfer: transfer, bubbles: true }));
  const drop = { dataTransfer: transfer, bubbles: true, cancelable: true };
  document.body.dispatchEvent(new DragEvent("drop", drop));
}"""


def drop(page: Page, name: str, data: bytes, kind: str = "") -> None:
    """Drop a file on the page."""
    import base64

    page.evaluate(_DROP, [name, kind, base64.b64encode(data).decode()])


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def example(name: str) -> str:
    return (ROOT / "web/static/examples" / f"{name}.txt").read_text(encoding="utf-8")


def codes(page: Page, band: str | None = None) -> list[str]:
    """The codes that are suggested, in their order."""
    wanted = ".card[data-code]" + (f'[data-band="{band}"]' if band else "")
    return [str(card.get_attribute("data-code")) for card in page.locator(wanted).all()]


def picked(page: Page) -> list[str]:
    """The codes of the coder's list, in her order."""
    return [str(row.get_attribute("data-picked")) for row in page.locator("[data-picked]").all()]


def text_of_note(page: Page) -> str:
    return str(page.locator("#note .text").first.evaluate("(node) => node.textContent"))


def marks(page: Page) -> list[str]:
    return page.locator("#note mark[role]").all_inner_texts()
