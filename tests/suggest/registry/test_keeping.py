"""Installed releases are found by name, removed whole, looked after when damaged, and told of by doctor."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from nlp.errors import CorrinError, InputError, ReleaseError
from suggest.doctor import examine
from suggest.release import (
    add_release,
    catalogue,
    find_release,
    load_release,
    open_release,
    release_faults,
    remove_release,
)
from suggest.release.cache import cache_file
from suggest.release.report import list_releases
from tests.suggest.registry.conftest import APRIL_2025, names


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
