"""docs/contract.md names what the program has."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from suggest.note import Note
from suggest.serialise import KEYS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")
NAMES = set(re.findall(r"`([a-z_0-9]+)`", PAGE))


@pytest.mark.parametrize("kind", KEYS, ids=lambda kind: kind.__name__)
def test_the_page_names_every_key_of_a_record(kind: type) -> None:
    assert [key for key in KEYS[kind] if key not in NAMES] == []


def test_the_page_names_every_key_of_a_note() -> None:
    table = PAGE.partition("## A note")[2].partition("## The answer")[0]
    assert re.findall(r"^\| `([a-z_]+)`", table, re.MULTILINE) != []
    assert set(re.findall(r"^\| `([a-z_]+)`", table, re.MULTILINE)) == {field.name for field in fields(Note)}
