"""What a release is made to tell: how a code is explained by it, and what changes between two."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.errors import InputError
from suggest.explain import explain
from suggest.release import Change, add_release, diff_releases, load_release, scope_codes
from suggest.release.diff import to_mapping
from suggest.release.report import diff_report, show_release
from tests.suggest.registry.conftest import APRIL_2025, OCTOBER_2024, opened


def test_without_an_order_file_seventh_characters_are_formed_and_the_release_says_so(three: Path) -> None:
    formed, listed = load_release("2025-04-01"), load_release("2024-10-01")
    assert listed.has_order_file
    assert not formed.has_order_file
    assert listed.is_billable("T38.3X5D")
    assert not listed.exists("T38.3X5S")  # the order file lacks it
    assert formed.is_billable("T38.3X5S")
    assert formed.title("T38.3X5S") == "Adverse effect of antidiabetic drugs, sequela"
    assert "formed from the tabular list's own definitions" in show_release("april-2025")
    assert "formed from" not in show_release("october-2024")
    assert "formed from" in explain("T38.3X5S", release="april-2025").replace("\n  ", " ")
    assert "formed from" not in explain("D51.0", release="april-2025").replace("\n  ", " ")


def test_a_code_is_explained_by_the_release_that_is_named(three: Path) -> None:
    assert explain("D51.0", release="april-2025").startswith("D51.0  Pernicious anemia as of April 2025\n")
    assert "Biermer" in explain("D51.0", release="april-2025")
    assert "Biermer" not in explain("D51.0", encounter_date="2025-03-31")
    assert explain("D51.0", encounter_date="2020-01-01").startswith("No installed release covers 2020-01-01")
    with pytest.raises(InputError, match="October 2025 holds no code D51"):
        explain("D51.0", release="october-2025")
    with pytest.raises(InputError, match="not both"):
        explain("D51.0", release="october-2025", encounter_date="2025-04-01")
    with pytest.raises(InputError, match="no release"):
        explain("D51.0", release="july-2025")


def test_a_diff_tells_what_changes_for_our_codes_and_where_it_stands(three: Path) -> None:
    a, b = opened("october-2024", "april-2025")
    ours = ("D51", "D51.0", "D51.3", "E53.8", "E61.1", "D50.9")
    iron = "vitamin B12 deficiency (E53.8)"
    assert diff_releases(a, b, ours) == (
        Change("D51.3", "code", "added", None, "Dietary vitamin B12 deficiency anemia", ("D51.3",)),
        Change("D51.4", "code", "added", None, "New in April 2025", ()),
        Change(
            "D51.0",
            "code",
            "retitled",
            "Pernicious anemia as of October 2024",
            "Pernicious anemia as of April 2025",
            ("D51.0",),
        ),
        Change(
            "E53.8",
            "code",
            "retitled",
            "Other B group deficiency as of October 2024",
            "Other B group deficiency as of April 2025",
            ("E53.8",),
        ),
        Change("D51.0", "code", "inclusionTerm", None, "Biermer anemia", ("D51.0",)),
        Change("E61.1", "code", "excludes1", iron, None, ("E61.1",)),
        Change("E61.1", "code", "excludes2", None, iron, ("E61.1",)),
        Change(
            "E53.8",
            "code",
            "useAdditionalCode",
            None,
            "code for adverse effect, if applicable (T38.3X5)",
            ("E53.8",),
        ),
    )


def test_a_diff_tells_of_deleted_codes_and_of_codes_that_need_more_characters(three: Path) -> None:
    a, b = opened("april-2025", "october-2025")
    found = {(change.change, change.at): change for change in diff_releases(a, b)}
    assert found["deleted", "D51.0"].before == "Pernicious anemia as of April 2025"
    assert found["deleted", "D51.4"].codes == ()
    split = found["billability", "E53.8"]
    assert (split.before, split.after) == ("billable", "not billable")
    assert found["added", "E53.81"].codes == ()


def test_a_note_at_a_block_is_told_once_with_the_codes_that_it_holds_for(tmp_path: Path) -> None:
    noted = tmp_path / "april.xml"
    title = b"<desc>Nutritional anemias (D50-D53)</desc>"
    added = title + b"<codeFirst><note>the cause (K90.-)</note></codeFirst>"
    noted.write_bytes(OCTOBER_2024.read_bytes().replace(title, added))
    add_release(OCTOBER_2024)
    add_release(noted)
    a, b = opened("october-2024", "april-2025")
    (change,) = diff_releases(a, b)
    assert (change.at, change.place, change.change) == ("D50-D53", "block", "codeFirst")
    assert change.codes == tuple(c for c in scope_codes() if c in {"D50", "D50.9", "D51", "D51.0", "D51.9"})
    assert "holds for 5 of our codes" in diff_report(a, b, [change])


def test_a_release_does_not_differ_from_itself_nor_by_the_order_of_its_lines(tmp_path: Path) -> None:
    turned = tmp_path / "april.xml"
    lines = [b"<note>Addison anemia</note>", b"<note>Biermer anemia</note>"]
    turned.write_bytes(APRIL_2025.read_bytes().replace(lines[0] + lines[1], lines[1] + lines[0]))
    add_release(APRIL_2025, valid_to="2025-06-30")
    add_release(turned, valid_from="2025-07-01")
    a, b = opened("april-2025", "july-2025")
    assert a.sha256 != b.sha256
    assert diff_releases(a, a) == diff_releases(a, b) == ()
    assert "No change for the" in diff_report(a, b, ())


def test_a_diff_between_with_and_without_an_order_file_says_so(three: Path) -> None:
    a, b = opened("october-2024", "april-2025")
    assert "April 2025 has no order file" in diff_report(a, b, diff_releases(a, b))
    c = opened("october-2025")[0]
    assert "no order file" not in diff_report(b, c, diff_releases(b, c))
    assert to_mapping(a, b, ())["to"]["has_order_file"] is False


def test_the_report_keeps_to_its_width(three: Path) -> None:
    a, b = opened("april-2025", "april-2026")
    report = diff_report(a, b, diff_releases(a, b), width=72)
    assert max(map(len, report.splitlines())) <= 72
    assert "\n  + D51.1" in report
