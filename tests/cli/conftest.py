"""The command line with an engine that answers at once, and the notes that it is given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

import cli
from suggest.note import Note
from suggest.result import Setting
from tests.suggest.result_samples import EMPTY, FULL, NOTE

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]


def fake_encounter(notes: Sequence[Note], *, policy: Any = None) -> Any:
    """Answer as the engine would, for the notes that these tests write."""
    from dataclasses import replace

    from nlp.errors import InputError

    first = notes[0]
    if "explode" in first.text:
        raise RuntimeError(f"failed on {first.text}")
    if "refuse" in first.text:
        raise InputError("the notes cannot be answered together")
    base = FULL if first.text == NOTE else EMPTY
    ids = tuple(note.note_id for note in notes)
    return replace(
        base,
        encounter_id=first.encounter_id,
        note_id=ids[0] if len(ids) == 1 else None,
        note_ids=ids,
        setting=Setting(first.setting),
        encounter_date=first.encounter_date,
    )


@pytest.fixture
def fake_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    import suggest

    monkeypatch.setattr(suggest, "suggest_encounter", fake_encounter, raising=False)


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "n1.txt"
    path.write_text(NOTE, encoding="utf-8")
    return path


def rows(tmp_path: Path, *objects: object, name: str = "notes.jsonl") -> Path:
    path = tmp_path / name
    lines = [item if isinstance(item, str) else json.dumps(item) for item in objects]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
