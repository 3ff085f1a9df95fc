"""What may be added as a release of the user's own, what is refused, and what is then in the folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from nlp.errors import ReleaseError
from suggest.release import (
    ReleaseSource,
    add_release,
    find_release,
    load_release,
    open_release,
    release_sources,
    remove_release,
)
from suggest.release.order import read_order
from suggest.release.report import list_releases
from tests.suggest.registry.conftest import APRIL_2025, LISTED, OCTOBER_2024, OCTOBER_2025, ORDER, names


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


def test_a_source_knows_whether_it_is_packaged() -> None:
    own: ReleaseSource = add_release(APRIL_2025)
    assert not own.is_packaged
    assert find_release("april-2026").is_packaged
