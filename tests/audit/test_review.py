"""A workbook goes out, is filled in with openpyxl, and comes back; or is refused as a whole."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from audit.review.draw import make_workbook, plan_of
from audit.review.ledger import history
from audit.review.rows import load_findings
from audit.review.run import review
from audit.review.sample import Plan
from audit.review.sheet import DISPOSITIONS, SHEET, TITLES
from nlp.errors import InputError
from tests.audit.review_samples import a_run, finding, write_run

Fill = dict[str, Any]


def hand_out(folder: Path, plan: Plan | None = None) -> Path:
    make_workbook(folder, load_findings(folder), plan)
    return folder / "findings.xlsx"


def fill(workbook: Path, entries: dict[str, Fill] | Fill, name: str = "reviewed.xlsx") -> Path:
    """Fill in rows by encounter; or every row, where the entries are those of one row."""
    book = openpyxl.load_workbook(workbook)
    sheet = book[SHEET]
    place = {title: number for number, title in enumerate(TITLES, start=1)}
    for row in range(2, sheet.max_row + 1):
        encounter = sheet.cell(row, place["Encounter"]).value
        found = entries if set(entries) <= set(TITLES) else entries.get(encounter, {})
        for title, value in found.items():
            sheet.cell(row, place[title]).value = value
    target = workbook.with_name(name)
    book.save(target)
    return target


def agree(**more: Any) -> Fill:
    return {"Disposition": "agree", "Reviewer": "Ana", "Review date": date(2026, 7, 1), **more}


def read(folder: Path, workbook: Path | None, least: int = 30) -> Any:
    return review(folder, workbook, least=least, confidence=0.95)[0]


def test_dispositions_filled_in_are_read_back_and_kept_with_their_history(tmp_path: Path):
    run = a_run(tmp_path / "run")
    book = hand_out(run)
    entry = {
        "Disposition": "disagree",
        "Reviewer": "Ana",
        "Review date": "07/01/2026",
        "Reason": "stated",
        "Corrected codes": "D51.0",
    }
    found = read(run, fill(book, {"E4": entry, "E8": agree()}))
    (first, _) = history(run)
    assert {key: first[key] for key in ("role", "disposition", "reviewer", "date", "reason")} == {
        "role": "first",
        "disposition": "disagree",
        "reviewer": "Ana",
        "date": "2026-07-01",
        "reason": "stated",
    }
    assert first["corrected_codes"] == ["D51.0"]
    assert (found.assessed, found.errors.count) == (2, 1)
    # The same workbook again adds nothing; another word of the reviewer is added and leaves the first.
    read(run, run / "reviewed.xlsx")
    assert len(history(run)) == 2
    read(run, fill(book, {"E4": agree()}, "again.xlsx"))
    assert [entry["disposition"] for entry in history(run)] == ["disagree", "agree", "agree"]
    table = (run / "review" / "reviewed.csv").read_text().splitlines()
    assert len(table) == 3
    assert (run / "review" / "reviewed.csv").stat().st_mode & 0o077 == 0
    assert (run / "findings.xlsx").stat().st_mode & 0o077 == 0


def test_what_is_held_before_billing_stands_in_its_order_and_says_what_for(tmp_path: Path):
    rows = [
        finding("E5", None, "unsupported", hold="symptom-only", severity="high"),
        finding("E2", None, "query-needed", hold="query-needed", severity="low"),
        finding("E1", None, "query-needed", hold="unsigned", severity="medium"),
    ]
    book = openpyxl.load_workbook(hand_out(write_run(tmp_path / "run", rows)))
    place = [TITLES.index(title) for title in ("Encounter", "Verdict")]
    shown = [[row[n] for n in place] for row in book[SHEET].iter_rows(min_row=2, values_only=True)]
    assert shown == [["E5", "hold: symptom-only"], ["E2", "hold: query-needed"], ["E1", "hold: unsigned"]]
    provider = book["Dr. Rowe"]
    assert provider["A2"].value == (
        "Screening result, not reviewed: 1 hold: query-needed, 1 hold: symptom-only, 1 hold: unsigned"
    )


def test_a_workbook_that_comes_back_blank_says_so_without_a_fault(tmp_path: Path):
    run = a_run(tmp_path / "run")
    read(run, hand_out(run))
    assert list(history(run)) == []


def test_error_rates_come_from_reviewed_encounters_only_with_three_denominators(tmp_path: Path):
    run = a_run(tmp_path / "run")
    found = read(run, fill(hand_out(run), agree()))
    assert (found.read, found.in_scope, found.assessed) == (50, 40, 40)
    assert (found.errors.count, found.errors.of) == (10, 40)
    assert found.over == 10
    assert found.is_random  # the whole frame was reviewed
    assert (found.errors.finite_low, found.errors.finite_high) == (0.25, 0.25)
    assert {g.name: (g.rate.count, g.rate.of) for g in found.by_provider} == {
        "Dr. A": (10, 10), "Dr. B": (0, 10), "Dr. C": (0, 10), "Dr. D": (0, 10),
    }  # fmt: skip
    assert dict(found.by_verdict)["unsupported"].count == 10


@pytest.mark.parametrize(
    ("verdict", "disposition", "corrected", "error"),
    [
        ("unsupported", "agree", None, True),
        ("unsupported", "disagree", None, False),
        ("supported", "agree", None, False),
        ("supported", "disagree", None, True),
        ("supported", "disagree", "D51.0", False),
        ("unsupported", "disagree", "none", True),
        ("missed-code", "agree", None, True),
        ("arguable", "agree", None, False),
        ("unsupported", "arguable", None, False),
        ("unsupported", "provider-answered", None, False),
        ("unsupported", "need-record", None, None),
    ],
)
def test_what_counts_as_an_error(
    verdict: str, disposition: str, corrected: str | None, error: bool | None, tmp_path: Path
):
    run = write_run(tmp_path / "run", [finding("E1", None if verdict == "missed-code" else "D51.0", verdict)])
    entry = agree(Disposition=disposition, Reason="because", **{"Corrected codes": corrected})
    found = read(run, fill(hand_out(run), {"E1": entry}))
    assert found.assessed == (0 if error is None else 1)
    assert found.errors.count == int(error or 0)
    assert found.need_record == int(error is None)


def test_nobody_is_ranked_below_the_stated_number(tmp_path: Path):
    run = a_run(tmp_path / "run")
    book = fill(hand_out(run), agree())
    assert not any(group.ranked for group in read(run, book).by_provider)
    ranked = read(run, book, least=10).by_provider
    assert all(group.ranked for group in ranked)
    assert ranked[0].name == "Dr. A"  # the highest rate first


def test_two_reviewers_who_differ_settle_nothing_until_a_third_does(tmp_path: Path):
    run = write_run(tmp_path / "run", [finding(f"E{n}", "D51.0", "unsupported") for n in range(1, 4)])
    book = hand_out(run)
    both = {**agree(), "Second disposition": "agree", "Second reviewer": "Ben"}
    differ = {**both, "Second disposition": "disagree", "Second reason": "anemia is stated"}
    found = read(run, fill(book, {"E1": both, "E2": differ, "E3": both}))
    assert (found.assessed, found.not_settled) == (2, 1)
    assert (found.agreement.rows, found.agreement.alike) == (3, 2)
    tie = {**differ, "Tie-break": "disagree", "Tie-breaker": "Cy", "Tie-break reason": "page 2"}
    found = read(run, fill(book, {"E1": both, "E2": tie, "E3": both}))
    assert (found.assessed, found.not_settled, found.errors.count) == (3, 0, 2)


def test_a_sample_s_rate_takes_the_frame_into_account_and_spares_step_in(tmp_path: Path):
    run = a_run(tmp_path / "run")
    findings = load_findings(run)
    issue = make_workbook(run, findings, plan_of(40, size=10, seed=3, spares=2))
    drawn = [one["unit"] for one in issue.sample["drawn"]] if issue.sample else []
    entries = {unit: agree() for unit in drawn}
    entries[drawn[0]] = agree(Disposition="need-record", Reason="page 2 is missing")
    found = read(run, fill(run / "findings.xlsx", entries))
    assert (found.sampled, found.used, found.assessed, found.need_record) == (10, 10, 10, 1)
    assert found.errors.frame == 40
    assert found.errors.finite_low is not None
    assert found.errors.low is not None
    assert found.errors.finite_low >= found.errors.low


def test_strata_are_weighted_by_their_size(tmp_path: Path):
    run = a_run(tmp_path / "run")
    make_workbook(run, load_findings(run), plan_of(40, size=12, seed=3, by="provider", floor=3))
    found = read(run, fill(run / "findings.xlsx", agree()))
    assert {g.name: (g.rate.of, g.rate.frame) for g in found.by_stratum} == dict.fromkeys(
        ["Dr. A", "Dr. B", "Dr. C", "Dr. D"], (3, 10)
    )
    assert found.weighted == pytest.approx(0.25)


def test_findings_chosen_by_hand_are_said_to_stand_for_themselves(tmp_path: Path):
    run = a_run(tmp_path / "run")
    book = fill(hand_out(run), {"E4": agree(), "E8": agree()})
    done = CliRunner().invoke(app(), ["review", str(run), str(book)])
    assert done.exit_code == 0, done.output
    assert "not drawn at random" in done.output
    assert "50 read, 40 in scope, 2 assessed" in done.output
    assert "E4" not in done.output


def app() -> Any:
    from cli import app as corrin

    return corrin


def change(workbook: Path, title: str, value: object) -> None:
    book = openpyxl.load_workbook(workbook)
    book[SHEET].cell(3, TITLES.index(title) + 1).value = value
    book.save(workbook)


@pytest.mark.parametrize(
    "title", ["Billed", "Verdict", "Why", "Words of the record", "Provider", "Encounter", "Finding"]
)
def test_a_workbook_with_a_changed_finding_is_refused(title: str, tmp_path: Path):
    run = a_run(tmp_path / "run")
    book = fill(hand_out(run), agree())
    change(book, title, "D64.9")
    with pytest.raises(InputError, match="nothing was taken over: row 3"):
        read(run, book)
    assert history(run) == []


def test_a_workbook_without_one_of_its_rows_or_with_one_twice_is_refused(tmp_path: Path):
    run = a_run(tmp_path / "run")
    book = openpyxl.load_workbook(hand_out(run))
    book[SHEET].delete_rows(5)
    book.save(run / "short.xlsx")
    with pytest.raises(InputError, match="1 of its 40 rows are gone"):
        read(run, run / "short.xlsx")
    book = openpyxl.load_workbook(run / "findings.xlsx")
    for column in range(1, len(TITLES) + 1):
        book[SHEET].cell(6, column).value = book[SHEET].cell(5, column).value
    book.save(run / "twice.xlsx")
    with pytest.raises(InputError, match="row 6 stands twice"):
        read(run, run / "twice.xlsx")


def test_rows_may_be_sorted(tmp_path: Path):
    run = a_run(tmp_path / "run")
    book = openpyxl.load_workbook(fill(hand_out(run), agree()))
    sheet = book[SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, row in enumerate(sorted(rows, key=lambda r: str(r[1]), reverse=True), start=2):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    book.save(run / "sorted.xlsx")
    assert read(run, run / "sorted.xlsx").errors.count == 10


def test_a_workbook_of_an_older_run_or_of_another_audit_is_refused(tmp_path: Path):
    run = a_run(tmp_path / "run")
    book = fill(hand_out(run), agree())
    a_run(run, count=41)
    with pytest.raises(InputError, match="is outdated"):
        read(run, book)
    a_run(run)  # as it was: the workbook is of these findings again
    assert read(run, book).errors.count == 10
    a_run(run, count=41)
    with pytest.raises(InputError, match="run anew since the last review"):
        read(run, None)
    new = fill(hand_out(run), {"E41": agree()})
    assert read(run, new).assessed == 1  # what was said of the older findings does not count for these
    other = a_run(tmp_path / "other")
    with pytest.raises(InputError, match="was not made by this audit"):
        read(other, book)


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({"Disposition": "maybe", "Reviewer": "Ana"}, "is none of agree"),
        ({"Disposition": "agree"}, '"Reviewer" is empty'),
        ({"Reviewer": "Ana"}, '"Disposition" is empty'),
        ({"Disposition": "disagree", "Reviewer": "Ana"}, "says why"),
        ({"Disposition": "agree", "Reviewer": "Ana", "Review date": "soon"}, "is no date"),
        ({"Disposition": "agree", "Reviewer": "Ana", "Corrected codes": "=1+1"}, "no code"),
        ({"Disposition": '=HYPERLINK("x")', "Reviewer": "Ana"}, "is none of agree"),
    ],
)
def test_an_entry_that_cannot_be_read_is_named_by_its_row_and_nothing_is_kept(
    entry: Fill, sentence: str, tmp_path: Path
):
    run = a_run(tmp_path / "run")
    with pytest.raises(InputError, match=f"row .*{sentence}"):
        read(run, fill(hand_out(run), {"E4": agree(), "E8": entry}))
    assert history(run) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"no workbook"])
def test_a_file_that_is_no_workbook_is_refused(content: bytes, tmp_path: Path):
    run = a_run(tmp_path / "run")
    path = tmp_path / "reviewed.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"no whole \.xlsx workbook"):
        read(run, path)


def test_the_workbook_has_filters_a_frozen_header_lists_and_a_sheet_for_each_provider(tmp_path: Path):
    run = a_run(tmp_path / "run")
    book = openpyxl.load_workbook(hand_out(run))
    sheet = book[SHEET]
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref.startswith("A1:")
    (first, *_) = sheet.data_validations.dataValidation
    assert first.formula1 == f'"{",".join(DISPOSITIONS)}"'
    assert "Dr. A" in book.sheetnames
    assert book["corrin"].sheet_state == "veryHidden"
    assert [cell.value for cell in sheet[1]] == list(TITLES)
    assert sheet.max_row == 41  # no code out of scope


def test_no_cell_becomes_a_formula_and_strange_names_become_sheets(tmp_path: Path):
    rows = [
        finding(
            "E1",
            "D51.0",
            "unsupported",
            provider="=cmd|' /C calc'!A0",
            words="=1+1",
            reason="+SUM(A1)",
            coder="-2",
        ),
        finding("E2", "D51.0", "unsupported", provider="a/b:c*d?[e]" * 5),
        finding("E3", "D51.0", "unsupported", provider="Findings"),
        finding("E4", "D51.0", "unsupported", provider="x\x00\ud800y", words="@\x07z" * 9000),
    ]
    for row in rows:
        row["provider"] = row["provider"].replace("\ud800", "?")
    run = write_run(tmp_path / "run", rows)
    book = openpyxl.load_workbook(hand_out(run))
    assert len(book.sheetnames) == len({name.lower() for name in book.sheetnames}) == 7
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not str(cell.value or "").startswith(("=", "+", "-", "@"))
    assert read(run, fill(run / "findings.xlsx", agree())).errors.count == 4


def test_the_same_findings_make_the_same_workbook(tmp_path: Path):
    one, two = (a_run(tmp_path / name) for name in ("one", "two"))
    assert hand_out(one).read_bytes() == hand_out(two).read_bytes()


def test_the_command_draws_a_sample_and_says_how(tmp_path: Path):
    run = a_run(tmp_path / "run")
    done = CliRunner().invoke(app(), ["review", str(run), "--sample", "10", "--seed", "7", "--spares", "3"])
    assert done.exit_code == 0, done.output
    assert "Sample of 10 encounters and 3 spares, simple, seed 7; unit: the encounter." in done.output
    done = CliRunner().invoke(app(), ["review", str(run), str(fill(run / "sample.xlsx", agree())), "--json"])
    found = json.loads(done.stdout)
    assert (found["sampled"], found["assessed"], found["frame"]) == (10, 10, 40)
    shutil.rmtree(run)
    assert CliRunner().invoke(app(), ["review", str(run)]).exit_code == 2


@pytest.mark.slow
def test_an_audit_leaves_report_workbook_and_sample_and_the_sample_comes_back(tmp_path: Path):
    export = tmp_path / "export.csv"
    export.write_text(
        "encounter_id,text,codes,provider\n"
        + "".join(
            f'E{n},"A/P: Vitamin B12 deficiency.",{"E53.8" if n % 3 else "D51.0"},P1\n' for n in range(12)
        )
    )
    run = tmp_path / "out"
    done = CliRunner().invoke(
        app(), ["audit", str(export), "--out", str(run), "--workers", "1", "--sample", "6"]
    )
    assert done.exit_code == 0, done.output
    assert "Sample of 6 encounters" in done.stderr
    assert "Audit of billed codes" in (run / "report.html").read_text()
    assert openpyxl.load_workbook(run / "findings.xlsx")[SHEET].max_row == 13  # a wrong code is told once
    done = CliRunner().invoke(app(), ["review", str(run), str(fill(run / "sample.xlsx", agree()))])
    assert "12 read, 12 in scope, 6 assessed" in done.stdout
