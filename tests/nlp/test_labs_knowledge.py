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
from nlp.labs.load import analyte_titles, build, knowledge
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


def test_every_analyte_has_one_title_for_the_reader() -> None:
    assert set(analyte_titles()) == {analyte.analyte for analyte in knowledge().analytes}
    assert len(set(analyte_titles().values())) == len(analyte_titles())


def test_a_new_analyte_is_one_entry_of_the_file() -> None:
    hepcidin = {
        "id": "hepcidin", "analyte": "hepcidin", "title": "Hepcidin", "names": ["hepcidin", "serum hepcidin"],
        "unit": "ng/mL", "units": {}, "low": 10, "high": 130, "plausible": None, "anchor": False,
        "source": "our own", "example": "Hepcidin 48 ng/mL",
    }  # fmt: skip
    data = copy.deepcopy(DATA)
    data["analytes"].append(hepcidin)
    built = build(data)
    assert built.analytes[-1].title == "Hepcidin"
    assert [name.analytes[0].id for name in built.names["serum hepcidin"]] == ["hepcidin"]


@pytest.mark.parametrize("entry", DATA["analytes"], ids=lambda e: str(e["id"]))
def test_the_reference_interval_lies_within_the_plausible_bounds(entry: dict[str, Any]) -> None:
    low, high = entry["plausible"] or (0, 10**9)
    assert all(bound is None or bound == 0 or low <= bound <= high for bound in (entry["low"], entry["high"]))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("low", 950, "b12: low 950 is not below high 900"),
        ("low", "200", "b12: low must be a number"),
        ("high", "nine hundred", "b12: high must be a number"),
        ("plausible", ["a", "b"], "b12: plausible"),
        ("plausible", 30, "b12: plausible"),
        ("names", "b12", "b12: names must be a list"),
        ("exact", "Cbl", "b12: exact must be a list"),
        ("doses", ["50 mcg"], "b12: doses must be a list of numbers"),
        ("thresholds", 200, "b12: thresholds must be a list of numbers"),
        ("units", "ng/L", "b12: units must map"),
        ("anchor", "yes", "b12: anchor must be true or false"),
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


def test_a_misspelt_analyte_is_refused_with_the_nearest() -> None:
    data = copy.deepcopy(DATA)
    second = next(e for e in data["analytes"] if "title" not in e)
    second["analyte"] = "folat"
    said = 'unknown analyte "folat"; did you mean folate.*give it one where it is new'
    with pytest.raises(KnowledgeError, match=f"^analytes.yaml, entry {second['id']}: {said}"):
        build(data)


def test_a_second_title_of_one_analyte_is_refused() -> None:
    data = copy.deepcopy(DATA)
    second = next(e for e in data["analytes"] if e["analyte"] == "folate" and "title" not in e)
    second["title"] = "Folate again"
    with pytest.raises(KnowledgeError, match=f"entry {second['id']}: folate has its title already"):
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
