"""A refusal names the reason that holds, where several could be told."""

from __future__ import annotations

from suggest import suggest_codes


def _reasons(text: str) -> dict[str, str]:
    return {entry.code: entry.reasons[0].rule for entry in suggest_codes(text).withheld}


def test_an_anemia_within_another_code_is_left_for_that_though_the_story_names_it_too() -> None:
    told = _reasons(
        "HPI: Here for f/u of anemia.\n"
        "A/P: # B12 deficiency, severe. This is the cause of her anemia. Continue cyanocobalamin IM monthly."
    )
    assert told == {"D64.9": "rule:R37", "E53.8": "rule:R37"}


def test_an_anemia_of_the_story_alone_is_left_for_standing_there() -> None:
    assert _reasons("HPI: Here for f/u of anemia.\nA/P: # B12 deficiency, severe. IM monthly.") == {
        "D64.9": "rule:R18"
    }
