"""The words of the note and the cards of their codes lead to each other, and each is shown as it is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import example, marks, paste

pytestmark = pytest.mark.slow


def test_a_mark_leads_to_its_card_and_a_quote_to_its_mark(page: Page):
    paste(page, example("metformin"))
    page.locator("#note mark", has_text="iron deficiency").click()
    expect(page.locator('.card[data-key="s-Z86.39"]')).to_have_class(re.compile(r"\bnow\b"))
    quote = page.locator('.card[data-key="s-E53.8"] .quote', has_text="Cyanocobalamin")
    quote.click()
    expect(page.locator("#note mark.sel")).to_have_text("Cyanocobalamin 1000 mcg IM today, left deltoid")
    expect(page.locator("#note mark.sel")).to_be_in_viewport()
    expect(quote).to_have_class(re.compile(r"\bsel\b"))


def test_a_mark_of_several_cards_leads_to_each_in_turn(page: Page):
    paste(page, example("metformin"))
    mark = page.locator("#note mark", has_text="Vitamin B12 deficiency").first
    reached = []
    for _ in range(2):
        mark.click()
        reached.append(page.locator(".card.now").get_attribute("data-key"))
    assert sorted(map(str, reached)) == ["q-query:Q06", "s-E53.8"]


def test_choosing_a_card_shows_all_its_words(page: Page):
    paste(page, example("metformin"))
    page.locator('.card[data-key="s-E53.8"] .title').click()
    shown = page.locator("#note mark.of").all_inner_texts()
    assert "Vitamin B12 deficiency" in shown
    assert "iron deficiency" not in shown


def test_a_withheld_code_that_is_folded_opens_when_its_mark_is_chosen(page: Page):
    note = "A/P: B12 deficiency. No anemia, no iron deficiency, no pernicious anemia, no melena."
    paste(page, note)
    assert page.locator(".band-leave:visible").count() == 3
    expect(page.locator(".rest summary")).to_contain_text("more to leave")
    page.locator("#note mark", has_text="pernicious anemia").click()
    expect(page.locator(".rest .card.now")).to_be_visible()


def test_history_never_looks_like_a_current_condition(page: Page):
    paste(page, example("metformin"))
    past = page.locator('.card[data-code="Z86.39"]')
    expect(past).to_contain_text("not current")
    styles = [
        card.evaluate(
            "(node) => getComputedStyle(node).borderLeftStyle + getComputedStyle(node).backgroundImage"
        )
        for card in (past, page.locator('.card[data-code="E53.8"]'))
    ]
    assert styles[0] != styles[1]
    assert "not current" not in page.locator('.card[data-code="E53.8"]').inner_text()


def test_marks_that_overlap_show_each_role(page: Page):
    paste(
        page,
        "A/P: Anemia due to B12 deficiency anemia, history of pernicious anemia on B12 injections. E53.8",
    )
    doubled = page.locator("#note mark[class*=r2-]")
    if doubled.count():
        assert doubled.first.evaluate("(node) => getComputedStyle(node).boxShadow") != "none"
    for mark in page.locator("#note mark[data-for]").all():
        told = mark.get_attribute("title") or ""
        roles = set(re.findall(r"r\d-(\w+)", mark.get_attribute("class") or "")) - {"plain"}
        assert all(role in told for role in roles)


def test_marks_are_right_behind_signs_outside_the_basic_plane(page: Page):
    paste(
        page,
        "\U0001f489 \U0001d4d0 e\u0301 \U0001f468 A/P: B12 deficiency.\nIron deficiency anemia.",
    )
    assert {"B12 deficiency", "Iron deficiency anemia"} <= set(marks(page))
