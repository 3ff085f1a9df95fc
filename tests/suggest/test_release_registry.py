"""Releases of the user's own: what may be added, which speaks for a date, what changes between two.

The files in tests/releases are made up: official in form, and different in validity, titles and Excludes.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from datetime import date
from pathlib import Path

import pytest

from nlp.errors import CorrinError, InputError, ReleaseError
from suggest import suggest_codes
from suggest.doctor import examine
from suggest.explain import explain
from suggest.release import (
    Change,
    Release,
    ReleaseSource,
    add_release,
    catalogue,
    diff_releases,
    find_release,
    load_release,
    open_release,
    release_faults,
    release_sources,
    remove_release,
    scope_codes,
)
from suggest.release.cache import cache_file
from suggest.release.diff import to_mapping
from suggest.release.order import read_order
from suggest.release.report import diff_report, list_releases, show_release
from suggest.release.windows import release_name, release_window, window_end

MADE = Path(__file__).resolve().parents[1] / "releases"
OCTOBER_2024 = MADE / "icd10cm-tabular-October-2024.xml"
APRIL_2025 = MADE / "icd10cm-tabular-April-2025.xml"
OCTOBER_2025 = MADE / "icd10cm-tabular-October-2025.xml"
ORDER = MADE / "icd10cm_order_October-2024.txt"
LISTED = ORDER.read_bytes()


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for releases; the folder does not exist yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "data" / "corrin" / "releases"


@pytest.fixture
def three(store: Path) -> Path:
    """Three neighbours, and the packaged April 2026."""
    add_release(OCTOBER_2024, ORDER)
    add_release(APRIL_2025)
    add_release(OCTOBER_2025)
    return store


def names() -> list[str]:
    return [source.name for source in release_sources()]


def codes(text: str, day: str) -> dict[str, str]:
    return {s.code: s.title for s in suggest_codes(text, encounter_date=day).suggestions}


# Adding.


def test_a_release_is_kept_with_its_window_files_and_hash(store: Path) -> None:
    source = add_release(OCTOBER_2024, ORDER)
    assert (source.name, source.valid_from, source.valid_to) == (
        "ICD-10-CM October 2024",
        "2024-10-01",
        "2025-03-31",
    )
    assert source.tabular.read_bytes() == OCTOBER_2024.read_bytes()
    assert source.order is not None
    assert source.order.read_bytes() == ORDER.read_bytes()
    assert open_release(source).sha256 == source.sha256
    assert source in release_sources()
    assert [path.name for path in store.iterdir()] == ["icd-10-cm-october-2024"]


def test_the_packaged_release_is_always_there_and_cannot_be_removed() -> None:
    assert names() == ["ICD-10-CM April 2026"]
    for name in ("ICD-10-CM April 2026", "april-2026"):
        with pytest.raises(ReleaseError, match="comes with Corrin"):
            remove_release(name)
    assert names() == ["ICD-10-CM April 2026"]


def test_releases_are_listed_by_the_start_of_their_window(three: Path) -> None:
    assert names() == [f"ICD-10-CM {n}" for n in ("October 2024", "April 2025", "October 2025", "April 2026")]
    formed = "yours, without order file"
    whose = [line.rpartition("  ")[2] for line in list_releases().splitlines()]
    assert whose == ["yours", formed, formed, "packaged"]


def test_the_same_files_are_not_added_twice_under_whatever_name(store: Path) -> None:
    add_release(APRIL_2025)
    for name in (None, "another"):
        with pytest.raises(ReleaseError, match="already, as ICD-10-CM April 2025"):
            add_release(APRIL_2025, name=name)
    assert len(list(store.iterdir())) == 1


def test_the_packaged_files_are_known_when_they_are_added_again() -> None:
    (packaged,) = release_sources()
    with pytest.raises(ReleaseError, match="already, as ICD-10-CM April 2026"):
        add_release(packaged.tabular, packaged.order)


def test_two_releases_of_the_users_own_cannot_start_on_one_day() -> None:
    add_release(APRIL_2025)
    with pytest.raises(ReleaseError, match="starts on 2025-04-01 too"):
        add_release(OCTOBER_2024, valid_from="2025-04-01", name="another")


def test_a_name_stands_for_one_release_only(tmp_path: Path) -> None:
    add_release(APRIL_2025, name="Mine")
    with pytest.raises(ReleaseError, match="Mine is installed already; remove it first"):
        add_release(OCTOBER_2025, name="MINE!")
    newer = tmp_path / "icd10cm-tabular-April-2026.xml"
    shutil.copy(OCTOBER_2025, newer)
    with pytest.raises(ReleaseError, match="April 2026 is installed already; give another --name"):
        add_release(newer)


@pytest.mark.parametrize("name", ["", "  ", "!!", "..", "/", "a\x1b[31m", "x" * 61])
def test_a_name_must_be_one_that_a_folder_and_a_terminal_can_bear(store: Path, name: str) -> None:
    with pytest.raises(ReleaseError, match="--name"):
        add_release(APRIL_2025, name=name)
    assert not store.exists()


def test_a_name_does_not_lead_out_of_the_folder(store: Path) -> None:
    source = add_release(APRIL_2025, name="../../escape")
    assert source.tabular.parent == store / "escape"


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l "lol"><!ENTITY l2 "&l;&l;&l;&l;&l;&l;&l;&l;">
<!ENTITY l3 "&l2;&l2;&l2;&l2;&l2;&l2;&l2;&l2;">]><ICD10CM.tabular><version>&l3;</version></ICD10CM.tabular>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<ICD10CM.tabular><version>2025</version><chapter><name>&x;</name></chapter></ICD10CM.tabular>"""


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not well-formed"),
        (OCTOBER_2024.read_bytes()[:-40], "not well-formed"),
        (b"\x00\xff\xfe", "not well-formed"),
        (b"<html><body>Page not found</body></html>", "opens with <html>"),
        (b"<ICD10PCS.tabular><version>2025</version></ICD10PCS.tabular>", "opens with <ICD10PCS.tabular>"),
        (b"<ICD10CM.tabular><version>2025</version></ICD10CM.tabular>", "holds no code"),
        (BOMB, "document type"),
        (OUTSIDE, "document type"),
        (b"PK\x03\x04rest", "ZIP archive"),
        (b'<?xml version="1.0" encoding="utf-X"?><ICD10CM.tabular/>', "encoding"),
        (b'<?xml version="1.0" encoding="utf-7"?><ICD10CM.tabular/>', "encoding"),
        (OCTOBER_2024.read_bytes().replace(b"<name>D51.0<", b"<name>anemia<"), "code that is none"),
    ],
    ids=[
        "empty",
        "cut",
        "binary",
        "html",
        "procedures",
        "no-code",
        "bomb",
        "external",
        "zip",
        "no-encoding",
        "utf-7",
        "no-such-code",
    ],
)
def test_what_is_no_tabular_list_is_refused_in_one_sentence_and_nothing_is_kept(
    tmp_path: Path, store: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "tabular-October-2024.xml"
    path.write_bytes(content)
    with pytest.raises(ReleaseError, match=sentence) as caught:
        add_release(path)
    assert str(caught.value).startswith("tabular-October-2024.xml: ")
    assert "\n" not in str(caught.value)
    assert "root:" not in str(caught.value)
    assert not store.exists()


def test_a_path_that_is_no_file_is_refused(tmp_path: Path, store: Path) -> None:
    with pytest.raises(ReleaseError, match="no such file"):
        add_release(tmp_path / "absent.xml")
    with pytest.raises(ReleaseError, match="folder"):
        add_release(tmp_path)
    with pytest.raises(ReleaseError, match=r"absent\.txt: there is no such file"):
        add_release(APRIL_2025, tmp_path / "absent.txt")
    assert not store.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (LISTED.replace(b"D510 ", b"D514 "), "only the order file holds D514 .*tabular list holds D510"),
        (b"\n".join(LISTED.split(b"\n")[:10]), "only the tabular list holds T383X5"),
        (LISTED.replace(b"T383X5A", b"T383X5Q"), "only the order file holds T383X5Q"),
        (b"D51.9\n", r"only the tabular list holds D509 \(\d in all\)"),
        (b"these are no codes\n", "no line holds a code"),
        (b"", "no line holds a code"),
        (OCTOBER_2024.read_bytes(), "no line holds a code"),
    ],
    ids=["another-code", "cut", "another-character", "few", "prose", "empty", "xml"],
)
def test_an_order_file_that_does_not_fit_is_refused(
    tmp_path: Path, store: Path, content: bytes, sentence: str
) -> None:
    order = tmp_path / "order.txt"
    order.write_bytes(content)
    with pytest.raises(ReleaseError, match=f"order\\.txt: .*{sentence}"):
        add_release(OCTOBER_2024, order)
    assert not store.exists()


@pytest.mark.parametrize(
    "text",
    [
        b"00001 D51     0 Short title   Long title\r\n00002 D510    1 Short title   Long title\r\n",
        b"D510    A title, with words\nT383X5A A title\n",
        b"\xef\xbb\xbfD51.0\nT38.3X5A\n",
        b"3\nD50-D53\nD510\n",
        b"D510    M\xe9ni\xe8re \x85 A01 title\n",
    ],
    ids=["order", "codes", "dots-and-mark", "plain-with-blocks", "latin-1"],
)
def test_the_official_forms_of_an_order_file_are_read(text: bytes) -> None:
    assert read_order(text) - {"T383X5A"} == {"D510"}


def test_a_folder_that_cannot_be_written_is_told_of(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> str:
        raise PermissionError(13, "Permission denied")

    add_release(OCTOBER_2024)
    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    for attempt in (lambda: add_release(APRIL_2025), lambda: remove_release("ICD-10-CM October 2024")):
        with pytest.raises(ReleaseError, match=f"^{store}: .* permission denied$"):
            attempt()
    assert [path.name for path in store.iterdir()] == ["icd-10-cm-october-2024"]


def test_a_file_where_the_folder_should_be_is_told_of(store: Path) -> None:
    store.parent.mkdir(parents=True)
    store.write_text("", encoding="utf-8")
    with pytest.raises(ReleaseError, match="cannot be written: file exists"):
        add_release(APRIL_2025)
    assert names() == ["ICD-10-CM April 2026"]


@pytest.mark.parametrize("broken", ["rename", "write"])
def test_a_failure_on_the_way_leaves_nothing_half_written(
    store: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        if broken == "rename":
            patch.setattr(Path, "rename", fail)
        else:
            patch.setattr(os, "fsync", fail)
        with pytest.raises(ReleaseError, match="no space left"):
            add_release(APRIL_2025)
    assert list(store.iterdir()) == []
    add_release(APRIL_2025)
    assert "ICD-10-CM April 2025" in names()


def test_a_user_without_a_home_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(Path, "expanduser", homeless)
    assert names() == ["ICD-10-CM April 2026"]
    assert load_release().exists("D51.0")
    with pytest.raises(ReleaseError, match="set XDG_DATA_HOME"):
        add_release(APRIL_2025)


# Windows.


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


# The date decides.


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


# Seventh characters.


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


# Names, removal, damage.


def test_a_release_is_found_by_its_name_or_the_end_of_it(three: Path) -> None:
    for name in ("ICD-10-CM April 2025", "icd-10-cm-april-2025", "April 2025", "april-2025"):
        assert find_release(name).valid_from == "2025-04-01"
    for name, told in (
        ("2025", "more than one"),
        ("", "no release"),
        ("ril 2025", "no release"),
        ("x", "no rel"),
    ):
        with pytest.raises(InputError, match=f"{told}.*installed: ICD-10-CM April 2026, ICD"):
            find_release(name)


def test_a_removed_release_is_gone_with_what_was_parsed_of_it(three: Path) -> None:
    source = find_release("april-2025")
    open_release(source)
    kept = cache_file(source.sha256 or "")
    assert kept is not None
    assert kept.exists()
    assert remove_release("icd-10-cm april 2025") == "ICD-10-CM April 2025"
    assert not kept.exists()
    assert "ICD-10-CM April 2025" not in names()
    assert not source.tabular.exists()
    assert [path.name for path in three.iterdir() if path.name.startswith(".")] == []
    with pytest.raises(InputError, match="no release"):
        remove_release("ICD-10-CM April 2025")


@pytest.mark.parametrize("name", ["april-2025", "..", "", ".", "/"])
def test_only_a_whole_name_removes_a_release(three: Path, name: str) -> None:
    with pytest.raises(CorrinError):
        remove_release(name)
    assert len(names()) == 4


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda folder: (folder / "release.json").write_text("{"), "damaged"),
        (lambda folder: (folder / "release.json").write_text("[]"), "damaged"),
        (lambda folder: (folder / "release.json").write_text("null"), "damaged"),
        (lambda folder: (folder / "release.json").write_bytes(b"\xff\xfe\x00"), "damaged"),
        (lambda folder: (folder / "release.json").unlink(), "cannot be read"),
        (lambda folder: (folder / "tabular.xml").unlink(), "tabular.xml is missing"),
        (lambda folder: _rewrite(folder, format=2), "another version"),
        (lambda folder: _rewrite(folder, valid_to="never"), "damaged"),
        (lambda folder: _rewrite(folder, valid_to=None), "damaged"),
        (lambda folder: _rewrite(folder, sha256=7), "damaged"),
        (lambda folder: _rewrite(folder, name="another"), "damaged"),
        (lambda folder: _rewrite(folder, codes=True), "codes.txt is missing"),
    ],
)
def test_a_damaged_release_is_told_of_stops_nothing_and_can_be_removed(
    store: Path, damage: object, problem: str
) -> None:
    assert callable(damage)
    add_release(APRIL_2025)
    folder = store / "icd-10-cm-april-2025"
    damage(folder)
    catalogue.forget_installed()
    assert names() == ["ICD-10-CM April 2026"]
    (fault,) = release_faults()
    assert problem in fault.problem
    assert "corrin release remove icd-10-cm-april-2025" in fault.problem
    assert load_release("2025-04-01").name == "ICD-10-CM April 2026"
    assert f"{fault.name}: cannot be loaded: {fault.problem}" in list_releases()
    (check,) = [check for check in examine() if check.text == fault.problem]
    assert check.ok is False
    assert remove_release("icd-10-cm-april-2025") == "icd-10-cm-april-2025"
    assert release_faults() == ()


def _rewrite(folder: Path, **values: object) -> None:
    path = folder / "release.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}), encoding="utf-8")


def test_files_that_were_changed_after_they_were_added_do_not_speak(store: Path) -> None:
    source = add_release(APRIL_2025)
    source.tabular.write_bytes(source.tabular.read_bytes().replace(b"Dietary", b"dietary"))
    with pytest.raises(ReleaseError, match="not those that were added"):
        load_release("2025-04-01")
    assert any(check.ok is False and "not those that were added" in check.text for check in examine())
    assert load_release("2026-04-01").exists("D51.0")


def test_what_is_being_written_and_stray_files_are_no_releases(store: Path) -> None:
    add_release(APRIL_2025)
    shutil.copytree(store / "icd-10-cm-april-2025", store / ".adding-x")
    (store / "notes.txt").write_text("", encoding="utf-8")
    catalogue.forget_installed()
    assert names() == ["ICD-10-CM April 2025", "ICD-10-CM April 2026"]
    assert release_faults() == ()


def test_a_release_that_another_program_adds_is_seen_at_once(three: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.move(three / "icd-10-cm-april-2025", elsewhere)
    os.utime(three, ns=(1, 1))
    assert "ICD-10-CM April 2025" not in names()
    shutil.move(elsewhere, three / "icd-10-cm-april-2025")
    assert "ICD-10-CM April 2025" in names()


def test_doctor_lists_each_release_and_what_it_holds_of_our_scope(three: Path) -> None:
    checks = {check.name: check for check in examine()}
    assert checks["ICD-10-CM April 2026"].ok is True
    april = checks["ICD-10-CM April 2025"]
    assert april.ok is None
    assert april.text.startswith("2025-04-01 to 2025-09-30, sha256 ")
    assert "of 1" in april.text
    assert "no order file" in april.text
    assert "no order file" not in checks["ICD-10-CM October 2024"].text


# Explain and diff.


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


def _opened(*ends: str) -> list[Release]:
    return [open_release(find_release(end)) for end in ends]


def test_a_diff_tells_what_changes_for_our_codes_and_where_it_stands(three: Path) -> None:
    a, b = _opened("october-2024", "april-2025")
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
    a, b = _opened("april-2025", "october-2025")
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
    a, b = _opened("october-2024", "april-2025")
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
    a, b = _opened("april-2025", "july-2025")
    assert a.sha256 != b.sha256
    assert diff_releases(a, a) == diff_releases(a, b) == ()
    assert "No change for the" in diff_report(a, b, ())


def test_a_diff_between_with_and_without_an_order_file_says_so(three: Path) -> None:
    a, b = _opened("october-2024", "april-2025")
    assert "April 2025 has no order file" in diff_report(a, b, diff_releases(a, b))
    c = _opened("october-2025")[0]
    assert "no order file" not in diff_report(b, c, diff_releases(b, c))
    assert to_mapping(a, b, ())["to"]["has_order_file"] is False


def test_the_report_keeps_to_its_width(three: Path) -> None:
    a, b = _opened("april-2025", "april-2026")
    report = diff_report(a, b, diff_releases(a, b), width=72)
    assert max(map(len, report.splitlines())) <= 72
    assert "\n  + D51.1" in report


def test_a_source_knows_whether_it_is_packaged() -> None:
    own: ReleaseSource = add_release(APRIL_2025)
    assert not own.is_packaged
    assert find_release("april-2026").is_packaged
