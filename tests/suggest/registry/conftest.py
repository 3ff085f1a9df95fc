"""The made-up releases of tests/releases, and a home of its own for those that a test installs.

The files are official in form, and different in validity, titles and Excludes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from suggest import suggest_codes
from suggest.release import Release, add_release, find_release, open_release, release_sources

MADE = Path(__file__).resolve().parents[2] / "releases"
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


def opened(*ends: str) -> list[Release]:
    return [open_release(find_release(end)) for end in ends]
