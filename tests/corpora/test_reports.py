"""A run as JSON, page and text; two runs against each other."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from corpora.evaluate.against import compare, read_run
from corpora.evaluate.agreement import agree
from corpora.evaluate.outcome import judge
from corpora.evaluate.refresh import BEGIN, END, GUIDE, figures_block
from corpora.evaluate.render.page import render_page
from corpora.evaluate.render.plots import reliability_plot
from corpora.evaluate.render.terminal import render_agreement, render_comparison, render_run
from corpora.evaluate.run import Judged, make_run
from nlp.errors import InputError
from tests.corpora.samples import TEXT, answer, encounter, suggestion

SPITEFUL = 'Seen for <script>alert("x")</script> tiredness. Vitamin B12 deficiency. Paresthesia of the feet.'


def judged(*suggestions: dict[str, Any], name: str = "n1", text: str = TEXT) -> Judged:
    one = encounter(name, text=text)
    places = [
        {**s, "evidence": [{**e, "note_id": name, "role": "diagnosis"} for e in s["evidence"]]}
        for s in suggestions
    ]
    stamp = {"release": "ICD-10-CM April 2026", "policy": {"name": "default", "sha256": ""}}
    given = answer(*places, **stamp)
    return Judged(one, given, judge(one, given))


def run_of(*items: Judged) -> dict[str, Any]:
    return make_run(items, [{"file": "x.jsonl", "sha256": "00"}], samples=50, seed=1)


WRONG = judged(suggestion("E53.8", "Vitamin B12 deficiency"), suggestion("D51.0", "pernicious anemia"))
RIGHT = judged(suggestion("E53.8", "Vitamin B12 deficiency"), suggestion("R20.2", "Paresthesia of the feet"))


def test_a_run_is_plain_json_and_holds_no_words_of_a_note():
    text = json.dumps(run_of(WRONG), allow_nan=False)
    assert json.loads(text)["encounters"][0]["missed"] == ["R20.2"]
    assert "tiredness" not in text
    assert "Paresthesia" not in text


def test_the_report_names_what_differs_and_quotes_no_note():
    report = render_run(run_of(WRONG))
    assert re.search(r"n1 +R20\.2 / D51\.0 / D51\.0", report)
    assert re.search(r"precision, over all codes +50\.0%", report)
    assert "tiredness" not in report
    assert max(len(line) for line in report.splitlines()) <= 80
    assert "Every encounter has the codes of the gold" in render_run(run_of(RIGHT))


def test_the_page_shows_the_note_that_differs_with_both_sides_marked():
    page = render_page(run_of(WRONG, RIGHT), [WRONG, RIGHT])
    assert page.count("<details>") == 2  # the query is missing in both
    assert '<mark class="ours gold" title="Corrin E53.8; gold E53.8">Vitamin B12 deficiency</mark>' in page
    assert '<mark class="ours" title="Corrin D51.0">pernicious anemia</mark>' in page
    assert "too many D51.0" in page
    assert page.count("<svg") == 3


def test_the_page_escapes_the_note_and_calls_nothing_from_elsewhere():
    one = judged(suggestion("D50.9"), text=SPITEFUL)
    page = render_page(run_of(one), [one])
    assert "<script" not in page
    assert SPITEFUL in unescape(re.sub(r"</?mark[^>]*>", "", page))
    assert re.findall(r'(?:src|href)="', page) == []


def test_the_page_is_the_same_for_the_same_run():
    assert render_page(run_of(WRONG), [WRONG]) == render_page(run_of(WRONG), [WRONG])


def test_the_plot_puts_a_point_where_score_and_share_meet():
    plot = reliability_plot([{"from": 0.5, "to": 0.6, "suggestions": 4, "mean_score": 0.5, "right": 1.0}])
    assert '<circle cx="170.0" cy="40.0"' in plot


def test_against_a_former_run_codes_gained_and_lost_are_named_note_by_note():
    comparison = compare(run_of(WRONG), run_of(RIGHT))
    (change,) = comparison.changes
    assert (change.id, change.gained, change.lost) == ("n1", ("R20.2",), ())
    assert (change.mended, change.spoiled) == (("D51.0",), ())
    back = compare(run_of(RIGHT), run_of(WRONG)).changes[0]
    assert (back.gained, back.lost, back.mended, back.spoiled) == ((), ("R20.2",), (), ("D51.0",))
    text = render_comparison(comparison)
    assert "n1\n    found now: R20.2\n    wrong code gone: D51.0" in text
    assert re.search(r"exact set of codes +0\.0% -> 100\.0%", text)


def test_the_same_run_changes_nothing():
    assert render_comparison(compare(run_of(RIGHT), run_of(RIGHT))).endswith("  Nothing changed.\n")


def test_notes_that_one_run_lacks_are_named():
    more = judged(suggestion("E53.8"), name="n2")
    comparison = compare(run_of(RIGHT), run_of(RIGHT, more))
    assert (comparison.only_then, comparison.only_now) == ((), ("n2",))


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 0}', '{"format": 1, "figures": {}}'])
def test_a_file_that_is_no_run_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "run.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"run\.json: not"):
        read_run(path)


def test_agreement_without_a_second_coding_says_so():
    assert render_agreement({"notes": 0}) == "No encounter of these was coded twice.\n"


def test_the_block_of_the_guide_sets_score_and_ceiling_side_by_side():
    ceiling = agree([WRONG.encounter], {}, {"n1": WRONG.encounter.gold}, samples=10)
    ceiling["kappa"] = {"value": 0.9, "low": 0.8, "high": 1.0}
    block = figures_block({"tune": run_of(RIGHT), "test": run_of(WRONG)}, ceiling, "2026-11-20", "abc1234")
    assert (
        "| exact set of codes | 100.0% (100.0% to 100.0%) | 0.0% (0.0% to 0.0%) | 100.0% | 100.0% |" in block
    )
    assert "commit abc1234" in block
    assert "Encounters: 1 tune, 1 test; 1 of them coded twice." in block


def test_the_guide_keeps_the_marks_that_the_figures_are_written_between():
    guide = (Path(__file__).resolve().parents[2] / GUIDE).read_text(encoding="utf-8")
    assert guide.count(BEGIN) == guide.count(END) == 1
    assert "| exact set of codes |" in guide.partition(BEGIN)[2].partition(END)[0]
