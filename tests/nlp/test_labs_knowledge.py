"""The analytes file: every entry loads, reads its own example and is refused where it is wrong."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from nlp.errors import KnowledgeError
from nlp.facts import Section, SectionCategory, Unit
from nlp.knowledge import load_yaml
from nlp.labs import analyte_pattern, read_labs
from nlp.labs.judge import canonical_unit, factor
from nlp.labs.load import CONTRACT, build, knowledge
from nlp.layout.model import Layout

DATA: dict[str, Any] = load_yaml("nlp.labs", "analytes.yaml")


def read(text: str) -> tuple[Any, ...]:
    layout = Layout(
        (Section(None, SectionCategory.UNKNOWN, "", 0, len(text), 0),), (Unit(0, len(text), 0, 0, 0),)
    )
    return read_labs(text, layout)


@pytest.mark.parametrize("entry", DATA["analytes"], ids=lambda e: str(e["id"]))
def test_the_example_of_each_entry_is_read_as_its_analyte(entry: dict[str, Any]) -> None:
    assert [lab.analyte for lab in read(entry["example"])] == [entry["analyte"]]


@pytest.mark.parametrize("entry", DATA["pairs"], ids=lambda e: str(e["id"]))
def test_the_example_of_each_pair_is_read_as_its_analytes(entry: dict[str, Any]) -> None:
    assert [lab.analyte for lab in read(entry["example"])] == entry["analytes"]


@pytest.mark.parametrize(
    "entry", [e for e in DATA["others"] if "stands_for" not in e], ids=lambda e: str(e["id"])
)
def test_the_example_of_what_is_not_ours_gives_no_b12_iron_or_hemoglobin(entry: dict[str, Any]) -> None:
    assert {lab.analyte for lab in read(entry["example"])} <= {"creatinine"}


def test_every_analyte_of_the_contract_has_an_entry() -> None:
    assert {analyte.analyte for analyte in knowledge().analytes} == set(CONTRACT)


@pytest.mark.parametrize("entry", DATA["analytes"], ids=lambda e: str(e["id"]))
def test_the_reference_interval_lies_within_the_plausible_bounds(entry: dict[str, Any]) -> None:
    low, high = entry["plausible"] or (0, 10**9)
    assert all(bound is None or bound == 0 or low <= bound <= high for bound in (entry["low"], entry["high"]))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("analyte", "b13", "b12.*b13"),
        ("plausible", [9, 1], "b12.*plausible"),
        ("units", {"pmol/L": 0}, "b12.*pmol/L"),
        ("colour", "red", "b12.*colour"),
    ],
)
def test_a_wrong_entry_is_refused_by_file_and_name(key: str, value: object, message: str) -> None:
    data = copy.deepcopy(DATA)
    data["analytes"][0][key] = value
    with pytest.raises(KnowledgeError, match=f"analytes.yaml, entry {message}"):
        build(data)


def test_a_name_that_belongs_to_two_entries_is_refused() -> None:
    data = copy.deepcopy(DATA)
    data["analytes"][1]["names"].append("vitamin B12")
    with pytest.raises(KnowledgeError, match="vitamin b12"):
        build(data)


@pytest.mark.parametrize(
    "text", ["vitamin B12 142", "Ferritin", "MMA 4", "tsat 9", "IF Ab", "Fe 30", "parietal cell antibody"]
)
def test_a_name_of_an_anchor_is_found_in_raw_text(text: str) -> None:
    assert analyte_pattern().search(text)


@pytest.mark.parametrize(
    "text",
    ["hemoglobin 9", "Hct 30", "WBC 5", "platelets", "creatinine 1", "eGFR", "fe", "B123", "cyanocobalamin"],
)
def test_general_blood_counts_and_other_words_are_no_anchors(text: str) -> None:
    assert analyte_pattern().search(text) is None


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("mcg/dL", "ug/dl"),
        ("µg/L", "ug/l"),
        ("x10E3/uL", "10^3/ul"),
        ("K/uL", "10^3/ul"),
        ("gm/dL", "g/dl"),
        ("FL", "fl"),
    ],
)
def test_spellings_of_a_unit_meet_in_one(written: str, plain: str) -> None:
    assert canonical_unit(written) == plain


def test_b12_in_pmol_is_compared_by_the_factor_of_the_reference() -> None:
    b12 = next(a for a in knowledge().analytes if a.id == "b12")
    times = factor(b12, "pmol/L")
    assert times is not None
    assert round(133 * times) == 180
