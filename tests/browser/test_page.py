"""The page in a real browser: from the paste to the copied list."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import samples
from tests.browser.conftest import (
    Served,
    clipboard,
    codes,
    drop,
    example,
    opened,
    paste,
    picked,
    running,
    settled,
)

pytestmark = pytest.mark.slow


def text_of_note(page: Page) -> str:
    return str(page.locator("#note .text").first.evaluate("(node) => node.textContent"))


def marks(page: Page) -> list[str]:
    return page.locator("#note mark[role]").all_inner_texts()


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
