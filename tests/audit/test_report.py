"""The report may be mailed: counts, no small ones, nothing that gives one away, no words, no ids."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.finding import NO_ERRORS, Verdict
from audit.report.count import GROUPS, OPEN, RIGHT, count
from audit.report.page import render_report, write_report
from audit.report.suppress import Cell, shown_parts
from tests.audit.review_samples import finding, write_run
from tests.audit.samples import note, run

TOLD = {
    "version": "0.1.0",
    "policy": {"name": "default", "sha256": "ab" * 32},
    "releases": [{"name": "ICD-10-CM April 2026", "valid_from": "2026-04-01"}],
}


def cell(persons: int) -> Cell:
    made = Cell()
    for person in range(persons):
        made.add(person)
    return made


def a_run(folder: Path, counts: dict[tuple[str, str, str], int]) -> Path:
    """A run with so many findings of a verdict, code and month, a patient each."""
    rows = []
    for (verdict, code, month), number in counts.items():
        for n in range(number):
            name = f"{verdict}-{code}-{month}-{n}"
            billed = None if verdict == "missed-code" else code
            rows.append(finding(name, billed, verdict, supported_code=code, encounter_date=f"{month}-03"))
    return write_run(folder, rows)


def cells_of(page: str, row: str) -> list[str]:
    """The numbers in the row of a table."""
    found = re.search(rf'<th scope="row">{re.escape(row)}</th>(.*?)</tr>', page)
    assert found, row
    return re.findall(r'<td class="n">([^<]*)</td>', found[1])


def test_every_verdict_stands_in_one_group_and_the_groups_agree_with_the_audit():
    assert {v for verdicts in GROUPS.values() for v in verdicts} | {"not-assessed"} == {
        v.value for v in Verdict
    }
    assert {*GROUPS[OPEN], *GROUPS[RIGHT], "not-assessed"} == {v.value for v in NO_ERRORS}


def test_a_count_with_fewer_than_eleven_patients_is_suppressed():
    assert shown_parts({"a": cell(10), "b": cell(11), "c": cell(40)}, 61)["a"] is None
    assert shown_parts({"a": cell(11), "b": cell(40)}, 51) == {"a": 11, "b": 40}
    assert shown_parts({"a": cell(0), "b": cell(40)}, 40) == {"a": 0, "b": 40}


def test_ten_findings_of_three_patients_are_three_patients():
    made = Cell()
    for n in range(30):
        made.add(n % 3)
    assert shown_parts({"a": made, "b": cell(40)}, 70)["a"] is None


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), min_size=1))
def test_no_suppressed_count_can_be_worked_out_from_the_total_and_the_others(sizes: dict[str, int]):
    shown = shown_parts({name: cell(size) for name, size in sizes.items()}, sum(sizes.values()))
    hidden = [name for name in sizes if shown[name] is None]
    assert all(shown[name] == sizes[name] for name in sizes if name not in hidden)
    assert all(shown[name] is None for name in sizes if 0 < sizes[name] < 11)
    if hidden and any(shown[name] for name in sizes):
        assert len(hidden) >= 2
        assert sum(sizes[name] for name in hidden) >= 11


def test_a_hidden_total_hides_its_parts():
    assert shown_parts({"a": cell(50), "b": cell(0)}, None) == {"a": None, "b": 0}


def test_the_page_shows_counts_by_verdict_family_and_month(tmp_path: Path):
    run = a_run(
        tmp_path / "run",
        {
            ("unsupported", "D51.0", "2026-05"): 30,
            ("status-error", "D50.9", "2026-06"): 25,
            ("supported", "E53.8", "2026-05"): 100,
            ("supported", "D50.9", "2026-06"): 40,
            ("missed-code", "D52.9", "2026-06"): 12,
            ("query-needed", "E53.8", "2026-06"): 4,
            ("not-assessed", "I10", "2026-06"): 50,
        },
    )
    page = write_report(run, TOLD).read_text(encoding="utf-8")
    assert cells_of(page, "unsupported") == ["30"]
    assert cells_of(page, "missed-code") == ["12"]
    assert cells_of(page, "query-needed") == ["s"]
    assert cells_of(page, "Vitamin B12") == ["30", "s", "100"]
    assert cells_of(page, "Iron") == ["25", "0", "40"]
    assert cells_of(page, "2026-06")[0] == "37"
    assert "Screening result, not reviewed" in page
    # Four findings are open: neither that nor the total that would give it away stands anywhere.
    assert not re.search(r">\s*4\s*<", page)
    assert "211" not in page
    assert "<b>about 210</b>" in page
    assert "In all: 67 not as documented, s open, 140 supported." in page


def test_the_page_has_no_id_no_name_and_no_words_of_a_note(tmp_path: Path):
    rows = [
        finding(
            f"ENC{n}",
            "D51.0",
            "unsupported",
            provider="Dr. Quorvexland",
            coder="Coder Quorvexland",
            patient_id=f"MRN{n}",
            words="Quorvexland deficiency",
            reason="Quorvexland says so",
            payer="Payer Quorvexland",
            encounter_date="Quorvexland",
        )
        for n in range(40)
    ]
    page = write_report(write_run(tmp_path / "run", rows), TOLD).read_text(encoding="utf-8")
    for secret in ("Quorvexland", "ENC", "MRN", "n-ENC"):
        assert secret not in page
    assert cells_of(page, "no date") == ["40", "0", "0"]


def test_the_three_denominators_are_there_and_a_small_difference_between_them_is_not(tmp_path: Path):
    rows = [finding(f"E{n}", "D51.0") for n in range(50)]
    run = write_run(tmp_path / "run", rows, read=200)
    counts = count(run)
    assert (counts.read, counts.in_scope, counts.assessed) == (200, 50, 50)
    page = render_report(count(write_run(tmp_path / "small", rows, read=53)), TOLD)
    assert "53" in page
    assert re.search(r"<dt>in scope</dt><dd><b>s</b>", page)


def test_the_same_run_makes_the_same_page_and_the_file_is_its_owner_s(tmp_path: Path):
    counts = {("unsupported", "D51.0", "2026-05"): 30, ("supported", "E53.8", "2026-05"): 100}
    one, two = (write_report(a_run(tmp_path / name, counts), TOLD) for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    assert one.stat().st_mode & 0o077 == 0


def test_a_run_without_a_finding_makes_a_page_that_says_so(tmp_path: Path):
    page = write_report(write_run(tmp_path / "run", [finding("E1", "I10", "not-assessed")]), TOLD).read_text()
    assert "No code was assessed" in page


def test_an_encounter_without_a_note_that_was_read_is_in_no_denominator(tmp_path: Path):
    rows = [note("a", "A/P: Iron deficiency anemia.", "D50.9"), note("b", " ", "E53.8")]
    run(tmp_path / "out", rows, billed=[{"encounter_id": "E9", "codes": "E61.1"}])
    counts = count(tmp_path / "out")
    assert (counts.read, counts.in_scope, counts.assessed) == (1, 1, 1)


@pytest.mark.slow
def test_a_browser_shows_a_case_file_without_a_complaint_at_both_widths(tmp_path: Path):
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    text = "A/P: Iron deficiency anemia, start iron.\n" + "No B12 deficiency, as the level shows. " * 9
    run(tmp_path / "out", [note("a" * 70, text, "E61.1;D51.9;I10")])
    (case,) = (tmp_path / "out" / "cases").iterdir()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for width in (1280, 400):
            page = browser.new_page(viewport={"width": width, "height": 900})
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(case.as_uri())
            assert asked == [case.as_uri()]
            assert page.evaluate("document.documentElement.scrollWidth") == width
            found = Axe().run(page).response["violations"]
            assert [v["id"] for v in found if v["impact"] in ("serious", "critical", "moderate")] == []
        browser.close()


@pytest.mark.slow
def test_a_browser_shows_the_page_without_a_complaint_at_both_widths(tmp_path: Path):
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    counts = {
        ("unsupported", "D51.0", "2026-05"): 30,
        ("supported-less-specific", "D50.0", "2026-04"): 45,
        ("supported", "E53.8", "2026-05"): 100,
        ("supported", "R20.2", "2026-05"): 1200,
        ("query-needed", "D52.9", "2026-06"): 14,
        ("arguable", "R20.2", "2026-06"): 3,
    }
    page_file = write_report(a_run(tmp_path / "run", counts), TOLD)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for width in (1280, 400):
            page = browser.new_page(viewport={"width": width, "height": 900})
            told: list[str] = []
            asked: list[str] = []
            page.on("console", lambda message, told=told: told.append(message.text))
            page.on("pageerror", lambda error, told=told: told.append(str(error)))
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(page_file.as_uri())
            assert page.title() == "Corrin: audit report"
            assert told == []
            assert asked == [page_file.as_uri()]
            assert page.evaluate("document.documentElement.scrollWidth") == width
            found = Axe().run(page).response["violations"]
            assert [v["id"] for v in found if v["impact"] in ("serious", "critical", "moderate")] == []
            assert page.locator("svg rect.wrong").first.bounding_box()["width"] > 5
        browser.close()
