"""What a note said is nowhere in memory once it is answered, save in the answer itself."""

from __future__ import annotations

import pytest

from nlp import memory
from suggest import suggest_codes

NOTE = "HPI: Tired for weeks. Ferritin 8 on 2/26/2026.\nAssessment: Iron deficiency anemia!\n" + "Seen. " * 60


def kept() -> int:
    """How many texts are kept for those who read the note."""
    return sum(cache.cache_info().currsize for cache in memory._KEPT)


def test_no_text_of_a_note_is_kept_once_it_is_answered() -> None:
    assert suggest_codes(NOTE).suggestions
    assert kept() == 0


def test_no_text_of_a_note_is_kept_where_reading_it_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        assert kept() > 0
        raise ZeroDivisionError

    monkeypatch.setattr("suggest.api.answer", broken)
    with pytest.raises(ZeroDivisionError):
        suggest_codes(NOTE)
    assert kept() == 0
