"""Units follow from the dose: checked against a count that adds one unit at a time, over random doses.

The other calculation knows nothing of the program's: it works in whole nanograms, and fills billing units
one after another until the dose is used up.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from audit.claims import Tables, judge_visit, lines_of, read_tables
from audit.claims.units import billing_units, discarded_units
from suggest import suggest_codes

NANOGRAMS = {"mcg": 1_000, "mg": 1_000_000}
TABLES = Tables(read_tables(None))
NOTE = "PROCEDURE: Cyanocobalamin {dose} IM given, left deltoid, by J. Smith RN.\n\nA/P: B12 deficiency.\n"


def units_filled(nanograms: int, size: int) -> int:
    """Fill units of a size until nothing is left; the first is always begun."""
    count, left = 1, nanograms - size
    while left > 0:
        count += 1
        left -= size
    return count


def findings(dose: str, billed: int) -> dict[str, str]:
    """Return what is found on one J3420 line for a dose as written: rule -> sentence."""
    note = NOTE.format(dose=dose)
    rows = [
        {"line": 1, "procedure": "96372", "units": 1, "service_date": "2026-06-02"},
        {"line": 2, "procedure": "J3420", "units": billed, "service_date": "2026-06-02"},
    ]
    result = suggest_codes(note, encounter_date="2026-06-02")
    found = judge_visit(lines_of(rows), result, {None: note}, TABLES).lines[1]
    return {f.rule.removeprefix("claim:"): f.text for f in found.findings}


amounts = st.decimals(min_value=Decimal("0.1"), max_value=Decimal(5000), places=1)


@given(amounts, st.sampled_from(["mcg", "mg"]), st.integers(1, 2500), st.sampled_from(["mcg", "mg"]))
def test_units_are_those_that_the_dose_begins(amount: Decimal, unit: str, size: int, size_unit: str):
    nanograms = int(amount * NANOGRAMS[unit])
    whole = size * NANOGRAMS[size_unit]
    assume(nanograms // whole < 20_000)
    dose = Fraction(nanograms, NANOGRAMS["mcg"])
    assert billing_units(dose, Fraction(whole, NANOGRAMS["mcg"])) == units_filled(nanograms, whole)


@given(st.integers(1, 4000), st.integers(1, 8), st.integers(100, 2000), st.integers(1, 1000))
def test_discarded_units_are_those_of_the_vials_beyond_those_of_the_dose(
    dose: int, vials: int, content: int, size: int
):
    assume(dose <= vials * content)
    total = units_filled(vials * content * 1000, size * 1000)
    kept = units_filled(dose * 1000, size * 1000)
    assert discarded_units(Fraction(vials * content), Fraction(dose), Fraction(size)) == total - kept


def written(draw: st.DrawFn) -> tuple[str, int]:
    """Draw a dose as notes write it, with its nanograms."""
    form = draw(st.sampled_from(["mcg", "mg", "volume", "volume first", "vials", "times"]))
    if form == "mcg":
        value = draw(st.integers(25, 2000))
        return draw(
            st.sampled_from([f"{value} mcg", f"{value:,} mcg", f"{value}mcg", f"{value} micrograms"])
        ), value * 1000
    if form == "mg":
        tenths = draw(st.integers(1, 20))
        return f"{tenths / 10:g} mg", tenths * 100_000
    if form in ("volume", "volume first"):
        strength = draw(st.sampled_from([100, 500, 1000]))
        tenths = draw(st.integers(1 if strength == 1000 else 5, 20))
        shown = f"{tenths / 10:g} mL"
        words = f"{strength} mcg/mL, {shown}" if form == "volume" else f"{shown} of {strength} mcg/mL"
        return words, strength * tenths * 100
    if form == "vials":
        return "(2 vials of 1000 mcg/mL)", 2_000_000
    value = draw(st.sampled_from([250, 500, 1000]))
    return f"{value} mcg x 2", 2 * value * 1000


@given(st.composite(written)(), st.integers(1, 6))
def test_a_line_is_at_fault_exactly_where_its_units_are_not_those_of_the_dose(
    dose: tuple[str, int], billed: int
):
    words, nanograms = dose
    found = findings(words, billed)
    assert ("C03" in found) == (billed != units_filled(nanograms, 1_000_000)), (words, found)


@given(st.sampled_from([100, 250, 500, 1000, 1500, 2000]))
def test_milligrams_for_micrograms_are_caught_and_not_counted(value: int):
    found = findings(f"{value} mg", 1)
    assert "C06" in found
    assert "C03" not in found
    assert f"{value} mcg would be usual" in found["C06"]


@given(st.sampled_from(["1 mcg", "0.5 mcg", "1.5 mcg", "2 mcg"]))
def test_micrograms_for_milligrams_are_caught(words: str):
    assert "C06" in findings(words, 1)


@given(st.sampled_from([100, 250, 500, 1000, 2000]))
def test_micrograms_billed_as_units_are_caught(value: int):
    found = findings(f"{value} mcg", value)
    assert {"C03", "C06"} <= set(found)


@pytest.mark.parametrize(
    ("rounding", "dose", "units"), [("up", "12.6", 2), ("nearest", "12.6", 1), ("nearest", "18.75", 2)]
)
def test_a_table_says_how_units_are_rounded(rounding: str, dose: str, units: int, tmp_path: Path):
    (tmp_path / "items.csv").write_text(
        "code,drug,drug_class,unit_amount,unit,rounding,effective_from,effective_to,source\n"
        f"J2916,ferric gluconate,iv_iron,12.5,mg,{rounding},2026-01-01,2026-12-31,ours\n",
        encoding="utf-8",
    )
    item = Tables(read_tables(tmp_path)).item("J2916", "2026-06-02")
    assert item is not None
    assert item.amount is not None
    assert billing_units(Fraction(dose), item.amount, item.rounding) == units
