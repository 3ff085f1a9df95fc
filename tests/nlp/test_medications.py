"""Drugs: what is one, what its dose group says, and what is done with it."""

from __future__ import annotations

import re

import pytest

from nlp.errors import KnowledgeError
from nlp.facts import Amount, Medication, MedicationStatus, Section, SectionCategory, Unit
from nlp.layout.model import Layout
from nlp.medications import drug_pattern, read_medications
from nlp.medications.load import Lexicon, Term, check_drugs, cue_entries, drug_entries

_UNIT = re.compile(r"[^\n]+?(?:[.!?](?=\s+[A-Z0-9])|(?=\n)|$)")


def layout_of(text: str, category: str = "unknown") -> Layout:
    """One section, a unit for each line or sentence: enough to test a reader on its own."""
    units = []
    for match in _UNIT.finditer(text):
        if match.group().strip():
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            units.append(Unit(start, match.end(), 0, len(units), 0))
    return Layout((Section(None, SectionCategory(category), "", 0, len(text), 0),), tuple(units))


def read(text: str, category: str = "unknown") -> tuple[Medication, ...]:
    found = read_medications(text, layout_of(text, category))
    for medication in found:
        assert text[medication.start : medication.end] == medication.text
    return found


# section | text | drug_class or - | route | dose | frequency | status
ROWS = """
unknown | Continue cyanocobalamin 1,000 mcg IM monthly. | b12 | IM | 1000 mcg | monthly | active
unknown | Goes on: cyanocobalamin 1000mcg intramuscular q 4 wk | b12 | IM | 1000 mcg | every 4 weeks | active
unknown | vitamin B-12 1 mg SQ q month, self-injects | b12 | SC | 1 mg | monthly | active
unknown | B₁₂ 1000 µg i.m. weekly | b12 | IM | 1000 µg | weekly | active
unknown | She takes B12 500-1000 mcg by mouth daily. | b12 | PO | 500 mcg | daily | active
unknown | He chews B12 gummies daily | b12 | PO | - | daily | active
unknown | Uses Nascobal 500 mcg once a week | b12 | IN | 500 mcg | weekly | active
unknown | hydroxocobalamin 1 mg IM every 3 months | b12 | IM | 1 mg | every 3 months | active
unknown | methylcobalamin 5 mg under the tongue daily | b12 | SL | 5 mg | daily | active
unknown | Wants to go on with oral B12 for now. | b12 | PO | - | - | active
plan | Start B12 2,000 mcg PO qd, level in 8 weeks. | b12 | PO | 2000 mcg | daily | started
plan | Will give cyanocobalamin 1000 mcg IM weekly x 4. | b12 | IM | 1000 mcg | weekly | started
plan | Cyanocobalamin 1000 mcg IM today, next in a month. | b12 | IM | 1000 mcg | - | given
unknown | Vitamin B12 injection 1000 mcg IM given R deltoid, lot 7H21. | b12 | IM | 1000 mcg | - | given
unknown | Administered cyanocobalamin 1,000 mcg SC in the left arm. | b12 | SC | 1000 mcg | - | given
unknown | She stopped her B12 shots in March. | b12 | - | - | - | stopped
unknown | IRON AND B12 SUPPLEMENTS DAILY | b12 | - | - | daily | active
unknown | STOPPED HIS B12 SHOTS | b12 | - | - | - | stopped
unknown | He has stopped taking Prilosec altogether | ppi | - | - | - | stopped
unknown | She has not had methotrexate, cisplatin, or azathioprine. | -
unknown | Orders: CONTINUE cyanocobalamin as ordered | b12 | - | - | - | active
unknown | B12 deficiency, resolved. Off injections since fall. | b12 | - | - | - | stopped
unknown | B12 is fine. Knee pain, needs an injection of steroid. | -
unknown | Denies a history of blood transfusions | -
unknown | In the event that she needs a transfusion | transfusion | IV | - | - | hypothetical
unknown | Off B12 for a year now. | b12 | - | - | - | stopped
unknown | Consider B12 injections should the MMA come back high. | b12 | - | - | - | hypothetical
unknown | Offered B12 shots, he will think it over. | b12 | - | - | - | hypothetical
unknown | If MMA is high we would start B12 1000 mcg daily. | b12 | - | 1000 mcg | daily | hypothetical
unknown | B12 deficiency, on monthly injections from her sister | b12 | - | - | monthly | active
unknown | Pernicious anemia, lifelong replacement | b12 | - | - | - | active
medications | 4. Vitamin B12 | b12 | - | - | - | active
medications | cyanocobalamin inj 1000 mcg/mL, inject 1 mL IM q28d | b12 | IM | - | every 28 days | active
allergies | cyanocobalamin (rash) | b12 | - | - | - | allergic
unknown | B12 88 pg/mL and hgb 9 | -
unknown | B12: 412, folate 11.2, iron 60 | -
unknown | Vitamin B12   211   (232-1245)  L | -
unknown | B12 level on Monday | -
unknown | Recheck B12 monthly | -
unknown | Check B12, folate and iron today | -
unknown | Vitamin B12 deficiency | -
unknown | Given B12 deficiency she needs an EGD | -
unknown | On labs B12 was low | -
unknown | Not on B12. | -
unknown | She denies taking B12. | -
unknown | He was never started on B12. | -
unknown | Her mother takes B12 shots for pernicious anemia. | -
unknown | Cyanokit: hydroxocobalamin 5 g IV for smoke inhalation | -
unknown | B12-responsive anemia in the father | -
plan | Begin ferrous sulfate 325 mg every other day | oral_iron | PO | 325 mg | every other day | started
unknown | Tolerating FeSO4 325 mg BID with meals | oral_iron | PO | 325 mg | BID | active
unknown | Taking iron supplements, stools dark | oral_iron | - | - | - | active
unknown | Takes iron 65 mg daily | oral_iron | - | 65 mg | daily | active
plan | PO iron qod with juice | oral_iron | PO | - | every other day | started
unknown | Iron tabs were stopped because of constipation | oral_iron | PO | - | - | stopped
unknown | She could not tolerate oral iron | oral_iron | PO | - | - | stopped
unknown | No improvement on oral iron | oral_iron | PO | - | - | active
unknown | Ferric maltol 30 mg twice daily | oral_iron | PO | 30 mg | BID | active
unknown | iron studies, TIBC and ferritin | -
unknown | Iron deficiency anemia | -
unknown | iron 27 mcg/dL | -
unknown | Eats an iron-rich diet | -
unknown | No iron and no multivitamin | -
unknown | low iron | -
plan | Venofer 200 mg IV weekly x 5 | iv_iron | IV | 200 mg | weekly | started
unknown | Received Injectafer 750 mg today | iv_iron | IV | 750 mg | - | given
unknown | Discussed IV iron | iv_iron | IV | - | - | hypothetical
unknown | Scheduled for an iron infusion | iv_iron | IV | - | - | started
unknown | Iron infusion declined | iv_iron | IV | - | - | hypothetical
allergies | INFeD - anaphylaxis | iv_iron | IV | - | - | allergic
plan | Start folic acid 1 mg daily | folate | - | 1 mg | daily | started
unknown | On FA 1 mg daily | folate | - | 1 mg | daily | active
unknown | folate 1 mg po daily | folate | PO | 1 mg | daily | active
unknown | Leucovorin 15 mg every 6 hours | folate | - | 15 mg | every 6 hours | active
unknown | folate 14.2 | -
unknown | folic acid level 12 | -
unknown | Folate deficiency | -
unknown | The FA membrane | -
unknown | vitamin B complex once a day | b_complex | - | - | daily | active
unknown | On metformin 1000 mg BID | metformin | PO | 1000 mg | BID | active
unknown | Metformin-induced B12 deficiency | metformin | PO | - | - | active
unknown | Not on metformin or acid blockers | -
unknown | Consider stopping metformin | metformin | PO | - | - | active
unknown | Metformin was discontinued | metformin | PO | - | - | stopped
unknown | Takes glipizide 5 mg daily | oral_hypoglycemic | PO | 5 mg | daily | active
unknown | Long-term PPI use | ppi | - | - | - | active
unknown | famotidine (PEPCID) 20 mg tablet, Take 1 tablet 2 times daily | h2ra | PO | 20 mg | BID | active
unknown | Dilantin 300 mg qhs | hydantoin | - | 300 mg | nightly | active
unknown | Anemia due to chemotherapy | antineoplastic | - | - | - | active
unknown | MTX 15 mg weekly | antineoplastic | - | 15 mg | weekly | active
unknown | Inhales nitrous oxide at parties | nitrous_oxide | - | - | - | active
unknown | Procrit 40,000 units SQ weekly | esa | SC | 40000 units | weekly | active
unknown | Transfused 2 units of packed red cells | transfusion | IV | 2 units | - | given
unknown | Two units of packed cells, tolerated | transfusion | IV | 2 units | - | given
unknown | Never transfused | -
unknown | platelet transfusion | -
unknown | Transfusion reaction work-up | -
"""


def _amount(amount: Amount | None) -> str:
    return f"{amount.value:g} {amount.unit}" if amount else "-"


def _rows() -> list[tuple[str, ...]]:
    rows = []
    for line in ROWS.strip().splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        rows.append((*cells, *("" for _ in range(7 - len(cells)))))
    return rows


@pytest.mark.parametrize(("section", "text", "drug_class", "route", "dose", "frequency", "status"), _rows())
def test_a_drug_is_read_with_its_group_and_status(
    section: str, text: str, drug_class: str, route: str, dose: str, frequency: str, status: str
) -> None:
    found = read(text, section)
    if drug_class == "-":
        assert [medication.drug for medication in found] == []
        return
    one = found[-1]
    assert one.drug_class == drug_class
    assert (one.route or "-") == route
    assert _amount(one.dose) == dose
    assert (one.frequency or "-") == frequency
    assert one.status.value == status


def test_concentration_and_volume_stand_apart_from_the_dose() -> None:
    (one,) = read("cyanocobalamin 1000 mcg/mL, inject 0.5 mL IM monthly")
    assert one.dose is None
    assert _amount(one.concentration) == "1000 mcg/mL"
    assert _amount(one.volume) == "0.5 mL"


def test_a_dose_in_a_volume_gives_both() -> None:
    (one,) = read("cyanocobalamin 1 mg/1 mL IM given")
    assert _amount(one.dose) == "1 mg"
    assert _amount(one.volume) == "1 mL"
    assert one.concentration is None


def test_a_dose_before_the_name_counts() -> None:
    (one,) = read("Gave 1000 mcg IM of cyanocobalamin")
    assert _amount(one.dose) == "1000 mcg"
    assert (one.route, one.text) == ("IM", "cyanocobalamin")


def test_the_span_ends_with_the_group() -> None:
    (one,) = read("Continue cyanocobalamin 1000 mcg IM monthly, recheck in a year")
    assert one.text == "cyanocobalamin 1000 mcg IM monthly"


@pytest.mark.parametrize(
    ("text", "drug", "dose"),
    [
        ("famotidine (PEPCID) 20 mg BID", "famotidine", "20 mg"),
        ("vitamin B12 (cyanocobalamin) 1000 mcg tablet", "cyanocobalamin", "1000 mcg"),
        ("iron (ferrous sulfate) 325 mg daily", "ferrous sulfate", "325 mg"),
    ],
)
def test_a_brand_in_brackets_is_the_same_drug(text: str, drug: str, dose: str) -> None:
    (one,) = read(text)
    assert (one.drug, _amount(one.dose), one.start) == (drug, dose, 0)


def test_each_drug_of_a_list_has_its_own_group() -> None:
    found = read("metformin 500 mg BID, ferrous sulfate 325 mg daily, folic acid 1 mg daily", "medications")
    assert [(one.drug, one.dose.value if one.dose else None) for one in found] == [
        ("metformin", 500.0),
        ("ferrous sulfate", 325.0),
        ("folic acid", 1.0),
    ]


def test_a_verb_reaches_through_a_list() -> None:
    found = read("She stopped metformin, iron and folic acid.")
    assert [(one.drug, one.status.value) for one in found] == [
        ("metformin", "stopped"),
        ("iron", "stopped"),
        ("folic acid", "stopped"),
    ]


def test_the_nearest_verb_decides() -> None:
    found = read("Stopped metformin, started B12 1000 mcg daily.")
    assert [one.status.value for one in found] == ["stopped", "started"]


def test_words_behind_one_drug_do_not_speak_for_the_next() -> None:
    found = read("Iron was stopped, cyanocobalamin continued.")
    assert [one.status.value for one in found] == ["stopped", "active"]


def test_nothing_is_read_across_units() -> None:
    (one,) = read("Cyanocobalamin\n1000 mg of calcium daily", "medications")
    assert one.dose is None


def test_a_name_may_break_over_a_line_inside_a_unit() -> None:
    text = "takes ferrous\nsulfate daily"
    layout = Layout(
        (Section(None, SectionCategory.HPI, "", 0, len(text), 0),), (Unit(0, len(text), 0, 0, 0),)
    )
    assert [one.drug for one in read_medications(text, layout)] == ["ferrous sulfate"]


def test_a_plan_without_a_verb_starts_a_drug() -> None:
    (one,) = read("Ferrous sulfate 325 mg daily", "plan")
    assert one.status is MedicationStatus.STARTED


def test_a_plan_continues_what_the_note_shows_taken() -> None:
    text = "On ferrous sulfate.\nFerrous sulfate 325 mg daily"
    assert [one.status.value for one in read(text, "plan")] == ["active", "active"]


def test_family_section_gives_no_medication() -> None:
    assert read("Mother: B12 shots monthly", "family") == ()


def test_ids_count_in_text_order() -> None:
    found = read("On iron tablets and folic acid 1 mg.")
    assert [one.id for one in found] == ["m1", "m2"]
    assert found[0].start < found[1].start


def test_odd_characters_keep_the_offsets() -> None:
    text = "\ufeffOn\u00a0\u201ccyanocobalamin\u00a01000\u202fmcg\u00a0IM\u201d\r\n"
    (one,) = read(text)
    assert one.text == "cyanocobalamin\u00a01000\u202fmcg\u00a0IM"


def test_repr_hides_the_text() -> None:
    (one,) = read("On cyanocobalamin 1000 mcg IM")
    assert "1000 mcg IM" not in repr(one)


@pytest.mark.parametrize("text", ["takes B-12", "ferrous  sulfate", "FOLIC ACID", "iv iron", "Injectafer"])
def test_the_triage_pattern_finds_anchor_drugs(text: str) -> None:
    assert drug_pattern().search(text)


@pytest.mark.parametrize("text", ["metformin", "omeprazole", "environment", "B-complex", "PRBC", "ironing"])
def test_the_triage_pattern_leaves_other_words(text: str) -> None:
    assert drug_pattern().search(text) is None


@pytest.mark.parametrize("entry", drug_entries(), ids=lambda entry: entry["id"])
def test_the_example_of_each_drug_is_read(entry: dict[str, str]) -> None:
    marked = re.search(r"\[\[(.*)\]\]", entry["example"])
    text = entry["example"].replace("[[", "").replace("]]", "")
    found = read(text)
    if marked is None:
        assert found == ()
        return
    one = next(medication for medication in found if medication.start == marked.start())
    assert one.text == marked.group(1)
    assert one.drug == entry["drug"]


@pytest.mark.parametrize("entry", cue_entries()["status"], ids=lambda entry: entry["id"])
def test_the_example_of_each_status_cue_shows_it(entry: dict[str, str]) -> None:
    found = read(entry["example"].replace("[[", "").replace("]]", ""))
    status = {"given_now": "given"}.get(entry["status"], entry["status"])
    expected = [] if status in ("negated", "other") else [status]
    assert [medication.status.value for medication in found] == expected


def test_an_unknown_drug_class_is_refused() -> None:
    entry = {
        "id": "x.y",
        "drug": "x",
        "drug_class": "vitamine",
        "names": ["x"],
        "source": "s",
        "example": "e",
    }
    with pytest.raises(KnowledgeError, match=r"drugs\.yaml, entry x\.y: unknown drug_class"):
        check_drugs([entry])


def test_a_drug_without_a_name_is_refused() -> None:
    entry = {"id": "x.y", "drug": "x", "drug_class": "b12", "source": "s", "example": "e"}
    with pytest.raises(KnowledgeError, match="lists no name"):
        check_drugs([entry])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"names": "b12"}, "names must be a list"),
        ({"guarded": "b12"}, "guarded must be a list"),
        ({"unless": "cyanide"}, "unless must be a list"),
        ({"names": [12]}, "names must be a list of words"),
        ({"anchor": "yes"}, "anchor must be true or false"),
    ],
)
def test_a_drug_whose_words_are_no_list_is_refused(change: dict[str, object], said: str) -> None:
    entry = {"id": "x.y", "drug": "x", "drug_class": "b12", "names": ["x"], "source": "s", "example": "e"}
    with pytest.raises(KnowledgeError, match=rf"^drugs\.yaml, entry x\.y: {said}"):
        check_drugs([{**entry, **change}])


def test_a_match_that_does_not_compile_is_told_with_its_entry() -> None:
    entry = Term("route.im", "routes", "IM")
    with pytest.raises(
        KnowledgeError, match=r"^signature\.yaml, entry route\.im: the pattern 'i\(m' does not"
    ):
        Lexicon("signature.yaml", [("im", entry), ("i(m", entry)], "(?:%s)")


def test_many_names_on_one_line_are_read_in_one_pass() -> None:
    text = "takes iron 325 mg daily, " * 2000
    layout = Layout(
        (Section(None, SectionCategory.HPI, "", 0, len(text), 0),), (Unit(0, len(text), 0, 0, 0),)
    )
    assert len(read_medications(text, layout)) == 2000


def test_the_component_writes_what_the_function_reads() -> None:
    spacy = pytest.importorskip("spacy")
    pytest.importorskip("nlp.medications.component")
    nlp = spacy.blank("en")
    nlp.add_pipe("corrin_medications")
    (one,) = nlp("Continue cyanocobalamin 1000 mcg IM monthly.")._.corrin_medications
    assert one.text == "cyanocobalamin 1000 mcg IM monthly"
