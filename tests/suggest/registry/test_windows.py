"""From when to when a release holds, and which one speaks for a date of service."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nlp.errors import InputError, ReleaseError
from suggest import suggest_codes
from suggest.release import add_release, load_release, remove_release
from suggest.release.windows import release_name, release_window, window_end
from tests.suggest.registry.conftest import APRIL_2025, OCTOBER_2024, OCTOBER_2025, codes


@pytest.mark.parametrize(
    ("version", "file", "first", "last", "window"),
    [
        ("2025", "icd10cm-tabular-October-2024.xml", None, None, ("2024-10-01", "2025-03-31")),
        ("2025", "icd10cm-tabular-April-2025.xml", None, None, ("2025-04-01", "2025-09-30")),
        ("2026", "icd10c-tabular-APRIL-1-2026.xml", None, None, ("2026-04-01", "2026-09-30")),
        ("April 2025", "t.xml", None, None, ("2025-04-01", "2025-09-30")),
        ("FY2025 Oct", "tabular_apr.xml", None, None, ("2024-10-01", "2025-03-31")),
        ("2025", "t.xml", "2024-10-01", None, ("2024-10-01", "2025-03-31")),
        ("2025", "t.xml", "2024-10-01", "2025-09-30", ("2024-10-01", "2025-09-30")),
        ("2025", "October.xml", "2025-04-01", None, ("2025-04-01", "2025-09-30")),
        ("", "t.xml", "2021-01-01", None, ("2021-01-01", "2021-03-31")),
        ("2021", "t.xml", "2021-01-01", None, ("2021-01-01", "2021-03-31")),
    ],
)
def test_a_window_comes_from_header_file_name_and_options(
    version: str, file: str, first: str | None, last: str | None, window: tuple[str, str]
) -> None:
    assert release_window(version, file, first, last) == window


@pytest.mark.parametrize(
    ("version", "file", "first", "last", "sentence"),
    [
        ("2025", "icd10cm_tabular_2025.xml", None, None, "--from 2024-10-01 or --from 2025-04-01"),
        ("2025", "october-and-april.xml", None, None, "--from 2024-10-01 or --from 2025-04-01"),
        ("2025", "doctober.xml", None, None, "--from 2024-10-01 or --from 2025-04-01"),
        ("", "icd10cm-tabular-April-2025.xml", None, None, "does not name its year"),
        ("2025 2026", "April.xml", None, None, "does not name its year"),
        ("2025", "April.xml", "2025-10-01", None, "not within fiscal year 2025"),
        ("2025", "April.xml", None, "2025-12-31", "not within fiscal year 2025"),
        ("2025", "April.xml", "2025-04-01", "2025-03-01", "lies before the first"),
        ("2025", "t.xml", "04/01/2025", None, "--from is not a date"),
        ("2025", "t.xml", "20250401", None, "--from is not a date"),
        ("2025", "April.xml", None, "soon", "--to is not a date"),
        ("", "t.xml", "9999-12-31", None, "--from is not a date"),
    ],
)
def test_a_window_that_cannot_be_told_is_demanded(
    version: str, file: str, first: str | None, last: str | None, sentence: str
) -> None:
    with pytest.raises(ReleaseError, match=sentence):
        release_window(version, file, first, last)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2025-10-01", "2026-03-31"),
        ("2026-04-01", "2026-09-30"),
        ("2026-03-31", "2026-03-31"),
        ("2026-09-30", "2026-09-30"),
        ("2026-12-31", "2027-03-31"),
    ],
)
def test_a_window_ends_before_the_next_official_day(start: str, end: str) -> None:
    assert window_end(date.fromisoformat(start)).isoformat() == end


def test_a_release_is_named_by_its_first_day() -> None:
    assert release_name("2025-10-01") == "ICD-10-CM October 2025"
    assert release_name("2021-01-15") == "ICD-10-CM 15 January 2021"


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2024-10-01", "October 2024"),
        ("2025-03-31", "October 2024"),
        ("2025-04-01", "April 2025"),
        ("2025-09-30", "April 2025"),
        ("2025-10-01", "October 2025"),
        ("2026-03-31", "October 2025"),
        ("2026-04-01", "April 2026"),
        ("2026-09-30", "April 2026"),
    ],
)
def test_the_date_decides_at_both_sides_of_each_bound(three: Path, day: str, name: str) -> None:
    release = load_release(day)
    assert release.name == f"ICD-10-CM {name}"
    assert release.covers(day)
    result = suggest_codes("Assessment: Vitamin B12 deficiency.", encounter_date=day)
    assert result.release == release.name
    assert "release_window" not in {warning.kind for warning in result.warnings}


def test_a_code_and_its_title_are_those_of_the_release_of_the_day(three: Path) -> None:
    note = "Assessment: Pernicious anemia."
    assert codes(note, "2025-03-31") == {"D51.0": "Pernicious anemia as of October 2024"}
    assert codes(note, "2025-04-01") == {"D51.0": "Pernicious anemia as of April 2025"}
    assert codes(note, "2026-03-31") == {}  # deleted in October 2025
    assert codes(note, "2026-04-01") == {"D51.0": load_release("2026-04-01").title("D51.0")}


def test_a_code_that_became_a_header_is_not_suggested_from_that_day(three: Path) -> None:
    note = "Assessment: Vitamin B12 deficiency."
    assert "E53.8" in codes(note, "2025-09-30")
    assert "E53.8" not in codes(note, "2025-10-01")


def test_excludes_notes_are_those_of_the_release_of_the_day(three: Path) -> None:
    note = "Assessment: Vitamin B12 deficiency. Iron deficiency."
    assert len(codes(note, "2025-03-31")) == 1
    assert set(codes(note, "2025-04-01")) == {"E53.8", "E61.1"}
    assert load_release("2025-03-31").excludes1("E53.8", "E61.1")
    assert load_release("2025-04-01").excludes2("E53.8", "E61.1")
    assert not load_release("2025-04-01").excludes1("E53.8", "E61.1")


def test_codes_that_a_release_does_not_hold_exclude_nothing(three: Path) -> None:
    release = load_release("2025-10-01")
    assert not release.excludes1("D51.0", "E61.1")
    assert not release.excludes1("E61.1", "D51.0")
    assert not release.excludes2("K90.821", "D51.9")


@pytest.mark.parametrize(("day", "name"), [("2019-06-01", "October 2024"), ("2030-01-01", "April 2026")])
def test_where_no_release_covers_the_date_one_line_says_so(three: Path, day: str, name: str) -> None:
    result = suggest_codes("Assessment: Pernicious anemia.", encounter_date=day)
    assert result.release == f"ICD-10-CM {name}"
    told = [warning for warning in result.warnings if warning.kind == "release_window"]
    assert len(told) == 1
    assert f"ICD-10-CM {name}, the nearest, spoke" in told[0].text
    assert [s.code for s in result.suggestions] == ["D51.0"]


def test_between_two_windows_the_nearer_speaks_and_of_equals_the_later() -> None:
    add_release(OCTOBER_2024, valid_to="2024-12-31")
    add_release(APRIL_2025)
    assert load_release("2025-01-31").name == "ICD-10-CM October 2024"
    assert load_release("2025-03-01").name == "ICD-10-CM April 2025"
    remove_release("ICD-10-CM October 2024")
    add_release(OCTOBER_2024, valid_to="2025-03-29")
    assert not load_release("2025-03-30").covers("2025-03-30")
    assert load_release("2025-03-30").name == "ICD-10-CM October 2024"
    remove_release("ICD-10-CM October 2024")
    add_release(OCTOBER_2024, valid_to="2025-03-30")
    assert load_release("2025-03-31").name == "ICD-10-CM April 2025"


def test_an_april_file_speaks_before_a_file_of_the_whole_year() -> None:
    add_release(OCTOBER_2024, valid_to="2025-09-30")
    assert load_release("2025-05-01").name == "ICD-10-CM October 2024"
    add_release(APRIL_2025)
    assert load_release("2025-03-31").name == "ICD-10-CM October 2024"
    assert load_release("2025-05-01").name == "ICD-10-CM April 2025"


def test_the_users_own_release_of_a_window_speaks_before_the_packaged_one() -> None:
    add_release(OCTOBER_2025, valid_from="2026-04-01", name="Erratum")
    assert load_release("2026-06-02").name == "Erratum"
    assert load_release().name == "Erratum"
    remove_release("erratum")
    assert load_release("2026-06-02").name == "ICD-10-CM April 2026"


@pytest.mark.parametrize("day", ["20260602", "2026-W23-2", "2026-6-2", ""])
def test_only_one_form_of_a_date_is_taken(day: str) -> None:
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        load_release(day)
