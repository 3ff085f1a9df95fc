"""What people see of a result: the terminal, the page, FHIR. All are pure functions of the result."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suggest import result as r
from suggest.render.fhir import to_fhir
from suggest.render.html import render_html
from suggest.render.marks import Mark, cut_pieces
from suggest.render.places import excerpt
from suggest.render.terminal import render_terminal
from tests.suggest.result_samples import EMPTY, FULL, NOTE, evidence, suggestion

TEXTS: dict[str | None, str] = {"n1": NOTE}
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def _with_note(note: str, words: str, note_id: str | None = "n1") -> tuple[r.Result, dict[str | None, str]]:
    found = evidence(words, note=note, note_id=note_id)
    suggested = (suggestion("D51.0", "Title", evidence=(found,)),)
    return replace(FULL, suggestions=suggested, queries=(), withheld=(), note_ids=(note_id,)), {note_id: note}


# --- terminal


def test_codes_stand_under_their_band_in_the_order_of_the_bands() -> None:
    lines = render_terminal(FULL, TEXTS).splitlines()
    order = ["Code it", "D51.0", "Z86.39", "Code it, with care", "G63", "Ask", "Q17", "Leave", "E53.8"]
    places = [
        next(i for i, line in enumerate(lines) if item in line.split("  ") or line == item) for item in order
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("why", [False, True])
@pytest.mark.parametrize("width", [80, 60, 100])
def test_no_line_is_wider_than_the_terminal(width: int, why: bool) -> None:
    long = suggestion(
        "F02.80", "very " * 40 + "long title", evidence=(evidence("polyneuropathy"),), needs=("x " * 90,)
    )
    result = replace(FULL, suggestions=(*FULL.suggestions, long))
    for color in (False, True):
        lines = ANSI.sub("", render_terminal(result, TEXTS, width=width, why=why, color=color)).splitlines()
        assert [line for line in lines if len(line) > width] == []


def test_colour_changes_nothing_but_the_marks_of_evidence() -> None:
    plain = render_terminal(FULL, TEXTS)
    coloured = ANSI.sub("", render_terminal(FULL, TEXTS, color=True))
    assert "[polyneuropathy]" in plain
    assert re.sub(r"[\[\]]", "", plain) == re.sub(r"[\[\]]", "", coloured)


def test_reasons_checklist_and_other_readings_come_with_why() -> None:
    quiet, full = render_terminal(FULL, TEXTS), render_terminal(FULL, TEXTS, why=True)
    for words in (
        "rule:R21: The words name the condition. [OCG FY2026 I.A.19]",
        "or G62.9",
        "Sign the note.",
    ):
        assert words not in quiet
        assert words in full


def test_a_withheld_code_gives_its_reason_without_being_asked() -> None:
    lines = render_terminal(FULL, TEXTS).splitlines()
    assert lines[lines.index("Leave") + 3].strip() == "The words name the condition."


def test_nothing_in_scope_is_one_line() -> None:
    assert render_terminal(EMPTY, {"n2": "x"}) == "n2: Nothing in Corrin's scope (hematinic deficiencies).\n"


def test_the_order_is_told_in_corrins_own_words() -> None:
    for text in (render_terminal(FULL, TEXTS, why=True), render_html([(FULL, TEXTS)])):
        assert "first among the codes Corrin knows" in text
        assert "first-listed" not in text.lower()


def test_evidence_is_shown_with_its_line_and_section() -> None:
    assert "[B12 142 pg/mL] (200-900) 05/28/2026  labs, line 2" in render_terminal(FULL, TEXTS)


def test_a_note_cannot_steer_the_terminal() -> None:
    note = "A/P: \x1b[2Jpernicious\x07 anemia\x9b31m \u202edesrever\n"
    result, texts = _with_note(note, "pernicious\x07 anemia")
    out = render_terminal(result, texts)
    assert not set(out) & {"\x1b", "\x07", "\x9b", "\u202e"}
    assert "pernicious␇ anemia" in out


def test_a_long_note_on_one_line_is_shown_by_the_words_around_the_evidence() -> None:
    note = "word " * 20000 + "pernicious anemia" + " word" * 20000
    result, texts = _with_note(note, "pernicious anemia")
    line = next(line for line in render_terminal(result, texts).splitlines() if "[" in line)
    assert re.search(
        r"\.\.\. (word )+\[pernicious anemia\] (word )+\.\.\.  assessment and plan, line 1$", line
    )


def test_evidence_of_a_note_that_is_not_at_hand_is_quoted() -> None:
    assert "[Pernicious anemia]" in render_terminal(FULL, {})


@given(st.text(max_size=60), st.data())
def test_an_excerpt_keeps_its_width_and_its_line(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    width = data.draw(st.integers(12, 40))
    shown = "".join(excerpt(text, start, end, width))
    assert len(shown) <= width
    assert not set(shown) & {"\n", "\r", "\t", "\x1b"}


# --- page


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.urls: list[str] = []
        self.pre: list[str] = []
        self.marked: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        values = dict(attrs)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [(values["href"] or "")[1:]] if tag == "a" and "href" in values else []
        self.urls += [
            value or ""
            for name, value in attrs
            if name in ("src", "href") and not (value or "").startswith("#")
        ]
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)
        if tag == "pre":
            self.pre.append("")
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "pre" in self.open:
            self.pre[-1] += data
        if "mark" in self.open:
            self.marked[-1] += data


def _page(result: r.Result, texts: dict[str | None, str]) -> _Page:
    page = _Page()
    page.feed(render_html([(result, texts)]))
    page.close()
    assert page.open == []
    return page


def test_the_page_holds_the_note_letter_for_letter() -> None:
    assert _page(FULL, TEXTS).pre[-1].removeprefix("\n") == NOTE


def test_evidence_is_marked_where_it_stands_and_overlaps_are_told() -> None:
    page = _page(FULL, TEXTS)
    assert page.marked[1:4] == ["Pernicious ", "anemia", " <on IM B12>"]
    assert 'class="treatment many" title="D51.0: diagnosis; D51.0: treatment"' in render_html([(FULL, TEXTS)])


def test_each_link_of_the_page_leads_to_its_evidence() -> None:
    page = _page(FULL, TEXTS)
    assert page.links
    assert set(page.links) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_two_results_on_one_page_do_not_share_anchors() -> None:
    page = _Page()
    page.feed(render_html([(FULL, TEXTS), (FULL, TEXTS)]))
    assert len(page.ids) == len(set(page.ids))


def test_the_page_needs_no_script_and_asks_for_nothing_outside() -> None:
    page = _page(FULL, TEXTS)
    assert page.urls == []
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    source = render_html([(FULL, TEXTS)])
    assert "url(" not in source
    assert "@import" not in source
    assert "prefers-color-scheme: dark" in source


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "</pre><b>", '" onload="x', "&lt;", "{{ 7 * 7 }}"]
)
def test_text_of_a_note_is_escaped_wherever_it_stands(words: str) -> None:
    note = f"A/P: {words} deficiency"
    result, texts = _with_note(note, words, note_id=words)
    page = _page(result, texts)
    assert page.pre[-1].removeprefix("\n") == note
    assert "script" not in page.tags
    assert "b" not in page.tags
    assert html.escape(words, quote=True).split("&")[0] in render_html([(result, texts)])


def test_an_empty_result_is_one_sentence_and_no_note() -> None:
    page = _page(EMPTY, {"n2": "some note"})
    assert page.pre == []
    assert "Nothing in Corrin&#39;s scope" in render_html([(EMPTY, {"n2": "some note"})])


def test_the_page_is_the_same_each_time() -> None:
    assert render_html([(FULL, TEXTS)]) == render_html([(FULL, TEXTS)])


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8))
def test_pieces_joined_are_the_note_and_cover_each_mark(text: str, spans: list[tuple[int, int]]) -> None:
    marks = [Mark(start, end, str(i), "lab", str(i)) for i, (start, end) in enumerate(spans)]
    pieces = list(cut_pieces(text, marks))
    assert "".join(piece.text for piece in pieces) == text
    for mark in marks:
        valid = mark.start < mark.end <= len(text)
        covered = "".join(piece.text for piece in pieces if mark in piece.marks)
        assert covered == (text[mark.start : mark.end] if valid else "")
        assert sum(piece.opens.count(mark.anchor) for piece in pieces) == valid


# --- FHIR


def _conditions(result: r.Result = FULL) -> dict[str, dict[str, object]]:
    entries = to_fhir([result])["entry"]
    return {entry["resource"]["code"]["coding"][0]["code"]: entry["resource"] for entry in entries}


def _status(condition: dict[str, object], name: str) -> str | None:
    value = condition.get(name)
    return value["coding"][0]["code"] if isinstance(value, dict) else None


def test_each_suggestion_is_a_condition_and_nothing_else_is() -> None:
    bundle = to_fhir([FULL, EMPTY])
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    assert [entry["resource"]["resourceType"] for entry in bundle["entry"]] == ["Condition"] * 3
    assert list(_conditions()) == ["D51.0", "G63", "Z86.39"]


def test_a_code_for_history_is_never_an_active_condition() -> None:
    resolved = _conditions()["Z86.39"]
    assert _status(resolved, "clinicalStatus") == "resolved"
    assert {"text": "history"} in resolved["category"]  # type: ignore[operator]
    family = suggestion("Z83.2", "Family history", kind=r.Kind.HISTORY, temporality="current")
    assert _status(_conditions(replace(FULL, suggestions=(family,)))["Z83.2"], "clinicalStatus") == "inactive"


def test_a_current_condition_is_active_and_a_status_has_none() -> None:
    assert _status(_conditions()["D51.0"], "clinicalStatus") == "active"
    status = suggestion("Z79.84", "Long term use", kind=r.Kind.STATUS)
    assert "clinicalStatus" not in _conditions(replace(FULL, suggestions=(status,)))["Z79.84"]


def test_nothing_that_corrin_suggests_is_called_confirmed() -> None:
    found = {code: _status(condition, "verificationStatus") for code, condition in _conditions().items()}
    assert found == {"D51.0": "provisional", "G63": "unconfirmed", "Z86.39": "provisional"}


def test_evidence_travels_with_its_offsets() -> None:
    extension = _conditions()["D51.0"]["extension"][0]  # type: ignore[index]
    values = {
        part["url"]: next(value for key, value in part.items() if key != "url")
        for part in extension["extension"]
    }
    assert NOTE[values["start"] : values["end"]] == values["text"] == "Pernicious anemia"
    assert values["noteId"] == "n1"


def test_a_bundle_without_suggestions_has_no_empty_list() -> None:
    assert to_fhir([EMPTY]) == {"resourceType": "Bundle", "type": "collection"}


def test_the_bundle_is_the_same_each_time_and_its_urls_are_its_own() -> None:
    first, second = to_fhir([FULL, FULL]), to_fhir([FULL, FULL])
    assert first == second
    urls = [entry["fullUrl"] for entry in first["entry"]]
    assert len(urls) == len(set(urls)) == 6
