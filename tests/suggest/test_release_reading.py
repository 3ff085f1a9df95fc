"""Reading a tabular list, its notes, and the cache of what was read."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from nlp.errors import ReleaseError
from suggest.release import catalogue
from suggest.release.cache import cache_file, read_cached, write_cached
from suggest.release.folders import cache_folder
from suggest.release.notes import named_codes
from suggest.release.table import BILLABLE, HEADER, STEM, build_table, find_entry, stem_of
from suggest.release.tabular import read_tabular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABULAR = b"""<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2026</version>
<introduction><introSection type="title"><title>X</title></introSection></introduction>
<chapter><name>3</name><desc>Blood</desc>
 <section id="D50-D53"><desc>Nutritional
   anemias</desc>
  <diag><name>D50</name><desc>Iron deficiency anemia</desc>
   <includes><note>hypochromic anemia</note></includes>
   <diag><name>D50.0</name><desc>Blood loss</desc>
    <excludes1><note>acute (D62)</note></excludes1></diag></diag>
 </section>
 <section id="T38"><desc>One</desc>
  <diag><name>T38</name><desc>Hormones</desc>
   <sevenChrDef><extension char="A">initial encounter</extension>
   <extension char="S">sequela</extension></sevenChrDef>
   <diag><name>T38.3</name><desc>Insulin</desc></diag></diag>
 </section>
</chapter></ICD10CM.tabular>"""


def test_the_table_knows_headers_leaves_and_stems() -> None:
    table = build_table(read_tabular(TABULAR).entries, None)
    kinds = {key: entry.kind for key in ("D50", "D500", "T38", "T383") if (entry := find_entry(table, key))}
    assert kinds == {"D50": HEADER, "D500": BILLABLE, "T38": HEADER, "T383": STEM}


def test_a_block_named_like_its_category_does_not_hide_it() -> None:
    table = build_table(read_tabular(TABULAR).entries, None)
    category, block = find_entry(table, "T38"), find_entry(table, "@T38")
    assert category is not None
    assert block is not None
    assert (category.title, block.title, category.parent) == ("Hormones", "One", "@T38")


def test_line_breaks_in_a_title_become_one_blank() -> None:
    entry = find_entry(build_table(read_tabular(TABULAR).entries, None), "@D50-D53")
    assert entry is not None
    assert entry.title == "Nutritional anemias"


def test_the_first_and_last_line_are_found_and_neighbours_are_not() -> None:
    table = build_table(read_tabular(TABULAR).entries, None)
    keys = [line.split("\t")[0] for line in table.split("\n") if line]
    assert [key for key in keys if find_entry(table, key) is None] == []
    assert [key for key in ("", "0", "D5", "D501", "Z99", "@") if find_entry(table, key) is not None] == []


def test_seventh_characters_come_from_the_definitions_without_an_order_file() -> None:
    table = build_table(read_tabular(TABULAR).entries, None)
    assert stem_of(table, "T383XXA") is not None
    assert stem_of(table, "T383XXD") is None


def test_the_order_file_leaves_only_its_own_seventh_characters() -> None:
    table = build_table(read_tabular(TABULAR).entries, frozenset({"T383XXA"}))
    assert stem_of(table, "T383XXA") is not None
    assert stem_of(table, "T383XXS") is None


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"<a><b></a>",
        b"not xml",
        b"<ICD10CM.tabular></ICD10CM.tabular>",
        b"<chapter><diag><desc>x</desc></diag></chapter>",
    ],
)
def test_a_broken_tabular_list_is_a_release_error(source: bytes) -> None:
    with pytest.raises(ReleaseError):
        read_tabular(source)


def test_a_document_type_is_refused_before_any_entity_is_read() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY x "y">]>' + TABULAR.split(b"?>", 1)[1]
    with pytest.raises(ReleaseError, match="document type"):
        read_tabular(bomb)


@pytest.mark.parametrize(
    ("note", "inside", "outside"),
    [
        ("anemias (D50-D64)", ["D50", "D519", "D649", "D62"], ["D49", "D65", "D651"]),
        ("iron deficiency anemia (D50.-)", ["D50", "D509"], ["D51", "D5"]),
        ("complications (K95.0-)", ["K950", "K9509"], ["K9589", "K95"]),
        ("dementia (F01.-, F02.-, F03.-)", ["F0390", "F0280"], ["F04"]),
        ("diabetes mellitus (E08-E13 with .42)", ["E1142"], ["E1140", "E114", "E11"]),
        ("mumps (B27.0-B27.9 with fifth character 1)", ["B2701", "B2791"], ["B2702", "B280"]),
        ("drug (T36-T50 with fifth or sixth character 5)", ["T383X5A", "T420X5A"], ["T420X6A", "T51X5A"]),
        ("ulcers (L89 with final character -1)", ["L8911"], ["L8912"]),
        ("renal (C-codes) (N18.30-N18.32)", ["N1831"], ["N184"]),
        ("stages E10 to E14", ["E12"], ["E15"]),
        ("vitamin B12 deficiency anemia (D51.-)", ["D510"], ["E538", "D52"]),
        ("toxic effect (T51-T65 with fifth or sixth character 1-4)", ["T510X2A"], ["T510X5A"]),
    ],
)
def test_a_note_names_the_codes_it_prints(note: str, inside: list[str], outside: list[str]) -> None:
    targets = named_codes(note)
    assert [key for key in inside if not any(target.matches(key) for target in targets)] == []
    assert [key for key in outside if any(target.matches(key) for target in targets)] == []


def test_a_note_without_codes_names_none() -> None:
    assert named_codes("underlying disease, such as:") == ()


@pytest.fixture
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    catalogue._open.cache_clear()
    yield
    catalogue._open.cache_clear()


@pytest.mark.usefixtures("_own_cache")
def test_the_cache_gives_the_release_that_parsing_gives() -> None:
    first = catalogue.load_release()
    assert cache_file(first.sha256).exists()
    catalogue._open.cache_clear()
    second = catalogue.load_release()
    assert first is not second
    assert first._table == second._table


@pytest.mark.usefixtures("_own_cache")
@pytest.mark.parametrize("damage", ["cut", "changed", "other_format", "folder"])
def test_a_damaged_cache_is_built_again(damage: str) -> None:
    release = catalogue.load_release()
    path = cache_file(release.sha256)
    good = path.read_bytes()
    if damage == "cut":
        path.write_bytes(good[: len(good) // 2])
    elif damage == "changed":
        path.write_bytes(good.replace(b"Sideropenic dysphagia", b"Sideropenic dysphagiX"))
    elif damage == "other_format":
        path.write_bytes(b"corrin-release-0" + good[16:])
    else:
        path.unlink()
        path.mkdir()
    catalogue._open.cache_clear()
    again = catalogue.load_release()
    assert again.title("D50.1") == "Sideropenic dysphagia"
    if damage != "folder":
        assert path.read_bytes() == good


def test_a_cache_of_another_source_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert write_cached("a" * 64, "\nD50\tB\t\tx\t\t\n")
    assert read_cached("a" * 64) == "\nD50\tB\t\tx\t\t\n"
    cache_file("a" * 64).rename(cache_file("b" * 64))
    assert read_cached("b" * 64) is None


@pytest.mark.usefixtures("_own_cache")
def test_a_home_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert not write_cached("a" * 64, "\n")
    assert catalogue.load_release().title("D62") == "Acute posthemorrhagic anemia"


def test_no_half_written_file_is_left_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    write_cached("c" * 64, "\n")
    assert [path.name for path in cache_folder().iterdir()] == [cache_file("c" * 64).name]
    assert stat.S_IMODE(cache_file("c" * 64).stat().st_mode) & 0o077 == 0


def test_a_relative_cache_home_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/place")
    assert cache_folder().is_absolute()
